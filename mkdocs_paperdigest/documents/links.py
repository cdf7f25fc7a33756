"""Where a paper's own code, data and demonstrations are, as its authors say.

A paper names many repositories that are not its own. An address counts when it stands in the
abstract, the comment or on the title page, or in a sentence by which authors hand something over
("our code is available at ..."); never when the sentence speaks of other people's work.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit, urlunsplit

MOST = 5
"""No paper has more homes of its own than this; more means that others' were mistaken for them."""

_HOSTS = (
    "github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "huggingface.co",
    "zenodo.org", "figshare.com", "osf.io", "kaggle.com", "modelscope.cn", "sites.google.com",
    "colab.research.google.com", "anonymous.4open.science",
)  # fmt: skip
_HOST_ENDINGS = (
    ".github.io",
    ".gitlab.io",
    ".hf.space",
    ".pages.dev",
    ".netlify.app",
    ".vercel.app",
)
_NEVER = (
    "arxiv.org", "doi.org", "openreview.net", "creativecommons.org", "orcid.org", "semanticscholar.org",
    "wikipedia.org", "ieee.org", "acm.org", "springer.com", "sciencedirect.com", "thecvf.com",
)  # fmt: skip
_BARE_HOSTS = r"(?:github\.com|gitlab\.com|huggingface\.co|bitbucket\.org|[\w-]+\.github\.io)"

_URL = re.compile(
    rf"(?:https?://|(?<![\w./@-])(?={_BARE_HOSTS}/))[^\s<>\"'`{{}}|\\^\[\]]{{4,300}}", re.IGNORECASE
)
_BROKEN = re.compile(
    # A line break after the scheme, a slash or a hyphen, or inside `github.com/owner`: the PDF's, not
    # the address's. What follows must look like the rest of an address, not like a sentence.
    rf"(https?://(?:[^\s<>]*[/\-_.])?)[ \t]*\n\s*(?=[\w~%-]+[./\w~%-])|({_BARE_HOSTS}/)\s*\n\s*(?=\w)",
    re.IGNORECASE,
)
_THING = (
    r"(?:code|codes|implementation|software|package|toolkit|library|repository|repo|models?|weights|checkpoints?"
    r"|data|datasets?|benchmark|corpus|demos?|videos?|audio|samples|examples|results|page|website|webpage|site"
    r"|materials?|supplement\w*|project|resources?|scripts?|notebooks?|tools?)"
)
_HANDING_OVER = re.compile(
    rf"\b(?:our|all|the|this|source|project|demo)\b[^.;]{{0,80}}\b{_THING}\b[^.;]{{0,120}}"
    r"(?:\bat\b|\bon\b|\bfrom\b|\bin\b|\bvia\b|\bhere\b|\bsee\b|:|\(|-)\W*$"
    rf"|\b{_THING}\b[^.;]{{0,60}}\b(?:available|released|accessible|found|hosted|published|open-?sourced?)\b[^.;]{{0,80}}$"
    rf"|\bwe (?:\w+ )?(?:release|provide|publish|share|open-?source|make|offer)\b[^.;]{{0,120}}$"
    rf"|(?:^|[.;:]\s*)(?:\w+ ){{0,2}}{_THING}(?: page)?\s*(?::|is at|at)\s*$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:their|they|his|her|we (?:\w+ )?(?:use|used|adopt|adopted|follow|followed|employ|employed|download\w*|build|built|borrow)"
    r"|using|based on|built (?:up)?on|borrowed|adapted from|taken from|downloaded|obtained from|official"
    r"|original|third.party|et al|baselines?|courtesy|thank|authors of|provided by|implemented (?:in|by|with)|according to)\b",
    re.IGNORECASE,
)


def own_links(
    front: Iterable[str], body: str = "", *, known: Iterable[str] = ()
) -> tuple[str, ...]:
    """The addresses that a paper presents as its own, normalised, at most `MOST`.

    Arguments:
        front: Texts in which every address counts that is not a publisher's: abstract, comment,
            title page.
        body: The rest of the paper, where only a sentence that hands something over counts.
        known: Addresses found before; they come after the new ones from `front`.
    """
    found = [url for text in front for url, _, _ in _addresses(text) if _is_home(url)]
    found += known
    for url, before, after in _addresses(body):
        if not _refused(url) and _offered(before, after):
            found.append(url)
    unique: dict[str, str] = {}
    for url in found:
        unique.setdefault(url.casefold().split("://", 1)[1].removeprefix("www."), url)
    return tuple(unique.values())[:MOST]


def _addresses(text: str) -> list[tuple[str, str, str]]:
    """Every address with what stands before it in its sentence and after it."""
    text = _BROKEN.sub(lambda match: match[1] or match[2], text)
    found = []
    for match in _URL.finditer(text):
        if url := _normal(match[0]):
            before = text[max(0, match.start() - 250) : match.start()]
            before = re.split(r"(?<=[.!?])\s+(?=[A-Z(])|\n\s*\n", before)[-1]
            after = re.split(r"[.!?](?:\s|$)|\n\s*\n", text[match.end() : match.end() + 80])[0]
            found.append((url, " ".join(before.split()), " ".join(after.split())))
    return found


def _offered(before: str, after: str) -> bool:
    if _OTHERS.search(before):
        return False
    handed = before if before.endswith((":", "(", "-")) else f"{before} "
    return bool(_HANDING_OVER.search(handed)) or bool(
        re.search(rf"\b(?:our|source)\b[^.;]{{0,40}}\b{_THING}\b", before, re.IGNORECASE)
        or re.match(
            rf"\W*(?:for|contains|hosts)\b[^.;]{{0,30}}\bour\b[^.;]{{0,30}}\b{_THING}\b", after
        )
    )


def _normal(url: str) -> str | None:
    """The address without the sentence's punctuation, or None if it is no web address."""
    if "://" not in url:
        url = f"https://{url}"
    url = url.rstrip(".,;:!?*'’”\"…†‡∗")
    while url.endswith((")", "]", "}")) and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(".,;:")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        port = parts.port
    except ValueError:
        return None
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) or parts.username or port:
        return None
    path = parts.path.rstrip("/")
    if host.removeprefix("www.") in {"github.com", "gitlab.com"}:
        path = path.removesuffix(".git")
    if any(ord(character) < 32 for character in unquote(path)):
        return None
    return urlunsplit((parts.scheme.lower(), host, path, parts.query, parts.fragment))


def _refused(url: str) -> bool:
    """Whether it is a publisher's or the bare door of a code host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if any(host == name or host.endswith(f".{name}") for name in _NEVER):
        return True
    return host in _HOSTS and not parts.path.strip("/")


def _is_home(url: str) -> bool:
    """Whether an address in an abstract or comment is worth a link of its own."""
    return not _refused(url)
