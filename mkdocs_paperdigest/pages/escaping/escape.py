"""External text made harmless: as Markdown, as page title, as description, as web address.

Everything that arXiv, PDFs, BibTeX files and models say passes through here on its way into a page.
Text becomes entities before any Markdown parser, template plugin or snippet extension sees it, so no
markup of theirs can come into being, whatever the site's extensions are.
"""

import html
import re
from urllib.parse import quote, urlsplit

from markupsafe import Markup

LONGEST_ADDRESS = 2000
"""Characters of a web address; servers and browsers refuse longer ones."""
# Every ASCII punctuation character but the comma, which means nothing to any known extension.
_ENTITIES = {ord(mark): f"&#{ord(mark)};" for mark in r"""!"#$%&'()*+-./:;<=>?@[\]^_`{|}~"""}
# Control characters (two of them are Python-Markdown's own placeholders), lone surrogates, which have
# no UTF-8 form, non-characters, the marks that turn the direction of all text that follows, and
# characters that hide text: annotations and tags (Unicode's technical report 36).
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Marks that pile up over the lines above; no script has more than four of them on one letter.
_MARKS = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_PILE = re.compile(f"({_MARKS}{{4}}){_MARKS}+")
_SPACE = re.compile(r"\s+")
# Underscores are for the inside of words: elsewhere Markdown may take them for emphasis.
_NO_SEGMENT = re.compile(r"[^A-Za-z0-9_.-]+|(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])")
_ADDRESS_UNSAFE = re.compile(r"[^A-Za-z0-9/:.,-]")
# What `quote` may leave alone: the reserved characters of RFC 3986 but for quotes, and `%`.
_ADDRESS_SAFE = "/:?#@!$&*+,;=%~()-._"


def escape(text: str, *, keep_edges: bool = False) -> Markup:
    """The text as Markdown, as HTML content and as a quoted HTML attribute: valid in all three.

    Arguments:
        text: Anything at all.
        keep_edges: Leave a space at either end where the text has one: it goes between other texts.
    """
    cleaned = _on_one_line(text) if keep_edges else clean(text)
    return Markup(cleaned.translate(_ENTITIES))  # noqa: S704 - every special character is gone


def clean(text: str) -> str:
    """The text on one line, without characters that could not stand in a page or would harm it."""
    return _on_one_line(text).strip()


def escape_alt(text: str) -> Markup:
    """The text as an image's alternative text, without angle brackets.

    Lightboxes read it from the page again and show it as HTML (GLightbox with `auto_caption`).
    """
    return escape(text.replace("<", "＜").replace(">", "＞"))


def escape_title(text: str) -> str:
    """The text as a front-matter title, which themes print as HTML without escaping it."""
    return _without_braces(html.escape(clean(text), quote=False))


def escape_description(text: str, limit: int = 200) -> str:
    """The text as a front-matter description, cut at a word; themes print it inside an attribute."""
    return _without_braces(html.escape(shorten(text, limit), quote=True))


def escape_lines(text: str) -> Markup:
    """Like `escape`, but lines stay lines: for the inside of a `pre`."""
    lines = (_harmless(line).rstrip() for line in text.splitlines())
    return Markup("\n".join(lines).translate(_ENTITIES))  # noqa: S704 - every special character is gone


def shorten(text: str, limit: int) -> str:
    """The text, cut at a word, if one ends near, where it is longer than that many characters."""
    text = clean(text)
    if len(text) <= limit:
        return text
    head = text[:limit]
    word = head.rsplit(" ", 1)[0]
    # Chinese has no spaces between words: its last one may be far from the end.
    kept = word if len(word) > limit * 3 // 4 else head
    return kept.rstrip(" ,;:.，；：。") + "…"


def safe_address(url: str) -> str | None:
    """The URL with everything unusual percent-encoded, or None where it is not a sound web address.

    MkDocs parses each link of a page and stops the build at one that `urlsplit` refuses.
    """
    url = clean(url)
    if any(mark in url for mark in " []\\^`{|}<>\"'") or len(url) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
        _ = parts.port
    except ValueError:
        return None
    return quote(url, safe=_ADDRESS_SAFE) if sound and not parts.username else None


def escape_address(url: str) -> Markup:
    """A sound address for a quoted HTML attribute."""
    entities = _ADDRESS_UNSAFE.sub(lambda found: f"&#{ord(found[0])};", url)
    return Markup(entities)  # noqa: S704 - every special character is gone


def escape_path(path: str) -> Markup:
    """A relative path of the site as a Markdown link's destination; MkDocs decodes it again."""
    return Markup(quote(path, safe="/.-_"))  # noqa: S704 - every special character is gone


def path_segment(name: str) -> str:
    """The name as one segment of a path and as an HTML id, itself where that is safe.

    BibTeX keys may hold anything; a digest keeps two names apart that would become one.
    """
    safe = _NO_SEGMENT.sub("-", clean(name)).lstrip(".") or "paper"
    if safe == name:
        return name
    from hashlib import sha256

    return f"{safe}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _on_one_line(text: str) -> str:
    return _SPACE.sub(" ", _harmless(text))


def _harmless(text: str) -> str:
    text = _HARMFUL.sub("", text)
    return text if text.isascii() else _PILE.sub(r"\1", text)


def _without_braces(text: str) -> str:
    return text.replace("{", "&#123;").replace("}", "&#125;")
