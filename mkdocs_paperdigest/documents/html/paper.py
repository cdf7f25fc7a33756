"""Reads arXiv's HTML of a paper: sections, licence, links and figures.

arXiv converts TeX with LaTeXML (class names `ltx_*`); the element names are documented in its manual,
https://math.nist.gov/~BMiller/LaTeXML/manual/. Text, tables and captions are kept. References, notes and
parts that failed to convert are left out.
"""

import copy
import re
from dataclasses import dataclass

from mkdocs_paperdigest.addresses import own_links
from mkdocs_paperdigest.arxiv.licences import license_from_label
from mkdocs_paperdigest.documents.html.figures import HtmlFigure, figures_of
from mkdocs_paperdigest.documents.html.tables import HtmlTable, tables_of
from mkdocs_paperdigest.documents.html.text import (
    NO_TEXT_TAGS,
    Element,
    classes_of,
    sections_of,
    text_of,
    write_formulas,
)
from mkdocs_paperdigest.documents.pdf.text import TITLE_PAGE
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.models import License, Section
from mkdocs_paperdigest.reasons import Reason, ReasonCode

MOST_BYTES = 40_000_000
MOST_ELEMENTS = 200_000
"""Elements of a page, not counting those inside formulas; a long paper with many tables has 30,000."""
FEWEST_CHARACTERS = 100
"""A page with less text is the result of a failed conversion."""


@dataclass(frozen=True, slots=True)
class HtmlPaper:
    """The contents of the HTML of a paper."""

    sections: tuple[Section, ...]
    """In reading order: title page, abstract, sections, appendices."""
    license: License | None
    links: tuple[str, ...]
    """URLs that the authors present as their own."""
    figures: tuple[HtmlFigure, ...]
    """Numbered figures with their captions and the URLs of their images."""
    tables: tuple[HtmlTable, ...] = ()
    """Numbered tables with their captions and their cells."""


def parse_html(html: bytes, *, base_url: str) -> HtmlPaper:
    """Reads a LaTeXML page.

    Arguments:
        html: The page as downloaded, at most `MOST_BYTES`.
        base_url: The URL of the page, without a slash at the end (`.../html/2410.13786v1`).

    Raises:
        DocumentError: The page is not a converted paper, was cut off (`passing`), is too large or nested too
            deeply, or has hardly any text.
    """
    page = _parsed(html)
    articles = page.xpath("//article[contains(concat(' ', @class, ' '), ' ltx_document ')]")
    if not articles:
        raise DocumentError(Reason(ReasonCode.HTML_EMPTY))
    if b"</html>" not in html[-4000:].lower():
        raise DocumentError(Reason(ReasonCode.HTML_CUT_OFF), passing=True)
    article = articles[0]
    bases = page.xpath("//base/@href")
    base_href = str(bases[0]) if bases else None
    if _elements(article) > MOST_ELEMENTS:
        raise DocumentError(Reason(ReasonCode.HTML_TOO_LARGE))
    # Before formulas become TeX: a table is drawn, and MathML says how.
    tables = tables_of(article, base_url=base_url, base_href=base_href)
    write_formulas(article)
    labels = page.xpath("//*[@id='license-tr']")
    license_ = license_from_label(labels[0].text_content()) if labels else None
    figures = figures_of(article, base_url=base_url, base_href=base_href)
    _drop(article, _NEVER_TEXT)
    links = _links(article)
    _drop(article, _NOT_RUNNING_TEXT)
    sections = sections_of(article)
    _check_length(sections)
    return HtmlPaper(sections, license_, links, figures, tables)


def _elements(article: Element) -> int:
    """How many elements there are; a formula counts as one, because it becomes one piece of text."""
    import lxml.etree

    count = 0
    walk = lxml.etree.iterwalk(article, events=("start",))
    for _, element in walk:
        count += 1
        if element.tag == "math":
            walk.skip_subtree()
    return count


_NEVER_TEXT = {
    "ltx_bibliography", "ltx_ERROR", "ltx_picture", "ltx_page_footer", "ltx_TOC", "ltx_index", "ltx_rdf",
    "ltx_dates", "ltx_tag_note", "ltx_note_mark", "ltx_keywords", "ltx_classification",
}  # fmt: skip
_NOT_RUNNING_TEXT = {"ltx_note", "ltx_tag_equation", "ltx_tag_equationgroup", "ltx_pagination"}
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32), 127])
_NO_CHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
"""U+FFFE and U+FFFF in UTF-8."""
_CHARACTER = re.compile(rb"&#(x[0-9a-f]{1,8}|[0-9]{1,8});?", re.IGNORECASE)


def _parsed(html: bytes) -> Element:
    import lxml.etree
    import lxml.html

    if len(html) > MOST_BYTES:
        raise DocumentError(Reason(ReasonCode.HTML_OVERSIZE, bytes=len(html), most=MOST_BYTES))
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    # The parser accepts characters that XML forbids, but lxml refuses to assign them to an element later.
    html = _NO_CHARACTERS.sub(b"", html.translate(None, _FORBIDDEN))
    html = _CHARACTER.sub(_allowed_or_blank, html)
    try:
        page = lxml.html.document_fromstring(html, parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        said = Reason(ReasonCode.OTHER, text=str(error)[:100])
        raise DocumentError(Reason(ReasonCode.HTML_UNREADABLE, said)) from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise DocumentError(Reason(ReasonCode.HTML_TOO_DEEP))
    return page


def _allowed_or_blank(reference: re.Match[bytes]) -> bytes:
    code = int(reference[1][1:], 16) if reference[1][:1] in b"xX" else int(reference[1])
    allowed = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF
    return reference[0] if allowed else b" "


def _drop(article: Element, unwanted: set[str]) -> None:
    for element in list(article.iterdescendants()):
        if element.getparent() is None:
            continue
        found = classes_of(element) & unwanted
        if element.tag in NO_TEXT_TAGS or (found and not _is_author_note(element, found)):
            element.drop_tree()


def _is_author_note(element: Element, classes: set[str]) -> bool:
    """Whether an element is a note to an author's name: many document classes put the affiliation there."""
    return "ltx_note" in classes and any(
        "ltx_authors" in classes_of(parent) for parent in element.iterancestors()
    )


def _links(article: Element) -> tuple[str, ...]:
    """The paper's own links; each footnote is read as a text of its own."""
    front, body = list[str](), list[str]()
    blocks = article.xpath(
        ".//*[self::p or self::figcaption or contains(@class, 'ltx_note_content')"
        " or contains(@class, 'ltx_creator')]"
    )
    known = set(blocks)
    for block in blocks:
        # A footnote in a paragraph is read twice. Deeper nesting does not occur in papers and would cost time.
        nested = sum(parent in known for parent in block.iterancestors()) > 1
        if nested or (block.find(".//a") is None and "http" not in block.text_content()):
            continue
        abstract = any("ltx_abstract" in classes_of(parent) for parent in block.iterancestors())
        (front if abstract else body).append(_with_targets(block))
    return own_links(front, "\n\n".join(body))


def _with_targets(block: Element) -> str:
    """The text of a block with the targets of its links: `available here (https://...)`."""
    block = copy.deepcopy(block)
    block.tail = None
    _drop(block, {"ltx_note_outer"})
    for link in list(block.iter("a")):
        address = link.get("href", "")
        if address.startswith(("http://", "https://")):
            words = text_of(link)
            link.clear(keep_tail=True)
            link.text = address if "/" in words else f"{words} ({address})"
    return text_of(block)


def _check_length(sections: tuple[Section, ...]) -> None:
    """Rejects failed conversions, most of which still have the title and half an abstract."""
    front = {TITLE_PAGE, "Abstract"}
    length = sum(len(section.text) for section in sections if section.title not in front)
    abstract = sum(len(section.text) for section in sections if section.title == "Abstract")
    if length < max(FEWEST_CHARACTERS, abstract // 2):
        raise DocumentError(Reason(ReasonCode.HTML_SHELL, characters=length))
