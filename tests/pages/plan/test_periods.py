"""How many papers each period has."""

from datetime import UTC, date, datetime

import pytest

from mkdocs_paperdigest.options.options import Period
from mkdocs_paperdigest.pages.plan.periods import Span, span_of, timeline


def counted(kind: Period, *days: str) -> list[tuple[Span, int]]:
    """A period with as many papers as days are in it."""
    spans = [span_of(datetime.fromisoformat(day).replace(tzinfo=UTC), kind) for day in days]
    return [(span, spans.count(span)) for span in dict.fromkeys(spans)]


@pytest.mark.parametrize(
    ("kind", "days", "counts", "first", "last"),
    [
        ("week", ["2024-12-18", "2024-12-30", "2025-01-01", "2025-01-12"], (1, 0, 2, 1), "2024-12-16", "2025-01-12"),
        ("day", ["2024-03-01", "2024-02-28", "2024-02-27"], (1, 1, 0, 1), "2024-02-27", "2024-03-01"),
        ("month", ["2024-02-29", "2023-12-01", "2023-11-30"], (1, 1, 0, 1), "2023-11-01", "2024-02-29"),
    ],
)  # fmt: skip
def test_periods_without_papers_count_zero(
    kind: Period, days: list[str], counts: tuple[int, ...], first: str, last: str
) -> None:
    line = timeline(counted(kind, *days))
    assert line is not None
    assert line.counts == counts
    assert (line.span.first, line.span.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("days", [[], ["2024-10-01"], ["2024-10-01", "2024-01-01", "2024-10-02"]])
def test_less_than_three_periods_with_papers_are_no_timeline(days: list[str]) -> None:
    assert timeline(counted("week", *days)) is None


def test_papers_without_periods_have_no_timeline() -> None:
    assert timeline(counted("all", "2024-10-01", "2024-09-01", "2024-08-01")) is None


def test_a_long_history_is_cut_to_the_newest_periods() -> None:
    recent = [f"2024-{month:02}-10" for month in range(1, 13)]
    line = timeline(counted("week", "1000-01-06", "2001-01-01", *recent))
    assert line is not None
    assert len(line.counts) == 52
    assert sum(line.counts) == 12
    assert timeline(counted("week", "1000-01-06", "2001-01-01", "2024-10-01")) is None
