"""The pipeline: topics in, digests out, from the store where possible."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from mkdocs_paperdigest.archive.records import Record
from mkdocs_paperdigest.errors import ConfigurationError, StoreError
from mkdocs_paperdigest.models import Digest, Fate, LedgerLine, Listing, Paper, Usage
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pipeline.keys import ledger_key
from mkdocs_paperdigest.pipeline.known import Known, Worked, entry, relevance, work
from mkdocs_paperdigest.pipeline.progress import Progress
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.survey import Survey, survey
from mkdocs_paperdigest.pipeline.threads import in_threads
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.batches.batches import Sent, collect, send

if TYPE_CHECKING:
    from mkdocs_paperdigest.documents.cluster.reader import Cluster

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

HIDDEN: tuple[Fate, tuple[Reason, ...]] = ("filtered", (Reason(ReasonCode.HIDDEN),))
"""What becomes of a paper that people hide, and why."""


@dataclass(frozen=True, slots=True)
class Report:
    """Digests and what it took to make them."""

    digests: tuple[Digest, ...]
    shown: int
    """Papers on pages, each counted once."""
    new: int
    """Papers that were read or summarized anew."""
    waiting: int
    failed: int
    """Papers that could not be worked on at all."""
    incomplete: int
    """Papers that are shown without something because of trouble in this build."""
    usage: Usage
    batched: int = 0
    """Papers that are shown without something because a batch has yet to bring it."""
    sent: int = 0
    """Papers that a batch was sent for in this build."""

    @property
    def cached(self) -> int:
        """Papers that were shown without any work."""
        return max(0, self.shown - self.new)


def make_digests(
    options: Options,
    store: Store,
    *,
    now: datetime,
    environ: Mapping[str, str],
    progress: Progress | None = None,
    archived: Mapping[str, Record] = MappingProxyType({}),
    since: date | None = None,
    by_batch: bool = False,
    cluster: "Cluster | None" = None,
) -> Report:
    """Everything there is to show for every topic.

    Arguments:
        options: The options.
        store: What is known already; gains what is learnt.
        now: The time of the build, in UTC.
        environ: Environment variables, for the model's key.
        progress: Told of each paper that is finished.
        archived: Records by the paper's id, from which the store learns what it does not know.
        since: Papers submitted before this day are not worked on.
        by_batch: The model is asked by batch: what it says is there in a later build.
        cluster: Machines that read PDFs; None for this one.

    Raises:
        ConfigurationError: For the user's mistakes; the world's trouble is told in the digests.
        StoreError: The store takes nothing more.
    """
    with Run(options, store, now, environ, by_batch=by_batch, cluster=cluster) as run:
        collect(run)
        found = survey(run, archived=archived, since=since)
        _tell_what_is_renewed(found)
        known = dict(found.known)
        sent = Sent()
        done = _work_on(found.chosen, known, found.listed_in, run, progress, sent)
        done = _without_postponed(done, known)
        done |= {name: replace(done[name], trouble=(why,)) for name, why in sent.failed.items()}
        known |= {name: worked.known for name, worked in done.items()}
        digests = tuple(
            assemble(
                topic, listing, known, done, partial(relevance, topic=topic, run=run), found.hidden
            )
            for topic, listing in zip(options.topics, found.listings, strict=True)
        )
    for digest in digests:
        # Of a topic that was never fetched nobody knows what it has: no ledger, rather than an empty one.
        if digest.state != "never":
            store.put(ledger_key(digest.slug), digest.ledger)
    return _counted(digests, found, done, sent)


def _counted(
    digests: tuple[Digest, ...], found: Survey, done: Mapping[str, Worked], sent: Sent
) -> Report:
    """The digests with the numbers that tell what it took to make them."""
    shown = {entry.paper.key for digest in digests for entry in digest.entries} - found.hidden
    lines = [line for digest in digests for line in digest.ledger]
    failed = {line.key for line in lines if line.fate == "failed"}
    batched = {name for name, worked in done.items() if _IN_A_BATCH in worked.trouble}
    troubled = {name for name, worked in done.items() if worked.trouble} - batched
    return Report(
        digests=digests,
        shown=len(shown),
        new=sum(found.known[name].to_read or name not in batched for name in done),
        waiting=len({paper.key for digest in digests for paper in digest.waiting} - found.hidden),
        failed=len(failed),
        incomplete=len(troubled - failed),
        usage=sum((worked.usage for worked in done.values()), Usage()),
        batched=len(batched),
        sent=len(sent.papers),
    )


def assemble(
    topic: Topic,
    listing: Listing,
    known: Mapping[str, Known],
    done: Mapping[str, Worked],
    relevance_of: Callable[[Paper], int | None],
    hidden: frozenset[str] = frozenset(),
) -> Digest:
    """The digest of a topic.

    Arguments:
        topic: Which one.
        listing: The papers that it lists.
        known: What is known of each of them, by key.
        done: What came of the work on some of them, by key.
        relevance_of: How well a paper fits the topic, 0-10, or None where nobody has said.
        hidden: Keys of papers that no page shows; they stay in the digest, for their records.
    """
    entries, aside, waiting = [], [], []
    ledger = list(listing.left_out)
    for paper in listing.papers:
        what = known[paper.key]
        fate: Fate = "shown"
        reasons = trouble = done[paper.key].trouble if paper.key in done else ()
        score = relevance_of(what.paper)
        if not what.showable and trouble:
            fate = "failed"
            entries.append(entry(what, trouble))
        elif not what.showable:
            fate, reasons = "waiting", (Reason(ReasonCode.BEYOND_NEW),)
            waiting.append(paper)
        elif score is not None and score < topic.min_relevance:
            fate, reasons = "set aside", (Reason(ReasonCode.LOW_RELEVANCE, score=score),)
            aside.append(entry(what))
        else:
            entries.append(entry(what, trouble))
        if paper.key in hidden:
            fate, reasons = HIDDEN
        ledger.append(LedgerLine(paper.key, paper.title, fate, reasons))
    return Digest(
        title=topic.title,
        slug=topic.slug,
        description=topic.description,
        entries=tuple(entries),
        set_aside=tuple(aside),
        waiting=tuple(waiting),
        as_of=listing.as_of,
        state=listing.state,
        trouble=listing.trouble,
        ledger=tuple(ledger),
    )


def _tell_what_is_renewed(found: Survey) -> None:
    renewed = {name for name, what in found.known.items() if what.renews and what.to_do}
    if renewed:
        log.info(
            "%d papers are shown as another version, model or other options made them, and are renewed: "
            "%d in this build (`max_new_papers`)",
            len(renewed),
            len(renewed.intersection(found.chosen)),
        )


def _without_postponed(done: Mapping[str, Worked], known: Mapping[str, Known]) -> dict[str, Worked]:
    """As if papers beyond `max_new_papers` had not been chosen, but for what batches have brought."""
    return {
        name: replace(worked, trouble=()) if _POSTPONED in worked.trouble else worked
        for name, worked in done.items()
        if _POSTPONED not in worked.trouble or worked.known != known[name]
    }


_IN_A_BATCH, _POSTPONED = Reason(ReasonCode.BATCHED), Reason(ReasonCode.POSTPONED)


def _work_on(
    chosen: Sequence[str],
    known: Mapping[str, Known],
    listed_in: Mapping[str, Sequence[Topic]],
    run: Run,
    progress: Progress | None,
    sent: Sent,
) -> dict[str, Worked]:
    if not chosen:
        return {}
    # Opened here, in one thread, because `cached_property` may run twice in two.
    _ = run.session, run.model, run.reader
    run.prepare(
        to_read=sum(known[name].to_read for name in chosen),
        to_ask=any(name not in run.mailbox.waiting for name in chosen),
    )
    # Replies that came for other options answer nothing now: asking anew takes a place.
    ready = [name for name in chosen if name in run.mailbox.ready]
    others = sum(name not in run.mailbox.ready | run.mailbox.waiting for name in chosen)
    places = max(0, run.options.max_new_papers - others)
    run.mailbox.postponed = frozenset(ready[places:])
    if progress:
        progress(0, len(chosen), "")
    done: dict[str, Worked] = {}
    # While so many ask the model, as many papers are read for the next calls; no more, since each waits
    # in memory.
    threads = max(2 * run.options.model_concurrency + 2, run.reader.at_once)
    results = in_threads(lambda name: work(known[name], listed_in[name], run), chosen, threads)
    # Left by an error, the threads must not go on with one paper after another.
    with closing(results):
        for name, result in results:
            if isinstance(result, ConfigurationError | StoreError):
                raise result
            if isinstance(result, Exception):  # one odd paper must not cost the site
                log.log(run.options.log_level, "%s: %s: %s", name, type(result).__name__, result)
                log.debug("%s", name, exc_info=result)
                why = Reason(ReasonCode.OTHER, text=type(result).__name__)
                result = Worked(known[name], Usage(), (Reason(ReasonCode.NOT_READ, why),))
            done[name] = result
            if progress:
                progress(len(done), len(chosen), name)
            if run.mailbox.full:
                send(run, sent)
    send(run, sent)
    return done
