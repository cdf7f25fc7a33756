"""Whether the quote is about what the claim is about.

Words that the paper seldom has weigh more, because they say more about what a text is about. Written for quotes that
the paper has but that support nothing of the claim.
"""

import re
from functools import lru_cache
from itertools import islice

from mkdocs_paperdigest.summaries.agreement.names import has, has_synonym
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text


def unrelated(claim: Text, passage: Passage) -> bool:
    """The quote has hardly anything of what the claim is about."""
    return shared_part(claim, passage) < (LEAST_SHARED_TERMS if claim.unspaced else LEAST_SHARED)


def shared_part(claim: Text, passage: Passage) -> float:
    """Share, 0-1, of what a claim is about that the quote has: numbers, names, words; 1 where too little is known."""
    total = shared = 0.0
    quote = passage.quote
    for one in claim.numbers:
        if not one.in_words or one.units:
            total += 1
            shared += any(one.states(other) for other in quote.numbers)
    # "Cold dark matter" for the CDM of the quote
    spelt = [
        found.span()
        for name in quote.names
        if name.word.isupper() and 2 < len(name.word) < 6
        for found in islice(_spelt(name.word.lower()).finditer(claim.small), 1)
    ]
    for word in claim.words:
        key = next(iter(word.keys)) if word.is_name else word.word
        weight = 0.7 if word.is_foreign else 3 / (3 + passage.counts.get(key, 0) ** 0.5)
        total += weight
        if has(quote, word) or any(start <= word.at < end for start, end in spelt):
            shared += weight
        elif has_synonym(quote, word):
            shared += weight / 2
    return shared / total if total > 1 else 1.0


@lru_cache(maxsize=256)
def _spelt(letters: str) -> re.Pattern[str]:
    """Words that begin with these letters."""
    return re.compile(r"[ -]".join(rf"\b{re.escape(letter)}[a-z]+" for letter in letters))


LEAST_SHARED = 0.25
"""Share of what the claim is about that the quote has to have."""
LEAST_SHARED_TERMS = 0.2
"""The same for a claim in Chinese, whose terms stand for many English words."""
