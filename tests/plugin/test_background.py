"""The first pages of `serve` wait for lists alone; papers are read behind them, and the pages follow."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_paperdigest.plugin import background
from mkdocs_paperdigest.plugin.background import Background
from mkdocs_paperdigest.plugin.plugin import PaperDigestPlugin
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, Reply, honest, text
from tests.plugin.building import read_site, write_site

PAGE = "digests/gates/index.html"
FOLLOWS = "Full text and figures follow"


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv([PAPER]) as fake:
        yield fake


@pytest.fixture
def root(tmp_path: Path, arxiv: FakeArxiv) -> Path:
    topic = {"title": "Gates", "phrases": ["gate"]}
    return write_site(tmp_path, {"topics": [topic], "arxiv_url": arxiv.url})


def start(root: Path) -> MkDocsConfig:
    """The first build of a server."""
    dict(MkDocsConfig._schema)["plugins"].plugin_cache.clear()
    config = load_config(str(root / "mkdocs.yml"))
    config.plugins.on_startup(command="serve", dirty=False)
    build(config)
    return config


def reading(config: MkDocsConfig) -> Background:
    plugin = config.plugins["paperdigest"]
    assert isinstance(plugin, PaperDigestPlugin)
    assert plugin._background is not None
    return plugin._background


def finish(reading: Background) -> None:
    reading.join(120)
    assert not reading.is_alive


def test_pages_show_abstracts_first_and_the_rest_when_it_was_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "PAUSE_S", 0.0)
    config = start(root)
    first = read_site(root)
    assert PAPER.title in first[PAGE].decode()
    assert FOLLOWS in first[PAGE].decode()
    assert not [name for name in first if name.endswith("fig-1.webp")]
    before = reading(config).signal.stat().st_mtime_ns
    finish(reading(config))
    assert reading(config).signal.stat().st_mtime_ns > before
    build(load_config(str(root / "mkdocs.yml")))
    then = read_site(root)
    assert FOLLOWS not in then[PAGE].decode()
    assert [name for name in then if name.endswith("fig-1.webp")]


def test_an_overview_that_came_is_worth_another_build(
    root: Path, arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "PAUSE_S", 0.0)
    monkeypatch.setenv("GEMINI_API_KEY", "not-a-real-key")
    arxiv.papers.append(replace(PAPER, id="2410.00009", title="Another gate"))
    said = {"text": f"{PAPER.title} and Another gate are here.", "papers": [PAPER.id, "2410.00009"]}

    def answer(call: Call) -> Reply:
        return text(json.dumps({"sentences": [said]})) if call.fields == ["sentences"] else honest(call)

    with FakeGemini(answer) as gemini:
        model = {"model": "gemini/gemini-3.5-flash-lite", "model_url": gemini.url}
        for overview in (False, True):
            topic = {"title": "Gates", "phrases": ["gate"]}
            given = {"topics": [topic], "arxiv_url": arxiv.url, "overview": overview, "period": "all"}
            write_site(root, {**given, **model})
            config = start(root)
            before = reading(config).signal.stat().st_mtime_ns
            finish(reading(config))
        assert gemini.calls[-1].fields == ["sentences"]
    assert reading(config).signal.stat().st_mtime_ns > before


def test_a_server_that_ends_causes_no_further_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "PAUSE_S", 600.0)
    config = start(root)
    before = reading(config).signal.stat().st_mtime_ns
    config.plugins.on_shutdown()
    finish(reading(config))
    assert reading(config).signal.stat().st_mtime_ns == before


def test_where_all_is_read_nothing_is_built_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "PAUSE_S", 0.0)
    finish(reading(start(root)))
    config = start(root)
    before = reading(config).signal.stat().st_mtime_ns
    finish(reading(config))
    assert reading(config).signal.stat().st_mtime_ns == before
    assert FOLLOWS not in read_site(root)[PAGE].decode()
