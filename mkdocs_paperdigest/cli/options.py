"""Options that commands share, and how they end."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from mkdocs_paperdigest.cli.output import json_text
from mkdocs_paperdigest.errors import ConfigurationError, PaperDigestError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_paperdigest.options.options import Options

UNDONE = 1
"""Exit code where the world's trouble left something undone."""
MISTAKE = 2
"""Exit code for the user's mistakes."""

EXIT_CODES = """\b
Exit codes:
  0  all went well
  1  the outside world left something undone, or something is not as it should be
  2  a mistake in mkdocs.yml, in a record of the archive, or in these options
"""

config_file = click.option(
    "-f",
    "--config-file",
    default="mkdocs.yml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The site's configuration.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def load_settings(file: Path) -> "Options":
    """The options in a mkdocs.yml, checked as a build checks them; ends the program where they are wrong."""
    return load_site(file)[0]


def load_site(file: Path) -> tuple["Options", "MkDocsConfig"]:
    """The options in a mkdocs.yml, and all of it; ends the program where they are wrong."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, MkDocsException

    from mkdocs_paperdigest.plugin.plugin import PaperDigestPlugin, plugin_options

    if not file.exists():
        end(f"there is no {file}; go to the folder of the site, or name it with --config-file")
    try:
        config = load_config(str(file))
        plugin = config.plugins.get("paperdigest")
        if not isinstance(plugin, PaperDigestPlugin):
            raise ConfigurationError(f"{file}: `plugins` has no `paperdigest`")
        return plugin_options(plugin.config, config), config
    except (PaperDigestError, MkDocsException, Abort) as error:
        end(str(error))
    except ValueError as error:
        # What PyYAML says of a date that no calendar has, such as 2024-13-01.
        end(f"{file}: {error}")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns what ends a command into one line on stderr and an exit code."""
    try:
        yield
    except ConfigurationError as error:
        end(str(error))
    except PaperDigestError as error:
        end(str(error), UNDONE)
    except BrokenPipeError:
        # Whoever reads has read enough (`| head`); click ends the program without a word.
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
    """Lets Python not try again, when it ends, to write what could not be written."""
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


def readable_size(count: int) -> str:
    """Bytes for people: `3.4 MB`."""
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
