"""The options as the core sees them: checked, typed, with every path absolute."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Period = Literal["day", "week", "month", "all"]
FiguresLicense = Literal["all", "open"]
SearchScope = Literal["summary", "all", "none"]

ARXIV_INTERVAL_S = 3.0
"""The pause between requests that arXiv asks for (https://info.arxiv.org/help/api/tou.html)."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One item of `topics`: what to look for and how to show it."""

    title: str
    slug: str
    description: str | None = None
    phrases: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    library: Path | None = None
    max_papers: int = 50
    since: date | timedelta | None = None
    """Papers submitted before this date, or longer ago than this, are left out."""
    min_relevance: int = 0

    @property
    def asks_arxiv(self) -> bool:
        """Whether arXiv's search has to be asked (a library may bring arXiv ids all the same)."""
        return bool(self.phrases or self.query or self.authors or self.ids)

    def first_day(self, now: datetime) -> date | None:
        """The oldest submission date that is shown, or None for no limit."""
        if isinstance(self.since, timedelta):
            return (now - self.since).date()
        return self.since


@dataclass(frozen=True, slots=True)
class Options:
    """All options. Field names are the options' names; units stand in the name where needed."""

    topics: tuple[Topic, ...]
    cache_dir: Path
    digest_dir: str = "digests"
    period: Period = "week"
    language: str = "en"
    model: str = "extractive"
    """Resolved: `none`, `extractive`, or `provider/name`; never `auto`."""
    model_url: str | None = None
    model_timeout_s: float = 120.0
    model_concurrency: int = 4
    max_new_papers: int = 30
    refresh: timedelta = timedelta(hours=20)
    offline: bool = False
    archive_dir: Path | None = None
    arxiv_url: str = "https://export.arxiv.org"
    request_interval_s: float = 3.0
    contact: str | None = None
    figures: bool = True
    figures_max: int = 8
    figures_license: FiguresLicense = "all"
    templates_dir: Path | None = None
    search_scope: SearchScope = "summary"
    log_level: int = logging.INFO
    """A level of the `logging` module for trouble that is not the user's mistake."""

    @property
    def license_decides(self) -> bool:
        """Whether figures are shown of papers under an open licence only."""
        return self.figures and self.figures_license == "open"

    @property
    def least_interval_s(self) -> float:
        """The shortest pause between requests to `arxiv_url`: arXiv's own hosts ask for one."""
        host = urlsplit(self.arxiv_url).hostname or ""
        return ARXIV_INTERVAL_S if f".{host}".endswith(".arxiv.org") else 0.0
