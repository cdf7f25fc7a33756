"""What is said of a paper, and whether it may be said."""
