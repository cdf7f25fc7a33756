"""The content of a BibTeX file, without the parser: a build in which it has not changed needs no more."""

from pathlib import Path

from mkdocs_paperdigest.files import read_bounded

MOST_BYTES = 32 * 2**20
"""Some 50,000 entries with their abstracts."""


def read_bytes(path: Path) -> bytes:
    """The content of a library.

    Raises:
        ValueError: There is no such file, it cannot be read, or it has more than `MOST_BYTES`.
    """
    try:
        return read_bounded(path, MOST_BYTES, follow_link=True)
    except FileNotFoundError:
        raise ValueError("there is no such file; correct the path, which is relative to mkdocs.yml") from None
    except ValueError as error:
        cure = "; divide it" if "more than" in str(error) else ""
        raise ValueError(f"the file {error}{cure}") from error
