"""Writes files whole or not at all, and only where that changes them."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> bool:
    """Writes a file at once or not at all, and not when it has that content already.

    Returns:
        Whether it was written.

    Raises:
        OSError: It cannot be written; what was there before is untouched.
    """
    with suppress(OSError):
        if path.read_bytes() == content:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp's 0600 would follow a page into the site, where the web server could not read it.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True


UNFINISHED = ".new-"
"""How the names of files begin that a killed program may leave behind."""
