"""The content of a site's pages, as values: templates show them, and their repr shows whether a page changed."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from mkdocs_paperdigest.encoding import encode, hash_of
from mkdocs_paperdigest.models import Entry, Figure, Overview, Paper, Summary, TopicState, leading
from mkdocs_paperdigest.pages.plan.periods import Span, Timeline, timeline


@dataclass(frozen=True, slots=True)
class PageAddress:
    """The address of an entry: a page of a topic and the entry's id on it."""

    topic: str
    """Title of the topic."""
    slug: str
    """Folder of the topic."""
    page: str
    """The page's file name in that folder."""
    anchor: str
    """HTML id of the entry's heading."""


@dataclass(frozen=True, slots=True)
class RelatedPaper:
    """Another paper of the site, as an entry links to it."""

    title: str
    place: PageAddress


@dataclass(frozen=True)
class PageEntry:
    """An entry as it stands on a page."""

    entry: Entry
    """The entry, without figures that may not or cannot be shown."""
    place: PageAddress
    """The page that links to this entry lead to."""
    assets: str
    """Folder of its figures, relative to the folder of all digests."""
    cover: str | None
    """File name of the small copy of its leading figure, in the same folder."""
    figures_withheld: bool
    """Whether the figures are left out because the paper's licence does not allow showing them."""
    also_in: tuple[PageAddress, ...]
    """Addresses of the same paper under other topics."""
    related: tuple[RelatedPaper, ...] = ()
    """The closest papers of the site, the closest first."""

    @property
    def paper(self) -> Paper:
        """The paper itself."""
        return self.entry.paper

    @property
    def summary(self) -> Summary | None:
        """What is said of the paper; nothing of a withdrawn one."""
        return None if self.paper.withdrawn else self.entry.summary

    @property
    def phrases(self) -> tuple[str, ...]:
        """What the topic looks for and title or abstract have."""
        return tuple(match.term for match in self.entry.why.matched if match.place != "author")

    @property
    def rank(self) -> float:
        """Papers of a page with higher ones come first."""
        return self.entry.rank

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in the entry's gallery."""
        return self.entry.document.figures if self.entry.document else ()

    @property
    def leading(self) -> Figure | None:
        """The figure that its cover shows."""
        return leading(self.figures)

    @property
    def tables(self) -> int:
        """Number of tables in the entry's gallery."""
        return sum(figure.is_table for figure in self.figures)

    @cached_property
    def _repr(self) -> str:
        shown = (self.place, self.assets, self.cover, self.figures_withheld, self.also_in, self.related)
        return f"{_digest(self.entry)} {shown!r}"

    def __repr__(self) -> str:
        # Written out once for all the pages that show the entry, and short: a topic page lists thousands.
        return self._repr


def _digest(entry: Entry) -> str:
    try:
        return hash_of(encode(entry))
    except ValueError:
        # JSON has no half of a character pair, which a record may have.
        return hash_of(repr(entry).encode())


@dataclass(frozen=True, slots=True)
class Period:
    """The page of one period, as other pages link to it."""

    span: Span
    page: str
    """File name in the topic's folder."""
    count: int
    """Papers on it."""


@dataclass(frozen=True, slots=True)
class TopicStatus(TopicState):
    """A topic with the number of papers shown, and the papers that are set aside."""

    count: int = 0
    waiting: int = 0
    """Papers shown that a later build reads."""
    set_aside: tuple[tuple[Paper, int | None], ...] = ()
    """Each with its relevance, 0-10, if it was given one."""


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic's index: its newest period in full, and all papers of the older ones in lists."""

    template: ClassVar[str] = "topic.md.j2"
    uri: str
    updated: date
    tags: tuple[str, ...]
    topic: TopicStatus
    newest: Period | None
    entries: tuple[PageEntry, ...]
    older: tuple[tuple[Period, tuple[PageEntry, ...]], ...]
    """The other periods, each with its papers."""
    full: int
    """How many of `entries` stand open; the others are rows that open."""
    is_home: bool
    """Whether entries stand on no other page (`period: all`), so that a search must find them here."""
    feeds: bool = False
    """Whether feeds stand beside the page."""
    filtered: bool = False
    """Whether the site has so many papers that its pages have a filter."""
    overview: bool = False
    """Whether the newest period opens with an overview."""
    written: Overview | None = None
    """What a model wrote of it."""

    @property
    def shown(self) -> tuple[PageEntry, ...]:
        """All entries on the page."""
        return (*self.entries, *(entry for _, members in self.older for entry in members))

    @property
    def timeline(self) -> Timeline | None:
        """How many papers each of its periods has."""
        periods = [period for period in (self.newest, *(period for period, _ in self.older)) if period]
        return timeline((period.span, period.count) for period in periods)


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """The papers of a topic from one day, week or month."""

    template: ClassVar[str] = "period.md.j2"
    uri: str
    updated: date
    tags: tuple[str, ...]
    title: str
    """Title of the topic."""
    span: Span
    entries: tuple[PageEntry, ...]
    full: int
    """How many of `entries` stand open; the others are rows that open."""
    newer: Period | None
    older: Period | None
    filtered: bool = False
    """As for a TopicPage."""
    overview: bool = False
    """Whether the page opens with an overview."""
    written: Overview | None = None
    """What a model wrote of it."""

    @property
    def shown(self) -> tuple[PageEntry, ...]:
        """All entries on the page."""
        return self.entries


@dataclass(frozen=True, slots=True)
class IndexTopic:
    """A topic on the index of all topics."""

    topic: TopicStatus
    newest: tuple[PageEntry, ...]
    opening: tuple[PageEntry, ...] = ()
    """The newest period, of whose overview the index repeats the first sentence; empty for no overview."""
    written: Overview | None = None
    """What a model wrote of that period."""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The index of all topics."""

    template: ClassVar[str] = "index.md.j2"
    uri: str
    updated: date
    topics: tuple[IndexTopic, ...]
    tags: tuple[str, ...] = ()
    feeds: bool = False
    """Whether feeds stand beside the page."""
    filtered: bool = False
    """As for a TopicPage."""

    @property
    def shown(self) -> tuple[PageEntry, ...]:
        """All entries on the page."""
        return tuple(entry for item in self.topics for entry in item.newest)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """A topic's papers as one file, BibTeX or RIS by the end of its name."""

    uri: str
    entries: tuple[PageEntry, ...]
    """The newest first."""


@dataclass(frozen=True, slots=True)
class PaperIndex:
    """All shown papers as one file: the script for the filter and for lasting addresses, or data by its name (`.json`)."""

    uri: str
    papers: tuple[PageEntry, ...]
    base: str
    """Folder of all digests, empty or with a slash at its end."""
    topics: tuple[TopicStatus, ...]


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """Where a site will stand; for what needs full addresses."""

    name: str
    """The site's name."""
    url: str
    """Address of the site, with a slash at its end."""
    directory_urls: bool
    """Whether a page is a folder (`page/`) or a file (`page.html`)."""

    def file(self, uri: str) -> str:
        """The address of a file of the site."""
        return self.url + quote(uri)

    def page(self, uri: str) -> str:
        """The address of a page, from that of its Markdown file, as MkDocs makes it."""
        folder, _, name = uri.removesuffix(".md").rpartition("/")
        folder = f"{folder}/" if folder else ""
        if self.directory_urls:
            return self.file(folder if name == "index" else f"{folder}{name}/")
        return self.file(f"{folder}{name}.html")


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest papers of a topic, or of all, as one file: Atom or JSON Feed by the end of its name."""

    uri: str
    site: SiteAddress
    base: str
    """Folder of all digests, empty or with a slash at its end."""
    topic: TopicStatus | None
    """None for the feed of all topics."""
    papers: tuple[PageEntry, ...]
    """The newest first."""

    @property
    def home(self) -> str:
        """The page that the feed stands beside."""
        return f"{self.uri.rpartition('feed.')[0]}index.md"


Page = TopicPage | PeriodPage | IndexPage


@dataclass(frozen=True, slots=True)
class Outline:
    """All pages and files of a site's digests."""

    pages: tuple[Page, ...]
    bibliographies: tuple[Bibliography, ...]
    papers: tuple[PaperIndex, ...]
    """Each paper once, under the first topic that shows it, in the order of the topics."""
    feeds: tuple[Feed, ...]
    images: dict[str, Path]
    """Maps the URI of each image to its file."""
