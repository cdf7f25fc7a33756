"""Measures how far apart requests arrive at a server under three ways of waiting between them.

usage: measure_request_gate.py > request-gate.json        (about a minute)

Two processes with three threads each ask a server on loopback. The server is slow at random, as a
real one is, and notes with one monotonic clock when each request arrived and when its answer left.
"""

import fcntl
import http.client
import json
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

from mkdocs_paperdigest.sources.pacing import Clock, Gate

INTERVAL_S = 0.2
PROCESSES = 2
THREADS = 3
REQUESTS = 5
"""Requests of each thread."""
ANSWER_S = (0.02, 0.18)
"""The server's time for an answer, drawn evenly."""
RUNS = 6


class Server:
    """A slow server on loopback that notes `(arrived, left, client)` of every request."""

    def __init__(self, seed: int) -> None:
        self.log: list[tuple[float, float, str]] = []
        rng, lock, log = random.Random(seed), threading.Lock(), self.log

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                arrived = time.monotonic()
                with lock:
                    pause = rng.uniform(*ANSWER_S)
                time.sleep(pause)
                left = time.monotonic()
                with lock:
                    log.append((arrived, left, self.path.strip("/")))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                """Nothing on stderr."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stops the server."""
        self._http.shutdown()
        self._http.server_close()


def ask(port: int, name: str) -> None:
    """One request and its whole answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/{name}")
    connection.getresponse().read()
    connection.close()


@contextmanager
def turn(state: Path) -> Iterator[int]:
    """Holds the state file alone, over all threads and processes; yields its descriptor."""
    descriptor = os.open(state, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def wait_and_note(descriptor: int) -> None:
    """Sleeps until the interval since the noted moment is over."""
    noted = float(os.pread(descriptor, 32, 0) or 0)
    time.sleep(min(max(0.0, noted + INTERVAL_S - time.time()), INTERVAL_S))


def note(descriptor: int) -> None:
    """Notes this moment in the state file."""
    os.pwrite(descriptor, b"%-32.6f" % time.time(), 0)


def sleep_per_client(port: int, name: str, state: Path) -> None:
    """Every client sleeps between its own requests and knows of no other."""
    del state
    for _ in range(REQUESTS):
        ask(port, name)
        time.sleep(INTERVAL_S)


def space_the_starts(port: int, name: str, state: Path) -> None:
    """A shared lock lets requests start one interval apart, and answers take what they take."""
    for _ in range(REQUESTS):
        with turn(state) as descriptor:
            wait_and_note(descriptor)
            note(descriptor)
        ask(port, name)


def gate_from_the_end(port: int, name: str, state: Path) -> None:
    """The plugin's own gate: held over the request, the interval counts from the end of its answer."""
    gate = Gate(state.parent, INTERVAL_S, patience_s=60, clock=Clock(), pause=time.sleep)
    for _ in range(REQUESTS):
        with gate.turn():
            ask(port, name)


POLICIES = {
    "sleep per client": sleep_per_client,
    "spaced starts": space_the_starts,
    "gate from the end": gate_from_the_end,
}


def process(policy: str, port: int, number: int, state: Path) -> None:
    """One client process with its threads."""
    threads = [
        threading.Thread(target=POLICIES[policy], args=(port, f"{number}.{k}", state)) for k in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run(policy: str, seed: int) -> list[tuple[float, float, str]]:
    """One run of a policy: `(arrived, left, client)` in order of arrival, from zero."""
    server = Server(seed)
    with tempfile.TemporaryDirectory() as folder:
        context = multiprocessing.get_context("spawn")
        arguments = [(policy, server.port, number, Path(folder, "gate")) for number in range(PROCESSES)]
        clients = [context.Process(target=process, args=a) for a in arguments]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    server.close()
    log = sorted(server.log)
    return [(round(a - log[0][0], 6), round(b - log[0][0], 6), name) for a, b, name in log]


def main() -> None:
    """Runs every policy several times and prints the logs as JSON."""
    runs = {policy: [run(policy, seed) for seed in range(RUNS)] for policy in POLICIES}
    for policy, logs in runs.items():
        gaps = sorted(b[0] - a[1] for log in logs for a, b in pairwise(log))
        print(
            f"{policy}: {len(gaps)} gaps, least {gaps[0]:.4f} s, middle {gaps[len(gaps) // 2]:.4f} s",
            file=sys.stderr,
        )
    about = {"interval_s": INTERVAL_S, "processes": PROCESSES, "threads": THREADS, "requests": REQUESTS}
    print(json.dumps({**about, "answer_s": ANSWER_S, "runs": runs}))


if __name__ == "__main__":
    main()
