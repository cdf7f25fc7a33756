"""Digest pages of research papers for MkDocs."""

__version__ = "0.1.0"
