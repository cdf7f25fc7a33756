"""Reads PDFs and images, which may be hostile, in processes that can be killed."""
