"""Reads PDFs on a Dask cluster: an optional wing."""
