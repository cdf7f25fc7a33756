"""How far the work on papers is: a bar in a terminal, a line a paper elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

Progress = Callable[[int, int, str], None]
"""Called with papers done, papers to do, and the key of the paper that was finished; first with 0 done."""


@contextmanager
def shown_progress(tell: Callable[[str], object]) -> Iterator[Progress]:
    """Shows progress for as long as the context is open; nothing where there is no work.

    Arguments:
        tell: Takes a line where standard error is no terminal, such as the log of a CI.
    """
    with ExitStack() as opened:
        bar: Progress | None = None

        def show(done: int, total: int, name: str) -> None:
            nonlocal bar
            if bar is None:
                # Not before there is work: a build without any must not pay for importing rich.
                bar = opened.enter_context(_bar()) if sys.stderr.isatty() else _lines(tell)
            bar(done, total, name)

        yield show


def _lines(tell: Callable[[str], object]) -> Progress:
    def show(done: int, total: int, name: str) -> None:
        tell(f"[{done}/{total}] {name}" if done else f"papers to work on: {total}")

    return show


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("papers", total=None)

        def show(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name or "papers")

        yield show
