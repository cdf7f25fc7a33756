"""Reads papers while `mkdocs serve` shows what their abstracts say, and has the pages built again now and then."""

import logging
import os
import threading
import time
from datetime import UTC, datetime

from mkdocs_paperdigest.errors import PaperDigestError
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.digest import make_digests
from mkdocs_paperdigest.pipeline.report import log_report
from mkdocs_paperdigest.pipeline.run import open_run

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

HANDFUL = 5
"""Papers that are worth another build."""
PAUSE_S = 30.0
"""At least this long from one build to the next: a reader's page is loaded again each time."""


class Background:
    """The work of one run with the site's options, in a thread that ends with the program."""

    def __init__(self, options: Options) -> None:
        self.signal = options.cache_dir / "papers-read"
        """A file that is touched when there is something new to show."""
        self._options = options
        self._stopped = threading.Event()
        self._shown_at = 0.0
        self._new = 0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins the work, once."""
        if self._thread is None:
            if not self.signal.exists():
                self.signal.touch()
            self._shown_at = time.monotonic()
            self._thread = threading.Thread(target=self._work, name="paperdigest-background", daemon=True)
            self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether there may be more to come."""
        return self._thread is None or self._thread.is_alive()

    def stop(self) -> None:
        """Begins no further paper and causes no further build."""
        self._stopped.set()

    def join(self, timeout_s: float) -> None:
        """Waits until there is no more to come."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _work(self) -> None:
        try:
            now = datetime.now(UTC)
            with open_run(self._options, now=now, environ=os.environ, progress=self._count) as run:
                report = make_digests(run)
                if report.new or report.sent or report.overviews:
                    log_report(report, run)
                # Overviews come after the papers, without progress.
                self._new += report.overviews
        except _StoppedError:
            return
        except PaperDigestError as error:
            log.warning("papers are not read any further: %s; restart the server", error)
        if self._new and not self._stopped.wait(PAUSE_S - (time.monotonic() - self._shown_at)):
            self.signal.touch()

    def _count(self, done: int, _: int, __: str) -> None:
        if self._stopped.is_set():
            raise _StoppedError
        self._new += bool(done)
        if self._new >= HANDFUL and time.monotonic() - self._shown_at >= PAUSE_S:
            self._new, self._shown_at = 0, time.monotonic()
            self.signal.touch()


class _StoppedError(Exception):
    """The server ends."""
