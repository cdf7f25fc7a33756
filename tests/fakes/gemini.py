"""A stand-in for the Gemini API and for any OpenAI-compatible endpoint, on loopback.

    with FakeGemini() as fake:
        fake.script("503", "429", text("..."))     # one reply a call, in this order; then the default
        options = Options(model="gemini/gemini-3.5-flash-lite", model_url=fake.url, ...)
        ...
        assert [call.status for call in fake.calls] == [503, 429, 200]

Unless told otherwise it answers with sentences of the abstract in the prompt, in the asked-for fields.
The wording of errors is the real services' (https://ai.google.dev/gemini-api/docs/troubleshooting).
"""

import json
import socket
import struct
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, cast
from urllib.parse import urlsplit

from tests.fakes.batches import FakeBatches, is_about_batches
from tests.fakes.replies import FAULTS, Call, Reply, Script, error, honest, text, texts


class FakeGemini:
    """The server.

    Arguments:
        default: What a call gets when nothing is scripted: the text of an answer, a reply, or a
            function of the call; None for an answer about the abstract in the prompt.
        keys: Accepted API keys; None for any that is not empty (a key is not needed on `openai_url`).
        min_deadline_s: Shortest X-Server-Timeout that is accepted; the real one is 10.
    """

    def __init__(
        self, default: Script | None = None, *, keys: set[str] | None = None, min_deadline_s: float = 10.0
    ) -> None:
        self.default: Script = default if default is not None else honest
        self.keys = keys
        self.min_deadline_s = min_deadline_s
        self.calls: list[Call] = []
        self.connections: set[Any] = set()
        self.most_at_once = 0
        self.stopping = threading.Event()
        self.batches = FakeBatches(self._batched)
        self._now = 0
        self._lock = threading.Lock()
        self._queue: list[Script] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def openai_url(self) -> str:
        return f"{self.url}/v1"

    def script(self, *replies: Script) -> Self:
        """Queues one reply for each coming call: a name from `FAULTS`, the text of an answer, or a reply."""
        with self._lock:
            self._queue.extend(replies)
        return self

    def forget(self) -> None:
        """Forgets all replies that are still queued."""
        with self._lock:
            self._queue.clear()

    def answer(self, call: Call) -> Reply:
        """The reply to a call, which is noted before it is sent."""
        with self._lock:
            refused = self._refusal(call)
            script = self._queue.pop(0) if self._queue and not refused else self.default
            reply = refused or _reply(script, call)
            self.calls.append(replace(call, status=reply.status))
        return reply

    def answer_batches(self, method: str, target: str, call: Call) -> Reply:
        """The reply to a request of the batch mode, which is no call."""
        return self._refusal(call) or self.batches.answer(method, target, call)

    def _batched(self, call: Call) -> Reply:
        script = self._queue.pop(0) if self._queue else self.default
        return _reply(script, call)

    def enter(self, step: int) -> None:
        with self._lock:
            self._now += step
            self.most_at_once = max(self.most_at_once, self._now)

    def _refusal(self, call: Call) -> Reply | None:
        if (not call.openai or self.keys is not None) and not call.key:
            return FAULTS["no_key"](call)
        if self.keys is not None and call.key not in self.keys:
            return FAULTS["bad_key"](call)
        deadline = float(call.headers.get("x-server-timeout", "600"))
        if deadline < self.min_deadline_s:
            told = f"Manually set deadline {deadline:g}s is too short. Minimum allowed deadline is 10s."
            return error(400, "INVALID_ARGUMENT", told)
        return None


def _reply(script: Script, call: Call) -> Reply:
    made = script(call) if callable(script) else script
    if isinstance(made, str):
        made = FAULTS[made](call) if made in FAULTS else text(made)
    return replace(made, body=_as_openai(made.body)) if call.openai else made


def _as_openai(body: Any) -> Any:
    """A body of Gemini's as an OpenAI-compatible endpoint would send it."""
    if not isinstance(body, dict) or "error" in body:
        return body
    one = (body.get("candidates") or [{}])[0]
    said = texts({"parts": [p for p in one.get("content", {}).get("parts", []) if not p.get("thought")]})
    reasons = {"STOP": "stop", "MAX_TOKENS": "length"}
    reason = reasons.get(one.get("finishReason", ""), "content_filter")
    used = body.get("usageMetadata", {})
    choice = {"message": {"role": "assistant", "content": said or None}, "finish_reason": reason}
    return {
        "choices": [choice],
        "usage": {
            "prompt_tokens": used.get("promptTokenCount", 0),
            "completion_tokens": used.get("candidatesTokenCount", 0),
        },
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    fake: FakeGemini

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        fake = cast(_Server, self.server).fake
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if is_about_batches(self.path):
            self._send(fake.answer_batches("POST", self.path, self._call(body)), fake.stopping)
            return
        fake.connections.add(self.client_address)
        fake.enter(1)
        try:
            self._send(fake.answer(self._call(body)), fake.stopping)
        finally:
            fake.enter(-1)

    def do_GET(self) -> None:
        fake = cast(_Server, self.server).fake
        self._send(fake.answer_batches("GET", self.path, self._call({})), fake.stopping)

    def _call(self, body: dict[str, Any]) -> Call:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Call(urlsplit(self.path).path, headers, body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def _send(self, reply: Reply, stopping: threading.Event) -> None:
        sent = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        if reply.fault == "hang":
            stopping.wait(60)
        if reply.fault in ("hang", "reset"):
            self._reset()
            return
        if reply.fault == "truncate_json":
            sent = sent[: len(sent) // 2]
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        if reply.fault == "drip":
            self._drip(sent, stopping)
            return
        half = reply.fault in ("reset_mid", "truncate_wire")
        self.wfile.write(sent[: len(sent) // 2] if half else sent)
        self.wfile.flush()
        self.close_connection = half
        if reply.fault == "reset_mid":
            self._reset()

    def _drip(self, sent: bytes, stopping: threading.Event) -> None:
        for k in range(len(sent)):
            self.wfile.write(sent[k : k + 1])
            self.wfile.flush()
            if stopping.wait(0.05):
                break

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
