"""What can be wrong with the cache's database: it is damaged, or it is sound and cannot be used now."""

import errno
import importlib
import sqlite3
import sys
import tempfile
from pathlib import Path

import diskcache

from mkdocs_paperdigest.errors import StoreError

TROUBLE = (sqlite3.Error, diskcache.Timeout, OSError)
"""Every exception that the database raises."""


def is_damage(error: Exception) -> bool:
    """Whether the database itself is broken, rather than the disk full, the folder read-only or locked."""
    if isinstance(error, diskcache.Timeout):
        return False
    if isinstance(error, OSError):
        return error.errno not in _OF_THE_SYSTEM
    if isinstance(error, sqlite3.OperationalError):
        # For example a missing table; trouble of the system has other codes.
        return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) == sqlite3.SQLITE_ERROR
    return True


def unusable(folder: Path, error: Exception) -> StoreError:
    """The error for the user, with what the database said."""
    cause = error.strerror if isinstance(error, OSError) else str(error)
    return StoreError(f"the cache {folder} cannot be used: {cause or 'locked'}")


def check_locks(folder: Path) -> None:
    """Finds out at once whether a drive has locks; SQLite would wait for two minutes and say "locked".

    Raises:
        StoreError: It has none, like some network drives.
    """
    if sys.platform == "win32":
        return
    fcntl = importlib.import_module("fcntl")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A separate file: closing one of SQLite's files would release SQLite's locks on it.
        with tempfile.TemporaryFile(dir=folder) as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # The database will report anything else that is wrong with the folder.
        if error.errno in _NO_LOCKS:
            raise StoreError(
                f"the cache {folder} lies on a drive without locks ({error.strerror}); "
                "put `cache_dir` on a local drive"
            ) from error


_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
_OF_THE_SYSTEM = frozenset({
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO,
    errno.EMFILE, errno.ENFILE,
})  # fmt: skip
