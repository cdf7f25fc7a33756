"""The pipeline: topics in, digests out, from the store where possible."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

from mkdocs_paperdigest.entries import Known, Worked, entry, recall, relevance, work
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.lab import Lab
from mkdocs_paperdigest.models import Digest, Fate, LedgerLine, Listing, Usage
from mkdocs_paperdigest.settings import Settings, Topic
from mkdocs_paperdigest.sources.listing import list_papers
from mkdocs_paperdigest.store import Store, key

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Progress = Callable[[int, int, str], None]
"""Called with papers done, papers to do, and the key of the paper that was finished."""


@dataclass(frozen=True, slots=True)
class DigestRun:
    """Digests and what it took to make them."""

    digests: tuple[Digest, ...]
    shown: int
    """Papers on pages, each counted once."""
    new: int
    """Papers that were read or summarized anew."""
    waiting: int
    failed: int
    """Papers that miss something because of trouble in this build."""
    usage: Usage

    @property
    def cached(self) -> int:
        """Papers that were shown without any work."""
        return max(0, self.shown - self.new)


def make_digests(
    settings: Settings,
    store: Store,
    *,
    now: datetime,
    environ: Mapping[str, str],
    progress: Progress | None = None,
) -> DigestRun:
    """Everything there is to show for every topic.

    Arguments:
        settings: The options.
        store: What is known already; gains what is learnt.
        now: The time of the build, in UTC.
        environ: Environment variables, for the model's key.
        progress: Told of each paper that is finished.

    Raises:
        ConfigurationError: For the user's mistakes; the world's trouble is told in the digests.
    """
    with Lab(settings, store, now, environ) as lab:
        listings = [list_papers(topic, lab) for topic in settings.topics]
        listed_in = _listed_in(settings.topics, listings)
        papers = {paper.key: paper for listing in listings for paper in listing.papers}
        known = {name: recall(papers[name], listed_in[name], lab) for name in papers}
        chosen = _chosen(known, settings)
        done = _work_on(chosen, known, listed_in, lab, progress)
        known |= {name: worked.known for name, worked in done.items()}
        digests = tuple(
            _digest(topic, listing, known, done, lab)
            for topic, listing in zip(settings.topics, listings, strict=True)
        )
    for digest in digests:
        store.put(key("ledger", digest.slug), digest.ledger)
    shown = {entry.paper.key for digest in digests for entry in digest.entries}
    return DigestRun(
        digests=digests,
        shown=len(shown),
        new=len(done),
        waiting=len({paper.key for digest in digests for paper in digest.waiting}),
        failed=sum(worked.trouble is not None for worked in done.values()),
        usage=sum((worked.usage for worked in done.values()), Usage()),
    )


def _listed_in(topics: Sequence[Topic], listings: Sequence[Listing]) -> dict[str, list[Topic]]:
    listed: dict[str, list[Topic]] = {}
    for topic, listing in zip(topics, listings, strict=True):
        for paper in listing.papers:
            listed.setdefault(paper.key, []).append(topic)
    return listed


def _chosen(known: Mapping[str, Known], settings: Settings) -> list[str]:
    """The papers that this build works on: the newest, at most `max_new_papers`."""
    left = [name for name, what in known.items() if what.to_do]
    left.sort(key=lambda name: (known[name].showable, -known[name].paper.published.timestamp()))
    # Offline, work is a look at files that are there already, and costs nobody anything.
    return left if settings.offline else left[: settings.max_new_papers]


def _work_on(
    chosen: Sequence[str],
    known: Mapping[str, Known],
    listed_in: Mapping[str, Sequence[Topic]],
    lab: Lab,
    progress: Progress | None,
) -> dict[str, Worked]:
    if not chosen:
        return {}
    # Opened here, in one thread, because `cached_property` may run twice in two.
    _ = lab.session, lab.model, lab.reader
    done: dict[str, Worked] = {}
    # Two more than may ask the model at once: one waits for arXiv, one for a PDF to be read.
    with ThreadPoolExecutor(lab.settings.model_concurrency + 2, "paperdigest") as pool:
        jobs = {pool.submit(work, known[name], listed_in[name], lab): name for name in chosen}
        try:
            for job in as_completed(jobs):
                name = jobs[job]
                try:
                    done[name] = job.result()
                except ConfigurationError:
                    raise
                except Exception as error:  # one odd paper must not cost the site
                    log.log(lab.settings.log_level, "%s: %s: %s", name, type(error).__name__, error)
                    log.debug("%s", name, exc_info=error)
                    done[name] = Worked(known[name], Usage(), f"not read: {type(error).__name__}")
                if progress:
                    progress(len(done), len(jobs), name)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return done


def _digest(
    topic: Topic,
    listing: Listing,
    known: Mapping[str, Known],
    done: Mapping[str, Worked],
    lab: Lab,
) -> Digest:
    entries, aside, waiting = [], [], []
    ledger = list(listing.left_out)
    for paper in listing.papers:
        what = known[paper.key]
        fate: Fate = "shown"
        trouble = done[paper.key].trouble if paper.key in done else None
        score = relevance(what, topic, lab)
        if not what.showable and trouble:
            fate, reason = "failed", trouble
            entries.append(entry(what, trouble))
        elif not what.showable:
            fate, reason = "waiting", "more new papers than `max_new_papers`"
            waiting.append(paper)
        elif score is not None and score < topic.min_relevance:
            fate, reason = "set aside", f"relevance {score} of 10"
            aside.append(entry(what))
        else:
            reason = trouble or ""
            entries.append(entry(what, trouble))
        ledger.append(LedgerLine(paper.key, paper.title, fate, reason))
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
