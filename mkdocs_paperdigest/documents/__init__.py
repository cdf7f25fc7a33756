"""What is in a paper's file: text, figures, links and licence; no network, no store."""

DOCUMENT_VERSION = 5
"""Version of the readers: raise it when they find text or figures differently.

Papers read by an older version stay on their pages until they are read again, a few in each build. Their
summaries are kept.
"""
