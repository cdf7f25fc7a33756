"""This machine's proxies and certificates, as environment variables name them, and what is wrong with them."""

import importlib.util
import os
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit

CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Environment variables that name the certificates to trust, in the order in which requests looks at them."""
_PROXY_VARIABLES = frozenset({"http_proxy", "https_proxy", "all_proxy"})


class SetupError(OSError):
    """A proxy or the certificates of this machine cannot be used; the message names the variable and the cure."""


def setup_fault(url: str, certificates: Sequence[str] = CERTIFICATES) -> str | None:
    """What is wrong with the proxy or the certificates for an address, with the variable and the cure."""
    proxy = proxy_for(url)
    if proxy and (fault := _proxy_fault(proxy)):
        name = variable_of(url, proxy)
        cure = f"set it to an address such as http://HOST:PORT, or add {urlsplit(url).hostname} to no_proxy"
        return f"{name} is {shown(proxy)}, {fault}; {cure}"
    name, path = certificates_of(certificates)
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


def proxies_for(url: str) -> dict[str, str]:
    """The proxies for an address as requests wants them; none for this machine itself."""
    from requests.utils import get_environ_proxies

    return {} if is_loopback(url) else dict(get_environ_proxies(url))


def proxy_for(url: str) -> str | None:
    """The proxy that an address is asked through, or None."""
    from requests.utils import select_proxy

    return select_proxy(url, proxies_for(url))


def variable_of(url: str, proxy: str) -> str:
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
    if not is_socks(address):
        return f"and {scheme}:// is not a kind of proxy that is known"
    if importlib.util.find_spec("socks") is None:
        return "which needs PySocks (pip install pysocks)"
    return None


def is_socks(proxy: str) -> bool:
    """Whether an address is that of a SOCKS proxy."""
    return proxy.partition("://")[0].lower() in ("socks4", "socks4a", "socks5", "socks5h")


def certificates_of(names: Sequence[str]) -> tuple[str, str]:
    """The first of some environment variables that is set, and its value; two empty strings if none is."""
    return next(((name, value) for name in names if (value := os.environ.get(name))), ("", ""))


def _certificates_fault(path: str) -> str | None:
    import ssl

    try:
        if not Path(path).is_dir():
            ssl.create_default_context(cafile=path)
    except FileNotFoundError:
        return "where there is no file"
    except (OSError, ValueError):
        return "which cannot be read as certificates"
    return None
