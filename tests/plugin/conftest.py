"""A site whose papers have been read once, for tests that only show them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import build, write_site

TOPIC = {"title": "Gates", "phrases": ["gate"]}


@pytest.fixture(scope="session")
def lasting_arxiv() -> Iterator[FakeArxiv]:
    """Two papers, for tests in which nothing is asked."""
    other = replace(PAPER, id="2410.00002", title="Another gate", published=PAPER.published.replace(day=2))
    with FakeArxiv([PAPER, other]) as fake:
        yield fake


@pytest.fixture(scope="session")
def known(lasting_arxiv: FakeArxiv, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build keeps that has read the papers."""
    root = tmp_path_factory.mktemp("known")
    built = build(write_site(root, {"topics": [TOPIC], "arxiv_url": lasting_arxiv.url}))
    assert built.code == 0, built.log
    return root / ".cache"
