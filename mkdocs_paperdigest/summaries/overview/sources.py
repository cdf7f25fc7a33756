"""What a sentence of an overview may rest on: the statements that the page shows of each paper."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mkdocs_paperdigest.models import Entry

if TYPE_CHECKING:
    from mkdocs_paperdigest.summaries.agreement.statement import Statement


@dataclass(frozen=True)
class Source:
    """One paper, by what the page says of it."""

    id: str
    title: str
    statements: tuple[str, ...]
    """Summary, takeaways and reading, as they are shown."""
    keywords: tuple[str, ...] = ()

    @cached_property
    def whole(self) -> "Statement":
        """Everything, as one text."""
        return _statement("\n".join((f"{self.title}.", *self.statements, f"{', '.join(self.keywords)}.")))

    @cached_property
    def said(self) -> "Statement":
        """The statements alone."""
        return _statement("\n".join(self.statements))

    @cached_property
    def each(self) -> "tuple[Statement, ...]":
        """Each statement and the title; and the clauses of each, as what one denies another one may say."""
        whole = (*self.statements, self.title)
        name = self.name or ""
        # "71% preferred it to B": what is preferred is the paper's own.
        whole = tuple(_IT.sub(lambda _: name, text) if name else text for text in whole)
        parts = (part for text in whole for part in clauses(text))
        return tuple(map(_statement, dict.fromkeys((*whole, *parts))))

    @cached_property
    def names(self) -> tuple[re.Pattern[str], ...]:
        """How sentences call it: by the name that its title begins with, and by the kind of work that it says it is."""
        return tuple(self._names())

    @property
    def name(self) -> str | None:
        """The name that its title gives it before a colon."""
        name, colon, _ = self.title.partition(":")
        words = name.split()
        is_name = colon and (
            len(words) == 1 or (len(words) <= 4 and re.search(r"^\W*\w*[A-Z]\w*[A-Z0-9]|\d", name))
        )
        return name.strip() if is_name else None

    def _names(self) -> Iterator[re.Pattern[str]]:
        if name := self.name:
            spelt = r"[-\s]?".join(re.escape(part) for part in re.split(r"[-\s]+", name.strip()))
            yield re.compile(rf"(?<![A-Za-z0-9]){spelt}(?![A-Za-z0-9])", re.IGNORECASE)
        about = " ".join((self.title, *self.keywords)).lower()
        for word, term in _KINDS.items():
            if re.search(rf"\b{word}|{term}", about):
                yield re.compile(rf"\b{word}\b|{term}", re.IGNORECASE)


_KINDS = {"survey": "综述", "review": "综述", "benchmark": "基准"}
"""Kinds of work that may stand for their paper."""


def _statement(text: str) -> "Statement":
    # A warm build compares nothing, so it must not pay for importing what would.
    from mkdocs_paperdigest.summaries.agreement.statement import Statement

    return Statement(text)


def source_of(entry: Entry) -> Source:
    """What a page says of a paper; without statements where it says nothing of its own."""
    summary = entry.summary
    if summary is None or entry.paper.withdrawn:
        return Source(entry.paper.id, entry.paper.title, ())
    claims = (claim.text for claim in summary.claims)
    stated = dict.fromkeys(filter(None, (summary.summary, *claims)))
    return Source(entry.paper.id, entry.paper.title, tuple(stated), summary.keywords)


def clauses(text: str) -> list[str]:
    """The parts of a sentence that a comma or a conjunction separates."""
    return [part.strip() for part in _CLAUSE_END.split(text) if part.strip()]


_IT = re.compile(r"\b[Ii]t\b(?!s)|它(?!们)")
_CLAUSE_END = re.compile(
    r"[,;:，；：](?!\d)|\b(?:and|while|whereas|but|although|though|because|where)\b|但是?|不过|而且?|并且?|尽管|虽然"
)
