"""What the store keeps of papers and topics: each kind with its type and everything that it depends on.

The names of the functions are the kinds of the stored rows: to rename one is to lose what it has stored.
"""

import hashlib
import stat
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import (
    Document,
    FullText,
    LedgerLine,
    Overview,
    Paper,
    Summary,
    TopicState,
    Usage,
)
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.closeness import CLOSENESS_VERSION, Closeness
from mkdocs_paperdigest.sources.library import Library, Works
from mkdocs_paperdigest.storage.shelf import Parts, shelf
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries import JUDGEMENT_VERSION
from mkdocs_paperdigest.summaries.checking import ClaimChecks
from mkdocs_paperdigest.summaries.extract import EXTRACTIVE_VERSION
from mkdocs_paperdigest.summaries.prompts.versions import check_version, overview_version, prompt_version

MADE_AGAIN = ("document", "text", "extract", "rejudged")
"""Kinds of values of a paper that can be made again without asking a model."""
OF_A_PAPER = (*MADE_AGAIN, "reading", "summary", "latest", "relevance", "unscored", "checks", "reply")
"""Kinds of values that go when a paper is forgotten; `reply` belongs to batch mode. `spending` stays."""

_LIBRARY_VERSION = 4
"""Raised when the same BibTeX file is read differently."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A whole answer of arXiv."""

    papers: tuple[Paper, ...]
    at: datetime
    """When it was given."""
    max_papers: int = 0
    """How many papers a search asked for, at most."""
    ids: tuple[str, ...] = ()
    """Which papers a look-up asked for."""
    left_out: tuple[LedgerLine, ...] = ()
    """Entries that could not be shown."""
    empty_at: datetime | None = None
    """When arXiv last found nothing at all, although these papers were known."""
    former: tuple[Paper, ...] = ()
    """The earlier version of a paper that an earlier answer had, where this one has a later version."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Papers that were compared with the interests of a topic."""

    interests: tuple[str, ...]
    """What identifies them."""
    closeness: dict[str, Closeness]
    """By what identifies a paper with the words that were compared."""


@dataclass(frozen=True, slots=True)
class Related:
    """Which shown papers are close to one another."""

    papers: dict[str, str]
    """Fingerprint of the title and abstract of each, by id."""
    closest: dict[str, tuple[tuple[str, float], ...]]
    """By id, the ids of the closest others and how close they are; nothing for papers without any."""


@dataclass(frozen=True, slots=True)
class Expense:
    """What was spent on one paper in one build."""

    model: str
    at: datetime
    usage: Usage
    checks: bool = False
    """Whether the calls compared statements with their quotations."""
    overview: bool = False
    """Whether the call was for the overview of a page, which is filed under its first paper."""


@dataclass(frozen=True)
class Shelves:
    """The shelves of one run.

    Arguments:
        store: Where everything is kept.
        options: The options of the run.
        now: When the run began, in UTC.
    """

    store: Store
    options: Options
    now: datetime

    @shelf(StoredAnswer)
    def search(self, query: str) -> Parts:
        """What arXiv has found for a query."""
        return query[:60], query, self.options.arxiv_url

    @shelf(StoredAnswer)
    def ids(self, topic: Topic) -> Parts:
        """What arXiv knows of the papers that a topic names."""
        return topic.slug, self.options.arxiv_url

    @shelf(Library)
    def library(self, topic: Topic, content: bytes, version: int = _LIBRARY_VERSION) -> Parts:
        """What a topic's BibTeX file names, as this version or an older one has read it."""
        return topic.library, hashlib.sha256(content).hexdigest(), version

    @shelf(Works)
    def works(self, content: bytes, version: int = _LIBRARY_VERSION) -> Parts:
        """What a BibTeX file says of the lab's interests."""
        return hashlib.sha256(content).hexdigest(), version

    @shelf(StoredAnswer)
    def interest(self, arxiv_id: str) -> Parts:
        """A paper that stands in `interests`, for good: what it is about does not change; or that there is none."""
        return arxiv_id, self.options.arxiv_url

    @shelf(Compared)
    def closeness(self, topic: Topic) -> Parts:
        """How close the topic's papers are to its interests, as they were last."""
        return topic.slug, CLOSENESS_VERSION

    @shelf(Related)
    def related(self) -> Parts:
        """Which of the papers of the last build are close to one another."""
        return (CLOSENESS_VERSION,)

    @shelf(tuple[LedgerLine, ...])
    def ledger(self, topic_slug: str) -> Parts:
        """What became of each paper of a topic."""
        return (topic_slug,)

    @shelf(TopicState)
    def state(self, topic_slug: str) -> Parts:
        """How up to date the answers of a topic's sources were when they were last asked, and what went wrong."""
        return (topic_slug,)

    @shelf(Document)
    def document(self, paper: Paper) -> Parts:
        """What was found in a paper by this version of the reader and under these options."""
        return paper.key, *self._reading(), self._content(paper)

    @shelf(FullText)
    def text(self, paper: Paper) -> Parts:
        """The text that belongs to `document`."""
        return paper.key, *self._reading(), self._content(paper)

    @shelf(Document)
    def reading(self, paper: Paper) -> Parts:
        """The document as it was read last, by any version and under any options."""
        return paper.key, self._content(paper)

    @shelf(Summary)
    def summary(self, paper: Paper, document: Document, *, titled: bool = False) -> Parts:
        """What the model said of this text, asked with these prompts for this language.

        Arguments:
            paper: Which paper.
            document: What was found in it.
            titled: Whether the title is part of the key, as it was for local reports before version 3 of
                libraries. It is not part of the text: a title that is mended costs nothing.
        """
        # A version of a paper on arXiv never changes, though how its title is read from an answer may. What
        # was found in the text is part of the text.
        stated = "" if paper.abstract == document.abstract else paper.abstract
        title = (paper.title,) if titled else ()
        facts = () if paper.on_arxiv else (*title, stated)
        asked = (self.options.model, self._prompt_version, self.options.language)
        return paper.key, *asked, *facts, document.text_hash

    @shelf(Summary)
    def latest(self, paper: Paper) -> Parts:
        """What was said of the paper last, by any model and with any prompts."""
        return paper.key, self.options.language

    @shelf(Summary)
    def rejudged(self, paper: Paper, summary: Summary, version: int = JUDGEMENT_VERSION) -> Parts:
        """A record's summary as this version of marks and gate has judged it."""
        return paper.key, version, summary

    @shelf(Summary)
    def extract(self, paper: Paper) -> Parts:
        """Sentences of the abstract."""
        stated = () if paper.on_arxiv else paper.categories
        return paper.key, EXTRACTIVE_VERSION, paper.title, paper.abstract, *stated

    @shelf(int)
    def relevance(self, paper: Paper, topic: Topic) -> Parts:
        """How well the paper fits the topic, 0-10."""
        return paper.key, self.options.model, topic.title, topic.description

    @shelf(datetime)
    def unscored(self, paper: Paper, topic: Topic) -> Parts:
        """When a model was last asked for the relevance and gave none."""
        return paper.key, self.options.model, topic.title, topic.description

    @shelf(ClaimChecks)
    def checks(self, paper: Paper) -> Parts:
        """What the model said of statements and their quotations; each pair is a key of its own within."""
        return paper.key, self.options.model, self._check_version

    @shelf(Overview)
    def overview(self, papers: str) -> Parts:
        """What the model wrote of a page, by what identifies the statements of its papers."""
        return papers, self.options.model, self._overview_version, self.options.language

    @shelf(Expense)
    def spending(self, paper: Paper, purpose: str) -> Parts:
        """What calls of this run for a paper have cost; `purpose` distinguishes them."""
        return paper.key, self.now.isoformat(), purpose

    @shelf(str)
    def content(self, paper: Paper, size: int, changed_ns: int) -> Parts:
        """SHA-256 of a local file with this size and time of change."""
        return paper.key, paper.pdf, size, changed_ns

    # Read only where a model may be asked, and once: templates of the user's are files.

    @cached_property
    def _prompt_version(self) -> str:
        return prompt_version(self.options.templates_dir)

    @cached_property
    def _check_version(self) -> str:
        return check_version(self.options.templates_dir)

    @cached_property
    def _overview_version(self) -> str:
        return overview_version(self.options.templates_dir)

    def _reading(self) -> Parts:
        options = self.options
        return (
            DOCUMENT_VERSION,
            options.figures,
            options.figures_max,
            options.figures_license,
            options.tables,
        )

    def _content(self, paper: Paper) -> str:
        """Identifies the content of a local file: another file may take its name."""
        if paper.pdf is None:
            return ""
        try:
            status = paper.pdf.stat()
            if not stat.S_ISREG(status.st_mode):
                return ""
            # As git does: reading a whole library in every build would take longer than all the rest of it.
            place = (paper, status.st_size, status.st_mtime_ns)
            known = self.content.get(*place)
            if known is not None:
                return known
            with paper.pdf.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):  # a name that no file can have is a ValueError
            return ""
        # A file that was just written may change again within the same tick of a coarse clock.
        if self.now.timestamp() - status.st_mtime > _COARSE_S:
            self.content.put(content, *place)
        return content


def spending_notes(store: Store) -> list[Expense]:
    """Everything that was spent so far, as far as this cache knows."""
    notes = (store.get(name, Expense) for name in store.keys("spending"))
    return [note for note in notes if note is not None]


_COARSE_S = 2.0
"""Resolution of file times, in seconds: 2 on FAT, the coarsest."""
