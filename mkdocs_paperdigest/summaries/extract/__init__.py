"""Summarizes without a language model, with sentences of the abstract."""

EXTRACTIVE_VERSION = 7
"""Part of the key of every extract; raise it when the ranker or the cleaning of sentences changes."""
