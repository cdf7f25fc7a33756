"""Connections to other machines: each call ends in time, by this machine's proxies and certificates."""
