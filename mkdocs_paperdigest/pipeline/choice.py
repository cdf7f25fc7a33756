"""Which papers a run works on."""

import logging
from collections.abc import Mapping, Sequence

from mkdocs_paperdigest.pipeline.known import Known
from mkdocs_paperdigest.pipeline.run import Run

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
    if run.options.offline:
        # Files that are there already cost no request to arXiv; what is shown anyway costs only time.
        renewed = [paper for paper in left if paper.showable]
        return [paper for paper in left if not paper.showable] + renewed[:most]
    pending = run.pending
    new = [paper for paper in left if paper.paper.key not in pending]
    return [paper for paper in left if paper.paper.key in pending] + new[:most]


def log_renewals(known: Mapping[str, Known], chosen: Sequence[Known]) -> None:
    """Says in the log how many papers are shown as another version, model or other options made them."""
    renewed = {paper.paper.key for paper in known.values() if paper.renews and paper.to_do}
    if renewed:
        log.info(
            "%d papers are shown as another version, model or other options made them, and are renewed: "
            "%d in this build (`max_new_papers`)",
            len(renewed),
            len(renewed.intersection(paper.paper.key for paper in chosen)),
        )


def _is_wanted(paper: Known, run: Run) -> bool:
    recent = run.since is None or paper.paper.published.date() >= run.since
    return recent and not paper.hidden
