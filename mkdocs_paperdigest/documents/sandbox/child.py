"""The process that reads PDFs: requests on standard input, answers on standard output, as JSON lines.

`parent` starts it as `python -m mkdocs_paperdigest.documents.sandbox.child`. All code that touches a hostile
file runs here, so that it can be killed. It never imports MkDocs.

The process first writes {"ready": true}. A request is {"path", "images", "figures_max", "tables", "want",
"time_limit_s"}, where `want` is "text", "figures" (text and images), "boxes" (no text, no images), "image"
(the path is an image file, and `name`, `label`, `caption` and `leads` describe its figure), "table" (the same for a
table of the HTML, which `blocks` describe) or "cover" (the path is a figure's image, and `images` the file for its
cover). Each answer is an object
with one key: `pages`; `figures` or `boxes`; `slow` (figures are missing because time ran out); `error` (a
reason) and `passing` (the error is not the file's fault). The last answer to a request is {"end": true}.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from mkdocs_paperdigest.documents.figures.choice import choose_figures
from mkdocs_paperdigest.documents.figures.find import FoundFigure
from mkdocs_paperdigest.documents.figures.find_tables import find_floats
from mkdocs_paperdigest.documents.images.images import fingerprint, render_figure, save_figure, write_cover
from mkdocs_paperdigest.documents.images.rasters import open_image
from mkdocs_paperdigest.documents.pdf.pdfium import open_pdf, seen_text
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.reasons import Reason, ReasonCode

TEXT_MAX = 5_000_000
"""Characters kept per paper; a thesis of 300 pages has 1,000,000."""
SEARCH_SHARE = 0.6
"""Share of the time limit for finding figures; the rest is for rendering them."""

_NICENESS = 5

Answer = Callable[[str, Any], None]


def main() -> None:
    """Answer requests until standard input ends."""
    _lower_priority()
    _limit_memory(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    # A channel for answers alone: what libraries print to standard output must not get into it.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as channel:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        channel.write(b'{"ready": true}\n')
        channel.flush()
        for line in sys.stdin.buffer:
            _serve(json.loads(line), channel)


def _serve(request: dict[str, Any], channel: BinaryIO) -> None:
    def answer(key: str, value: Any) -> None:
        channel.write(json.dumps({key: value}).encode() + b"\n")
        channel.flush()

    faults = _FAULTS.get(request["want"], (ReasonCode.PDF_MEMORY, ReasonCode.PDF_UNREADABLE))
    try:
        _limit_cpu(request["time_limit_s"])
        if request["want"] == "cover":
            write_cover(Path(request["path"]), Path(request["images"]))
        elif request["want"] == "image":
            answer("figures", [_saved(open_image(Path(request["path"])), request)])
        elif request["want"] == "table":
            answer("figures", [_table(request)])
        else:
            _read(request, answer)
    except DocumentError as error:
        answer("error", asdict(error.reason))
        if error.passing:
            answer("passing", True)
    except MemoryError:
        answer("error", asdict(Reason(faults[0])))
    except Exception as error:  # noqa: BLE001 - a hostile file; the parent reports it and goes on
        answer("error", asdict(Reason(faults[1], error=type(error).__name__)))
    answer("end", True)


_FAULTS = {
    "image": (ReasonCode.IMAGE_MEMORY, ReasonCode.IMAGE_UNREADABLE),
    "cover": (ReasonCode.IMAGE_MEMORY, ReasonCode.IMAGE_UNREADABLE),
    "table": (ReasonCode.TABLE_UNDRAWN, ReasonCode.TABLE_UNDRAWN),
}
"""What a request failed for: too little memory, or something else."""


def _read(request: dict[str, Any], answer: Answer) -> None:
    deadline: float = time.monotonic() + SEARCH_SHARE * request["time_limit_s"]

    def late() -> bool:
        return time.monotonic() > deadline

    with open_pdf(Path(request["path"])) as document:
        if request["want"] == "boxes":
            answer("boxes", [asdict(figure) for figure in find_floats(document, stop=late)])
            return
        pages: list[str] = []
        size = 0
        for number in range(len(document)):
            page = document[number]
            text_page = page.get_textpage()
            text = seen_text(page, text_page) if size < TEXT_MAX else ""
            size += len(text)
            pages.append(text)
            text_page.close()
            page.close()
        answer("pages", pages)
        if request["want"] == "figures":
            found = find_floats(document, tables=request["tables"], stop=late)
            chosen = choose_figures(found, pages, request["figures_max"])
            answer("figures", _images(document, chosen, Path(request["images"])))
            if late():
                answer("slow", True)


def _table(request: dict[str, Any]) -> dict[str, Any]:
    """Draw a table of the HTML, and return it."""
    from mkdocs_paperdigest.documents.html.tables import Grid, Words
    from mkdocs_paperdigest.documents.images.tables import draw_table
    from mkdocs_paperdigest.encoding import decode

    blocks = [
        decode(json.dumps(block), Grid) if "cells" in block else decode(json.dumps(block), Words)
        for block in request["blocks"]
    ]
    return _saved(draw_table(blocks), request)


def _saved(image: Image.Image, request: dict[str, Any]) -> dict[str, Any]:
    """Write an image as that of a figure, and return the figure."""
    details = {key: request[key] for key in ("label", "caption", "leads")}
    return asdict(save_figure(image, Path(request["images"]), request["name"], page=0, **details))


def _images(document: Any, found: list[FoundFigure], folder: Path) -> list[dict[str, Any]]:
    """Write the images of figures and tables, and return these; blank and repeated ones are left out."""
    figures: list[dict[str, Any]] = []
    seen: set[str] = set()
    counts = {False: 0, True: 0}
    only_tables = all(figure.table for figure in found)
    for figure in found:
        page = document[figure.page]
        image = render_figure(page, figure.bbox, figure.turn)
        page.close()
        if image is None or (mark := fingerprint(image)) in seen:
            continue
        seen.add(mark)
        counts[figure.table] += 1
        number = counts[figure.table]
        saved = save_figure(
            image,
            folder,
            f"{'table' if figure.table else 'fig'}-{number}",
            label=figure.label,
            caption=figure.caption_without_label,
            page=figure.page + 1,
            leads=number == 1 and figure.table == only_tables,
        )
        figures.append(asdict(saved))
    return figures


def _lower_priority() -> None:
    """Lowers the priority (not on Windows), so that builds and servers on this machine go first."""
    if sys.platform != "win32":
        os.nice(_NICENESS)


def _limit_memory(megabytes: int) -> None:
    """Makes allocations beyond a limit fail (not on Windows)."""
    if not megabytes or sys.platform == "win32":
        return
    resource = importlib.import_module("resource")
    try:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    except (ValueError, OSError):
        # macOS rejects limits below what is already mapped; the time limit still applies.
        return


def _limit_cpu(seconds: float) -> None:
    """Ends the process after this much CPU time (not on Windows), even if its parent is gone and cannot kill it."""
    if sys.platform == "win32":
        return
    resource = importlib.import_module("resource")
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 2, hard))


if __name__ == "__main__":
    main()
