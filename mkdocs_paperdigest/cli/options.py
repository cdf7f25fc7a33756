"""Options that commands share, and those of the site."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_paperdigest.cli.output import end
from mkdocs_paperdigest.errors import ConfigurationError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_paperdigest.options.options import Options


def _usual_file() -> Path:
    """What MkDocs takes where no file is named."""
    usual, other = Path("mkdocs.yml"), Path("mkdocs.yaml")
    return other if other.exists() and not usual.exists() else usual


config_file = click.option(
    "-f",
    "--config-file",
    default=_usual_file,
    show_default="mkdocs.yml, or mkdocs.yaml",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The site's configuration.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def load_options(file: Path) -> "Options":
    """The options in a mkdocs.yml, checked as a build checks them; ends the program where they are wrong."""
    return load_site(file)[0]


def load_site(file: Path) -> tuple["Options", "MkDocsConfig"]:
    """The options in a mkdocs.yml, and all of it; ends the program where they are wrong."""
    try:
        return read_site(file)
    except ConfigurationError as error:
        end(str(error))


def read_site(file: Path) -> tuple["Options", "MkDocsConfig"]:
    """The options in a mkdocs.yml, and all of it.

    Raises:
        ConfigurationError: The file, or an option in it, is wrong.
    """
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, MkDocsException

    from mkdocs_paperdigest.plugin.plugin import PaperDigestPlugin, plugin_options

    if not file.exists():
        raise ConfigurationError(
            f"there is no {file}; go to the folder of the site, or name it with --config-file"
        )
    messages: list[str] = []
    try:
        with _held_back(logging.getLogger("mkdocs.config"), messages):
            config = load_config(str(file))
        plugin = config.plugins.get("paperdigest")
        if not isinstance(plugin, PaperDigestPlugin):
            raise ConfigurationError(f"{file}: `plugins` has no `paperdigest`")
        return plugin_options(plugin.config, config), config
    except (MkDocsException, Abort) as error:
        # MkDocs itself logs what is wrong and then only says that it stops.
        raise ConfigurationError("; ".join(messages) or str(error)) from error
    except (OverflowError, ValueError) as error:
        # PyYAML raises them for an impossible date such as 2024-13-01.
        raise ConfigurationError(f"{file}: {error}") from error


@contextmanager
def _held_back(log: logging.Logger, messages: list[str]) -> Iterator[None]:
    """Collects messages at ERROR and above in `messages` instead of logging them."""

    def collect(record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            return True
        messages.append(record.getMessage())
        return False

    log.addFilter(collect)
    try:
        yield
    finally:
        log.removeFilter(collect)
