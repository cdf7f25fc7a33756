"""Dataclasses and plain values as JSON: what the cache and `papers.json` hold, checked when it is read; fingerprints."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from hashlib import blake2b
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


def to_plain(value: Any) -> Any:
    """A value as mappings, lists and JSON's scalars, without the fields of dataclasses that have their defaults."""
    kind: Any = type(value)
    if defaults := _defaults(kind):
        parts = ((name, getattr(value, name), default) for name, default in defaults.items())
        return {name: to_plain(part) for name, part, default in parts if part != default}
    if isinstance(value, dict):
        return {to_plain(name): to_plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(part) for part in value]
    return msgspec.to_builtins(value, enc_hook=_written)


def from_plain(value: object, kind: type[T]) -> T:
    """The dataclass that mappings, lists and values of the right types make; the opposite of `to_plain`.

    Raises:
        ValueError: It does not have the types of `kind`.
    """
    return msgspec.convert(value, kind, dec_hook=_read)


def hash_of(content: bytes) -> str:
    """A fingerprint of 16 bytes, in hexadecimal."""
    return blake2b(content, digest_size=16).hexdigest()


@cache
def _defaults(kind: type) -> Mapping[str, Any]:
    """The default of each field of a dataclass, or `MISSING`; empty for any other type."""
    known = fields(kind) if is_dataclass(kind) else ()
    return {
        one.name: one.default if one.default_factory is MISSING else one.default_factory() for one in known
    }


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
