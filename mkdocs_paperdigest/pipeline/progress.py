"""Progress of the work on papers: a bar in a terminal, elsewhere one line for each paper."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

Progress = Callable[[int, int, str], None]
"""Called with papers done, papers to do, and the key of the paper that was finished; first with 0 done."""


def no_progress(*_: object) -> None:
    """Shows nothing."""


@contextmanager
def shown_progress(write_line: Callable[[str], object]) -> Iterator[Progress]:
    """Shows progress for as long as the context is open; nothing where there is no work.

    Arguments:
        write_line: Called with each line where standard error is not a terminal, such as in CI.
    """
    with ExitStack() as opened:
        bar: Progress | None = None

        def show(done: int, total: int, name: str) -> None:
            nonlocal bar
            if bar is None:
                # Not before there is work: a build without any must not pay for importing rich.
                bar = opened.enter_context(_bar()) if sys.stderr.isatty() else _lines(write_line)
            bar(done, total, name)

        yield show


def _lines(write_line: Callable[[str], object]) -> Progress:
    def show(done: int, total: int, name: str) -> None:
        write_line(f"[{done}/{total}] {name}" if done else f"papers to work on: {total}")

    return show


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.logging import RichHandler
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    # Lines of a log that goes through the same console stand above the bar.
    logs = [one for one in logging.getLogger().handlers if isinstance(one, RichHandler)]
    console = logs[0].console if logs else Console(stderr=True)
    terminal = sys.stderr
    # Rich puts a stream of its own in the terminal's place while the bar stands.
    with Bar(*columns, console=console, transient=True) as bar, _logged_above(terminal, sys.stderr):
        task = bar.add_task("papers", total=None)

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name or "papers")

        yield show


@contextmanager
def _logged_above(terminal: Any, stream: Any) -> Iterator[None]:
    """Sends plain log lines, such as those of MkDocs, through a stream that keeps them above the bar."""
    handlers = [
        handler
        for handler in logging.getLogger("mkdocs").handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is terminal
    ]
    for handler in handlers:
        handler.setStream(stream)
    try:
        yield
    finally:
        for handler in handlers:
            handler.setStream(terminal)
