"""YAML that people edit: read strictly and with line numbers, written so that diffs stay small."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.files import read_bounded
from mkdocs_paperdigest.text import LONGEST

if TYPE_CHECKING:
    from pydantic import ValidationError

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

    def misfit(self, error: "ValidationError", place: Place = ()) -> ConfigurationError:
        """An error for the first thing that is not as it should be, in words for people who edit YAML."""
        first = error.errors(include_url=False)[0]
        problem = _PLAINLY.get(first["type"], first["msg"])
        return self.wrong((*place, *first["loc"]), problem)

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
    # Its import takes 60 ms, and most sites have no archive.
    from pydantic import TypeAdapter, ValidationError

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
    try:
        return TypeAdapter(kind).validate_python(content[name])
    except ValidationError as error:
        raise written.misfit(error, (name,)) from error


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


def unknown_keys(written: Any, understood: Any, place: Place = ()) -> Iterator[Place]:
    """The places of keys that are in a file and not in what was made of it."""
    if isinstance(written, dict) and isinstance(understood, dict):
        for name, value in written.items():
            if name not in understood:
                yield (*place, name)
            else:
                yield from unknown_keys(value, understood[name], (*place, name))
    elif isinstance(written, list) and isinstance(understood, list):
        for number, (one, other) in enumerate(zip(written, understood, strict=False)):
            yield from unknown_keys(one, other, (*place, number))


def _check_events(text: bytes, file: Path) -> None:
    depth, line = 0, 1
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else line
        if isinstance(event, yaml.AliasEvent):
            raise ConfigurationError(f"{file}, line {line}: aliases (`*name`) mean nothing here")
        if depth > MOST_DEPTH:
            raise ConfigurationError(f"{file}, line {line}: nested too deeply")


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


_DAY = "is not a date and time such as 2024-10-19T06:15:00Z"
_PLAINLY = {
    "missing": "is missing",
    "bool_parsing": "is neither true nor false",
    "bool_type": "is neither true nor false",
    "int_parsing": "is not a whole number",
    "int_type": "is not a whole number",
    "float_parsing": "is not a number",
    "string_type": "is not text",
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "dict_type": "is not a mapping",
    "mapping_type": "is not a mapping",
    "dataclass_type": "is not a mapping",
    "unexpected_keyword_argument": "there is no such field",
    "datetime_parsing": _DAY,
    "datetime_from_date_parsing": _DAY,
    "datetime_type": _DAY,
}
"""Pydantic's types of errors (https://docs.pydantic.dev/latest/errors/validation_errors/); others keep its words."""


def _name(place: Place) -> str:
    return f"`{'.'.join(map(str, place))}`: " if place else ""


class _Loader(yaml.CSafeLoader):
    """Reads all scalars as text or null."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag == "tag:yaml.org,2002:null"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.CSafeDumper):
    """Writes long text as blocks, in which nothing has to be quoted."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) > 80 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
