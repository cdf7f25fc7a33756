"""What arXiv's own terms mean: identifiers, categories, query grammar, licences; without network."""
