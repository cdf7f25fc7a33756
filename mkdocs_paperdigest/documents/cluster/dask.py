"""A Dask cluster that reads PDFs: reached, checked, and left again.

What Dask has options for, TLS included, is taken from Dask's own configuration: files in
`~/.config/dask`, variables that begin with `DASK_` (https://docs.dask.org/en/stable/configuration.html).
"""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs_paperdigest.documents.cluster.errand import spelled, version
from mkdocs_paperdigest.documents.cluster.reader import Cluster
from mkdocs_paperdigest.errors import ClusterError, ConfigurationError

if TYPE_CHECKING:
    from distributed import Client

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

CONNECT_S = 5.0
"""More than a scheduler at work takes to answer, and not long to look at a wrong address."""
ASK_S = 2
"""Seconds that it has to tell how many workers there are."""
CLOSE_S = 1
"""Seconds for taking leave, also after Ctrl-C."""


@contextmanager
def dask_cluster(address: str, *, patience_s: float = CONNECT_S) -> Iterator[Cluster]:
    """The cluster of a scheduler; left when the block ends, whatever it is at.

    Arguments:
        address: Of the scheduler: `tcp://scheduler:8786`.
        patience_s: How long the scheduler has to answer; when it is lost, to come back.

    Raises:
        ConfigurationError: Dask is not installed, the address is none, or workers lack this version
            of the package.
        ClusterError: No scheduler answers there.
    """
    _check_address(address)
    with _connected(address, patience_s) as client:
        _check_versions(client)
        workers = client.nthreads()
        threads = _counted(sum(workers.values()), "thread")
        log.info("Dask cluster: %s, %s", _counted(len(workers), "worker"), threads)
        yield Cluster(client.get_executor(pure=False), lambda: _threads(client))


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        complete = parts.scheme and parts.hostname and parts.port and not parts.path.strip("/")
    except ValueError:
        complete = False
    if not complete:
        raise ConfigurationError(
            f"--dask {address}: not the address of a scheduler; write tcp://HOST:8786"
        )


@contextmanager
def _connected(address: str, patience_s: float) -> Iterator["Client"]:
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ConfigurationError(
            "--dask needs the extra `dask`: pip install 'mkdocs-paperdigest[dask]'"
        ) from error
    # That a cluster is lost is told in our own words, once.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    # A PDF travels within its task, so that it is still there when a worker is lost.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}):
        try:
            # In a thread of its own: the caller's may run a loop, as notebooks do.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(lambda: asyncio.run(_knock(address, patience_s))).result()
            client = Client(address, timeout=patience_s, name="paperdigest", set_as_default=False)
        except OSError as error:
            silent = type(error) in (OSError, TimeoutError)
            why = f"within {patience_s:g} s" if silent else f"({error})"
            raise ClusterError(
                f"--dask {address}: no Dask scheduler answers there {why}"
            ) from error
        except (RuntimeError, TypeError, ValueError) as error:
            # What Dask says of schemes that it does not know, and of TLS that is not configured.
            raise ConfigurationError(f"--dask {address}: {error}") from error
        try:
            yield client
        finally:
            # A scheduler that says nothing is left all the same.
            with suppress(TimeoutError):
                client.close(timeout=CLOSE_S)


async def _knock(address: str, patience_s: float) -> None:
    """Whether a scheduler answers; `Client` itself waits for ever for a server that says nothing."""
    from distributed import Security
    from distributed.comm.core import connect

    arguments = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=patience_s, **arguments), patience_s)
    await comm.close()


def _check_versions(client: "Client") -> None:
    """Another version may find other figures, and nobody could tell which paper was read by which."""
    ours = version()
    answers: dict[str, object] = client.run(version, on_error="return")
    for worker, theirs in answers.items():
        if theirs == ours or isinstance(theirs, OSError):  # lost meanwhile, and asked nothing more
            continue
        has = f"none that it can load ({theirs})"
        if isinstance(theirs, tuple):
            has = spelled(theirs)
        raise ConfigurationError(
            f"--dask: worker {worker} needs mkdocs-paperdigest {spelled(ours)} and has {has}; "
            f"where it runs: pip install 'mkdocs-paperdigest[dask]=={ours[0]}', and start it again"
        )


def _threads(client: "Client") -> int:
    if client.status != "running":
        # Dask drops all tasks with the connection, even when it finds the scheduler again.
        raise ClusterError("the scheduler is gone")
    try:
        threads: dict[str, int] = client.nthreads(callback_timeout=ASK_S)
    except OSError:
        # Lost just now, or too busy to answer: the next look tells.
        return 0
    return sum(threads.values())
