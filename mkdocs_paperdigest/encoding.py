"""Dataclasses and plain values as JSON: what the cache and `papers.json` hold, checked when it is read."""

from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")


def encode(value: object) -> bytes:
    """A dataclass or plain values as JSON; paths are texts, times are in ISO 8601."""
    return msgspec.json.encode(value, enc_hook=_written)


def decode(text: bytes | str, kind: type[T]) -> T:
    """The value that `encode` has written; fields that `kind` does not have are left out.

    Raises:
        ValueError: It is not JSON, or does not have the types of `kind`; a cache may come from anywhere.
    """
    try:
        return cast(T, _decoder(cast(Any, kind)).decode(text))
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    # Not strictly: rows of versions that wrote with Pydantic may have 7.0 for 7.
    return msgspec.json.Decoder(kind, strict=False, dec_hook=_read)


def _written(value: object) -> str | int | float:
    if isinstance(value, Path):
        return str(value)
    # Other plugins may give a page a title that is more than text, `markupsafe.Markup`.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int | float):
        return int(value) if isinstance(value, int) else float(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _read(kind: type, value: object) -> Path:
    if issubclass(kind, Path) and isinstance(value, str):
        return Path(value)
    raise TypeError(f"{value!r} is not {kind.__name__}")
