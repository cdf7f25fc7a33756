"""What mkdocs-llmstxt reads of our pages: each statement once."""

from types import SimpleNamespace

import markdown
import pytest

from mkdocs_paperdigest.pages.publish import build_pages
from mkdocs_paperdigest.plugin.llmstxt import read_once
from tests.pages import papers

DAWN = "Most diffusion methods are autoregressive"
SENTENCE = "DAWN generates talking-head videos of any length"
GESTURES = "Previous methods ignore the semantic association"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of all pages, DAWN's under two topics and some entries folded, by their files."""
    cache = tmp_path_factory.mktemp("llmstxt")
    digests = (papers.talking_heads(cache), *papers.other_topics())
    files = build_pages(digests, papers.options(cache, full_entries=1), now=papers.NOW)
    extensions = ["meta", "attr_list", "md_in_html"]
    return {
        file.uri: markdown.markdown(file.path.read_text("utf-8"), extensions=extensions)
        for file in files
        if file.uri.endswith(".md")
    }


def read(pages: dict[str, str], *patterns: str) -> dict[str, str]:
    """What a plugin of that name gets of each page, in MkDocs' order; the pages themselves stay as they are."""
    got: dict[str, str] = {}

    class Reader:
        config = {"sections": {"Digests": [patterns[0], *({one: "described"} for one in patterns[1:])]}}  # noqa: RUF012

        def on_page_content(self, html: str, *, page: SimpleNamespace) -> str:
            got[page.file.src_uri] = html
            return html

    Reader.__module__ = "mkdocs_llmstxt._internal.plugin"
    plugins = SimpleNamespace(events={"page_content": [Reader().on_page_content]})
    # Links are not resolved here: a page's address is that of its file.
    read_once(plugins, {uri: uri for uri in pages})
    [handler] = plugins.events["page_content"]
    for uri, html in pages.items():
        page = SimpleNamespace(file=SimpleNamespace(src_uri=uri))
        assert handler(html, page=page) == html
    return {uri: html for uri, html in got.items() if html != pages[uri]}


def test_a_statement_is_read_once_on_the_page_of_its_period(pages: dict[str, str]) -> None:
    whole = "".join(pages.values())
    assert whole.count(DAWN) == 4, "on pages of two periods and of two topics"
    got = read(pages, "digests/*.md")
    home = "digests/talking-head-generation/2024-w42.md"
    for statement in (DAWN, SENTENCE, GESTURES):
        assert [uri for uri, html in got.items() for _ in range(html.count(statement))] == [home], statement
    for uri in ("digests/index.md", "digests/speech/index.md", "digests/speech/2024-w42.md"):
        assert "DAWN: Dynamic Frame Avatar" in got[uri], "titles stay"
    text = "".join(got.values())
    assert "@misc{" not in text
    assert "An Internal Report on Lip Reading" in got["digests/talking-head-generation/2024-w35.md"]


def test_a_page_that_is_read_alone_keeps_its_entries(pages: dict[str, str]) -> None:
    topic = "digests/talking-head-generation/index.md"
    got = read(pages, topic)
    assert got.keys() == {topic}
    assert got[topic].count(DAWN) == got[topic].count(GESTURES) == 1
    assert "We report on lip reading in our own lab" in got[topic], "a list says what no page read says"
    index = read(pages, "digests/index.md", "digests/speech/*.md")
    assert index["digests/index.md"].count(SENTENCE) == 1, "DAWN stands there under its first topic, too"
    assert index["digests/speech/index.md"].count(DAWN) == 0
    assert index["digests/speech/2024-w42.md"].count(DAWN) == 1
