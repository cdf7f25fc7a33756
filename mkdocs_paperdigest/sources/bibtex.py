"""The syntax of a BibTeX file: its entries, with macros, `crossref` and `xdata` resolved."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pybtex.database.input.bibtex import LowLevelParser, SkipEntry, month_names
from pybtex.scanner import Pattern, PybtexSyntaxError, Token

from mkdocs_paperdigest.sources.bibtex_file import read_bytes


@dataclass(frozen=True, slots=True)
class Block:
    """One entry."""

    key: str
    """As it stands in the file; empty where there is none."""
    line: int
    """Where it begins, from 1."""
    fields: Mapping[str, str]
    """LaTeX on one line, by lower-case name; what the entry inherits included."""
    type: str = "misc"
    """In lower case: `article`."""
    damaged: bool = False
    """Whether something in it is not BibTeX, so that fields may be missing."""
    undefined: tuple[str, ...] = ()
    """Macros in it that the file does not define."""


def read_blocks(path: Path) -> Iterator[Block]:
    """The entries of a file, in its order; those that name no work (`@control`, `@xdata`) are passed over.

    Raises:
        ValueError: The file cannot be read.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("the file is not in UTF-8; save it in that encoding") from None
    parser = _Parser(text)
    blocks = list(parser.blocks())
    by_key: dict[str, Block] = {}
    for block in blocks:
        by_key.setdefault(block.key.lower(), block)
    # What is inherited counts as the text that macros stand for does: each step may multiply it.
    budget = parser.budget
    for block in blocks:
        if block.type not in _NO_WORKS:
            whole, budget = _with_inherited(block, by_key, budget)
            yield whole


class _Parser(LowLevelParser):  # type: ignore[misc]  # pybtex has no types
    """Pybtex's reader, which goes on after a fault and bounds what macros stand for."""

    KEY_BRACE = KEY_PAREN = Pattern(r"[^\s,{}]+(?:[ \t]+[^\s,{}=]+(?![^\s,{}=]|\s*=))*", "entry key")

    pos: int
    lineno: int
    command_start: int
    current_entry_key: str
    current_fields: list[tuple[str, list[str]]]
    current_field_name: str | None
    current_value: list[str]

    def __init__(self, text: str) -> None:
        names = {month.lower(): month for month in month_names.values()}
        super().__init__(text, macros={**month_names, **names})
        self.budget = 4 * len(text) + 2**20
        """Characters that macros may still stand for: macros of macros grow without end."""
        self.patience = 8 * len(text) + 2**20
        """Characters that may still be read in search of the ends of comments that have none."""
        self.undefined: list[str] = []
        self.damaged = False

    def blocks(self) -> Iterator[Block]:
        """Everything in the file that looks like an entry."""
        while self.skip_to([self.AT]):
            if self._is_commented_out():
                continue
            self.command_start, line = self.pos - 1, self.lineno
            self.undefined, self.damaged = [], False
            try:
                name, content = self.parse_command()
            except PybtexSyntaxError:
                continue  # an `@` in the text between entries
            except SkipEntry:
                self._skip_comment()
                continue
            if self.damaged:
                self._resume(line)
            if name.lower() not in ("string", "preamble"):
                key, fields = content
                undefined = tuple(dict.fromkeys(self.undefined))
                entry_type = name.lower().lstrip("@")
                yield Block(key, line, _once_each(fields), entry_type, self.damaged, undefined)

    def handle_error(self, _error: Exception) -> None:
        self.damaged = True

    def _is_commented_out(self) -> bool:
        """Whether a percent sign begins the line; BibTeX knows no comments, but those who write one do."""
        before: str = self.text[max(0, self.pos - 200) : self.pos - 1]
        return before.rpartition("\n")[2].lstrip().startswith("%")

    def _resume(self, line: int) -> None:
        """Goes on at the next entry: a brace that is missing must not swallow the rest of the file."""
        if found := _NEXT_ENTRY.search(self.text, self.command_start + 1):
            self.pos = found.start()
            self.lineno = line + self.text.count("\n", self.command_start, self.pos)

    def _skip_comment(self) -> None:
        if self.patience < 0:
            return
        place = self.pos, self.lineno
        try:
            for _ in self.parse_string(self.RBRACE):
                pass
        except PybtexSyntaxError:
            self.patience -= len(self.text) - place[0]
            self.pos, self.lineno = place

    def parse_string_body(self, _body_end: object) -> None:
        name = self.required([self.NAME]).value
        self.required([self.EQUALS])
        self.parse_value()
        self.macros[name.lower()] = "".join(self.current_value)

    def parse_entry_body(self, _body_end: object) -> None:
        key = self.optional([self.KEY_BRACE])
        self.current_entry_key = key.value if key else ""
        self.optional([self.COMMA])
        self.parse_entry_fields()

    def parse_entry_fields(self) -> None:
        while True:
            self.current_field_name, self.current_value = None, []
            if comment := _COMMENT.match(self.text, self.pos):
                self.pos = comment.end()
                self.update_lineno(comment[0])
            self.parse_field()
            self._add_field()
            # A comma that was forgotten is clear from what follows.
            if not self.optional([self.COMMA]) and not _NEXT_FIELD.match(self.text, self.pos):
                return

    def _add_field(self) -> None:
        if self.current_field_name and any(self.current_value):
            self.current_fields.append((self.current_field_name, self.current_value))

    def substitute_macro(self, name: str) -> str:
        value = self.macros.get(name.lower())
        if value is None or len(value) > self.budget:
            self.undefined.append(name)
            return ""
        self.budget -= len(value)
        return str(value)

    def skip_to(self, patterns: Sequence[Any]) -> Token | None:
        """As the original, in one search: each of three may reach to the end of the file every time."""
        found = _ANY_OF[len(patterns)].search(self.text, self.pos)
        if found is None:
            return None
        value = self.text[self.pos : found.end()]
        self.pos = found.end()
        self.update_lineno(value)
        return Token(value, next(one for one in patterns if one.match(found[0], 0)))


_ANY_OF = {1: re.compile("@"), 2: re.compile("[{}]"), 3: re.compile('["{}]')}
_COMMENT = re.compile(r"(?:\s*%[^\n]*)+")
_NEXT_FIELD = re.compile(r"\s*[A-Za-z][\w.:+-]*\s*=")
_NEXT_ENTRY = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+\s*[{(]", re.MULTILINE)
_NO_WORKS = frozenset({"control", "footnote", "ieeetranbstctl", "set", "xdata"})
"""What LaTeX classes write into the files of their users (REVTeX, achemso, IEEEtran), and biblatex's containers."""


def _once_each(fields: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """The fields by name: the first of several, as BibTeX has it, and all the keywords."""
    found: dict[str, str] = {}
    for name, parts in fields:
        # Two spaces within a line may belong to the name of a file.
        lines = map(str.strip, re.split(r"[\r\n]", "".join(parts)))
        value = " ".join(filter(None, lines))
        known = found.setdefault(name.lower(), value)
        if name.lower() == "keywords" and known != value:
            found["keywords"] = f"{known}, {value}"
    return found


def _with_inherited(block: Block, by_key: Mapping[str, Block], budget: int) -> tuple[Block, int]:
    """The entry with what it takes from others, and how many characters may still be taken."""
    fields = dict(block.fields)
    sources = [*_keys(fields.pop("xdata", "")), *_keys(fields.pop("crossref", ""))]
    crossed = {key.lower() for key in _keys(block.fields.get("crossref", ""))}
    seen = {block.key.lower()}
    while sources and len(seen) < _MOST_SOURCES:
        key = sources.pop(0).lower()
        source = by_key.get(key)
        if source is None or key in seen:
            continue
        seen.add(key)
        sources += _keys(source.fields.get("xdata", ""))
        for name, value in source.fields.items():
            if key in crossed:
                name = _inherited(name, block.type)
            if name and name not in fields and name not in ("xdata", "crossref") and len(value) <= budget:
                budget -= len(value)
                fields[name] = value
    return replace(block, fields=fields), budget


def _inherited(name: str, entry_type: str) -> str:
    """What a field of a collection is called in a part of it; empty for what is not inherited.

    After biblatex's manual, appendix B, without what identifies the collection itself.
    """
    if name == "author":
        return "author" if entry_type in ("inbook", "bookinbook", "suppbook") else ""
    if name in _OF_THE_WHOLE:
        return ""
    return {"title": "booktitle", "subtitle": "booksubtitle"}.get(name, name)


def _keys(field: str) -> list[str]:
    return [key for key in map(str.strip, field.split(",")) if key]


_MOST_SOURCES = 20
_OF_THE_WHOLE = frozenset(
    {
        "abstract", "annotation", "annote", "doi", "eid", "entryset", "eprint", "file", "ids", "keywords", "label",
        "note", "options", "pages", "pagetotal", "related", "shorthand", "shorttitle", "sortkey", "url", "urldate",
        "xref",
    }
)  # fmt: skip
