"""What tests of downloads and of arXiv's search share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mkdocs_paperdigest.sources.request import Bounds
from mkdocs_paperdigest.sources.session import PoliteSession


@pytest.fixture
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PoliteSession]:
    """A session without pauses, with short time limits in tests where the server is silent."""
    held_back = "stall" in request.node.name
    bounds = Bounds(silence_s=0.3, total_s=3.0) if held_back else Bounds()
    with PoliteSession(folder=tmp_path, interval_s=0.0, user_agent="test/0", bounds=bounds) as opened:
        yield opened
