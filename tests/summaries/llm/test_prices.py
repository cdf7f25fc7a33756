"""What calls cost."""

from datetime import date

import pytest

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.llm.prices import cost

MILLION = Usage(1_000_000, 1_000_000, 1)


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gemini/gemini-3.5-flash-lite", 2.80),
        ("gemini/gemini-3.5-flash-lite-preview-09", 2.80),
        ("gemini/gemini-3.5-flash", 10.50),
        ("gemini/models/gemini-3.5-flash", 10.50),
        ("google-generativeai/gemini-2.5-flash-lite", 0.50),
        ("gemini/gemma-4-31b-it", 0.0),
        ("gemini/gemini-flash-latest", None),
        ("gemini/gemini-3.55", None),
        ("openai/gemini-3.5-flash-lite", None),
        ("extractive", None),
    ],
)
def test_prices(model: str, dollars: float | None) -> None:
    assert cost(MILLION, model) == (None if dollars is None else pytest.approx(dollars))


def test_prices_change_on_their_day() -> None:
    assert cost(MILLION, "gemini/gemini-3.8-flash", date(2026, 12, 31)) == pytest.approx(4.50)
    assert cost(MILLION, "gemini/gemini-3.8-flash", date(2027, 1, 1)) == pytest.approx(9.00)


def test_a_paper_costs_a_tenth_of_a_cent() -> None:
    assert cost(Usage(700, 350, 1), "gemini/gemini-3.5-flash-lite") == pytest.approx(0.001085)
