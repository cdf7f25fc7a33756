"""Turns a LaTeXML article into sections of text, with formulas, tables and captions."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from mkdocs_paperdigest.documents.pdf.text import MOST_CHARACTERS, TITLE_PAGE
from mkdocs_paperdigest.models import Section

LONGEST_CITATION = 60
"""Characters of a citation; longer ones name several works and are cut to the first."""

Element = Any
"""An lxml element; lxml comes without types."""


def sections_of(article: Element) -> tuple[Section, ...]:
    """The sections in reading order: title page, abstract, numbered sections, appendices.

    Each row of a table becomes one line. The text has at most `MOST_CHARACTERS` and is cut at the end of a
    paragraph.

    Arguments:
        article: With formulas replaced by TeX, and without elements that are not text. It is modified.
    """
    _shorten_citations(article)
    _separate_words(article)
    return _within_limit(_titled_paragraphs(article))


def write_formulas(article: Element) -> None:
    """Replaces formulas by their TeX (`alttext`, as the authors wrote it) between dollars."""
    for math in list(article.iter("math")):
        tex = re.sub(r"%\s*\n", "", math.get("alttext") or "")
        tex = re.sub(r"(?<!\\)\$|\\displaystyle\s*", "", " ".join(tex.split())).strip()
        math.clear(keep_tail=True)
        math.text = f"${tex}$" if tex else ""


def classes_of(element: Element) -> set[str]:
    """The class names of an element."""
    return set((element.get("class") or "").split())


def text_of(element: Element) -> str:
    """The text of an element with single spaces."""
    return " ".join(str(element.text_content()).split())


_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_OWN_SECTION = {
    "ltx_title_part", "ltx_title_chapter", "ltx_title_section", "ltx_title_appendix",
    "ltx_title_acknowledgements",
}  # fmt: skip


def _titled_paragraphs(article: Element) -> Iterator[tuple[str, list[str]]]:
    """Titles of sections with their paragraphs, in reading order."""
    import lxml.etree

    title, paragraphs = TITLE_PAGE, list[str]()
    for starts_section, text in _blocks(lxml.etree.iterwalk(article, events=("start", "end"))):
        if starts_section:
            yield title, paragraphs
            title, paragraphs = text, []
        else:
            paragraphs.append(text)
    yield title, paragraphs


def _blocks(walk: Any) -> Iterator[tuple[bool, str]]:
    """All blocks of text in reading order, each with whether it is the title of a section."""
    run_in, caption = "", ""
    for event, element in walk:
        classes = classes_of(element)
        if "ltx_abstract" in classes and element.tag == "div":
            # A letter has no sections: everything after its abstract is the text.
            yield True, "Abstract" if event == "start" else "Text"
        if event == "end":
            continue
        if element.tag in _HEADINGS:
            walk.skip_subtree()
            text = _heading(element)
            if classes & _OWN_SECTION and text:
                yield True, text
            elif classes & {"ltx_title_paragraph", "ltx_title_subparagraph"}:
                run_in = f"{text.rstrip('.:')}. " if text else ""
            elif "ltx_title_abstract" not in classes and text:
                yield False, text
            continue
        texts = _texts(element, classes)
        if texts is None:
            continue
        walk.skip_subtree()
        if element.tag == "figcaption":
            # Older converters write the first caption of a shared float twice.
            texts, caption = [text for text in texts if text != caption], texts[0]
        for text in filter(None, texts):
            yield False, run_in + text
            run_in = ""


def _texts(element: Element, classes: set[str]) -> list[str] | None:
    """The paragraphs of a block, or None if the element is not a block but may contain some."""
    if element.tag == "table" and classes & {"ltx_equation", "ltx_equationgroup"}:
        rows = [text_of(row) for row in element.iter("tr")] or [text_of(element)]
        return [re.sub(r"\$ ?\$", " ", row) for row in rows]
    if element.tag == "tr":
        cells = [text_of(cell) for cell in element if cell.tag in {"td", "th"}]
        return [" | ".join(cell for cell in cells if cell)]
    if element.tag in {"p", "figcaption", "dt"} or classes & _BLOCKS:
        return [text_of(element)]
    return None


NO_TEXT_TAGS = {
    "script", "style", "svg", "nav", "button", "template", "noscript", "iframe", "object", "select",
}  # fmt: skip
"""Elements whose text people do not read."""
_SEPARATED = {"ltx_contact", "ltx_author_notes", "ltx_note"}
_BLOCKS = {"ltx_p", "ltx_creator", "ltx_equation", "ltx_listingline"}


def _heading(element: Element) -> str:
    for tag in element.xpath(".//*[contains(@class, 'ltx_tag')]"):
        tag.drop_tree()
    return text_of(element)


def _shorten_citations(article: Element) -> None:
    for cite in list(article.iter("cite")):
        text = text_of(cite)
        if len(text) > LONGEST_CITATION:
            mark = "; " if "; " in text else ", "
            first = text.split(mark)[0][:LONGEST_CITATION]
            cite.clear(keep_tail=True)
            closing = text[-1] if text[-1] in ")]" else ""
            cite.text = f"{first}{mark}...{closing}"


def _separate_words(article: Element) -> None:
    """Inserts spaces where only the layout separates words."""
    for element in article.iter("br"):
        element.tail = f" {element.tail or ''}"
    for element in article.iter("span"):
        if classes_of(element) & _SEPARATED:
            element.tail = f" {element.tail or ''}"
            element.text = f" {element.text or ''}"


def _within_limit(found: Iterable[tuple[str, list[str]]]) -> tuple[Section, ...]:
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
