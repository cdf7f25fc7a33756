"""`paperdigest update`: the work of a build ahead of it, and the records of the archive."""

import os
import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_paperdigest.cli.options import as_json, config_file, load_options
from mkdocs_paperdigest.cli.output import EXIT_CODES, UNDONE, end, plain_errors, print_json
from mkdocs_paperdigest.options.summarizer import missing_key
from mkdocs_paperdigest.pipeline.progress import shown_progress
from mkdocs_paperdigest.text import counted, printable

if TYPE_CHECKING:
    from mkdocs_paperdigest.documents.cluster.reader import Cluster
    from mkdocs_paperdigest.options.options import Options
    from mkdocs_paperdigest.pipeline.forecast import Forecast
    from mkdocs_paperdigest.pipeline.site import Update


@click.command(epilog=EXIT_CODES)
@config_file
@click.option(
    "--topic",
    "topics",
    multiple=True,
    metavar="SLUG",
    help="Only this topic, by slug or title; may be given more than once.",
)
@click.option(
    "--since", metavar="DATE|AGE", help="Work only on papers submitted since 2024-10-01, or within 30d."
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Work on N papers at most, in place of `max_new_papers`.",
)
@click.option(
    "--batch",
    "by_batch",
    is_flag=True,
    help="Send the questions to Gemini's batch mode: half the price, and answers within a day or so. "
    "Every later update or build picks up what is there; a paper that waits is no failure.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Only print the requests, tokens and money that it would take. Asks arXiv for lists that are "
    "no longer fresh; downloads no paper, asks no model.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Read PDFs on the workers of a Dask cluster; ADDRESS is its scheduler's, such as "
    "tcp://scheduler:8786. Needs the extra `dask`.",
)
@as_json
def update(
    config_file: Path,
    topics: tuple[str, ...],
    since: str | None,
    limit: int | None,
    by_batch: bool,
    dry_run: bool,
    dask: str | None,
    as_json: bool,
) -> None:
    """Fetch, read and summarize papers now, ahead of a build.

    What is finished is kept at once: an update that is stopped goes on where it was, and no summary is
    paid for twice. With `archive_dir` set, it also writes one record a paper there, for people to
    review, edit and commit; nothing else writes there, and what people changed is never overwritten.
    """
    options = _chosen(load_options(config_file), topics, limit)
    keys = missing_key(options.model, options.model_url, os.environ)
    if keys and not options.offline:
        end(f"`model: {options.model}` needs a key; set {keys}, or write `model: auto` to do without one")
    first_day = _first_day(since)
    now = datetime.now(UTC)
    from mkdocs_paperdigest.pipeline.forecast import forecast
    from mkdocs_paperdigest.pipeline.run import open_run
    from mkdocs_paperdigest.pipeline.site import update as update_site

    with (
        plain_errors(),
        _cluster(None if dry_run else dask) as cluster,
        shown_progress(lambda line: click.echo(line, err=True)) as progress,
        open_run(
            options,
            now=now,
            environ=os.environ,
            updates=True,
            progress=progress,
            since=first_day,
            by_batch=by_batch,
            cluster=cluster,
        ) as run,
    ):
        if dry_run:
            expected = forecast(run)
            _print_forecast(expected, options, as_json=as_json)
            sys.exit(UNDONE if expected.trouble else 0)
        done = update_site(run)
    _print_update(done, options, now, as_json=as_json)
    lacking = done.report.failed + done.report.incomplete
    troubled = lacking or any(digest.topic.trouble for digest in done.report.digests)
    sys.exit(UNDONE if troubled else 0)


def _chosen(options: "Options", names: tuple[str, ...], limit: int | None) -> "Options":
    if limit is not None:
        options = replace(options, max_new_papers=limit)
    if not names:
        return options
    for name in names:
        if not any(name in (topic.slug, topic.title) for topic in options.topics):
            known = ", ".join(topic.slug for topic in options.topics)
            end(f"--topic {name}: there is no such topic; known: {known}")
    chosen = tuple(topic for topic in options.topics if {topic.slug, topic.title} & set(names))
    return replace(options, topics=chosen)


def _first_day(since: str | None) -> date | None:
    if since is None:
        return None
    from mkdocs_paperdigest.options import checks as values
    from mkdocs_paperdigest.options.options import day_before

    try:
        meant = values.since(since)
    except ValueError as error:
        end(f"--since {since} {error}")
    return day_before(datetime.now(UTC), meant) if isinstance(meant, timedelta) else meant


def _cluster(address: str | None) -> "AbstractContextManager[Cluster | None]":
    if address is None:
        return nullcontext()
    from mkdocs_paperdigest.documents.cluster.dask import dask_cluster

    return dask_cluster(address)


def _print_update(done: "Update", options: "Options", now: datetime, *, as_json: bool) -> None:
    from mkdocs_paperdigest.summaries.llm.prices import cost

    run = done.report
    if not as_json:
        if options.archive_dir:
            click.echo(f"{done.records} records written in {options.archive_dir}", err=True)
        if run.sent:
            papers = counted(run.sent, "paper")
            click.echo(f"{papers} sent in a batch; run again to pick up the results", err=True)
        return
    topics = [
        {
            "slug": digest.topic.slug,
            "state": digest.topic.state,
            "as_of": digest.topic.as_of.isoformat() if digest.topic.as_of else None,
            "trouble": str(digest.topic.trouble) if digest.topic.trouble else None,
            "counts": dict(Counter(line.fate for line in digest.ledger)),
        }
        for digest in run.digests
    ]
    report = {
        "shown": run.shown,
        "new": run.new,
        "waiting": run.waiting,
        "failed": run.failed,
        "incomplete": run.incomplete,
        "batched": run.batched,
        "sent": run.sent,
        "overviews": run.overviews,
        "records": done.records,
        "model": options.model,
        "calls": run.usage.calls,
        "input_tokens": run.usage.input_tokens,
        "output_tokens": run.usage.output_tokens,
        "dollars": cost(run.usage, options.model, now.date()),
        "topics": topics,
    }
    print_json(report)


def _print_forecast(expected: "Forecast", options: "Options", *, as_json: bool) -> None:
    usage = expected.usage
    if as_json:
        report = {
            "listed": expected.listed,
            "papers": expected.papers,
            "order": expected.first,
            "waiting": expected.waiting,
            "in_batches": expected.in_batches,
            "overviews": expected.overviews,
            "arxiv_requests": expected.requests,
            "seconds": expected.seconds,
            "model": options.model,
            "calls": usage.calls,
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "dollars": expected.dollars,
            "trouble": [str(trouble) for trouble in expected.trouble],
        }
        print_json(report)
        return
    for trouble in expected.trouble:
        click.echo(f"not complete: {trouble}", err=True)
    if not (expected.papers or expected.waiting or expected.in_batches or expected.overviews):
        click.echo(f"Nothing to do: {_all_done(expected.listed)}")
        return
    click.echo(f"papers to work on: {expected.papers}; {expected.waiting} more would wait")
    if expected.first:
        more = "; ..." if expected.papers > 3 else ""
        click.echo(f"in this order: {printable('; '.join(expected.first[:3]))}{more}")
    if expected.in_batches:
        click.echo(f"in a batch already: {expected.in_batches}")
    if expected.overviews:
        click.echo(f"overviews of periods: {expected.overviews}")
    click.echo(
        f"arXiv: at most {expected.requests} requests, "
        f"{timedelta(seconds=round(expected.seconds))} for the pauses between them"
    )
    if usage.calls:
        price = "price not known" if expected.dollars is None else f"${expected.dollars:.2f}"
        click.echo(
            f"{options.model}: about {usage.calls} calls, {usage.input_tokens} tokens in, "
            f"{usage.output_tokens} tokens out: {price}"
        )
    else:
        click.echo(f"{options.model}: no calls of a model")


def _all_done(papers: int) -> str:
    if papers == 1:
        return "the only paper is up to date."
    return f"all {papers} papers are up to date." if papers else "the topics have no papers."
