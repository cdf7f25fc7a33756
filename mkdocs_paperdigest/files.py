"""Files written whole or not at all, names that stay inside their folder, versions of installed packages."""

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


def write_if_possible(path: Path, content: bytes) -> None:
    """As `write_whole`, for a file that only saves later builds some time: what cannot be written is left out.

    A full disk or a folder that cannot be written must not end a build that can do without.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        log.debug("%s: not kept for later builds: %s", path, error)


def is_inside(name: str) -> bool:
    """Whether a name from a file leads to something below the folder that it is meant for, on any system."""
    # Windows knows all ways out that other systems know, and more.
    path = PureWindowsPath(name)
    usable = bool(path.parts) and "\\" not in name and "\0" not in name
    return usable and not path.anchor and ".." not in path.parts


def installed_versions(names: Iterable[str]) -> dict[str, str]:
    """The version of each package by its name; those that are not installed are left out."""
    found = {}
    for name in names:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


UNFINISHED = ".new-"
"""How the names of files begin that a killed program may leave behind."""
UNFINISHED_NAME = re.compile(rf"{re.escape(UNFINISHED)}[a-z0-9_]{{8}}")
"""What they are called, as `tempfile` does it: nothing else with that beginning is ours."""
