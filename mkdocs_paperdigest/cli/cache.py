"""`paperdigest cache`: what is kept between builds."""

import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_paperdigest.cli.options import as_json, config_file, load_options
from mkdocs_paperdigest.cli.output import UNDONE, end, plain_errors, print_json, readable_size
from mkdocs_paperdigest.text import printable

if TYPE_CHECKING:
    from mkdocs_paperdigest.pipeline.cache import Paid


@click.group()
def cache() -> None:
    """Look after what is kept between builds: `cache_dir`."""


@cache.command()
@config_file
@as_json
def size(config_file: Path, as_json: bool) -> None:
    """Print how much the cache holds."""
    from mkdocs_paperdigest.pipeline.cache import sizes
    from mkdocs_paperdigest.storage.layout import PARTS

    options = load_options(config_file)
    found = sizes(options.cache_dir)
    if as_json:
        print_json({"path": str(options.cache_dir), "bytes": found})
        return
    click.echo(f"{options.cache_dir}: {readable_size(sum(found.values()))}")
    for part, count in found.items():
        about = f"  {PARTS[part]}" if part in PARTS else ""
        click.echo(f"  {part:<9}{readable_size(count):>9}{about}")


@cache.command()
@config_file
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def prune(config_file: Path, yes: bool, as_json: bool) -> None:
    """Delete what belongs to papers that no topic lists any more.

    Papers of the archive count as listed. A paper that is listed again later is read and summarized
    again. If summaries of a model are among it, asks first, and says what it costs to make them again. Also deletes
    what an older version or other options have left, once this version has taken it over.
    """
    from mkdocs_paperdigest.pipeline.cache import prune as prune_cache

    options = load_options(config_file)

    def confirm(paid: "Paid") -> None:
        one = paid.papers == 1
        dollars = f", about ${paid.dollars:.2f}" if paid.dollars else ""
        tokens = paid.usage.input_tokens + paid.usage.output_tokens
        _ask(
            f"Delete the summar{'y' if one else 'ies'} of {paid.papers} paper{'' if one else 's'} that no topic lists? "
            f"To make {'it' if one else 'them'} again takes about {paid.usage.calls} model calls, {tokens} "
            f"tokens{dollars}.",
            yes=yes,
        )

    with plain_errors():
        done = prune_cache(options, now=datetime.now(UTC), environ=os.environ, confirm=confirm)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(f"deleted {done.values} values and {done.folders} folders: {readable_size(done.bytes)}")


@cache.command()
@config_file
@click.option("--yes", is_flag=True, help="Do not ask.")
def clear(config_file: Path, yes: bool) -> None:
    """Delete the whole cache, with every summary in it.

    The next build asks arXiv and the model for everything again. Records of the archive stay.
    """
    from mkdocs_paperdigest.pipeline.cache import clear as clear_cache
    from mkdocs_paperdigest.pipeline.cache import sizes

    options = load_options(config_file)
    held = readable_size(sum(sizes(options.cache_dir).values()))
    _ask(f"Delete {options.cache_dir} ({held}) and pay for its summaries again?", yes=yes)
    with plain_errors():
        clear_cache(options.cache_dir)
    click.echo(f"deleted {held}")


def _ask(question: str, *, yes: bool) -> None:
    """Goes on only if a person agrees, or has agreed by `--yes`."""
    if yes:
        return
    if not sys.stdin.isatty():
        end(f"{question} Nothing was deleted; run it in a terminal, or with --yes")
    click.confirm(question, abort=True, err=True)


@cache.command()
@config_file
@as_json
def verify(config_file: Path, as_json: bool) -> None:
    """Look for damage in the cache and the archive; exit with 1 where there is any."""
    from mkdocs_paperdigest.pipeline.cache import problems
    from mkdocs_paperdigest.storage.migrations import RECORD_SCHEMA, STORE_SCHEMA

    options = load_options(config_file)
    with plain_errors():
        found = list(problems(options))
    if as_json:
        print_json(found)
    else:
        schemas = f"schema of the cache: {STORE_SCHEMA}, of records: {RECORD_SCHEMA}"
        click.echo("\n".join(map(printable, found)) or f"nothing is damaged ({schemas})")
    sys.exit(UNDONE if found else 0)
