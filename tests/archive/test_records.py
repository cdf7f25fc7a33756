"""Records as people and versions wrote them: what is read, what is refused, and the bytes of what is written."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.archive.overviews import read_overviews
from mkdocs_paperdigest.archive.records import Record, fields_of_people, read_record, write_record
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Changes, Paper, Summary

FILE = Path(__file__).parent / "written/2410.13786.yaml"
"""A record in which every kind of field is filled, as a version that used Pydantic wrote it."""
WRITTEN = FILE.read_bytes()


def changed(path: str, value: object) -> bytes:
    """The record with another value at a path; what is not there yet is added."""
    whole = yaml.load(WRITTEN, yaml.BaseLoader)
    inner: Any = whole
    *way, last = path.split("/")
    for name in way:
        inner = inner[int(name) if isinstance(inner, list) else name]
    inner[int(last) if isinstance(inner, list) else last] = value
    return yaml.safe_dump(whole, sort_keys=False).encode()


def refusal(path: str, value: object) -> str:
    """What is wrong with it, without file and line."""
    with pytest.raises(ConfigurationError) as wrong:
        read_record(changed(path, value), FILE)
    return str(wrong.value).removeprefix(f"{FILE}, line ").partition(": ")[2]


def test_what_earlier_versions_wrote_is_written_in_the_same_bytes() -> None:
    record = read_record(WRITTEN, FILE)
    assert write_record(replace(record, generated={})) == WRITTEN
    assert write_record(record, record) is None
    assert not fields_of_people(record)
    assert fields_of_people(read_record(changed("summary/keywords/0", "gates"), FILE)) == {"keywords"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *((text, True) for text in ("true", "True", "yes", "Y", "on", "ON", "t", "1")),
        *((text, False) for text in ("false", "FALSE", "no", "n", "off", "f", "0")),
    ],
)
def test_yes_and_no_have_many_forms(text: str, meant: bool) -> None:
    assert read_record(changed("hidden", text), FILE).hidden is meant


@pytest.mark.parametrize("tag", ["bool", "int", "float", "timestamp"])
def test_a_tag_of_yaml_changes_nothing(tag: str) -> None:
    def tagged(text: str) -> bytes:
        return WRITTEN.replace(b"\nhidden: false\n", f"\nhidden: !!{tag} {text}\n".encode())

    assert read_record(tagged("true"), FILE).hidden
    for text in ("''", "maybe"):
        with pytest.raises(ConfigurationError, match="line 4: `hidden`: is neither true nor false"):
            read_record(tagged(text), FILE)


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), (" 07 ", 7), ("+7", 7), ("-7", -7), ("7.0", 7), ("1_000", 1000), ("9" * 25, 10**25 - 1)],
)
def test_whole_numbers_are_written_in_many_ways(text: str, number: int) -> None:
    assert read_record(changed("relevance/gates", text), FILE).relevance == {"gates": number, "a.b": 0}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-10-19", "2024-10-19T00:00:00"),
        ("2024-10-19 06:15", "2024-10-19T06:15:00"),
        ("2024-10-19_06:15:07", "2024-10-19T06:15:07"),
        ("2024-10-19t06:15:00z", "2024-10-19T06:15:00"),
        ("2024-10-19T06:15:00+02:00", "2024-10-19T04:15:00"),
        ("2024-10-19 06:15-0530", "2024-10-19T11:45:00"),
        ("2024-10-19T06:15:00\N{MINUS SIGN}02:00", "2024-10-19T08:15:00"),
        ("2024-10-19T06:15:00.1234567Z", "2024-10-19T06:15:00.123456"),
        ("2024-10-19T06:15:00,5Z", "2024-10-19T06:15:00.500000"),
        ("1729318500", "2024-10-19T06:15:00"),
        ("1729318500.5", "2024-10-19T06:15:00.500000"),
        ("1729318500000", "2024-10-19T06:15:00"),
    ],
)
def test_times_are_written_in_many_ways(text: str, moment: str) -> None:
    read = read_record(changed("paper/published", text), FILE).paper.published
    assert read == datetime.fromisoformat(moment).replace(tzinfo=UTC)


TRUTH, NUMBER = "is neither true nor false", "is not a whole number"
MOMENT = "is not a date and time such as 2024-10-19T06:15:00Z"


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        *(("hidden", value, TRUTH) for value in ("", "maybe", " true", "2", None, ["true"])),
        *(("paper/version", value, NUMBER) for value in ("7.5", "1e3", "0x1", "٣", "1__0", "", "-", None, ["7"])),
        ("paper/version", "9" * 5000, NUMBER),
        *(
            ("paper/published", value, MOMENT)
            for value in (
                "yesterday", "2024-02-30", "2024-10", "2024-W42-6", "20241019T061500", "19.10.2024", "2024", "20241019", "202410190615", "-86400", "1e9", "nan",
                "2024-10-19T24:00:00Z", "2024-10-19T06:15:00+02", "2024-10-19T06:15:00+22:60", "9" * 20, "", None,
                {"year": "2024"},
            )
        ),
        ("paper/title", None, "is not text"),
        ("paper/title", ["A"], "is not text"),
        ("paper/authors", "Ada Lovelace", "is not a list"),
        ("paper/authors", None, "is not a list"),
        ("paper/authors/1", {"name": "Ada"}, "is not text"),
        ("paper", None, "is not a mapping"),
        ("relevance", ["7"], "is not a mapping"),
        ("relevance/a.b", "seven", NUMBER),
        ("paper/citation/fields/a.b[0]", None, "is not text"),
        ("paper/date_precision", "hour", "is not one of day, month, year"),
        ("summary/basis", None, "is not one of abstract, html, pdf"),
        ("changes/parts/1", ["title"], "is not one of title, abstract, figures"),
        ("summary/omissions/0/reason", None, "is not text"),
        ("trouble/0/because/values/status", [], "is not text"),
        ("summary/takeaways/1", "It works.", "is not a mapping"),
        ("document/figures/0/width", "wide", NUMBER),
    ],
)  # fmt: skip
def test_what_is_not_of_its_type_is_named(path: str, value: object, problem: str) -> None:
    assert refusal(path, value) == f"`{path.replace('/', '.')}`: {problem}"


@pytest.mark.parametrize(
    "path",
    [
        "colour", "paper/colour", "paper/citation/colour", "summary/colour", "summary/takeaways/1/colour",
        "summary/usage/colour", "document/figures/0/colour", "document/license/colour", "changes/colour",
        "trouble/0/colour", "trouble/0/because/because/colour", "document/notes/0/because/colour",
    ],
)  # fmt: skip
def test_an_unknown_field_is_named_wherever_it_stands(path: str) -> None:
    assert refusal(path, "red") == f"`{path.replace('/', '.')}`: there is no such field"


def test_a_key_is_text() -> None:
    with pytest.raises(ConfigurationError, match=r"line 13: `relevance\.None`: is not text"):
        read_record(WRITTEN.replace(b"  gates: 7", b"  ~: 7"), FILE)
    with pytest.raises(ConfigurationError, match=r"`None`: there is no such field"):
        read_record(WRITTEN.replace(b"hidden: false", b"~: 7"), FILE)


def test_the_first_mistake_has_the_line_of_its_own_mapping(tmp_path: Path) -> None:
    file = tmp_path / "overviews.yml"
    period = "{model: m, language: en, made_at: 2024-10-19, basis: b, sentences: [{text: a, papers: [b]}%s]}"
    file.write_text("overviews:\n  gates:\n    all:\n      " + period % "")
    ((name, one),) = read_overviews(file)["gates"].items()
    assert (name, one.made_at, one.sentences[0].papers) == ("all", datetime(2024, 10, 19, tzinfo=UTC), ("b",))
    file.write_text("overviews:\n  gates:\n    all:\n      " + period % ",\n {text: a}")
    with pytest.raises(
        ConfigurationError, match=r", line 5: `overviews\.gates\.all\.sentences\.1\.papers`: is missing"
    ):
        read_overviews(file)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SECONDS = st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 30), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(
    st.builds(
        Record,
        st.builds(
            Paper, id=st.just("2410.13786"), published=SECONDS, updated=SECONDS, pdf=st.none(), title=TEXT
        ),
        notes=TEXT,
        summary=st.none() | st.builds(Summary, made_at=SECONDS, summary=TEXT),
        changes=st.none() | st.builds(Changes),
        generated=st.just({}),
    )
)
def test_any_record_is_read_as_it_was_written(record: Record) -> None:
    content = write_record(record)
    assert content is not None
    again = read_record(content, FILE)
    assert replace(again, generated={}) == record
    assert write_record(record, again) is None
