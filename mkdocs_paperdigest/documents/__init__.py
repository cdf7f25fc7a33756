"""What is in a paper: its text and its figures."""
