"""Under which names the store keeps what is known of papers and topics: each tells all that the value depends on."""

import hashlib
import stat

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import Document, Paper
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.storage.store import key
from mkdocs_paperdigest.summaries.extract import EXTRACTIVE_VERSION

MADE_AGAIN = ("document", "text", "extract")
"""Kinds of values of a paper which nobody is asked for anew."""
OF_A_PAPER = (*MADE_AGAIN, "reading", "summary", "latest", "relevance", "unscored", "reply")
"""Kinds of values that go when a paper is forgotten, those of `mailbox` included; `spending` stays."""


def search_key(query: str, options: Options) -> str:
    """What arXiv has found for a query."""
    return key("search", query[:60], query, options.arxiv_url)


def lookup_key(topic: Topic, options: Options) -> str:
    """What arXiv knows of the papers that a topic names."""
    return key("ids", topic.slug, options.arxiv_url)


def ledger_key(topic_slug: str) -> str:
    """What became of each paper of a topic."""
    return key("ledger", topic_slug)


def document_key(paper: Paper, run: Run) -> str:
    """What was found in the paper, by this version of the reader and under these options."""
    return key("document", paper.key, *_reading_parts(run), _content(paper, run))


def text_key(paper: Paper, run: Run) -> str:
    """The text that belongs to the document."""
    return key("text", paper.key, *_reading_parts(run), _content(paper, run))


def reading_key(paper: Paper, run: Run) -> str:
    """The document as it was read last, by whatever version and under whatever options."""
    return key("reading", paper.key, _content(paper, run))


def summary_key(paper: Paper, document: Document, run: Run) -> str:
    """What the model said, asked with these prompts for this language about this text."""
    # A version of a paper on arXiv never changes, though how its title is read from an answer may. What
    # was found in the text is part of the text.
    stated = "" if paper.abstract == document.abstract else paper.abstract
    facts = () if paper.on_arxiv else (paper.title, stated)
    wanted = (run.options.model, run.prompt_version, run.options.language)
    return key("summary", paper.key, *wanted, *facts, document.text_hash)


def latest_key(paper: Paper, run: Run) -> str:
    """What was said of the paper last, by whatever model and asked in whatever way."""
    return key("latest", paper.key, run.options.language)


def extract_key(paper: Paper) -> str:
    """Sentences of the abstract."""
    return key("extract", paper.key, EXTRACTIVE_VERSION, paper.title, paper.abstract)


def relevance_key(paper: Paper, topic: Topic, run: Run) -> str:
    """How well the paper fits the topic."""
    return key("relevance", paper.key, run.options.model, topic.title, topic.description)


def unscored_key(paper: Paper, topic: Topic, run: Run) -> str:
    """When a model was last asked for the relevance and gave none."""
    return key("unscored", paper.key, run.options.model, topic.title, topic.description)


def _reading_parts(run: Run) -> tuple[object, ...]:
    return (
        DOCUMENT_VERSION,
        run.options.figures,
        run.options.figures_max,
        run.options.figures_license,
    )


def _content(paper: Paper, run: Run) -> str:
    """Of a local file, which may be replaced by another under the same name."""
    if paper.pdf is None:
        return ""
    try:
        status = paper.pdf.stat()
        if not stat.S_ISREG(status.st_mode):
            return ""
        # As git does: to read a whole library in every build takes longer than all the rest of it.
        where = key("content", paper.key, paper.pdf, status.st_size, status.st_mtime_ns)
        known = run.store.get(where, str)
        if known is not None:
            return known
        with paper.pdf.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # a name that no file can have is a ValueError
        return ""
    # What was written a moment ago may be written again at the same time of a coarse clock.
    if run.now.timestamp() - status.st_mtime > _COARSE_S:
        run.store.put(where, content)
    return content


_COARSE_S = 2.0
"""Seconds between two times that a file system may take for one: 2 on FAT."""
