"""The links of an entry: the paper on arXiv, its code, data and project pages, as valid addresses only."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, urlsplit

from mkdocs_paperdigest.addresses import COLLECTIONS, DATA_DOIS, own_links, place
from mkdocs_paperdigest.models import Entry, Paper
from mkdocs_paperdigest.pages.escaping.escape import safe_address
from mkdocs_paperdigest.pages.labels import Language
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.text import CODE_HOSTS, publishable

ARXIV = "https://arxiv.org"
"""Links for readers lead here, whatever mirror or proxy the build uses."""
_NO_HTML = Reason(ReasonCode.NO_HTML, Reason(ReasonCode.ARXIV_HAS_NONE))


@dataclass(frozen=True, slots=True)
class Link:
    """One link of an entry."""

    kind: str
    """`abstract`, `pdf`, `html`, `doi`, `page`, `code`, `model`, `dataset`, `space`, `data`, `video` or `project`; also
    the key of its label."""
    url: str
    """A valid web address."""
    name: str = ""
    """What tells it from others of its kind: owner and name of code, the archive of data; empty where nothing does."""

    @property
    def host(self) -> str:
        """The host that it leads to, for a tooltip."""
        return urlsplit(self.url).hostname or ""

    def said(self, language: Language) -> str:
        """Kind and name, as readers see them: `Code: owner/name`."""
        kind = language.label(f"links.{self.kind}")
        return f"{kind}{language.label('lists.colon')}{self.name}" if self.name else kind


def links_of(entry: Entry) -> tuple[Link, ...]:
    """The links of an entry: first the paper's own pages, then code and project pages found in its text."""
    notes = entry.document.notes if entry.document else ()
    links = _own_links(entry.paper, has_html=_NO_HTML not in notes)
    known = {place(link.url) for link in links}
    stored = entry.document.links if entry.document else ()
    found = _found(entry.paper.abstract, entry.paper.comment or "", stored)
    extra = [link for link in found if place(link.url) not in known]
    # The first few, and all that say what they are.
    extra = [link for number, link in enumerate(extra) if number < _MOST_PAGES or link.kind != "project"]
    if sum(link.kind == "project" for link in extra) > 1:
        extra = [replace(link, name=link.host) if link.kind == "project" else link for link in extra]
    extra.sort(key=lambda link: link.kind != "code")
    return (*links, *extra)


@lru_cache(maxsize=4096)  # lists and filters of several pages ask for the links of one entry
def _found(abstract: str, comment: str, stored: tuple[str, ...]) -> tuple[Link, ...]:
    """What the paper calls its own; two of them may still lead to one page once they are safe."""
    links: dict[str, Link] = {}
    for url in own_links([abstract, comment], known=stored):
        address = safe_address(url)
        named = _named(address) if address else None
        if address and named:
            links.setdefault(place(address), Link(named[0], address, named[1]))
    return tuple(links.values())


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


def _named(url: str) -> tuple[str, str] | None:
    """Kind and name of an address that a paper calls its own; None for a page of a host itself, such as a login."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    names = [part for part in parts.path.split("/") if part]
    if host in CODE_HOSTS or host.startswith(_FORGES):
        return _of_a_forge(host, names)
    if host in _VIDEOS:
        channel = names[:1] and (names[0][0] == "@" or names[0] in ("c", "channel", "user"))
        return (("project" if channel else "video"), "") if names else None
    if host == "kaggle.com":
        return ("dataset", _joined(names[1:3])) if names[:1] == ["datasets"] else ("project", "")
    if host == "anonymous.4open.science":
        return "code", host
    if host.endswith(".hf.space") or host in _DEMOS:
        return "space", _DEMOS.get(host, "")
    archive = DATA_DOIS.get(names[0]) if host.endswith("doi.org") and names else None
    archive = archive or next(
        (name for end, name in _ARCHIVES.items() if f".{host}".endswith(f".{end}")), None
    )
    return ("data", archive) if archive else ("project", "")


def _of_a_forge(host: str, names: list[str]) -> tuple[str, str] | None:
    collection = names[0].lower() if names and names[0].lower() in COLLECTIONS else ""
    names = names[1:] if collection and names[1:] else names
    if not names or names[0].lower() in _OF_THE_HOST:
        return None
    if not names[1:]:
        return "project", ""
    if host in _HUBS:
        return _HUBS_KINDS.get(collection, "model"), _joined(names[:2])
    if host == "gist.github.com":
        return "code", _joined(names[:1])
    whole = "/".join(names).partition("/-/")[0].split("/")  # groups of GitLab have subgroups
    return "code", _joined(whole if "gitlab" in host else names[:2])


def _joined(names: list[str]) -> str:
    """Owner and name; empty if they are not such as hosts give out."""
    name = "/".join(names).removesuffix(".git")
    return name if re.fullmatch(r"[\w.~-]{1,60}(?:/[\w.-]{1,100}){0,3}", name) and len(name) <= 120 else ""


_HUBS = ("huggingface.co", "modelscope.cn")
_HUBS_KINDS = {"datasets": "dataset", "spaces": "space", "studios": "space"}
_FORGES = ("gitlab.", "git.", "gitea.", "forgejo.")
"""How names of hosts of code begin that universities run."""
_VIDEOS = frozenset({"youtube.com", "youtu.be", "bilibili.com", "b23.tv", "vimeo.com", "player.vimeo.com"})
_DEMOS = {"colab.research.google.com": "Colab", "replicate.com": "Replicate", "mybinder.org": "Binder"}
_MOST_PAGES = 6
_ARCHIVES = {
    "zenodo.org": "Zenodo", "figshare.com": "figshare", "datadryad.org": "Dryad", "osf.io": "OSF",
    "dataverse.org": "Dataverse", "dataverse.harvard.edu": "Dataverse", "data.mendeley.com": "Mendeley Data",
    "ieee-dataport.org": "IEEE DataPort", "openneuro.org": "OpenNeuro", "physionet.org": "PhysioNet",
    "gigadb.org": "GigaDB", "drive.google.com": "Google Drive", "pan.baidu.com": "Baidu", "dropbox.com": "Dropbox",
}  # fmt: skip
_OF_THE_HOST = COLLECTIONS | frozenset(
    {
        "about", "account", "api", "apps", "auth", "authorize", "blog", "collections", "contact", "customer-stories",
        "dashboard", "docs", "enterprise", "events", "explore", "features", "help", "issues", "join", "learn", "login",
        "logout", "marketplace", "new", "notifications", "oauth", "orgs", "organizations", "papers", "posts", "pricing",
        "projects", "pulls", "readme", "search", "security", "session", "sessions", "settings", "signin", "sign_in",
        "signup", "site", "sponsors", "sso", "stars", "tasks", "team", "topics", "trending", "user", "users",
    }
)  # fmt: skip
"""First parts of addresses that are no owner's: logins, searches, documentation."""
