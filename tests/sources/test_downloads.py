"""A paper's files from arXiv: each downloaded completely and once, or not at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.sources import downloads as download
from mkdocs_paperdigest.sources.downloads import download_html, download_pdf
from tests.conftest import PAPER
from tests.fakes import printing
from tests.fakes.arxiv import FakeArxiv

NOW = datetime(2024, 10, 20, tzinfo=UTC)
OLD = replace(PAPER, id="hep-th/9901001", version=2)


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv([PAPER, OLD]) as fake:
        yield fake


@pytest.fixture
def options(arxiv: FakeArxiv, tmp_path: Path) -> Options:
    return Options(topics=(), cache_dir=tmp_path, arxiv_url=f"{arxiv.url}/")


def files(options: Options) -> list[str]:
    folder = options.cache_dir / "papers"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(("paper", "folder"), [(PAPER, "2410.13786v1"), (OLD, "hep-th-9901001v2")])
def test_the_version_is_asked_for_without_detours(arxiv, options, session, paper, folder) -> None:
    pdf = download_pdf(paper, options, session)
    html = download_html(paper, options, session)
    assert pdf.read_bytes() == printing.pdf(paper)
    assert html is not None
    assert html.read_bytes() == printing.html(paper)
    assert files(options) == [f"{folder}/paper.html", f"{folder}/paper.pdf"]
    assert [request.path for request in arxiv.requests] == [f"/pdf/{paper.key}", f"/html/{paper.key}"]


def test_a_file_that_is_there_is_never_fetched_again(arxiv, options, session) -> None:
    for _ in range(2):
        download_pdf(PAPER, options, session)
        download_html(PAPER, options, session)
    assert len(arxiv.requests) == 2
    offline = replace(options, offline=True)
    assert download_pdf(PAPER, offline, None).is_file()
    assert download_html(PAPER, offline, None) is not None


@pytest.mark.parametrize("fetch", [download_pdf, download_html])
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_file_that_was_cut_is_fetched_again(arxiv, options, session, fetch, share) -> None:
    path = fetch(PAPER, options, session)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DocumentError, match="offline") as caught:
        fetch(PAPER, replace(options, offline=True), None)
    assert caught.value.passing
    assert fetch(PAPER, options, session).read_bytes() == whole
    assert len(arxiv.requests) == 2


BROKEN = [
    "429", "500", "503", "block page", "no bytes", "cut", "short", "stall", "reset", "drop"
]  # fmt: skip


@pytest.mark.parametrize("fetch", [download_pdf, download_html])
@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_that_passes_leaves_a_whole_file(arxiv, options, session, fault, fetch) -> None:
    arxiv.fail(fault)
    whole = {download_pdf: printing.pdf, download_html: printing.html}[fetch](PAPER)
    assert fetch(PAPER, options, session).read_bytes() == whole
    assert len(arxiv.requests) == 2


@pytest.mark.parametrize("fetch", [download_pdf, download_html])
@pytest.mark.parametrize("fault", [*BROKEN, "403"])
def test_a_fault_that_lasts_leaves_nothing(arxiv, options, session, fault, fetch) -> None:
    arxiv.fail(fault, times=None)
    with pytest.raises(DocumentError) as caught:
        fetch(PAPER, options, session)
    assert caught.value.passing
    assert str(caught.value).startswith("not downloaded: arXiv ")
    assert files(options) == []


def test_a_withdrawn_paper_has_no_pdf_for_good(arxiv, options, session) -> None:
    arxiv.fail("404")
    with pytest.raises(DocumentError, match="withdrawn or not available") as caught:
        download_pdf(PAPER, options, session)
    assert not caught.value.passing
    assert len(arxiv.requests) == 1
    assert files(options) == []


def test_an_odd_status_says_nothing_about_the_paper(arxiv, options, session) -> None:
    for fetch in (download_pdf, download_html):
        arxiv.fail("406")
        with pytest.raises(DocumentError, match="arXiv answered 406") as caught:
            fetch(PAPER, options, session)
        assert caught.value.passing
        assert fetch(PAPER, options, session).is_file()


def test_a_cache_that_cannot_be_written_to_costs_the_file_only(arxiv, options, session) -> None:
    (options.cache_dir / "papers").write_text("in the way")
    with pytest.raises(DocumentError, match="cannot be written") as caught:
        download_pdf(PAPER, options, session)
    assert caught.value.passing


def test_that_there_is_no_html_is_remembered_for_some_days(arxiv, options, session) -> None:
    arxiv.fail("404")
    assert download_html(PAPER, options, session, now=NOW) is None
    assert download_html(PAPER, options, session, now=NOW + timedelta(days=6)) is None
    assert download_html(PAPER, replace(options, offline=True), None, now=NOW) is None
    assert len(arxiv.requests) == 1
    html = download_html(PAPER, options, session, now=NOW + timedelta(days=8))
    assert html is not None
    assert files(options) == ["2410.13786v1/paper.html"]


def test_html_that_arxiv_did_not_make_is_ignored(arxiv, options, session) -> None:
    page = b"<html><body>" + b"<p>My own page.</p>" * 1000 + b"</body></html>"
    arxiv.add(replace(PAPER, id="2410.99999"), html=page)
    for _ in range(2):
        assert download_html(replace(PAPER, id="2410.99999"), options, session) is None
    assert len(arxiv.requests) == 1


def test_a_pdf_may_be_padded(arxiv, options, session) -> None:
    padded = printing.pdf(PAPER) + bytes(9000)
    arxiv.add(replace(PAPER, id="2410.99999"), pdf=padded)
    pdf = download_pdf(replace(PAPER, id="2410.99999"), options, session)
    assert pdf.read_bytes() == padded


@pytest.mark.parametrize(
    ("fetch", "limit"), [(download_pdf, "MAX_PDF_BYTES"), (download_html, "MAX_HTML_BYTES")]
)
def test_a_file_that_is_too_large_is_given_up_for_good(
    arxiv, options, session, monkeypatch, fetch, limit
) -> None:
    big = b"%PDF-1.5\n<article class='ltx_document'>" + bytes(70 << 20)
    arxiv.add(replace(PAPER, id="2410.99999"), pdf=big, html=big)
    with pytest.raises(DocumentError, match=f"more than {getattr(download, limit) >> 20} MiB") as caught:
        fetch(replace(PAPER, id="2410.99999"), options, session)
    assert not caught.value.passing
    assert len(arxiv.requests) == 1
    assert files(options) == []


def test_offline_sends_no_request(arxiv, options, session) -> None:
    offline = replace(options, offline=True)
    for fetch in (download_pdf, download_html):
        with pytest.raises(DocumentError, match="offline") as caught:
            fetch(PAPER, offline, session)
        assert caught.value.passing
    assert arxiv.requests == []


def test_a_local_report_is_where_it_is(arxiv, options, session, tmp_path: Path) -> None:
    report = replace(PAPER, id="ours", version=0, pdf=tmp_path / "ours.pdf")
    assert download_pdf(report, options, session) == tmp_path / "ours.pdf"
    assert download_html(report, options, session) is None
    with pytest.raises(DocumentError, match="the library names no PDF"):
        download_pdf(replace(report, pdf=None), options, session)
    assert arxiv.requests == []
