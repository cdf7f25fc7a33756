"""Compares a statement with the passage that it rests on: numbers, names, direction, negation, cause, subject.

The rules know no more of language than the word files say, so they only find contradictions that show in words.
Statement and passage may be in different languages: they are compared by numbers, by names in Latin letters, and by
the terms whose English stems the word files have. `rules` decides; `statement` has what it compares.
"""

from mkdocs_paperdigest.summaries.agreement.rules import disagreement
from mkdocs_paperdigest.summaries.agreement.statement import Passage

__all__ = ["Passage", "disagreement"]
