"""`paperdigest doctor`: why something does not work."""

import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click

from mkdocs_paperdigest.cli.options import as_json, config_file, read_site
from mkdocs_paperdigest.cli.output import MISTAKE, UNDONE, plain_errors, print_json
from mkdocs_paperdigest.errors import ConfigurationError, SourceError, StoreError
from mkdocs_paperdigest.files import installed_versions
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.options.summarizer import (
    KEY_NAMES,
    api_key,
    is_language_model,
    key_fault,
    missing_key,
)
from mkdocs_paperdigest.storage.migrations import RECORD_SCHEMA
from mkdocs_paperdigest.text import printable

State = Literal["ok", "warning", "problem", "skipped"]
MARKS = {"ok": "ok  ", "warning": "warn", "problem": "FAIL", "skipped": "skip"}
PACKAGES = ("mkdocs-paperdigest", "mkdocs", "mkdocs-material", "properdocs", "click", "google-generativeai")
"""Packages whose versions a bug report should name."""
CONFIGURATION = "configuration"
KEY = "key"
CURES = {"Unrecognised theme name: 'material'": "pip install 'mkdocs-paperdigest[material]'"}
"""How to mend a configuration, by a sign in what MkDocs says of it."""
_TIMEOUT_S = 15.0


@click.command()
@config_file
@as_json
def doctor(config_file: Path, as_json: bool) -> None:
    """Look for what keeps the site from working.

    Checks options, versions, Markdown extensions, cache, archive and key, and asks arXiv and the
    model's endpoint one question each that costs nothing. Never prints a key. Exits with 1 if there is
    a problem (FAIL), and with 2 if the configuration is wrong or the model has no key; a warning (warn) is not a problem.
    """
    with plain_errors():
        findings = []
        for finding in _findings(config_file):
            findings.append(finding)
            if not as_json:
                click.echo(f"{MARKS[finding.state]}  {finding.about}: {printable(finding.text)}")
    if as_json:
        print_json([asdict(one) for one in findings])
    problems = {one.about for one in findings if one.state == "problem"}
    sys.exit(MISTAKE if problems & {CONFIGURATION, KEY} else UNDONE if problems else 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    about: str
    state: State
    text: str


def _findings(file: Path) -> Iterator[Finding]:
    """The results of all checks that the configuration allows."""
    try:
        options, config = read_site(file)
    except ConfigurationError as error:
        cures = (cure for sign, cure in CURES.items() if sign in str(error))
        yield Finding(CONFIGURATION, "problem", "; ".join([str(error), *cures]))
        yield _versions()
        yield _click()
        return
    yield from examine(
        options, extensions=config.markdown_extensions, plugins=tuple(config.plugins), environ=os.environ
    )


def examine(
    options: Options, *, extensions: Collection[str], plugins: Collection[str], environ: Mapping[str, str]
) -> Iterator[Finding]:
    """The results of all checks; asks arXiv and the model's endpoint at most one question each.

    Arguments:
        options: The options, which were found to be sound.
        extensions: Names of the site's Markdown extensions.
        plugins: Names of the site's plugins.
        environ: Environment variables; a key is used and never shown.
    """
    yield Finding(CONFIGURATION, "ok", f"topics: {len(options.topics)}, model: {options.model}")
    yield _versions()
    yield _click()
    yield _formulas(extensions)
    yield _chinese(options, plugins)
    yield _cache(options)
    yield _archive(options)
    yield _key(options, environ)
    yield _network()
    yield _arxiv(options)
    yield _model(options, environ)


def _versions() -> Finding:
    known = [f"{name} {number}" for name, number in installed_versions(PACKAGES).items()]
    return Finding("versions", "ok", ", ".join([f"Python {platform.python_version()}", *known]))


def _click() -> Finding:
    number = installed_versions(["click"]).get("click", "")
    # 8.3.0 to 8.3.3 give `--livereload` no default (pallets/click#3084, mkdocs/mkdocs#4032).
    if number in {"8.3.0", "8.3.1", "8.3.2", "8.3.3"}:
        return Finding(
            "live reload",
            "warning",
            f"click {number} turns the live reload of `mkdocs serve` off; "
            'pip install "click!=8.3.*", or mkdocs serve --livereload',
        )
    return Finding("live reload", "ok", f"click {number} leaves it on")


def _formulas(extensions: Collection[str]) -> Finding:
    if "pymdownx.arithmatex" in extensions:
        return Finding("formulas", "ok", "pymdownx.arithmatex is set up")
    return Finding(
        "formulas",
        "warning",
        "not typeset: add pymdownx.arithmatex with `generic: true` to `markdown_extensions`, and "
        "MathJax or KaTeX (https://squidfunk.github.io/mkdocs-material/reference/math/)",
    )


def _chinese(options: Options, plugins: Collection[str]) -> Finding:
    if not options.language.lower().startswith("zh"):
        return Finding("word search", "ok", f"needs nothing for {options.language}")
    searches = any(name.rpartition("/")[2] == "search" for name in plugins)
    if not searches or importlib.util.find_spec("jieba"):
        return Finding("word search", "ok", "jieba splits Chinese words" if searches else "no search")
    text = 'Chinese words are not split: pip install "mkdocs-paperdigest[zh]"'
    return Finding("word search", "warning", text)


def _cache(options: Options) -> Finding:
    from mkdocs_paperdigest.storage.store import open_store

    try:
        options.cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=options.cache_dir):
            pass
        with open_store(options.cache_dir) as store:
            schema, newest = store.schema, store.newest
    except OSError as error:
        text = f"{options.cache_dir} cannot be written: {error.strerror}"
        return Finding("cache", "problem", text)
    except StoreError as error:
        return Finding("cache", "problem", str(error))
    if newest > schema:
        text = (
            f"{options.cache_dir} is also used by a newer version (schema {newest}, this one has "
            f"{schema}); upgrade, or set another `cache_dir`"
        )
        return Finding("cache", "warning", text)
    return Finding("cache", "ok", f"{options.cache_dir} can be written; schema {schema}")


def _archive(options: Options) -> Finding:
    from mkdocs_paperdigest.archive.folder import read_archive
    from mkdocs_paperdigest.storage.store import open_store

    if options.archive_dir is None:
        return Finding("archive", "ok", "none is set up")
    try:
        with open_store(options.cache_dir) as store:
            archive = read_archive(options.archive_dir, store)
    except ConfigurationError as error:
        return Finding("archive", "problem", str(error))
    except (StoreError, OSError) as error:
        return Finding("archive", "skipped", str(error))
    if not archive.as_of:
        text = f"{options.archive_dir} is empty; `paperdigest update` writes it"
        return Finding("archive", "warning", text)
    return Finding("archive", "ok", f"{len(archive.records)} sound records; schema {RECORD_SCHEMA}")


def _key(options: Options, environ: Mapping[str, str]) -> Finding:
    provider = options.model.partition("/")[0]
    if not is_language_model(options.model):
        return Finding(KEY, "ok", f"{options.model} needs none")
    names = KEY_NAMES[provider]
    name = next((name for name in names if environ.get(name, "").strip()), None)
    if fault := key_fault(provider, environ):
        return Finding(KEY, "problem", fault)
    if name:
        return Finding(KEY, "ok", f"{name} is set")
    if keys := missing_key(options.model, options.model_url, environ):
        return Finding(KEY, "problem", f"{options.model} needs {keys} in the environment")
    return Finding(KEY, "ok", f"{names[0]} is not set; endpoints of your own may need none")


def _network() -> Finding:
    """Variables that lead nowhere, whether or not the addresses of this site are affected."""
    from mkdocs_paperdigest.network.setup import setup_faults

    faults = setup_faults()
    if faults:
        return Finding("network", "warning", "; ".join(faults))
    return Finding("network", "ok", "no variable for proxies or certificates leads nowhere")


def _arxiv(options: Options) -> Finding:
    from mkdocs_paperdigest.sources.session import polite_session

    if options.offline:
        return Finding("arXiv", "skipped", "`offline: true`")
    if not any(topic.asks_arxiv or topic.library for topic in options.topics):
        return Finding("arXiv", "skipped", "no topic asks it")
    url = f"{options.arxiv_url}/api/query?search_query=cat:cs.DL&max_results=1"
    try:
        with polite_session(options) as session:
            answer = session.fetch(url, accept="application/atom+xml", max_bytes=1_000_000)
    except SourceError as error:
        return Finding("arXiv", "problem", f"{options.arxiv_url}: {error}")
    if answer.status != 200 or b"<feed" not in answer.body:
        text = f"{options.arxiv_url} answered {answer.status}, and not with a list of papers"
        return Finding("arXiv", "problem", text)
    return Finding("arXiv", "ok", f"{options.arxiv_url} answers")


def _model(options: Options, environ: Mapping[str, str]) -> Finding:
    provider, _, name = options.model.partition("/")
    if not name:
        return Finding("model", "ok", f"{options.model} runs here")
    if options.offline:
        return Finding("model", "skipped", "`offline: true`")
    if key_fault(provider, environ):
        return Finding("model", "skipped", "it would not be asked with this key")
    key = api_key(provider, environ) or ""
    base, path, headers = _question(provider, name, options.model_url, key)
    import requests

    from mkdocs_paperdigest.network.setup import SetupError
    from mkdocs_paperdigest.network.watchdog import LateError, within
    from mkdocs_paperdigest.summaries.llm.calls import without_key

    try:
        status = within(_TIMEOUT_S, lambda: _status(provider, base, path, headers))
    except LateError as error:
        return Finding("model", "problem", f"{base} cannot be reached ({error})")
    except (SetupError, requests.exceptions.ProxyError) as error:
        return Finding("model", "problem", without_key(f"{base}: {error}", key))
    except (requests.RequestException, OSError, ValueError) as error:
        why = "" if isinstance(error, requests.ConnectionError) else f" ({type(error).__name__})"
        text = f"{base} cannot be reached{why}; does it run, and is `model_url` right?"
        return Finding("model", "problem", text)
    if status in (400, 401, 403) and missing_key(options.model, options.model_url, environ):
        return Finding("model", "skipped", f"{base} answers, and wants a key ({status})")
    return _judged(status, base, name)


def _status(provider: str, base: str, path: str, headers: Mapping[str, str]) -> int:
    from mkdocs_paperdigest.network.session import open_session
    from mkdocs_paperdigest.network.setup import CERTIFICATES
    from mkdocs_paperdigest.summaries.llm.gemini import GOOGLE_CERTIFICATES

    certificates = GOOGLE_CERTIFICATES if provider == "gemini" else CERTIFICATES
    with (
        open_session(base, certificates) as session,
        # Not following redirects, which would carry the key to another host.
        session.get(
            f"{base}{path}", headers=headers, timeout=_TIMEOUT_S, allow_redirects=False, stream=True
        ) as answer,
    ):
        return answer.status_code


def _judged(status: int, base: str, name: str) -> Finding:
    if status in (401, 403):
        return Finding("model", "problem", f"{base} refuses the key ({status})")
    if status == 400:
        return Finding("model", "problem", f"{base} refuses the request; is the key right? (400)")
    if status == 404:
        text = f"{base} answers, and does not say that it has {name} (404)"
        return Finding("model", "warning", text)
    if status == 429 or status >= 500:
        text = f"{base} is there, but busy or out of order ({status})"
        return Finding("model", "warning", text)
    if 300 <= status < 400:
        return Finding("model", "problem", f"{base} redirects, which is never followed ({status})")
    return Finding("model", "ok", f"{base} answers ({status})")


def _question(provider: str, name: str, url: str | None, key: str) -> tuple[str, str, dict[str, str]]:
    """Base URL, path and headers of a question that costs nothing."""
    if provider == "openai":
        from mkdocs_paperdigest.summaries.llm.openai import OPENAI_URL

        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return (url or OPENAI_URL).rstrip("/"), "/models", headers
    from mkdocs_paperdigest.summaries.llm.gemini import GEMINI_URL, path_of

    base = (url or GEMINI_URL).rstrip("/")
    return base, f"/v1beta/{path_of(name)}", {"x-goog-api-key": key} if key else {}
