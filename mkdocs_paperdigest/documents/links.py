"""Where a paper's own code, data and demonstrations are, as its authors say.

A paper names many repositories that are not its own. An address counts when it stands in the abstract
or the comment, or in a sentence by which authors hand something over ("our code is available at ...");
not when that sentence speaks of other people's work.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit, urlunsplit

from mkdocs_paperdigest.text import BARE_HOST, CODE_HOSTS, PRINTED_ADDRESS, without_closing_marks

MOST_LOOKED_AT = 500
"""Addresses in one text; no paper has as many, and each is judged by the sentence before it."""
MOST = 5
"""No paper has more homes of its own than this; more means that others' were mistaken for them."""

_NEVER = (
    "arxiv.org", "doi.org", "openreview.net", "creativecommons.org", "orcid.org", "semanticscholar.org",
    "wikipedia.org", "ieee.org", "acm.org", "springer.com", "sciencedirect.com", "thecvf.com",
)  # fmt: skip
"""Publishers and indexes, which the page links to already or has no need of."""

_ADDRESS = re.compile(PRINTED_ADDRESS, re.IGNORECASE)
_BROKEN = (
    # Lines of a PDF that break an address: after the scheme, ...
    (re.compile(r"(https?:)\s*//\s*(?=[\w-]+\.\w)", re.I), r"\1//"),
    # ... at a slash or hyphen, before what does not begin like a sentence, ...
    (
        re.compile(r"(https?://\S{0,300}[/-])[ \t]*\n\s*(?=[a-z0-9~_])(?!\d{1,2}(?:\D?\s|[A-Z]))"),
        r"\1",
    ),
    (re.compile(r"(https?://[\w.-]{1,100}\.)\s*\n\s*(?=(?:com|org|net|io|co|edu)/)"), r"\1"),
    # ... or before the repository's name is complete.
    (re.compile(rf"({BARE_HOST}/)\s*\n\s*(?=\w)", re.I), r"\1"),
    (re.compile(rf"({BARE_HOST}/[\w.-]{{1,100}})\n(?=[\w.-]{{1,100}}/[\w.-])", re.I), r"\1"),
    (re.compile(rf"({BARE_HOST}/[\w.-]{{1,100}}/[\w.-]{{0,100}}[-_])\s*\n\s*(?=\w)", re.I), r"\1"),
)

_THING = (
    r"(?:codes?|source code|implementations?|software|package|toolkit|library|repository|repo|models?|weights"
    r"|checkpoints?|data|datasets?|benchmark|corpus|demos?|videos?|audio|samples|examples|results"
    r"|(?:project|github|web) ?(?:page|site)|website|materials?|supplement\w*|resources?|scripts?|notebooks?|tool)"
)
_HANDED_OVER = re.compile(
    rf"\b{_THING}\b[^.;]{{0,120}}\b(?:available|released|accessible|found|hosted|published|provided|here|on (?:github|gitlab|hugging ?face|zenodo))\b"
    rf"|\bwe\b[^.;]{{0,30}}\b(?:release|provide|publish|share|open-?source|make)\b"
    rf"|\bour\b[^.;]{{0,60}}\b{_THING}\b"
    rf"|(?:^|[.;:,†‡*\d]\s*)(?:\w+ )?{_THING}(?: (?:for|of|and|overview)\b[^.;:]{{0,80}})?(?: is at| at|\s*[:(])\W*$",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:their|his|her|(?<!code )we (?:\w+ )?(?:use|adopt|follow|employ|download|build|built|borrow)(?:e?d)?|using|uses"
    r"|based on|built (?:up)?on|borrowed|inspired|adapted from|taken from|downloaded|obtained from|official|original"
    r"|third.party|et al|baselines?|thank|authors of|implemented (?:in|with)|according to|home ?page)\b",
    re.IGNORECASE,
)


def own_links(
    front: Iterable[str], body: str = "", *, known: Iterable[str] = ()
) -> tuple[str, ...]:
    """The addresses that a paper presents as its own, at most `MOST`.

    Arguments:
        front: Abstract and comment, where every address counts that is not a publisher's.
        body: The rest of the paper, where only a sentence that hands something over counts.
        known: Addresses found elsewhere; they come after those of `front`.
    """
    found = [url for text in front for url, _ in _addresses(text)]
    found += known
    found += [url for url, before in _addresses(body) if _offered(before)]
    unique: dict[str, str] = {}
    for url in found:
        unique.setdefault(_bare(url), url)
    return tuple(unique.values())[:MOST]


def rejoin_addresses(text: str) -> str:
    """Mends the web addresses that the lines of a PDF page have broken."""
    for pattern, joined in _BROKEN:
        text = pattern.sub(joined, text)
    return text


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Every address that may be a home, with what stands before it in its sentence."""
    for match in islice(_ADDRESS.finditer(text), MOST_LOOKED_AT):
        url = _normal(match[0])
        if url and not _belongs_to_publisher(url):
            before = text[max(0, match.start() - 250) : match.start()]
            sentence = re.split(r"(?<=[.!?])\s+(?=[\d*∗†‡]*[A-Z(])|\n\s*\n", before)[-1]
            yield url, " ".join(sentence.split())


def _offered(before: str) -> bool:
    before = re.sub(r"\([^()]*\)", "", before)
    return bool(_HANDED_OVER.search(before)) and not _OF_OTHERS.search(before)


def _normal(url: str) -> str | None:
    """The address without the sentence's punctuation, or None if it is no address of the web."""
    if "://" not in url:
        url = f"https://{url}"
    url = re.sub(r"(?<=[A-Za-z/])\.\d{1,2}$", "", url)  # a footnote's mark
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


def _bare(url: str) -> str:
    """What two spellings of one address have in common."""
    return url.casefold().split("://", 1)[1].removeprefix("www.").rstrip("/")


def _belongs_to_publisher(url: str) -> bool:
    """Whether it is a publisher's address or no more than the door of a code host."""
    bare = _bare(url)
    host = bare.split("/", 1)[0]
    return bare in CODE_HOSTS or any(host == name or host.endswith(f".{name}") for name in _NEVER)
