"""What model calls have cost so far, noted at once for each paper."""

from dataclasses import dataclass

from mkdocs_paperdigest.models import Paper, Usage
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import Expense, spending_notes
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.llm.prices import cost


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What was spent on one model in all."""

    model: str
    papers: int
    """How often a paper was worked on."""
    usage: Usage
    dollars: float | None
    """At the price of each day; None where the price of the model is not known."""


def note_spending(paper: Paper, purpose: str, usage: Usage, run: Run) -> None:
    """Notes what calls for a paper have cost; `purpose` distinguishes the calls of one build."""
    if usage.calls:
        expense = Expense(run.options.model, run.now, usage)
        run.shelves.spending.put(expense, paper, purpose)


def cost_by_model(store: Store) -> tuple[ModelCost, ...]:
    """What was spent so far, as far as this cache knows, by model."""
    notes: dict[str, list[Expense]] = {}
    for note in spending_notes(store):
        notes.setdefault(note.model, []).append(note)
    return tuple(_total(model, notes[model]) for model in sorted(notes))


def _total(model: str, notes: list[Expense]) -> ModelCost:
    prices = [cost(note.usage, model, note.at.date()) for note in notes]
    known = [price for price in prices if price is not None]
    usage = sum((note.usage for note in notes), Usage())
    return ModelCost(model, len(notes), usage, sum(known) if len(known) == len(prices) else None)
