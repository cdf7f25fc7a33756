"""Turns planned pages into Markdown, with our templates or the user's."""
