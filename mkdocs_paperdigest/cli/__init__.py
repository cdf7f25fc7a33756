"""The command `paperdigest`: the same pipeline as the plugin, ahead of a build or beside it."""
