"""Gemini's batch mode, as the service words it (https://ai.google.dev/api/batch-api); see `gemini`.

fake.batches.end()                   # every batch under way succeeds
fake.batches.end("EXPIRED")          # or ends otherwise
fake.batches.silent.set()            # batches are taken in, but nobody is told
"""

import copy
import json
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.replies import Call, Reply, error

_STATUS = {400: 3, 429: 8, 500: 13, 503: 14}
_PAGE = 1
"""Batches on one page of the list: few, so that there are several pages."""


@dataclass
class Job:
    """A batch that was sent."""

    name: str
    label: str
    calls: list[Call]
    """Its requests as if each had been a call."""
    keys: list[str]
    state: str = "RUNNING"
    output: dict[str, Any] = field(default_factory=dict)


class FakeBatches:
    """All batches of a fake service.

    Arguments:
        reply: What one call gets.
    """

    def __init__(self, reply: Callable[[Call], Reply]) -> None:
        self.jobs: list[Job] = []
        self.asked: list[str] = []
        """Method and path of each request, in order."""
        self.faults: list[Reply] = []
        """What the next requests get instead."""
        self.losses: list[Reply] = []
        """What the next requests get although they were heard."""
        self.arrived = threading.Semaphore(0)
        """Released by every batch that is sent."""
        self.silent = threading.Event()
        """While it is set, whoever sends a batch waits for a reply in vain."""
        self._reply = reply
        self._lock = threading.Lock()

    @property
    def sent(self) -> list[Call]:
        """All requests of all batches."""
        return [call for job in self.jobs for call in job.calls]

    def end(self, state: str = "SUCCEEDED", *, keys: str = "right", mute: int = 0) -> None:
        """Ends all batches under way.

        Arguments:
            state: How.
            keys: What the service says whose a reply is: `right`, `none` or `wrong`; it has been seen
                to do all three.
            mute: In so many replies, the first ones, the model does not repeat the key.
        """
        for job in self.jobs:
            if job.state == "RUNNING":
                job.state = state
                if state == "SUCCEEDED":
                    job.output = self._output(job, keys, mute)

    def answer(self, method: str, target: str, call: Call) -> Reply:
        """The reply to a request."""
        url = urlsplit(target)
        with self._lock:
            self.asked.append(f"{method} {url.path.removeprefix('/v1beta/')}")
            if self.faults:
                return self.faults.pop(0)
            if method == "POST":
                taken = self._take(call)
                return self.losses.pop(0) if self.losses else taken
            if url.path == "/v1beta/batches":
                return self._list(parse_qs(url.query))
            name = url.path.removeprefix("/v1beta/")
            known = [_operation(job) for job in self.jobs if job.name == name]
            return Reply(known[0]) if known else error(404, "NOT_FOUND", f"Batch not found: {name}")

    def _take(self, call: Call) -> Reply:
        batch = call.body["batch"]
        rows = batch["inputConfig"]["requests"]["requests"]
        path = call.path.replace("batchGenerateContent", "generateContent")
        calls = [Call(path, call.headers, row["request"]) for row in rows]
        keys = [row["metadata"]["key"] for row in rows]
        job = Job(f"batches/{uuid.uuid4().hex[:28]}", batch["displayName"], calls, keys)
        self.jobs.append(job)
        self.arrived.release()
        reply = Reply(_operation(job))
        return replace(reply, fault="hang") if self.silent.is_set() else reply

    def _list(self, query: dict[str, list[str]]) -> Reply:
        start = int(query.get("pageToken", ["0"])[0])
        # The newest comes last, behind those of other programs.
        rows = [_operation(job) for job in self.jobs][start : start + _PAGE]
        following = {"nextPageToken": str(start + _PAGE)} if start + _PAGE < len(self.jobs) else {}
        return Reply({"operations": rows, **following})

    def _output(self, job: Job, keys: str, mute: int) -> dict[str, Any]:
        rows = []
        for number, (key, call) in enumerate(zip(job.keys, job.calls, strict=True)):
            said = {"right": key, "wrong": job.keys[number - 1], "none": None}[keys]
            row: dict[str, Any] = {"metadata": {"key": said}} if said else {}
            reply = self._reply(call)
            if reply.status == 200:
                row["response"] = reply.body if number < mute else _repeating(call, reply.body)
            else:
                told = reply.body["error"]
                # Details are objects; Google's SDK takes them for texts.
                details = told.get("details", [{"@type": "type.googleapis.com/google.rpc.Help"}])
                code = _STATUS.get(reply.status, 2)
                row["error"] = {"code": code, "message": told["message"], "details": details}
            rows.append(row)
        # In another order than they were asked (googleapis/python-genai#1909).
        return {"inlinedResponses": {"inlinedResponses": rows[::-1]}}


def _repeating(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """The answer with the fields that can have but one value, in front."""
    body = copy.deepcopy(body)
    schema = call.body["generationConfig"]["responseJsonSchema"]["properties"]
    fixed = {name: part["enum"][0] for name, part in schema.items() if "enum" in part}
    for candidate in body.get("candidates", []):
        for part in candidate.get("content", {}).get("parts", []):
            if part["text"].startswith("{") and not part.get("thought"):
                part["text"] = json.dumps(fixed)[:-1] + ", " + part["text"][1:]
                break
    return body


def is_about_batches(target: str) -> bool:
    """Whether a URL is one of the batch mode."""
    return bool(re.match(r"/v1beta/(batches\b|models/[^/]+:batchGenerateContent)", target))


def _operation(job: Job) -> dict[str, Any]:
    kind = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch"
    shown = {"@type": kind, "displayName": job.label, "state": f"BATCH_STATE_{job.state}"}
    operation: dict[str, Any] = {"name": job.name, "metadata": shown}
    if job.state == "SUCCEEDED":
        shown["output"] = job.output
        operation |= {"done": True, "response": {"@type": f"{kind}Output", **job.output}}
    elif job.state != "RUNNING":
        operation |= {"done": True, "error": {"code": 13, "message": f"the batch {job.state}"}}
    return operation
