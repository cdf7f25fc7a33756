"""Connects to a Dask cluster that reads PDFs, and checks the versions on its workers.

Options of Dask, including TLS, come from Dask's own configuration: files in `~/.config/dask` and variables that
begin with `DASK_` (https://docs.dask.org/en/stable/configuration.html).
"""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs_paperdigest.documents.cluster.errand import version, version_text
from mkdocs_paperdigest.documents.cluster.reader import Cluster
from mkdocs_paperdigest.errors import ClusterError, ConfigurationError
from mkdocs_paperdigest.network.watchdog import LateError, within
from mkdocs_paperdigest.text import counted

if TYPE_CHECKING:
    from distributed import Client

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

CONNECT_S = 5.0
"""Seconds to connect: enough for a busy scheduler, and a short wait if the address is wrong."""
ASK_S = 2
"""Seconds for the scheduler to report its workers."""
ANSWER_S = 15.0
"""Seconds for all workers to report their versions, however busy they are."""
CLOSE_S = 1
"""Seconds to disconnect, also after Ctrl-C."""
LOGGERS = ("distributed", "distributed.client", "tornado.application")
"""Loggers to which Dask gives a level of their own, and in which it reports lost connections."""


@contextmanager
def dask_cluster(
    address: str, *, patience_s: float = CONNECT_S, answer_s: float = ANSWER_S
) -> Iterator[Cluster]:
    """Connects to the cluster of a scheduler until the block ends, without waiting for its tasks.

    Arguments:
        address: Address of the scheduler: `tcp://scheduler:8786`.
        patience_s: Seconds for the scheduler to answer, and to come back after the connection is lost.
        answer_s: Seconds for the workers to answer.

    Raises:
        ConfigurationError: Dask is not installed, the address is malformed, or a worker does not have this
            version of the package.
        ClusterError: No scheduler answers at the address, or not all workers answer.
    """
    _check_address(address)
    with _connected(address, patience_s) as client:
        try:
            within(answer_s, lambda: _check_versions(client))
            workers = within(answer_s, client.nthreads)
        except LateError as error:
            raise ClusterError(f"--dask {address}: a worker gives {error}; restart the workers") from error
        threads = counted(sum(workers.values()), "thread")
        log.info("Dask cluster: %s, %s", counted(len(workers), "worker"), threads)
        yield Cluster(client.get_executor(pure=False), lambda: _threads(client))


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        complete = parts.scheme and parts.hostname and parts.port and not parts.path.strip("/")
    except ValueError:
        complete = False
    if not complete:
        raise ConfigurationError(f"--dask {address}: not the address of a scheduler; write tcp://HOST:8786")


@contextmanager
def _connected(address: str, patience_s: float) -> Iterator["Client"]:
    try:
        import dask
        import distributed  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "--dask needs the extra `dask`: pip install 'mkdocs-paperdigest[dask]'"
        ) from error
    # `RemoteReader` reports a lost cluster once; Dask would log it repeatedly, with tracebacks.
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # A PDF is sent inside its task, so that it is not lost with a worker. Dask warns about large tasks.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}):
        try:
            client = within(patience_s, lambda: _open(address, patience_s))
        # Dask takes the first bytes of any other server for the length of a message.
        except (LateError, OSError, MemoryError) as error:
            silent = type(error) in (LateError, OSError, TimeoutError)
            why = f"within {patience_s:g} s" if silent else f"({error})"
            raise ClusterError(f"--dask {address}: no Dask scheduler answered {why}") from error
        except (RuntimeError, TypeError, ValueError) as error:
            # Dask's message about an unknown scheme or a missing TLS configuration.
            raise ConfigurationError(f"--dask {address}: {error}") from error
        try:
            yield client
        finally:
            # Disconnect even if the scheduler does not answer.
            with suppress(TimeoutError, LateError):
                within(2 * CLOSE_S, lambda: client.close(timeout=CLOSE_S))


def _open(address: str, patience_s: float) -> "Client":
    from distributed import Client

    # First by itself: an event loop would look it up in a thread that keeps the program from ending.
    socket.getaddrinfo(urlsplit(address).hostname, None)
    asyncio.run(_try_connecting(address, patience_s))
    return Client(address, timeout=patience_s, name="paperdigest", set_as_default=False)


async def _try_connecting(address: str, patience_s: float) -> None:
    """Connects with a time limit, because `Client` waits without one for a server that never answers."""
    from distributed import Security
    from distributed.comm.core import connect

    arguments = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=patience_s, **arguments), patience_s)
    await comm.close()


def _check_versions(client: "Client") -> None:
    """Requires the same version on all workers: another one may find other figures in the same paper."""
    ours = version()
    answers: dict[str, object] = client.run(version, on_error="return")
    for worker, theirs in answers.items():
        # A worker that was lost in the meantime answers with an OSError, and gets no tasks.
        if theirs == ours or isinstance(theirs, OSError):
            continue
        has = version_text(theirs) if isinstance(theirs, tuple) else f"none that loads ({theirs})"
        raise ConfigurationError(
            f"--dask: worker {worker} needs mkdocs-paperdigest {version_text(ours)} but has {has}; "
            f"on its machine: pip install 'mkdocs-paperdigest[dask]=={ours[0]}', then restart the worker"
        )


def _threads(client: "Client") -> int:
    if client.status != "running":
        # Dask drops all tasks when the connection is lost, even if it finds the scheduler again.
        raise ClusterError("the connection to the scheduler was lost")
    try:
        threads: dict[str, int] = client.nthreads(callback_timeout=ASK_S)
    except OSError:
        # The connection was just lost, or the scheduler is busy; the next call will show which.
        return 0
    return sum(threads.values())
