"""Summarizes papers: asks a language model or extracts from the abstract, and checks every answer."""
