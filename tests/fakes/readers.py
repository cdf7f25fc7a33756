"""Processes that read PDFs and stay for the next run: most of the time of a small run is their start."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from mkdocs_paperdigest.documents.sandbox.parent import ReadingProcess
from mkdocs_paperdigest.reasons import Reason
from tests.kept import KeptReadings


class Readers:
    """Idle processes of the product's own kind; a context manager that ends them."""

    def __init__(self) -> None:
        self._idle: dict[int, list[_Kept]] = {}

    def take(self, memory_limit_mb: int) -> ReadingProcess:
        """Stands in for the class: a process that waits for its next file, or a new one."""
        idle = self._idle.setdefault(memory_limit_mb, [])
        # Several threads may take one at once.
        with suppress(IndexError):
            while not (process := idle.pop()).usable:
                process.end()
            return process
        return _Kept(memory_limit_mb, idle.append)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for idle in self._idle.values():
            for process in idle:
                process.end()


class _Kept(KeptReadings):
    """Ends only where the product does not let it finish."""

    def __init__(self, memory_limit_mb: int, keep: "Callable[[_Kept], None]") -> None:
        super().__init__(memory_limit_mb)
        self._keep = keep
        self._answers = True
        self._killed = False

    def ask(self, request: dict[str, Any], time_limit_s: float) -> tuple[dict[str, Any], Reason | None]:
        self._answers = False
        answers, trouble = super().ask(request, time_limit_s)
        self._answers = "end" in answers
        return answers, trouble

    def kill(self) -> None:
        self._killed = True
        super().kill()

    def stop(self) -> None:
        if self._answers and not self._killed and self.usable:
            self._keep(self)
        else:
            self.end()

    def end(self) -> None:
        """Ends it indeed."""
        super().stop()
