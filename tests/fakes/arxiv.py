"""An arXiv on loopback: search, PDF, HTML and abstract pages, with faults on demand and a log."""

import re
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from mkdocs_paperdigest.models import Paper
from tests.fakes import printing

BLOCK_PAGE = "<!DOCTYPE html><html><body><h1>Access Denied</h1>robot detection</body></html>"


@dataclass
class Request:
    """One request as the server saw it; times are those of its clock."""

    kind: str
    """`api`, `pdf`, `html`, `image`, `abs` or `other`."""
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    started: float
    ended: float = 0.0
    status: int = 0
    retry_after_s: float = 0.0
    """How long the answer asked to be left alone."""
    fault: str = ""
    """What went wrong with it, if anything did."""


@dataclass
class Fault:
    """What goes wrong with some of the requests.

    A status (`429`, `503`, `403`, ...), or one of: `block page` (HTML, status 200), `no bytes`,
    `cut` (fewer bytes than announced), `short` (half of it, and the length agrees), `long` (more
    bytes than announced), `empty page` (no papers, but a total), `nothing` (no papers, total 0), `few`
    (one paper less than announced), `repeat` (a paper twice), `shuffle` (papers in another order),
    `total` (as many papers are announced as `total` says), `without` (papers lack the element `name`),
    `odd` (in the entry `number`, what matches `pattern` first becomes `new`), `before` (`text` comes first),
    `not xml` (a feed that does not end), `not text` (a byte that no text has), `hang`, `stall` (in the middle of the body), `drip`
    (slowly), `reset`, `reset later` (in the middle of the body), `drop`, `redirect` (to `location`),
    `news` (a `paper` is announced just before).
    """

    kind: str
    on: tuple[str, ...]
    after: int
    times: int | None
    how: dict[str, Any]


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class FakeArxiv:
    """A context manager; the server runs while it is open.

    Arguments:
        papers: What it knows. A search finds the papers with any of the query's quoted phrases in
            title or abstract, an id list those with these ids.
        pdf: Files to serve in place of made-up ones, by key (`2410.13786v1`); None for 404.
        html: The same for HTML.
        images: What HTML pages show, by path (`2410.13786v1/x1.png`); 404 for any other.
        monotonic: The time of requests, in seconds.
    """

    def __init__(
        self,
        papers: Sequence[Paper] = (),
        *,
        pdf: Mapping[str, bytes | None] | None = None,
        html: Mapping[str, bytes | None] | None = None,
        images: Mapping[str, bytes] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self.papers = list(papers)
        self.requests: list[Request] = []
        self._files = {"pdf": dict(pdf or {}), "html": dict(html or {})}
        self.images = dict(images or {})
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """What `arxiv_url` must be set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def add(self, paper: Paper, **files: bytes | None) -> None:
        """Makes a paper known, with these files (`pdf`, `html`) in place of made-up ones."""
        self.papers.append(paper)
        for kind, body in files.items():
            self._files[kind][paper.key] = body

    def fail(
        self, kind: str, *, on: str | Sequence[str] = (), after: int = 0, times: int | None = 1, **how: Any
    ) -> None:
        """Lets the next requests go wrong; see `Fault`.

        Arguments:
            kind: What goes wrong.
            on: Kinds of requests; all of them when empty.
            after: How many of them go well first.
            times: How many go wrong then; None for all.
            how: `retry_after`, `body`, `name`, `location`, `paper`, `number`, `text`, ..., as the kind needs.
        """
        kinds = (on,) if isinstance(on, str) else tuple(on)
        with self._lock:
            self._faults.append(Fault(kind, kinds, after, times, how))

    def heal(self) -> None:
        """Forgets all faults."""
        with self._lock:
            self._faults.clear()

    def asked(self, kind: str) -> list[Request]:
        """The requests of one kind so far."""
        return [request for request in self.requests if request.kind == kind]

    def pauses(self) -> list[float]:
        """Seconds from the end of each answer to the next request; negative where they overlap."""
        requests = sorted(self.requests, key=lambda request: request.started)
        return [b.started - a.ended for a, b in pairwise(requests)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _fault(self, kind: str) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.times == 0 or (fault.on and kind not in fault.on):
                    continue
                if fault.after > 0:
                    fault.after -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def _answer(self, request: Request, fault: Fault | None) -> Answer:
        if request.path == "/api/query":
            return self._search(request.query, fault)
        if request.kind == "image":
            body = self.images.get(request.path.removeprefix("/html/"))
            return Answer(404, b"") if body is None else Answer(200, body)
        match = re.fullmatch(r"/(pdf|html|abs)/(.+?)(?:v(\d+))?", request.path)
        paper = self._version(match[2], match[3]) if match else None
        if match is None or paper is None:
            return Answer(404, b"<h1>Article not found</h1>")
        if match[1] == "abs":
            return Answer(200, printing.abstract_page(paper).encode())
        made = {"pdf": printing.pdf, "html": printing.html}[match[1]]
        files = self._files[match[1]]
        body = files[paper.key] if paper.key in files else made(paper)
        if body is None:
            return Answer(404, f"<h1>No {match[1].upper()} for '{paper.key}'</h1>".encode())
        kind = "application/pdf" if match[1] == "pdf" else "text/html; charset=utf-8"
        return Answer(200, body, {"Content-Type": kind})

    def _search(self, query: dict[str, str], fault: Fault | None) -> Answer:
        if fault and fault.kind == "news":
            self.papers.append(fault.how["paper"])
        start, size = int(query.get("start", 0)), int(query.get("max_results", 10))
        phrases = re.findall(r'(?:ti|abs|all):"([^"]*)"', query.get("search_query", ""))
        found = [
            paper
            for paper in self.papers
            if not phrases
            or any(phrase.lower() in f"{paper.title} {paper.abstract}".lower() for phrase in phrases)
        ]
        if ids := query.get("id_list"):
            asked = [re.fullmatch(r"(.+?)(?:v(\d+))?", id_) for id_ in ids.split(",")]
            listed = [self._version(match[1], match[2]) for match in asked if match]
            found = [paper for paper in listed if paper is not None]
        found.sort(key=lambda paper: paper.published, reverse=True)
        page, total = found[start : start + size], len(found)
        if fault and fault.kind in {"empty page", "nothing"}:
            page, total = [], 0 if fault.kind == "nothing" else total
        if fault and fault.kind == "few":
            page = page[:-1]
        if fault and fault.kind == "repeat":
            page = [*page, *page[:1]]
        if fault and fault.kind == "shuffle":
            page = page[::-1]
        if fault and fault.kind == "total":
            total = fault.how["total"]
        text = printing.feed(page, total=total, start=start, size=size)
        text = _distorted(text, fault) if fault else text
        body = text.encode("utf-8", "surrogatepass")
        return Answer(200, body, {"Content-Type": "application/atom+xml; charset=utf-8"})

    def _version(self, id_: str, version: str | None) -> Paper | None:
        for paper in self.papers:
            if paper.id == id_ and int(version or 1) <= paper.version:
                return replace(paper, version=int(version or paper.version))
        return None


def _distorted(text: str, fault: Fault) -> str:
    """The text of a feed with what the fault does to it."""
    if fault.kind == "without":
        name = fault.how["name"]
        text = re.sub(rf"(?s)(<entry>.*?)<{name}>.*?</{name}>", r"\1", text)
    if fault.kind == "odd":
        entries = re.split(r"(?=<entry>)", text)
        entry, new = entries[fault.how["number"] + 1], fault.how["new"]
        entries[fault.how["number"] + 1] = re.sub(fault.how["pattern"], lambda _: new, entry, count=1)
        text = "".join(entries)
    if fault.kind == "before":
        text = fault.how["text"] + text
    if fault.kind == "not xml":
        text = text.replace("</feed>", "", 1)
    if fault.kind == "not text":
        text = text.replace("<summary>", "<summary>\x01", 1)
    return text


def _seconds(retry_after: object) -> float:
    return float(retry_after) if isinstance(retry_after, int) else 0.0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeArxiv

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the game."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        fake, parts = self.server.fake, urlsplit(self.path)
        kind = parts.path.strip("/").split("/")[0]
        if kind == "html" and re.search(r"v\d+/.", parts.path):
            kind = "image"
        request = Request(
            kind=kind if kind in {"api", "pdf", "html", "abs", "image"} else "other",
            path=unquote(parts.path),
            query={name: values[0] for name, values in parse_qs(parts.query).items()},
            headers=dict(self.headers),
            started=fake._monotonic(),
        )
        fake.requests.append(request)
        self._serve(request, fake._fault(request.kind))

    def _serve(self, request: Request, fault: Fault | None) -> None:
        fake = self.server.fake
        kind = fault.kind if fault else ""
        how = fault.how if fault else {}
        request.fault = kind
        if kind == "hang":
            self._wait_for_hang_up()
        request.ended = fake._monotonic()
        if kind in {"hang", "drop", "reset"}:
            self._hang_up(reset=kind == "reset")
            return
        if kind.isdecimal():
            answer = Answer(int(kind), how.get("body", BLOCK_PAGE).encode())
            if "retry_after" in how:
                answer.headers["Retry-After"] = str(how["retry_after"])
                request.retry_after_s = _seconds(how["retry_after"])
        elif kind == "redirect":
            answer = Answer(301, b"", {"Location": how["location"]})
        elif kind == "block page":
            answer = Answer(200, BLOCK_PAGE.encode())
        elif kind == "no bytes":
            answer = Answer(200, b"")
        else:
            answer = fake._answer(request, fault)
        half = answer.body[: len(answer.body) // 2]
        body = half if kind in {"cut", "short", "stall", "reset later"} else answer.body
        announced = half if kind in {"short", "long"} else answer.body
        request.status = answer.status
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(announced)))
        # Taken before the last byte is sent, which may be one of the headers: after it, the client may be
        # faster than this thread.
        request.ended = fake._monotonic()
        self.end_headers()
        with suppress(ConnectionError):
            self._send(body, drip=kind == "drip")
        if kind == "stall":
            self._wait_for_hang_up()
        if kind in {"drip", "stall"}:
            request.ended = fake._monotonic()
        if kind in {"cut", "stall", "long", "reset later"}:
            self._hang_up(reset=kind == "reset later")

    def _send(self, body: bytes, *, drip: bool) -> None:
        if not drip:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self._hung_up(within=0.02):
                return

    def _wait_for_hang_up(self) -> None:
        while not self._hung_up(within=0.05):
            pass

    def _hung_up(self, *, within: float) -> bool:
        readable, _, _ = select.select([self.connection], [], [], within)
        return bool(readable) or self.server.fake._closing.is_set()

    def _hang_up(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.close(self.connection.detach())
            return
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        """Silence; `requests` is the log."""
