"""What travels through the pipeline, immutable: papers, documents, summaries, digests.

Stored as JSON: a change needs a step in `migrations`, or a default that is true of all older values.
"""

from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from operator import add
from pathlib import Path
from typing import Literal

from mkdocs_paperdigest.reasons import Reason, ReasonCode

TextSource = Literal["abstract", "html", "pdf"]
"""Where the text of a document was read from."""
Fate = Literal["shown", "set aside", "filtered", "duplicate", "waiting", "failed"]
ListingState = Literal["fresh", "stale", "never"]
"""`stale`: the source could not be asked, the last good answer is shown. `never`: there is none."""


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
    """Plain text with single spaces; may hold TeX between dollars; empty where a library has none."""
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
    """How much of `published` its source states; the rest only places the paper on a page."""
    institution: str | None = None
    citation: Citation | None = None
    """How the lab's library cites it; None for what comes from arXiv alone."""

    @property
    def on_arxiv(self) -> bool:
        """Whether arXiv has this paper."""
        return self.version > 0

    @property
    def key(self) -> str:
        """Id with version: what stored documents and summaries belong to."""
        return f"{self.id}v{self.version}" if self.on_arxiv else self.id

    @property
    def slug(self) -> str:
        """The id as one path segment and as an HTML id."""
        return self.id.replace("/", "-")

    @property
    def file_stem(self) -> str:
        """The key as one path segment: the name of the folder of the paper's images."""
        return self.key.replace("/", "-")

    @property
    def withdrawn(self) -> bool:
        """Whether the authors took it back; arXiv says so in the comment only: its API has no field for it."""
        comment = (self.comment or "").lower()
        return "withdrawn" in comment and ("paper" in comment or comment.startswith("withdrawn"))


@dataclass(frozen=True, slots=True)
class License:
    """What a paper may be used for."""

    name: str
    """As people write it: `CC BY 4.0`, `arXiv non-exclusive`."""
    url: str | None = None

    @property
    def creative_commons(self) -> bool:
        """Whether figures may be shown again with attribution (any CC licence or public domain)."""
        return self.name.upper().startswith(("CC ", "CC0", "PUBLIC DOMAIN"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One numbered figure of a paper as an image on disk."""

    label: str
    """As the paper numbers it: `Figure 3`."""
    caption: str
    """The whole caption without the label, plain text."""
    page: int
    """PDF page, from 1; 0 when the figure was taken from HTML and its page is not known."""
    image: str
    """File name of the full image in the paper's image folder: `fig-1.webp`."""
    width: int
    """Pixels of the full image."""
    height: int
    """Pixels of the full image."""
    small: str | None = None
    """File name of the same image for galleries and lists, `fig-1-small.webp`; None where the full one will do."""

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its images."""
        return (self.image, self.small) if self.small else (self.image,)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled stretch of a paper's text."""

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
    """What was found in a paper, without its text: all that a page needs to be rendered."""

    source: TextSource
    figures: tuple[Figure, ...] = ()
    license: License | None = None
    links: tuple[str, ...] = ()
    """Code and project URLs found in the paper's text."""
    notes: tuple[Reason, ...] = ()
    """Why something is missing, for the provenance line."""
    final: bool = True
    """False when a passing fault (network, time) cost something: read again in a later build."""
    abstract: str = ""
    """As the text itself has it, for papers whose source states none."""
    text_hash: str = ""
    """Of the text as it was first read whole: part of the key of what a model said of it."""
    reader: int = 2
    """The `DOCUMENT_VERSION` that found this; the first was 2."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about a paper with the words of the paper that it rests on."""

    text: str
    quote: str = ""
    """Verbatim from the paper; empty when none was given or found."""
    page: int | None = None
    """PDF page of the quote, from 1."""
    verified: bool = False
    """Whether the quote was found in the paper and the claim's numbers in the quote or the paper."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model call cost."""

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0
    batch_input_tokens: int = 0
    batch_output_tokens: int = 0
    """Tokens of the above that a batch carried, at half the price."""

    @property
    def by_batch(self) -> "Usage":
        """The same tokens, carried by a batch."""
        return replace(
            self,
            batch_input_tokens=self.input_tokens,
            batch_output_tokens=self.output_tokens,
        )

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(*map(add, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class Omission:
    """A field that is not shown, and why."""

    field: str
    reason: ReasonCode


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of a paper, field by field; a field that was not asked for or not given is None or empty."""

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
    """0-10, to the topic that it was asked for."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim in the order of the page."""
        single = (self.background, self.prior_work, self.approach, self.results)
        last = (self.significance, self.innovation, self.performance, self.workload)
        shown = (*self.takeaways, *single, *self.methods, *last)
        return tuple(claim for claim in shown if claim is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Answer):
    """What a page says of one paper; every field has passed the gate or is absent."""

    model: str
    """`extractive`, or provider and model: `gemini/gemini-3.5-flash-lite`."""
    language: str
    """BCP 47 code of the prose; of the abstract itself for `extractive`."""
    made_at: datetime
    basis: TextSource
    """The richest text that the summarizer saw."""
    omissions: tuple[Omission, ...] = ()
    extracted: tuple[str, ...] = ()
    """Fields taken from the abstract by the extractive summarizer in place of the model's."""
    attempts: int = 1
    """Builds that asked a model for it, this one included."""
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What became of one paper that a source returned for a topic."""

    key: str
    title: str
    fate: Fate
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as a digest page shows it."""

    paper: Paper
    document: Document | None = None
    """None where the paper was not read (yet)."""
    summary: Summary | None = None
    """None for withdrawn papers and where no summarizer may say anything (`model: none`)."""
    trouble: tuple[Reason, ...] = ()
    """Why document or summary are missing."""
    note: str = ""
    """What a person of the site says of the paper, in the archive; blank lines part paragraphs."""


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic, and when and how well its sources could be asked."""

    title: str
    slug: str
    description: str | None = None
    state: ListingState = "fresh"
    as_of: datetime | None = None
    """When the oldest answer of its sources was given; None when nothing was ever answered."""
    trouble: Reason | None = None
    """Why the answers are not fresh."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything there is to show for one topic."""

    topic: TopicState
    entries: tuple[Entry, ...] = ()
    """Newest first."""
    set_aside: tuple[Entry, ...] = ()
    """Scored below the topic's `min_relevance`: listed by title only."""
    waiting: tuple[Paper, ...] = ()
    """Beyond `max_new_papers`: summarized in a later build."""
    hidden: tuple[Entry, ...] = ()
    """Hidden by people in their records: kept for these records, and on no page."""
    ledger: tuple[LedgerLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A generated file of the site, as it lies in the cache."""

    uri: str
    """Where it stands in the site's sources: `digests/index.md`."""
    path: Path
    in_nav: bool = False
    """Whether it belongs into the navigation (the indexes do)."""
