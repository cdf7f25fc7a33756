"""Escapes external text for each place in a page: Markdown, attribute, title, description, web address.

All text from arXiv, PDFs, BibTeX files and models passes through here on its way into a page. It becomes
entities before any Markdown parser, template plugin or snippet extension sees it, so it can never act as
markup, whatever extensions the site uses.
"""

import html
import re
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from mkdocs_paperdigest.text import harmless, publishable

LONGEST_ADDRESS = 2000
"""The most characters of a web address; servers and browsers refuse longer ones."""
# All ASCII punctuation except the comma, which has no meaning in any known extension.
_ENTITIES = {ord(mark): f"&#{ord(mark)};" for mark in r"""!"#$%&'()*+-./:;<=>?@[\]^_`{|}~"""}
# Underscores are safe only inside words; elsewhere Markdown may read them as emphasis.
_NO_SEGMENT = re.compile(r"[^A-Za-z0-9_.-]+|(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])")
_ADDRESS_UNSAFE = re.compile(r"[^A-Za-z0-9/:.,-]")
# What `quote` leaves as it is: `%` and the characters of RFC 3986 except quotes and square brackets.
_ADDRESS_SAFE = "/:?#@!$&*+,;=%~()-._"


def escape(text: str, *, keep_edges: bool = False) -> Markup:
    """The text in a form that is valid as Markdown, as HTML content and as a quoted HTML attribute.

    Arguments:
        text: Any string.
        keep_edges: Whether to keep a space at either end, for text that goes between other texts.
    """
    return Markup(_escaped(publishable(text, keep_edges=keep_edges)))  # noqa: S704 - every special character is gone


def _escaped(text: str) -> str:
    escaped = text.translate(_ENTITIES)
    # pymdownx.magiclink makes a link to a commit of 40 hexadecimal digits.
    return _HASH.sub(lambda found: f"{found[1]}&#{ord(found[2])};", escaped) if len(text) >= 40 else escaped


_HASH = re.compile("([0-9A-Fa-f]{15})([0-9A-Fa-f])")


def escape_attribute(text: str) -> Markup:
    """The text as the value of an attribute: quoted in HTML, or an image's alternative text in Markdown.

    Every template goes through here (`attributes.py`). A value without dangerous marks is escaped as always.

    Arguments:
        text: Anything at all; markup, such as what a macro returns, stays as it is where it is harmless.
    """
    if isinstance(text, Markup):
        plain = text.unescape()
        return text if inert(plain) == plain else escape_attribute(plain)
    # Published first: what it drops may stand within a character reference.
    return escape(inert(publishable(text, keep_edges=True)), keep_edges=True)


def escape_alt(text: str) -> Markup:
    """The text as an image's alternative text."""
    return escape_attribute(text.strip())


def inert(text: str, *, in_front_matter: bool = False) -> str:
    """The text with marks that only look like those of HTML, so that no way to write it again makes markup.

    Entities are not enough for an attribute. Plugins that rewrite finished pages decode them: `<` is allowed
    in a quoted value, and htmlmin writes it so; Material's privacy plugin then finds tags in it by pattern.
    GLightbox shows a value as HTML. A value that is decoded twice even loses `&amp;lt;`.

    Arguments:
        text: Anything at all.
        in_front_matter: Themes and plugins print it between double quotes without escaping it, so these become
            typographic always; elsewhere quotation marks do so beside a `=` alone, without which the end of
            an attribute cannot begin another one.
    """
    text = text.translate(_BRACKETS)
    if _hides(text, "<>\"'`="):
        text = text.replace("&", "＆")
    if in_front_matter:
        text = _PAIR.sub(r"“\1”", text).replace('"', "”")
    return text.translate(_QUOTES) if "=" in text else text


_BRACKETS = str.maketrans("<>", "＜＞")
_QUOTES = str.maketrans("\"'`", "”’‘")
_PAIR = re.compile(r'"([^"]*)"')
_REFERENCE = re.compile(r"&#?[A-Za-z0-9]")


def _hides(text: str, marks: str) -> bool:
    """Whether character references in a text stand for any of the marks, however often they are escaped."""
    if not _REFERENCE.search(text):
        return False
    decoded = text
    for _ in range(5):  # who escapes more often than that hides something
        before, decoded = decoded, html.unescape(decoded)
        if before == decoded:
            return any(decoded.count(mark) > text.count(mark) for mark in marks)
    return True


def escape_title(text: str) -> str:
    """The text as a front-matter title or tag, which themes print as HTML and in attributes as it stands."""
    text = inert(publishable(text), in_front_matter=True)
    return _without_braces(html.escape(text, quote=False))


def escape_description(text: str, limit: int = 200) -> str:
    """The text as a front-matter description, cut at a word; themes print it inside an attribute."""
    return _without_braces(html.escape(inert(shorten(text, limit)), quote=True))


def escape_lines(text: str) -> Markup:
    """Like `escape`, but keeps line breaks, for text inside a `pre`."""
    lines = (harmless(line).rstrip() for line in text.splitlines())
    return Markup(_escaped("\n".join(lines)))  # noqa: S704 - every special character is gone


def shorten(text: str, limit: int) -> str:
    """The text, cut to at most `limit` characters and an ellipsis, at the end of a word if one is near."""
    text = publishable(text)
    if len(text) <= limit:
        return text
    head = text[:limit]
    word = head.rsplit(" ", 1)[0]
    # Chinese has no spaces between words, so the last space may be far from the end.
    kept = word if len(word) > limit * 3 // 4 else head
    return kept.rstrip(" ,;:.，；：。") + "…"


def safe_address(url: str) -> str | None:
    """The URL with all unusual characters percent-encoded, or None if it is not a valid web address.

    MkDocs parses every link of a page, and a link that `urlsplit` refuses ends the build.
    """
    url = publishable(url)
    if any(mark in url for mark in " []\\^`{|}<>\"'") or len(url) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and _is_public(parts.hostname or "")
        _ = parts.port
    except ValueError:
        return None
    if _hides(url, "<>\"'`"):
        # A name of a query may look like a reference (`&lt=5`); percent-encoded it is the same name.
        url = _REFERENCE.sub(_unlike_a_reference, url)
    return quote(url, safe=_ADDRESS_SAFE) if sound and not parts.username else None


def _is_public(host: str) -> bool:
    """Whether a host may be on the public web: no name or address of the reader's own network."""
    host = host.rstrip(".")
    try:
        return ip_address(host).is_global
    except ValueError:
        # Browsers read `127.1` and `0x7f.1` as addresses too: what ends in a number is no name (WHATWG URL, 3.5).
        name = re.search(r"\.(?!0x)[^.\d][^.]*$", host.lower())
        return name is not None and name[0] not in _LOCAL_DOMAINS


_LOCAL_DOMAINS = frozenset(
    {".corp", ".home", ".internal", ".intranet", ".lan", ".local", ".localdomain", ".localhost", ".private"}
)


def _unlike_a_reference(found: re.Match[str]) -> str:
    mark = found[0]
    return f"%26{mark[1:]}" if mark[1] == "#" else f"&%{ord(mark[1]):02X}"


def escape_address(url: str) -> Markup:
    """A valid address, escaped for a quoted HTML attribute."""
    entities = _ADDRESS_UNSAFE.sub(lambda found: f"&#{ord(found[0])};", url)
    return Markup(entities)  # noqa: S704 - every special character is gone


def escape_path(path: str) -> Markup:
    """A relative path within the site as the destination of a Markdown link; MkDocs decodes it."""
    return Markup(quote(path, safe="/.-_"))  # noqa: S704 - every special character is gone


def path_segment(name: str) -> str:
    """The name as one path segment and as an HTML id; a safe name stays as it is.

    BibTeX keys may hold any characters. A hash keeps apart two names that would become the same.
    """
    safe = _NO_SEGMENT.sub("-", publishable(name)).lstrip(".") or "paper"
    if safe == name:
        return name
    from hashlib import sha256

    return f"{safe}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _without_braces(text: str) -> str:
    return text.replace("{", "&#123;").replace("}", "&#125;")
