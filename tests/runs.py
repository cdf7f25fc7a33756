"""Builds, updates and digests from options alone, as plugin and command line run them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pages.plan.contents import SiteAddress
from mkdocs_paperdigest.pipeline import digest, site
from mkdocs_paperdigest.pipeline import forecast as forecasts
from mkdocs_paperdigest.pipeline.forecast import Forecast
from mkdocs_paperdigest.pipeline.report import Report
from mkdocs_paperdigest.pipeline.run import Run, open_run
from mkdocs_paperdigest.pipeline.site import Site, Update
from mkdocs_paperdigest.storage.store import Store

if TYPE_CHECKING:
    from tests.fakes.arxiv import FakeArxiv
    from tests.fakes.gemini import FakeGemini

ADDRESS = SiteAddress("Lab", "https://lab.example/", directory_urls=True)
"""Where the sites of these builds say that they stand."""
GATES = Topic("Gates", "gates", phrases=("gate",))
"""What `tests.conftest.gate_papers` are about."""


def gate_options(cache_dir: Path, arxiv: "FakeArxiv", gemini: "FakeGemini", **others: Any) -> Options:
    """Options for a site of that topic, with an arXiv and a model of the tests."""
    settings = {
        "topics": (GATES,),
        "cache_dir": cache_dir,
        "arxiv_url": arxiv.url,
        "request_interval_s": 0.005,
        "model": "gemini/gemini-3.5-flash-lite",
        "model_url": gemini.url,
    }
    return Options(**settings | others)


def build_site(options: Options, *, now: datetime, environ: Mapping[str, str], **others: Any) -> Site:
    with open_run(options, now=now, environ=environ, **others) as run:
        return site.build_site(run, ADDRESS)


def update(options: Options, *, now: datetime, environ: Mapping[str, str], **others: Any) -> Update:
    with open_run(options, now=now, environ=environ, updates=True, **others) as run:
        return site.update(run)


def forecast(options: Options, *, now: datetime, environ: Mapping[str, str], **others: Any) -> Forecast:
    with open_run(options, now=now, environ=environ, updates=True, **others) as run:
        return forecasts.forecast(run)


def make_digests(
    options: Options,
    store: Store,
    *,
    now: datetime,
    environ: Mapping[str, str],
    prepare: Callable[[], object] | None = None,
    **others: Any,
) -> Report:
    with Run(options, store, now, environ, **others) as run:
        return digest.make_digests(run, prepare)
