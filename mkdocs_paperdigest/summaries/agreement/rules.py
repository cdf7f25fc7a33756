"""Decides whether a passage carries a claim: the first rule that finds a contradiction gives the reason."""

from collections.abc import Callable

from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.agreement.comparisons import (
    cause_reversed,
    other_direction,
    other_equality,
    other_rival,
    roles_swapped,
    subjects_swapped,
)
from mkdocs_paperdigest.summaries.agreement.names import other_attribute, other_measure, other_names
from mkdocs_paperdigest.summaries.agreement.negation import negated
from mkdocs_paperdigest.summaries.agreement.numbers import numbers_differ, units_swapped
from mkdocs_paperdigest.summaries.agreement.opposites import opposite_words
from mkdocs_paperdigest.summaries.agreement.overstatement import invented_cause, too_general
from mkdocs_paperdigest.summaries.agreement.relevance import unrelated
from mkdocs_paperdigest.summaries.agreement.statement import Passage, Statement
from mkdocs_paperdigest.summaries.agreement.swaps import (
    number_of_another,
    numbers_swapped,
    other_owner,
    things_swapped,
)


def disagreement(claim: str, passage: Passage) -> ReasonCode | None:
    """Why a passage does not carry a claim, or None if no rule finds anything."""
    text = Statement(claim)
    for rule, reason in _RULES:
        if rule(text, passage):
            return reason
    return None


def is_turned_round(claim: str, passage: Passage) -> bool:
    """Whether a claim in the words of a passage swaps what belongs together, or turns a comparison or a direction round.

    Only the rules that find nothing in 3,400 honest summaries of one sentence beside the sentences that they sum up.
    """
    text = Statement(claim)
    if len(text.numbers) > 1 and numbers_swapped(text, passage):
        return True
    return any(rule(text, passage) for rule in (roles_swapped, subjects_swapped, other_direction))


_RULES: tuple[tuple[Callable[[Statement, Passage], bool], ReasonCode], ...] = (
    (numbers_differ, ReasonCode.FAR_NUMBERS),
    (unrelated, ReasonCode.UNRELATED),
    (units_swapped, ReasonCode.FAR_NUMBERS),
    (numbers_swapped, ReasonCode.CONTRADICTED),
    (number_of_another, ReasonCode.CONTRADICTED),
    (things_swapped, ReasonCode.CONTRADICTED),
    (other_names, ReasonCode.CONTRADICTED),
    (other_measure, ReasonCode.CONTRADICTED),
    (other_attribute, ReasonCode.CONTRADICTED),
    (opposite_words, ReasonCode.CONTRADICTED),
    (roles_swapped, ReasonCode.CONTRADICTED),
    (other_owner, ReasonCode.CONTRADICTED),
    (other_rival, ReasonCode.CONTRADICTED),
    (subjects_swapped, ReasonCode.CONTRADICTED),
    (other_direction, ReasonCode.CONTRADICTED),
    (cause_reversed, ReasonCode.CONTRADICTED),
    (other_equality, ReasonCode.CONTRADICTED),
    (negated, ReasonCode.CONTRADICTED),
    (invented_cause, ReasonCode.OVERSTATED),
    (too_general, ReasonCode.OVERSTATED),
)
