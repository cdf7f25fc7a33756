"""Calls language models: the providers, retries, the ways in which a call can fail, and prices."""
