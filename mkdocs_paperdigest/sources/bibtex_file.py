"""The content of a BibTeX file, without the parser: a build in which it has not changed needs no more."""

from pathlib import Path

MOST_BYTES = 32 * 2**20
"""Of a library: some 50,000 entries with their abstracts."""


def read_bytes(path: Path) -> bytes:
    """The content of a library.

    Raises:
        ValueError: There is no such file, it cannot be read, or it has more than `MOST_BYTES`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ValueError("there is no such file; correct `library`, relative to mkdocs.yml") from None
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise ValueError(f"the file has more than {MOST_BYTES // 2**20} MiB; divide it")
    return content
