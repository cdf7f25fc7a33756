"""Whatever stands in a field, a page keeps its shape: what is text stays text, and nothing is added."""

import re
from collections.abc import Iterator

import lxml.html
from markdown import Markdown

from mkdocs_paperdigest.plugin.raw_blocks import RawBlocks
from mkdocs_paperdigest.text import publishable
from tests.hostile.conftest import EXTENSIONS, Attacked
from tests.hostile.papers import entry, places
from tests.hostile.payloads import PAYLOADS, attacks, in_utf8
from tests.hostile.sources import IN_ENTRY, IN_METADATA, PLAIN, groups
from tests.pages.canonical import canonical

Element = lxml.html.HtmlElement


def entries(attacked: Attacked, slug: str) -> dict[str, list[Element]]:
    """The elements of every entry on the period pages of a topic, by its id, in the pages' order."""
    found: dict[str, list[Element]] = {}
    for path in attacked.built.pages:
        if re.fullmatch(rf"digests/{slug}/[^/]+/index\.html", path):
            for title in attacked.built.page(path).cssselect("h2.pd-title"):
                assert title.get("id") not in found, path
                found[title.get("id")] = [title, *below(title)]
    return found


def below(title: Element) -> Iterator[Element]:
    """What stands between a title and the next one, or below the title of a row."""
    if (row := title.getparent().getparent()).get("class") == "pd-row":
        yield from row.cssselect(".pd-entry")[0]
        return
    for element in title.itersiblings():
        if element.tag == "h2" or element.get("class") in {"pd-row", "pd-words"}:
            return
        yield element


def test_attacks_in_tables_are_pictures(attacked: Attacked) -> None:
    drawn = [
        image
        for elements in entries(attacked, "found").values()
        for element in elements
        for image in element.cssselect(".pd-figures img")
        if "/table-" in image.get("src")
    ]
    assert len(drawn) > 5


def shape(elements: list[Element]) -> list[str]:
    """Every element with its class and the names of its attributes, but for what text may add.

    That is formulas, links of its own and the badge for code, and paragraphs of a note. Line breaks and
    superscripts are made by nl2br and smartsymbols (`1st`) of whatever text.
    """
    found: list[str] = []
    for top in elements:
        if top.get("class") == "pd-related":
            # How many there are depends on the other papers.
            assert {element.tag for element in top if not _is_formula(element)} == {"a"}
            continue
        for element in top.iter():
            if not isinstance(element.tag, str):
                found.append("comment")
                continue
            classes = element.get("class", "")
            plain = element.tag == "span" and not element.attrib
            if plain or element.tag in {"br", "sup"} or _is_formula(element) or _is_link(element):
                continue
            # What is in the page's own language says nothing of it.
            one = f"{element.tag}.{classes}{sorted(set(element.attrib) - {'lang'})}"
            if "pd-code" not in classes and not ("pd-note" in classes and found[-1] == one):
                found.append(one)
    return found


def _is_formula(element: Element) -> bool:
    return dict(element.attrib) == {"class": "arithmatex"} and not len(element)


def _is_link(element: Element) -> bool:
    parent = element.getparent()
    own = element.get("class", "").startswith("pd-link ")
    of_license = parent is not None and parent.get("class") == "pd-source" and not element.get("class")
    is_web = re.match("https?://[^/?#]*[.]", element.get("href", ""))
    return element.tag == "a" and (own or of_license) and bool(is_web)


def test_the_corpus_is_large_and_no_attack_is_there_twice() -> None:
    assert len(PAYLOADS) >= 300
    assert len({payload.text for payload in PAYLOADS}) == len(PAYLOADS)
    assert len({payload.kind for payload in PAYLOADS}) >= 15
    assert len(list(places(entry("a-text", 1), "a-text"))) >= 45


def test_blocks_that_are_put_aside_come_out_as_markdown_leaves_them(attacked: Attacked) -> None:
    names = [name if isinstance(name, str) else next(iter(name)) for name in EXTENSIONS]
    options = {name: of for one in EXTENSIONS if isinstance(one, dict) for name, of in one.items()}
    pages = sorted(attacked.built.root.glob(".cache/plugin/paperdigest/pages/digests/*/2*.md"))
    assert len(pages) >= 5
    for path in pages[:5]:
        text = path.read_text(encoding="utf-8")
        plain = Markdown(extensions=names, extension_configs=options).convert(text)
        quick = Markdown(extensions=[*names, RawBlocks()], extension_configs=options)
        found, wanted = (
            lxml.html.fragment_fromstring(html, create_parent="main") for html in (quick.convert(text), plain)
        )
        assert canonical(found) == canonical(wanted)
        assert quick.htmlStash.rawHtmlBlocks[0].startswith('<div class="pd-meta">')


def test_every_paper_keeps_the_shape_of_the_plain_one(attacked: Attacked) -> None:
    assert attacked.built.code == 0, attacked.built.log[-4000:]
    found = entries(attacked, "archived")
    assert len(found) == len(PAYLOADS) + 1
    wanted = shape(found[PLAIN])
    assert len(wanted) > 80
    changed = {}
    for payload in PAYLOADS:
        seen = shape(found[f"2410.{payload.number:05}"])
        if seen != wanted:
            changed[payload.name] = sorted(set(seen) ^ set(wanted)) or "another number"
    assert changed == {}


def test_every_text_is_read_as_it_was_written(attacked: Attacked) -> None:
    found = entries(attacked, "archived")
    wrong = []
    for payload in PAYLOADS:
        # What TeX means is shown instead of TeX.
        if re.search(r"[$\\]|``", payload.text):
            continue
        wanted = publishable(in_utf8(payload.text))
        page = lxml.html.Element("main")
        page.extend(found[f"2410.{payload.number:05}"])
        for place in (
            ".pd-author",
            ".pd-venue, .pd-comment",
            ".pd-journal",
            ".pd-summary",
            ".pd-abstract p",
            ".pd-claim",
            "blockquote p",
            ".pd-keyword",
            ".pd-provenance",
            "dd",
            ".pd-caption",
            "b",
            "h2",
        ):
            first = page.cssselect(place)[0]
            for mark in first.cssselect(".headerlink, details, summary"):
                mark.drop_tree()
            if _dashed(wanted) not in _dashed(words(first)) and wanted:
                wrong.append((payload.name, place, words(first)))
    assert wrong == []


def test_no_attack_reaches_an_attribute_or_script_that_acts(attacked: Attacked) -> None:
    harmless = {
        "alt",
        "title",
        "content",
        "aria-label",
        "data-title",
        "lang",
        "data-description",
        "id",
        "data-gallery",
        # The script compares them, and shows them as text.
        "value",
        "data-by",
        "data-tags",
    }
    wrong = []
    for path in attacked.site.rglob("*.html"):
        for element in lxml.html.parse(path).getroot().iter():
            if not isinstance(element.tag, str):
                continue
            if element.tag in {"script", "style", "template"} and attacks(element.text):
                wrong.append(f"{path.name}: {element.tag} {element.text}")
            for name, value in element.attrib.items():
                address = name in {"href", "src"} and re.match(r"https?://|[^:]*(#|$)", value)
                if name.startswith("on") or (attacks(value) and not address and name not in harmless):
                    wrong.append(f"{path.name}: {element.tag} {name}={value!r}")
                if name in {"src", "srcset"} and not re.match("[^:]*$", value):
                    wrong.append(f"{path.name}: {element.tag} {name}={value!r}")
    assert wrong == []


def test_entries_of_every_source_are_all_there(attacked: Attacked) -> None:
    assert len(entries(attacked, "found")) == len(groups(IN_METADATA))
    assert len(entries(attacked, "reports")) == len(groups(IN_ENTRY))
    for slug, least in (("found", 70), ("reports", 20)):
        page = [element for one in entries(attacked, slug).values() for element in one]
        figures = [figure for element in page for figure in element.cssselect("figure.pd-figure")]
        assert len(figures) >= least, slug
        wanted = set(shape(entries(attacked, "archived")[PLAIN]))
        assert set(shape(page)) - wanted <= EXTRA, slug


EXTRA = {
    "p.pd-why['class', 'data-pagefind-ignore', 'data-search-exclude']",
    "span.['data-pagefind-ignore', 'data-search-exclude']", "p.pd-keywords['class']", "time.pd-date['class', 'datetime']",
    "div.pd-takeaways['class']", "blockquote.pd-quotes['class']", "ul.[]",
}  # fmt: skip
"""Names of categories that arXiv knows, keywords without a reading, days that a library states, and takeaways that
are quotations of the abstract."""


def _dashed(text: str) -> str:
    """The text with every dash alike: two and three hyphens may become one in text of authors."""
    return re.sub("-{2,3}|[–—]", "—", text)


def words(element: Element) -> str:
    """The text of an element on one line."""
    return " ".join(element.text_content().replace("¶", "").split())
