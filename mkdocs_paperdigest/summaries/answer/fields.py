"""The fields of a model's answer, and their JSON schema.

The schema has no bounds (`maxItems`, `maxLength`). Gemini has a hidden budget for them: beyond it, it
answers 400 without a reason (googleapis/python-genai#2170), and within it, it ignores them. The gate
checks bounds instead.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any, Literal

from mkdocs_paperdigest.models import Answer

Kind = Literal["text", "optional text", "words", "claims", "optional claim", "score"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an answer."""

    name: str
    kind: Kind
    about: str
    """The description that the model gets; it holds no value that the model could repeat as its answer."""
    full_text: bool = False
    """Whether it needs the full text, because the abstract alone cannot answer it."""

    @property
    def required(self) -> bool:
        """Whether the model has to give a value; a paper may say nothing about the other fields."""
        return self.name != "methods" and not self.kind.startswith("optional")


FIELDS = (
    Field("summary", "text", "One sentence: what was done and what came out."),
    Field("takeaways", "claims", "Three to seven points that a reader should remember."),
    Field("title_translation", "optional text", "The title in the language of the answer."),
    Field("keywords", "words", "Three to eight technical terms of the paper."),
    Field(
        "affiliation",
        "optional text",
        "Institution of the first author, as printed in the paper.",
        full_text=True,
    ),
    Field("background", "optional claim", "The problem, and why it matters."),
    Field("prior_work", "optional claim", "What was done before, and what it lacks."),
    Field("approach", "optional claim", "What the authors propose, and how it works."),
    Field("results", "optional claim", "On which tasks it was tried, and what came out."),
    Field(
        "methods",
        "claims",
        "The steps of the method in their order, at most eight; empty when there is none.",
        full_text=True,
    ),
    Field("significance", "optional claim", "What the work changes for its field.", full_text=True),
    Field("innovation", "optional claim", "What is new in it.", full_text=True),
    Field("performance", "optional claim", "How well it does, with the paper's own numbers.", full_text=True),
    Field(
        "workload",
        "optional claim",
        "How much was done: data, experiments, proofs, computing.",
        full_text=True,
    ),
    Field("relevance", "score", "How well the paper fits the topic: 0 not at all, 10 perfectly."),
)

ALL_FIELDS = tuple(field.name for field in FIELDS)
ABSTRACT_FIELDS = tuple(field.name for field in FIELDS if not field.full_text)
"""The fields to ask for when only the abstract was read."""


def schema(names: Collection[str]) -> dict[str, Any]:
    """JSON schema of an answer with these fields, in the order of `FIELDS`."""
    chosen = [field for field in FIELDS if field.name in names]
    return {
        "type": "object",
        "properties": {field.name: _schema(field) for field in chosen},
        "required": [field.name for field in chosen],
    }


def values_of(answer: Answer) -> dict[str, Any]:
    """The fields that have a value, by name; for a `Summary`, only those that every `Answer` has."""
    values = {field.name: getattr(answer, field.name) for field in fields(Answer)}
    return {name: value for name, value in values.items() if value is not None and value != ()}


def _schema(field: Field) -> dict[str, Any]:
    optional = field.kind.startswith("optional")
    shapes: dict[Kind, dict[str, Any]] = {
        "text": {"type": "string"},
        "optional text": {"type": ["string", "null"]},
        "words": {"type": "array", "items": {"type": "string"}},
        "claims": {"type": "array", "items": _CLAIM},
        "optional claim": {"anyOf": [_CLAIM, {"type": "null"}]},
        "score": {"type": "integer"},
    }
    about = f"{field.about} Null when the paper does not say." if optional else field.about
    return {**shapes[field.kind], "description": about}


_CLAIM = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": "The statement."},
        "quote": {
            "type": "string",
            "description": "The paper's own words that it rests on, copied character by character.",
        },
    },
    "required": ["text", "quote"],
}
