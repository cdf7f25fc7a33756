"""Processes as the product starts and ends them."""

import pytest


@pytest.fixture
def lasting_readers() -> None:
    """In place of that for all other tests: each reader starts its own processes and ends them."""
