"""Any OpenAI-compatible endpoint (OpenAI itself, Ollama, vLLM, LM Studio, a gateway) over plain HTTP.

The first request asks for `response_format: json_schema`. What an endpoint refuses is left out of the next
request: the schema (it is in the prompt then), `response_format` altogether, more tokens than fit. What works
is remembered, so that it is found out once in a run.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.network.session import open_session
from mkdocs_paperdigest.summaries.llm.calls import MAX_BODY, Pool, Prompt, Reply, exchange, redacted
from mkdocs_paperdigest.summaries.llm.limits import (
    CHARACTERS_PER_TOKEN,
    context_that_cut,
    estimated_tokens,
    limits_of,
)
from mkdocs_paperdigest.summaries.llm.openai_wire import reply_of
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome, of_http, wrong_path

if TYPE_CHECKING:
    import requests

OPENAI_URL = "https://api.openai.com/v1"
MAX_TRIES = 8
"""Requests for one question, each of which leaves out something that the one before was refused for."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an endpoint is asked with, as far as is known by now."""

    format: str | None = "json_schema"
    """Type of `response_format`; without a schema there, it is in the prompt."""
    limit: str | None = "max_tokens"
    """The parameter that limits an answer's length; OpenAI's newer models refuse what all others know."""
    system: bool = True
    """Whether it knows the role `system`; some chat templates (Gemma's) do not."""
    extra: tuple[tuple[str, object], ...] = ()
    """Other parameters."""
    frugal: bool = False
    """Whether to ask for no more tokens than an answer needs, because the endpoint does not say how many fit."""
    context: int | None = None
    """Tokens of a question and its answer together."""
    answer: int | None = None
    """Most tokens of an answer that may be asked for."""
    density: float = 1 / CHARACTERS_PER_TOKEN
    """Tokens a character, by the endpoint's last count."""


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
        theirs = urlsplit(self._url).hostname == urlsplit(OPENAI_URL).hostname
        self._dialect = Dialect(limit="max_completion_tokens" if theirs else "max_tokens")
        self._answered = False

    def prepare(self) -> None:
        """Opens a client; see `calls.Provider`."""
        self._sessions.prepare()

    def ask(self, prompt: Prompt) -> Reply:
        """Asks once; see `calls.Provider`. What the endpoint refuses for its form is asked again in another form."""
        if self._url == OPENAI_URL and not self._key:
            raise ModelCallError(Outcome.AUTH, "no key: set OPENAI_API_KEY")
        spent = Usage()
        dialect = self._dialect
        for tries_left in reversed(range(MAX_TRIES)):
            request = _request(prompt, self._name, dialect)
            try:
                reply = self._post(request, prompt)
            except ModelCallError as error:
                sent = error.outcome is not Outcome.SETUP
                spent += error.usage if error.usage.calls else Usage(calls=int(sent))
                other = _adapted(dialect, error, request, prompt)
                if other is None or not tries_left:
                    self._note_failure(error, dialect)
                    error.usage = spent
                    raise
                dialect = other
            else:
                self._dialect, self._answered = dialect, True
                return replace(_checked(reply, request, prompt), usage=spent + reply.usage)
        raise AssertionError("unreachable")

    def _note_failure(self, error: ModelCallError, dialect: Dialect) -> None:
        # Some servers answer a bare 500 to a schema that they cannot compile. The question is asked again
        # anyway after an error of the server; then in a simpler form.
        if error.too_long:
            self._dialect = dialect
        if error.status == 500 and not self._answered:
            self._dialect = replace(dialect, format=_SIMPLER.get(dialect.format, "json_schema"))

    def _post(self, request: Mapping[str, Any], prompt: Prompt) -> Reply:
        with self._sessions.lend() as session:
            status, headers, said = exchange(
                session,
                "POST",
                f"{self._url}/chat/completions",
                timeout_s=self._timeout_s,
                max_bytes=MAX_BODY,
                key=self._key,
                json=request,
                auth=self._authorized,
            )
        body = said.decode("utf-8", "replace")
        try:
            if status == 200:
                return reply_of(body, prompt.schema.get("properties", ()))
            raise of_http(status, body, headers)
        except ModelCallError as failure:
            if not _FORMAT.search(failure.body):
                failure = wrong_path(failure, "model_url has no /chat/completions; it usually ends in /v1")
            raise redacted(failure, self._key) from None

    def _authorized(self, request: "requests.PreparedRequest") -> "requests.PreparedRequest":
        # Passed as `auth`, because a password in the address would take the place of a header.
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def _request(prompt: Prompt, name: str, dialect: Dialect) -> dict[str, Any]:
    system = prompt.system
    request: dict[str, Any] = {"model": name}
    if dialect.format == "json_schema":
        schema = {"name": "answer", "strict": True, "schema": _closed(prompt.schema)}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    else:
        schema_text = json.dumps(prompt.schema, ensure_ascii=False)
        system = f"{system}\n\nThe answer is one JSON object that follows this schema:\n{schema_text}"
        if dialect.format:
            request["response_format"] = {"type": dialect.format}
    if dialect.system:
        request["messages"] = [_message("system", system), _message("user", prompt.user)]
    else:
        request["messages"] = [_message("user", f"{system}\n\n{prompt.user}")]
    if dialect.limit:
        request[dialect.limit] = _answer_tokens(prompt, dialect, _text_of(request))
    # Some gateways stream unless they are asked not to.
    return request | {"stream": False} | dict(dialect.extra)


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _text_of(request: Mapping[str, Any]) -> str:
    return "".join(message["content"] for message in request["messages"])


def _answer_tokens(prompt: Prompt, dialect: Dialect, text: str) -> int:
    """How many tokens of an answer to ask for: all that are wanted, if they fit."""
    most = prompt.max_output_tokens
    if dialect.frugal:
        most = _needed(prompt)
    if dialect.context:
        # A little less, because the next question may have more tokens a character than the last one.
        most = min(most, dialect.context - int(1.03 * dialect.density * len(text)) - _MARGIN)
    return min(max(most, _least(prompt)), dialect.answer or most, prompt.max_output_tokens)


def _needed(prompt: Prompt) -> int:
    """Tokens that a whole answer needs, by the number of its fields."""
    return min(prompt.max_output_tokens, _TOKENS_A_FIELD * (1 + len(prompt.schema.get("properties", ()))))


def _least(prompt: Prompt) -> int:
    """The fewest tokens of an answer to ask for. If no text can be left out, a short answer is better than none."""
    return _needed(prompt) if prompt.characters else min(_needed(prompt), 2 * _TOKENS_A_FIELD)


_TOKENS_A_FIELD = 128
_MARGIN = 16
"""Tokens that chat templates add."""


def _adapted(
    dialect: Dialect, error: ModelCallError, request: Mapping[str, Any], prompt: Prompt
) -> Dialect | None:
    """Another way to ask the same, after an endpoint refused this one; None if that cannot help."""
    said = error.body
    if error.too_long:
        return _fitted(dialect, error, request, prompt)
    refused = error.outcome is Outcome.BAD_REQUEST and error.status in (400, 422)
    if (refused or (error.status or 0) >= 500) and dialect.system and _NO_SYSTEM.search(said):
        return replace(dialect, system=False)
    if refused and "enable_thinking" in said and not dialect.extra:
        # DashScope: "parameter.enable_thinking must be set to false for non-streaming calls"
        return replace(dialect, extra=(("enable_thinking", False),))
    if refused and dialect.limit and _NO_LIMIT.search(said):
        others = {"max_completion_tokens", "max_tokens"} - {dialect.limit}
        named = next((name for name in others if name in said), None)
        return replace(
            dialect, limit=named if dialect.limit == "max_tokens" else "max_tokens" if named else None
        )
    if dialect.format and (refused or (error.status and error.status != 429 and _FORMAT.search(said))):
        return replace(dialect, format=_SIMPLER[dialect.format])
    if refused and dialect.limit and not dialect.format:
        # The last try has nothing but the model and the question.
        return replace(dialect, limit=None)
    return None


def _fitted(
    dialect: Dialect, error: ModelCallError, request: Mapping[str, Any], prompt: Prompt
) -> Dialect | None:
    """The dialect with limits that the endpoint named; sets `error.excess` if the question itself is too long."""
    asked_for = int(request.get(dialect.limit, 0)) if dialect.limit else 0
    limits = limits_of(error.body, asked_for)
    text = _text_of(request)
    if limits.answer and limits.answer < asked_for:
        return replace(dialect, answer=limits.answer)
    about = estimated_tokens(text)
    # Some servers stop counting where the question exceeds what they have room for.
    sent = limits.sent if limits.sent and limits.sent > _SURELY * about else about
    room = limits.question
    if room is None and limits.context:
        room = limits.context - _least(prompt) - _MARGIN
    if room is not None and sent > room:
        error.excess = max(1, round((sent - room) * len(text) / sent))
        return None
    if limits.context:
        fitting = replace(dialect, context=limits.context, density=sent / max(1, len(text)))
        if dialect.limit and _answer_tokens(prompt, fitting, text) < asked_for:
            return fitting
    elif asked_for > _needed(prompt) and not dialect.frugal and not limits.question:
        return replace(dialect, frugal=True)
    return None


_SURELY = 0.7
"""Share of the estimated number of tokens that a text has at least."""


def _checked(reply: Reply, request: Mapping[str, Any], prompt: Prompt) -> Reply:
    """The reply, with a warning if the endpoint read only a part of the question."""
    text = _text_of(request)
    context = context_that_cut(text, reply.usage)
    if context is None:
        return reply
    read = reply.usage.input_tokens
    room = (context - _needed(prompt) - _MARGIN) * _CHARACTERS_A_TOKEN
    return replace(
        reply,
        excess=max(1, round(len(text) - room)),
        warning=f"the server read {read:,} of about {estimated_tokens(text):,} tokens",
    )


_CHARACTERS_A_TOKEN = 3.5
"""Fewer than English prose has, so that a paper with formulas fits as well."""


def _closed(schema: Any) -> Any:
    """The schema with every object closed, as OpenAI's strict mode demands."""
    if isinstance(schema, Mapping):
        closed = {name: _closed(part) for name, part in schema.items()}
        return closed | {"additionalProperties": False} if "properties" in closed else closed
    return [_closed(part) for part in schema] if isinstance(schema, list) else schema


_SIMPLER: Mapping[str | None, str | None] = {"json_schema": "json_object", "json_object": None}
_FORMAT = re.compile(
    r"response_?format|json.?(schema|object|mode)|structured|grammar|guided|requested parameters|peg-native",
    re.IGNORECASE,
)
"""Words of a server that cannot do what `response_format` asks for."""
_NO_SYSTEM = re.compile(
    r"system.{0,20}(role|message|prompt|instruction).{0,40}(support|allowed|enabled)|"
    r"(system|developer).instruction is not|roles must alternate|only user and assistant roles",
    re.IGNORECASE,
)
_NOT_KNOWN = r"(unsupported|unknown|unrecogni[sz]ed|unexpected|not (supported|permitted|allowed)|extra)"
_NO_LIMIT = re.compile(
    rf"{_NOT_KNOWN}\W.{{0,60}}max_(completion_)?tokens|max_(completion_)?tokens.{{0,80}}{_NOT_KNOWN}",
    re.IGNORECASE,
)
