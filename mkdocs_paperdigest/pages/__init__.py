"""Turns digests into pages: planning, rendering and writing them, with their labels and assets."""
