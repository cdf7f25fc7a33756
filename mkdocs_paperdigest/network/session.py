"""Sessions of requests that the watchdog can end, and bodies of answers within bounds."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs_paperdigest import __version__
from mkdocs_paperdigest.network.setup import (
    CERTIFICATES,
    SetupError,
    certificates_of,
    is_socks,
    proxies_for,
    proxy_for,
    setup_fault,
    shown,
    variable_of,
)
from mkdocs_paperdigest.network.watchdog import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests
    from requests.adapters import HTTPAdapter

ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
"""Compressions that are read. Others, and several in a row, can blow a kilobyte up to gigabytes in one step."""


class OversizeBodyError(Exception):
    """The body of an answer is larger than the caller accepts, or compressed in a way that is not read."""


def open_session(url: str, certificates: Sequence[str] = CERTIFICATES) -> "requests.Session":
    """A session for one host; see `prepare_session`."""
    import requests

    return prepare_session(requests.Session(), url, certificates)


def prepare_session(
    session: "requests.Session", url: str, certificates: Sequence[str] = CERTIFICATES
) -> "requests.Session":
    """Gives a session this machine's proxies and certificates, and our name; makes `within` able to end its calls.

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
    session.proxies = proxies_for(url)
    session.verify = certificates_of(certificates)[1] or True
    session.headers["Accept-Encoding"] = "gzip, deflate"
    session.headers["User-Agent"] = f"mkdocs-paperdigest/{__version__}"
    # Even where it does not follow a redirect, requests would read its whole body, of any size, and parse its target.
    session.get_redirect_target = lambda _: None  # type: ignore[method-assign,assignment]
    for scheme in ("http://", "https://"):
        session.mount(scheme, _adapter()())
    return session


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
            pool.ConnectionCls = watched(pool.ConnectionCls)
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
                proxy = proxy_for(url)
                # urllib3 has no error of its own for a SOCKS proxy.
                if not proxy or not (isinstance(error, exceptions.ProxyError) or is_socks(proxy)):
                    raise
                raise exceptions.ProxyError(
                    f"{urlsplit(url).hostname} cannot be reached through the proxy {shown(proxy)}; correct "
                    f"{variable_of(url, proxy)}, or add the host to no_proxy"
                ) from error

    return Adapter
