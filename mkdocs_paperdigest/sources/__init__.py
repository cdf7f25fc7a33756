"""Where papers come from: arXiv's search and files, and BibTeX libraries of local reports."""
