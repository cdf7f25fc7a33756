"""Whether the claim says more than the quote: a cause, "all", "the best", "at least".

Written for invented causes and for claims that reach further than their quotes. The word files have the words of each
group, and softer ones that carry the claim too; "all" is not carried by a quote that has a soft word and a hedge.
"""

import re
from itertools import islice

from mkdocs_paperdigest.summaries.agreement.names import has
from mkdocs_paperdigest.summaries.agreement.patterns import (
    any_causes,
    any_superlatives,
    any_universals,
    causes,
    hedges,
    lower_bounds,
    superlatives,
    universals,
)
from mkdocs_paperdigest.summaries.agreement.relevance import LEAST_SHARED
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.text import Text


def invented_cause(claim: Text, passage: Passage) -> bool:
    """The claim gives a reason that the quote does not give."""
    for cause in islice(causes().finditer(claim.small), _MOST_CAUSES):
        if not passage.quote.says(any_causes()):
            return True
        clause = Text(re.split("[,;.，；。]", claim.plain[cause.end() :])[0])
        known = [has(passage.quote, word) for word in clause.words]
        if known and (not any(known[:2]) or sum(known) < LEAST_SHARED * len(known)):
            return True
    return False


def too_general(claim: Text, passage: Passage) -> bool:
    """The claim holds for all, or is the best of all, or is at least so much, where the quote says nothing like that."""
    quote = passage.quote
    if (
        claim.says(universals())
        and not claim.says(_EXCEPT)
        and (
            not (quote.says(any_universals()) or quote.says(_RANGE))
            or (quote.says(hedges()) and not quote.says(universals()))
        )
    ):
        return True
    if (
        _MERELY.search(claim.small)
        and _NOT_MERELY.search(quote.small)
        and not _NOT_MERELY.search(claim.small)
    ):
        return True
    if quote.says(_PLANNED) and not claim.says(_TO_COME) and not claim.says(hedges()):
        return True
    # A paper that shows something has proved it, but not one that suggests it.
    if claim.says(_PROVES) and quote.says(hedges()) and not quote.says(_PROVES) and "show" not in quote.small:
        return True
    if claim.says(_WHOLLY) and quote.says(_NOT_WHOLLY) and not claim.says(_NOT_WHOLLY):
        return True
    if claim.says(superlatives()) and not passage.near.says(any_superlatives()):
        return True
    if (
        claim.says(_WHOLE)
        and not quote.says(_WHOLLY_OR_WHOLE)
        and any(one.in_words and "%" in one.units for one in quote.numbers)
    ):
        return True
    if quote.says(_EXCEPT) and not claim.says(_EXCEPT) and not claim.negations and claim.says(_INCLUDES):
        return True
    counts = {one.value for one in claim.numbers if _ALL_OF.search(claim.small[: one.start])}
    if counts and any(int(found[1]) in counts for found in _PART_OF.finditer(quote.small)):
        return True
    lower = [sign for sign in claim.signs if (sign.axis, sign.up) == ("bound", True)]
    bounded = any(
        0 < one.start - sign.at <= _BOUND and not one.in_words for sign in lower for one in claim.numbers
    )
    return bounded and not quote.says(lower_bounds())


_MOST_CAUSES = 20
"""Reasons of a claim that are looked at; a statement has fewer."""
_MERELY = re.compile(r"\b(?:only|just|merely|solely|simply|entirely|purely)\b|仅|只是|完全是|单纯")
_NOT_MERELY = re.compile(
    r"(?:\bnot |n['’]t )(?:only|just|merely|solely|simply|entirely|purely)\b|beyond|不仅|不只|不止|并非|不单"
)
_PLANNED = re.compile(
    r"\b(?:we|authors?|groups?|teams?) (?:\w+ )?(?:plan(?:s|ned)?|intend(?:s|ed)?|hope) to\b|\bfuture work\b"
    r"|(?:我们|作者|本文)[^，。]{0,4}(?:计划|打算|拟)|未来工作|后续工作|今后"
)
"""What a paper only intends to do."""
_TO_COME = re.compile(
    r"\b(?:will|would|plan(?:s|ned)?|intend(?:s|ed)?|hope[sd]?|future|aims?)\b|计划|打算|拟|未来|将|今后|后续"
)
_RANGE = re.compile(r"\\geq?\b|[≥>]")
"""All numbers of a kind."""
_PROVES = re.compile(r"\bprov(?:e[sdn]?|ably)\b")
_WHOLLY = re.compile(r"\b(?:never|always|all|every|none|no)\b|从不|绝不|总是|所有|一律")
_NOT_WHOLLY = re.compile(
    r"(?:\bnot |n['’]t )(?:\w+ ){0,2}(?:always|all|every|necessarily)\b|不一定|未必|[不非无未没][^，。]{0,4}(?:所有|总是|全部|每)"
)
_WHOLLY_OR_WHOLE = re.compile(r"\b(?:all|whole|entire)\b")
_WHOLE = re.compile(r"\b(?:all of the|the (?:entire|whole))\b|全部|整个")
_EXCEPT = re.compile(
    r"\bexcept\b(?! that)|\bwith the exception of\b|\b(?:apart|aside) from\b|\bexcluding\b|\bother than\b|\bbut not\b|除了|(?<![去消删排清移解])除[^，。除]{1,12}外"
)
_INCLUDES = re.compile(
    r"\binclud(?:es?|ed|ing)\b|\beven\b|\bwithout exception\b|包括|连[^，。]{1,12}[也都]|无一例外|一切"
)
_ALL_OF = re.compile(r"\ball (?:the |of the )?$|(?:全部|所有)的?$")
_PART_OF = re.compile(r"\w+ (?:out )?of (?:the )?(\d+)\b")


_BOUND = 16
"""Characters within which a number follows "at least"."""
