"""What is said of a paper, and whether it may be said."""

PROMPT_VERSION = 1
"""Part of every summary's key: to raise it is to pay for all summaries anew."""

MAX_ATTEMPTS = 3
"""Builds that may ask a model for the same fields of a paper."""

NOT_GIVEN = "not given"
"""Reason of an omission that is nobody's fault: the paper does not say. It is not asked for again."""

EXTRACTIVE_VERSION = 1
"""Part of the key of every extract: raised when the ranker or the cleaning of sentences changes."""
