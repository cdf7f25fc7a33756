"""The immutable values that travel through the pipeline: papers, documents, summaries, digests.

They are stored as JSON: a change to a class needs a step in `migrations`, or a default that is true of
all values stored before.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime
from operator import add, sub
from pathlib import Path
from typing import Literal

from mkdocs_paperdigest.reasons import Reason, ReasonCode

TextSource = Literal["abstract", "html", "pdf"]
"""Where the text of a document was read from."""
Fate = Literal["shown", "set aside", "filtered", "duplicate", "waiting", "failed", "unknown"]
ChangedPart = Literal["title", "abstract", "figures"]
"""What is compared of two versions of a paper."""
ListingState = Literal["fresh", "stale", "never"]
"""`stale`: the source could not be asked, so its last good answer is shown. `never`: it has never answered."""

YEARS = range(1000, 9999)
"""Years of papers: with four digits, and with room for the week and the month around each day."""


def in_utc(moment: datetime) -> datetime:
    """A time in UTC, which one without a zone is in; outside `YEARS`, the nearest that is not."""
    first, last = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1], 12, 31, tzinfo=UTC)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # Compared first: at the ends of the calendar a change of zones overflows.
    return min(max(aware, first), last).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Citation:
    """How a library cites a paper."""

    type: str
    """In lower case: `article`."""
    key: str
    fields: dict[str, str] = field(default_factory=dict, hash=False)
    """LaTeX on one line, by lower-case name, in the library's order; macros and `crossref` are resolved."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a paper, with the facts that its source states about it."""

    id: str
    """arXiv id without version (`2410.13786`, `hep-th/9901001`), or the BibTeX key of a local report."""
    version: int
    """arXiv version, from 1; 0 for a local report."""
    title: str
    """Plain text with single spaces; may hold TeX between dollars."""
    authors: tuple[str, ...]
    abstract: str
    """Plain text with single spaces; may hold TeX between dollars; empty where a library entry has none."""
    published: datetime
    """When version 1 was submitted, in UTC."""
    updated: datetime
    """When this version was submitted, in UTC."""
    categories: tuple[str, ...] = ()
    """arXiv categories, the primary one first."""
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    url: str | None = None
    """Landing page of a paper that is not on arXiv."""
    pdf: Path | None = None
    """The local file of a paper that comes from a library."""
    date_precision: Literal["day", "month", "year"] = "day"
    """The part of `published` that the source states; the rest only decides on which page the paper stands."""
    institution: str | None = None
    citation: Citation | None = None
    """How the lab's library cites it; None for what comes from arXiv alone."""

    @property
    def on_arxiv(self) -> bool:
        """Whether arXiv has this paper."""
        return self.version > 0

    @property
    def key(self) -> str:
        """The id with its version; stored documents and summaries belong to it."""
        return f"{self.id}v{self.version}" if self.on_arxiv else self.id

    @property
    def slug(self) -> str:
        """The id as one path segment and as an HTML id: `hep-th-9901001`."""
        return self.id.replace("/", "-")

    @property
    def date(self) -> str:
        """The date as precisely as it is known: `2024-10-19`, `2024-10` or `2024`."""
        known = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}[self.date_precision]
        return self.published.strftime(known)

    @property
    def file_stem(self) -> str:
        """The key as one path segment; it names the folder of the paper's images."""
        return self.key.replace("/", "-")

    @property
    def withdrawn(self) -> bool:
        """Whether the authors withdrew it; arXiv's API has no field for this, only the comment says so."""
        comment = (self.comment or "").lower()
        return "withdrawn" in comment and ("paper" in comment or comment.startswith("withdrawn"))


@dataclass(frozen=True, slots=True)
class License:
    """The licence of a paper."""

    name: str
    """As people write it: `CC BY 4.0`, `arXiv non-exclusive`."""
    url: str | None = None

    @property
    def creative_commons(self) -> bool:
        """Whether figures may be republished with attribution (any CC licence or public domain)."""
        return self.name.upper().startswith(("CC ", "CC0", "PUBLIC DOMAIN"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One numbered figure or table of a paper as an image on disk."""

    label: str
    """As the paper numbers it: `Figure 3`; a table's as printed: `Table 2`, `表 1`."""
    caption: str
    """The whole caption without the label, plain text."""
    page: int
    """PDF page, from 1; 0 when the figure was taken from HTML and its page is not known."""
    image: str
    """File name of the full image in the paper's image folder: `fig-1.webp`, `table-1.webp`."""
    width: int
    """Pixels of the full image."""
    height: int
    """Pixels of the full image."""
    small: str | None = None
    """File name of a smaller copy for galleries and lists, `fig-1-small.webp`; None where the image is small."""

    @property
    def is_table(self) -> bool:
        """Whether it is a table."""
        return self.image.startswith("table-")

    @property
    def files(self) -> tuple[str, ...]:
        """File names of its images."""
        return (self.image, self.small) if self.small else (self.image,)

    @property
    def cover(self) -> str:
        """File name of the copy that stands beside the summary and in lists, `fig-1-cover.webp`."""
        return f"{self.image.removesuffix('.webp')}-cover.webp"


def leading(figures: Sequence[Figure]) -> Figure | None:
    """The figure that stands for its paper in lists: the first one, or the first table where there are only tables."""
    return min(figures, key=lambda figure: figure.is_table, default=None)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a paper's text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class FullText:
    """The text of a paper, for the summarizer and for finding quotes."""

    sections: tuple[Section, ...] = ()
    """In reading order, without references; empty when only the abstract is known."""
    pages: tuple[str, ...] = ()
    """Text of each PDF page; empty when no PDF was read."""


@dataclass(frozen=True, slots=True)
class Document:
    """What was found in a paper, apart from its text: everything that rendering a page needs."""

    source: TextSource
    figures: tuple[Figure, ...] = ()
    license: License | None = None
    links: tuple[str, ...] = ()
    """Code and project URLs found in the paper's text."""
    notes: tuple[Reason, ...] = ()
    """Why something is missing, for the provenance line."""
    final: bool = True
    """False when a temporary fault (network, time limit) cost something: a later build reads the paper again."""
    abstract: str = ""
    """The abstract found in the text, for papers whose source states none."""
    text_hash: str = ""
    """Hash of the text when it was first read completely; part of the key of the paper's summaries."""
    reader: int = 2
    """`DOCUMENT_VERSION` of the code that read the paper; the first was 2."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about a paper, with the words of the paper that support it."""

    text: str
    quote: str = ""
    """Verbatim from the paper; empty when none was given or found."""
    page: int | None = None
    """PDF page of the quote, from 1."""
    verified: bool = False
    """Whether the quote stands in the paper, and nothing in it speaks against the claim."""

    @property
    def marked(self) -> bool:
        """Whether pages show the quote beside it."""
        return self.verified and bool(self.quote)


@dataclass(frozen=True, slots=True)
class Usage:
    """How many calls and tokens were used."""

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0
    batch_input_tokens: int = 0
    batch_output_tokens: int = 0
    """The part of the tokens above that went through batches, at half the price."""

    @property
    def by_batch(self) -> "Usage":
        """The same usage, with all tokens counted as batch tokens."""
        return replace(self, batch_input_tokens=self.input_tokens, batch_output_tokens=self.output_tokens)

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(*map(add, astuple(self), astuple(other)))

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(*map(sub, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class Omission:
    """A field that is not shown, and why."""

    field: str
    reason: ReasonCode

    @property
    def settled(self) -> bool:
        """Whether asking for the field again would bring nothing else."""
        return self.reason in (ReasonCode.NOT_GIVEN, ReasonCode.CONTRADICTED)


@dataclass(frozen=True, slots=True)
class Answer:
    """The statements about a paper, field by field; one that was not asked for or not given is None or empty."""

    summary: str | None = None
    """One sentence."""
    takeaways: tuple[Claim, ...] = ()
    title_translation: str | None = None
    keywords: tuple[str, ...] = ()
    affiliation: str | None = None
    """The first author's, as printed."""
    background: Claim | None = None
    prior_work: Claim | None = None
    approach: Claim | None = None
    results: Claim | None = None
    methods: tuple[Claim, ...] = ()
    significance: Claim | None = None
    innovation: Claim | None = None
    performance: Claim | None = None
    workload: Claim | None = None
    relevance: int | None = None
    """0-10, for the topic that the model was asked about."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, in the order of the page."""
        single = (self.background, self.prior_work, self.approach, self.results)
        last = (self.significance, self.innovation, self.performance, self.workload)
        shown = (*self.takeaways, *single, *self.methods, *last)
        return tuple(claim for claim in shown if claim is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Answer):
    """What a page says about one paper; every field has passed the gate or is absent."""

    model: str
    """`extractive`, or provider and model: `gemini/gemini-3.5-flash-lite`."""
    language: str
    """BCP 47 code of the prose; for `extractive`, the language of the abstract."""
    made_at: datetime
    basis: TextSource
    """The most complete text that the summarizer was given."""
    excerpt: bool = False
    """Whether that was only parts of the text, because a model cannot read all of it at once."""
    omissions: tuple[Omission, ...] = ()
    extracted: tuple[str, ...] = ()
    """Fields taken from the abstract by the extractive summarizer in place of the model's."""
    attempts: int = 1
    """How many builds have asked a model for it, including the one that made it."""
    checked: bool = False
    """Whether a model has compared all its marked statements with their quotations, and what it found is applied."""
    usage: Usage = Usage()
    judged: int = 0
    """`JUDGEMENT_VERSION` of the code that judged it; 0 for what is older than that, or was not judged."""

    @property
    def quotes_abstract(self) -> bool:
        """Whether its takeaways are sentences of the abstract, and so quotations as a whole."""
        return self.model == "extractive" or "takeaways" in self.extracted

    @property
    def is_empty_extract(self) -> bool:
        """Whether it has no more than keywords, because there was no abstract to take sentences from."""
        return self.model == "extractive" and not (self.summary or self.takeaways)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What became of one paper that a source returned for a topic."""

    key: str
    title: str
    fate: Fate
    reasons: tuple[Reason, ...] = ()
    left_out: tuple[Omission, ...] = ()
    """Fields of its summary that the gate has left out."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A work that the lab's library names."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A term of a topic that a paper has."""

    term: str
    """As the topic writes it."""
    place: Literal["title", "abstract", "author"]


@dataclass(frozen=True, slots=True)
class Why:
    """Why a paper stands where it does."""

    rank: float = 0.0
    """Papers of a page with higher ones come first; equal ones by date."""
    close_to: tuple[Reference, ...] = ()
    """The closest works of the lab's library, at most 3."""
    matched: tuple[Match, ...] = ()
    """What of the topic the paper has."""
    closeness: float = 0.0
    """To the lab's library, also where the order is another one."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two versions of a paper, as far as both are known."""

    since: int
    """The earlier version."""
    parts: tuple[ChangedPart, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as a digest page shows it."""

    paper: Paper
    document: Document | None = None
    """None where the paper was not read (yet)."""
    summary: Summary | None = None
    """None for withdrawn papers and with `model: none`."""
    trouble: tuple[Reason, ...] = ()
    """Why the document or the summary is missing."""
    note: str = ""
    """A note that a person wrote into the paper's record; blank lines separate paragraphs."""
    why: Why = Why()
    related: tuple[str, ...] = ()
    """Ids of the shown papers that are closest, at most 3, the closest first."""
    changes: Changes | None = None
    """What is new in this version; None where no earlier one is known, or nothing of it differs."""

    @property
    def rank(self) -> float:
        """Papers of a page with higher ones come first."""
        return self.why.rank

    @property
    def waiting(self) -> bool:
        """Whether a later build reads the paper: until then its abstract is all that is known of it."""
        return any(reason.code is ReasonCode.BEYOND_NEW for reason in self.trouble)


@dataclass(frozen=True, slots=True)
class OverviewSentence:
    """One sentence on papers of a page."""

    text: str
    papers: tuple[str, ...]
    """Ids of the papers that it is about."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What a model has written about the papers of one period."""

    model: str
    language: str
    """BCP 47 code."""
    made_at: datetime
    sentences: tuple[OverviewSentence, ...] = ()
    """Those that passed the checks; too few of them are not shown."""
    given: tuple[OverviewSentence, ...] = ()
    """All as the model gave them, to be judged again."""
    basis: str = ""
    """Identifies what the page said of its papers when it was written."""
    instructions: str = ""
    """The prompt without the papers, to judge them again by."""
    judged: int = 0
    """`OVERVIEW_JUDGED` of the code that judged them."""
    attempts: int = 1
    """How many builds have asked for it."""


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic, and how up to date the answers of its sources are."""

    title: str
    slug: str
    description: str | None = None
    state: ListingState = "fresh"
    as_of: datetime | None = None
    """When the oldest of its sources' answers was given; None when no source has ever answered."""
    trouble: Reason | None = None
    """Why the answers are not fresh."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything there is to show for one topic."""

    topic: TopicState
    entries: tuple[Entry, ...] = ()
    """Those of the highest rank first, then the newest."""
    set_aside: tuple[Entry, ...] = ()
    """Scored below the topic's `min_relevance`: listed by title only."""
    hidden: tuple[Entry, ...] = ()
    """Hidden by a person in their records: kept for the records, shown on no page."""
    ledger: tuple[LedgerLine, ...] = ()
    overviews: dict[str, Overview] = field(default_factory=dict, hash=False)
    """What a model has written of periods, by their names."""

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """Entries beyond `max_new_papers`: read and summarized in a later build."""
        return tuple(entry for entry in self.entries if entry.waiting)


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A generated file of the site, stored in the cache."""

    uri: str
    """Path within the site's sources: `digests/index.md`."""
    path: Path
    in_nav: bool = False
    """Whether it belongs in the navigation; the indexes do."""
