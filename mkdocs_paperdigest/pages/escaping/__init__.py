"""Makes external text harmless in pages, and its TeX readable."""
