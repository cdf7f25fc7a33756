"""What a language model's endpoint can answer, good and bad; see `gemini`."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Call:
    """A request that asked the model for something."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    status: int = 0
    """Of the reply that it got."""

    @property
    def openai(self) -> bool:
        return self.path.endswith("/chat/completions")

    @property
    def key(self) -> str:
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        return self.headers.get("x-goog-api-key", "") or bearer

    @property
    def model(self) -> str:
        if self.openai:
            return str(self.body.get("model"))
        return self.path.rsplit("/", 1)[-1].partition(":")[0]

    @property
    def system(self) -> str:
        if self.openai:
            return str(self.body["messages"][0]["content"])
        return texts(self.body.get("systemInstruction"))

    @property
    def prompt(self) -> str:
        if self.openai:
            return str(self.body["messages"][-1]["content"])
        return texts(self.body["contents"][-1])

    @property
    def fields(self) -> list[str]:
        """Names of the fields that the answer must have."""
        config = self.body.get("generationConfig", {})
        schema = config.get("responseJsonSchema") or config.get("responseSchema")
        if self.openai:
            wanted = self.body.get("response_format", {})
            schema = wanted.get("json_schema", {}).get("schema")
        if schema is None:
            found = re.search(r'"required": (\[[^\]]*\])\}$', f"{self.system}\n{self.prompt}", re.M)
            return list(json.loads(found[1])) if found else []
        # One that can have but one value is no question.
        return [name for name, part in schema["properties"].items() if "enum" not in part]


@dataclass(frozen=True)
class Reply:
    """What a call gets: a JSON body, or bytes as they are."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    """What happens on the wire: hang, reset, reset_mid, truncate_wire, drip."""


Script = str | Reply | Callable[[Call], "str | Reply"]


def text(answer: str, finish: str = "STOP", *, thoughts: str = "", parts: int = 1) -> Reply:
    """An answer of the model in one part or several."""
    size = -(-len(answer) // parts) or 1
    pieces = [{"text": answer[k : k + size]} for k in range(0, len(answer), size)]
    thought = [{"text": thoughts, "thought": True}] if thoughts else []
    content = {"role": "model", "parts": [*thought, *pieces]}
    return candidate({"content": content, "finishReason": finish}, thoughts=len(thoughts) // 4)


def candidate(one: dict[str, Any], thoughts: int = 0) -> Reply:
    usage = {
        "promptTokenCount": 100,
        "candidatesTokenCount": 50,
        "thoughtsTokenCount": thoughts,
        "totalTokenCount": 150 + thoughts,
    }
    return Reply({"candidates": [{"index": 0, **one}], "usageMetadata": usage, "modelVersion": "fake"})


def error(status: int, code: str, message: str, *details: dict[str, Any], **headers: str) -> Reply:
    """An error as Google words it; header names with underscores."""
    body: dict[str, Any] = {"code": status, "message": message, "status": code}
    if details:
        body["details"] = list(details)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply({"error": body}, status, sent)


def quota(per: str, delay_s: float, *, limit: int = 10) -> Reply:
    """A 429 with all that the service tells about the quota."""
    told = (
        "You exceeded your current quota, please check your plan and billing details. * Quota exceeded "
        f"for metric: generate_content_free_tier_requests, limit: {limit}. Please retry in {delay_s}s."
    )
    quota_id = f"GenerateRequestsPer{per}PerProjectPerModel-FreeTier"
    violation = {"quotaId": quota_id, "quotaValue": str(limit)}
    return error(
        429,
        "RESOURCE_EXHAUSTED",
        told,
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{delay_s}s"},
    )


def honest(call: Call) -> Reply:
    """An answer that says nothing but what the abstract says."""
    return text(json.dumps(honest_answer(call), ensure_ascii=False))


def honest_answer(call: Call) -> dict[str, Any]:
    found = re.search(r"^Abstract: (.*)$", call.prompt, re.M)
    abstract = found[1] if found else ""
    sentences = [one for one in re.split(r"(?<=[.!?]) ", abstract) if one] or ["It says nothing."]
    claims = [{"text": one, "quote": one} for one in sentences]
    values: dict[str, Any] = {
        "summary": sentences[min(1, len(sentences) - 1)],
        "takeaways": claims[:7],
        "title_translation": None,
        "keywords": re.findall(r"[A-Za-z]{6,}", abstract)[:5],
        "affiliation": None,
        "methods": claims[:2],
        "relevance": 8,
        "verdicts": [{"number": number, "verdict": "supported"} for number in pairs(call)],
    }
    return {name: values.get(name, claims[0]) for name in call.fields}


def pairs(call: Call) -> dict[int, tuple[str, str]]:
    """Statement and quotation of each pair that the model is asked to compare, by number."""
    found = re.findall(r"^(\d+)\.\nStatement: (.*)\nQuotation: (.*)$", call.prompt, re.M)
    return {int(number): (statement, quotation) for number, statement, quotation in found}


_ERROR_INFO = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}

FAULTS: dict[str, Callable[[Call], Reply]] = {
    "safety": lambda _: candidate({"finishReason": "SAFETY"}),
    "recitation": lambda _: candidate({"finishReason": "RECITATION"}),
    "other": lambda _: candidate({"finishReason": "OTHER"}),
    "language": lambda _: candidate({"finishReason": "LANGUAGE"}),
    "prohibited": lambda _: candidate({"finishReason": "PROHIBITED_CONTENT"}),
    "malformed": lambda _: candidate({"finishReason": "MALFORMED_RESPONSE"}),
    "max_tokens": lambda call: text(_honest_text(call)[:-40], "MAX_TOKENS"),
    "max_tokens_empty": lambda _: candidate(
        {"finishReason": "MAX_TOKENS", "content": {"role": "model"}}, thoughts=500
    ),
    "blocked": lambda _: Reply(
        {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}}
    ),
    "no_candidates": lambda _: Reply({"usageMetadata": {"promptTokenCount": 100}}),
    "empty_candidates": lambda _: Reply({"candidates": [], "usageMetadata": {"promptTokenCount": 100}}),
    "no_parts": lambda _: candidate({"finishReason": "STOP", "content": {"role": "model"}}),
    "bad_json": lambda _: text('{"summary": "unterminated'),
    "wrong_shape": lambda _: text('{"unexpected": [1, 2, 3]}'),
    "fenced": lambda call: text(f"```json\n{_honest_text(call)}\n```"),
    "thoughts": lambda call: text(_honest_text(call), thoughts='A draft: {"summary": "x"}', parts=3),
    "429": lambda _: quota("Minute", 1),
    "429_long": lambda _: quota("Minute", 47.2),
    "429_forever": lambda _: quota("Minute", 3600),
    "429_daily": lambda _: quota("Day", 39, limit=250),
    "429_zero": lambda _: quota("Minute", 30, limit=0),
    "429_bare": lambda _: error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."),
    "429_header": lambda _: error(429, "RESOURCE_EXHAUSTED", "Resource exhausted.", Retry_After="2"),
    "bad_key": lambda call: error(400, "INVALID_ARGUMENT", f"API key not valid: {call.key}", _ERROR_INFO),
    "no_key": lambda _: error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers."),
    "400": lambda _: error(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "401": lambda call: error(401, "UNAUTHENTICATED", f"Incorrect API key provided: {call.key}"),
    "403": lambda _: error(403, "PERMISSION_DENIED", "Your API key was reported as leaked."),
    "404": lambda call: error(404, "NOT_FOUND", f"models/{call.model} is not found."),
    "413": lambda _: error(413, "INVALID_ARGUMENT", "Request payload size exceeds the limit."),
    "500": lambda _: error(500, "INTERNAL", "An internal error has occurred."),
    "502": lambda _: Reply(b"<html><title>502 Server Error</title></html>", 502),
    "503": lambda _: error(503, "UNAVAILABLE", "This model is currently experiencing high demand."),
    "504": lambda _: error(504, "DEADLINE_EXCEEDED", "Deadline expired."),
    "in_a_list": lambda call: Reply([FAULTS["429_daily"](call).body], 429),
    "redirect": lambda _: Reply(b"", 307, {"Location": "http://127.0.0.1:9/elsewhere"}),
    "hang": lambda _: Reply(b"", fault="hang"),
    "reset": lambda _: Reply(b"", fault="reset"),
    "reset_mid": lambda call: replace(honest(call), fault="reset_mid"),
    "truncate_wire": lambda call: replace(honest(call), fault="truncate_wire"),
    "truncate_json": lambda call: replace(honest(call), fault="truncate_json"),
    "drip": lambda call: replace(honest(call), fault="drip"),
    "empty_body": lambda _: Reply(b""),
    "not_json": lambda _: Reply(b"<html>captive portal</html>"),
}


def _honest_text(call: Call) -> str:
    return json.dumps(honest_answer(call))


def texts(content: Any) -> str:
    return "".join(part.get("text", "") for part in (content or {}).get("parts", []))
