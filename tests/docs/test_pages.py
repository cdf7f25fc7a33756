"""README and the documentation: whole links, short README, generated parts that are really there."""

import importlib.util
import json
import re
from importlib import resources
from pathlib import Path
from types import ModuleType

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from tests.docs.blocks import PAGES, ROOT, blocks
from tests.docs.test_commands import PROGRAMS, below

README = (ROOT / "README.md").read_text("utf-8")
OURS = re.compile(
    r"https://(?:github|raw\.githubusercontent)\.com/mkdocs-paperdigest/mkdocs-paperdigest"
    r"/(?:(?:blob|tree)/)?main/([^)#\s\"]+)"
)


def hook(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"docs/hooks/{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_is_short() -> None:
    assert len(README.encode()) <= 9_500


def test_links_of_the_readme_work_on_package_indexes_too() -> None:
    """These show the README far from its repository."""
    targets = re.findall(r"\]\(([^)\s]+)\)", README)
    assert [target for target in targets if not target.startswith(("https://", "#"))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_into_the_repository_lead_somewhere(page: Path) -> None:
    named = OURS.findall(page.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_readme_leads_to_every_page() -> None:
    linked = {path for path in OURS.findall(README) if path.startswith("docs/")}
    pages = {page.relative_to(ROOT).as_posix() for page in PAGES[1:]}
    # The README itself is the first of these two, SECURITY.md the text of the other.
    assert pages - linked == {"docs/index.md", "docs/security.md"}


def test_the_tests_that_security_rests_on_exist() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(("marker", "kind"), [("topic", "topic"), ("site", "paperdigest")])
def test_the_options_page_has_every_option(marker: str, kind: str) -> None:
    page = (ROOT / "docs/options.md").read_text("utf-8")
    (table,) = re.findall(f"<!-- options: {marker} -->\n(.*?)<!-- /options -->", page, re.DOTALL)
    schema = json.loads(resources.files("mkdocs_paperdigest").joinpath("schema.json").read_text("utf-8"))
    named = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(named) == sorted(schema["definitions"][kind]["properties"])


def test_the_settings_for_editors_are_json() -> None:
    (settings,) = (json.loads(f"{{{block.text}}}") for block in blocks("json"))
    assert set(settings["yaml.schemas"].values()) == {"mkdocs.yml"}


def test_the_site_builds_with_all_that_is_generated(tmp_path: Path) -> None:
    # As in a new process: MkDocs keeps plugins for the rebuilds of `serve`.
    dict(MkDocsConfig._schema)["plugins"].plugin_cache.clear()
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path / "site"), strict=True)
    options = config.plugins["paperdigest"].config
    # The reports of the demo wait, since reading them takes most of the time of a build.
    options.cache_dir, options.max_new_papers, options.offline = str(tmp_path / "cache"), 0, False
    build(config)
    pages = {
        name: (tmp_path / "site" / name / "index.html").read_text("utf-8")
        for name in ("architecture", "command-line", "security")
    }
    for path in (ROOT / "mkdocs_paperdigest").rglob("*.py"):
        assert path.name.startswith("__") or path.name in pages["architecture"], path
    for command in list(below(PROGRAMS["paperdigest"]))[1:]:
        assert f' {command.name}<a class="headerlink"' in pages["command-line"]
    assert "What is not promised" in pages["security"]
    assert not (tmp_path / "site/hooks").exists()


def test_the_tree_begins_at_the_top_of_the_tower(tmp_path: Path) -> None:
    files = {
        "text.py": '"""Cleans text, such as <b>."""',
        "cli/__init__.py": '"""The command."""',
        "cli/main.py": '"""The group `a<b`.\n\nMore."""',
        "strange.py": '"""Stands nowhere\nyet."""',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    written = "\n".join(hook("tree").tree(tmp_path))
    assert re.findall(r"^### (\S+)", written, re.MULTILINE) == ["cli/", "text.py", "strange.py"]
    assert "- `main.py`: The group `a<b`.\n" in written
    assert "such as &lt;b&gt;." in written
    assert "Stands nowhere yet." in written
