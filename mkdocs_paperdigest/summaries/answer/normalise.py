"""Converts the values of a decoded answer to the types of `Answer` wherever their meaning is clear."""

import html
import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from mkdocs_paperdigest.models import Answer, Claim, Omission
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.answer.fields import FIELDS, Kind
from mkdocs_paperdigest.summaries.answer.tex_escapes import is_command, toggles_math
from mkdocs_paperdigest.summaries.gate.wording import says_nothing
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


def repaired(text: str) -> str:
    """`text` as the model meant it: without a second layer of escapes, entities, Markdown, mojibake and wide letters.

    Only what cannot mean anything else is changed; what is left of such marks fails the gate.
    """
    if _MOJIBAKE_LEAD.search(text):
        text = _MOJIBAKE.sub(_decoded, text)
    if "&" in text:
        # Twice, because `&amp;quot;` is escaped twice; more layers do not occur by accident.
        for _ in range(2):
            text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if "\\" in text:
        text = _unescaped(text)
    if _WIDE_OR_INVISIBLE.search(text):
        text = _WIDE_RUN.sub(lambda run: run[0].translate(_USUAL_WIDTH), _INVISIBLE.sub("", text))
    return _without_markdown(text) if _MARKDOWN_SIGN.search(text) else text


_WIDE = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_WIDE_RUN = re.compile(f"[{_WIDE}](?:[{_WIDE}\uff0d-\uff0f\uff20\uff3f]*[{_WIDE}])?")
"""Letters and digits as wide as Chinese characters, with the signs between them: `ＱＱ`."""
_USUAL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_INVISIBLE = re.compile("(?<=[!-~\u0370-\u052f])[\u200b-\u200d\u2060\ufeff]+(?=[!-~\u0370-\u052f])")
"""Invisible characters in words of alphabets."""
_WIDE_OR_INVISIBLE = re.compile(f"[{_WIDE}]|{_INVISIBLE.pattern}")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def _unescaped(text: str) -> str:
    text = _QUOTED.sub(r'"\1"', text)
    text = _LONE_QUOTE.sub('"', text)
    text = _SURROGATES.sub(lambda pair: json.loads(f'"{pair[0]}"'), text)
    text = _UNICODE.sub(lambda code: chr(int(code[1], 16)), text)

    def broken(escape: re.Match[str]) -> str:
        in_math = toggles_math(text[: escape.start()])
        return escape[0] if is_command(text, escape.start(), in_math=in_math) else "\n"

    return _LINE_BREAK.sub(broken, text)


_QUOTED = re.compile(r'(?<![A-Za-z\\])\\"(?=[^\s"])([^"\\\n]{1,300}?)\\"(?![A-Za-z{\\])')
"""A quotation with escaped marks. TeX's umlaut (`Schr\\"odinger`) stands before a letter, never at a word's end."""
_LONE_QUOTE = re.compile(r'\\"(?![A-Za-z{\\])')
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_UNICODE = re.compile(r"\\u((?![dD][89a-fA-F]|00[01])[0-9a-fA-F]{4})")
_LINE_BREAK = re.compile(r"(?:\\r)?\\n|\\[rt](?![A-Za-z])")


def _without_markdown(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\1", text)
    text = _CODE.sub(lambda code: code[1] if " " not in code[1] else f"“{code[1]}”", text)
    return _LINE_MARK.sub("", text)


_MARKDOWN_SIGN = re.compile(r"[*`#>\[]|^[ \t]*-", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{1,200})\]\([^()\s]{1,300}\)")
_STRONG = re.compile(r"(\*\*\*?)(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\1(?!\*)")
_EMPHASIS = re.compile(r"(?<![\w*$^\\])\*(?=[^\s*])([^*$\n]{1,100}?)(?<=[^\s*])\*(?![\w*])")
_CODE = re.compile(r"(?<!`)`([^`\n]{1,200})`(?!`)")
_LINE_MARK = re.compile(r"(?m)^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]+|[*\-][ \t]+(?=\S))")


def _decoded(mojibake: re.Match[str]) -> str:
    """UTF-8 that somebody read as Windows-1252, if the result is a usual character; else the text as it is."""
    data = bytearray()
    for char in mojibake[0]:
        try:
            data += char.encode("cp1252")
        except UnicodeEncodeError:
            # The five bytes that Windows-1252 leaves open come through as control characters.
            data.append(ord(char) & 0xFF)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return mojibake[0]
    return text if all(_USUAL.fullmatch(char) for char in text) else mojibake[0]


_TAIL = "[\x80-\xbf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
_MOJIBAKE_LEAD = re.compile("[\xc2-\xc5\xce-\xcf\xe2-\xef\xf0]" + _TAIL)
_MOJIBAKE = re.compile(f"[\xc2\xc3]{_TAIL}|[\xe2-\xef]{_TAIL}{{2}}|\xf0{_TAIL}{{3}}")
"""One character each. Only leads that begin a usual character, as `É»` is also the end of a French quotation."""
_USUAL = re.compile(
    "[\xa0-\xff\u2000-\u22ff\u2500-\u27ff\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff\ufb00-\uffef\U0001f300-\U0001faff]"
)


class _WrongShapeError(ValueError):
    """A value whose meaning is not clear."""


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case str():
            text = repaired(without_controls(value)).strip()
            return None if text.lower() in _NOTHING or says_nothing(text) else text
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
