"""A summary without any model: sentences of the abstract."""

EXTRACTIVE_VERSION = 1
"""Part of the key of every extract: raised when the ranker or the cleaning of sentences changes."""
