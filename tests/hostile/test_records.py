"""Records that came by pull request: links lead nowhere, nothing is read without end, only images are published."""

import io
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from mkdocs_paperdigest.archive.records import Record, read_record, write_record
from mkdocs_paperdigest.archive.strict_yaml import MOST_BYTES, MOST_CHARACTERS
from mkdocs_paperdigest.archive.topics import write_topics
from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.files import is_webp, read_bounded
from mkdocs_paperdigest.models import Citation, Claim, Document, Figure, Summary, in_utc
from mkdocs_paperdigest.options.options import Options, Topic, day_before
from mkdocs_paperdigest.storage.layout import images_folder
from tests.conftest import PAPER
from tests.plugin.building import build, write_site
from tests.runs import build_site

NOW = datetime(2024, 11, 1, 8, tzinfo=UTC)
SUMMARY = Summary(summary="It works.", model="a", language="en", made_at=NOW, basis="abstract")
DOCUMENT = Document("pdf", (Figure("Figure 1", "A gate.", 1, "fig-1.webp", 64, 64),), reader=DOCUMENT_VERSION)
FLOOD_S = 60.0
"""Processor time for a record at its bounds; what grew with the square of a length took minutes."""


def picture(size: tuple[int, int] = (64, 64), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(file, "WEBP", **options)
    return file.getvalue()


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """An archive of one paper with one figure, and a folder beside it."""
    found = Options(
        (Topic("Gates", "gates", phrases=("gate",)),),
        cache_dir=tmp_path / "cache",
        archive_dir=tmp_path / "archive",
        offline=True,
        period="all",
    )
    (tmp_path / "archive/figures/2410.13786v1").mkdir(parents=True)
    (tmp_path / "archive/figures/2410.13786v1/fig-1.webp").write_bytes(picture())
    write(found, Record(PAPER, topics=("gates",), summary=SUMMARY, document=DOCUMENT))
    write_topics({"gates": NOW}, tmp_path / "archive/topics.yml")
    (tmp_path / "secret").mkdir()
    return found


def write(options: Options, record: Record) -> Path:
    path = options.archive_dir / f"{record.paper.slug}.yaml"
    path.write_bytes(write_record(record) or b"")
    return path


def pages(options: Options) -> dict[str, bytes]:
    return {file.uri: file.path.read_bytes() for file in build_site(options, now=NOW, environ={}).files}


def images(options: Options) -> list[str]:
    """Names of the images on the site; covers are made from them."""
    names = (uri.rpartition("/")[2] for uri in pages(options) if uri.endswith(".webp"))
    return [name for name in names if not name.endswith("-cover.webp")]


def linked(path: Path, target: Path) -> None:
    path.symlink_to(target)


def pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


KINDS = {
    "link": linked,
    "link to a device": lambda path, _: path.symlink_to("/dev/zero"),
    "link to nothing": lambda path, _: path.symlink_to("nowhere"),
    "pipe": pipe,
    "folder": lambda path, _: path.mkdir(),
}  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("name", ["2410.13786.yaml", "topics.yml"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_a_file_of_its_own(options: Options, tmp_path: Path, name: str, kind: str) -> None:
    file = options.archive_dir / name
    file.rename(tmp_path / "secret" / name)
    KINDS[kind](file, tmp_path / "secret" / name)
    with pytest.raises(ConfigurationError) as wrong:
        pages(options)
    assert str(wrong.value).startswith(f"{file} is ")
    assert str(wrong.value).endswith("a link; put the file itself there" if "link" in kind else "not a file")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_a_file_of_its_own(
    options: Options, tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    file = options.archive_dir / "figures/2410.13786v1/fig-1.webp"
    file.rename(tmp_path / "secret/fig-1.webp")
    KINDS[kind](file, tmp_path / "secret/fig-1.webp")
    assert images(options) == []
    assert f"{file} is {'a link' if 'link' in kind else 'not a file'}" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_folder_of_figures_is_no_link(
    options: Options, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    folder = options.archive_dir / "figures/2410.13786v1"
    shutil.move(folder, tmp_path / "secret/of-others")
    folder.symlink_to(tmp_path / "secret/of-others")
    assert images(options) == []
    assert "lies in a folder that is a link; left out" in caplog.text


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WHOLE = picture()
NO_IMAGES = {
    "svg": SVG,
    "html": b"<!doctype html><script>alert(1)</script>",
    "nothing": b"",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "html behind a heading": b"RIFF" + len(SVG + b"WEBP ").to_bytes(4, "little") + b"WEBP" + SVG + b" ",
    "html behind an image": WHOLE + SVG,
    "html in a chunk": (
        b"RIFF" + (len(WHOLE) + 72).to_bytes(4, "little") + WHOLE[8:] + b"HTML" + (72).to_bytes(4, "little") + SVG.ljust(72)
    ),
    "cut": WHOLE[:-20],
    "no pixels": b"RIFF\x12\0\0\0WEBPVP8 \6\0\0\0" + bytes(6),
    "too many pixels": WHOLE[:26] + b"\xff\x3f\xff\x3f" + WHOLE[30:],
    "moving": picture(save_all=True, append_images=[Image.new("RGB", (64, 64), "red")]),
    "too large": b"RIFF" + ((5 << 20) - 8).to_bytes(4, "little") + b"WEBP" + bytes((5 << 20) - 12),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_IMAGES)
def test_only_images_are_published(options: Options, name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    file = options.archive_dir / "figures/2410.13786v1/fig-1.webp"
    file.write_bytes(NO_IMAGES[name])
    assert images(options) == []
    assert f"{file} {'has more than 4 MiB' if name == 'too large' else 'is not a WebP image'}" in caplog.text
    # The one that was good is still there.
    cached = images_folder(options.cache_dir, PAPER, DOCUMENT.reader) / "fig-1.webp"
    cached.parent.mkdir(parents=True, exist_ok=True)
    cached.write_bytes(WHOLE)
    assert images(options) == ["fig-1.webp"]
    assert cached.read_bytes() == WHOLE


@pytest.mark.parametrize(
    "image",
    [
        WHOLE,
        picture((1, 1)),
        picture((333, 17), lossless=True),
        picture(icc_profile=b"x" * 201, exif=b"Exif\0\0" + bytes(20)),
    ],
    ids=["lossy", "one pixel", "lossless", "with a profile"],
)
def test_images_of_every_make_are_images(options: Options, image: bytes) -> None:
    (options.archive_dir / "figures/2410.13786v1/fig-1.webp").write_bytes(image)
    assert is_webp(image)
    assert images(options) == ["fig-1.webp"]


def test_transparent_images_are_images() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (64, 64), (255, 0, 0, 90)).save(file, "WEBP")
    assert is_webp(file.getvalue())


@pytest.mark.parametrize("unit", ["\\(", "\\[", "$a", "{\\bf ", "\u0301", "a ", "中", "<b ", "http://a.b/ "])
def test_a_record_at_its_bounds_takes_no_minute(options: Options, unit: str) -> None:
    text = (unit * MOST_CHARACTERS)[:MOST_CHARACTERS]
    claim = Claim(text, text)
    summary = replace(SUMMARY, summary=text, takeaways=(claim,), keywords=(text,), affiliation=text)
    paper = replace(PAPER, title=text, authors=(text,), abstract=text, comment=text)
    write(options, Record(paper, topics=("gates",), notes=text, summary=summary))
    start = time.process_time()
    assert pages(options)
    assert time.process_time() - start < FLOOD_S


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (("paper", "title"), MOST_CHARACTERS),
        (("paper", "authors", 0), MOST_CHARACTERS),
        (("notes",), MOST_CHARACTERS),
        (("document", "figures", 0, "caption"), MOST_CHARACTERS),
        (("paper", "citation", "fields", "author"), 4 * MOST_CHARACTERS),
    ],
)
def test_a_text_beyond_its_bound_is_named(options: Options, path: tuple[str | int, ...], most: int) -> None:
    cited = replace(PAPER, citation=Citation("misc", "a", {"author": "A"}))
    file = write(options, Record(cited, topics=("gates",), summary=SUMMARY, document=DOCUMENT))
    for count, fits in ((most, True), (most + 1, False)):
        whole = yaml.load(file.read_text(), yaml.BaseLoader)
        inner = whole
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = "a" * count
        file.write_text(yaml.safe_dump(whole, sort_keys=False))
        if fits:
            assert pages(options)
        else:
            where = ".".join(map(str, path))
            with pytest.raises(ConfigurationError, match=f"`{where}`: {count:,} characters are more than"):
                pages(options)


def test_a_record_without_end_is_refused_before_it_is_read(options: Options) -> None:
    file = options.archive_dir / "2410.13786.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(1 << 40)
    with pytest.raises(ConfigurationError, match=r"2410\.13786\.yaml has more than 1,000,000 bytes"):
        pages(options)


@pytest.mark.parametrize("most", [MOST_CHARACTERS, 20 * MOST_CHARACTERS])
def test_what_an_update_writes_can_be_read(tmp_path: Path, most: int) -> None:
    """Captions and answers of models may be of any length."""
    figures = tuple(Figure(f"Figure {n}", "c" * most, 1, f"fig-{n}.webp", 9, 9) for n in range(1, 40))
    record = Record(
        PAPER,
        document=Document("html", figures, reader=DOCUMENT_VERSION),
        summary=replace(SUMMARY, summary="s" * most),
    )
    content = write_record(record)
    assert content is not None
    assert len(content) <= MOST_BYTES
    known = read_record(content, tmp_path / "2410.13786.yaml")
    assert write_record(record, known) is None
    assert known.document is not None
    assert len(known.document.figures) == 39


ZONES = (UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12)))
EDGES = [
    datetime(year, month, day, hour, 59, tzinfo=zone)
    for year, month, day in (
        (1, 1, 1),
        (2, 3, 4),
        (999, 12, 31),
        (9998, 12, 31),
        (9999, 1, 1),
        (9999, 12, 31),
    )
    for hour in (0, 23)
    for zone in ZONES
]


@pytest.mark.parametrize("period", ["day", "week", "month", "all"])
def test_records_of_any_year_are_shown(
    options: Options, period: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number, edge in enumerate(EDGES):
        id_ = f"2410.{number:05}"
        read = Document("abstract")
        file = write(
            options, Record(replace(PAPER, id=id_), topics=("gates",), summary=SUMMARY, document=read)
        )
        text = file.read_text()
        for moment in ("published", "updated", "made_at"):
            begin, _, rest = text.partition(f"{moment}: ")
            text = f"{begin}{moment}: '{edge.isoformat()}'\n{rest.partition(chr(10))[2]}"
        file.write_text(text)
    topics = options.archive_dir / "topics.yml"
    topics.write_text("asked:\n  gates: 9999-12-31T23:59:00-12:00\n")
    site = build_site(replace(options, period=period, figures=False), now=NOW, environ={})
    assert site.report.shown == len(EDGES) + 1
    assert "`paper.published: 0001-01-01 00:59:00+14:00` is outside the years 1000 to 9998" in caplog.text


@pytest.mark.parametrize("edge", EDGES)
def test_any_time_is_one_that_pages_know(edge: datetime) -> None:
    known = in_utc(edge)
    assert 1000 <= known.year <= 9998
    assert known.utcoffset() == timedelta()
    assert known == edge or edge.year not in range(1001, 9998)


@pytest.mark.parametrize("since", ["0001-01-01", "9999999d", "99999w", "9999999999m"])
def test_any_age_is_a_day(tmp_path: Path, since: str) -> None:
    (tmp_path / "a.bib").write_text("@book{a, title = {A}, year = 1687}\n")
    topic = {"title": "Old", "library": "a.bib", "since": since}
    write_site(
        tmp_path, {"topics": [topic], "offline": True, "request_interval": 3}, theme={"name": "mkdocs"}
    )
    built = build(tmp_path)
    assert built.code == 0, built.log
    assert "1 papers shown" in built.log


def test_an_age_longer_than_the_calendar() -> None:
    assert day_before(NOW, timedelta(days=999_999)).year == 1


READERS: dict[str, Callable[[Path], object]] = {
    "record": lambda path: read_bounded(path, 100),
    "library": lambda path: read_bounded(path, 100, follow_link=True),
}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("reader", READERS)
def test_nothing_endless_is_opened(tmp_path: Path, reader: str) -> None:
    (tmp_path / "to-zero").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to-pipe").symlink_to("pipe")
    (tmp_path / "large").write_bytes(bytes(101))
    (tmp_path / "loop").symlink_to("loop")
    for name in ("to-zero", "pipe", "to-pipe", "large", "loop", "."):
        with pytest.raises((ValueError, OSError)):
            READERS[reader](tmp_path / name)
