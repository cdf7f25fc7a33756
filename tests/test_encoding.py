"""Values as JSON: read as they were written, and refused where they are not what they should be."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path

import numpy as np
import pytest
from markupsafe import Markup

from mkdocs_paperdigest.archive.records import Record
from mkdocs_paperdigest.encoding import decode, encode, to_plain
from mkdocs_paperdigest.models import Claim, Document, Figure, Omission, Paper, Summary, TopicState
from mkdocs_paperdigest.plugin.render_cache import Heading
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from tests.conftest import PAPER

REASON = Reason(ReasonCode.NO_FIGURES, Reason(ReasonCode.PDF_LATE, seconds="60"))
RECORD = Record(
    replace(PAPER, pdf=Path("reports/a.pdf")),
    relevance={"gates": 7},
    trouble=(REASON,),
    summary=Summary(
        summary="Ü 门 \u2028",
        takeaways=(Claim("a", "b", 3, True),),
        model="gemini/m",
        language="zh",
        made_at=datetime(2026, 11, 1, 12, 30, 5, 250, tzinfo=UTC),
        basis="pdf",
        omissions=(Omission("methods", ReasonCode.NOT_READ),),
    ),
    document=Document("pdf", (Figure("Figure 1", "c", 1, "fig-1.webp", 10, 20),), notes=(REASON,)),
)


def test_a_value_is_read_as_it_was_written() -> None:
    assert decode(encode(RECORD), Record) == RECORD
    assert repr(decode(encode(RECORD), Record)) == repr(RECORD)


def test_what_versions_with_pydantic_have_stored_is_the_same() -> None:
    stored = (
        '{"code":"no_figures","values":{},"because":'
        '{"code":"pdf_late","values":{"seconds":"60"},"because":null}}'
    )
    assert encode(REASON).decode() == stored
    assert decode(stored, Reason) == REASON
    stored = (
        '{"title":"é \u2028","slug":"a","description":null,"state":"fresh","as_of":"2026-11-01T12:30:05.000250Z"'
        ',"trouble":null}'
    )
    topic = TopicState("é \u2028", "a", as_of=datetime(2026, 11, 1, 12, 30, 5, 250, tzinfo=UTC))
    assert encode(topic).decode() == stored
    assert decode(stored, TopicState) == topic


def test_plain_values_leave_defaults_out_and_lead_back() -> None:
    plain = to_plain(RECORD)
    assert plain["trouble"] == [
        {"code": "no_figures", "because": {"code": "pdf_late", "values": {"seconds": "60"}}}
    ]
    assert plain["summary"]["takeaways"] == [{"text": "a", "quote": "b", "page": 3, "verified": True}]
    assert plain["summary"]["made_at"] == "2026-11-01T12:30:05.000250Z"
    assert "usage" not in plain["summary"]
    assert "hidden" not in plain
    assert type(to_plain(Claim(Markup("a")))["text"]) is str
    assert decode(json.dumps(plain), Record) == RECORD


def test_a_code_of_a_newer_version_is_kept() -> None:
    stored = b'{"code":"of_a_newer_version","values":{"n":"1"},"because":null}'
    reason = decode(stored, Reason)
    assert (str(reason), encode(reason)) == ("of_a_newer_version", stored)
    assert reason.code not in ReasonCode


def test_a_whole_number_may_be_written_as_a_float() -> None:
    assert repr(decode('{"text": "a", "page": 7.0}', Claim)) == repr(Claim("a", page=7))


def test_fields_of_a_newer_version_are_left_out() -> None:
    assert decode('{"text": "a", "colour": "red"}', Claim) == Claim("a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '{"text": 1}',
        '{"text": "a", "page": "one"}',
        '{"text": "a", "page": 1.5}',
        '{"text": "a", "verified": "maybe"}',
        '{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        "[" * 100_000,
    ],
)
def test_what_is_not_of_its_kind_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        decode(text, Claim)


def test_deep_nesting_is_refused() -> None:
    deep = '{"name":"","id":"","level":1,"children":[' * 100_000
    with pytest.raises(ValueError, match="recursion"):
        decode(deep, Heading)


def test_a_path_is_text() -> None:
    assert decode('"a/b.pdf"', Path) == Path("a/b.pdf")
    with pytest.raises(ValueError, match="Path"):
        decode("1", Path)
    assert encode([Markup("<A>"), np.float64(0.5), IntEnum("Few", "ONE")(1)]) == b'["<A>",0.5,1]'
    with pytest.raises(TypeError, match="object has no form in JSON"):
        encode(object())
    assert decode(encode(RECORD.paper), Paper).pdf == Path("reports/a.pdf")
