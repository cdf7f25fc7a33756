"""Which papers a run works on."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from mkdocs_paperdigest.models import Summary
from mkdocs_paperdigest.options.summarizer import is_language_model
from mkdocs_paperdigest.pipeline.known import Known, exact_summary
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.spending import expected_usage
from mkdocs_paperdigest.storage.store import first_part
from mkdocs_paperdigest.summaries.llm.prices import cost
from mkdocs_paperdigest.text import counted

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


def choose(known: Mapping[str, Known], run: Run) -> list[Known]:
    """The papers to work on, `max_new_papers` at most.

    Papers that no page can show yet come first, then those to be renewed; the closest
    to the lab's interests, or the newest, first of both. A paper
    that a batch was sent for does not count: it was paid for and costs no time. (One whose batch answers
    nothing any more does count; see `BatchModel.begin`.)
    """
    left = [paper for paper in known.values() if paper.to_do and _is_wanted(paper, run)]
    left.sort(key=lambda paper: (paper.showable, -paper.rank, -paper.paper.published.timestamp()))
    most = run.options.max_new_papers
    if run.options.offline and not most:
        return []
    if run.options.offline:
        # Files that are there already cost no request to arXiv; what is shown anyway costs only time.
        renewed = [paper for paper in left if paper.showable]
        return [paper for paper in left if not paper.showable] + renewed[:most]
    pending = run.pending
    new = [paper for paper in left if paper.paper.key not in pending]
    return [paper for paper in left if paper.paper.key in pending] + new[:most]


def places_left(chosen: Sequence[Known], run: Run) -> int:
    """How much of `max_new_papers` the papers to work on leave; to be asked before the work begins."""
    pending = run.pending if chosen else ()
    return run.options.max_new_papers - sum(paper.paper.key not in pending for paper in chosen)


def log_missing_key(run: Run) -> None:
    """Says once that the model has no key: a fork's pull request has no secrets, and is built all the same."""
    if run.topics and run.missing_key and not run.options.offline:
        log.log(
            run.options.log_level,
            "model %s: no key, so papers without a summary show sentences of their abstracts; set %s",
            run.options.model,
            run.missing_key,
        )


def log_renewals(known: Mapping[str, Known], chosen: Sequence[Known], run: Run) -> None:
    """Says in the log which papers that are shown already are read or summarized again, why, and what that costs."""
    begun = {paper.paper.key for paper in chosen}
    again = _to_summarize(known.values(), run)
    for why, papers in again.items():
        log.info(
            "%s %s: %s; %d in this build (`max_new_papers`)",
            counted(len(papers), "paper"),
            why,
            _price(papers, run),
            sum(paper.paper.key in begun for paper in papers),
        )
    named = {paper.paper.key for papers in again.values() for paper in papers}
    renewed = {paper.paper.key for paper in known.values() if paper.renews and paper.to_do} - named
    if renewed:
        log.info(
            "%d papers are shown as another version or other options made them, and are renewed: "
            "%d in this build (`max_new_papers`)",
            len(renewed),
            len(renewed & begun),
        )


def _to_summarize(known: Iterable[Known], run: Run) -> dict[str, list[Known]]:
    """Papers that are shown without a summary of these options and are to get one, by what is done with them and why."""
    pending = run.pending
    wanted = [
        paper
        for paper in known
        if paper.to_ask
        and not paper.hidden
        and paper.document is not None
        and paper.paper.key not in pending
        and exact_summary(paper.paper, paper.document, run) is None
    ]
    papers: dict[str, list[Known]] = defaultdict(list)
    former = _former_summaries(run) if wanted else {}
    for paper in wanted:
        summaries = former.get(paper.paper.key, [])
        if summaries:
            changed = min((_changes(summary, run) for summary in summaries), key=len)
            what = " and ".join(changed) or "the prompts or their text"
            papers[f"will be summarized again, because {what} changed"].append(paper)
        else:
            papers["shown without a model so far will be summarized"].append(paper)
    return papers


def _former_summaries(run: Run) -> dict[str, list[Summary]]:
    """What models have said of each paper under any options, by the paper's key."""
    former: dict[str, list[Summary]] = defaultdict(list)
    for name in run.store.keys("summary"):
        summary = run.store.get(name, Summary)
        if summary is not None:
            former[first_part(name)].append(summary)
    for record in run.archive.records.values():
        if record.summary is not None and is_language_model(record.summary.model):
            former[record.paper.key].append(record.summary)
    return former


def _changes(summary: Summary, run: Run) -> list[str]:
    """The options that were others when a summary was made."""
    pairs = {
        "`language`": (summary.language, run.options.language),
        "`model`": (summary.model, run.options.model),
    }
    return [name for name, (then, now) in pairs.items() if then != now]


def _price(papers: Sequence[Known], run: Run) -> str:
    usage = expected_usage(len(papers), sum(paper.to_check for paper in papers), run)
    dollars = cost(usage, run.options.model, run.now.date())
    money = f", about ${dollars:.3f}" if dollars else ""
    return f"about {counted(usage.calls, 'model call')}, {usage.input_tokens + usage.output_tokens} tokens{money}"


def _is_wanted(paper: Known, run: Run) -> bool:
    recent = run.since is None or paper.paper.published.date() >= run.since
    return recent and not paper.hidden
