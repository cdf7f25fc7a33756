"""Proxies, certificates and keys of this machine that are wrong: one provider's trouble stays one provider's."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest

from mkdocs_paperdigest.cli.doctor import examine
from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.network.setup import is_loopback, setup_fault, shown
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.options.summarizer import key_fault
from mkdocs_paperdigest.sources.session import polite_session
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.llm.model import open_model
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.runs import make_digests
from tests.summaries.conftest import NOW, PROMPT, TOPIC


@pytest.fixture
def fake() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


VARIABLES = [
    spelling
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    for spelling in (name, name.upper())
]
VARIABLES += ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"]
ELSEWHERE = "http://models.test:1"
"""An address that is not this machine's; nothing is asked there, because the proxy is wrong."""
KEYS = {"gemini": "GEMINI_API_KEY", "openai": "OPENAI_API_KEY"}


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def options_of(folder: Path, provider: str, url: str, **more: Any) -> Options:
    return Options(
        (TOPIC,), cache_dir=folder, model=f"{provider}/gemini-3.5-flash-lite", model_url=url, **more
    )


def refusal(options: Options, environ: dict[str, str]) -> ModelCallError:
    model = open_model(options, environ)
    assert model is not None
    with pytest.raises(ModelCallError) as caught:
        model.ask(PROMPT)
    return caught.value


PROXIES = {
    "socks://127.0.0.1:7890/": "not a kind of proxy",
    "socks5://127.0.0.1:7890": "needs PySocks",
    "socks5h://me:secret@127.0.0.1:7890": "needs PySocks",
    "SOCKS4://127.0.0.1:7890": "needs PySocks",
    "ftp://127.0.0.1:7890": "not a kind of proxy",
    "http://127.0.0.1:port": "not an address",
    "http://": "not an address",
    "http://127.0.0.1 :8080": "not an address",
}


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize("name", ["all_proxy", "ALL_PROXY", "http_proxy"])
@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_that_cannot_be_used_is_named_with_its_variable(
    proxy: str, name: str, provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "socks", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv(name, proxy)
    failure = refusal(options_of(tmp_path, provider, ELSEWHERE), {KEYS[provider]: "k" * 20})
    assert (failure.outcome, failure.usage.calls) == (Outcome.SETUP, 0)
    assert f"{name} is " in str(failure)
    assert PROXIES[proxy] in str(failure)
    assert "no_proxy" in str(failure)
    assert "secret" not in str(failure)
    with (
        polite_session(options_of(tmp_path, provider, ELSEWHERE, arxiv_url="http://arxiv.test:1")) as session,
        pytest.raises(SourceError, match=rf"arXiv could not be reached: {name} is "),
    ):
        session.fetch("http://arxiv.test:1/abs/1", accept="*/*", max_bytes=1)


@pytest.mark.parametrize("provider", KEYS)
def test_the_proxy_for_the_address_goes_before_that_for_all(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clash sets both, and the one for all is of a kind that needs another package."""
    with FakeGemini() as proxy:
        monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1")
        monkeypatch.setenv("http_proxy", proxy.url)
        model = open_model(options_of(tmp_path, provider, f"{ELSEWHERE}/v1"), {KEYS[provider]: "k" * 20})
        assert model is not None
        assert model.ask(PROMPT).text
        assert len(proxy.calls) == 1


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "127.9.8.7"])
def test_a_model_on_this_machine_is_asked_without_a_proxy(
    host: str, provider: str, fake: FakeGemini, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    url = (fake.url if provider == "gemini" else fake.openai_url).replace("127.0.0.1", host)
    if host == "127.9.8.7":
        assert is_loopback(url)
        return
    model = open_model(options_of(tmp_path, provider, url), {KEYS[provider]: "k" * 20})
    assert model is not None
    assert model.ask(PROMPT).text


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://[::1]:11434/v1", True),
        ("http://[::ffff:127.0.0.1]/", True),
        ("http://ollama.localhost", True),
        ("http://localhost.example.org", False),
        ("http://10.0.0.1", False),
        ("http://[", False),
    ],
)
def test_which_addresses_are_this_machine(url: str, own: bool) -> None:
    assert is_loopback(url) is own


def test_a_proxy_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://me:secret@127.0.0.1:1")
    options = options_of(tmp_path, "openai", ELSEWHERE, arxiv_url="http://arxiv.test:1", request_interval_s=0)
    model = open_model(options, {})
    assert model is not None
    model._sleep = lambda _: None
    with pytest.raises(ModelCallError, match=r"through the proxy http://127\.0\.0\.1:1; correct http_proxy"):
        model.ask(PROMPT)
    with (
        polite_session(options) as session,
        pytest.raises(SourceError, match=r"arXiv could not be reached: arxiv\.test .*; correct http_proxy"),
    ):
        session.fetch("http://arxiv.test:1/abs/1", accept="*/*", max_bytes=1)


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize("content", [None, "", "no certificate", "\x00\xff"])
def test_certificates_that_cannot_be_used_are_named_with_their_variable(
    content: str | None, provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "certificates.pem"
    if content is not None:
        path.write_text(content)
    names = {"gemini": "SSL_CERT_FILE", "openai": "REQUESTS_CA_BUNDLE"}
    monkeypatch.setenv(names[provider], str(path))
    options = options_of(tmp_path, provider, "https://models.test:1", arxiv_url="https://arxiv.test:1")
    failure = refusal(options, {KEYS[provider]: "k" * 20})
    assert (failure.outcome, failure.usage.calls) == (Outcome.SETUP, 0)
    assert str(failure).startswith(f"{names[provider]} is {path}, ")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with (
        polite_session(options) as session,
        pytest.raises(SourceError, match="arXiv could not be reached: REQUESTS_CA_BUNDLE is "),
    ):
        session.fetch("https://arxiv.test:1/abs/1", accept="*/*", max_bytes=1)


class _Ok(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of `localhost`, which this machine does not trust."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    try:
        subprocess.run(
            [*command.split(), "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("no openssl")
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[str]:
    """The address of a server with that certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Ok)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    cast(Any, server).handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("provider", KEYS)
def test_a_certificate_that_is_not_trusted_is_named(
    provider: str, secure: str, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = options_of(tmp_path, provider, secure, arxiv_url=secure, request_interval_s=0)
    failure = refusal(options, {KEYS[provider]: "k" * 20})
    assert failure.outcome is Outcome.SETUP
    assert str(failure).startswith("the certificate of localhost is not trusted (")
    assert "REQUESTS_CA_BUNDLE" in str(failure)
    with polite_session(options) as session, pytest.raises(SourceError, match="the certificate of localhost"):
        session.fetch(f"{secure}/abs/1", accept="*/*", max_bytes=10)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", f"{certificate}.crt")
    with polite_session(options) as session:
        assert session.fetch(f"{secure}/abs/1", accept="*/*", max_bytes=10).body == b"ok"


ODD_KEYS = {
    "a line break": "AIzaSyDUMMYdummy0123\n456789abcdefNOTAKEY",
    "a carriage return": "sk-first-half-0123\rsecond-half-4567",
    "typographic quotes": "“sk-not-a-key-at-all”",
    "angle quotes": "«sk-not-a-key-at-all»",
    "quotes": '"sk-not-a-key-at-all"',
    "apostrophes": "'sk-not-a-key-at-all'",
    "a space": "sk-first-half second-half-0123",
    "a tab": "sk-first-half\tsecond-half-0123",
    "a no-break space": "sk-first-half\u00a0second-half-0123",
    "a zero-width space": "sk-not-a-key\u200b-at-all-0123",
    "a mark of byte order": "\ufeffsk-not-a-key-at-all-0123",
    "letters of Cyrillic": "sk-пот-a-key-at-all-0123",
    "an em dash": "sk\u2014not-a-key-at-all-0123",
    "an escape": "sk-not\x1b[31m-a-key-at-all",
    "a null": "sk-not-a-key\x00-at-all-0123",
}


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize("odd", ODD_KEYS)
def test_a_key_that_cannot_be_one_is_never_sent_nor_shown(
    odd: str, provider: str, fake: FakeGemini, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    key = ODD_KEYS[odd]
    url = fake.url if provider == "gemini" else fake.openai_url
    options, environ = options_of(tmp_path, provider, url), {KEYS[provider]: key}
    failure = refusal(options, environ)
    assert (failure.outcome, failure.usage.calls) == (Outcome.AUTH, 0)
    assert fake.calls == []
    lines = [record.getMessage() for record in caplog.records if record.levelname == "INFO"]
    assert len(lines) == 1
    assert KEYS[provider] in lines[0]
    found = [
        finding
        for finding in examine(options, extensions=(), plugins=(), environ=environ)
        if finding.about == "key"
    ]
    assert [finding.state for finding in found] == ["problem"]
    said = f"{failure} {caplog.text} {found}"
    assert [part for part in (key[start : start + 6] for start in range(len(key) - 5)) if part in said] == []


@pytest.mark.parametrize(
    "key", ["k", "sk-proj-a_b-C.9~+/=", "a'b", "key with a line break at its end\n".replace(" ", "-")]
)
def test_a_key_that_may_be_one_is_sent(key: str) -> None:
    assert key_fault("openai", {"OPENAI_API_KEY": key}) is None


def test_the_variable_that_was_read_is_named() -> None:
    assert (key_fault("gemini", {"GEMINI_API_KEY": " ", "GOOGLE_API_KEY": "a b"}) or "").startswith(
        "GOOGLE_API_KEY "
    )


@pytest.mark.parametrize("provider", KEYS)
def test_what_was_read_of_a_paper_stays(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its text, its figures and the extract, whatever opening a model raises."""
    caplog.set_level("INFO")
    monkeypatch.setenv("all_proxy", "socks://127.0.0.1:1")
    with FakeArxiv([PAPER]) as arxiv:
        options = options_of(tmp_path, provider, ELSEWHERE, arxiv_url=arxiv.url, request_interval_s=0)
        topic = replace(TOPIC, ids=(PAPER.id,))
        store = Store(tmp_path / "store")
        done = make_digests(
            replace(options, topics=(topic,)), store, now=NOW, environ={KEYS[provider]: "k" * 20}
        )
        store.close()
    (entry,) = done.digests[0].entries
    assert entry.document is not None
    assert entry.document.source != "abstract"
    assert entry.summary is not None
    assert entry.summary.summary
    lines = [record.getMessage() for record in caplog.records if "all_proxy" in record.getMessage()]
    assert len(lines) == 1
    assert lines[0].startswith(f"model {provider}/")
    assert "all_proxy" not in str(entry), "what is shown names nothing of this machine"


def test_passwords_of_proxies_are_not_shown() -> None:
    assert shown("http://me:se@cret@proxy.example:8080/") == "http://proxy.example:8080/"
    assert shown("me:secret@proxy.example:8080") == "proxy.example:8080"


def test_certificates_do_not_matter_without_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing"))
    assert setup_fault("http://models.test") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("all_proxy", "socks://h:1"), ("HTTPS_PROXY", "http://:x"), ("SSL_CERT_FILE", "/nowhere/at/all.pem")],
)
def test_doctor_names_variables_that_lead_nowhere(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    options = options_of(tmp_path, "openai", "https://models.test:1", arxiv_url="https://arxiv.test:1")
    findings = {one.about: one for one in examine(options, extensions=(), plugins=(), environ={})}
    assert findings["network"].state == "warning"
    assert findings["network"].text.startswith(f"{name} is {value}, ")
    if name != "SSL_CERT_FILE":
        assert findings["model"].state == "problem"
        assert name in findings["model"].text
