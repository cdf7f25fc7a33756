"""Starts a process that reads hostile files, talks to it, and kills it when it takes too long."""

import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from mkdocs_paperdigest.encoding import decode
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.reasons import Reason, ReasonCode

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PAPERS_PER_PROCESS = 40
"""Papers after which a process is replaced, so that PDFium's memory leaks stay bounded."""
START_S = 30.0
"""Seconds that a process may take to start; this does not count as reading time."""


class ReadingProcess:
    """A process that reads files, and the pipes to it.

    Arguments:
        memory_limit_mb: Limit of its address space, where the platform supports one; 0 for none.

    Raises:
        OSError: The process cannot be started.
    """

    def __init__(self, memory_limit_mb: int) -> None:
        self._asked = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "mkdocs_paperdigest.documents.sandbox.child", str(memory_limit_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C in a terminal must not reach the process: a PDF whose reader ended would look broken.
            start_new_session=True,
            # The threads of a linear algebra library would use up the limited address space.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    @property
    def usable(self) -> bool:
        """Whether the process can take another request."""
        return self._asked < PAPERS_PER_PROCESS and self._process.poll() is None

    def ask(self, request: dict[str, Any], time_limit_s: float) -> tuple[dict[str, Any], Reason | None]:
        """The answers to a request by key, and the reason if something failed.

        The process has ended if it crashed or ran out of time.

        Raises:
            DocumentError: The process did not start (passing).
        """
        if not self._asked and "ready" not in self._listen("ready", START_S)[0]:
            raise DocumentError(Reason(ReasonCode.READER_DEAD), passing=True)
        self._asked += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            # It died while idle. `_listen` finds no answer and gives the reason.
            log.debug("a PDF reader had exited")
        answers, late = self._listen("end", time_limit_s)
        if "end" in answers:
            error = answers.get("error")
            return answers, decode(json.dumps(error), Reason) if error else None
        if request["want"] == "table":
            return answers, Reason(ReasonCode.TABLE_UNDRAWN)
        is_image = request["want"] == "image"
        if late:
            code = ReasonCode.IMAGE_LATE if is_image else ReasonCode.PDF_LATE
            return answers, Reason(code, seconds=f"{time_limit_s:g}")
        code = ReasonCode.IMAGE_CRASH if is_image else ReasonCode.PDF_CRASH
        return answers, Reason(code, exit_code=self._process.returncode)

    def _listen(self, last: str, seconds: float) -> tuple[dict[str, Any], bool]:
        """Answers up to the one with the key `last`, and whether time ran out before it came.

        A process that does not send that answer is killed, because its state is unknown.
        """
        assert self._process.stdout is not None
        answers: dict[str, Any] = {}
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        alarm = threading.Timer(seconds, end)
        alarm.daemon = True
        alarm.start()
        try:
            for line in self._process.stdout:
                answers.update(json.loads(line))
                if last in answers:
                    return answers, False
        except json.JSONDecodeError:
            log.debug("a PDF reader died while answering")
        finally:
            alarm.cancel()
        self.stop()
        return answers, late.is_set()

    def kill(self) -> None:
        """End the process; a thread that waits for its answers sees them end."""
        self._process.kill()

    def stop(self) -> None:
        """End the process and wait for it, so that no zombie remains."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # Unsent bytes of a request no longer matter.
                with suppress(OSError):
                    pipe.close()
