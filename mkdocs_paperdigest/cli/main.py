"""The command `paperdigest`: the same core as the plugin, ahead of a build or beside it."""

import io
import logging
import sys

import click
from rich.console import Console
from rich.logging import RichHandler

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.cli.cache import cache
from mkdocs_paperdigest.cli.check import check
from mkdocs_paperdigest.cli.doctor import doctor
from mkdocs_paperdigest.cli.export import export
from mkdocs_paperdigest.cli.figures import figures
from mkdocs_paperdigest.cli.output import EXIT_CODES, plain_errors
from mkdocs_paperdigest.cli.status import status
from mkdocs_paperdigest.cli.update import update


class Commands(click.Group):
    """Ends in one line, whatever goes wrong: also where the output cannot be written."""

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command that was asked for."""
        with plain_errors():
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="paperdigest")
def main() -> None:
    """Digest pages of research papers for MkDocs.

    All commands read the `paperdigest` options of mkdocs.yml; keys come from the environment. A build
    needs none of them: it does the work of `update` itself, unless there is an archive.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A title may hold characters that a Latin-1 terminal lacks.
            stream.reconfigure(errors="backslashreplace")
    console = Console(stderr=True)
    plain = logging.StreamHandler(sys.stderr)
    handler = RichHandler(console=console, show_path=False, show_time=False)
    # INFO for our own messages; only warnings from libraries.
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    logging.basicConfig(
        level=logging.WARNING,
        format="%(message)s",
        # The narrow pseudo-terminal of a CI would break lines in the middle of URLs.
        handlers=[handler if console.is_terminal else plain],
    )


for command in (update, status, doctor, export, cache, figures, check):
    main.add_command(command)
