"""Finds the numbered figures of a LaTeXML page, with their captions and images.

The markup has one `figure` element per float, but a float may hold several numbered figures, panels, tables or
nothing. Only the tag of a caption ("Figure 3:") says what it belongs to; the classes do not.
"""

import copy
import re
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urljoin, urlsplit

from mkdocs_paperdigest.documents.html.text import Element, classes_of, text_of

MOST_CAPTIONS = 50
"""Captions per float, including those of panels."""
MOST_IMAGES = 100
"""Images per float."""


@dataclass(frozen=True, slots=True)
class HtmlFigure:
    """A numbered figure of the HTML."""

    label: str
    """`Figure 3`, whatever language or abbreviation the paper uses."""
    caption: str
    """Plain text without the label; formulas are TeX between dollars."""
    images: tuple[str, ...]
    """Absolute URLs in reading order; empty if there is none, or one is not usable (SVG, missing)."""
    place: int = field(default=0, compare=False)
    """Number of its caption among all captions of the page."""


_LABEL = re.compile(
    r"(?:extended data |supplementary )?fig(?:ure|\.)?\s*([A-Z]?[\d.]*\d[a-z]?|[A-Z]|[IVX]+)\b", re.I
)
_OTHER = re.compile(r"\s*(?:tab(?:le|\.)|alg(?:orithm|\.)|listing|scheme|box)\b", re.IGNORECASE)
_NUMBER = re.compile(r"([A-Z]?\.?\d[\d.]*)")


def figures_of(article: Element, *, base_url: str, base_href: str | None) -> tuple[HtmlFigure, ...]:
    """The figures of an article in reading order, each label once.

    Arguments:
        article: The page's `article` element, with formulas replaced by TeX; it is not changed.
        base_url: The URL of the page; images from other hosts are left out.
        base_href: The page's `<base href>`, if any: older pages need it, newer ones have none.
    """
    base = joined(base_url, base_href) or base_url
    places = places_of(article)
    figures: dict[str, HtmlFigure] = {}
    for outer in article.xpath(".//figure[not(ancestor::figure)]"):
        captions = _numbered(outer)
        for position, (label, caption) in enumerate(captions):
            panel = next(caption.iterancestors("figure"))
            shared = [other for _, other in captions if next(other.iterancestors("figure")) is panel]
            images = _images(panel, others=[c for _, c in captions if c not in shared])
            if len(shared) > 1:
                # Several captions share one float. With one image per caption they belong together in
                # order; otherwise the images cannot be assigned.
                images = [images[position]] if len(images) == len(captions) else []
            if not images and len(captions) == 1:
                images = _teaser(outer)
            addresses = tuple(address for image in images if (address := address_of(image, base, base_url)))
            whole = addresses if len(addresses) == len(images) else ()
            figures.setdefault(label, HtmlFigure(label, caption_text(caption), whole, places[caption]))
    return tuple(figures.values())


def places_of(article: Element) -> dict[Element, int]:
    """The captions of an article with their numbers, from 0, by which figures and tables are in paper order."""
    return {caption: place for place, caption in enumerate(article.iter("figcaption"))}


def joined(base: str, address: str | None) -> str | None:
    """A URL resolved against a base, or None if it is missing or malformed."""
    try:
        return urljoin(base, address) if address else None
    except ValueError:
        return None


def _numbered(outer: Element) -> list[tuple[str, Element]]:
    """Captions of numbered figures with their labels; older converters write the first of a pair twice."""
    found: dict[str, Element] = {}
    for caption in islice(outer.iter("figcaption"), MOST_CAPTIONS):
        if label := _label(caption):
            found.setdefault(label, caption)
    return list(found.items())


def _label(caption: Element) -> str | None:
    tags = caption.xpath(".//span[contains(concat(' ', @class, ' '), ' ltx_tag ')]")
    tag = text_of(tags[0] if tags else caption)
    if match := _LABEL.match(tag):
        return f"Figure {match[1]}"
    if _OTHER.match(tag) or not tags or tag.startswith("("):
        return None
    # The tag is in another language (`Abbildung 2: `), so its class decides.
    number = _NUMBER.search(tag) if "ltx_tag_figure" in classes_of(tags[0]) else None
    return f"Figure {number[1].rstrip('.')}" if number else None


def caption_text(caption: Element) -> str:
    """A caption without its tag, notes and failed macros, on one line."""
    words = copy.deepcopy(caption)
    words.tail = None
    for element in words.xpath(
        ".//*[contains(@class, 'ltx_note') or contains(@class, 'ltx_ERROR')]"
        "|(.//span[contains(concat(' ', @class, ' '), ' ltx_tag ')])[1]"
    ):
        if element.getparent() is not None:
            element.drop_tree()
    text = text_of(words)
    return _LABEL.sub("", text, count=1).lstrip(" :.|–-") if _LABEL.match(text) else text


def _images(panel: Element, *, others: list[Element]) -> list[Element]:
    """The images of a panel, except those that belong to tables or to other numbered captions inside it."""
    foreign = [next(caption.iterancestors("figure")) for caption in others]
    foreign = [figure for figure in foreign if figure is not panel and panel in figure.iterancestors()]
    found = []
    for image in islice(panel.iter("img"), MOST_IMAGES):
        parents = list(image.iterancestors("figure"))
        if any(figure in parents for figure in foreign):
            continue
        inner = parents[: parents.index(panel)]
        if any("ltx_table" in classes_of(figure) for figure in inner):
            continue
        found.append(image)
    return found


def _teaser(outer: Element) -> list[Element]:
    """The image before a float that holds only a caption: a teaser above the abstract."""
    before = outer.getprevious()
    if before is None or "ltx_para" not in classes_of(before) or text_of(before):
        return []
    return list(before.iter("img"))


def address_of(image: Element, base: str, base_url: str) -> str | None:
    """The absolute URL of an image of the page's own host, or None if it cannot be shown."""
    source = (image.get("src") or "").strip()
    if not source or "ltx_missing" in (image.get("class") or "") or source.startswith("data:"):
        return None
    try:
        address = urljoin(base, source)
        parts = urlsplit(address)
        host = urlsplit(base_url).netloc
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc != host:
        return None
    # A name without an extension means that LaTeXML could not convert the file.
    return address if "." in parts.path.rsplit("/", 1)[-1] else None
