"""Gemini's batch mode, over plain HTTP: https://ai.google.dev/api/batch-api.

Google's SDK (google-genai) cannot do this: its `batches.get` (1.75 to 3.4) fails for a whole batch if the error of
one request has details, which it expects to be strings, and the service sends objects. The replies of that
batch could never be read, although they were paid for.

Replies come in any order, some without the key of their question, and some with the key of another one
(googleapis/python-genai#1909, #2008). So the model itself repeats the key, in a field that can have no
other value. The service's key counts only if the model repeats none, and a reply without either is
dropped.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mkdocs_paperdigest.options.summarizer import NO_GEMINI_KEY
from mkdocs_paperdigest.summaries.llm.calls import Prompt, Reply, redacted
from mkdocs_paperdigest.summaries.llm.gemini import Service, path_of, question, reply_of
from mkdocs_paperdigest.summaries.llm.gemini_wire import Answer, Item, Operation, Operations, parsed
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, of_http

MAX_SENT = 10_000_000
"""Bytes of the questions in one batch; the service accepts 20 MB."""
MAX_BODY = 100_000_000
"""Bytes of the largest answer that is read."""
MIN_TIMEOUT_S = 120.0
"""A batch takes longer to send and to fetch than one call."""
KEY_FIELD = "request"
"""Field of the answer in which the model repeats the key of the question."""
_REPEATED = re.compile(rf'"{KEY_FIELD}"\s*:\s*"([^"]{{1,64}})"')
_PAGES = 50
"""Pages of the list of batches that are searched at most."""


@dataclass(frozen=True, slots=True)
class Job:
    """The state of a batch."""

    over: bool
    state: str
    """In the service's words: `BATCH_STATE_RUNNING`."""
    replies: Mapping[str, Reply | ModelCallError]
    """By the key of the question; some may be missing."""


class GeminiBatches:
    """Batches of one Gemini model.

    Arguments:
        name: Model, `gemini-3.5-flash-lite`.
        url: Base URL, or None for Google's.
        key: API key; without one nothing is sent.
        timeout_s: Seconds for one whole request; raised to `MIN_TIMEOUT_S`.
        no_key: The message when there is no key.

    Raises:
        ModelCallError: From every method, if the service gives no usable answer; with a status if it
            answered at all.
    """

    def __init__(
        self, name: str, *, url: str | None, key: str | None, timeout_s: float, no_key: str = NO_GEMINI_KEY
    ) -> None:
        self._name = name
        self._service = Service(url, key, max(timeout_s, MIN_TIMEOUT_S), max_bytes=MAX_BODY, no_key=no_key)

    def send(self, label: str, prompts: Mapping[str, Prompt]) -> str:
        """Sends a batch and returns the service's name for it.

        Arguments:
            label: A unique text by which `find` can find the batch.
            prompts: By the key that the reply should carry.
        """
        rows = [
            {"request": request(prompt, self._name, key), "metadata": {"key": key}}
            for key, prompt in prompts.items()
        ]
        batch = {"displayName": label, "inputConfig": {"requests": {"requests": rows}}}
        answer = self._service.ask("POST", f"{path_of(self._name)}:batchGenerateContent", {"batch": batch})
        return parsed(Operation, answer).name

    def find(self, label: str) -> str | None:
        """The service's name for the batch with this label, or None if it has no such batch."""
        # `fields` leaves out the replies of all other batches.
        asked = {"pageSize": "50", "fields": "operations(name,metadata/displayName),nextPageToken"}
        for _ in range(_PAGES):
            page = parsed(Operations, self._service.ask("GET", "batches", query=asked))
            for body in page.operations:
                if isinstance(body, dict) and label in json.dumps(body.get("metadata")):
                    return parsed(Operation, body).name
            if not page.next_page_token:
                return None
            asked["pageToken"] = page.next_page_token
        return None

    def poll(self, name: str) -> Job:
        """The state of a batch, and its replies if it is over."""
        operation = parsed(Operation, self._service.ask("GET", name))
        state = operation.metadata.state
        over = operation.done or state.endswith(_ENDS)
        outputs = (operation.metadata.output, operation.response)
        bodies = [body for output in outputs if output for body in output.items]
        return Job(
            over, state or str(operation.error.get("message", "")), self._replies(bodies) if over else {}
        )

    def _replies(self, bodies: Iterable[object]) -> dict[str, Reply | ModelCallError]:
        by_service: dict[str, Reply | ModelCallError] = {}
        by_model: dict[str, Reply | ModelCallError] = {}
        for body in bodies:
            try:
                item = parsed(Item, body)
            except ModelCallError:
                continue
            try:
                reply = _reply(item)
            except ModelCallError as error:
                by_service[item.metadata.key] = redacted(error, self._service.key)
                continue
            repeated = _REPEATED.search(reply.text)
            if repeated:
                by_model[repeated[1]] = reply
            else:
                by_service[item.metadata.key] = reply
        return by_service | by_model


def request(prompt: Prompt, name: str, key: str) -> dict[str, Any]:
    """The question of a call in the form of the batch API, with a field that repeats the key."""
    repeated = {KEY_FIELD: {"type": "string", "enum": [key], "description": "Always this value."}}
    schema = {
        **prompt.schema,
        # First, so that even a reply that was cut off has it.
        "properties": repeated | prompt.schema["properties"],
        "required": [KEY_FIELD, *prompt.schema["required"]],
    }
    return question(replace(prompt, schema=schema), name)


def _reply(item: Item) -> Reply:
    if item.error is None:
        return reply_of(parsed(Answer, item.response))
    body = json.dumps({"error": {"message": item.error.message}})
    raise of_http(_STATUS.get(item.error.code, 500), body, {})


_ENDS = ("_SUCCEEDED", "_FAILED", "_CANCELLED", "_EXPIRED")

_STATUS: Mapping[int, int] = {1: 499, 3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 9: 400, 14: 503, 16: 401}
"""HTTP status for each `google.rpc.Code`; 500 for any other."""
