"""What arXiv's words mean: identifiers, categories, query grammar, licences. No network."""
