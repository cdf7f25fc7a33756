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
from mkdocs_paperdigest.models import LedgerLine, TopicState
from mkdocs_paperdigest.reasons import worded
from mkdocs_paperdigest.text import counted, printable

if TYPE_CHECKING:
    from mkdocs_paperdigest.archive.folder import Archive
    from mkdocs_paperdigest.options.options import Options, Topic
    from mkdocs_paperdigest.pipeline.spending import ModelCost
    from mkdocs_paperdigest.summaries.batches.stored import Batch

Ledgers = dict[str, tuple[LedgerLine, ...] | None]
"""By topic; None where nothing was fetched yet."""
States = dict[str, TopicState | None]
"""By topic, as its sources last answered; None where no build has noted it yet."""


@click.command(short_help="Show what became of every paper, and what it has cost.")
@config_file
@as_json
def status(config_file: Path, as_json: bool) -> None:
    """Show what became of every paper that the sources returned, as of the last build or update.

    Each paper is shown, set aside (by relevance), filtered (by the topic's limits, or hidden), a
    duplicate, waiting, failed, or unknown to arXiv; the counts add up to what was returned. Also shows when the
    sources of each topic last answered, what was wrong with them, and when they are asked again; which fields of
    summaries the gate has left out; the size of the cache, what model calls have cost, as far as this cache knows,
    and which batches are under way. Makes no requests.
    """
    from mkdocs_paperdigest.pipeline.cache import sizes
    from mkdocs_paperdigest.pipeline.run import open_run
    from mkdocs_paperdigest.pipeline.spending import cost_by_model
    from mkdocs_paperdigest.summaries.batches.stored import read_batches

    options, now = load_options(config_file), datetime.now(UTC)
    with plain_errors():
        with open_run(options, now=now, environ=os.environ) as run:
            ledgers: Ledgers = {topic.slug: run.shelves.ledger.get(topic.slug) for topic in options.topics}
            states: States = {topic.slug: run.shelves.state.get(topic.slug) for topic in options.topics}
            missing_key = None if options.offline else run.missing_key
            asked = {topic.slug for topic in run.topics if not options.offline}
            archive = run.archive
            costs = cost_by_model(run.store)
            batches = [batch for batch in read_batches(run.store) if not batch.over]
            versions = {"schema": run.store.schema, "newest_schema": run.store.newest}
        held = sizes(options.cache_dir)
    if as_json:
        report = {
            "topics": [
                _topic(topic, ledgers[topic.slug], states[topic.slug])
                | {"next_refresh": _iso(_next_refresh(states[topic.slug], options, topic.slug in asked))}
                for topic in options.topics
            ],
            "waiting": len(_waiting(ledgers)),
            "model": {"name": options.model, "missing_key": missing_key},
            "archive": _archive(archive) if options.archive_dir else None,
            "cache": {"path": str(options.cache_dir), "bytes": held, **versions},
            "spent": [asdict(cost) for cost in costs],
            "batches": [_batch(batch) for batch in batches],
        }
        print_json(report)
        return
    for topic in options.topics:
        due = _next_refresh(states[topic.slug], options, topic.slug in asked)
        _print_topic(topic, ledgers[topic.slug], states[topic.slug], due, now)
    if waiting := _waiting(ledgers):
        papers = "1 paper waits" if len(waiting) == 1 else f"{len(waiting)} papers wait"
        click.echo(f"next: {papers} for a later build or update (`max_new_papers: {options.max_new_papers}`)")
    if missing_key:
        click.echo(f"model {options.model}: no key, so it is not asked; set {missing_key}")
    if options.archive_dir:
        counts = ", ".join(f"{count} {name}" for name, count in _archive(archive).items())
        click.echo(f"archive {options.archive_dir}: {counts}")
    size = readable_size(sum(held.values()))
    click.echo(f"cache {options.cache_dir}: {size}")
    _print_costs(costs)
    for batch in batches:
        click.echo(f"under way: {batch}, sent to {batch.model} on {batch.sent_at:%Y-%m-%d %H:%M} UTC")


def _topic(
    topic: "Topic", ledger: tuple[LedgerLine, ...] | None, state: TopicState | None
) -> dict[str, object]:
    return {
        "slug": topic.slug,
        "title": topic.title,
        "built": ledger is not None,
        "state": state.state if state else None,
        "as_of": _iso(state.as_of if state else None),
        "trouble": str(state.trouble) if state and state.trouble else None,
        "papers": len(ledger or ()),
        "counts": dict(Counter(line.fate for line in ledger or ())),
        "ledger": [
            {
                "paper": line.key,
                "title": line.title,
                "fate": line.fate,
                "reason": worded(line.reasons),
                "left_out": [{"field": one.field, "reason": str(one.reason)} for one in line.left_out],
            }
            for line in ledger or ()
        ],
    }


def _next_refresh(state: TopicState | None, options: "Options", asked: bool) -> datetime | None:
    """From when on a build asks the sources of a topic again; None where it asks none."""
    return state.as_of + options.refresh if state and state.as_of and asked else None


def _waiting(ledgers: Ledgers) -> set[str]:
    """Papers that no page shows yet, each once."""
    return {line.key for ledger in ledgers.values() for line in ledger or () if line.fate == "waiting"}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


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


def _print_topic(
    topic: "Topic",
    ledger: tuple[LedgerLine, ...] | None,
    state: TopicState | None,
    due: datetime | None,
    now: datetime,
) -> None:
    if ledger is None:
        click.echo(f"{topic.title}: nothing fetched yet")
    else:
        fates = Counter(line.fate for line in ledger)
        counts = ", ".join(f"{count} {fate}" for fate, count in fates.most_common())
        click.echo(f"{topic.title}: {counted(len(ledger), 'paper')} returned: {counts or 'none'}")
    if state and state.as_of:
        again = f"; next refresh: {'the next build' if due <= now else _minute(due)}" if due else ""
        click.echo(f"  last updated: {_minute(state.as_of)}{again}")
    if state and state.trouble:
        click.echo(f"  not up to date: {state.trouble}")
    left_out = [line for line in ledger or () if line.left_out]
    if left_out:
        fields = sum(len(line.left_out) for line in left_out)
        click.echo(f"  left out by the gate: {counted(fields, 'field')} of {counted(len(left_out), 'paper')}")
    table = Table("paper", "fate", "reason", "title")
    for line in ledger or ():
        if line.fate != "shown" or line.reasons or line.left_out:
            cells = (line.key, line.fate, _why(line), line.title)
            table.add_row(*map(printable, cells))
    if table.row_count:
        Console().print(table, markup=False)


def _why(line: LedgerLine) -> str:
    fields = ", ".join(f"{one.field} ({one.reason})" for one in line.left_out)
    return "; ".join(filter(None, (worded(line.reasons), fields and f"left out: {fields}")))


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _print_costs(costs: "tuple[ModelCost, ...]") -> None:
    for cost in costs:
        dollars = "price not known" if cost.dollars is None else f"about ${cost.dollars:.2f}"
        click.echo(
            f"spent on {cost.model}: {cost.usage.calls} calls, {cost.usage.input_tokens} tokens in, "
            f"{cost.usage.output_tokens} tokens out, {dollars}"
        )
