"""Finds the JSON object in a model's reply.

Models wrap the object in fences, reasoning and courtesies, write TeX with one backslash, leave trailing
commas and quotation marks in strings unescaped, use typographic quotes as delimiters, and run out of tokens in
the middle. Correct JSON is read exactly as `json.loads` reads it, with two exceptions: escapes that
`tex_escapes` takes for TeX commands, and NaN and the infinities, which become None. A field in which a string
may have ended too early is left out rather than read by half.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_paperdigest.summaries.answer import tex_escapes as tex
from mkdocs_paperdigest.summaries.llm.outcomes import Outcome

MAX_LENGTH = 400_000
"""Characters of a reply that are read; the longest honest reply has about 20,000."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The fields that could be read."""

    fields: Mapping[str, object]
    """Complete values only; a field that was cut off is left out."""
    trouble: Outcome | None = None
    """Why fields are missing: TRUNCATED, BAD_JSON or BAD_SHAPE (an object with other fields); None when the object
    was complete."""


def decode(text: str, names: Collection[str]) -> Decoded:
    """Reads the object that has most of the fields `names`, or the last one if several have equally many.

    Arguments:
        text: All text parts of the reply.
        names: The requested fields. Another object may lie around theirs (`{"answer": {...}}`).
    """
    text = text[:MAX_LENGTH].encode("utf-8", "replace").decode()
    answer = _without_reasoning(text)
    found = _best(answer, names)
    # What looked like the end of reasoning may be part of the answer: papers write about such marks.
    return found if found.fields or answer in ("", text) else _best(text, names)


def _best(text: str, names: Collection[str]) -> Decoded:
    best = Decoded({}, Outcome.BAD_JSON)
    found = 0
    start = text.find("{")
    for _ in range(_MAX_CANDIDATES):
        if start < 0:
            break
        reader = _Reader(text, start, names)
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
    """The text ends before the object does."""


class _BrokenError(ValueError):
    """The text cannot be read any further."""


class _Reader:
    """A recursive-descent parser of one object, which accepts errors whose meaning is clear."""

    def __init__(self, text: str, position: int, names: Collection[str]) -> None:
        self.text = text
        self.position = position
        self._names = names
        self._after_odd_member = _AFTER_ODD_MEMBER.format("|".join(map(re.escape, {*names, *_CLAIM})))
        self._doubtful = False
        self._broken = False

    def read(self) -> Decoded:
        """The object at the current position, or as much of it as can be read."""
        fields: dict[str, object] = {}
        try:
            self._object(fields, 0)
        except _CutError:
            return Decoded(fields, Outcome.TRUNCATED)
        except (_BrokenError, ValueError):
            return Decoded(fields, Outcome.BAD_JSON)
        return Decoded(fields, Outcome.BAD_JSON if self._broken else None)

    def _value(self, depth: int, after: tuple[str, str]) -> Any:
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
            name = self._string((_AFTER_KEY, _AFTER_KEY))
            if self._peek() != ":":
                raise _BrokenError
            self.position += 1
            fields[name] = self._value(depth, (_AFTER_MEMBER, self._after_odd_member))
            if self._doubtful and name in self._names:
                del fields[name]
                self._doubtful, self._broken = False, True
            self._separator("}")
        self.position += 1

    def _array(self, depth: int) -> list[object]:
        self._open(depth)
        items: list[object] = []
        while self._peek() != "]":
            items.append(self._value(depth, (_AFTER_ITEM, _AFTER_ODD_ITEM)))
            self._separator("]")
        self.position += 1
        return items

    def _open(self, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise _BrokenError
        self.position += 1

    def _separator(self, closing: str) -> None:
        # A trailing comma is allowed, as in most languages other than JSON.
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
            raise _CutError  # 1 may be the start of 10
        word = found[0]
        if word in _WORDS:
            return _WORDS[word]
        return float(word) if set(word) & set(".eE") else int(word)

    def _string(self, after: tuple[str, str]) -> str:
        """A string up to a quotation mark after which the text goes on as JSON does.

        Other quotation marks are part of the string. They come in pairs, so one that follows an odd number of
        them is the end only where that is beyond doubt: in `with "sparse", "small" marks"`, none but the last.

        Arguments:
            after: Patterns of what follows the end; the second after an odd number of quotation marks.
        """
        closing = _CLOSING.get(self.text[self.position])
        if closing is None:
            raise _BrokenError
        even, odd = (re.compile(rf"[{closing}](?=\s*(?:{pattern}))") for pattern in after)
        stop = re.compile(rf"[\\{closing}]")
        # Apostrophes do not come in pairs.
        paired = "'" not in closing
        inner = 0
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
            elif (odd if paired and inner % 2 else even).match(self.text, self.position):
                self.position += 1
                self._doubtful |= paired and inner % 2 == 1
                return "".join(parts)
            else:
                inner += 1
                parts.append(found[0])
                self.position += 1
        raise _CutError

    def _escape(self, *, in_math: bool) -> str:
        """The characters that the escape at the current position stands for."""
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
        # JSON has no such escape: the model meant a backslash.
        self.position = start + 1
        return "\\"


def _without_reasoning(text: str) -> str:
    """What follows a model's reasoning. Some chat templates print only the mark at its end."""
    begun = _REASONING.match(text)
    end = _REASONING_END.search(text)
    if end and (begun or not _BEGUN.match(text)):
        return text[end.end() :]
    # Where the end was never marked, only an object that everything else leads up to can be the answer.
    return "" if begun and not text.rstrip("`\n ").endswith("}") else text


_REASONING = re.compile(
    r"\s*(?:<(?:seed:)?think(?:ing)?>|<reasoning>|<thought>|\[THINK\]|◁think▷|<\|channel\|>analysis)", re.I
)
_REASONING_END = re.compile(
    r"</(?:seed:)?think(?:ing)?>|</reasoning>|</thought>|\[/THINK\]|◁/think▷|<\|channel\|>final<\|message\|>",
    re.I,
)
_BEGUN = re.compile(r"\s*(?:```\w*\s*)?[{\[]\s*[\"“{]")
"""The beginning of an answer without reasoning."""


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
_CLAIM = ("text", "quote")
_KEY = r"""(?:"(?:[^"\\]|\\.){0,2000}"|[“”„][^“”"]{0,200}[“”"]|['‘][^'’]{0,200}['’])"""
_KEY_CUT = r"""(?:"(?:[^"\\]|\\.){0,2000}|[“”„'‘][^“”"'’]{0,200})\\?"""
_VALUE = r"""(?:["“”„'‘{\[\d-]|true|false|null|True|False|None|NaN|Infinity)"""
_AFTER_KEY = ":"
# A quotation mark at which the reply was cut ends a string only after the end of a sentence.
_AFTER_MEMBER = rf"}}|(?<=[.!?。！？…]\")\Z|,\s*(?:}}|\Z|{_KEY}\s*(?::|\Z)|{_KEY_CUT}\Z)"
# Made with `str.format`: the fields that an answer has.
_AFTER_ODD_MEMBER = (
    r"}}[ \t]*(?:\s*[,}}\]`]|\n|\Z)|,\s*(?:}}|[\"“”„'‘](?:{})[\"“”’']\s*:\s*"
    + _VALUE.replace("{", "{{")
    + ")"
)
_AFTER_ITEM = rf"\]|(?<=[.!?。！？…]\")\Z|,\s*(?:\]|\Z|{_VALUE})"
_AFTER_ODD_ITEM = r"\][ \t]*(?:\s*[,}\]]|\n|\Z)"
_PLAIN = frozenset('"\\/')
_CONTROL = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_UNICODE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_ACUTE = re.compile(r"\\'\{?[aeiouyAEIOUY\\]")
"""TeX's acute accent, `Poincar\\'e`. Before other letters the model escaped an apostrophe, as Python would."""
