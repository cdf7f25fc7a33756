"""Whether the quote is about what the claim is about.

Words that the paper seldom has weigh more, because they say more about what a text is about. Written for quotes that
the paper has but that support nothing of the claim.
"""

from mkdocs_paperdigest.summaries.agreement.names import has, has_synonym
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text


def unrelated(claim: Text, passage: Passage) -> bool:
    """The quote has hardly anything of what the claim is about."""
    return shared_part(claim, passage) < (LEAST_SHARED_TERMS if claim.unspaced else LEAST_SHARED)


def shared_part(claim: Text, passage: Passage) -> float:
    """Share, 0-1, of what a claim is about that the quote has: numbers, names, words; 1 where too little is known."""
    total = shared = 0.0
    for one in claim.numbers:
        if not one.in_words or one.units:
            total += 1
            shared += any(one.states(other) for other in passage.quote.numbers)
    for word in claim.words:
        key = next(iter(word.keys)) if word.is_name else word.word
        weight = 0.7 if word.is_foreign else 3 / (3 + passage.counts.get(key, 0) ** 0.5)
        total += weight
        if has(passage.quote, word):
            shared += weight
        elif has_synonym(passage.quote, word):
            shared += weight / 2
    return shared / total if total > 1 else 1.0


LEAST_SHARED = 0.25
"""Share of what the claim is about that the quote has to have."""
LEAST_SHARED_TERMS = 0.2
"""The same for a claim in Chinese, whose terms stand for many English words."""
