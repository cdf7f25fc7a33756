"""Where the plugin reaches into MkDocs: files, navigation, rendering and search index of our own pages."""
