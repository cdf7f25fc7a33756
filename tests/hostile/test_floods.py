"""No text is long enough to keep a build busy: work grows with the length, not with its square."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from mkdocs_paperdigest.addresses import own_links, rejoin_addresses
from mkdocs_paperdigest.models import Document, Entry
from mkdocs_paperdigest.pages.escaping.escape import escape, escape_description, path_segment, safe_address
from mkdocs_paperdigest.pages.escaping.mathematics import plain, typeset
from mkdocs_paperdigest.pages.render.bibtex import bibtex
from mkdocs_paperdigest.pages.render.links import links_of
from mkdocs_paperdigest.pages.render.venue import venue_of
from mkdocs_paperdigest.summaries.extract.extract import summarize_abstract
from mkdocs_paperdigest.text import plain_text
from tests.conftest import PAPER

LENGTH = 20_000
LIMIT_S = 5.0
"""Processor time; the slowest takes a tenth of it, and work that grows with the square takes minutes."""
BRICKS = (
    "A", "a ", "$ a", "$", "$a", "$a b^", "$x_{", "\\(", "\\[", "\\", "{", "{\\bf ", "\\emph{", "\\href{", "``", "http://",
    "https://a.b/", "https://a.b/-\n", "https://a).", "our code is available at https://a.b/c ", "github.com/", "(", "IEEE ",
    "_", "1.", "<", "&", "A-", '"', "é. ", "A. ", "Aa1", "中", ". ", "e\u0301", "\u0301", "\U0001f468\u200d", "\x00", "\n",
)  # fmt: skip


def links(text: str) -> object:
    """Of a page, with the text in all places where addresses are looked for."""
    return links_of(Entry(replace(PAPER, abstract=text), Document("html", links=(text,))))


def own(text: str) -> object:
    """Addresses that a paper presents as its own."""
    return own_links([text], text)


def every_field(text: str) -> object:
    """An entry for citing."""
    return bibtex(replace(PAPER, title=text, authors=(text,), journal_ref=text))


def extract(text: str) -> object:
    """What stands in for a model."""
    return summarize_abstract(replace(PAPER, abstract=text), now=PAPER.updated)


@pytest.mark.parametrize(
    "work",
    [
        escape, escape_description, path_segment, safe_address, typeset, plain, venue_of, every_field, links, plain_text, rejoin_addresses,
        own, extract,
    ],
)  # fmt: skip
def test_long_texts_cost_no_more_than_their_length(work: Callable[[str], object]) -> None:
    slow = {}
    for brick in BRICKS:
        text = brick * (LENGTH // len(brick))
        start = time.process_time()
        work(text)
        if (taken := time.process_time() - start) > LIMIT_S:
            slow[brick] = taken
    assert slow == {}
