"""Gemini's batch mode, half the price of calls: an optional wing that only `pipeline/run` opens.

`BatchModel` wraps the model that is called: it answers from what batches have brought, and puts other
questions into the next batch. What uses a model does not know which of the two it asks.
"""

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries.batches.stored import papers_of, read_batches


def takes_batches(model: str) -> bool:
    """Whether a model, `provider/name`, has a batch mode that we know."""
    return model.startswith("gemini/")


def check_batch_mode(options: Options) -> None:
    """Raises `ConfigurationError` where the model of the options has no batch mode."""
    if options.offline:
        raise ConfigurationError("--batch sends nothing while `offline: true`")
    if not takes_batches(options.model):
        raise ConfigurationError(
            f"--batch is for models of Gemini alone, and `model` is {options.model}; "
            "write gemini/NAME, or leave --batch out"
        )


def pending_papers(store: Store, model: str) -> frozenset[str]:
    """Keys of the papers that a batch of `model` was asked about, whether it has answered or not."""
    return papers_of(batch for batch in read_batches(store) if batch.model == model)
