"""Gemini through google-generativeai, Google's older SDK, which Google no longer supports.

Only its REST transport is used, because an HTTP proxy and a test can see no other. The SDK cannot
control thinking, distinguish thoughts from the answer (it drops their flag), count their tokens, or
name newer finish reasons (they come as unspecified).
"""

import io
import warnings
from collections.abc import Mapping
from typing import Any

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.network.session import prepare_session
from mkdocs_paperdigest.options.summarizer import NO_GEMINI_KEY
from mkdocs_paperdigest.summaries.llm.calls import MAX_BODY, Pool, Prompt, Reply, limited, read_body, tokens
from mkdocs_paperdigest.summaries.llm.gemini import CURE_OF_PATH, GEMINI_URL, whole_reply, without_candidates
from mkdocs_paperdigest.summaries.llm.gemini_wire import used_part
from mkdocs_paperdigest.summaries.llm.outcomes import (
    ModelCallError,
    Outcome,
    of_exception,
    of_http,
    wrong_path,
)


class GenerativeAI:
    """One Gemini model.

    Arguments:
        name: Model, `gemini-3.5-flash-lite`.
        url: Base URL, or None for Google's.
        key: API key; without one, every call fails before anything is sent.
        timeout_s: Seconds for one whole call.

    Raises:
        ConfigurationError: The SDK is not installed.
    """

    def __init__(self, name: str, *, url: str | None, key: str | None, timeout_s: float) -> None:
        _sdk()
        self._name = name
        self._url = (url or GEMINI_URL).rstrip("/")
        self._key = (key or "").strip()
        self._timeout_s = timeout_s
        self._clients = Pool(self._open, self._key)

    def prepare(self) -> None:
        """Opens a client; see `calls.Provider`."""
        if self._key:
            self._clients.prepare()

    def ask(self, prompt: Prompt) -> Reply:
        """Asks once; see `calls.Provider`."""
        if not self._key:
            raise ModelCallError(Outcome.AUTH, NO_GEMINI_KEY)
        model = _sdk().GenerativeModel(self._name, system_instruction=prompt.system)
        config = {
            "response_mime_type": "application/json",
            "response_schema": _openapi(prompt.schema),
            "max_output_tokens": prompt.max_output_tokens,
        }
        # The SDK itself would retry a 503 for ten minutes.
        options = {"timeout": self._timeout_s, "retry": None}
        with self._clients.lend() as client:
            # `configure()` works for the whole process, and a model takes its client from there unless it
            # has one. The attribute is private, but it will not change: 0.8.6 is the SDK's last release.
            model._client = client
            response = limited(
                self._timeout_s,
                lambda: model.generate_content(
                    prompt.user, generation_config=config, request_options=options
                ),
                explain=_explain,
                key=self._key,
            )
        return _reply(response)

    def _open(self) -> Any:
        from google.api_core.client_options import ClientOptions
        from google.generativeai.client import glm

        client = glm.GenerativeServiceClient(
            transport="rest", client_options=ClientOptions(api_endpoint=self._url, api_key=self._key)
        )
        session = client.transport._session
        prepare_session(session, self._url)
        session.hooks["response"].append(_bounded)
        return client


def _bounded(response: Any, **_: object) -> None:
    """Reads an answer before the SDK does, which would read one of any size, and takes a redirect for an answer."""
    import requests

    try:
        body = used_part(read_body(response, MAX_BODY))
    finally:
        response.raw.close()
    # It is decompressed now.
    response.headers.pop("Content-Encoding", None)
    response.raw = io.BytesIO(body)
    if response.status_code != 200:
        raise requests.HTTPError(response=response)


def _sdk() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # every import warns that support has ended
            import google.generativeai as sdk
    except ImportError as error:
        raise ConfigurationError(
            "`model: google-generativeai/...` needs an SDK that is not installed; "
            "pip install mkdocs-paperdigest[google-generativeai], or write gemini/... instead"
        ) from error
    return sdk


def _openapi(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema in the OpenAPI dialect, the only one that the SDK accepts."""
    if "anyOf" in schema:
        return _openapi(schema["anyOf"][0] | {"description": schema["description"]}) | {"nullable": True}
    kind = schema["type"]
    names = kind if isinstance(kind, list) else [kind]
    converted = {**schema, "type": names[0].upper()}
    if "null" in names:
        converted["nullable"] = True
    if "items" in schema:
        converted["items"] = _openapi(schema["items"])
    if "properties" in schema:
        properties = schema["properties"].items()
        converted["properties"] = {name: _openapi(part) for name, part in properties}
    return converted


def _explain(error: BaseException) -> ModelCallError:
    response = getattr(error, "response", None)
    if response is not None and hasattr(response, "status_code"):
        failure = of_http(response.status_code, response.text, dict(response.headers))
        return wrong_path(failure, CURE_OF_PATH)
    return of_exception(error)


def _reply(response: Any) -> Reply:
    # `response.text` raises the same ValueError for every fault; the reason is in the parts.
    usage = _usage(response.usage_metadata)
    if not response.candidates:
        blocked = response.prompt_feedback.block_reason
        raise without_candidates(blocked.name if blocked else "", usage, counted=usage.input_tokens > 0)
    candidate = response.candidates[0]
    text = "".join(part.text for part in candidate.content.parts)
    return whole_reply(text, candidate.finish_reason.name, usage)


def _usage(counts: Any) -> Usage:
    # The total includes the thoughts, which the SDK does not count and Google bills as output.
    sent, said, total = map(
        tokens, (counts.prompt_token_count, counts.candidates_token_count, counts.total_token_count)
    )
    return Usage(sent, max(said, total - sent), 1)
