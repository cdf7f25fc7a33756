"""Papers in people's own pages: whatever a field of `papers.json` holds, cards and links keep their shape."""

import json
from pathlib import Path
from urllib.parse import quote

import lxml.html
import pytest
from markdown import Markdown

from mkdocs_paperdigest.text import printable
from tests.hostile.conftest import EXTENSIONS
from tests.hostile.payloads import PAYLOADS
from tests.markdown.papers import DAWN, write_papers

NAME = "mkdocs_paperdigest.markdown"


def attacked(number: int, text: str) -> dict[str, object]:
    """A paper with an attack in every field; no JSON of ours holds half characters."""
    text = text.encode("utf-8", "replace").decode()
    return {
        "id": f"{number:04} {text}".strip(),
        "title": text,
        "page": text,
        "anchor": text,
        "date": text,
        "authors": [text] * (number % 4),
        "topics": [{"slug": text, "title": text}],
        "summary": text,
        "made": {"language": text},
        "thumbnail": text,
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> lxml.html.HtmlElement:
    """One page with all attacks, in a fence and as links without a text of their own."""
    papers = [attacked(payload.number, payload.text) for payload in PAYLOADS]
    path = write_papers(tmp_path_factory.mktemp("hostile") / "papers.json", DAWN, *papers)
    links = "\n\n".join(f"[](paper:{quote(str(paper['id']), safe='')})" for paper in papers)
    configs = {name: options for one in EXTENSIONS if isinstance(one, dict) for name, options in one.items()}
    configs["pymdownx.snippets"] = {"check_paths": True}
    names = [name for one in EXTENSIONS for name in (one if isinstance(one, dict) else [one])]
    md = Markdown(extensions=[*names, NAME], extension_configs=configs | {NAME: {"papers": str(path)}})
    html = md.convert(f"```paperdigest\nlatest: 1000\n```\n\n{links}\n")
    return lxml.html.fragment_fromstring(html, create_parent="main")


ALLOWED = {
    ("a", "href"), ("time", "datetime"), ("span", "class"), ("span", "lang"), ("ul", "class"),
    ("ul", "data-search-exclude"), ("img", "class"), ("img", "src"), ("img", "alt"), ("img", "loading"),
    ("img", "decoding"),
}  # fmt: skip


def test_cards_keep_their_shape(page: lxml.html.HtmlElement) -> None:
    (cards,) = page.cssselect("ul.pd-papers")
    assert len(cards) == len(PAYLOADS) + 1
    assert {(element.tag, name) for element in cards.iter() for name in element.attrib} == ALLOWED
    assert {element.tag for element in cards.iter()} == {"ul", "li", "a", "time", "span", "img"}
    for card in cards:
        assert " ".join(child.tag for child in card) in {"a time span img", "a time span span img"}


def test_every_address_is_a_path_of_the_site(page: lxml.html.HtmlElement) -> None:
    links = [*page.cssselect("a"), *page.cssselect("img")]
    assert len(links) > 3 * len(PAYLOADS)
    for link in links:
        url = link.get("href") or link.get("src")
        assert url is not None
        path = url.partition("#")[0]
        assert not set("<>\"'`\\ :?&=") & set(path), url
        assert not path.startswith("/"), url


def test_links_without_text_show_titles_as_text(page: lxml.html.HtmlElement) -> None:
    links = page.cssselect("main > p > a")
    assert len(links) == len(PAYLOADS)
    for link in links:
        assert link.text_content()
        # No extension makes anything of a title but, at most, what it makes of all text.
        assert len(link) == 0, lxml.html.tostring(link)


def test_a_page_says_of_its_mistakes_what_a_terminal_may_show(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_papers(tmp_path / "papers.json")
    md = Markdown(extensions=[NAME], extension_configs={NAME: {"papers": str(path)}})
    for payload in PAYLOADS:
        md.convert(
            f"```paperdigest\nids: {json.dumps([payload.text])}\n```\n\n```paperdigest\n{payload.text}\n```"
        )
    assert len(caplog.records) >= 2 * len(PAYLOADS) - 10
    for record in caplog.records:
        assert printable(record.getMessage()) == record.getMessage()
