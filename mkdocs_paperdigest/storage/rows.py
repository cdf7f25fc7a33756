"""A diskcache that holds text only, and never unpickles anything.

diskcache 5.6.3 runs `pickle.load` on any row that says it holds a pickle, whatever class writes the
rows (CVE-2025-69872), so a cache restored in CI from elsewhere could execute code. The `Disk` below
stores and reads text only, and reads files only from inside the cache's own folder.
"""

import sqlite3
from pathlib import Path
from typing import Any

import diskcache
from diskcache.core import MODE_RAW, MODE_TEXT


def open_cache(folder: Path, patience_s: float) -> diskcache.Cache:
    """Opens or makes the database in a folder; `patience_s` is how long to wait while another program writes."""
    # Never evict: every row has cost model tokens or requests to arXiv.
    return diskcache.Cache(
        str(folder), timeout=patience_s, disk=TextDisk, eviction_policy="none", cull_limit=0
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
        if filename is not None:
            folder = Path(self._directory).resolve()
            if not (folder / filename).resolve().is_relative_to(folder):
                raise UnreadableRow("a row of the cache points outside its folder")
        if read or not (mode == MODE_TEXT or (mode == MODE_RAW and isinstance(value, str))):
            raise UnreadableRow("a row of the cache is not text")
        return str(super().fetch(mode, filename, value, read))
