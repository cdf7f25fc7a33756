"""The command `paperdigest`: the same core as the plugin, ahead of a build or beside it.

Exit codes: 0 all went well; 1 the world's trouble left something undone; 2 the user's mistake.
"""

import json
import logging
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import Progress as ProgressBar
from rich.table import Table

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.errors import ConfigurationError, DocumentError, PaperDigestError
from mkdocs_paperdigest.models import LedgerLine
from mkdocs_paperdigest.store import Store, key

if TYPE_CHECKING:
    from mkdocs_paperdigest.settings import Settings

CONFIG_FILE = click.option(
    "-f",
    "--config-file",
    default="mkdocs.yml",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The site's configuration.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="paperdigest")
def main() -> None:
    """Digest pages of research papers for MkDocs."""
    logging.basicConfig(
        level=logging.INFO,
        format="%(message)s",
        handlers=[RichHandler(console=Console(stderr=True), show_path=False, show_time=False)],
    )


@main.command()
@CONFIG_FILE
def update(config_file: Path) -> None:
    """Fetch, read and summarize papers now, so that the next build finds them in the cache."""
    from mkdocs_paperdigest.site import update as update_site

    settings = load_settings(config_file)
    try:
        with ProgressBar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("papers", total=None)
            done = update_site(
                settings,
                now=datetime.now(UTC),
                environ=os.environ,
                progress=lambda done, total, _: bar.update(task, completed=done, total=total),
            )
    except PaperDigestError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    sys.exit(1 if done.run.failed else 0)


@main.command()
@CONFIG_FILE
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def status(config_file: Path, as_json: bool) -> None:
    """Tell what became of every paper that the sources returned, as of the last build."""
    settings = load_settings(config_file)
    store = Store(settings.cache_dir / "store")
    ledgers = {
        topic.slug: store.get(key("ledger", topic.slug), tuple[LedgerLine, ...])
        for topic in settings.topics
    }
    store.close()
    if as_json:
        rows = {
            slug: [
                {"paper": line.key, "fate": line.fate, "reason": line.reason}
                for line in ledger or ()
            ]
            for slug, ledger in ledgers.items()
        }
        click.echo(json.dumps(rows, indent=2))
        return
    for topic in settings.topics:
        ledger = ledgers[topic.slug]
        if ledger is None:
            click.echo(f"{topic.title}: never built")
            continue
        fates = Counter(line.fate for line in ledger)
        counts = ", ".join(f"{count} {fate}" for fate, count in fates.most_common())
        click.echo(f"{topic.title}: {len(ledger)} papers returned: {counts or 'none'}")
        table = Table("paper", "fate", "reason", "title")
        for line in ledger:
            if line.fate != "shown" or line.reason:
                table.add_row(line.key, line.fate, line.reason, line.title)
        if table.row_count:
            Console().print(table)


@main.command()
@click.argument("pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: page (from 0), label, bbox, caption."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the images into this folder.",
)
def figures(pdf: Path, as_json: bool, out: Path | None) -> None:
    """Print the figures that are found in a PDF.

    A box is in PDF points from the page's top left corner, tight around the figure.
    """
    from mkdocs_paperdigest.documents.worker import PdfReader

    try:
        with PdfReader() as reader:
            found = reader.figures(pdf)
            if out and found:
                reader.read(pdf, out, figures_max=len(found))
    except DocumentError as error:
        raise click.ClickException(f"{pdf}: {error}") from error
    if as_json:
        rows = [
            {
                "page": figure.page,
                "label": figure.label,
                "bbox": figure.bbox,
                "caption": figure.caption,
            }
            for figure in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for figure in found:
        box = ", ".join(f"{value:.0f}" for value in figure.bbox)
        click.echo(f"page {figure.page + 1}: {figure.label} [{box}] {figure.caption}")
    if not found:
        click.echo("no figures found")


def load_settings(config_file: Path) -> "Settings":
    """The options in a mkdocs.yml, checked as a build checks them; exits with 2 where they are wrong."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, MkDocsException

    from mkdocs_paperdigest.plugin import PaperDigestPlugin, plugin_settings

    try:
        config = load_config(str(config_file))
        plugin = config.plugins.get("paperdigest")
        if not isinstance(plugin, PaperDigestPlugin):
            raise ConfigurationError(f"{config_file}: `plugins` has no `paperdigest`")
        return plugin_settings(plugin.config, config)
    except (PaperDigestError, MkDocsException, Abort) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
