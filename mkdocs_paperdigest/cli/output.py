"""What commands print, and how they end."""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import click

from mkdocs_paperdigest.errors import ConfigurationError, PaperDigestError
from mkdocs_paperdigest.text import UNPRINTABLE

UNDONE = 1
"""Exit code when trouble outside left something undone."""
MISTAKE = 2
"""Exit code for the user's mistakes."""

EXIT_CODES = """\b
Exit codes:
  0  all went well
  1  the outside world left something undone, or something is not as it should be
  2  a mistake in mkdocs.yml, in a record of the archive, or in these options; no key for the model
"""


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns what ends a command into one line on stderr and an exit code."""
    try:
        yield
    except ConfigurationError as error:
        end(str(error))
    except PaperDigestError as error:
        end(str(error), UNDONE)
    except BrokenPipeError:
        # The reader of the pipe has closed it (`| head`); click ends the program silently.
        raise
    except UnicodeEncodeError as error:
        held = ascii(error.object[error.start : error.end])
        end(f"names of files cannot hold {held} in this locale; set PYTHONUTF8=1", UNDONE)
    except OSError as error:
        _forget_output()
        end(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "), UNDONE)
    except KeyboardInterrupt:
        click.echo("Stopped; what is finished is kept.", err=True)
        sys.exit(130)


def _forget_output() -> None:
    """Keeps Python from trying again at its exit to write what could not be written."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def end(message: str, code: int = MISTAKE) -> NoReturn:
    """Ends the program with one line on stderr."""
    click.echo(f"Error: {message}", err=True)
    sys.exit(code)


def print_json(content: object) -> None:
    """Prints JSON for machines, which every encoding of the standard output can hold."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    click.echo(json_text(content, ascii_only=encoding != "utf8"))


def json_text(value: Any, *, ascii_only: bool = False) -> str:
    """Indented JSON, with escapes for characters that terminals act upon."""
    lines = json.dumps(value, indent=2, ensure_ascii=ascii_only).split("\n")
    return "\n".join(re.sub(UNPRINTABLE, _escaped, line) for line in lines)


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(mark):04x}" for mark in found[0])


def readable_size(count: int) -> str:
    """Bytes for people: `3.4 MB`."""
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
