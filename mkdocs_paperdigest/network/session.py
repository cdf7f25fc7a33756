"""Connections to other machines: one time limit for a whole call, and this machine's proxies and certificates."""

import importlib.util
import os
import re
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests
    from requests.adapters import HTTPAdapter

T = TypeVar("T")

CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Environment variables that name the certificates to trust, in the order in which requests looks at them."""
_PROXY_VARIABLES = frozenset({"http_proxy", "https_proxy", "all_proxy"})
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
"""Compressions that are read. Others, and several in a row, can blow a kilobyte up to gigabytes in one step."""


class LateError(Exception):
    """A call did not end in time."""


class OversizeBodyError(Exception):
    """The body of an answer is larger than the caller accepts, or compressed in a way that is not read."""


class SetupError(OSError):
    """A proxy or the certificates of this machine cannot be used; the message names the variable and the cure."""


def within(timeout_s: float, call: Callable[[], T]) -> T:
    """The result of `call`, which must come within `timeout_s` seconds in all.

    The timeouts of HTTP libraries restart with every byte, and none of them covers the look-up of a name. So the
    call runs in a thread of its own. When the time is up, the sockets of its sessions (see `open_session`) are
    shut down, which ends every wait but a look-up; that one is left to its thread, and what comes of it is
    dropped. It is a daemon thread: the threads of an executor would keep the process alive.

    Arguments:
        timeout_s: Seconds from now.
        call: Uses sessions of `open_session`, each by one call at a time.

    Raises:
        LateError: The time was up.
        Exception: Whatever the call raises.
    """
    result: Future[T] = Future()
    watch = _Watch()

    def run() -> None:
        _CURRENT.set(watch)
        try:
            result.set_result(call())
        except Exception as error:  # noqa: BLE001  # handed to the thread that waits
            result.set_exception(error)
        except BaseException as error:  # noqa: BLE001  # what ends a thread must not end the whole program
            result.set_exception(RuntimeError(f"{type(error).__name__}: {error}"))
        finally:
            watch.end(done=True)

    threading.Thread(target=run, name="network call", daemon=True).start()
    try:
        error = result.exception(timeout_s)
    except TimeoutError:
        watch.end()
        raise LateError(f"no answer within {timeout_s:g} s") from None
    except BaseException:
        # Ctrl-C.
        watch.end()
        raise
    if error is not None:
        raise error
    return result.result()


class _Watch:
    """The sockets of one call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._over = False
        self._twins: list[socket.socket] = []

    def add(self, connection: socket.socket) -> None:
        """Notes a socket of the call; raises `TimeoutError` if the call was given up meanwhile."""
        # A duplicate, because TLS takes the descriptor away from the object that it wraps.
        twin = socket.fromfd(connection.fileno(), connection.family, connection.type)
        with self._lock:
            if not self._over:
                self._twins.append(twin)
                return
        twin.close()
        connection.close()
        raise TimeoutError("the call was given up")

    def end(self, *, done: bool = False) -> None:
        """Shuts the sockets down; if the call is `done`, only forgets them."""
        with self._lock:
            self._over = True
            twins, self._twins = self._twins, []
        for twin in twins:
            if not done:
                with suppress(OSError):
                    twin.shutdown(socket.SHUT_RDWR)
            twin.close()


_CURRENT: ContextVar[_Watch | None] = ContextVar("watch", default=None)


def open_session(url: str, certificates: Sequence[str] = CERTIFICATES) -> "requests.Session":
    """A session for one host; see `prepare_session`."""
    import requests

    return prepare_session(requests.Session(), url, certificates)


def prepare_session(
    session: "requests.Session", url: str, certificates: Sequence[str] = CERTIFICATES
) -> "requests.Session":
    """Gives a session this machine's proxies and certificates, and makes `within` able to end its calls.

    A host that is this machine itself is asked without a proxy, which would take "localhost" for its own
    machine. Passwords of `~/.netrc` are not used.

    Arguments:
        session: The session, which is returned.
        url: An address of the host that it is for.
        certificates: Environment variables that may name a file or folder of certificates; the first that is set
            counts.

    Raises:
        SetupError: The proxy or the certificates cannot be used.
    """
    fault = setup_fault(url, certificates)
    if fault:
        raise SetupError(fault)
    session.trust_env = False
    session.proxies = _proxies(url)
    session.verify = _certificates(certificates)[1] or True
    session.headers["Accept-Encoding"] = "gzip, deflate"
    for scheme in ("http://", "https://"):
        session.mount(scheme, _adapter()())
    return session


def setup_fault(url: str, certificates: Sequence[str] = CERTIFICATES) -> str | None:
    """What is wrong with the proxy or the certificates for an address, with the variable and the cure."""
    proxy = _proxy(url)
    if proxy and (fault := _proxy_fault(proxy)):
        name = _variable(url, proxy)
        cure = f"set it to an address such as http://HOST:PORT, or add {urlsplit(url).hostname} to no_proxy"
        return f"{name} is {shown(proxy)}, {fault}; {cure}"
    name, path = _certificates(certificates)
    if path and urlsplit(url).scheme == "https" and (fault := _certificates_fault(path)):
        return f"{name} is {path}, {fault}; unset it, or set it to a file of certificates"
    return None


def setup_faults() -> list[str]:
    """What is wrong with each environment variable for proxies or certificates, used or not."""
    proxies = {
        name: value for name, value in os.environ.items() if name.lower() in _PROXY_VARIABLES and value
    }
    faults = [
        f"{name} is {shown(value)}, {_proxy_fault(value)}"
        for name, value in proxies.items()
        if _proxy_fault(value)
    ]
    names = [name for name in (*CERTIFICATES, "SSL_CERT_FILE") if os.environ.get(name)]
    known = {name: _certificates_fault(os.environ[name]) for name in names}
    return faults + [f"{name} is {os.environ[name]}, {fault}" for name, fault in known.items() if fault]


def chunks(response: "requests.Response", max_bytes: int) -> "Iterator[bytes]":
    """The body of a streamed answer, as it comes.

    Raises:
        OversizeBodyError: There are more bytes than `max_bytes`, or it is compressed in a way that is not read.
    """
    if response.headers.get("Content-Encoding", "").strip().lower() not in ENCODINGS:
        raise OversizeBodyError("its compression is not one that was asked for")
    size = 0
    # read1 returns what has arrived; iter_content would wait for a full chunk.
    while chunk := response.raw.read1(65536, decode_content=True):
        size += len(chunk)
        if size > max_bytes:
            raise OversizeBodyError(f"more than {max_bytes} bytes")
        yield chunk


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine itself."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        if host == "localhost" or host.endswith(".localhost"):
            return True
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    # Connecting to the unspecified address leads to this machine, and Ollama's users copy it from its settings.
    return address.is_loopback or address.is_unspecified


def shown(proxy: str) -> str:
    """The address of a proxy without its user's name and password."""
    scheme, separator, rest = proxy.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def _proxies(url: str) -> dict[str, str]:
    from requests.utils import get_environ_proxies

    return {} if is_loopback(url) else dict(get_environ_proxies(url))


def _proxy(url: str) -> str | None:
    from requests.utils import select_proxy

    return select_proxy(url, _proxies(url))


def _variable(url: str, proxy: str) -> str:
    """The environment variable that holds a proxy."""
    names = [f"{urlsplit(url).scheme}_proxy", "all_proxy"]
    spelt = [spelling for name in names for spelling in (name, name.upper())]
    return next((name for name in spelt if os.environ.get(name) == proxy), "the system's proxy")


def _proxy_fault(proxy: str) -> str | None:
    # requests takes an address without a scheme for one of HTTP.
    address = proxy if "://" in proxy else f"http://{proxy}"
    scheme = address.partition("://")[0].lower()
    try:
        parts = urlsplit(address)
        # The port is checked when it is read.
        complete = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        complete = False
    if not complete or any(sign.isspace() for sign in address):
        return "which is not an address"
    if scheme in ("http", "https"):
        return None
    if not _is_socks(address):
        return f"and {scheme}:// is not a kind of proxy that is known"
    if importlib.util.find_spec("socks") is None:
        return "which needs PySocks (pip install pysocks)"
    return None


def _is_socks(proxy: str) -> bool:
    return proxy.partition("://")[0].lower() in ("socks4", "socks4a", "socks5", "socks5h")


def _certificates(names: Sequence[str]) -> tuple[str, str]:
    """The first of some environment variables that is set, and its value; two empty strings if none is."""
    return next(((name, value) for name in names if (value := os.environ.get(name))), ("", ""))


def _certificates_fault(path: str) -> str | None:
    try:
        if not Path(path).is_dir():
            ssl.create_default_context(cafile=path)
    except FileNotFoundError:
        return "where there is no file"
    except (OSError, ValueError):
        return "which cannot be read as certificates"
    return None


_UNTRUSTED = re.compile(r"certificate verify failed: ([^(]+)")


@cache
def _adapter() -> "type[HTTPAdapter]":
    """The adapter of sessions; a function, because a warm build must not pay for importing requests."""
    from requests import exceptions
    from requests.adapters import HTTPAdapter

    class Adapter(HTTPAdapter):
        """Notes sockets for `within`, and says what a proxy or certificate that failed has to do with."""

        def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
            pool: Any = super().get_connection_with_tls_context(*args, **options)
            pool.ConnectionCls = _watched(pool.ConnectionCls)
            return pool

        def send(
            self, request: "requests.PreparedRequest", *args: Any, **options: Any
        ) -> "requests.Response":
            try:
                return super().send(request, *args, **options)
            except exceptions.SSLError as error:
                reason = _UNTRUSTED.search(str(error))
                if not reason:
                    raise
                host = urlsplit(request.url or "").hostname
                raise SetupError(
                    f"the certificate of {host} is not trusted ({reason[1].strip()}); where a proxy signs what comes "
                    "from outside, set REQUESTS_CA_BUNDLE to the file of its certificate"
                ) from error
            except exceptions.ConnectionError as error:
                url = request.url or ""
                proxy = _proxy(url)
                # urllib3 has no error of its own for a SOCKS proxy.
                if not proxy or not (isinstance(error, exceptions.ProxyError) or _is_socks(proxy)):
                    raise
                raise exceptions.ProxyError(
                    f"{urlsplit(url).hostname} cannot be reached through the proxy {shown(proxy)}; correct "
                    f"{_variable(url, proxy)}, or add the host to no_proxy"
                ) from error

    return Adapter


class _Watched:
    """What a connection of urllib3 does besides: it shows its socket to the watch of the call that uses it."""

    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        connection: socket.socket = super()._new_conn()  # type: ignore[misc]
        _note(connection)
        return connection

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is not None:
            _note(self.sock)
        super().request(*args, **options)  # type: ignore[misc]


def _note(connection: socket.socket) -> None:
    watch = _CURRENT.get()
    if watch is not None:
        watch.add(connection)


@cache
def _watched(kind: type) -> type:
    return kind if issubclass(kind, _Watched) else type(kind.__name__, (_Watched, kind), {})
