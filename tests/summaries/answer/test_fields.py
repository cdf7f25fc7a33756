"""Answers whose values do not quite have the types of `Answer`."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.models import Claim, Omission
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.answer.fields import ALL_FIELDS, values_of
from mkdocs_paperdigest.summaries.answer.normalise import normalise

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def read(name: str, value: object) -> Any:
    answer, failed = normalise({name: value}, [name])
    return failed[0].reason if failed else getattr(answer, name)


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("summary", " It works. ", "It works."),
        ("summary", ["It works.", "It is fast."], "It works. It is fast."),
        ("summary", {"text": "It works."}, "It works."),
        ("summary", "a\x00b\x1b[0m", "ab[0m"),
        ("summary", "", ReasonCode.MISSING),
        ("summary", "null", ReasonCode.MISSING),
        ("summary", None, ReasonCode.MISSING),
        ("summary", 5, ReasonCode.SHAPE),
        ("summary", {"a": "b"}, ReasonCode.SHAPE),
        ("affiliation", "N/A", None),
        ("affiliation", None, None),
        ("keywords", ["a", " b ", "", None], ("a", "b")),
        ("keywords", "a; b、c，d", ("a", "b", "c", "d")),
        ("keywords", ["三维重建。", "splats.", "U.S.", "。"], ("三维重建", "splats", "U.S.")),
        ("keywords", [], ReasonCode.MISSING),
        ("keywords", 3, ReasonCode.SHAPE),
        ("approach", {"text": "t", "quote": "q"}, Claim("t", "q")),
        ("approach", {"text": "t"}, Claim("t")),
        ("approach", {"text": "t", "quote": None}, Claim("t")),
        ("approach", {"text": "t", "quote": ["q", "r"]}, Claim("t", "q")),
        ("approach", {"text": "t", "quote": {"page": 3}}, Claim("t")),
        ("approach", "t", Claim("t")),
        ("approach", ["t", {"text": "u", "quote": "q"}], Claim("t u", "q")),
        ("approach", {"text": "", "quote": "q"}, None),
        ("approach", {"quote": "q"}, ReasonCode.SHAPE),
        ("approach", 7, ReasonCode.SHAPE),
        ("takeaways", ["t", {"text": "u", "quote": "q"}], (Claim("t"), Claim("u", "q"))),
        ("takeaways", "t\n\nu", (Claim("t"), Claim("u"))),
        ("takeaways", {"text": "t", "quote": "q"}, (Claim("t", "q"),)),
        ("takeaways", {"1": "t", "2": {"text": "u"}}, (Claim("t"), Claim("u"))),
        ("takeaways", [], ReasonCode.MISSING),
        ("takeaways", [1, 2], ReasonCode.SHAPE),
        ("methods", [], ()),
        ("methods", None, ()),
        ("relevance", 7, 7),
        ("relevance", 7.4, 7),
        ("relevance", "7", 7),
        ("relevance", "7/10", 7),
        ("relevance", "8 out of 10.", 8),
        ("relevance", "high", ReasonCode.SHAPE),
        ("relevance", 85, ReasonCode.SHAPE),
        ("relevance", -1, ReasonCode.SHAPE),
        ("relevance", True, ReasonCode.SHAPE),
        ("relevance", None, ReasonCode.MISSING),
    ],
)
def test_what_is_meant(name: str, value: object, meant: object) -> None:
    assert read(name, value) == meant


def test_one_bad_field_spoils_no_other() -> None:
    answer, failed = normalise({"summary": 5, "relevance": 3}, ["summary", "relevance"])
    assert answer.relevance == 3
    assert failed == (Omission("summary", ReasonCode.SHAPE),)


def test_fields_that_were_not_asked_for_are_not_looked_at() -> None:
    answer, failed = normalise({"summary": "It works.", "relevance": "?"}, ["summary"])
    assert list(values_of(answer)) == ["summary"]
    assert failed == ()


@given(st.dictionaries(st.sampled_from(ALL_FIELDS), JSON))
def test_any_value_is_read_or_named(values: dict[str, object]) -> None:
    answer, failed = normalise(values, ALL_FIELDS)
    named = {omission.field for omission in failed}
    assert not named & set(values_of(answer))
    for claim in (*answer.takeaways, *answer.methods):
        assert claim.text
        assert not claim.verified
