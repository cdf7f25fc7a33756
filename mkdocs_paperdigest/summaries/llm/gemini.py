"""Gemini through Google's google-genai, any version from 1.75 on.

The SDK leaves this to us: a time limit for the whole call, a limit on the size of an answer, retries that
distinguish a quota per minute from one per day, and answers that were blocked or cut off, for which it
raises nothing. Its `parsed` is not used, because it is silently None for anything but perfect JSON.
"""

import ssl
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.network.session import open_session
from mkdocs_paperdigest.network.setup import CERTIFICATES
from mkdocs_paperdigest.options.summarizer import NO_GEMINI_KEY
from mkdocs_paperdigest.summaries.llm.calls import Pool, Prompt, Reply, limited, read_body, tokens
from mkdocs_paperdigest.summaries.llm.gemini_wire import used_part
from mkdocs_paperdigest.summaries.llm.outcomes import (
    ModelCallError,
    Outcome,
    of_exception,
    of_finish,
    of_http,
    wrong_path,
)

if TYPE_CHECKING:
    from enum import Enum

    import requests
    from google import genai
    from google.genai import types

    from mkdocs_paperdigest.summaries.llm.gemini_wire import Answer, Counts

GEMINI_URL = "https://generativelanguage.googleapis.com"
GOOGLE_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", *CERTIFICATES)
"""Environment variables that name the certificates to trust; Google's SDK looks only at the first two."""
CONNECT_TIMEOUT_S = 15.0
MAX_BODY = 8_000_000
"""Bytes of the largest answer that is read."""
MIN_TIMEOUT_S = 10.0
"""The service answers 400 to a shorter X-Server-Timeout (googleapis/python-genai#1330)."""


class Gemini:
    """One Gemini model.

    Arguments:
        name: Model, `gemini-3.5-flash-lite`.
        url: Base URL, or None for Google's.
        key: API key; without one, every call fails before anything is sent.
        timeout_s: Seconds for one whole call.
    """

    def __init__(self, name: str, *, url: str | None, key: str | None, timeout_s: float) -> None:
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
        config = _config(prompt, self._name)
        with self._clients.lend() as client:
            response = limited(
                self._timeout_s,
                lambda: client.models.generate_content(model=self._name, contents=prompt.user, config=config),
                explain=_explain,
                key=self._key,
            )
        return reply_of(response)

    def _open(self) -> "genai.Client":
        from google import genai
        from google.genai import types

        transport = _Transport(open_session(self._url, GOOGLE_CERTIFICATES), self._timeout_s)
        # Given one, the SDK does not make contexts of certificates that may not be there, for all its clients. We use
        # only the one with our transport; with this context, the others would trust no server.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return genai.Client(
            api_key=self._key,
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=self._url,
                # Newer versions of the SDK default to v1, which lacks the aliases of models.
                api_version="v1beta",
                timeout=round(max(self._timeout_s, MIN_TIMEOUT_S) * 1000),
                # A redirect would carry the key to another host.
                client_args={"follow_redirects": False, "transport": transport, "verify": context},
                # For httpx, and for aiohttp and websockets.
                async_client_args={"trust_env": False, "verify": context, "ssl": context},
            ),
        )


class _Transport:
    """Sends the SDK's requests like all others: with a limit of time and size, and by this machine's proxies.

    httpx takes any object with these methods (https://www.python-httpx.org/advanced/transports/).
    """

    def __init__(self, session: "requests.Session", timeout_s: float) -> None:
        self._session = session
        self._timeout_s = timeout_s

    def handle_request(self, request: Any) -> Any:
        """The response to a request, both of httpx or of httpx2, whichever the SDK uses."""
        headers = {name: value for name, value in request.headers.items() if name not in _NOT_SENT}
        with self._session.request(
            request.method,
            str(request.url),
            data=request.read(),
            headers=headers,
            timeout=(min(CONNECT_TIMEOUT_S, self._timeout_s), self._timeout_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = read_body(response, MAX_BODY)
        library = import_module(type(request).__module__.partition(".")[0])
        kept = {name: value for name, value in response.headers.items() if name.lower() not in _NOT_KEPT}
        return library.Response(response.status_code, headers=kept, content=used_part(body))

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()


_NOT_SENT = frozenset({"host", "accept-encoding", "connection", "content-length"})
_NOT_KEPT = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def _config(prompt: Prompt, name: str) -> "types.GenerateContentConfig":
    from google.genai import types

    return types.GenerateContentConfig(
        system_instruction=prompt.system,
        response_mime_type="application/json",
        response_json_schema=dict(prompt.schema),
        max_output_tokens=prompt.max_output_tokens,
        thinking_config=types.ThinkingConfig(**wanted) if (wanted := thinking(name)) else None,
    )


def thinking(name: str) -> dict[str, Any]:
    """Options for as little thinking as the model allows: it is billed as output and does not help this task.

    https://ai.google.dev/gemini-api/docs/thinking: version 2.5 has budgets. From 3 on there are levels;
    every Lite model knows `minimal`, but not every other model does.
    """
    if name.startswith("gemini-2.5-flash"):
        return {"thinking_budget": 0}
    if name.startswith("gemini-3") and "flash-lite" in name:
        return {"thinking_level": "MINIMAL"}
    if name.startswith(("gemini-3", "gemini-4")) or name.endswith("-latest"):
        return {"thinking_level": "LOW"}
    return {}


def _explain(error: BaseException) -> ModelCallError:
    from google.genai import errors

    if isinstance(error, errors.APIError) and error.response is not None:
        response: Any = error.response
        failure = of_http(response.status_code, response.text, dict(response.headers))
        return wrong_path(failure, "model_url has no /v1beta/models; it usually ends in the name of the host")
    return of_exception(error)


def reply_of(response: "types.GenerateContentResponse | Answer") -> Reply:
    """The reply in an answer, as the SDK parsed it or as it came by batch.

    Raises:
        ModelCallError: The answer was blocked, was cut off before any text, or is empty.
    """
    usage = _usage(response.usage_metadata)
    if not response.candidates:
        feedback = response.prompt_feedback
        if feedback and feedback.block_reason:
            reason = _word(feedback.block_reason)
            raise ModelCallError(Outcome.BLOCKED, f"the prompt was blocked: {reason}", usage=usage)
        if response.usage_metadata is None:
            raise ModelCallError(Outcome.GARBLED, "the answer is empty")
        raise ModelCallError(Outcome.EMPTY, "the answer has no candidates", usage=usage)
    candidate = response.candidates[0]
    parts = (candidate.content.parts if candidate.content else None) or []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    trouble = of_finish(_word(candidate.finish_reason), usage, answered=bool(text.strip()))
    if trouble and not (trouble.outcome is Outcome.TRUNCATED and text):
        raise trouble
    if not text.strip():
        raise ModelCallError(Outcome.EMPTY, "the answer has no text", usage=usage)
    return Reply(text, usage, truncated=trouble is not None)


def _word(value: "Enum | str | None") -> str:
    # The SDK turns even words that it does not know into members of an enumeration.
    return str(getattr(value, "value", value) or "")


def _usage(counts: "types.GenerateContentResponseUsageMetadata | Counts | None") -> Usage:
    if counts is None:
        return Usage(calls=1)
    # Thoughts are billed as output.
    output = tokens(counts.candidates_token_count) + tokens(counts.thoughts_token_count)
    return Usage(tokens(counts.prompt_token_count), output, 1)
