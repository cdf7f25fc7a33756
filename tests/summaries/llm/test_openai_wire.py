"""What stands in the answers of OpenAI-compatible endpoints."""

import json
from typing import Any

import pytest

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.llm.openai_wire import reply_of
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome

TEXT = '{"summary": "It works.", "keywords": ["gate"]}'
NAMES = ("summary", "keywords")
USAGE = {"prompt_tokens": 100, "completion_tokens": 50}


def body(message: dict[str, Any], finish: object = "stop", **more: Any) -> str:
    return json.dumps({"choices": [{"message": message, "finish_reason": finish}], "usage": USAGE, **more})


def events(*pieces: dict[str, Any], end: str = "data: [DONE]\n\n") -> str:
    return "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + end


def delta(finish: str | None = None, **part: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": part, "finish_reason": finish}]}


def failure(text: str) -> ModelCallError:
    with pytest.raises(ModelCallError) as caught:
        reply_of(text, NAMES)
    return caught.value


@pytest.mark.parametrize(
    "answer",
    [
        body({"content": TEXT}),
        body({"content": [{"type": "text", "text": TEXT[:9]}, {"type": "text", "text": TEXT[9:]}]}),
        body({"content": [{"type": "thinking", "thinking": '{"summary": "x"}'}, {"type": "output_text", "text": TEXT}]}),
        body({"content": [TEXT[:9], TEXT[9:]]}),
        body({"content": {"type": "text", "text": TEXT}}),
        body({"content": json.loads(TEXT)}),
        body({"content": None, "reasoning_content": TEXT}),
        body({"content": "", "reasoning": TEXT}),
        body({"content": "\n", "reasoning_content": f"I must answer in JSON.\n{TEXT}"}),
        body({"content": None, "reasoning_details": [{"type": "reasoning.text", "text": TEXT}]}),
        body({"content": None, "tool_calls": [{"function": {"name": "answer", "arguments": TEXT}}]}, "tool_calls"),
        body({"content": None, "tool_calls": [{"function": {"arguments": json.loads(TEXT)}}]}, "tool_calls"),
        body({"content": TEXT}, None),
        body({"content": TEXT}, "null"),
        body({"content": TEXT}, {"type": "stop", "matched": 2}),
        json.dumps({"choices": [{"text": TEXT, "finish_reason": "stop"}]}),
        json.dumps([json.loads(body({"content": TEXT}))]),
        "\ufeff\n\n  " + body({"content": TEXT}),
        body({"content": TEXT}, error=None),
        events(delta(role="assistant", content=""), delta(content=TEXT[:9]), delta(content=TEXT[9:]), delta("stop")),
        events(delta(content=TEXT), delta("end_turn"), end=""),
        events(delta(content=[{"type": "text", "text": TEXT}]), delta("stop")),
        events(delta(reasoning_content=TEXT[:9]), delta(reasoning_content=TEXT[9:]), delta("stop")),
        events({"choices": [{"message": {"content": TEXT}, "finish_reason": "stop"}]}),
        ": OPENROUTER PROCESSING\n\nevent: message\nid: 1\n" + events(delta(content=TEXT), {"choices": [], "usage": USAGE}),
    ],
)  # fmt: skip
def test_the_answer_is_found(answer: str) -> None:
    reply = reply_of(answer, NAMES)
    assert json.loads(reply.text[reply.text.index("{") :]) == json.loads(TEXT)
    assert not reply.truncated


def test_tokens_are_counted() -> None:
    assert reply_of(body({"content": TEXT}), NAMES).usage == Usage(100, 50, 1)
    assert reply_of(events(delta(content=TEXT), {"usage": USAGE}), NAMES).usage == Usage(100, 50, 1)


@pytest.mark.parametrize("count", [True, -5, 10**400, "many", 3.5, None, {}])
def test_odd_counts_are_not_believed(count: object) -> None:
    answer = {"choices": [{"message": {"content": TEXT}}], "usage": {"prompt_tokens": count}}
    assert reply_of(json.dumps(answer), NAMES).usage == Usage(0, 0, 1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ('{"choices": null}', Outcome.OVERLOADED),
        ('{"choices": []}', Outcome.OVERLOADED),
        ('{"id": "x"}', Outcome.OVERLOADED),
        (
            json.dumps({"choices": [{"message": {"content": ""}, "finish_reason": "stop"}]}),
            Outcome.OVERLOADED,
        ),
        (body({"content": ""}), Outcome.EMPTY),
        (body({"content": None, "reasoning_content": "I wonder what to say."}), Outcome.EMPTY),
        (body({"content": None, "reasoning_content": '{"summary": "I wond'}, "length"), Outcome.TRUNCATED),
        (body({"content": None, "refusal": "I cannot."}), Outcome.BLOCKED),
        (body({"content": TEXT}, "content_filter"), Outcome.BLOCKED),
        (body({"content": TEXT[:9]}, "error"), Outcome.OVERLOADED),
        ('{"error": {"message": "bad key", "code": 401}}', Outcome.AUTH),
        ('{"error": {"message": "bad key", "code": "invalid_api_key"}}', Outcome.AUTH),
        ('{"error": {"message": "slow down", "code": "429"}}', Outcome.RATE_LIMITED),
        ('{"error": {"message": "slow down", "type": "rate_limit_error"}}', Outcome.RATE_LIMITED),
        ('{"error": {"message": "gone", "code": 503}}', Outcome.OVERLOADED),
        ('{"error": {"message": "gone"}}', Outcome.OVERLOADED),
        ('{"error": "gone"}', Outcome.OVERLOADED),
        ('{"error": {"code": 402, "message": "Insufficient credits"}}', Outcome.DAILY_QUOTA),
        (
            '{"object": "error", "message": "The model x does not exist.", "code": 404}',
            Outcome.MODEL_NOT_FOUND,
        ),
        ('{"code": 401, "msg": "token expired"}', Outcome.AUTH),
        (
            '{"choices": null, "base_resp": {"status_code": 1002, "status_msg": "rate limit"}}',
            Outcome.OVERLOADED,
        ),
        (
            '{"error": {"code": 400, "message": "the request exceeds the available context size", "n_ctx": 256}}',
            Outcome.TOO_LONG,
        ),
        (events(delta(content=TEXT[:9]), end=""), Outcome.GARBLED),
        (events(delta(content=TEXT[:9]), {"error": {"code": 502, "message": "gone"}}), Outcome.OVERLOADED),
        ("data: {", Outcome.GARBLED),
        ("data: [DONE]\n\n", Outcome.OVERLOADED),
        ("<html><title>Welcome</title></html>", Outcome.GARBLED),
        ("[" * 100_000, Outcome.GARBLED),
        ("3", Outcome.GARBLED),
        ("", Outcome.GARBLED),
    ],
)
def test_what_is_no_answer(answer: str, outcome: Outcome) -> None:
    assert failure(answer).outcome is outcome


def test_cures_are_named() -> None:
    assert "reasoning parser" in str(failure(body({"content": None, "reasoning": "Hm."})))
    assert "usually ends in /v1" in str(failure("<!DOCTYPE html><p>Open WebUI"))


def test_drafts_among_thoughts_are_no_answer() -> None:
    draft = 'First {"summary": "x", then more'
    assert failure(body({"content": None, "reasoning_content": draft})).outcome is Outcome.EMPTY
