"""One process that reads hostile files, the pipes to it, and its end when it takes too long."""

import json
import logging
import os
import subprocess
import sys
import threading
from typing import Any

from pydantic import TypeAdapter

from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.reasons import Reason, ReasonCode

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PAPERS_PER_PROCESS = 40
"""After so many papers a process is replaced, so that PDFium's leaks stay bounded."""
START_S = 30.0
"""Seconds that a process has for starting, apart from its time limit."""


def start_process(memory_limit_mb: int) -> "ReadingProcess":
    """A new process; raises a passing `DocumentError` where the platform gives none.

    Arguments:
        memory_limit_mb: Its address space, where the platform can limit it.
    """
    try:
        return ReadingProcess(memory_limit_mb)
    except OSError as error:
        why = Reason(ReasonCode.OTHER, text=error)
        raise DocumentError(Reason(ReasonCode.READER_DEAD, why), passing=True) from error


class ReadingProcess:
    """One reading process and the pipes to it."""

    def __init__(self, memory_limit_mb: int) -> None:
        self._asked = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [
                sys.executable,
                "-P",
                "-m",
                "mkdocs_paperdigest.documents.sandbox.child",
                str(memory_limit_mb),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C in a terminal is for the program: a reader that it ended would look like a broken PDF.
            start_new_session=True,
            # Threads of a linear algebra library would eat the address space that is limited.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    @property
    def usable(self) -> bool:
        """Whether it may be asked again."""
        return self._asked < PAPERS_PER_PROCESS and self._process.poll() is None

    def ask(
        self, request: dict[str, Any], time_limit_s: float
    ) -> tuple[dict[str, Any], Reason | None]:
        """The answers to a request, and the trouble it met; on trouble of its own it is dead."""
        if not self._asked and "ready" not in self._listen("ready", START_S)[0]:
            raise DocumentError(Reason(ReasonCode.READER_DEAD), passing=True)
        self._asked += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            # It died while it was idle; listening finds that out too.
            log.debug("a PDF reader was gone")
        answers, late = self._listen("end", time_limit_s)
        if "end" in answers:
            error = answers.get("error")
            return answers, TypeAdapter(Reason).validate_python(error) if error else None
        is_image = request["want"] == "image"
        if late:
            code = ReasonCode.IMAGE_LATE if is_image else ReasonCode.PDF_LATE
            return answers, Reason(code, seconds=f"{time_limit_s:g}")
        code = ReasonCode.IMAGE_CRASH if is_image else ReasonCode.PDF_CRASH
        return answers, Reason(code, exit_code=self._process.returncode)

    def _listen(self, last: str, seconds: float) -> tuple[dict[str, Any], bool]:
        """Answers up to the one with the key `last`, and whether time ran out before that.

        A process that does not come to the last one is killed: what it does is nobody's guess.
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
            # An answer cut short.
            log.debug("a PDF reader died in mid-answer")
        finally:
            alarm.cancel()
        self.stop()
        return answers, late.is_set()

    def kill(self) -> None:
        """End the process; whoever listens to it is told by the end of its answers."""
        self._process.kill()

    def stop(self) -> None:
        """End the process and wait for it, so that no zombie stays."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    # Bytes that nobody will read any more.
                    continue
