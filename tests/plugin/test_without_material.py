"""Sites without Material for MkDocs, in an environment that does not have it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[2] / "example-site/library"
SITE = """\
site_name: Lab
theme: {theme}
plugins:
  - search
  - paperdigest:
      offline: true
      model: extractive
      topics:
        - title: Our reports
          library: library/reports.bib
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The programs of an environment into which only this package was installed, without extras."""
    venv = os.environ.get("PAPERDIGEST_WITHOUT_MATERIAL")
    if not venv:
        pytest.skip("PAPERDIGEST_WITHOUT_MATERIAL names no environment")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Lab\n")
    (tmp_path / "library").mkdir()
    for file in LIBRARY.glob("*.*"):
        shutil.copy(file, tmp_path / "library")
    return Path(venv) / "bin"


def run(program: Path, *arguments: str, site: Path, theme: str) -> subprocess.CompletedProcess[str]:
    (site / "mkdocs.yml").write_text(SITE.format(theme=theme))
    command = [str(program), *arguments]
    return subprocess.run(command, cwd=site, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_other_themes_need_no_material(bare: Path, tmp_path: Path, theme: str) -> None:
    done = run(bare / "mkdocs", "build", "--strict", site=tmp_path, theme=theme)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site/digests/our-reports/index.html").read_text("utf-8")
    assert "pd-summary" in page


def test_doctor_names_the_cure_for_a_missing_material(bare: Path, tmp_path: Path) -> None:
    build = run(bare / "mkdocs", "build", site=tmp_path, theme="material")
    assert "Unrecognised theme name" in build.stderr
    done = run(bare / "paperdigest", "doctor", site=tmp_path, theme="material")
    assert done.returncode == 2
    assert "pip install 'mkdocs-paperdigest[material]'" in done.stdout
    assert "ok    versions: Python" in done.stdout
