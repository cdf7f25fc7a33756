"""Sites with MaterialX, which cannot stand beside Material for MkDocs, in an environment that has it."""

import gzip
import os
import subprocess
from pathlib import Path

import pytest

SITE = """\
site_name: Lab
theme: materialx
plugins:
  - search
  - paperdigest:
      offline: true
      model: extractive
      topics:
        - title: Our reports
          library: reports.bib
"""
REPORTS = """\
@article{gates, author = {Ada Lovelace}, title = {Gates of logic}, year = 2024, journal = {Journal of Gates},
  abstract = {Gates are open or closed. We propose a gate that is both. It opens in 3 ms.}}
"""


@pytest.mark.parametrize("program", ["mkdocs", "properdocs"])
def test_materialx_builds_the_pages_and_its_search_finds_what_others_do(tmp_path: Path, program: str) -> None:
    venv = os.environ.get("PAPERDIGEST_WITH_MATERIALX")
    if not venv:
        pytest.skip("PAPERDIGEST_WITH_MATERIALX names no environment")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Lab\n")
    (tmp_path / "reports.bib").write_text(REPORTS)
    (tmp_path / "mkdocs.yml").write_text(SITE)
    command = [f"{venv}/bin/{program}", "build", "--strict", "--config-file", "mkdocs.yml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site/digests/our-reports/index.html").read_text("utf-8")
    assert "pd-summary" in page
    assert "&#64;article" in page
    indexed = [
        gzip.decompress(file.read_bytes()).decode("utf-8", "replace")
        for file in (tmp_path / "site/search/fragment").iterdir()
    ]
    (found,) = [text for text in indexed if "/digests/" in text]
    assert "Gates of logic" in found
    assert "We propose a gate that is both." in found
    assert "@article" not in found
