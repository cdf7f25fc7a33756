"""What is in a paper: its text and its figures."""

DOCUMENT_VERSION = 2
"""Version of the reader: raised when text or figures are found in another way.

Papers that an older one has read are shown as they are until they are read again, a few in each build,
and what a model said of them stays.
"""
