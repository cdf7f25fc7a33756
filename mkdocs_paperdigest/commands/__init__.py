"""The commands of `paperdigest`, one a module; each translates between a terminal and the core."""
