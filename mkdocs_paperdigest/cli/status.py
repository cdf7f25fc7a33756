"""`paperdigest status`: what became of every paper, and what it took."""

import os
from collections import Counter
from dataclasses import asdict, dataclass
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
    from mkdocs_paperdigest.pipeline.run import Run
    from mkdocs_paperdigest.pipeline.spending import ModelCost
    from mkdocs_paperdigest.summaries.batches.stored import Batch


@dataclass(frozen=True)
class _TopicStatus:
    topic: "Topic"
    ledger: tuple[LedgerLine, ...] | None
    """None where nothing was fetched yet."""
    state: TopicState | None
    """As its sources last answered; None where no build has noted it yet."""
    due: datetime | None
    """From when on a build asks its sources again; None where it asks none."""


@dataclass(frozen=True)
class _Status:
    options: "Options"
    topics: list[_TopicStatus]
    missing_key: str | None
    archive: "Archive"
    costs: "tuple[ModelCost, ...]"
    batches: "list[Batch]"
    """Those under way."""
    schemas: dict[str, int]
    """That of the store, and the newest one that this version knows."""

    @property
    def waiting(self) -> int:
        """How many papers no page shows yet."""
        return len({line.key for one in self.topics for line in one.ledger or () if line.fate == "waiting"})


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

    options, now = load_options(config_file), datetime.now(UTC)
    with plain_errors():
        with open_run(options, now=now, environ=os.environ) as run:
            found = _gather(run)
        held = sizes(options.cache_dir)
    if as_json:
        print_json(_report(found, held))
    else:
        _print(found, held, now)


def _gather(run: "Run") -> _Status:
    from mkdocs_paperdigest.pipeline.spending import cost_by_model
    from mkdocs_paperdigest.summaries.batches.stored import read_batches

    options = run.options
    asked = {topic.slug for topic in run.topics if not options.offline}
    topics = []
    for topic in options.topics:
        state = run.shelves.state.get(topic.slug)
        due = state.as_of + options.refresh if state and state.as_of and topic.slug in asked else None
        topics.append(_TopicStatus(topic, run.shelves.ledger.get(topic.slug), state, due))
    return _Status(
        options,
        topics,
        None if options.offline else run.missing_key,
        run.archive,
        cost_by_model(run.store),
        [batch for batch in read_batches(run.store) if not batch.over],
        {"schema": run.store.schema, "newest_schema": run.store.newest},
    )


def _report(found: _Status, held: dict[str, int]) -> dict[str, object]:
    options = found.options
    return {
        "topics": [_topic(one) for one in found.topics],
        "waiting": found.waiting,
        "model": {"name": options.model, "missing_key": found.missing_key},
        "archive": _archive(found.archive) if options.archive_dir else None,
        "cache": {"path": str(options.cache_dir), "bytes": held, **found.schemas},
        "spent": [asdict(cost) for cost in found.costs],
        "batches": [_batch(batch) for batch in found.batches],
    }


def _topic(found: _TopicStatus) -> dict[str, object]:
    topic, state, ledger = found.topic, found.state, found.ledger or ()
    return {
        "slug": topic.slug,
        "title": topic.title,
        "built": found.ledger is not None,
        "state": state.state if state else None,
        "as_of": _iso(state.as_of if state else None),
        "trouble": str(state.trouble) if state and state.trouble else None,
        "papers": len(ledger),
        "counts": dict(Counter(line.fate for line in ledger)),
        "ledger": [
            {
                "paper": line.key,
                "title": line.title,
                "fate": line.fate,
                "reason": worded(line.reasons),
                "left_out": [{"field": one.field, "reason": str(one.reason)} for one in line.left_out],
            }
            for line in ledger
        ],
        "next_refresh": _iso(found.due),
    }


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


def _print(found: _Status, held: dict[str, int], now: datetime) -> None:
    options = found.options
    for topic in found.topics:
        _print_topic(topic, now)
    if found.waiting:
        papers = "1 paper waits" if found.waiting == 1 else f"{found.waiting} papers wait"
        click.echo(f"next: {papers} for a later build or update (`max_new_papers: {options.max_new_papers}`)")
    if found.missing_key:
        click.echo(f"model {options.model}: no key, so it is not asked; set {found.missing_key}")
    if options.archive_dir:
        counts = ", ".join(f"{count} {name}" for name, count in _archive(found.archive).items())
        click.echo(f"archive {options.archive_dir}: {counts}")
    click.echo(f"cache {options.cache_dir}: {readable_size(sum(held.values()))}")
    _print_costs(found.costs)
    for batch in found.batches:
        click.echo(f"under way: {batch}, sent to {batch.model} on {batch.sent_at:%Y-%m-%d %H:%M} UTC")


def _print_topic(found: _TopicStatus, now: datetime) -> None:
    title, state, due, ledger = found.topic.title, found.state, found.due, found.ledger or ()
    if found.ledger is None:
        click.echo(f"{title}: nothing fetched yet")
    else:
        fates = Counter(line.fate for line in ledger)
        counts = ", ".join(f"{count} {fate}" for fate, count in fates.most_common())
        click.echo(f"{title}: {counted(len(ledger), 'paper')} returned: {counts or 'none'}")
    if state and state.as_of:
        again = f"; next refresh: {'the next build' if due <= now else _minute(due)}" if due else ""
        click.echo(f"  last updated: {_minute(state.as_of)}{again}")
    if state and state.trouble:
        click.echo(f"  not up to date: {state.trouble}")
    left_out = [line for line in ledger if line.left_out]
    if left_out:
        fields = sum(len(line.left_out) for line in left_out)
        click.echo(f"  left out by the gate: {counted(fields, 'field')} of {counted(len(left_out), 'paper')}")
    table = Table("paper", "fate", "reason", "title")
    for line in ledger:
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
