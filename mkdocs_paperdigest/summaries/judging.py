"""Judges what a model has answered, field by field and claim by claim: in a build, later, and for `paperdigest check`."""

from collections.abc import Callable
from typing import Any

from mkdocs_paperdigest.models import Answer, Claim, FullText, Paper
from mkdocs_paperdigest.summaries.answer.fields import values_of
from mkdocs_paperdigest.summaries.evidence import Searchable, verify
from mkdocs_paperdigest.summaries.gate import judge as gate


def judged(
    answer: Answer, *, paper: Paper, text: FullText | None, language: str, instructions: str = ""
) -> gate.Verdict:
    """What may be shown of an answer, with marks, and what may not be.

    Arguments:
        answer: The model's answer.
        paper: What arXiv says.
        text: The full text, if it was read.
        language: The language that the prose has to be in (BCP 47).
        instructions: The prompt without the paper, to recognize echoes of it.
    """
    verdict = gate.check(answer, paper=paper, text=text, language=language, instructions=instructions)
    searchable = Searchable(text or FullText(), paper.abstract, paper.title)
    passed = {
        name: each_claim(value, lambda claim: verify(claim, searchable))
        for name, value in values_of(verdict.passed).items()
    }
    return gate.Verdict(Answer(**passed), verdict.failed)


def each_claim(value: Any, change: Callable[[Claim], Claim]) -> Any:
    """The value of a field with each of its claims changed."""
    if isinstance(value, Claim):
        return change(value)
    if isinstance(value, tuple):
        return tuple(each_claim(item, change) for item in value)
    return value
