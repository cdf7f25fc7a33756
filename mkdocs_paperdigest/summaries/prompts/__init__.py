"""Makes the prompt for a model from templates, with the parts of a paper that the model can read."""
