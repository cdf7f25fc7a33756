"""Where the store keeps what is known of a paper."""

import hashlib

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.lab import Lab
from mkdocs_paperdigest.models import Document, Paper
from mkdocs_paperdigest.settings import Topic
from mkdocs_paperdigest.store import key
from mkdocs_paperdigest.summarizers import EXTRACTIVE_VERSION


def document_key(paper: Paper, lab: Lab) -> str:
    """What was found in it, by all that its reading depends on."""
    return key("document", *_document_parts(paper, lab))


def text_key(paper: Paper, lab: Lab) -> str:
    """Its text; as `document_key`."""
    return key("text", *_document_parts(paper, lab))


def summary_key(paper: Paper, document: Document, lab: Lab) -> str:
    """What the model of the options said of this text in the language of the options."""
    options = lab.settings
    facts = (paper.title, paper.abstract, document.text_hash)
    return key("summary", paper.key, options.model, lab.prompt_version, options.language, *facts)


def latest_key(paper: Paper, lab: Lab) -> str:
    """The newest summary by any model and of any prompt."""
    return key("latest", paper.key, lab.settings.language)


def extract_key(paper: Paper) -> str:
    """What was taken from its abstract."""
    return key("extract", paper.key, EXTRACTIVE_VERSION, paper.title, paper.abstract)


def relevance_key(paper: Paper, topic: Topic, lab: Lab) -> str:
    """How well it fits a topic."""
    return key("relevance", paper.key, lab.settings.model, topic.title, topic.description)


def unscored_key(paper: Paper, topic: Topic, lab: Lab) -> str:
    """When a model last gave no score for a topic."""
    return key("unscored", paper.key, lab.settings.model, topic.title, topic.description)


def _document_parts(paper: Paper, lab: Lab) -> tuple[object, ...]:
    content = ""
    if paper.pdf is not None and paper.pdf.is_file():
        with paper.pdf.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    options = lab.settings
    wanted = (options.figures, options.figures_max, options.figures_license)
    return (paper.key, DOCUMENT_VERSION, *wanted, content)
