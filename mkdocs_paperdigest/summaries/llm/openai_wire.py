"""Reads the answers of OpenAI-compatible endpoints, which agree on less than their name says."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.answer.decode import decode
from mkdocs_paperdigest.summaries.llm.calls import Reply, read_json, tokens
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome, of_error, of_finish


def reply_of(body: str, names: Collection[str]) -> Reply:
    """The reply in the body of an answer with HTTP status 200.

    Arguments:
        body: JSON, or the lines of an event stream, which some gateways send although none was asked for.
        names: The requested fields, by which an answer among a model's thoughts is recognized.

    Raises:
        ModelCallError: There is no reply.
    """
    body = body.lstrip("\ufeff \t\r\n")
    answer = _whole_of(body) if body.startswith(_EVENT) else _parsed(body)
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    if not isinstance(answer, dict):
        raise ModelCallError(Outcome.GARBLED, "the answer is not a JSON object")
    usage = _usage(answer.get("usage"))
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        raise _without_choice(answer, usage)
    if error := choice.get("error") or answer.get("error"):
        raise of_error(error, usage)
    message = choice.get("message")
    message = message if isinstance(message, dict) else {"content": choice.get("text")}
    return _reply(message, _word(choice.get("finish_reason")), usage, names)


def _reply(message: Mapping[str, Any], finish: str, usage: Usage, names: Collection[str]) -> Reply:
    text = _text(message.get("content"))
    if not text.strip():
        text = _tool_arguments(message.get("tool_calls")) or _refusal_or_thoughts(message, usage, names)
    trouble = of_finish(finish, usage, answered=True)
    if trouble and not (trouble.outcome is Outcome.TRUNCATED and text):
        raise trouble
    if text:
        return Reply(text, usage, truncated=trouble is not None)
    if _thoughts(message):
        raise ModelCallError(
            Outcome.EMPTY,
            "the answer has thoughts but no text; start the server with the reasoning parser of this model, or "
            "with none",
            usage=usage,
        )
    if not usage.output_tokens:
        # Nothing was generated: the server behind a gateway was not reached, or it was interrupted.
        raise ModelCallError(Outcome.OVERLOADED, "the answer is empty", usage=usage)
    raise ModelCallError(Outcome.EMPTY, "the answer has no text", usage=usage)


def _refusal_or_thoughts(message: Mapping[str, Any], usage: Usage, names: Collection[str]) -> str:
    """The answer that a reasoning parser took for thoughts, if it is there in full."""
    if message.get("refusal"):
        raise ModelCallError(Outcome.BLOCKED, "the model refused to answer", usage=usage)
    thoughts = _thoughts(message)
    decoded = decode(thoughts, names)
    return thoughts if decoded.fields and decoded.trouble is None else ""


def _without_choice(answer: Mapping[str, Any], usage: Usage) -> ModelCallError:
    error = answer.get("error")
    if not error and any(
        answer.get(name) for name in ("message", "msg", "detail", "base_resp", "status_msg")
    ):
        inner = answer.get("base_resp")
        error = inner if isinstance(inner, dict) else {k: v for k, v in answer.items() if k != "error"}
    if error:
        return of_error(error, usage)
    return ModelCallError(Outcome.OVERLOADED, "the answer has no choices", usage=usage)


def _parsed(body: str) -> Any:
    try:
        return read_json(body)
    except ModelCallError as error:
        if error.outcome is not Outcome.GARBLED:
            raise
    if re.match(r"<!doctype html|<html", body, re.IGNORECASE):
        message = "the answer is a web page, not JSON: see `model_url`, which usually ends in /v1"
        raise ModelCallError(Outcome.GARBLED, message)
    raise ModelCallError(Outcome.GARBLED, "the answer is not JSON")


_EVENT = ("data:", "event:", "id:", "retry:", ":")


def _whole_of(stream: str) -> dict[str, Any]:
    """The answer whose pieces an event stream has.

    Format: https://html.spec.whatwg.org/multipage/server-sent-events.html, one piece an event.
    """
    content: list[str] = []
    thoughts: list[str] = []
    whole: dict[str, Any] = {"finish_reason": None}
    answer: dict[str, Any] = {"choices": [whole]}
    ended = False
    for piece in _pieces(stream):
        if piece is None:
            ended = True
            continue
        answer |= {name: piece[name] for name in ("error", "usage") if piece.get(name)}
        choices = piece.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            continue
        part = choice.get("delta") or choice.get("message")
        if isinstance(part, dict):
            content.append(_text(part.get("content")))
            thoughts.append(_thoughts(part))
        whole |= {name: choice[name] for name in ("finish_reason", "error") if choice.get(name)}
    if not (ended or whole["finish_reason"] or answer.get("error")):
        raise ModelCallError(
            Outcome.GARBLED, "the stream of the answer ended early", usage=_usage(answer.get("usage"))
        )
    whole["message"] = {"content": "".join(content), "reasoning_content": "".join(thoughts)}
    return answer


def _pieces(stream: str) -> Iterator[dict[str, Any] | None]:
    """The JSON object of each event; None for the mark of the end."""
    for line in stream.splitlines():
        name, _, value = line.partition(":")
        if name != "data":
            continue
        if value.strip() == "[DONE]":
            yield None
            continue
        piece = read_json(value)
        if isinstance(piece, dict):
            yield piece


def _text(content: object) -> str:
    """The text of a message, which may be divided into parts; thoughts are left out."""
    match content:
        case str():
            return content
        case [*parts]:
            return "".join(_text(part) for part in parts)
        case {"type": str(kind)} if re.search("think|reason|refus", kind):
            return ""
        case {"text": str(text)} | {"content": str(text)}:
            return text
        case {"text": {"value": str(text)}}:
            return text
        case {**fields} if fields and "type" not in fields:
            # A gateway has parsed the answer already.
            return json.dumps(fields, ensure_ascii=False)
    return ""


def _thoughts(message: Mapping[str, Any]) -> str:
    return next((text for name in _THOUGHTS if (text := _all_text(message.get(name)))), "")


_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")


def _all_text(thoughts: object) -> str:
    if isinstance(thoughts, list):
        return "".join(_all_text(part) for part in thoughts)
    if isinstance(thoughts, dict):
        return next(
            (said for name in ("text", "content", "summary") if isinstance(said := thoughts.get(name), str)),
            "",
        )
    return thoughts if isinstance(thoughts, str) else ""


def _tool_arguments(calls: object) -> str:
    """The answer that a gateway has made the argument of a function call, to force its form."""
    match calls:
        case [{"function": {"arguments": str(text)}}, *_]:
            return text
        case [{"function": {"arguments": {**fields}}}, *_]:
            return json.dumps(fields, ensure_ascii=False)
    return ""


def _word(reason: object) -> str:
    # SGLang's native answers have an object here; others write the word "null".
    if isinstance(reason, dict):
        reason = reason.get("type")
    return reason if isinstance(reason, str) and reason.lower() not in ("null", "none") else ""


def _usage(counts: object) -> Usage:
    given = counts if isinstance(counts, dict) else {}
    return Usage(tokens(given.get("prompt_tokens")), tokens(given.get("completion_tokens")), 1)
