"""What is known already, on disk: JSON values in a diskcache that never unpickles anything.

diskcache 5.6.3 runs `pickle.load` on any row that says it holds a pickle, whatever class writes the
rows (CVE-2025-69872), so a cache restored in CI from elsewhere could execute code. The `Disk` below
stores and reads text only, and reads files only from inside the cache's own folder.
"""

import contextlib
import errno
import hashlib
import json
import logging
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import diskcache
from diskcache.core import MODE_RAW, MODE_TEXT
from pydantic import TypeAdapter, ValidationError

from mkdocs_paperdigest.errors import StoreError

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

SCHEMA = 1
"""Version of the stored shapes; a change makes every older value unknown."""
_TROUBLE = (sqlite3.Error, diskcache.Timeout, OSError)

T = TypeVar("T")


class Store:
    """Finished work by key; safe for threads and for several builds at once.

    Arguments:
        folder: Where the database lives. A damaged one is set aside under another name with one
            line in the log, and a new one is begun.
        patience_s: How long to wait while another build writes.

    Raises:
        StoreError: From every method: the database is sound, but cannot be used now.
    """

    def __init__(self, folder: Path, *, patience_s: float = 60.0) -> None:
        self._folder = folder
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._cache = self._open()

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value stored under `key`, or None where there is none of this kind."""
        try:
            text = self._cache.get(key)
        except _TROUBLE as error:
            self._set_aside(error)
            return None
        if text is None:
            return None
        try:
            value: T = _adapter(cast(Any, kind)).validate_json(text)
        except ValidationError as error:
            log.debug("%s: not what this version stores, ignored: %s", key, error)
            return None
        return value

    def put(self, key: str, value: T) -> T:
        """Stores a dataclass or a plain JSON value at once and for good.

        Returns:
            The value as `get` will give it; pages made from it are the same as in later builds.
        """
        adapter = _adapter(cast(Any, type(value)))
        text = adapter.dump_json(value).decode()
        try:
            self._cache.set(key, text)
        except _TROUBLE as error:
            self._set_aside(error)
            self._cache.set(key, text)
        stored: T = adapter.validate_json(text)
        return stored

    def keys(self, kind: str) -> Iterator[str]:
        """All keys of one kind, as `key` makes them."""
        return (name for name in self._cache.iterkeys() if name.startswith(f"{kind}:"))

    def forget(self, key: str) -> None:
        """Deletes what is stored under a key, if anything is."""
        self._cache.delete(key)

    def shrink(self) -> None:
        """Gives the space of what was forgotten back to the disk, unless another build is writing."""
        with (
            contextlib.suppress(sqlite3.OperationalError),
            contextlib.closing(sqlite3.connect(self._folder / "cache.db")) as connection,
        ):
            connection.execute("VACUUM")

    def problems(self) -> list[str]:
        """What is wrong with the database and its files, in words; nothing is mended."""
        try:
            with warnings.catch_warnings():
                # diskcache collects them, unless the program's own filter makes them errors.
                warnings.simplefilter("always")
                found = self._cache.check()
        except sqlite3.DatabaseError as error:
            return [str(error)]
        # A file that no row names is what a killed build leaves behind: waste, not damage.
        waste = (diskcache.UnknownFileWarning, diskcache.EmptyDirWarning)
        return [str(one.message) for one in found if not issubclass(one.category, waste)]

    def close(self) -> None:
        """Closes the database; the store must not be used afterwards."""
        self._cache.close()

    def _open(self) -> diskcache.Cache:
        try:
            return _cache(self._folder, self._patience_s)
        except (*_TROUBLE, TypeError, ValueError) as error:
            self._move(error)
            return _cache(self._folder, self._patience_s)

    def _set_aside(self, error: Exception) -> None:
        with self._lock:
            self._raise_unless_damaged(error)
            self._cache.close()
            self._move(error)
            self._cache = _cache(self._folder, self._patience_s)

    def _raise_unless_damaged(self, error: Exception) -> None:
        # A full disk must not cost a good cache.
        if _is_damage(error):
            return
        cause = error.strerror if isinstance(error, OSError) else str(error)
        raise StoreError(f"the cache {self._folder} cannot be used: {cause or 'locked'}") from error

    def _move(self, error: Exception) -> None:
        self._raise_unless_damaged(error)
        aside = self._folder.with_name(
            f"{self._folder.name}-broken-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        )
        self._folder.rename(aside)
        log.warning(
            "the cache was damaged (%s): set aside as %s and begun anew; delete it when nobody misses it",
            error,
            aside,
        )


def key(kind: str, *parts: object) -> str:
    """The key of something that depends on `parts`, the first of which stays readable in it."""
    digest = hashlib.sha256(json.dumps([SCHEMA, kind, *map(str, parts)]).encode()).hexdigest()
    return f"{kind}:{parts[0] if parts else ''}:{digest[:32]}"


def _is_damage(error: Exception) -> bool:
    """Whether the database itself is broken, rather than the disk full, the folder read-only or locked."""
    if isinstance(error, diskcache.Timeout):
        return False
    if isinstance(error, OSError):
        return error.errno not in _OF_THE_SYSTEM
    if isinstance(error, sqlite3.OperationalError):
        # Such as a table that is missing; what the system says has codes of its own.
        return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) == sqlite3.SQLITE_ERROR
    return True


_OF_THE_SYSTEM = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
    }
)


class UnreadableRow(sqlite3.DatabaseError):
    """A row that this class did not write: a pickle, or a file outside the cache's folder."""


class TextDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """Keys and values are text; anything else in the database is refused, never executed."""

    def put(self, key: Any) -> tuple[str, bool]:
        """Takes a key to the database."""
        if not isinstance(key, str):
            raise TypeError(f"keys of the store are text, not {type(key).__name__}")
        return key, True

    def get(self, key: Any, raw: bool) -> str:
        """Takes a key from the database."""
        if not raw or not isinstance(key, str):
            raise UnreadableRow("a key in the cache is not text")
        return key

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        """Takes a value to the database, or to a file beside it when it is long."""
        if not isinstance(value, str) or read:
            raise TypeError(f"values of the store are text, not {type(value).__name__}")
        return super().store(value, read, key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> str:
        """Takes a value from the database or from its file."""
        folder = Path(self._directory).resolve()
        if filename is not None and not (folder / filename).resolve().is_relative_to(folder):
            raise UnreadableRow("a row of the cache points outside its folder")
        if read or not (mode == MODE_TEXT or (mode == MODE_RAW and isinstance(value, str))):
            raise UnreadableRow("a row of the cache is not text")
        return str(super().fetch(mode, filename, value, read))


def _cache(folder: Path, patience_s: float) -> diskcache.Cache:
    # Never evict: every row was paid for in model tokens or in arXiv's patience.
    return diskcache.Cache(
        str(folder), timeout=patience_s, disk=TextDisk, eviction_policy="none", cull_limit=0
    )


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
