"""Each fault in one of the commands: `mkdocs build --strict`, `mkdocs serve`, `paperdigest update`."""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from mkdocs_paperdigest.cli.main import main
from mkdocs_paperdigest.pages import labels as language
from mkdocs_paperdigest.pages.render import render
from mkdocs_paperdigest.plugin import plugin
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import FAULTS
from tests.faults.conftest import DAY_S, KEY, Time, fail, impatience, leaks, model_timeout_s
from tests.faults.kinds import ARXIV, HARMLESS
from tests.plugin.building import write_site

PAIRS = list(zip(itertools.cycle(ARXIV), FAULTS, strict=False))
"""Each fault of arXiv at least once, each with another one of the model's."""
FOR_PAGES, FOR_UPDATES = PAIRS[::2], PAIRS[1::2]
"""Each pair in one of the commands: what both do with it is seen in `test_pairs`."""
OLD = "2410.00004"
NEWER = ["2410.00003", "2410.00002", "2410.00001"]

SAVED = ("429", "stall", "nothing")
STALE = "has not been reachable since"
NEVER = "These papers could not be fetched yet"

Build = Callable[[], str]
"""Builds the site in this process and gives the topic's page."""


@pytest.fixture
def root(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that shows one paper; the others wait."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr("mkdocs_paperdigest.plugin.background.PAUSE_S", 0.0)
    # The same templates for all builds: compiling them is most of the work of a small one.
    templates = render._environment(language.load_language("en"), None)
    monkeypatch.setattr(render, "_environment", lambda *_: templates)
    real = plugin.plugin_options
    monkeypatch.setattr(
        plugin,
        "plugin_options",
        lambda *given: replace(real(*given), model_timeout_s=model_timeout_s(gemini.default)),
    )
    options = {
        "topics": [{"title": "Gates", "phrases": ["gate"]}],
        "arxiv_url": arxiv.url,
        "request_interval": 3.0,
        "refresh": "0h",
        "model": "openai/test",
        "model_url": gemini.openai_url,
        "overview": False,
        "figures": False,
        "period": "all",
    }
    config = {"theme": {"name": "mkdocs"}, "plugins": [], "strict": True}
    write_site(tmp_path / "site", {**options, "max_new_papers": 1}, **config)
    start(tmp_path / "site", "build")()
    return write_site(tmp_path / "site", options, **config)


def start(root: Path, command: str) -> Build:
    """MkDocs as it starts; what comes back builds, again and again."""
    # As in a new process: MkDocs keeps plugins for the rebuilds of `serve`.
    dict(MkDocsConfig._schema)["plugins"].plugin_cache.clear()

    def build() -> str:
        config = load_config(str(root / "mkdocs.yml"))
        if not started:
            config.plugins.on_startup(command=command, dirty=False)
            started.append(True)
        mkdocs_build(config)
        ours = config.plugins["paperdigest"]
        assert isinstance(ours, plugin.PaperDigestPlugin)
        if ours._background is not None and ours._background.is_alive:
            # What the server shows once it has read what it can.
            ours._background.join(120)
            mkdocs_build(load_config(str(root / "mkdocs.yml")))
        return (root / "site/digests/gates/index.html").read_text(encoding="utf-8")

    started: list[bool] = []
    return build


def shown(page: str) -> list[str]:
    return [id_ for id_ in (OLD, *NEWER) if f'id="{id_}"' in page]


def test_builds_and_servers_show_what_they_have(
    root: Path, arxiv: FakeArxiv, gemini: FakeGemini, passing: Time, caplog: pytest.LogCaptureFixture
) -> None:
    assert {fault for fault, _ in FOR_PAGES}.issuperset(SAVED)
    for fault, outcome in days(FOR_PAGES, root, arxiv, gemini, passing):
        build = start(root, "serve")
        # Strict: a warning would end it.
        page = build()
        assert shown(page) == [OLD, *NEWER], fault
        assert (STALE in page) == (fault not in HARMLESS), fault
        if fault in SAVED:
            asked = len(arxiv.requests), len(gemini.calls)
            # A page was saved meanwhile: that asks nobody, whatever is missing.
            assert build() == page
            assert (len(arxiv.requests), len(gemini.calls)) == asked, outcome
    assert impatience(arxiv) == []
    assert leaks(root) == []
    assert KEY not in caplog.text


def test_a_server_that_has_begun_well_shows_the_same_when_everything_fails(
    root: Path, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    build = start(root, "serve")
    page = build()
    fail(arxiv, "reset")
    gemini.default = "reset"
    asked = len(arxiv.requests), len(gemini.calls)
    # The records of another update are there now, so the pages are made anew.
    (root / "records").mkdir()
    options(root, archive_dir="records")
    assert shown(build()) == shown(page) == [OLD, *NEWER]
    assert (len(arxiv.requests), len(gemini.calls)) == asked


def test_an_update_tells_what_is_missing_and_loses_nothing(
    root: Path, arxiv: FakeArxiv, gemini: FakeGemini, passing: Time, caplog: pytest.LogCaptureFixture
) -> None:
    options(root, archive_dir="records")
    records: dict[str, bytes] = {}
    for fault, outcome in days(FOR_UPDATES, root, arxiv, gemini, passing):
        command = ["update", "-f", str(root / "mkdocs.yml"), "--json"]
        done = CliRunner().invoke(main, command)
        assert done.exception is None or isinstance(done.exception, SystemExit), fault
        told = json.loads(done.stdout)
        assert told["shown"] == 1 + len(NEWER)
        complete = fault in HARMLESS and not told["incomplete"]
        assert done.exit_code == (0 if complete else 1), (fault, outcome)
        assert told["topics"][0]["state"] == ("fresh" if fault in HARMLESS else "stale")
        found = {path.name: path.read_bytes() for path in root.glob("records/*.yaml")}
        assert found.keys() >= records.keys()
        records = found
        assert KEY not in done.output
    arxiv.heal()
    gemini.default = "thoughts"
    assert CliRunner().invoke(main, ["update", "-f", str(root / "mkdocs.yml")]).exit_code == 0
    assert len(list(root.glob("records/*.yaml"))) == 1 + len(NEWER)
    assert impatience(arxiv) == []
    assert leaks(root) == []
    assert KEY not in caplog.text


def test_with_nothing_to_show_a_strict_build_fails_and_the_page_says_why(
    root: Path, arxiv: FakeArxiv, gemini: FakeGemini, passing: Time, caplog: pytest.LogCaptureFixture
) -> None:
    for fault in sorted(ARXIV.keys() - HARMLESS)[::3]:
        shutil.rmtree(root / ".cache")
        caplog.clear()
        passing.sleep(DAY_S)
        arxiv.heal()
        fail(arxiv, fault)
        if fault == "nothing":
            # Asked twice and told twice that there are none, one believes it.
            assert shown(start(root, "build")()) == []
            continue
        with pytest.raises(Abort, match="Aborted with 1 warnings in strict mode"):
            start(root, "build")()
        warnings = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
        assert len(warnings) == 1
        assert "no papers to show: topic 'Gates' could not be fetched (arXiv " in warnings[0]
        page = (root / "site/digests/gates/index.html").read_text(encoding="utf-8")
        assert NEVER in page, fault
    assert not gemini.calls[1:]
    assert impatience(arxiv) == []


def days(
    pairs: list[tuple[str, str]], root: Path, arxiv: FakeArxiv, gemini: FakeGemini, passing: Time
) -> Iterator[tuple[str, str]]:
    """Each of these pairs once, and each time the site as it was before."""
    known = root.with_name("known")
    shutil.copytree(root / ".cache", known)
    for fault, outcome in pairs:
        shutil.rmtree(root / ".cache")
        shutil.copytree(known, root / ".cache")
        passing.sleep(DAY_S)
        arxiv.heal()
        fail(arxiv, fault)
        gemini.default = outcome
        yield fault, outcome


def options(root: Path, **options: object) -> None:
    """Sets options of the plugin."""
    path = root / "mkdocs.yml"
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    whole["plugins"][-1]["paperdigest"] |= options
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
