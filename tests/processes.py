"""Python programs as a user starts them: each in a process of its own, which need not import everything first."""

import atexit
import gc
import importlib
import io
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from mkdocs_paperdigest.documents.sandbox import reader
from tests import kept

IMPORTED = (
    "arxiv",
    "material.plugins.search.plugin",
    "mkdocs.__main__",
    "mkdocs.commands.build",
    "mkdocs.config.defaults",
    "mkdocs_paperdigest.cli.main",
    "mkdocs_paperdigest.documents.html.paper",
    "mkdocs_paperdigest.documents.pdf.text",
    "mkdocs_paperdigest.documents.sandbox.child",
    "mkdocs_paperdigest.pages.data",
    "mkdocs_paperdigest.pages.feeds",
    "mkdocs_paperdigest.pages.render.render",
    "mkdocs_paperdigest.pipeline.reading",
    "mkdocs_paperdigest.plugin.plugin",
    "mkdocs_paperdigest.sources.downloads",
    "mkdocs_paperdigest.sources.feed",
    "mkdocs_paperdigest.sources.library",
    "mkdocs_paperdigest.summaries.extract.extract",
    "mkdocs_paperdigest.summaries.llm.gemini",
    "mkdocs_paperdigest.summaries.llm.openai",
)
"""What most of these programs import, which takes most of their time."""
CLI = ("-c", "import sys; from mkdocs_paperdigest.cli.main import main; main(sys.argv[1:])")
"""Arguments of Python that start the command `paperdigest`; its own ones follow."""
READER = "from mkdocs_paperdigest.documents.sandbox.child import main; main()"
AT_START = ("PYTHON", "LC_", "LANG")
"""Variables that begin like this act when an interpreter starts."""
ENVIRONMENT = dict(os.environ)
"""That in which the interpreter started that all others are forked from."""
LONGEST_MESSAGE = 1 << 17


def run_python(
    arguments: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stderr_apart: bool = True,
    encoding: str = "utf-8",
    prepared: bool = True,
    timeout_s: float = 600,
) -> "subprocess.CompletedProcess[str]":
    """Runs `python -m MODULE ...` or `python -c CODE ...` to its end, and returns what it wrote.

    Arguments:
        arguments: What follows the name of the interpreter.
        cwd: The folder in which it runs.
        env: Its whole environment; there is nothing to read on stdin.
        stderr_apart: Whether stderr is returned apart from stdout, not among it.
        encoding: That of what it writes, which is returned with its own line ends.
        prepared: Whether it may start with MkDocs and this package imported.
        timeout_s: Seconds after which it is killed.

    Raises:
        subprocess.TimeoutExpired: It did not end in time.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = start_python if prepared else _start_bare
        process = start(arguments, cwd=cwd, env=env, stdout=out, stderr=err if stderr_apart else out)
        try:
            code = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        command = [sys.executable, *arguments]
        return subprocess.CompletedProcess(command, code, _read(out, encoding), _read(err, encoding))


def start_python(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdout: IO[bytes], stderr: IO[bytes]
) -> "Process":
    """Starts `python -m MODULE ...` or `python -c CODE ...`.

    The process is forked from one that has run nothing and imported much. Use `subprocess` where a test is
    about what a program imports, about its terminal, or about Ctrl-C.
    """
    changed = [name for name in {*env, *ENVIRONMENT} if env.get(name) != ENVIRONMENT.get(name)]
    if any(name.startswith(AT_START) for name in changed) or not hasattr(os, "fork"):
        return _start_bare(arguments, cwd=cwd, env=env, stdout=stdout, stderr=stderr)
    with Path(os.devnull).open("rb") as nothing:
        return Forked(arguments, cwd, env, [nothing.fileno(), stdout.fileno(), stderr.fileno()])


def _start_bare(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdout: IO[bytes], stderr: IO[bytes]
) -> "subprocess.Popen[bytes]":
    command, nothing = [sys.executable, *arguments], subprocess.DEVNULL
    return subprocess.Popen(command, cwd=cwd, env=env, stdin=nothing, stdout=stdout, stderr=stderr)


def _read(file: IO[bytes], encoding: str) -> str:
    file.seek(0)
    with io.TextIOWrapper(file, encoding, newline="") as text:
        return text.read()


class Forked:
    """A program that runs: the part of `subprocess.Popen` that tests use."""

    def __init__(
        self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str], files: Sequence[int]
    ) -> None:
        self.returncode: int | None = None
        self._channel, theirs = _pair()
        self._polling = threading.Lock()
        message = json.dumps([list(arguments), str(cwd), dict(env)]).encode()
        with theirs:
            socket.send_fds(_server(), [message], [*files, theirs.fileno()])
        self.pid = int(self._channel.recv(LONGEST_MESSAGE))

    def poll(self) -> int | None:
        """The exit code, if it has ended."""
        with self._polling:
            if self.returncode is None and select.select([self._channel], [], [], 0)[0]:
                self.returncode = int(self._channel.recv(LONGEST_MESSAGE))
                self._channel.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; negative, the signal that ended it."""
        # When another thread has polled, the channel may be closed.
        with suppress(ValueError):
            select.select([self._channel], [], [], timeout)
        if (code := self.poll()) is None:
            raise subprocess.TimeoutExpired("python", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Sends a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)


Process = subprocess.Popen[bytes] | Forked


def stop(pid: int) -> None:
    """Stops a process, and returns when all its threads stand still: on a busy machine that takes a moment."""
    os.kill(pid, signal.SIGSTOP)
    while any(_state(thread) != "T" for thread in Path(f"/proc/{pid}/task").iterdir()):
        os.sched_yield()


def _state(thread: Path) -> str:
    # The name in brackets may hold anything.
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]


class _Reader(kept.KeptReadings):
    """Reads PDFs as the product does, with the product's limits."""

    def __init__(self, memory_limit_mb: int) -> None:
        self._asked = 0
        self._process = _Piped(["-c", READER, str(memory_limit_mb)])


class _Piped(Forked):
    """With pipes for stdin and stdout."""

    def __init__(self, arguments: Sequence[str]) -> None:
        requests, self.stdin = _pipe()
        self.stdout, answers = _pipe()
        with requests, answers, Path(os.devnull).open("wb") as nothing:
            files = [file.fileno() for file in (requests, answers, nothing)]
            super().__init__(arguments, Path.cwd(), os.environ, files)


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    source, sink = os.pipe()
    return os.fdopen(source, "rb"), os.fdopen(sink, "wb")


def _pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _server() -> socket.socket:
    """A socket to the process that forks, which ends when the socket is closed."""
    with _STARTING:
        if not _SERVERS:
            _SERVERS.append(_start_server())
    return _SERVERS[0]


_STARTING = threading.Lock()
_SERVERS: list[socket.socket] = []


def _start_server() -> socket.socket:
    ours, theirs = _pair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", "from tests.processes import _serve; _serve()"],
            cwd=Path(__file__).parents[1],
            # The threads of a linear algebra library do not survive a fork.
            env={
                **ENVIRONMENT,
                kept.VARIABLE: str(kept.folder()),
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            },
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close() -> None:
        ours.close()
        process.wait()

    atexit.register(close)
    return ours


def _serve() -> None:
    kept.keep_templates()
    for name in IMPORTED:
        # An extra may not be installed; a program that needs it says so itself.
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    # What all children share is not looked through by each of them.
    gc.freeze()
    tests = socket.socket(fileno=os.dup(0))
    programs, from_programs = _pair()
    _SERVERS.append(from_programs)
    while True:
        for channel in select.select([tests, programs], [], [])[0]:
            message, files, _, _ = socket.recv_fds(channel, LONGEST_MESSAGE, 4)
            if not message:
                return
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if os.fork() == 0:
                tests.close()
                programs.close()
                _start(message, files)
                return
            for file in files:
                os.close(file)


def _start(message: bytes, files: list[int]) -> None:
    """Runs a program in a child of this process, which then reports its end and ends."""
    with socket.socket(fileno=files.pop()) as answers:
        if (program := os.fork()) != 0:
            answers.send(str(program).encode())
            _, status = os.waitpid(program, 0)
            answers.send(str(os.waitstatus_to_exitcode(status)).encode())
            os._exit(0)
    _become(message, files)


def _become(message: bytes, files: list[int]) -> None:
    """Runs a program in this process, whose exit code is that of the program."""
    (how, what, *rest), cwd, env = json.loads(message)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.argv = [how, *rest]
    reader.ReadingProcess = _Reader
    if how == "-m":
        sys.path[0] = cwd
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
