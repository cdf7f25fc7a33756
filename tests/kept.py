"""What is made once for all workers of a session and the programs that they start: templates, and readings of PDFs."""

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from mkdocs_paperdigest.documents.sandbox.parent import ReadingProcess
from mkdocs_paperdigest.reasons import Reason

VARIABLE = "PAPERDIGEST_TESTS_KEPT"
"""Names the folder to the processes of a session; the first of them deletes it when it ends."""
_made: list["tempfile.TemporaryDirectory[str]"] = []


@cache
def folder() -> Path:
    """The folder where all this is kept."""
    if VARIABLE not in os.environ:
        _made.append(tempfile.TemporaryDirectory(prefix="paperdigest-tests-"))
        os.environ[VARIABLE] = _made[0].name
    return Path(os.environ[VARIABLE])


def keep_templates() -> None:
    """Has every environment that is made from now on keep what it compiles, by path and text of the template."""
    kept = jinja2.FileSystemBytecodeCache(str(folder()))
    *others, _, enable_async = jinja2.Environment.__init__.__defaults__
    jinja2.Environment.__init__.__defaults__ = (*others, kept, enable_async)


class KeptReadings(ReadingProcess):
    """Reads the same PDF for the same request once; `tests/documents` is about reading."""

    def ask(self, request: dict[str, Any], time_limit_s: float) -> tuple[dict[str, Any], Reason | None]:
        """The answers, which are the process's own or those that it once gave."""
        path = Path(request["path"])
        if request["want"] not in {"text", "figures"} or not path.is_file():
            return super().ask(request, time_limit_s)
        asked = json.dumps(
            {**request, "path": "", "images": "", "time_limit_s": time_limit_s}, sort_keys=True
        )
        kept = folder() / hashlib.sha256(asked.encode() + path.read_bytes()).hexdigest()
        if not kept.exists():
            made = Path(tempfile.mkdtemp(dir=folder()))
            answers, trouble = super().ask({**request, "images": str(made)}, time_limit_s)
            _copy(made, Path(request["images"]))
            if trouble is None and "end" in answers:
                (made / "answers.json").write_text(json.dumps(answers))
                # Another process may have been faster.
                with suppress(OSError):
                    made.rename(kept)
            return answers, trouble
        _copy(kept, Path(request["images"]))
        return json.loads((kept / "answers.json").read_text()), None


def _copy(images: Path, to: Path) -> None:
    for image in images.glob("*.webp"):
        to.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(image, to / image.name)
