"""Decides which pages a site has and which entries stand on each."""
