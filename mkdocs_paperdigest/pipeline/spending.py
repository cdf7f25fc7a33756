"""What model calls have cost so far, noted at once for each paper, and what more of them will cost."""

from dataclasses import dataclass

from mkdocs_paperdigest.models import Paper, Usage
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import Expense, spending_notes
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.llm.prices import cost

TYPICAL = Usage(16_000, 2_500, 1)
"""One whole paper of 60,000 characters, where nothing was spent on the model yet."""
TYPICAL_CHECK = Usage(1_500, 500, 1)
"""Some 15 statements with their quotations, where none were compared yet."""
TYPICAL_OVERVIEW = Usage(4_000, 600, 1)
"""The statements of some ten papers, where none was written yet."""


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What was spent on one model in all."""

    model: str
    papers: int
    """How often a paper was worked on, apart from checks and overviews."""
    usage: Usage
    """Of everything."""
    checks: int
    """How often statements and quotations of a paper were compared."""
    check_usage: Usage
    """The part of the usage that this took."""
    overviews: int
    """How often the overview of a page was asked for."""
    overview_usage: Usage
    """The part of the usage that this took."""
    dollars: float | None
    """At the price of each day; None where the price of the model is not known."""


def note_spending(
    paper: Paper, purpose: str, usage: Usage, run: Run, *, checks: bool = False, overview: bool = False
) -> None:
    """Notes what calls for a paper have cost; `purpose` distinguishes the calls of one build."""
    if usage.calls:
        expense = Expense(run.options.model, run.now, usage, checks, overview)
        run.shelves.spending.put(expense, paper, purpose)


def cost_by_model(store: Store) -> tuple[ModelCost, ...]:
    """What was spent so far, as far as this cache knows, by model."""
    notes: dict[str, list[Expense]] = {}
    for note in spending_notes(store):
        notes.setdefault(note.model, []).append(note)
    return tuple(_total(model, notes[model]) for model in sorted(notes))


def expected_usage(papers: int, checks: int, run: Run, *, overviews: int = 0) -> Usage:
    """What it will take to summarize papers, to check statements of papers, and to write overviews of pages.

    As much a paper as the model took so far; where nothing was spent on it yet, as much as a typical one takes.
    """
    so_far = next((one for one in cost_by_model(run.store) if one.model == run.options.model), None)
    asked, checked, written = (TYPICAL, 1), (TYPICAL_CHECK, 1), (TYPICAL_OVERVIEW, 1)
    if so_far and so_far.papers:
        asked = so_far.usage - so_far.check_usage - so_far.overview_usage, so_far.papers
    if so_far and so_far.checks:
        checked = so_far.check_usage, so_far.checks
    if so_far and so_far.overviews:
        written = so_far.overview_usage, so_far.overviews
    usage = _times(papers, *asked) + _times(checks, *checked) + _times(overviews, *written)
    return usage.by_batch if run.by_batch else usage


def _times(wanted: int, usage: Usage, seen: int) -> Usage:
    return Usage(
        round(usage.input_tokens * wanted / seen),
        round(usage.output_tokens * wanted / seen),
        round(usage.calls * wanted / seen),
    )


def _total(model: str, notes: list[Expense]) -> ModelCost:
    prices = [cost(note.usage, model, note.at.date()) for note in notes]
    known = [price for price in prices if price is not None]
    checks = [note for note in notes if note.checks]
    overviews = [note for note in notes if note.overview]
    return ModelCost(
        model,
        papers=len(notes) - len(checks) - len(overviews),
        usage=sum((note.usage for note in notes), Usage()),
        checks=len(checks),
        check_usage=sum((note.usage for note in checks), Usage()),
        overviews=len(overviews),
        overview_usage=sum((note.usage for note in overviews), Usage()),
        dollars=sum(known) if len(known) == len(prices) else None,
    )
