"""What is in a paper: its text and its figures."""

import re
from pathlib import Path

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.writing import UNFINISHED_NAME

DOCUMENT_VERSION = 2
"""Version of the reader: raised when text or figures are found in another way.

Papers that an older one has read are shown as they are until they are read again, a few in each build,
and what a model said of them stays.
"""
IMAGE_NAME = re.compile(r"fig-[0-9]{1,4}(?:-small)?\.webp")
"""What files of figures are called: nothing else is published as one."""


def images_folder(cache_dir: Path, paper: Paper, reader: int = DOCUMENT_VERSION) -> Path:
    """Where the images of a paper lie, as one version of the reader has found them.

    Apart for each version: the next one may number them otherwise, and captions of one beside images of
    the other would be wrong.
    """
    return cache_dir / "figures" / paper.file_stem / str(reader)


def holds_images_only(folder: Path) -> bool:
    """Whether everything in a folder is named like images of ours, so that it may be deleted as a whole."""
    return not folder.is_symlink() and all(
        _OURS.fullmatch(path.name) and (path.is_symlink() or not path.is_dir())
        for path in folder.iterdir()
    )


_OURS = re.compile(rf"{IMAGE_NAME.pattern}|{UNFINISHED_NAME.pattern}")
"""Names of images, and of those that a killed program has left unfinished."""
