"""Parses BibTeX files into entries with raw fields, and decodes LaTeX."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Block:
    """One entry of a BibTeX file."""

    key: str
    line: int
    """The line where it begins, from 1."""
    fields: Mapping[str, str]
    """Raw values by lower-case name."""


def read_blocks(path: Path) -> Iterator[Block]:
    """The entries of a file, in the file's order.

    Raises:
        ValueError: The file cannot be read, or something in it is not BibTeX; the message names the line.
    """
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock

    text = _text(path)
    with _quiet_parser():
        library = parse_string(text)
    for block in library.failed_blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            raise ValueError(f"entry {block.key!r} (line {line}) is there twice; rename or delete one")
        if isinstance(block, DuplicateFieldKeyBlock):
            names = ", ".join(sorted(block.duplicate_keys))
            raise ValueError(f"the entry in line {line} has {names} twice; delete one")
        raise ValueError(f"the entry in line {line} cannot be read; look for a missing brace or comma")
    for entry in library.entries:
        yield Block(
            key=entry.key,
            line=(entry.start_line or 0) + 1,
            fields={field.key.lower(): str(field.value).strip() for field in entry.fields},
        )


def latex_decoder() -> Callable[[str], str]:
    """A function that turns LaTeX into plain text; formulas stay as they are."""
    from bibtexparser.library import Library as Bibliography
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import Entry, Field

    # For single fields, because addresses and file names are not LaTeX.
    middleware = LatexDecodingMiddleware(keep_math_mode=True)

    def decode(text: str) -> str:
        entry = Entry("misc", "", [Field("text", text)])
        block = middleware.transform_entry(entry, Bibliography())
        return str(block["text"]) if isinstance(block, Entry) else text

    return decode


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ValueError("there is no such file; correct `library`, relative to mkdocs.yml") from None
    except UnicodeDecodeError:
        raise ValueError("the file is not in UTF-8; save it in that encoding") from None
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from error


@contextmanager
def _quiet_parser() -> Iterator[None]:
    """Silences the parser's log: it logs the errors that it also returns, and we report those ourselves."""
    logger = logging.getLogger("bibtexparser")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
