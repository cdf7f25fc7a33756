"""Keeps broken text off pages: `judge` applies the rules of the other modules, `words` has their words."""
