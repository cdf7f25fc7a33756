"""One site with all attacks from all sources, built as a user would, for the tests of this folder."""

import ast
import os
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from filelock import FileLock

from tests.browser.server import serving
from tests.fakes.gemini import FakeGemini
from tests.hostile import sources
from tests.plugin.building import Build, build, write_site

EXTENSIONS = [
    "abbr", "admonition", "attr_list", "codehilite", "def_list", "footnotes", "legacy_attrs", "legacy_em", "md_in_html", "meta",
    "nl2br", "sane_lists", "smarty", "tables", {"toc": {"permalink": True}}, "wikilinks",
    {"pymdownx.arithmatex": {"generic": True}}, "pymdownx.betterem", "pymdownx.blocks.admonition", "pymdownx.blocks.caption",
    "pymdownx.blocks.definition", "pymdownx.blocks.details", "pymdownx.blocks.html", "pymdownx.blocks.tab", "pymdownx.caret",
    "pymdownx.critic", "pymdownx.details", "pymdownx.emoji", "pymdownx.escapeall", "pymdownx.fancylists", "pymdownx.highlight",
    "pymdownx.inlinehilite", "pymdownx.keys", {"pymdownx.magiclink": {"repo_url_shorthand": True, "social_url_shorthand": True, "user": "u", "repo": "r"}},
    "pymdownx.mark", "pymdownx.progressbar", "pymdownx.saneheaders", "pymdownx.smartsymbols",
    {"pymdownx.snippets": {"check_paths": True, "url_download": True, "restrict_base_path": False}}, "pymdownx.superfences",
    {"pymdownx.tabbed": {"alternate_style": True}}, {"pymdownx.tasklist": {"custom_checkbox": True}}, "pymdownx.tilde",
]  # fmt: skip
"""All that act on text: more than any one site has."""
PLUGINS = [
    "search", "tags", {"macros": {"on_error_fail": True}}, {"bibtex": {"bib_file": "refs.bib"}}, "table-reader", "autorefs",
    {"glightbox": {"auto_caption": True, "caption_position": "bottom"}}, {"rss": {"use_git": False, "date_from_meta": {"as_creation": "date"}}},
    "awesome-nav",
]  # fmt: skip
"""Those that read pages again, or publish what they say in another file."""
THEME = {"name": "material", "font": False, "features": ["search.suggest", "search.highlight", "search.share", "toc.follow",
         "navigation.footer", "navigation.tabs", "content.code.copy", "content.tooltips"]}  # fmt: skip
TOPICS = [
    {"title": "Archived", "slug": "archived", "phrases": ["of no attack"]},
    {"title": "Found", "slug": "found", "phrases": ["gate"], "max_papers": 100},
    {
        "title": "Reports",
        "slug": "reports",
        "library": "library/reports.bib",
        "max_papers": 100,
        "period": "week",
    },
]
KEY = "a-key-that-nobody-has"
URL = "https://lab.example/"
"""Where the site says that it is; it is served elsewhere, and must not ask for anything there."""


AUDIT = """
import os, sys
_log = os.open(os.environ["FILES_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_changing = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "sqlite3.connect"}
def _note(event, values):
    if event == "open" and isinstance(values[0], (str, bytes)):
        kind = "write" if (values[2] or 0) & _writing else "read"
    elif event in _changing:
        kind = "write"
    elif event == "subprocess.Popen":
        kind = "run"
    else:
        return
    names = values[:2] if event in ("os.rename", "os.link", "os.symlink") else values[:1]
    for name in names:
        os.write(_log, f"{kind} {os.path.abspath(os.fsdecode(name))!r}\\n".encode("utf-8", "replace"))
sys.addaudithook(_note)
"""
"""Notes every file that a build or one of its processes opens; see PEP 578."""


@dataclass(frozen=True)
class Attacked:
    """The site and what it took to build it."""

    built: Build
    address: str
    """Where this worker serves it."""
    requested: list[str]
    """Paths that were asked of arXiv."""
    opened: frozenset[tuple[str, str]]
    """What was done with which file: read, write or run."""

    @property
    def site(self) -> Path:
        """The folder of its files."""
        return self.built.site


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Attacked]:
    """A site of Material with three topics, one of each source: built once, served by each worker of xdist."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder if worker_id == "master" else folder.parent
    kept = folder / "attacked.pickle"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_attack(tmp_path_factory)))
    attacked = pickle.loads(kept.read_bytes())
    with serving(attacked.site) as address:
        yield replace(attacked, address=address)


def _attack(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    root = tmp_path_factory.mktemp("attacked")
    sources.archive(root / "archive", "archived")
    sources.library(root / "library")
    (root / "refs.bib").write_text("@misc{known, title={Known}, author={A}, year={2020}}\n")
    (root / "docs").mkdir()
    (root / "docs/tags.md").write_text("# Tags\n\n<!-- material/tags -->\n")
    with sources.arxiv() as arxiv, FakeGemini(sources.answers()) as gemini:
        options = {
            "topics": TOPICS,
            "archive_dir": "archive",
            "arxiv_url": arxiv.url,
            "model": "gemini/gemini-3.5-flash-lite",
            "model_url": gemini.url,
            "overview": False,
            "max_new_papers": 100,
        }
        config = {"site_url": URL, "theme": THEME, "plugins": PLUGINS, "markdown_extensions": EXTENSIONS}
        write_site(root, options, **config)
        (root / "audit").mkdir()
        (root / "audit/sitecustomize.py").write_text(AUDIT)
        path = os.pathsep.join(filter(None, (str(root / "audit"), os.environ.get("PYTHONPATH"))))
        log = tmp_path_factory.mktemp("audit") / "files"
        built = build(root, GEMINI_API_KEY=KEY, PYTHONPATH=path, FILES_LOG=str(log))
        lines = (line.split(" ", 1) for line in log.read_text("utf-8").splitlines())
        opened = frozenset((kind, ast.literal_eval(name)) for kind, name in lines)
        return Attacked(built, "", [request.path for request in arxiv.requests], opened)
