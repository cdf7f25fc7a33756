"""Finds the web addresses of a paper's own code, data and demos in its text, and tells equal ones.

A paper also names many addresses of other people. One counts as the paper's own when a sentence publishes something
("our code is available at ..."), unless that sentence is about other people's work; in abstract and comment, any
counts that no sentence gives as what was used or compared with.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import parse_qs, urlsplit, urlunsplit

from mkdocs_paperdigest.text import BARE_HOST, CODE_HOSTS, PRINTED_ADDRESS, without_closing_marks

MOST_EXAMINED = 500
"""URLs examined in one text. No paper has as many, and judging each one takes time."""
MOST = 10
"""Links per paper. If more are found, some of them belong to other people."""

_PUBLISHERS = (
    "arxiv.org", "doi.org", "openreview.net", "creativecommons.org", "orcid.org", "semanticscholar.org",
    "wikipedia.org", "ieee.org", "acm.org", "springer.com", "springernature.com", "sciencedirect.com", "elsevier.com",
    "thecvf.com", "wiley.com", "nature.com", "science.org", "pnas.org", "tandfonline.com", "sagepub.com", "mdpi.com",
    "frontiersin.org", "plos.org", "biorxiv.org", "medrxiv.org", "ssrn.com", "jstor.org", "oup.com", "cambridge.org",
    "iop.org", "aps.org", "aip.org", "siam.org", "aclanthology.org", "aaai.org", "jmlr.org", "mlr.press", "usenix.org",
    "neurips.cc", "nips.cc", "iclr.cc", "icml.cc", "dblp.org", "researchgate.net", "scholar.google.com", "adsabs.harvard.edu",
    "inspirehep.net", "pubmed.ncbi.nlm.nih.gov",
)  # fmt: skip
"""Publishers, conferences and indexes: digest pages link to them already or do not need them."""
DATA_DOIS = {
    "10.5281": "Zenodo", "10.6084": "figshare", "10.5061": "Dryad", "10.17605": "OSF", "10.7910": "Dataverse",
    "10.17632": "Mendeley Data", "10.57967": "Hugging Face", "10.21227": "IEEE DataPort", "10.18112": "OpenNeuro",
    "10.13026": "PhysioNet", "10.5524": "GigaDB", "10.34740": "Kaggle",
}  # fmt: skip
"""Archives of data and code, by the prefix of their DOIs (https://www.doi.org/the-identifier/resources/handbook/)."""
COLLECTIONS = frozenset({"datasets", "models", "spaces", "studios"})
"""Parts of Hugging Face, ModelScope and Kaggle, before the owner."""

_OWNERS = (
    r"x{2,}|\*+|\.+|your|(?:your|my)[-_]?(?:user[-_]?name|user|name|org|repo|account|lab)|user[-_]?name|author[-_]?name"
    r"|anonym(?:ous|i[sz]ed)|anon|blinded|placeholder|redacted|t(?:bd|odo)"
)
_NAMES = r"x{2,}|\*+|\.+|your[-_]\w*|anonym(?:ous|i[sz]ed)|placeholder|redacted|t(?:bd|odo)|repo[-_]?name|.*-"
_PLACEHOLDER_OWNER = re.compile(_OWNERS, re.IGNORECASE)
_PLACEHOLDER_NAME = re.compile(_NAMES, re.IGNORECASE)
"""What stands for a name that is still to come; a name that ends in a hyphen was cut at the end of a line."""

_ADDRESS = re.compile(PRINTED_ADDRESS, re.IGNORECASE)
_RECORD = r"(?i)(?<![\w/.])(?:doi:\s?)?(10\.5281/zenodo\.\d+)"
"""The DOI of a record of Zenodo; papers give it without an address."""
_BROKEN = (
    # Lines of a PDF break a URL after the scheme, ...
    (re.compile(r"(https?:)\s*//\s*(?=[\w-]+\.\w)", re.I), r"\1//"),
    # ... at a slash or hyphen, unless the next line begins like a sentence, ...
    (re.compile(r"(https?://\S{0,300}[/-])[ \t]*\n\s*(?=[a-z0-9~_])(?!\d{1,2}(?:\D?\s|[A-Z]))"), r"\1"),
    (re.compile(r"(https?://[\w.-]{1,100}\.)\s*\n\s*(?=(?:com|org|net|io|co|edu)/)"), r"\1"),
    # Metadata have a space there, and often the rest of a sentence after it.
    (re.compile(rf"(https?://{BARE_HOST}/) (?=[\w.-]{{1,100}}/[\w.-])", re.I), r"\1"),
    (
        re.compile(
            rf"(https?://{BARE_HOST}/[\w.-]{{1,100}}/) (?=[\w.]{{0,60}}[-_\d][\w.-]{{0,60}}(?:[\s,;)]|$))",
            re.I,
        ),
        r"\1",
    ),
    # ... or before the repository's name is complete.
    (re.compile(rf"({BARE_HOST}/)\s*\n\s*(?=\w)", re.I), r"\1"),
    (re.compile(rf"({BARE_HOST}/[\w.-]{{1,100}})\n(?=[\w.-]{{1,100}}/[\w.-])", re.I), r"\1"),
    (re.compile(rf"({BARE_HOST}/[\w.-]{{1,100}}/[\w.-]{{0,100}}[-_])\s*\n\s*(?=\w)", re.I), r"\1"),
)

_ARTIFACT = (
    r"(?:codes?|source code|implementations?|software|programs?|package|toolkit|library|repository|repo|models?|weights"
    r"|checkpoints?|data|datasets?|benchmark|corpus|demos?|videos?|audio|samples|examples|results"
    r"|(?:project|github|web) ?(?:page|site)|website|materials?|supplement\w*|resources?|scripts?|notebooks?|tool)"
)
_MADE_AVAILABLE = re.compile(
    rf"\b{_ARTIFACT}\b[^.;]{{0,120}}\b(?:available|released|accessible|found|hosted|published|provided|deposited|archived|uploaded|here|on (?:github|gitlab|hugging ?face|zenodo))\b"
    r"|\b(?:data|code|software|materials?)(?: and \w+)? availability\b[^.;]{0,80}$"
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


_USED = re.compile(
    r"\b(?:their|his|her|using|uses?d?|adopt(?:ed|s)?|employ(?:ed|s)?|build(?:s|ing)? (?:up)?on|built (?:up)?on|based on|adapted from"
    r"|taken from|(?:down)?load(?:ed)? from|obtained from|from|et al|according to|thank|(?:evaluat|test|train|pre-?train|fine-?tun"
    r"|validat|experiment|benchmark)\w* (?:\w+ )?on|compar(?:e[ds]?|ing|ison) (?:to|with)|outperform\w*|than)\b[^.:]*$"
    r"|(?:基于|使用|采用|利用|相比|优于)[^。：:]*$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:codes?|scripts?|home ?page|web ?(?:page|site)?|github|repo(?:sitory)?|project|demos?|videos?|here|see|visit|available"
    rf"|releas\w+|our (?:\w+ )?{_ARTIFACT})\W*(?:\w+\b\W*){{0,4}}$"
    r"|(?:代码|项目|主页|数据集?|开源|公开|演示)[^。]{0,12}$",
    re.IGNORECASE,
)


def own_links(front: Iterable[str], body: str = "", *, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The URLs that a paper presents as its own, at most `MOST`.

    Arguments:
        front: Abstract and comment, where every URL counts except those of publishers.
        body: The rest of the paper, where a URL counts only in a sentence that publishes something.
        known: URLs found elsewhere; they come after those in `front`.
    """
    stated, used = list[str](), set[str]()
    for text in front:
        # Most texts have nothing to join, which takes time to find out.
        broken = "\n" in text or "/ " in text or ": /" in text
        for url, before in _addresses(rejoin_addresses(text) if broken else text):
            if _made_available(before) or not _USED.search(before) or _PUBLISHED.search(before):
                stated.append(url)
            else:
                used.add(place(url))
    cleaned = (_cleaned(address) for address in known)
    later = [url for url in cleaned if url and not _belongs_to_publisher(url)]
    later += [url for url, before in _addresses(body) if _made_available(before)]
    unique: dict[str, str] = {}
    for url in (*stated, *(url for url in later if place(url) not in used)):
        # The ends of lines take hyphens away.
        spelling = re.sub(r"(?<=\w)[-_](?=\w)", "", place(url))
        known_url = unique.setdefault(spelling, url)
        if known_url not in stated and len(place(url)) > len(place(known_url)):
            unique[spelling] = url
    return tuple(unique.values())[:MOST]


def rejoin_addresses(text: str) -> str:
    """Joins URLs that were split across lines of a PDF page."""
    for pattern, joined in _BROKEN:
        text = pattern.sub(joined, text)
    return text


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Every URL that is not a publisher's, with the part of its sentence before it."""
    text = re.sub(_RECORD, r"https://doi.org/\1", text) if "10.5281" in text else text
    if "/" not in text:
        return
    for match in islice(_ADDRESS.finditer(text), MOST_EXAMINED):
        url = _cleaned(match[0])
        cut = text.startswith(("...", "…"), match.start() + len(match[0].rstrip(".")))
        if url and not cut and len(match[0]) <= 300 and not _belongs_to_publisher(url):
            before = text[max(0, match.start() - 250) : match.start()].replace("et al.", "et al")
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
    if host == "hf.co":
        host = "huggingface.co"
    path = parts.path.removesuffix(".git") if host in CODE_HOSTS else parts.path
    if _is_placeholder(host, path):
        return None
    return urlunsplit((parts.scheme.lower(), host, path, parts.query, parts.fragment))


def place(url: str) -> str:
    """What an address leads to, equal for all its spellings: a repository, a video, a record of an archive, else a page."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = re.sub(r"/(?:index\.\w+)?$", "", parts.path)
    names = [part for part in path.split("/") if part]
    found = f"{host}{path}"
    if host in ("youtu.be", "youtube.com"):
        video = parse_qs(parts.query).get("v") or names[-1:]
        return f"youtube.com {video[0]}" if video else host
    if record := re.search(r"zenodo(?:\.org/(?:records?|deposit)/|\.)(\d+)", found):
        return f"zenodo.org {record[1]}"
    if host in CODE_HOSTS:
        start = 1 if names and names[0].lower() in COLLECTIONS else 0
        found = (
            "/".join([host, *names[: start + 2]]).removesuffix(".git")
            if host != "gitlab.com"
            else found.partition("/-/")[0]
        )
    elif parts.query:
        found += f"?{parts.query}"
    return found.casefold()


def _is_placeholder(host: str, path: str) -> bool:
    """Whether an address stands for one that is still to come, or was cut."""
    name, _, domain = host.partition(".")
    if domain in ("github.io", "gitlab.io"):
        return bool(_PLACEHOLDER_OWNER.fullmatch(name))
    if host not in CODE_HOSTS:
        return bool(re.fullmatch(r"(?:www\.)?(?:x{2,}|example|yourdomain|domain)\.com", host))
    names = [part for part in path.split("/") if part]
    if names and names[0].lower() in COLLECTIONS:
        names = names[1:]
    return bool(
        names
        and (_PLACEHOLDER_OWNER.fullmatch(names[0]) or (names[1:] and _PLACEHOLDER_NAME.fullmatch(names[1])))
    )


def _belongs_to_publisher(url: str) -> bool:
    """Whether a URL is a publisher's, or only the front page of a code host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host.endswith("doi.org") and parts.path[1:].partition("/")[0] in DATA_DOIS:
        return False
    front = not parts.path.strip("/") and host in CODE_HOSTS
    return front or any(host == name or host.endswith(f".{name}") for name in _PUBLISHERS)
