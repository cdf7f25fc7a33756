"""What is read of Gemini's answers, whatever else stands in them."""

import json
from typing import Any

import pytest

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.llm.gemini import reply_of
from mkdocs_paperdigest.summaries.llm.gemini_wire import (
    Answer,
    Item,
    Operation,
    Operations,
    parsed,
    used_part,
)
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome

USAGE = {"promptTokenCount": 7, "candidatesTokenCount": 5, "thoughtsTokenCount": 2, "totalTokenCount": 14}


def answer(part: Any = None, counts: Any = USAGE, **candidate: Any) -> dict[str, Any]:
    parts = [{"text": "so", "thought": True}, {"text": "It "}, part or {"text": "works."}]
    one = {"content": {"parts": parts}, "finishReason": "STOP", **candidate}
    return {"candidates": [one], "usageMetadata": counts, "promptFeedback": None, "modelVersion": 3}


@pytest.mark.parametrize(
    "body",
    [
        answer(),
        answer({"text": "works.", "thought": None, "thoughtSignature": 5}),
        answer({"text": "works.", "thought": "false", "inlineData": {"data": [1]}}),
        answer(finishReason=None, index="x", safetyRatings="none", citationMetadata=[]),
        answer(finishReason=["STOP"]),
        answer() | {"candidates": [*answer()["candidates"], {"content": None}]},
    ],
)
def test_what_is_not_used_may_be_anything(body: dict[str, Any]) -> None:
    reply = reply_of(parsed(Answer, body))
    assert (reply.text, reply.usage) == ("It works.", Usage(7, 7, 1))


@pytest.mark.parametrize("count", [-5, 10**18, "7", True, 1.5, float("nan"), [], {}, None])
def test_odd_counts_are_none(count: Any) -> None:
    usage = reply_of(parsed(Answer, answer(counts=dict.fromkeys(USAGE, count)))).usage
    assert usage == Usage(0, 0, 1)
    assert {type(usage.input_tokens), type(usage.output_tokens)} == {int}


@pytest.mark.parametrize("nothing", [{"candidates": None}, {"candidates": []}, {}])
@pytest.mark.parametrize(("counts", "outcome"), [(USAGE, Outcome.EMPTY), (None, Outcome.GARBLED)])
def test_answers_without_candidates(nothing: dict[str, Any], counts: Any, outcome: Outcome) -> None:
    with pytest.raises(ModelCallError) as caught:
        reply_of(parsed(Answer, nothing | {"usageMetadata": counts}))
    assert caught.value.outcome is outcome


@pytest.mark.parametrize("body", [None, 5, "x", [], [answer()], True])
def test_what_is_no_object_is_garbled(body: Any) -> None:
    with pytest.raises(ModelCallError) as caught:
        parsed(Answer, body, Outcome.BAD_SHAPE)
    assert caught.value.outcome is Outcome.GARBLED


ODD = [
    {"candidates": "x"},
    {"candidates": [None]},
    {"candidates": [{"content": []}]},
    {"candidates": [{"content": {"parts": {}}}]},
    {"candidates": [{"content": {"parts": ["x"]}}]},
    answer({"text": 5}),
    answer({"text": "x", "thought": []}),
    {"usageMetadata": []},
]


@pytest.mark.parametrize("body", ODD)
def test_an_object_of_another_form_is_what_the_caller_says(body: Any) -> None:
    for outcome in (Outcome.BAD_SHAPE, Outcome.GARBLED):
        with pytest.raises(ModelCallError) as caught:
            parsed(Answer, body, outcome)
        assert caught.value.outcome is outcome


def test_the_older_sdk_gets_what_is_used() -> None:
    body = answer(finishReason=["STOP"], counts=USAGE | {"totalTokenCount": "14", "x": {}})
    used = json.loads(used_part(json.dumps(body).encode()))
    assert used["candidates"][0]["content"]["parts"][0] == {"text": "so", "thought": True}
    assert {*used["candidates"][0]} == {"content"}, "an empty word would be no word of an enumeration"
    assert used["usageMetadata"] == USAGE | {"totalTokenCount": 0}
    assert {*used} == {"candidates", "usageMetadata"}


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"error": {"code": 503}}', *(json.dumps(one).encode() for one in ODD)]
)
def test_the_older_sdk_gets_what_cannot_be_read_as_it_is(body: bytes) -> None:
    assert used_part(body) == body


@pytest.mark.parametrize(
    "name", ["batches/", "batches/a/b", "files/a", "batches/a?b", "batches/a\n", "batches/" + "a" * 201, 5]
)
def test_names_that_would_lead_elsewhere_are_no_batches(name: Any) -> None:
    with pytest.raises(ModelCallError):
        parsed(Operation, {"name": name})


def test_odd_batches_and_replies_do_not_affect_the_others() -> None:
    page = parsed(Operations, {"operations": [5, {"name": "batches/a", "metadata": {"x": 1}}, None]})
    assert [isinstance(one, dict) for one in page.operations] == [False, True, False]
    over = parsed(
        Operation,
        {
            "name": "batches/a",
            "done": True,
            "metadata": {"state": "S", "output": None},
            "response": {"inlinedResponses": {"inlinedResponses": [None, {"response": answer()}]}},
        },
    )
    assert over.response is not None
    odd, sound = over.response.items
    assert odd is None
    assert parsed(Item, sound).metadata.key == ""
    assert reply_of(parsed(Answer, parsed(Item, sound).response)).text == "It works."
