"""Summarizes papers: asks a language model or extracts from the abstract, and checks every answer."""

JUDGEMENT_VERSION = 6
"""Version of marks and gate: raise it when they judge differently.

What is stored is then judged again from the stored text, without a call of a model. It is no part of a key, unlike
`PROMPT_VERSION`: summaries are paid for once.
"""
