"""What was found in a paper: read now, or as this version of the reader or an older one left it.

A document that was read by an older version, or under other options, is shown until it is read again. What
a model said of it stays: it was said of the same paper.
"""

from dataclasses import replace

from mkdocs_paperdigest.documents.images.webp import is_whole
from mkdocs_paperdigest.models import Document, FullText, Paper
from mkdocs_paperdigest.pipeline.keys import document_key, reading_key, text_key
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.storage.layout import images_folder


def recall_reading(paper: Paper, run: Run) -> tuple[Document | None, bool]:
    """What was found in the paper, and whether reading it now would find no more."""
    document = run.store.get(document_key(paper, run), Document)
    if document is not None and _has_images(paper, document, run):
        return document, True
    return run.store.get(reading_key(paper, run), Document) or document, False


def read(paper: Paper, before: Document | None, run: Run) -> tuple[Paper, Document]:
    """Reads a paper and stores what is found, unless passing trouble makes that less than before.

    Arguments:
        paper: What to read.
        before: What an earlier reading of the same file found.
        run: What to work with.

    Returns:
        The paper with its abstract, and what is known of it now.
    """
    from mkdocs_paperdigest.pipeline.reading import read_document

    if before is not None and paper.abstract == before.abstract:
        # Not its source's, but the text's own: looked for again.
        paper = replace(paper, abstract="")
    document, text = read_document(paper, run.options, run.session, run.reader)
    if before is not None:
        if not document.final and _worth(document) < _worth(before):
            return with_abstract(paper, before), before
        if before.source != "abstract" or document.source == "abstract":
            # Part of a summary's key, so that it need not be paid for again.
            document = replace(document, text_hash=before.text_hash)
    run.store.put(text_key(paper, run), text)
    run.store.put(document_key(paper, run), document)
    run.store.put(reading_key(paper, run), document)
    return with_abstract(paper, document), document


def text_of(paper: Paper, document: Document, run: Run) -> FullText | None:
    """The text that belongs to a document, or None where it has to be read again first.

    It has to where the document comes from an archive, or from an older version of the reader.
    """
    text = run.store.get(text_key(paper, run), FullText)
    return FullText() if text is None and document.source == "abstract" else text


def with_abstract(paper: Paper, document: Document) -> Paper:
    """The paper with the abstract that its text has, where its source states none."""
    return paper if paper.abstract else replace(paper, abstract=document.abstract)


def _worth(document: Document) -> tuple[bool, bool, int]:
    return document.final, document.source != "abstract", len(document.figures)


def _has_images(paper: Paper, document: Document, run: Run) -> bool:
    folder = images_folder(run.options.cache_dir, paper, document.reader)
    names = (name for figure in document.figures for name in figure.files)
    return all(is_whole(folder / name) for name in names)
