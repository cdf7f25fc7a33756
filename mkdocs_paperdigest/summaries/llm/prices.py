"""What calls of a model cost, from a dated table of prices."""

from dataclasses import dataclass
from datetime import date

from mkdocs_paperdigest.models import Usage


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens, in the paid tier and without discounts for batches or caching."""

    model: str
    """Name of the model, or its beginning."""
    input: float
    output: float
    """Price of the output, which includes thoughts."""
    since: date | None = None
    """First day of this price; None for the first price that is known."""


BATCH_DISCOUNT = 0.5
"""https://ai.google.dev/gemini-api/docs/batch-api"""

AS_OF = date(2026, 11, 22)
"""When the table was last compared with https://ai.google.dev/gemini-api/docs/pricing."""

PRICES = (
    Price("gemini-2.5-flash-lite", 0.10, 0.40),
    Price("gemini-2.5-flash", 0.30, 2.50),
    Price("gemini-3.1-flash-lite", 0.25, 1.50),
    Price("gemini-3.5-flash-lite", 0.30, 2.50),
    Price("gemini-3.5-flash", 1.50, 9.00),
    *(
        price
        for version in ("3.6", "3.7", "3.8")
        for price in (
            Price(f"gemini-{version}-flash", 0.75, 3.75),
            Price(f"gemini-{version}-flash", 1.50, 7.50, date(2027, 1, 1)),
        )
    ),
    Price("gemma", 0.0, 0.0),
)


def cost(usage: Usage, model: str, day: date = AS_OF) -> float | None:
    """Estimated cost in US dollars, or None if the price of the model is not known.

    Arguments:
        usage: Numbers of tokens.
        model: Provider and name, `gemini/gemini-3.5-flash-lite`.
        day: Day of the calls.
    """
    provider, _, name = model.partition("/")
    if provider not in ("gemini", "google-generativeai"):
        return None
    name = name.removeprefix("models/")
    known = [price for price in PRICES if _names(price, name) and (price.since is None or price.since <= day)]
    if not known:
        return None
    # The longest name is the most specific; among equal names the last one has the newest price.
    price = max(reversed(known), key=lambda price: len(price.model))
    input_tokens = usage.input_tokens - BATCH_DISCOUNT * usage.batch_input_tokens
    output_tokens = usage.output_tokens - BATCH_DISCOUNT * usage.batch_output_tokens
    return (input_tokens * price.input + output_tokens * price.output) / 1_000_000


def _names(price: Price, name: str) -> bool:
    return name == price.model or name.startswith((f"{price.model}-", f"{price.model}@"))
