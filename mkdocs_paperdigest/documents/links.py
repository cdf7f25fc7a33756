"""Finds the links to a paper's own code, data and demos in its text.

A paper also links to many repositories of other people. A link counts as the paper's own when it is in the
abstract or the comment, or in a sentence in which the authors publish something ("our code is available at
..."), unless that sentence is about other people's work.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

from mkdocs_paperdigest.text import BARE_HOST, CODE_HOSTS, PRINTED_ADDRESS, without_closing_marks

MOST_EXAMINED = 500
"""URLs examined in one text. No paper has as many, and judging each one takes time."""
MOST = 5
"""Links per paper. If more are found, some of them belong to other people."""

_PUBLISHERS = (
    "arxiv.org", "doi.org", "openreview.net", "creativecommons.org", "orcid.org", "semanticscholar.org",
    "wikipedia.org", "ieee.org", "acm.org", "springer.com", "sciencedirect.com", "thecvf.com",
)  # fmt: skip
"""Publishers and indexes: digest pages link to them already or do not need them."""

_ADDRESS = re.compile(PRINTED_ADDRESS, re.IGNORECASE)
_BROKEN = (
    # Lines of a PDF break a URL after the scheme, ...
    (re.compile(r"(https?:)\s*//\s*(?=[\w-]+\.\w)", re.I), r"\1//"),
    # ... at a slash or hyphen, unless the next line begins like a sentence, ...
    (re.compile(r"(https?://\S{0,300}[/-])[ \t]*\n\s*(?=[a-z0-9~_])(?!\d{1,2}(?:\D?\s|[A-Z]))"), r"\1"),
    (re.compile(r"(https?://[\w.-]{1,100}\.)\s*\n\s*(?=(?:com|org|net|io|co|edu)/)"), r"\1"),
    # ... or before the repository's name is complete.
    (re.compile(rf"({BARE_HOST}/)\s*\n\s*(?=\w)", re.I), r"\1"),
    (re.compile(rf"({BARE_HOST}/[\w.-]{{1,100}})\n(?=[\w.-]{{1,100}}/[\w.-])", re.I), r"\1"),
    (re.compile(rf"({BARE_HOST}/[\w.-]{{1,100}}/[\w.-]{{0,100}}[-_])\s*\n\s*(?=\w)", re.I), r"\1"),
)

_ARTIFACT = (
    r"(?:codes?|source code|implementations?|software|package|toolkit|library|repository|repo|models?|weights"
    r"|checkpoints?|data|datasets?|benchmark|corpus|demos?|videos?|audio|samples|examples|results"
    r"|(?:project|github|web) ?(?:page|site)|website|materials?|supplement\w*|resources?|scripts?|notebooks?|tool)"
)
_MADE_AVAILABLE = re.compile(
    rf"\b{_ARTIFACT}\b[^.;]{{0,120}}\b(?:available|released|accessible|found|hosted|published|provided|here|on (?:github|gitlab|hugging ?face|zenodo))\b"
    rf"|\bwe\b[^.;]{{0,30}}\b(?:release|provide|publish|share|open-?source|make)\b"
    rf"|\bour\b[^.;]{{0,60}}\b{_ARTIFACT}\b"
    rf"|(?:^|[.;:,†‡*\d]\s*)(?:\w+ )?{_ARTIFACT}(?: (?:for|of|and|overview)\b[^.;:]{{0,80}})?(?: is at| at|\s*[:(])\W*$",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:their|his|her|(?<!code )we (?:\w+ )?(?:use|adopt|follow|employ|download|build|built|borrow)(?:e?d)?|using|uses"
    r"|based on|built (?:up)?on|borrowed|inspired|adapted from|taken from|downloaded|obtained from|official|original"
    r"|third.party|et al|baselines?|thank|authors of|implemented (?:in|with)|according to|home ?page)\b",
    re.IGNORECASE,
)


def own_links(front: Iterable[str], body: str = "", *, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The URLs that a paper presents as its own, at most `MOST`.

    Arguments:
        front: Abstract and comment, where every URL counts except those of publishers.
        body: The rest of the paper, where a URL counts only in a sentence that publishes something.
        known: URLs found elsewhere; they come after those in `front`.
    """
    found = [url for text in front for url, _ in _addresses(text)]
    found += known
    found += [url for url, before in _addresses(body) if _made_available(before)]
    unique: dict[str, str] = {}
    for url in found:
        unique.setdefault(_comparable(url), url)
    return tuple(unique.values())[:MOST]


def rejoin_addresses(text: str) -> str:
    """Joins URLs that were split across lines of a PDF page."""
    for pattern, joined in _BROKEN:
        text = pattern.sub(joined, text)
    return text


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Every URL that is not a publisher's, with the part of its sentence before it."""
    for match in islice(_ADDRESS.finditer(text), MOST_EXAMINED):
        url = _cleaned(match[0])
        if url and not _belongs_to_publisher(url):
            before = text[max(0, match.start() - 250) : match.start()]
            sentence = re.split(r"(?<=[.!?])\s+(?=[\d*∗†‡]*[A-Z(])|\n\s*\n", before)[-1]
            yield url, " ".join(sentence.split())


def _made_available(before: str) -> bool:
    before = re.sub(r"\([^()]*\)", "", before)
    return bool(_MADE_AVAILABLE.search(before)) and not _OF_OTHERS.search(before)


def _cleaned(url: str) -> str | None:
    """The URL without the punctuation of its sentence, or None if it is not a web address."""
    if "://" not in url:
        url = f"https://{url}"
    url = re.sub(r"(?<=[A-Za-z/])\.\d{1,2}$", "", url)  # a footnote mark
    url = without_closing_marks(url, also="$")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) or parts.username or port:
        return None
    path = parts.path.removesuffix(".git") if host in CODE_HOSTS else parts.path
    return urlunsplit((parts.scheme.lower(), host, path, parts.query, parts.fragment))


def _comparable(url: str) -> str:
    """The part of a URL that is equal in different spellings of it."""
    return url.casefold().split("://", 1)[1].removeprefix("www.").rstrip("/")


def _belongs_to_publisher(url: str) -> bool:
    """Whether a URL is a publisher's, or only the front page of a code host."""
    key = _comparable(url)
    host = key.split("/", 1)[0]
    return key in CODE_HOSTS or any(host == name or host.endswith(f".{name}") for name in _PUBLISHERS)
