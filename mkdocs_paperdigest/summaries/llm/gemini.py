"""Gemini over plain HTTP: https://ai.google.dev/api/generate-content#method:-models.generatecontent.

Google's SDK (google-genai) is not used. It would bring 42 MB of packages and 0.4 s of imports for one POST, and leave
to us what takes the work: a time limit for the whole call, a limit on the size of an answer, this machine's proxies,
retries that distinguish a quota per minute from one per day, and answers that were blocked or cut off, for which it
raises nothing.
"""

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.network.session import open_session
from mkdocs_paperdigest.network.setup import CERTIFICATES
from mkdocs_paperdigest.options.summarizer import NO_GEMINI_KEY
from mkdocs_paperdigest.summaries.llm.calls import (
    MAX_BODY,
    Pool,
    Prompt,
    Reply,
    exchange,
    read_json,
    redacted,
)
from mkdocs_paperdigest.summaries.llm.gemini_wire import Answer, Counts, parsed
from mkdocs_paperdigest.summaries.llm.outcomes import (
    ModelCallError,
    Outcome,
    of_error,
    of_finish,
    of_http,
    wrong_path,
)

GEMINI_URL = "https://generativelanguage.googleapis.com"
GOOGLE_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", *CERTIFICATES)
"""Environment variables that name the certificates to trust; users of Google's SDKs have set the first two."""
CURE_OF_PATH = "model_url has no /v1beta/models; it usually ends in the name of the host"
MIN_TIMEOUT_S = 10.0
"""The service answers 400 to a shorter X-Server-Timeout (googleapis/python-genai#1330)."""


class Service:
    """The Gemini API, as calls and batches ask it.

    Arguments:
        url: Base URL, or None for Google's.
        key: API key; without one nothing is sent.
        timeout_s: Seconds for one whole request.
        max_bytes: Bytes of the largest answer that is read.
        no_key: The message when there is no key.
    """

    def __init__(
        self,
        url: str | None,
        key: str | None,
        timeout_s: float,
        *,
        max_bytes: int = MAX_BODY,
        no_key: str = NO_GEMINI_KEY,
    ) -> None:
        # Not v1, which lacks the aliases of models.
        self._url = f"{(url or GEMINI_URL).rstrip('/')}/v1beta"
        self.key = (key or "").strip()
        self.timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._no_key = no_key
        self._sessions = Pool(lambda: open_session(self._url, GOOGLE_CERTIFICATES), self.key)

    def prepare(self) -> None:
        """Opens a session; sends nothing."""
        if self.key:
            self._sessions.prepare()

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> object:
        """The JSON value that answers a request.

        Raises:
            ModelCallError: There is no key, or no usable answer; with a status if the service answered at all.
        """
        if not self.key:
            raise ModelCallError(Outcome.AUTH, self._no_key)
        # The service stops working on an answer when nothing waits for it any more.
        patience = math.ceil(max(self.timeout_s, MIN_TIMEOUT_S))
        with self._sessions.lend() as session:
            status, headers, said = exchange(
                session,
                method,
                f"{self._url}/{path}",
                timeout_s=self.timeout_s,
                max_bytes=self._max_bytes,
                key=self.key,
                headers={"x-goog-api-key": self.key, "X-Server-Timeout": str(patience)},
                params=query,
                json=body,
            )
        if status == 200:
            return read_json(said)
        raise redacted(of_http(status, said.decode("utf-8", "replace"), headers), self.key)


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
        self._service = Service(url, key, timeout_s)

    def prepare(self) -> None:
        """Opens a session; see `calls.Provider`."""
        self._service.prepare()

    def ask(self, prompt: Prompt) -> Reply:
        """Asks once; see `calls.Provider`."""
        path = f"{path_of(self._name)}:generateContent"
        try:
            answer = self._service.ask("POST", path, question(prompt, self._name))
            if isinstance(answer, dict) and answer.get("error"):
                raise of_error(answer["error"], Usage(calls=1))
            return reply_of(parsed(Answer, answer, Outcome.BAD_SHAPE))
        except ModelCallError as failure:
            raise redacted(wrong_path(failure, CURE_OF_PATH), self._service.key) from None


def path_of(model: str) -> str:
    """Path of a model, whose name may begin with that of its collection: `models/NAME`, `tunedModels/NAME`.

    The rest is one segment, in which all but letters, digits and `-_.~` is escaped (`google/api/http.proto`).
    """
    collection, _, name = model.partition("/")
    if collection not in ("models", "tunedModels") or not name:
        collection, name = "models", model
    return f"{collection}/{quote(name, safe='')}"


def question(prompt: Prompt, model: str) -> dict[str, Any]:
    """The body that asks a model, of a call or in a batch: `GenerateContentRequest`."""
    config: dict[str, Any] = {
        "responseMimeType": "application/json",
        "responseJsonSchema": prompt.schema,
        "maxOutputTokens": prompt.max_output_tokens,
    }
    if thinking := _thinking(model.removeprefix("models/")):
        config["thinkingConfig"] = thinking
    return {
        "systemInstruction": _content(prompt.system),
        "contents": [_content(prompt.user)],
        "generationConfig": config,
    }


def _content(text: str) -> dict[str, Any]:
    return {"role": "user", "parts": [{"text": text}]}


def _thinking(name: str) -> dict[str, Any]:
    """Options for as little thinking as the model allows: it is billed as output and does not help this task.

    https://ai.google.dev/gemini-api/docs/thinking: version 2.5 has budgets. From 3 on there are levels;
    every Lite model knows `minimal`, but not every other model does.
    """
    if name.startswith("gemini-2.5-flash"):
        return {"thinkingBudget": 0}
    if name.startswith("gemini-3") and "flash-lite" in name:
        return {"thinkingLevel": "MINIMAL"}
    if name.startswith(("gemini-3", "gemini-4")) or name.endswith("-latest"):
        return {"thinkingLevel": "LOW"}
    return {}


def reply_of(response: Answer) -> Reply:
    """The reply in an answer.

    Raises:
        ModelCallError: The answer was blocked, was cut off before any text, or is empty.
    """
    counts = response.usage_metadata or Counts()
    # Thoughts are billed as output.
    output = counts.candidates_token_count + counts.thoughts_token_count
    usage = Usage(int(counts.prompt_token_count), output, 1)
    if not response.candidates:
        blocked = response.prompt_feedback.block_reason if response.prompt_feedback else ""
        raise without_candidates(blocked, usage, counted=response.usage_metadata is not None)
    candidate = response.candidates[0]
    parts = (candidate.content.parts if candidate.content else None) or ()
    text = "".join(part.text for part in parts if part.text and not part.thought)
    return whole_reply(text, candidate.finish_reason, usage)


def without_candidates(blocked: str, usage: Usage, *, counted: bool) -> ModelCallError:
    """The failure that an answer without any candidate means.

    Arguments:
        blocked: The reason for which the prompt was blocked; empty for none.
        usage: What the call cost.
        counted: Whether the service has counted any tokens.
    """
    if blocked:
        return ModelCallError(Outcome.BLOCKED, f"the prompt was blocked: {blocked}", usage=usage)
    if not counted:
        return ModelCallError(Outcome.GARBLED, "the answer is empty")
    return ModelCallError(Outcome.EMPTY, "the answer has no candidates", usage=usage)


def whole_reply(text: str, finish: str, usage: Usage) -> Reply:
    """The text of an answer as a reply; raises `ModelCallError` if its finish reason says that it is none."""
    trouble = of_finish(finish, usage, answered=bool(text.strip()))
    if trouble and not (trouble.outcome is Outcome.TRUNCATED and text):
        raise trouble
    if not text.strip():
        raise ModelCallError(Outcome.EMPTY, "the answer has no text", usage=usage)
    return Reply(text, usage, truncated=trouble is not None)
