"""Any OpenAI-compatible endpoint (OpenAI itself, Ollama, vLLM, LM Studio, a gateway) over plain HTTP.

The first request asks for `response_format: json_schema`. If the endpoint refuses that, this and all
later requests have the schema in the prompt and ask for `json_object`.
"""

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.network import open_session
from mkdocs_paperdigest.summaries.llm.calls import (
    Pool,
    Prompt,
    Reply,
    limited,
    read_body,
    read_json,
    redacted,
    tokens,
)
from mkdocs_paperdigest.summaries.llm.outcomes import (
    ModelCallError,
    Outcome,
    of_exception,
    of_finish,
    of_http,
)

if TYPE_CHECKING:
    import requests

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_TIMEOUT_S = 15.0
MAX_BODY = 8_000_000
"""Bytes of the largest answer that is read."""


class OpenAI:
    """One model of an OpenAI-compatible endpoint.

    Arguments:
        name: Model, as the endpoint calls it.
        url: Base URL, to which `/chat/completions` is added; None for OpenAI's.
        key: API key, or None if the endpoint needs none.
        timeout_s: Seconds for one whole call.
    """

    def __init__(self, name: str, *, url: str | None, key: str | None, timeout_s: float) -> None:
        self._name = name
        self._url = (url or OPENAI_URL).rstrip("/")
        self._key = (key or "").strip()
        self._timeout_s = timeout_s
        self._sessions = Pool(lambda: open_session(self._url), self._key)
        self._knows_schemas = True

    def prepare(self) -> None:
        """Opens a client; see `calls.Provider`."""
        self._sessions.prepare()

    def ask(self, prompt: Prompt) -> Reply:
        """Asks once; see `calls.Provider`. If the schema is refused for the first time, it asks twice."""
        if self._url == OPENAI_URL and not self._key:
            raise ModelCallError(Outcome.AUTH, "no key: set OPENAI_API_KEY")
        if not self._knows_schemas:
            return self._post(_plain_request(prompt, self._name))
        try:
            return self._post(self._request(prompt))
        except ModelCallError as error:
            if error.outcome is not Outcome.BAD_REQUEST or error.status not in _REFUSED or error.too_long:
                raise
        reply = self._post(_plain_request(prompt, self._name))
        self._knows_schemas = False
        return reply

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        theirs = urlsplit(self._url).hostname == urlsplit(OPENAI_URL).hostname
        schema = {"name": "answer", "strict": True, "schema": _closed(prompt.schema)}
        return {
            "model": self._name,
            "messages": _messages(prompt.system, prompt.user),
            "response_format": {"type": "json_schema", "json_schema": schema},
            # OpenAI's newer models refuse `max_tokens`; other servers know only that.
            "max_completion_tokens" if theirs else "max_tokens": prompt.max_output_tokens,
        }

    def _post(self, request: Mapping[str, Any]) -> Reply:
        with self._sessions.lend() as session:
            status, headers, body = limited(
                self._timeout_s, lambda: self._send(session, request), explain=of_exception, key=self._key
            )
        if status == 200 and not _is_error(body):
            return _reply(body)
        failure = of_http(status if status != 200 else 500, body, headers)
        if status == 404 and "model" not in str(failure).lower():
            message = "HTTP 404: model_url has no /chat/completions; it usually ends in /v1"
            failure = ModelCallError(failure.outcome, message, status=status)
        raise redacted(failure, self._key)

    def _send(
        self, session: "requests.Session", request: Mapping[str, Any]
    ) -> tuple[int, Mapping[str, str], str]:
        with session.post(
            f"{self._url}/chat/completions",
            json=request,
            auth=self._authorized,
            timeout=(CONNECT_TIMEOUT_S, self._timeout_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = read_body(response, MAX_BODY).decode("utf-8", "replace")
            return response.status_code, dict(response.headers), body

    def _authorized(self, request: "requests.PreparedRequest") -> "requests.PreparedRequest":
        # Passed as `auth`, because a password in the address would take the place of a header.
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


_REFUSED = (400, 422)
"""HTTP status of servers that do not know a parameter."""


def _messages(system: str, user: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def _plain_request(prompt: Prompt, name: str) -> dict[str, Any]:
    """A request that every endpoint understands."""
    schema = json.dumps(prompt.schema, ensure_ascii=False)
    system = f"{prompt.system}\n\nThe answer is one JSON object that follows this schema:\n{schema}"
    return {
        "model": name,
        "messages": _messages(system, prompt.user),
        "response_format": {"type": "json_object"},
    }


def _closed(schema: Any) -> Any:
    """The schema with every object closed, as OpenAI's strict mode demands."""
    if isinstance(schema, Mapping):
        closed = {name: _closed(part) for name, part in schema.items()}
        return closed | {"additionalProperties": False} if "properties" in closed else closed
    return [_closed(part) for part in schema] if isinstance(schema, list) else schema


def _is_error(body: str) -> bool:
    # Some gateways pass on errors of the server behind them with status 200.
    return bool(re.match(r'\s*\[?\s*\{\s*"error"\s*:\s*[{"]', body))


def _reply(body: str) -> Reply:
    answer = read_json(body)
    if not isinstance(answer, dict):
        raise ModelCallError(Outcome.GARBLED, "the answer is not a JSON object")
    usage = _usage(answer.get("usage"))
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        raise ModelCallError(Outcome.EMPTY, "the answer has no choices", usage=usage)
    text = _text(message.get("content"))
    trouble = of_finish(str(choice.get("finish_reason") or ""), usage)
    if trouble and not (trouble.outcome is Outcome.TRUNCATED and text):
        raise trouble
    if message.get("refusal") and not text:
        raise ModelCallError(Outcome.BLOCKED, "the model refused to answer", usage=usage)
    if not text.strip():
        raise ModelCallError(Outcome.EMPTY, "the answer has no text", usage=usage)
    return Reply(text, usage, truncated=trouble is not None)


def _text(content: object) -> str:
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _usage(counts: object) -> Usage:
    given = counts if isinstance(counts, dict) else {}
    return Usage(tokens(given.get("prompt_tokens")), tokens(given.get("completion_tokens")), 1)
