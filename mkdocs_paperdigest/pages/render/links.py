"""The links of an entry: the paper on arXiv, its code and its project pages, as valid addresses only."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mkdocs_paperdigest.models import Entry, Paper
from mkdocs_paperdigest.pages.escaping.escape import LONGEST_ADDRESS, safe_address
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.text import ADDRESS, CODE_HOSTS, publishable, without_closing_marks

ARXIV = "https://arxiv.org"
"""Links for readers lead here, whatever mirror or proxy the build uses."""
_NO_HTML = Reason(ReasonCode.NO_HTML, Reason(ReasonCode.ARXIV_HAS_NONE))
_ADDRESS = re.compile(ADDRESS, re.IGNORECASE)
_MOST_FOUND = 6


@dataclass(frozen=True, slots=True)
class Link:
    """One link of an entry."""

    kind: str
    """`abstract`, `pdf`, `html`, `doi`, `code`, `project` or `page`; also the key of its label."""
    url: str
    """A valid web address."""

    @property
    def host(self) -> str:
        """The host that it leads to, for a tooltip."""
        return urlsplit(self.url).hostname or ""


def links_of(entry: Entry) -> tuple[Link, ...]:
    """The links of an entry: first the paper's own pages, then code and project pages found in its text."""
    notes = entry.document.notes if entry.document else ()
    links = _own_links(entry.paper, has_html=_NO_HTML not in notes)
    found = [*_ADDRESS.findall(f"{entry.paper.abstract} {entry.paper.comment or ''}")]
    if entry.document:
        found += entry.document.links
    known = {_comparable(link.url) for link in links}
    extra: list[Link] = []
    for url in found:
        # A longer one is refused anyway.
        address = safe_address(without_closing_marks(url)) if len(url) <= LONGEST_ADDRESS else None
        kind = _kind(address) if address else None
        if address is None or kind is None or _comparable(address) in known:
            continue
        known.add(_comparable(address))
        extra.append(Link(kind, address))
    extra.sort(key=lambda link: link.kind != "code")
    return (*links, *extra[:_MOST_FOUND])


def has_code(entry: Entry) -> bool:
    """Whether one of an entry's links leads to code."""
    return any(link.kind == "code" for link in links_of(entry))


def arxiv_url(paper: Paper, form: str) -> str:
    """The address of this version of a paper on arXiv; `form` is `abs`, `pdf` or `html`."""
    return f"{ARXIV}/{form}/{quote(paper.key, safe='/')}"


def page_url(paper: Paper, page: int | None) -> str | None:
    """The address of a page of the PDF, or of the paper's own page if the PDF page is not known."""
    if not paper.on_arxiv:
        return safe_address(paper.url or "")
    return f"{arxiv_url(paper, 'pdf')}#page={page}" if page else arxiv_url(paper, "abs")


def _own_links(paper: Paper, *, has_html: bool) -> list[Link]:
    links = []
    if paper.on_arxiv:
        links.append(Link("abstract", arxiv_url(paper, "abs")))
        # The version that withdraws a paper has no files.
        forms = () if paper.withdrawn else ("pdf", "html") if has_html else ("pdf",)
        links += [Link(form, arxiv_url(paper, form)) for form in forms]
    elif address := safe_address(paper.url or ""):
        links.append(Link("page", address))
    # arXiv's own DOI leads to the same page as the first link.
    doi = publishable(paper.doi or "")
    doi = "" if doi.lower().startswith("10.48550/") else doi
    if doi and (address := safe_address(f"https://doi.org/{quote(doi, safe='/')}")):
        # It stands in for the page of a report that names no other.
        links = [link for link in links if link.url != address]
        links.append(Link("doi", address))
    return links


def _kind(url: str) -> str | None:
    """`code` for what has an owner and a name on a host of code, None for a page of the host itself."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host not in CODE_HOSTS and not host.startswith("gitlab."):
        return "project"
    owner, *names = [part for part in parts.path.split("/") if part] or [""]
    if owner.lower() in _COLLECTIONS and names:
        owner, *names = names
    if not owner or owner.lower() in _OF_THE_HOST:
        return None
    return "code" if names else "project"


_COLLECTIONS = frozenset({"datasets", "models", "spaces"})
"""Parts of Hugging Face and ModelScope, before the owner."""
_OF_THE_HOST = _COLLECTIONS | frozenset(
    {
        "about", "account", "api", "apps", "auth", "authorize", "blog", "collections", "contact", "customer-stories",
        "dashboard", "docs", "enterprise", "events", "explore", "features", "help", "issues", "join", "learn", "login",
        "logout", "marketplace", "new", "notifications", "oauth", "orgs", "organizations", "papers", "posts", "pricing",
        "projects", "pulls", "readme", "search", "security", "session", "sessions", "settings", "signin", "sign_in",
        "signup", "site", "sponsors", "sso", "stars", "tasks", "team", "topics", "trending", "user", "users",
    }
)  # fmt: skip
"""First parts of addresses that are no owner's: logins, searches, documentation."""


def _comparable(url: str) -> str:
    """A form of an address that is the same for all its spellings."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/').removesuffix('.git')}?{parts.query}".lower()
