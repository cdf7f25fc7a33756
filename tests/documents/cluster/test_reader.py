"""Reading PDFs on other machines: what is sent, what is accepted from an answer, and where the rest is read."""

import json
import logging
import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.documents.cluster import errand
from mkdocs_paperdigest.documents.cluster.errand import FINDINGS_MAX, IMAGE_MAX, Errand, unpack
from mkdocs_paperdigest.documents.cluster.reader import Cluster, RemoteReader
from mkdocs_paperdigest.documents.sandbox.reader import PdfContents, PdfReader
from mkdocs_paperdigest.errors import ClusterError, DocumentError
from mkdocs_paperdigest.models import Figure
from tests.documents.pdfs import LEFT, LINE, TOP, lines_of, make, paragraph, plot, text_page

WEBP = b"RIFF\x04\x00\x00\x00WEBPVP8 "
HERE = PdfContents(("read here",), (), ())
FIGURE = {
    "label": "Figure 1",
    "caption": "Errors.",
    "page": 1,
    "image": "fig-1.webp",
    "width": 600,
    "height": 400,
    "small": None,
}


class Local(PdfReader):
    """Stands for this machine: reads nothing, and records what it was asked to read."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Path] = []

    def read(self, path: Path, images: Path, **_: Any) -> PdfContents:
        self.asked.append(path)
        return HERE


class Staff(Executor):
    """Workers that do what a test says."""

    def __init__(self, act: Callable[["Future[Any]"], object]) -> None:
        self._act = act

    def submit(self, fn: Any, /, *arguments: Any, **options: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        self._act(future)
        return future


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return make(tmp_path / "paper.pdf", a_page, text_page)


@pytest.fixture
def local() -> Iterator[Local]:
    with Local() as local:
        yield local


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO)
    return lambda: [record.getMessage() for record in caplog.records]


def a_page(canvas: Canvas) -> None:
    y = paragraph(canvas, LEFT, TOP, LINE, 12)
    plot(canvas, 150, y + 10, 300, 160)
    y = lines_of(canvas, 150, y + 180, "Figure 1: Error against the number of samples.")
    paragraph(canvas, LEFT, y + 14, LINE, 20, seed=3)


def answer(*images: bytes, **findings: Any) -> tuple[bytes, ...]:
    return (json.dumps({"pages": ["Text."]} | findings).encode(), *images)


def read_by(act: Callable[["Future[Any]"], object], pdf: Path, local: Local, **limits: float) -> PdfContents:
    with RemoteReader(Cluster(Staff(act), lambda: 1), local, **limits) as reader:
        return reader.read(pdf, pdf.parent / "images", figures_max=2)


def test_any_executor_finds_what_this_machine_finds(pdf: Path, tmp_path: Path, local: Local) -> None:
    with PdfReader() as here:
        expected = here.read(pdf, tmp_path / "here", figures_max=8)
    processes = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    with processes, RemoteReader(Cluster(processes, lambda: 1), local) as reader:
        found = reader.read(pdf, tmp_path / "there", figures_max=8)
        text = reader.read(pdf, tmp_path / "none", figures_max=8, want_figures=False)
    assert found == expected
    assert len(found.figures) == 1
    assert text == PdfContents(expected.pages, (), ())
    # Covers are made here, whoever has read the paper.
    made_here = {name: image for name, image in images(tmp_path / "here").items() if "cover" not in name}
    assert images(tmp_path / "there") == made_here != {}
    assert not (tmp_path / "none").exists()
    assert not local.asked


def images(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_task_names_nothing_that_a_machine_without_the_package_lacks(pdf: Path) -> None:
    function, argument = Errand(pdf.read_bytes(), 8, True, True).task()
    assert function.__module__ in ("_pickle", "pickle")
    assert isinstance(argument, bytes)


def test_names_of_files_are_ours(pdf: Path, local: Local, tmp_path: Path) -> None:
    hostile = [FIGURE | {"image": "../../evil.webp"}, FIGURE | {"image": "table-/x", "small": "../y"}]
    lie = answer(WEBP + b"1", WEBP + b"2", WEBP + b"3", figures=hostile)
    found = read_by(lambda future: future.set_result(lie), pdf, local)
    assert [figure.files for figure in found.figures] == [
        ("fig-1.webp",),
        ("table-1.webp", "table-1-small.webp"),
    ]
    assert images(tmp_path / "images") == {
        "fig-1.webp": WEBP + b"1",
        "table-1.webp": WEBP + b"2",
        "table-1-small.webp": WEBP + b"3",
    }
    assert sorted(file.name for file in tmp_path.iterdir()) == ["images", "paper.pdf"]


@pytest.mark.parametrize(
    "lie",
    [
        None,
        (),
        [b"{}"],
        answer(pages=[]),
        answer(pages="Text."),
        answer(WEBP),
        answer(figures=[FIGURE]),
        answer(b"<svg onload=alert(1)>", figures=[FIGURE]),
        answer(*[WEBP] * 3, figures=[FIGURE] * 3),
        answer(WEBP, figures=[FIGURE | {"width": "wide"}]),
        (*answer(figures=[FIGURE]), "a path"),
    ],
)
def test_a_malformed_answer_is_not_accepted(
    lie: object, pdf: Path, local: Local, log_lines: Callable[[], list[str]]
) -> None:
    assert read_by(lambda future: future.set_result(lie), pdf, local) is HERE
    assert not (pdf.parent / "images").exists()
    assert log_lines() == [
        f"{pdf.parent.name}/paper.pdf: read on this machine: a worker sent a malformed answer"
    ]


@pytest.mark.parametrize("part", ["image", "text"])
def test_an_endless_answer_is_not_accepted(part: str) -> None:
    image = WEBP.ljust(IMAGE_MAX + (part == "image"))
    findings, _ = answer(image, figures=[FIGURE])
    if part == "text":
        findings = findings.ljust(FINDINGS_MAX + 1)
    with pytest.raises(ClusterError):
        unpack((findings, image), figures_max=1)
    unpack((findings.strip(), image[:IMAGE_MAX]), figures_max=1)


@settings(max_examples=50)
@given(
    st.one_of(
        st.tuples(st.binary(), st.binary()),
        st.recursive(
            st.none() | st.integers() | st.text() | st.lists(st.just(FIGURE)),
            lambda parts: st.dictionaries(st.sampled_from(["pages", "figures", "fault"]), parts),
        ).map(lambda findings: (json.dumps(findings).encode(), WEBP)),
    )
)
def test_whatever_comes_back_is_read_or_refused(lie: object) -> None:
    try:
        contents, files = unpack(lie, figures_max=2)
    except ClusterError:
        return
    assert all(isinstance(page, str) for page in contents.pages)
    assert set(files) == {name for figure in contents.figures for name in figure.files}


def test_a_pdf_that_a_worker_cannot_read_is_read_here(
    pdf: Path, local: Local, log_lines: Callable[[], list[str]]
) -> None:
    """It may have been short of memory; only this machine may call a PDF broken."""
    short = answer(fault="the PDF needs more memory than allowed")
    assert read_by(lambda future: future.set_result(short), pdf, local) is HERE
    assert log_lines() == [
        f"{pdf.parent.name}/paper.pdf: read on this machine: the PDF needs more memory than allowed"
    ]


def test_a_broken_pdf_is_broken_wherever_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 and no more")
    threads = ThreadPoolExecutor(1)
    with threads, PdfReader() as here, RemoteReader(Cluster(threads, lambda: 1), here) as reader:
        with pytest.raises(DocumentError, match="broken"):
            reader.read(path, tmp_path / "images", figures_max=2)
        with pytest.raises(DocumentError, match="no such PDF"):
            reader.read(tmp_path / "none.pdf", tmp_path / "images", figures_max=2)
    # A worker keeps its reader as long as it lives, which is longer than this test here.
    errand._reader().close()
    errand._reader.cache_clear()


def test_a_worker_of_another_version_is_not_asked_twice(
    pdf: Path, local: Local, log_lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    function, argument = Errand(pdf.read_bytes(), 2, True, True).task()
    monkeypatch.setattr("mkdocs_paperdigest.documents.cluster.errand.__version__", "0.0.9")
    with pytest.raises(ClusterError, match=r"has mkdocs-paperdigest 0\.0\.9 \(documents \d+\), not 0\.1"):
        function(argument)


def test_a_task_that_fails_costs_no_paper(
    pdf: Path, local: Local, log_lines: Callable[[], list[str]]
) -> None:
    fault = RuntimeError("3 workers died while they read it.\nMore lines.")
    assert read_by(lambda future: future.set_exception(fault), pdf, local) is HERE
    assert log_lines() == [
        f"{pdf.parent.name}/paper.pdf: read on this machine: RuntimeError: 3 workers died while they read it."
    ]


def test_waiting_for_an_answer_ends(pdf: Path, local: Local, log_lines: Callable[[], list[str]]) -> None:
    sent: list[Future[Any]] = []
    assert read_by(sent.append, pdf, local, answer_s=0.01) is HERE
    assert sent[0].cancelled()
    assert log_lines() == [
        f"{pdf.parent.name}/paper.pdf: read on this machine: no worker read it within 0.01 s"
    ]


def drop(future: "Future[Any]") -> None:
    future.cancel()
    future.set_running_or_notify_cancel()


def refuse(_: "Future[Any]") -> None:
    raise RuntimeError("cannot schedule new futures after shutdown")


@pytest.mark.parametrize("lost", [drop, refuse])
def test_a_lost_cluster_is_reported_once(
    lost: Callable[["Future[Any]"], object], pdf: Path, local: Local, log_lines: Callable[[], list[str]]
) -> None:
    with RemoteReader(Cluster(Staff(lost), lambda: 1), local) as reader:
        for number in range(3):
            assert reader.read(pdf, pdf.parent / str(number), figures_max=2) is HERE
    assert len(local.asked) == 3
    (line,) = log_lines()
    assert line.endswith("; papers are read on this machine")


def test_a_cluster_without_workers_gets_some_time(
    pdf: Path, local: Local, log_lines: Callable[[], list[str]]
) -> None:
    """An adaptive cluster starts workers when there are tasks, so the first PDF is sent anyway."""
    sent: list[Future[Any]] = []
    cluster = Cluster(Staff(sent.append), lambda: 0)
    with RemoteReader(cluster, local, no_worker_s=0.05) as reader:
        for number in range(3):
            assert reader.read(pdf, pdf.parent / str(number), figures_max=2) is HERE
    assert len(sent) == 1
    assert sent[0].cancelled()
    assert log_lines() == ["Dask cluster: no worker for 0.05 s; papers are read on this machine"]


def test_no_more_is_in_flight_than_keeps_workers_busy(pdf: Path, local: Local) -> None:
    sent: list[Future[Any]] = []
    unanswered: list[int] = []
    arrived = threading.Semaphore(0)

    def take(future: "Future[Any]") -> None:
        sent.append(future)
        unanswered.append(sum(not one.done() for one in sent))
        arrived.release()

    cluster = Cluster(Staff(take), lambda: 3)
    with RemoteReader(cluster, local) as reader, ThreadPoolExecutor(12) as many:
        reading = [
            many.submit(reader.read, pdf, pdf.parent / str(number), figures_max=2) for number in range(12)
        ]
        for number in range(12):
            # Six are there before any is answered, then one for each answer.
            for _ in range(6 if number == 0 else number <= 6):
                assert arrived.acquire(timeout=60)
            sent[number].set_result(answer())
        assert [each.result(60).pages for each in reading] == [("Text.",)] * 12
    assert max(unanswered) == 6
    assert not local.asked


def test_an_interrupt_ends_the_waiting(pdf: Path, local: Local) -> None:
    asked = threading.Event()
    cluster = Cluster(Staff(lambda _: asked.set()), lambda: 1)
    with ThreadPoolExecutor(1) as threads:
        with RemoteReader(cluster, local) as reader:
            reading = threads.submit(reader.read, pdf, pdf.parent / "images", figures_max=2)
            assert asked.wait(60)
        assert isinstance(reading.exception(60), InterruptedError)
    assert not local.asked


def test_small_images_stay_here(tmp_path: Path) -> None:
    seen: list[tuple[Any, ...]] = []

    class Images(Local):
        def read_image(self, path: Path, images: Path, **about: Any) -> Figure:
            seen.append((path, images, about))
            return Figure(about["label"], about["caption"], 0, "fig-1.webp", 1, 1)

    about = {"name": "fig-1", "leads": True, "label": "Figure 1", "caption": "Errors."}
    with Images() as local, RemoteReader(Cluster(Staff(refuse), lambda: 1), local) as reader:
        reader.read_image(tmp_path / "x1.png", tmp_path, **about)
    assert seen == [(tmp_path / "x1.png", tmp_path, about)]
