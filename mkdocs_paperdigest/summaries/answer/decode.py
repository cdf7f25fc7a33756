"""Finds the JSON object in what a model really sends.

Models wrap the object in fences, reasoning and courtesies, write TeX with one backslash, leave commas
behind, use typographic quotes as delimiters, and run out of tokens in the middle. A correct JSON text
is read exactly as `json.loads` reads it, but for what `tex` takes for commands and for NaN and the
infinities, which become None.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_paperdigest.summaries.answer import tex_escapes as tex
from mkdocs_paperdigest.summaries.llm.outcomes import Outcome

MAX_LENGTH = 400_000
"""Characters of an answer that are looked at; the longest honest one has about 20,000."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The fields that could be read."""

    fields: Mapping[str, object]
    """Only complete values: a field that was cut off is not among them."""
    trouble: Outcome | None = None
    """Why fields are missing: TRUNCATED, BAD_JSON, BAD_SHAPE (an object of other fields), or None when the object
    was read to its end."""


def decode(text: str, names: Collection[str]) -> Decoded:
    """Reads the object that holds most of the fields `names`; of equals the last one.

    Arguments:
        text: All text parts of the answer.
        names: Fields that were asked for. An object around theirs (`{"answer": {...}}`) is opened.
    """
    text = _without_reasoning(text[:MAX_LENGTH].encode("utf-8", "replace").decode())
    best = Decoded({}, Outcome.BAD_JSON)
    found = 0
    start = text.find("{")
    for _ in range(_MAX_CANDIDATES):
        if start < 0:
            break
        reader = _Reader(text, start)
        candidate = reader.read()
        fields = _unwrap(candidate.fields, names)
        count = sum(name in fields for name in names)
        if count and count >= found:
            best, found = Decoded(fields, candidate.trouble), count
        elif not found and candidate.trouble is Outcome.TRUNCATED:
            best = Decoded({}, Outcome.TRUNCATED)
        elif best.trouble is Outcome.BAD_JSON and candidate.trouble is None:
            best = Decoded({}, Outcome.BAD_SHAPE)
        start = text.find("{", start + 1 if candidate.trouble else reader.position)
    return best


_MAX_CANDIDATES = 50
_MAX_DEPTH = 20


class _CutError(ValueError):
    """The text ends where the object does not."""


class _BrokenError(ValueError):
    """The text cannot be read on."""


class _Reader:
    """A recursive-descent reader of one object, forgiving where the meaning is clear."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position

    def read(self) -> Decoded:
        """The object at the current position, as far as it goes."""
        fields: dict[str, object] = {}
        try:
            self._object(fields, 0)
        except _CutError:
            return Decoded(fields, Outcome.TRUNCATED)
        except (_BrokenError, ValueError):
            return Decoded(fields, Outcome.BAD_JSON)
        return Decoded(fields)

    def _value(self, depth: int, after: str) -> Any:
        sign = self._peek()
        if sign == "{":
            fields: dict[str, object] = {}
            self._object(fields, depth + 1)
            return fields
        if sign == "[":
            return self._array(depth + 1)
        if sign in _CLOSING:
            return self._string(after)
        return self._literal()

    def _object(self, fields: dict[str, object], depth: int) -> None:
        self._open(depth)
        while self._peek() != "}":
            name = self._string(_AFTER_KEY)
            if self._peek() != ":":
                raise _BrokenError
            self.position += 1
            fields[name] = self._value(depth, _AFTER_MEMBER)
            self._separator("}")
        self.position += 1

    def _array(self, depth: int) -> list[object]:
        self._open(depth)
        items: list[object] = []
        while self._peek() != "]":
            items.append(self._value(depth, _AFTER_ITEM))
            self._separator("]")
        self.position += 1
        return items

    def _open(self, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise _BrokenError
        self.position += 1

    def _separator(self, closing: str) -> None:
        # A comma before the closing bracket is dropped, as in most languages but JSON.
        sign = self._peek()
        if sign == ",":
            self.position += 1
        elif sign != closing:
            raise _BrokenError

    def _peek(self) -> str:
        found = _SPACE.match(self.text, self.position)
        self.position = found.end() if found else self.position
        if self.position == len(self.text):
            raise _CutError
        return self.text[self.position]

    def _literal(self) -> Any:
        found = _LITERAL.match(self.text, self.position)
        if not found:
            raise _BrokenError
        self.position = found.end()
        if self.position == len(self.text):
            raise _CutError  # 1 may be the beginning of 10
        word = found[0]
        if word in _WORDS:
            return _WORDS[word]
        return float(word) if set(word) & set(".eE") else int(word)

    def _string(self, after: str) -> str:
        """A string that ends at a quote with `after` (a pattern) behind it; other quotes belong to it."""
        closing = _CLOSING.get(self.text[self.position])
        if closing is None:
            raise _BrokenError
        end = re.compile(rf"[{closing}](?=\s*(?:{after}|\Z))")
        stop = re.compile(rf"[\\{closing}]")
        self.position += 1
        parts: list[str] = []
        in_math = False
        while found := stop.search(self.text, self.position):
            piece = self.text[self.position : found.start()]
            in_math ^= tex.toggles_math((parts[-1][-1] if parts else "") + piece)
            parts.append(piece)
            self.position = found.start()
            if found[0] == "\\":
                parts.append(self._escape(in_math=in_math))
            elif end.match(self.text, self.position):
                self.position += 1
                return "".join(parts)
            else:
                parts.append(found[0])
                self.position += 1
        raise _CutError

    def _escape(self, *, in_math: bool) -> str:
        """What the backslash at the current position stands for, with all that belongs to it."""
        start, self.position = self.position, self.position + 2
        sign = self.text[start + 1 : start + 2]
        if sign in _PLAIN:
            return sign
        if sign in _CONTROL and not tex.is_command(self.text, start, in_math=in_math):
            return _CONTROL[sign]
        if found := _UNICODE.match(self.text, start):
            self.position = found.end()
            units = bytes.fromhex(found[0].replace("\\u", ""))
            return units.decode("utf-16-be", "replace")
        if sign == "'" and not _ACUTE.match(self.text, start):
            return sign
        # No escape of JSON: the backslash was meant as such.
        self.position = start + 1
        return "\\"


def _without_reasoning(text: str) -> str:
    if not text.lstrip().startswith("<think>"):
        return text
    return text.partition("</think>")[2]


def _unwrap(fields: Mapping[str, object], names: Collection[str]) -> Mapping[str, object]:
    while not any(name in fields for name in names):
        inner = [value for value in fields.values() if isinstance(value, dict)]
        if len(inner) != 1:
            break
        fields = inner[0]
    return fields


_SPACE = re.compile(r"\s*")
_LITERAL = re.compile(r"-?(?:\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?|Infinity)|[A-Za-z]+")
_WORDS = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
    "NaN": None,
    "Infinity": None,
    "-Infinity": None,
}
_CLOSING = {'"': '"', "“": '”“"', "”": '”“"', "„": '”“"', "'": "'", "‘": "’‘'"}
_AFTER_KEY = ":"
_AFTER_MEMBER = r"}|,\s*(?:[\"“”„'‘}]|\Z)"
_AFTER_ITEM = r"[,\]]"
_PLAIN = frozenset('"\\/')
_CONTROL = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_UNICODE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_ACUTE = re.compile(r"\\'\{?[aeiouyAEIOUY\\]")
"""TeX's accent, `Poincar\\'e`; before another letter it is an apostrophe that Python would escape."""
