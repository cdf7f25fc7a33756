"""`paperdigest status`: what became of every paper, and what it took."""

import os
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from mkdocs_paperdigest.cli.options import as_json, config_file, load_options
from mkdocs_paperdigest.cli.output import plain_errors, print_json, readable_size
from mkdocs_paperdigest.models import LedgerLine
from mkdocs_paperdigest.reasons import worded
from mkdocs_paperdigest.text import printable

if TYPE_CHECKING:
    from mkdocs_paperdigest.archive.folder import Archive
    from mkdocs_paperdigest.options.options import Options
    from mkdocs_paperdigest.pipeline.spending import ModelCost
    from mkdocs_paperdigest.summaries.batches.stored import Batch

Ledgers = dict[str, tuple[LedgerLine, ...] | None]
"""By topic; None where nothing was fetched yet."""


@click.command(short_help="Show what became of every paper, and what it has cost.")
@config_file
@as_json
def status(config_file: Path, as_json: bool) -> None:
    """Show what became of every paper that the sources returned, as of the last build or update.

    Each paper is shown, set aside (by relevance), filtered (by the topic's limits, or hidden), a
    duplicate, waiting, failed, or unknown to arXiv; the counts add up to what was returned. Also shows the size of the
    cache, what model calls have cost, as far as this cache knows, and which batches are under way.
    Makes no requests.
    """
    from mkdocs_paperdigest.pipeline.cache import sizes
    from mkdocs_paperdigest.pipeline.run import open_run
    from mkdocs_paperdigest.pipeline.spending import cost_by_model
    from mkdocs_paperdigest.summaries.batches.stored import read_batches

    options = load_options(config_file)
    with plain_errors():
        with open_run(options, now=datetime.now(UTC), environ=os.environ) as run:
            ledgers: Ledgers = {topic.slug: run.shelves.ledger.get(topic.slug) for topic in options.topics}
            archive = run.archive
            costs = cost_by_model(run.store)
            batches = [batch for batch in read_batches(run.store) if not batch.over]
            versions = {"schema": run.store.schema, "newest_schema": run.store.newest}
        held = sizes(options.cache_dir)
    if as_json:
        report = {
            "topics": [_topic(topic.slug, topic.title, ledgers) for topic in options.topics],
            "archive": _archive(archive) if options.archive_dir else None,
            "cache": {"path": str(options.cache_dir), "bytes": held, **versions},
            "spent": [asdict(cost) for cost in costs],
            "batches": [_batch(batch) for batch in batches],
        }
        print_json(report)
        return
    _print_topics(options, ledgers)
    if options.archive_dir:
        counts = ", ".join(f"{count} {name}" for name, count in _archive(archive).items())
        click.echo(f"archive {options.archive_dir}: {counts}")
    size = readable_size(sum(held.values()))
    click.echo(f"cache {options.cache_dir}: {size}, schema {versions['schema']}")
    _print_costs(costs)
    for batch in batches:
        click.echo(f"under way: {batch}, sent to {batch.model} on {batch.sent_at:%Y-%m-%d %H:%M} UTC")


def _topic(slug: str, title: str, ledgers: Ledgers) -> dict[str, object]:
    ledger = ledgers[slug]
    return {
        "slug": slug,
        "title": title,
        "built": ledger is not None,
        "papers": len(ledger or ()),
        "counts": dict(Counter(line.fate for line in ledger or ())),
        "ledger": [
            {"paper": line.key, "title": line.title, "fate": line.fate, "reason": worded(line.reasons)}
            for line in ledger or ()
        ],
    }


def _batch(batch: "Batch") -> dict[str, object]:
    return {
        "model": batch.model,
        "sent_at": batch.sent_at.isoformat(),
        "papers": len(batch.papers),
        "name": batch.name,
    }


def _archive(archive: "Archive") -> dict[str, int]:
    records = archive.records.values()
    return {
        "records": len(records),
        "hidden": sum(record.hidden for record in records),
        "pinned": sum(record.pinned for record in records),
    }


def _print_topics(options: "Options", ledgers: Ledgers) -> None:
    for topic in options.topics:
        ledger = ledgers[topic.slug]
        if ledger is None:
            click.echo(f"{topic.title}: nothing fetched yet")
            continue
        fates = Counter(line.fate for line in ledger)
        counts = ", ".join(f"{count} {fate}" for fate, count in fates.most_common())
        click.echo(f"{topic.title}: {len(ledger)} papers returned: {counts or 'none'}")
        table = Table("paper", "fate", "reason", "title")
        for line in ledger:
            if line.fate != "shown" or line.reasons:
                cells = (line.key, line.fate, worded(line.reasons), line.title)
                table.add_row(*map(printable, cells))
        if table.row_count:
            Console().print(table, markup=False)


def _print_costs(costs: "tuple[ModelCost, ...]") -> None:
    for cost in costs:
        dollars = "price not known" if cost.dollars is None else f"about ${cost.dollars:.2f}"
        click.echo(
            f"spent on {cost.model}: {cost.usage.calls} calls, {cost.usage.input_tokens} tokens in, "
            f"{cost.usage.output_tokens} tokens out, {dollars}"
        )
