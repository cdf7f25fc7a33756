"""Sorts papers into periods: the day, week or month in which they were submitted."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.options.options import Period


class HasPaper(Protocol):
    """An entry of a digest or of a page."""

    @property
    def paper(self) -> Paper:
        """The paper of the entry."""

    @property
    def rank(self) -> float:
        """Papers of a page with higher ones come first."""


E = TypeVar("E", bound=HasPaper)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that one page covers."""

    kind: Period
    name: str
    """The page's name: `2024-10-19`, `2024-w42`, `2024-10`, `all`."""
    first: date
    last: date


def span_of(published: datetime, kind: Period) -> Span:
    """The span of a paper, by the UTC day of its first version; weeks are those of ISO 8601."""
    day = published.astimezone(UTC).date()
    match kind:
        case "day":
            return Span(kind, day.isoformat(), day, day)
        case "week":
            year, week, weekday = day.isocalendar()
            monday = day - timedelta(days=weekday - 1)
            return Span(kind, f"{year}-w{week:02}", monday, monday + timedelta(days=6))
        case "month":
            last = calendar.monthrange(day.year, day.month)[1]
            return Span(kind, f"{day:%Y-%m}", day.replace(day=1), day.replace(day=last))
        case "all":
            return Span(kind, "all", day, day)


def by_span(entries: Iterable[E], kind: Period) -> list[tuple[Span, tuple[E, ...]]]:
    """The entries grouped by span, the newest span first, and in it the entry of the highest rank, then the newest."""
    ordered = sorted(
        entries, key=lambda entry: (entry.rank, entry.paper.published, entry.paper.key), reverse=True
    )
    found: dict[str, tuple[Span, list[E]]] = {}
    for entry in ordered:
        span = span_of(entry.paper.published, kind)
        found.setdefault(span.name, (span, []))[1].append(entry)
    spans = sorted(found.values(), key=lambda item: item[0].first, reverse=True)
    return [(_whole(span, members), tuple(members)) for span, members in spans]


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many papers each period has, the oldest first."""

    kind: Period
    span: Span
    """From the first day of the oldest period to the last day of the newest."""
    counts: tuple[int, ...]


def timeline(periods: Iterable[tuple[Span, int]]) -> Timeline | None:
    """The newest periods without a gap: those that have no papers count zero. None where fewer than three have any.

    Arguments:
        periods: Each period that has papers, and how many it has.
    """
    found = {span.first: (span, papers) for span, papers in periods if span.kind != "all"}
    if not found:
        return None
    newest = oldest = found[max(found)][0]
    counts = [found[newest.first][1]]
    while oldest.first > min(found) and len(counts) < _BARS:
        before = datetime.combine(oldest.first - timedelta(days=1), time(), UTC)
        oldest = span_of(before, newest.kind)
        counts.append(found[oldest.first][1] if oldest.first in found else 0)
    if len(counts) - counts.count(0) < _FEWEST_BARS:
        return None
    return Timeline(newest.kind, Span("all", "all", oldest.first, newest.last), tuple(counts[::-1]))


_BARS, _FEWEST_BARS = 52, 3
"""A year of weeks, as much as fits on a telephone; and what a picture says more clearly than words."""


def _whole(span: Span, members: Sequence[HasPaper]) -> Span:
    if span.kind != "all":
        return span
    days = [member.paper.published.astimezone(UTC).date() for member in members]
    return Span("all", "all", min(days), max(days))
