"""One worker at a paper at a time, over all threads and processes that share a cache."""

import logging
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from mkdocs_paperdigest.lab import Lab
from mkdocs_paperdigest.models import Paper

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PATIENCE_S = 1_800.0
"""A paper takes no longer; what is still locked then was locked by something that is gone."""
_LOCKS = 64
_SLICE_S = 0.25


@contextmanager
def turn_for(paper: Paper, lab: Lab) -> Iterator[None]:
    """Waits while another build works on this paper, so that its summary is paid for once.

    Where nothing can be locked (some network drives, read-only folders) the work is done all the same:
    in the worst case two builds then pay for the same paper.
    """
    # Papers share a few files, because deleting lock files is a race, and thousands would stay.
    with turn_at(str(zlib.crc32(paper.key.encode()) % _LOCKS), lab):
        yield


@contextmanager
def turn_at(name: str, lab: Lab) -> Iterator[None]:
    """Waits while another thread or build is at what has this name; see `turn_for`."""
    lock = FileLock(lab.settings.cache_dir / "locks" / f"{name}.lock", thread_local=False)
    try:
        _wait_for(lock, lab)
        yield
    finally:
        lock.release()


def _wait_for(lock: FileLock, lab: Lab) -> None:
    give_up = time.monotonic() + PATIENCE_S
    # In slices, so that a build that is stopped does not leave its threads waiting here.
    while not lab.closed.is_set() and time.monotonic() < give_up:
        try:
            lock.acquire(timeout=_SLICE_S, poll_interval=0.02)
        except Timeout:
            continue
        except (OSError, NotImplementedError) as error:
            log.debug("%s: %s", lock.lock_file, error)
        return
