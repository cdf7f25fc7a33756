"""A disk that is full, and files of the cache that are not what they were: one line, or as good as new."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mkdocs_paperdigest.errors import StoreError
from mkdocs_paperdigest.options.options import Options
from tests.fakes.gemini import FakeGemini
from tests.runs import build_site, update

resource = pytest.importorskip("resource")
NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)


def pages(options: Options) -> dict[str, bytes]:
    site = build_site(replace(options, archive_dir=None, max_new_papers=9), now=NOW, environ={})
    return {file.uri: file.path.read_bytes() for file in site.files}


@pytest.mark.parametrize("limit", [30_000, 120_000, 160_000, 250_000])
@pytest.mark.parametrize("command", [build_site, update])
def test_a_full_disk_is_one_line_and_costs_nothing_that_was_kept(
    options: Options, gemini: FakeGemini, command: Callable[..., object], limit: int
) -> None:
    options = replace(options, max_new_papers=9)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
    try:
        with pytest.raises(StoreError) as raised:
            command(options, now=NOW, environ={})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    told = str(raised.value)
    assert str(options.cache_dir) in told
    assert "\n" not in told
    paid = len(gemini.calls)
    done = build_site(replace(options, archive_dir=None), now=NOW, environ={}).report
    assert (done.shown, done.failed, done.incomplete) == (4, 0, 0)
    assert not list(options.cache_dir.glob("store-broken-*"))
    # At most what was in flight when the disk was full is asked for again.
    again = Counter(call.prompt for call in gemini.calls[paid:])
    assert set(again.values()) <= {1}


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_file_that_was_cut_is_as_good_as_new_after_a_build(options: Options, share: float) -> None:
    good = pages(options)
    known = options.cache_dir.with_name("known")
    shutil.copytree(options.cache_dir, known)
    files = [path.relative_to(known) for path in known.rglob("*") if path.is_file()]
    assert len(files) > 10
    for file in files:
        if file.parts[0] == "store":
            continue
        shutil.rmtree(options.cache_dir)
        shutil.copytree(known, options.cache_dir)
        path = options.cache_dir / file
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])
        assert pages(options) == good, file


def test_a_folder_in_the_way_of_a_page_is_told_by_its_name(options: Options) -> None:
    pages(options)
    path: Path = options.cache_dir / "pages/digests/gates/index.md"
    path.unlink()
    (path / "x").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"gates/index\.md: Is a directory"):
        pages(options)
