"""Keeps broken text from pages: `judge` applies the rules of the other modules, `words` holds their words."""
