"""YAML that people edit: read strictly and with line numbers, written so that diffs stay small."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import yaml

from mkdocs_paperdigest.encoding import from_plain
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.files import read_bounded
from mkdocs_paperdigest.text import LONGEST

MOST_BYTES = 1_000_000
MOST_CHARACTERS = LONGEST
"""Of one text."""
MOST_DEPTH = 20

T = TypeVar("T")
Place = tuple[str | int, ...]
"""Keys and numbers that lead to a value: `("summary", "takeaways", 0, "text")`."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says, and where."""

    content: Any
    """Mappings, lists, text, and None; numbers and dates are still text: a title may be `1984`."""
    file: Path
    lines: dict[Place, int]
    """The line, from 1, of each place."""

    def wrong(self, place: Place, problem: str) -> ConfigurationError:
        """An error that names file, line and field, or the nearest line to a field that is missing."""
        near = next(place[:n] for n in range(len(place), -1, -1) if place[:n] in self.lines)
        return ConfigurationError(f"{self.file}, line {self.lines[near]}: {_name(place)}{problem}")

    def version(self, schema: str | None, *, newest: int) -> int:
        """The version of the file's shape, from what it says under `schema`; the newest if it says nothing.

        Raises:
            ConfigurationError: The file is of a version that is not known here.
        """
        number = str(newest if schema is None else schema)[:9]
        if not number.isdecimal() or int(number) == 0:
            raise self.wrong(("schema",), f"{number!r} is no version; the newest is {newest}")
        if int(number) > newest:
            raise self.wrong(("schema",), f"{number} is of a newer version; upgrade mkdocs-paperdigest")
        return int(number)

    def read(self, kind: type[T], content: Any, place: Place = ()) -> T:
        """The content of a place as a dataclass, or as a mapping of dataclasses.

        Raises:
            ConfigurationError: A field is missing, unknown, or not of its type; the first one is named.
        """
        return from_plain(self._typed(kind, content, place), kind)

    def _typed(self, kind: Any, value: Any, place: Place) -> Any:
        """The value with its texts read as the types of `kind`; mappings are not yet dataclasses."""
        if kind is str and isinstance(value, str):
            return value
        family, inner = get_origin(kind), get_args(kind)
        if NoneType in inner:
            return None if value is None else self._typed(inner[0], value, place)
        if is_dataclass(kind):
            return self._typed_fields(kind, value, place)
        if family is tuple:
            items = enumerate(self._checked(list, value, place))
            return [self._typed(inner[0], one, (*place, number)) for number, one in items]
        if family in (dict, Mapping):
            parts = [((*place, name), name, one) for name, one in self._checked(dict, value, place).items()]
            return {self._typed(str, name, at): self._typed(inner[1], one, at) for at, name, one in parts}
        read, problem = _SCALARS.get(kind, (str, "is not text"))
        if family is Literal:
            read, problem = {one: one for one in inner}.__getitem__, f"is not one of {', '.join(inner)}"
        if isinstance(value, str):
            with suppress(LookupError, ValueError, OverflowError):
                return read(value)
        raise self.wrong(place, problem)

    def _typed_fields(self, kind: Any, value: Any, place: Place) -> dict[str, Any]:
        content, parts = self._checked(dict, value, place), {}
        for name, (inner, is_required) in _fields(kind).items():
            if name in content:
                parts[name] = self._typed(inner, content[name], (*place, name))
            elif is_required:
                raise self.wrong((*place, name), "is missing")
        for name in content:
            if name not in parts:
                raise self.wrong((*place, name), "there is no such field")
        return parts

    def _checked(self, kind: type[T], value: object, place: Place) -> T:
        if not isinstance(value, kind):
            raise self.wrong(place, f"is not a {'list' if kind is list else 'mapping'}")
        return value


def read_file(path: Path) -> bytes:
    """The content of a file of the archive.

    Raises:
        FileNotFoundError: There is no such file.
        ConfigurationError: It is a link, no file, or larger than `MOST_BYTES`.
    """
    try:
        return read_bounded(path, MOST_BYTES)
    except ValueError as error:
        raise ConfigurationError(f"{path} {error}") from error


def read_yaml(text: bytes, file: Path) -> Written:
    """Reads the YAML in a file.

    Raises:
        ConfigurationError: It is not YAML, or YAML that such a file does not need: aliases, keys that
            are there twice, deep nesting, more than `MOST_BYTES`.
    """
    if len(text) > MOST_BYTES:
        raise ConfigurationError(f"{file}: {len(text)} bytes are more than such a file can have")
    try:
        _check_events(text, file)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return Written(None, file, {(): 1})
            return Written(loader.construct_document(node), file, dict(_lines(node, file)))
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{file}, line {mark.line + 1}" if mark else str(file)
        raise ConfigurationError(f"{place}: not YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())
        raise ConfigurationError(f"{file}: not YAML: {problem}") from error


def read_field(path: Path, name: str, kind: type[T], *, newest: int) -> T | None:
    """The one field of a file that has nothing else but its `schema`; None where there is no file, or it is empty.

    Arguments:
        path: The file.
        name: Of the field.
        kind: What its content has to be.
        newest: The newest version of the file's shape.

    Raises:
        ConfigurationError: The file is wrong; its line is named.
    """
    try:
        written = read_yaml(read_file(path), path)
    except FileNotFoundError:
        return None
    content = written.content or {}
    if not isinstance(content, dict):
        raise written.wrong((), f"this file is a mapping with `schema` and `{name}`")
    written.version(content.get("schema"), newest=newest)
    for other in content.keys() - {"schema", name}:
        raise written.wrong((other,), "there is no such field")
    if not content.get(name):
        return None
    return written.read(kind, content[name], (name,))


def write_yaml(content: Any) -> str:
    """Mappings, lists and JSON's scalars as YAML, in their own order, long text as blocks."""
    dumped: str = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return dumped


def texts(content: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """All texts in mappings and lists, with their places."""
    if isinstance(content, str):
        yield place, content
    elif isinstance(content, dict | list):
        for name, value in content.items() if isinstance(content, dict) else enumerate(content):
            yield from texts(value, (*place, name))


def _check_events(text: bytes, file: Path) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.ScalarEvent):
            continue
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        is_alias = isinstance(event, yaml.AliasEvent)
        if is_alias or depth > MOST_DEPTH:
            problem = "aliases (`*name`) mean nothing here" if is_alias else "nested too deeply"
            place = f"{file}, line {event.start_mark.line + 1}" if event.start_mark else str(file)
            raise ConfigurationError(f"{place}: {problem}")


def _lines(node: yaml.Node, file: Path, place: Place = ()) -> Iterator[tuple[Place, int]]:
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _lines(item, file, (*place, number))
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for name, value in node.value:
            inner, line = (*place, str(name.value)), name.start_mark.line + 1
            if inner in seen:
                raise ConfigurationError(f"{file}, line {line}: {_name(inner)}stands there twice")
            seen.add(inner)
            yield from _lines(value, file, inner)
            yield inner, line


@cache
def _fields(kind: Any) -> Mapping[str, tuple[Any, bool]]:
    """The type of each field of a dataclass, and whether it is required."""
    types = get_type_hints(kind)
    return {
        one.name: (types[one.name], one.default is one.default_factory is MISSING) for one in fields(kind)
    }


def _truth(text: str) -> bool:
    return _TRUTHS[text.lower()]


def _whole_number(text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text.strip()):
        raise ValueError
    return int(text.partition(".")[0])


def _moment(text: str) -> datetime:
    """A date, with or without a time and a zone; a number of 9 or 10 digits counts seconds since 1970, one of 13 milliseconds."""
    if _MOMENT.fullmatch(text):
        return datetime.fromisoformat(text.upper().replace("\N{MINUS SIGN}", "-"))
    if not _NUMBER.fullmatch(text):
        raise ValueError
    number = float(text)
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=number if number < 1e10 else number / 1000)


# Earlier versions accepted these spellings, so records that people wrote must stay readable.
_TRUTHS = dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True)
_TRUTHS |= dict.fromkeys(("false", "f", "no", "n", "off", "0"), False)
_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]+(_[0-9]+)*(\.0+)?")
# Shorter and other numbers are years or dates (`2024`, `20241019`), not times.
_NUMBER = re.compile(r"(?:[0-9]{9,10}|[0-9]{13})(?:\.[0-9]*)?")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T _](?!24)[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[-+\N{MINUS SIGN}][0-9]{2}:?[0-5][0-9])?)?",
    re.IGNORECASE,
)
_SCALARS: Mapping[Any, tuple[Callable[[str], Any], str]] = {
    bool: (_truth, "is neither true nor false"),
    int: (_whole_number, "is not a whole number"),
    datetime: (_moment, "is not a date and time such as 2024-10-19T06:15:00Z"),
}
"""What reads a text as a value of a type, and what is wrong with one that it cannot read."""


def _name(place: Place) -> str:
    return f"`{'.'.join(map(str, place))}`: " if place else ""


class _Loader(yaml.CSafeLoader):
    """Reads all scalars as text or null."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag == "tag:yaml.org,2002:null"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# `!!int 7` is text like 7: PyYAML's own readers of such tags fail in many ways.
_Loader.yaml_constructors = yaml.SafeLoader.yaml_constructors | {
    f"tag:yaml.org,2002:{tag}": yaml.SafeLoader.construct_yaml_str
    for tag in ("bool", "int", "float", "timestamp")
}


class _Dumper(yaml.CSafeDumper):
    """Writes long text as blocks, in which nothing has to be quoted."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) > 80 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
