"""What is in a paper: its text and its figures."""

DOCUMENT_VERSION = 2
"""Part of the key of every document: raised when text or figures are found in another way."""
