"""Writing files whole or not at all, checking names from files, versions of installed packages."""

import logging
import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PureWindowsPath

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


def write_whole(path: Path, content: bytes) -> bool:
    """Writes a file completely or not at all; a file that already has this content is left as it is.

    Returns:
        Whether the file was written.

    Raises:
        OSError: The file cannot be written; its previous content is untouched.
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


def write_if_possible(path: Path, content: bytes) -> None:
    """Writes a file that only saves time in later builds; if that fails, the build goes on without it."""
    try:
        write_whole(path, content)
    except OSError as error:
        log.debug("%s: not kept for later builds: %s", path, error)


def is_inside(name: str) -> bool:
    """Whether a name read from a file stays below the folder that it is relative to, on every system."""
    # Windows has every way to leave a folder that other systems have, and more.
    path = PureWindowsPath(name)
    usable = bool(path.parts) and "\\" not in name and "\0" not in name
    return usable and not path.anchor and ".." not in path.parts


def installed_versions(names: Iterable[str]) -> dict[str, str]:
    """The versions of packages, by name; packages that are not installed are left out."""
    found = {}
    for name in names:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


UNFINISHED = ".new-"
"""Prefix of files being written; a killed program may leave one behind."""
UNFINISHED_NAME = re.compile(rf"{re.escape(UNFINISHED)}[a-z0-9_]{{8}}")
"""Their names as `tempfile` makes them; other files with the same prefix are not ours."""
