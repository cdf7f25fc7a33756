"""Reads a model's answer: finds its JSON object and converts its fields to our types."""
