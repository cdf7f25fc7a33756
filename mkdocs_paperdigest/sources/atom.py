"""A page of arXiv's feed as XML: a whole page, or an error; single entries may be beyond use.

What a paper's authors have typed should not matter to the rest of a page, but reaches feeds all the same:
control characters, bare `&`, entities that only HTML knows.
"""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from mkdocs_paperdigest.arxiv.identifiers import find_id
from mkdocs_paperdigest.models import LedgerLine
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.sources.request import BadAnswerError
from mkdocs_paperdigest.text import plain_text

ATOM = "{http://www.w3.org/2005/Atom}"
STAND_IN = "left out"
"""The id of entries that stand in for those that cannot be shown."""


def parsed(body: bytes) -> Any:
    """The feed; what keeps single entries from being XML is mended, or they are marked as `_UNREADABLE`.

    Raises:
        BadAnswerError: It is not a feed, or not a whole one.
    """
    feed = _as_xml(body)
    if feed is None:
        text = _as_characters(body.decode("utf-8", "replace"))
        feed = _as_xml(text.encode())
        if feed is None:
            feed = _as_xml(_without_broken_entries(text).encode())
    if feed is None:
        raise BadAnswerError(Reason(ReasonCode.HALF_FEED))
    if feed.tag != f"{ATOM}feed":
        raise BadAnswerError(Reason(ReasonCode.NOT_A_FEED))
    for element in feed.iterfind(f"{ATOM}entry/*"):
        if element.tag in _TEXTS and len(element):
            # The package would take only what stands before the first tag.
            words = "".join(element.itertext())
            element[:] = []
            element.text = words
    return feed


def as_bytes(feed: Any) -> bytes:
    """The feed as it is now."""
    from lxml import etree

    return bytes(etree.tostring(feed))


def _as_xml(body: bytes) -> Any:
    """The root element, or None if this is not XML."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _as_characters(text: str) -> str:
    """The text with a space for each character that XML does not allow, and with entities as characters."""

    def reference(found: re.Match[str]) -> str:
        if found[0] in _OF_XML:
            return found[0]
        characters = html.unescape(found[0])
        if found[1] is None or characters == found[0]:
            return f"&amp;{found[0][1:]}"
        return " " if characters == "\ufffd" else html.escape(characters)

    text = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1)
    return _NOT_IN_XML.sub(" ", _REFERENCE.sub(reference, text))


def _without_broken_entries(text: str) -> str:
    """The text of a feed with an `_UNREADABLE` entry for each one that is not XML.

    The last entry has to end: without that the feed is cut off.
    """
    opening = _FEED.search(text)
    if opening is None:
        return ""
    head, *blocks = re.split(r"(?=<entry\b)", text)
    kept = [head]
    for number, block in enumerate(blocks, 1):
        entry, end, rest = block.partition("</entry>")
        if not end and number == len(blocks):
            return ""
        if not end or _as_xml(f"{opening[0]}{entry}</entry></feed>".encode()) is None:
            known = ((name, re.search(rf"<{name}>([^<]{{1,1000}})", entry)) for name in ("id", "title"))
            parts = (
                f"<{name}>{html.escape(html.unescape(found[1]))}</{name}>" for name, found in known if found
            )
            entry = f"<entry {_UNREADABLE}='1'>{''.join(parts)}"
        kept.append(f"{entry}</entry>{rest}")
    return "".join(kept)


_TEXTS = frozenset(
    [f"{ATOM}{name}" for name in ("id", "title", "summary", "published", "updated")]
    + [f"{{http://arxiv.org/schemas/atom}}{name}" for name in ("comment", "journal_ref", "doi")]
)
_UNREADABLE = "unreadable"
_FEED = re.compile(r"<feed\b[^<>]*>")
_DECLARATION = re.compile(r"<\?xml\b[^<>]*\?>")
_OF_XML = frozenset({"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"})
_REFERENCE = re.compile(r"&(#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fault_of(entry: Any) -> Reason | None:
    """Why an entry cannot be shown, or None."""
    if entry.get(_UNREADABLE):
        return Reason(ReasonCode.PAPER_UNREADABLE)
    for name, is_right in _NEEDED.items():
        text = entry.findtext(f"{ATOM}{name}") or ""
        if not plain_text(text):
            return Reason(ReasonCode.PAPER_WITHOUT, element=name)
        if not is_right(text.strip()):
            return Reason(ReasonCode.PAPER_WRONG, element=name, text=plain_text(text)[:100])
    return None


def _is_date(text: str) -> bool:
    try:
        # As the package reads it. Beyond these years, a week or another time zone has no date.
        return 1900 <= datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC).year <= 2200
    except (ValueError, OverflowError):
        return False


_NEEDED: dict[str, Callable[[str], bool]] = {
    "id": lambda text: find_id(text) is not None,
    "title": bool,
    "summary": bool,
    "published": _is_date,
    "updated": _is_date,
}


def error_of(entry: Any) -> Reason | None:
    """The message of an entry that is none: arXiv describes errors in feeds, sometimes with status 200."""
    if "/api/errors" not in (entry.findtext(f"{ATOM}id") or ""):
        return None
    return Reason(ReasonCode.OTHER, text=plain_text(entry.findtext(f"{ATOM}summary") or "")[:300])


def line_of(entry: Any, reason: Reason) -> LedgerLine:
    """The line of the ledger for an entry that cannot be shown."""
    name = plain_text(entry.findtext(f"{ATOM}id") or "")
    title = plain_text(entry.findtext(f"{ATOM}title") or "")[:300]
    key = str(find_id(name) or name[:100])
    return LedgerLine(key or title or "?", title, "filtered", (reason,))


def replace_by_stand_in(entry: Any) -> None:
    """Makes an entry one that the package returns: by their number it knows where the next page begins."""
    from lxml import etree

    entry[:] = []
    for name, text in {"id": STAND_IN, "updated": "2000-01-01", "published": "2000-01-01"}.items():
        etree.SubElement(entry, f"{ATOM}{name}").text = text
