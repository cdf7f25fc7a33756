"""The digests of a run, and what it took to make them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from mkdocs_paperdigest.models import Digest, Usage
from mkdocs_paperdigest.pipeline.overviews import Written
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.work import Work
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.summaries.llm.prices import cost

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


@dataclass(frozen=True, slots=True)
class Report:
    """Digests and what it took to make them."""

    digests: tuple[Digest, ...]
    new: int
    """Papers that were read or summarized in this run."""
    failed: int
    """Papers that could not be worked on at all."""
    incomplete: int
    """Papers that are shown without something because of trouble in this run."""
    batched: int
    """Papers that are shown without something that a batch will bring."""
    sent: int
    """Papers that a batch was sent for in this run."""
    usage: Usage
    overviews: int = 0
    """Pages whose overview a model wrote in this run."""

    @property
    def shown(self) -> int:
        """Papers on pages that do not wait to be read, each counted once."""
        return len(
            {entry.paper.key for digest in self.digests for entry in digest.entries if not entry.waiting}
        )

    @property
    def cached(self) -> int:
        """Papers that were shown without any work."""
        return max(0, self.shown - self.new)

    @property
    def waiting(self) -> int:
        """Papers that a later build will read, each counted once."""
        return len({entry.paper.key for digest in self.digests for entry in digest.waiting})


def report_on(digests: Sequence[Digest], work: Work, overviews: Written) -> Report:
    """The digests with the numbers of the work on them."""
    failed = {line.key for digest in digests for line in digest.ledger if line.fate == "failed"}
    troubled = {name for name, known in work.known.items() if known.trouble}
    in_a_batch = Reason(ReasonCode.BATCHED)
    batched = {name for name in troubled if in_a_batch in work.known[name].trouble}
    return Report(
        digests=tuple(digests),
        new=work.new,
        failed=len(failed),
        incomplete=len(troubled - batched - failed),
        batched=len(batched),
        sent=work.sent,
        usage=work.usage + overviews.usage,
        overviews=overviews.overviews,
    )


def log_report(report: Report, run: Run) -> None:
    """Says in one line what the run did, and each topic's trouble in a line of its own."""
    for topic in (digest.topic for digest in report.digests):
        if topic.trouble:
            shown = f"; shown as of {topic.as_of:%Y-%m-%d %H:%M} UTC" if topic.as_of else ""
            log.log(run.options.log_level, "topic '%s': %s%s", topic.title, topic.trouble, shown)
    nothing = [
        digest.topic for digest in report.digests if digest.topic.state == "never" and not digest.entries
    ]
    if nothing and not report.shown:
        # The one trouble of the world that is worth failing a strict build: there is nothing to show.
        log.warning(
            "no papers to show: topic '%s' could not be fetched (%s); its page says so",
            nothing[0].title,
            nothing[0].trouble,
        )
    spent = report.usage
    price = cost(spent, run.options.model, run.now.date())
    log.info(
        "%d papers shown (%d new, %d cached), %d waiting, %d failed%s%s; model calls: %d, tokens: %d%s",
        report.shown,
        report.new,
        report.cached,
        report.waiting,
        report.failed,
        f", {report.incomplete} incomplete" if report.incomplete else "",
        f", {report.batched} in a batch" if report.batched else "",
        spent.calls,
        spent.input_tokens + spent.output_tokens,
        f", about ${price:.3f}" if price else "",
    )
