"""Brings values that older versions of this package have written into the present shape.

A step leads from one version of the stored shapes to the next: the first from 1 to 2. To change a shape in
`models` is to append one; steps that were released stay as they are. A new field with a default that is
true of all older values needs none.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any

StoreStep = Callable[[str, Any], Any]
"""From the kind of a key in the store (`summary`, `document`, ...) and its JSON to the JSON of the next
version; None for what cannot be kept."""

RecordStep = Callable[[dict[str, Any]], dict[str, Any]]
"""From the content of a record of the archive, all of its scalars still text, to that of the next version."""


def migrate(kind: str, text: str, steps: tuple[StoreStep, ...]) -> str | None:
    """A stored value brought up to date; None for one that cannot be kept, or is not what it should be."""
    try:
        value = json.loads(text)
        for step in steps:
            value = step(kind, value)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        # The cache may come from anywhere: a value that a step cannot read is not ours.
        return None
    return None if value is None else json.dumps(value)


def _reasons_in_store(kind: str, value: Any) -> Any:
    """From version 1, which gave reasons as English sentences, to codes with parameters."""
    if kind == "record":
        return None  # read again from its file
    if kind in ("document", "reading"):
        return {**value, "notes": [_reason(note) for note in value.get("notes", ())]}
    if kind in ("summary", "latest", "extract"):
        return {**value, "omissions": _omissions(value)}
    if kind == "ledger":
        return [{**line, "reasons": _reasons(line.get("reason", ""))} for line in value]
    return value


def _reasons_in_record(record: dict[str, Any]) -> dict[str, Any]:
    """The same for a record."""
    new = dict(record)
    document, summary = record.get("document") or {}, record.get("summary") or {}
    if record.get("trouble"):
        new["trouble"] = _reasons(record["trouble"])
    if "notes" in document:
        new["document"] = {**document, "notes": [_reason(note) for note in document["notes"]]}
    if "omissions" in summary:
        new["summary"] = {**summary, "omissions": _omissions(summary)}
    return new


def _omissions(summary: Mapping[str, Any]) -> list[Any]:
    return [
        {**omission, "reason": omission["reason"].replace(" ", "_")}
        for omission in summary.get("omissions", ())
    ]


def _reasons(text: str) -> list[Any]:
    """The reasons in a text of several sentences: the notes of a document were joined."""
    return [_reason(one) for one in re.split(_NEXT_NOTE, text)] if text else []


def _reason(text: str, depth: int = 1) -> dict[str, Any]:
    """The reason in a sentence that goes from the general to the particular: `no figures: the PDF is encrypted`."""
    code, values, rest = _first_part(text) if depth < _DEEPEST else ("other", {"text": text}, "")
    because = _reason(rest, depth + 1) if rest else {}
    if code == because.get("code") == "other":
        # Unknown sentences stay in one piece.
        values = {"text": f"{values['text']}: {because['values']['text']}"}
        because = because.get("because", {})
    parts = {"values": values, "because": because}
    return {"code": code, **{name: part for name, part in parts.items() if part}}


def _first_part(text: str) -> tuple[str, dict[str, str], str]:
    """The code of a sentence's first part and its parameters, and what follows."""
    for pattern, code in _patterns():
        if found := pattern.fullmatch(text):
            values = found.groupdict("")
            rest = values.pop("rest")
            return code, values, rest
    head, _, rest = text.partition(": ")
    return "other", {"text": head}, rest


_NUMBER, _TEXT = r"-?\d[\d,.]*", r"(?:(?!: ).)+?"


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """A pattern for each sentence of version 1 and what follows it, with its code.

    Parameters stand in braces; those without an asterisk are numbers. A sentence that begins with a parameter
    comes last.
    """
    file = resources.files("mkdocs_paperdigest.storage") / "reasons_v1.json"
    codes: dict[str, str] = json.loads(file.read_text("utf-8"))

    def group(name: re.Match[str]) -> str:
        return f"(?P<{name[1]}>{_TEXT if name[2] else _NUMBER})"

    parameter = re.compile(r"\\\{(\w+)(\\\*)?\\\}")
    bodies = (parameter.sub(group, re.escape(sentence)) for sentence in codes)
    patterns = (re.compile(f"{body}(?:: (?P<rest>.+))?", re.DOTALL) for body in bodies)
    return list(zip(patterns, codes.values(), strict=True))


_NEXT_NOTE = (
    r"; (?=(?:no HTML|no figures|figures from the HTML only|some figures are missing|a figure is missing"
    r"|text from the abstract only): )"
)
_DEEPEST = 8
"""Reasons behind a reason; what comes from elsewhere may have any number of colons."""

STORE_STEPS: tuple[StoreStep, ...] = (_reasons_in_store,)
"""Steps of the store; its version is one more than their number."""
RECORD_STEPS: tuple[RecordStep, ...] = (_reasons_in_record,)
"""Steps of the archive's records; their version is one more than their number."""
STORE_SCHEMA, RECORD_SCHEMA = len(STORE_STEPS) + 1, len(RECORD_STEPS) + 1
"""The versions that this package writes."""
