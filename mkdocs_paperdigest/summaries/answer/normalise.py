"""Converts the values of a decoded answer to the types of `Answer` wherever their meaning is clear."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from mkdocs_paperdigest.models import Answer, Claim, Omission
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.answer.fields import FIELDS, Kind
from mkdocs_paperdigest.text import without_controls


def normalise(answer: Mapping[str, object], names: Collection[str]) -> tuple[Answer, tuple[Omission, ...]]:
    """Converts the requested fields; a value of unclear shape does not affect the other fields.

    Arguments:
        answer: The decoded JSON object.
        names: The requested fields; others are ignored.

    Returns:
        The answer, and the fields that are missing or have no usable shape.
    """
    values: dict[str, Any] = {}
    failed = []
    for field in FIELDS:
        if field.name not in names:
            continue
        try:
            value = _READERS[field.kind](answer.get(field.name))
        except _WrongShapeError:
            failed.append(Omission(field.name, ReasonCode.SHAPE))
            continue
        if value is not None and value != ():
            values[field.name] = value
        elif field.required:
            failed.append(Omission(field.name, ReasonCode.MISSING))
    return Answer(**values), tuple(failed)


class _WrongShapeError(ValueError):
    """A value whose meaning is not clear."""


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case str():
            text = without_controls(value).strip()
            return None if text.lower() in _NOTHING else text
        case {"text": inner}:
            return _text(inner)
        case [*items] if items and all(isinstance(item, str) for item in items):
            return _text(" ".join(str(item).strip() for item in items))
    raise _WrongShapeError


def _words(value: object) -> tuple[str, ...]:
    match value:
        case None:
            return ()
        case str():
            items: list[object] = list(re.split(r"[,;，；、\n]", value))
        case [*many]:
            items = many
        case _:
            raise _WrongShapeError
    words = [_term(_text(item) or "") for item in items]
    return tuple(word for word in words if word)


def _term(text: str) -> str:
    """A term without the full stop of a sentence; an abbreviation (`U.S.`) keeps its full stop."""
    bare = text.rstrip("。．，、；,; ")
    return bare.removesuffix(".") if bare.count(".") == 1 else bare


def _claim(value: object) -> Claim | None:
    match value:
        case None:
            return None
        case str():
            text = _text(value)
            return Claim(text) if text else None
        case {"text": said, **rest}:
            text = _text(said)
            return Claim(text, _quote(rest.get("quote"))) if text else None
        case [*items] if items:
            parts = _claims(items)
            quote = next((part.quote for part in parts if part.quote), "")
            return Claim(" ".join(part.text for part in parts), quote) if parts else None
    raise _WrongShapeError


def _quote(value: object) -> str:
    # A quote of another shape is dropped, and the claim is kept without it.
    match value:
        case [*items] if items:
            return _quote(items[0])
        case str() if value.strip().lower() not in _NOTHING:
            return without_controls(value).strip()
    return ""


def _claims(value: object) -> tuple[Claim, ...]:
    match value:
        case None:
            return ()
        case str():
            items: list[object] = [line for line in value.splitlines() if line.strip()]
        case {"text": _}:
            items = [value]
        case {**numbered} if numbered and all(str(key).isdigit() for key in numbered):
            items = list(numbered.values())
        case [*many]:
            items = many
        case _:
            raise _WrongShapeError
    claims = [_claim(item) for item in items]
    return tuple(claim for claim in claims if claim is not None)


def _score(value: object) -> int | None:
    number: int | float
    match value:
        case None:
            return None
        case bool():
            raise _WrongShapeError
        case int() | float():
            number = value
        case str():
            found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:\s*(?:/|of|out of)\s*10)?", value.strip().rstrip("."))
            if not found:
                raise _WrongShapeError
            number = float(found[1])
        case _:
            raise _WrongShapeError
    if not 0 <= number <= 10:
        raise _WrongShapeError
    return round(number)


_NOTHING = frozenset({"", "null", "none", "n/a"})

_READERS: Mapping[Kind, Callable[[object], Any]] = {
    "text": _text,
    "optional text": _text,
    "words": _words,
    "claims": _claims,
    "optional claim": _claim,
    "score": _score,
}
