"""A build in which nothing is new: it loads, asks and writes nothing that it does not need."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.plugin.building import build, environment, write_site

HEAVY = {
    "PIL", "arxiv", "concurrent", "distributed", "filelock", "google", "lxml", "numpy", "openai", "pybtex", "pydantic",
    "pydantic_core", "pylatexenc", "pypdfium2", "rapidfuzz", "requests", "rich", "ssl", "urllib3",
}  # fmt: skip
"""SDKs, readers of PDFs, images and HTML, and whatever else only new papers and archives need."""
OURS = {
    "mkdocs_paperdigest.addresses", "mkdocs_paperdigest.documents.pdf", "mkdocs_paperdigest.network",
    "mkdocs_paperdigest.pages.render", "mkdocs_paperdigest.sources.session", "mkdocs_paperdigest.summaries.gate",
    "mkdocs_paperdigest.summaries.llm.calls", "mkdocs_paperdigest.summaries.llm.outcomes",
}  # fmt: skip
"""Our own modules that take long, since they compile patterns or import what is heavy."""

BUILD_AND_TELL = """
import atexit, runpy, sys
atexit.register(lambda: print("modules:", *sorted(sys.modules)))
sys.argv = ["mkdocs", "build", "--strict"]
runpy.run_module("mkdocs", run_name="__main__")
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that has been built once, with a model; arXiv and the model are gone since."""
    root = tmp_path_factory.mktemp("warm")
    library = root / "library.bib"
    library.write_text("@misc{known, title={Known}, author={A}, year={2020}, eprint={2410.13786}}\n")
    topics = [
        {"title": "Gates", "phrases": ["gate"], "description": "About gates."},
        {"title": "New", "categories": [PAPER.categories[0]]},
        {"title": "Ours", "library": "library.bib"},
    ]
    with FakeArxiv([PAPER]) as arxiv, FakeGemini() as gemini:
        model = {"model": "gemini/gemini-3.5-flash-lite", "model_url": gemini.url, "overview": False}
        interests = ["library.bib", PAPER.id]
        write_site(root, {"topics": topics, "interests": interests, "arxiv_url": arxiv.url, **model})
        built = build(root, GEMINI_API_KEY="not-a-real-key")
        assert built.code == 0, built.log
    return root


def test_the_plugin_imports_nothing_heavy() -> None:
    code = "import mkdocs_paperdigest.plugin.plugin, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "mkdocs_paperdigest.plugin.plugin" in modules
    assert modules & (HEAVY | OURS) == set()


def test_nothing_heavy_is_imported(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD_AND_TELL],
        cwd=root,
        env=environment(GEMINI_API_KEY="not-a-real-key"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "(0 new, 1 cached)" in done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("modules:")]
    modules = set(line.split()[1:])
    assert "mkdocs_paperdigest" in modules
    assert modules & (HEAVY | OURS) == set()


def test_nothing_is_written(root: Path) -> None:
    def state() -> dict[str, int]:
        cache = root / ".cache/plugin/paperdigest"
        files = [path for path in cache.rglob("*") if path.is_file()]
        return {
            str(path.relative_to(cache)): path.stat().st_mtime_ns
            for path in files
            # SQLite's own files change when they are opened.
            if not path.name.startswith("cache.db")
        }

    before = state()
    assert any(name.startswith("rendered/") for name in before)
    assert build(root, GEMINI_API_KEY="not-a-real-key").code == 0
    assert state() == before
