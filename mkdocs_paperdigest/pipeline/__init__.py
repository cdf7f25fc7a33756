"""Topics in, digests out: the only place where sources, documents, summaries, pages and archive meet."""
