"""arXiv's HTML of a paper: its text, licence, links and figures."""
