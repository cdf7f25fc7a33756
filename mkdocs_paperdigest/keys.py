"""Under which names the store keeps what is known of a paper: each tells all that the value depends on."""

import hashlib

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.lab import Lab
from mkdocs_paperdigest.models import Document, Paper
from mkdocs_paperdigest.settings import Topic
from mkdocs_paperdigest.store import key
from mkdocs_paperdigest.summarizers import EXTRACTIVE_VERSION


def document_key(paper: Paper, lab: Lab) -> str:
    """What was found in the paper, by this version of the reader and under these options."""
    return key("document", paper.key, *_reading_parts(lab), _content(paper))


def text_key(paper: Paper, lab: Lab) -> str:
    """The text that belongs to the document."""
    return key("text", paper.key, *_reading_parts(lab), _content(paper))


def reading_key(paper: Paper) -> str:
    """The document as it was read last, by whatever version and under whatever options."""
    return key("reading", paper.key, _content(paper))


def summary_key(paper: Paper, document: Document, lab: Lab) -> str:
    """What the model said, asked with these prompts for this language about this text."""
    options = lab.settings
    # A version of a paper on arXiv never changes, though how its title is read from an answer may. What
    # was found in the text is part of the text.
    stated = "" if paper.abstract == document.abstract else paper.abstract
    facts = () if paper.on_arxiv else (paper.title, stated)
    wanted = (options.model, lab.prompt_version, options.language)
    return key("summary", paper.key, *wanted, *facts, document.text_hash)


def latest_key(paper: Paper, lab: Lab) -> str:
    """What was said of the paper last, by whatever model and asked in whatever way."""
    return key("latest", paper.key, lab.settings.language)


def extract_key(paper: Paper) -> str:
    """Sentences of the abstract."""
    return key("extract", paper.key, EXTRACTIVE_VERSION, paper.title, paper.abstract)


def relevance_key(paper: Paper, topic: Topic, lab: Lab) -> str:
    """How well the paper fits the topic."""
    return key("relevance", paper.key, lab.settings.model, topic.title, topic.description)


def unscored_key(paper: Paper, topic: Topic, lab: Lab) -> str:
    """When a model was last asked for the relevance and gave none."""
    return key("unscored", paper.key, lab.settings.model, topic.title, topic.description)


def _reading_parts(lab: Lab) -> tuple[object, ...]:
    options = lab.settings
    return (DOCUMENT_VERSION, options.figures, options.figures_max, options.figures_license)


def _content(paper: Paper) -> str:
    """Of a local file, which may be replaced by another under the same name."""
    if paper.pdf is None or not paper.pdf.is_file():
        return ""
    with paper.pdf.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
