"""How well a first build hides latencies behind each other: `python -m benchmarks.cold_build`.

arXiv and the model are servers on loopback that take their time. No build can be faster than the longer of two
chains: all requests to arXiv, which come one at a time, and all calls of the model, so many at once.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus
from benchmarks.measure import mkdocs_build
from mkdocs_paperdigest.models import Paper
from tests.fakes import printing
from tests.fakes.arxiv import Answer, FakeArxiv, Fault, Request
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, Reply


@dataclass(frozen=True)
class Latencies:
    """What is waited for."""

    papers: int = 60
    arxiv_s: float = 0.05
    model_s: float = 1.5
    at_once: int = 4


class SlowArxiv(FakeArxiv):
    """An arXiv that takes its time for every answer."""

    def __init__(self, papers: tuple[Paper, ...], latency_s: float) -> None:
        # Made beforehand: drawing PDFs would take the processor from the build that is measured.
        made = printing.pdf(papers[0])
        html = {paper.key: printing.html(paper) for paper in papers}
        super().__init__(papers, pdf=dict.fromkeys(html, made), html=html)
        self._latency_s = latency_s

    def _answer(self, request: Request, fault: Fault | None) -> Answer:
        time.sleep(self._latency_s)
        return super()._answer(request, fault)


class SlowModel(FakeGemini):
    """A model that takes its time for every answer."""

    def __init__(self, latency_s: float) -> None:
        super().__init__()
        self._latency_s = latency_s

    def answer(self, call: Call) -> Reply:
        """The reply to a call, after a while."""
        time.sleep(self._latency_s)
        return super().answer(call)


def main() -> None:
    """Prints the time of a cold build and its ratio to the lower bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=60)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    for line in report(Latencies(papers=given.papers), given.times):
        print(line)


def report(waits: Latencies, times: int) -> list[str]:
    """Lines of a table."""
    builds = [build(waits) for _ in range(times)]
    took = statistics.median(seconds for seconds, _, _ in builds)
    _, requests, calls = builds[-1]
    bound = max(
        requests * waits.arxiv_s + waits.model_s,
        3 * waits.arxiv_s + -(-calls // waits.at_once) * waits.model_s,
    )
    one_by_one = requests * waits.arxiv_s + calls * waits.model_s
    return [
        f"{waits.papers} papers, {requests} requests of {waits.arxiv_s:g} s to arXiv, {calls} calls of {waits.model_s:g} s",
        f"cold build {took:.2f} s; lower bound {bound:.2f} s; ratio {took / bound:.3f}",
        f"one after the other {one_by_one:.2f} s; {one_by_one / took:.2f} times as long",
    ]


def build(waits: Latencies) -> tuple[float, int, int]:
    """Seconds of a build from nothing, with the numbers of requests to arXiv and calls of the model."""
    papers = corpus.papers(waits.papers)
    with (
        tempfile.TemporaryDirectory() as folder,
        SlowArxiv(papers, waits.arxiv_s) as arxiv,
        SlowModel(waits.model_s) as gemini,
    ):
        root = Path(folder)
        options = {
            "topics": [{"title": "Benchmark", "query": corpus.QUERY, "max_papers": waits.papers}],
            "language": "en",
            "arxiv_url": arxiv.url,
            "request_interval": 0,
            "model": "openai/benchmark",
            "model_url": gemini.openai_url,
            "model_concurrency": waits.at_once,
            "max_new_papers": waits.papers,
        }
        corpus.write_site(root, ["search", {"paperdigest": options}])
        cost = mkdocs_build(root)
        return cost.seconds, len(arxiv.requests), len(gemini.calls)


if __name__ == "__main__":
    main()
