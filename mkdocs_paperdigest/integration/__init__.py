"""Where the plugin reaches into MkDocs: rendering and the search index of our own pages."""
