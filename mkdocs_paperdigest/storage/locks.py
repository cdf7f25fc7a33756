"""Locks over all threads and processes that share a cache, so that a summary is paid for once."""

import logging
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from filelock import FileLock, Timeout

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PATIENCE_S = 1_800.0
"""No paper takes longer; a lock that is still held then was left by a program that is gone."""
_LOCKS = 256
_SLICE_S = 0.25


@contextmanager
def paper_lock(paper: str, cache_dir: Path, stopped: Event) -> Iterator[None]:
    """Waits while another thread or build works on a paper; see `named_lock`.

    Arguments:
        paper: The paper's key.
        cache_dir: The cache that the builds share.
        stopped: Set when the build is over or stopped; nothing waits any longer then.
    """
    # Papers share a few files: deleting lock files is a race, and thousands of them would stay.
    with named_lock(str(zlib.crc32(paper.encode()) % _LOCKS), cache_dir, stopped):
        yield


@contextmanager
def named_lock(name: str, cache_dir: Path, stopped: Event) -> Iterator[None]:
    """Holds the lock `name`, waiting for other threads and builds.

    Where nothing can be locked (some network drives, read-only folders) the block runs all the same: at
    worst, two builds then pay for the same paper.
    """
    lock = FileLock(cache_dir / "locks" / f"{name}.lock", thread_local=False)
    try:
        _wait_for(lock, stopped)
        yield
    finally:
        lock.release()


def _wait_for(lock: FileLock, stopped: Event) -> None:
    give_up = time.monotonic() + PATIENCE_S
    # In slices, so that a build that is stopped does not leave its threads waiting here.
    while not stopped.is_set() and time.monotonic() < give_up:
        try:
            lock.acquire(timeout=_SLICE_S, poll_interval=0.02)
        except Timeout:
            continue
        except (OSError, NotImplementedError) as error:
            log.debug("%s: %s", lock.lock_file, error)
        return
