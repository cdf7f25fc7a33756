"""What is known already, on disk: JSON values by key, each with the version of the shapes it is written in.

Rows of an older version are taken over when they are needed; those of a newer one, which shares the
cache, are left alone. So a lab can upgrade, go back, or run two versions on one cache, and loses nothing
that it has paid for.
"""

import contextlib
import hashlib
import json
import logging
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import diskcache

from mkdocs_paperdigest.encoding import decode, encode
from mkdocs_paperdigest.errors import StoreError
from mkdocs_paperdigest.storage.faults import TROUBLE, check_locks, is_damage, unusable
from mkdocs_paperdigest.storage.layout import delete_brought_links
from mkdocs_paperdigest.storage.migrations import STORE_STEPS, StoreStep, migrate
from mkdocs_paperdigest.storage.rows import open_cache

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

_NEWEST = "schema"
"""The row that holds the newest version that has written here."""

T = TypeVar("T")


class Store:
    """Finished work by key; safe for threads and for several builds at once.

    Arguments:
        folder: Folder of the database. A damaged database is set aside under another name with one line in
            the log, and a new one is begun.
        patience_s: How long to wait while another build writes.
        steps: How values of older versions are brought up to date.

    Raises:
        StoreError: From every method: the database is sound, but cannot be used now.
    """

    def __init__(
        self, folder: Path, *, patience_s: float = 60.0, steps: tuple[StoreStep, ...] = STORE_STEPS
    ) -> None:
        self.schema = len(steps) + 1
        """Version of the shapes that are written here."""
        self._steps = steps
        self._folder = folder
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._cache = self._open()

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value stored under `key`, or None where there is none of this kind."""
        cache = self._cache
        try:
            text = cache.get(self._row(key)) or self._taken_over(key)
        except TROUBLE as error:
            self._set_aside(cache, error)
            return None
        if text is None:
            return None
        try:
            return decode(text, kind)
        except ValueError as error:
            log.debug("%s: not what this version stores, ignored: %s", key, error)
            return None

    def put(self, key: str, value: T) -> T:
        """Stores a dataclass or a plain JSON value at once and for good.

        Returns:
            The value as `get` will give it; pages made from it are the same as in later builds.
        """
        text = encode(value).decode()
        cache = self._cache
        try:
            cache.set(self._row(key), text)
        except TROUBLE as error:
            self._set_aside(cache, error)
            with self._as_store_error():
                self._cache.set(self._row(key), text)
        return decode(text, type(value))

    def keys(self, kind: str) -> Iterator[str]:
        """All keys of one kind, as `key` makes them."""
        rows = (row.partition(":") for row in self._rows())
        known = {name for number, _, name in rows if _number(number) in self._readable}
        return (name for name in sorted(known) if name.startswith(f"{kind}:"))

    def forget(self, key: str) -> None:
        """Deletes what is stored under a key, if anything is."""
        with self._as_store_error():
            for schema in self._readable:
                self._cache.delete(self._row(key, schema))

    @property
    def newest(self) -> int:
        """The newest version that has written here, which may be newer than this one."""
        with self._as_store_error():
            return _number(self._cache.get(_NEWEST) or "")

    def retire(self) -> int:
        """Migrates what older versions have stored and deletes their rows; returns how many."""
        older = [row for row in self._rows() if _number(row.partition(":")[0]) < self.schema]
        with self._as_store_error():
            for row in older:
                name = row.partition(":")[2]
                if self._row(name) not in self._cache:
                    self._taken_over(name)
                self._cache.delete(row)
        return len(older)

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

    @property
    def _readable(self) -> range:
        return range(1, self.schema + 1)

    def _row(self, key: str, schema: int | None = None) -> str:
        return f"{schema or self.schema}:{key}"

    def _rows(self) -> list[str]:
        cache = self._cache
        try:
            return [row for row in cache.iterkeys() if row != _NEWEST]
        except TROUBLE as error:
            self._set_aside(cache, error)
            return []

    def _taken_over(self, key: str) -> str | None:
        """What an older version has stored under a key, migrated; the original stays for that version."""
        for schema in reversed(self._readable[:-1]):
            text = self._cache.get(self._row(key, schema))
            if text is not None:
                new = migrate(key.partition(":")[0], text, self._steps[schema - 1 :])
                if new is not None:
                    self._cache.set(self._row(key), new)
                return new
        return None

    def _open(self) -> diskcache.Cache:
        check_locks(self._folder)
        try:
            opened = open_cache(self._folder, self._patience_s)
            self._compare_versions(opened)
        except (*TROUBLE, TypeError, ValueError) as error:
            self._move(error)
            with self._as_store_error():
                opened = open_cache(self._folder, self._patience_s)
        return opened

    def _compare_versions(self, opened: diskcache.Cache) -> None:
        newest = _number(opened.get(_NEWEST) or "")
        if newest < self.schema:
            opened.set(_NEWEST, str(self.schema))
        if 0 < newest < self.schema:
            log.info(
                "the cache %s was written by an older version of mkdocs-paperdigest (schema %d, now %d): "
                "what it holds is taken over",
                self._folder,
                newest,
                self.schema,
            )
        if newest > self.schema:
            log.info(
                "the cache %s was also written by a newer version of mkdocs-paperdigest (schema %d, this one "
                "has %d): that is kept and not used; upgrade, or set another `cache_dir`",
                self._folder,
                newest,
                self.schema,
            )

    def _set_aside(self, cache: diskcache.Cache, error: Exception) -> None:
        with self._lock:
            self._raise_unless_damaged(error)
            if cache is not self._cache:
                # Another thread has met the same damage and begun a new store.
                return
            cache.close()
            self._move(error)
            self._cache = self._open()

    @contextlib.contextmanager
    def _as_store_error(self) -> Iterator[None]:
        """Turns what the database says, damaged or not, into our error."""
        try:
            yield
        except TROUBLE as error:
            raise unusable(self._folder, error) from error

    def _raise_unless_damaged(self, error: Exception) -> None:
        # A full disk must not cost a good cache.
        if not is_damage(error):
            raise unusable(self._folder, error) from error

    def _move(self, error: Exception) -> None:
        self._raise_unless_damaged(error)
        aside = self._folder.with_name(f"{self._folder.name}-broken-{datetime.now(UTC):%Y%m%d%H%M%S%f}")
        self._folder.rename(aside)
        log.warning(
            "the cache was damaged (%s): set aside as %s, and a new one begun; delete the old one when you no longer need it",
            error,
            aside,
        )


@contextlib.contextmanager
def open_store(cache_dir: Path) -> Iterator[Store]:
    """The store, closed in the end; links that were brought along with the cache are deleted first.

    Raises:
        StoreError: The cache cannot be used, or the disk refuses something meanwhile.
    """
    try:
        delete_brought_links(cache_dir)
        store = Store(cache_dir / "store")
        try:
            yield store
        finally:
            store.close()
    except OSError as error:
        # For a rename, the target (`filename2`) is the path the user knows.
        place = error.filename2 or error.filename or cache_dir
        raise StoreError(f"{place}: {error.strerror or error}") from error


def key(kind: str, *parts: object) -> str:
    """The key of something that depends on `parts`, the first of which stays readable in it."""
    digest = hashlib.sha256(json.dumps([kind, *map(str, parts)]).encode()).hexdigest()
    return f"{kind}:{parts[0] if parts else ''}:{digest[:32]}"


def first_part(key: str) -> str:
    """The part of a key that stays readable in it."""
    return key.partition(":")[2].rpartition(":")[0]


def _number(text: str) -> int:
    """The version of a row; 0 where it has none."""
    return int(text) if text.isdecimal() and len(text) < _LONGEST else 0


_LONGEST = 6
"""More digits than any version has; a row of a cache from elsewhere may have any number of them."""
