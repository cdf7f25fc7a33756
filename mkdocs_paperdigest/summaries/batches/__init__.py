"""Gemini's batch mode, at half the price of calls: an optional wing that only `pipeline/run` opens.

`BatchModel` wraps the model that is called. It answers from the replies of finished batches, and puts
other questions into the next batch. Code that asks a model does not know which of the two it is.
"""

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.storage.store import Store


def takes_batches(model: str) -> bool:
    """Whether a model, `provider/name`, has a batch mode that we support."""
    return model.startswith("gemini/")


def check_batch_mode(options: Options) -> None:
    """Raises `ConfigurationError` if the options forbid requests, or their model has no batch mode."""
    if options.offline:
        raise ConfigurationError(
            "--batch sends requests, and `offline` is true; set it to false, or leave --batch out"
        )
    if not takes_batches(options.model):
        raise ConfigurationError(
            f"--batch works with Gemini models only, and `model` is {options.model}; "
            "write gemini/NAME, or leave --batch out"
        )


def pending_papers(store: Store, model: str) -> frozenset[str]:
    """Keys of the papers that batches of `model` ask about, whether or not the replies are there."""
    from mkdocs_paperdigest.summaries.batches.stored import papers_of, read_batches

    return papers_of(read_batches(store, model))
