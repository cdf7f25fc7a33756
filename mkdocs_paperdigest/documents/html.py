"""What arXiv's HTML of a paper says: its sections, licence, links and figures.

arXiv converts TeX with LaTeXML (class names `ltx_*`); the element names follow its manual,
https://math.nist.gov/~BMiller/LaTeXML/manual/. Text, tables and captions are kept; references, notes
and what failed to convert are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mkdocs_paperdigest.documents.htmlfigures import HtmlFigure, figures_of
from mkdocs_paperdigest.documents.license import license_from_label
from mkdocs_paperdigest.documents.links import own_links
from mkdocs_paperdigest.documents.text import MOST_CHARACTERS, TITLE_PAGE
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.models import License, Section

MOST_BYTES = 40_000_000
FEWEST_CHARACTERS = 200
"""Less text than this is the shell of a failed conversion."""
LONGEST_CITATION = 60

Element = Any
"""An lxml element; lxml has no types of its own."""


@dataclass(frozen=True, slots=True)
class HtmlPaper:
    """What was read from the HTML of one paper."""

    sections: tuple[Section, ...]
    """In reading order: title page, abstract, sections, appendices."""
    license: License | None
    links: tuple[str, ...]
    """Addresses that the authors present as their own."""
    figures: tuple[HtmlFigure, ...]
    """Numbered figures with their captions and the addresses of their images."""


def parse_html(html: bytes, *, base_url: str) -> HtmlPaper:
    """Reads one LaTeXML page.

    Arguments:
        html: The page as it came; at most `MOST_BYTES`.
        base_url: The address it came from, without a slash at the end (`.../html/2410.13786v1`).

    Raises:
        DocumentError: It is not a converted paper, was cut off (`passing`), is nested too deeply or
            holds no text to speak of.
    """
    page = _parsed(html)
    articles = page.xpath("//article[contains(concat(' ', @class, ' '), ' ltx_document ')]")
    if not articles:
        raise DocumentError("the HTML holds no paper")
    if b"</html>" not in html[-4000:].lower():
        raise DocumentError("the HTML was cut off", passing=True)
    article = articles[0]
    labels = page.xpath("//*[@id='license-tr']")
    license_ = license_from_label(labels[0].text_content()) if labels else None
    bases = page.xpath("//base/@href")
    figures = figures_of(article, base_url=base_url, base_href=str(bases[0]) if bases else None)
    _drop(article, _NEVER_TEXT)
    links = _links(article)
    _drop(article, _NOT_RUNNING_TEXT)
    sections = _bounded(_sections(article))
    _check(sections)
    return HtmlPaper(sections, license_, links, figures)


_NEVER_TEXT = (
    "ltx_bibliography", "ltx_ERROR", "ltx_picture", "ltx_page_footer", "ltx_TOC", "ltx_tag_note",
    "ltx_rdf", "ltx_dates", "ltx_index", "ltx_note_mark",
)  # fmt: skip
_NOT_RUNNING_TEXT = ("ltx_note", "ltx_tag_equation", "ltx_tag_equationgroup", "ltx_pagination")
_NO_TEXT_TAGS = (
    "script",
    "style",
    "svg",
    "nav",
    "button",
    "template",
    "noscript",
    "iframe",
    "object",
)


def _parsed(html: bytes) -> Element:
    import lxml.etree
    import lxml.html

    if len(html) > MOST_BYTES:
        raise DocumentError(f"the HTML has {len(html)} bytes, more than {MOST_BYTES}")
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        page = lxml.html.document_fromstring(html, parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise DocumentError(f"the HTML cannot be read: {str(error)[:100]}") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise DocumentError("the HTML is nested too deeply")
    return page


def _classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def _remove(element: Element) -> None:
    """Takes an element out and leaves what follows it."""
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()


def _drop(article: Element, classes: tuple[str, ...]) -> None:
    unwanted = set(classes)
    for element in list(article.iter()):
        if element is article or not isinstance(element.tag, str):
            continue
        # Notes of the authors' block are where many classes print the affiliation.
        kept = "ltx_note" in unwanted and any(
            "ltx_authors" in _classes(parent) for parent in element.iterancestors()
        )
        if element.tag in _NO_TEXT_TAGS or (_classes(element) & unwanted and not kept):
            _remove(element)


def _links(article: Element) -> tuple[str, ...]:
    """The paper's own addresses; those behind a word (`here`) are written out for that."""
    front, body = list[str](), list[str]()
    for block in article.iter("p", "figcaption", "span", "h1"):
        classes = _classes(block)
        if block.tag == "span" and not classes & {
            "ltx_note_content",
            "ltx_personname",
            "ltx_contact",
        }:
            continue
        if block.find(".//a") is None and "http" not in block.text_content():
            continue
        in_front = any(
            _classes(parent) & {"ltx_abstract", "ltx_authors"} for parent in block.iterancestors()
        )
        (front if in_front else body).append(_with_addresses(block))
    return own_links(front, "\n\n".join(body))


def _with_addresses(block: Element) -> str:
    parts = []
    for node in block.iter():
        address = node.get("href", "") if node.tag == "a" else ""
        shown = node.text or ""
        if address.startswith(("http://", "https://")):
            shown = f" {address} " if "://" in node.text_content() else f"{shown} ( {address} )"
        elif node is not block and any(
            parent.tag == "a" and parent.get("href", "").startswith("http")
            for parent in node.iterancestors()
        ):
            shown = ""
        parts.append(shown)
        if node is not block:
            parts.append(node.tail or "")
    return " ".join("".join(parts).split())


_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_OWN_SECTION = {
    "ltx_title_part", "ltx_title_chapter", "ltx_title_section", "ltx_title_appendix", "ltx_title_abstract",
    "ltx_title_acknowledgements",
}  # fmt: skip


def _sections(article: Element) -> Iterator[tuple[str, list[str]]]:
    """Titles with their paragraphs, in reading order."""
    import lxml.etree

    _write_out(article)
    title, paragraphs = TITLE_PAGE, list[str]()
    for heading, text in _blocks(lxml.etree.iterwalk(article, events=("start",))):
        if heading:
            yield title, paragraphs
            title, paragraphs = text, []
        elif text:
            paragraphs.append(text)
    yield title, paragraphs


def _blocks(walk: Any) -> Iterator[tuple[bool, str]]:
    """Every block of text, with whether it is the title of a section."""
    run_in = ""
    for _, element in walk:
        classes = _classes(element)
        text = ""
        if element.tag in _HEADINGS:
            walk.skip_subtree()
            for tag in element.xpath(".//*[contains(@class, 'ltx_tag')]"):
                _remove(tag)
            text = _text(element)
            if classes & _OWN_SECTION:
                yield True, text
                continue
            if classes & {"ltx_title_paragraph", "ltx_title_subparagraph"}:
                run_in = f"{text.rstrip('.:')}. " if text else ""
                continue
        elif element.tag == "tr" and not classes & {"ltx_equation", "ltx_eqn_row"}:
            walk.skip_subtree()
            cells = [_text(cell) for cell in element if cell.tag in {"td", "th"}]
            text = " | ".join(cell for cell in cells if cell)
        elif _is_block(element, classes):
            walk.skip_subtree()
            text = _text(element)
        if text:
            yield False, run_in + text
            run_in = ""


def _is_block(element: Element, classes: set[str]) -> bool:
    if element.tag in {"p", "figcaption", "dt"} or "ltx_listingline" in classes:
        return True
    if element.tag == "div" and "ltx_creator" in classes:
        return True
    return bool(
        classes & {"ltx_p", "ltx_creator", "ltx_equation", "ltx_equationgroup", "ltx_keywords"}
    )


def _write_out(article: Element) -> None:
    """Replaces formulas by their TeX between dollars, and shortens rows of citations."""
    for math in list(article.iter("math")):
        tex = re.sub(r"%\s*\n", "", math.get("alttext") or "")
        tex = re.sub(r"(?<!\\)\$|\\displaystyle\s*", "", " ".join(tex.split())).strip()
        math.clear(keep_tail=True)
        math.text = f"${tex}$" if tex else ""
    for cite in list(article.iter("cite")):
        text = _text(cite)
        if len(text) > LONGEST_CITATION:
            first = re.split(r"[;,] ", text)[0][:LONGEST_CITATION]
            cite.clear(keep_tail=True)
            cite.text = (
                f"{first}, ...{']' if text.endswith(']') else ')' if text.endswith(')') else ''}"
            )
    for element in article.iter("br"):
        element.tail = f" {element.tail or ''}"
    for element in article.iter("span"):
        if _classes(element) & {
            "ltx_contact",
            "ltx_author_notes",
            "ltx_note",
            "ltx_role_affiliation",
        }:
            element.tail = f" {element.tail or ''}"
            element.text = f" {element.text or ''}"


def _text(element: Element) -> str:
    return " ".join(str(element.text_content()).split())


def _bounded(found: Iterator[tuple[str, list[str]]]) -> tuple[Section, ...]:
    sections, room = [], MOST_CHARACTERS
    for title, paragraphs in found:
        kept = []
        for paragraph in paragraphs:
            if len(paragraph) > room:
                break
            room -= len(paragraph)
            kept.append(paragraph)
        if kept:
            sections.append(Section(title[:200], "\n\n".join(kept)))
    return tuple(sections)


def _check(sections: tuple[Section, ...]) -> None:
    """Refuses shells: most failed conversions still have the title and half an abstract."""
    front = {TITLE_PAGE, "Abstract"}
    length = sum(len(section.text) for section in sections if section.title not in front)
    abstract = sum(len(section.text) for section in sections if section.title == "Abstract")
    if length < max(FEWEST_CHARACTERS, abstract // 2):
        raise DocumentError(f"the HTML holds only {length} characters of the paper's text")
