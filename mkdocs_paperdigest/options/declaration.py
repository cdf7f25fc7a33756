"""How an option is declared: a field of a dataclass, whose metadata holds an `Option`."""

from collections.abc import Callable, Mapping
from dataclasses import field, fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.checks import Check, shown, text

T = TypeVar("T")


# A dataclass would add a millisecond to each build: it compiles its methods when it is imported.
class Option(NamedTuple):
    """What may be written in mkdocs.yml, and what it means.

    Arguments:
        check: Takes what YAML gave and returns what the core wants.
        default: As written in mkdocs.yml; None, "" or () where an option need not be there.
        meaning: One sentence of Markdown, for the reference and for editors.
        default_text: What the reference shows for a default that is not one fixed value.
        place: For a path: takes it with the folder of mkdocs.yml before it, and returns it or raises
            `ValueError` with the end of a sentence, as checks do. In a list it is for each path.
        name: The option's name; that of the field unless given.
        field: The field's name, which `declared` fills in.
    """

    check: Check[Any]
    default: Any
    meaning: str
    default_text: str = ""
    place: Callable[[Path], Path] | None = None
    name: str = ""
    field: str = ""

    @property
    def is_required(self) -> bool:
        """Whether mkdocs.yml has to give the option."""
        return self.default_text == "required"

    def read(self, value: object) -> Any:
        """What the core gets for a value in mkdocs.yml; a path is still as it was written.

        Raises:
            ConfigurationError: The value is wrong.
        """
        if value is None or value == self.default:
            value = self.default
            if not value:
                return value
        return self._checked(self.check, value, value)

    def placed(self, value: Any, root: Path) -> Any:
        """What `read` gave, with a path made absolute.

        Arguments:
            value: From `read`.
            root: Folder of mkdocs.yml, from which relative paths start.

        Raises:
            ConfigurationError: The path leads to nothing, or to something of another kind.
        """
        if self.place is None or value is None:
            return value
        if isinstance(value, tuple):
            return tuple(
                self._checked(self.place, root / item, item) if isinstance(item, Path) else item
                for item in value
            )
        return self._checked(self.place, root / value, value)

    def _checked(self, check: Callable[[Any], Any], value: object, written: object) -> Any:
        try:
            return check(value)
        except ValueError as error:
            raise ConfigurationError(f"`{self.name}: {shown(written)}` {error}") from error


def option(
    check: Check[T],
    default: object,
    meaning: str,
    *,
    default_text: str = "",
    resolved: T | None = None,
    place: Callable[[Path], Path] | None = None,
    name: str = "",
) -> T:
    """A field that is an option; for the arguments see `Option`.

    Its default is what `default` means, or `resolved`, where that depends on something else.
    """
    value = resolved if resolved is not None else check(default) if default else default
    metadata = {_KEY: Option(check, default, meaning, default_text, place, name)}
    return cast(T, field(default=value, metadata=metadata))


def path(place: Callable[[Path], Path], meaning: str) -> Path | None:
    """A field that is a path, None unless given; for the arguments see `Option`."""
    return field(default=None, metadata={_KEY: Option(text, None, meaning, place=place)})


def required(
    check: Check[Any],
    default: object,
    meaning: str,
    *,
    default_text: str = "",
    place: Callable[[Path], Path] | None = None,
) -> Mapping[str, Option]:
    """Metadata of a field that has no default of its own; for the arguments see `Option`."""
    return {_KEY: Option(check, default, meaning, default_text, place)}


@cache
def declared(group: type) -> tuple[Option, ...]:
    """The options that a dataclass declares, in its order."""
    found = ((field.metadata[_KEY], field.name) for field in fields(group))
    return tuple(one._replace(name=one.name or name, field=name) for one, name in found)


_KEY = "option"
