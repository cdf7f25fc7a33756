"""The sentences of an abstract, cleaned and with what each of them does."""

from dataclasses import dataclass

from mkdocs_paperdigest.summaries.extract.compression import cleaned
from mkdocs_paperdigest.summaries.extract.roles import Role, roles_of
from mkdocs_paperdigest.summaries.extract.words import stems
from mkdocs_paperdigest.summaries.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an abstract."""

    verbatim: str
    text: str
    """Cleaned, so that it can stand alone."""
    stems: tuple[str, ...]
    role: Role


def read_sentences(abstract: str) -> tuple[Sentence, ...]:
    """The sentences of an abstract that have a word in them."""
    said = []
    for piece in split_sentences(abstract):
        verbatim = piece.strip()
        own = stems(verbatim)
        text = cleaned(verbatim)
        if own and text:
            said.append((verbatim, text, own))
    roles = roles_of([verbatim for verbatim, _, _ in said])
    return tuple(Sentence(*parts, role) for parts, role in zip(said, roles, strict=True))
