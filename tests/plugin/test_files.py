"""How images get from the cache to the site."""

from pathlib import Path

import pytest

from tests.conftest import PAPER
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import build_here, write_site


@pytest.mark.parametrize(("command", "links"), [("build", 1), ("serve", 2)])
def test_only_the_server_links_to_the_cache(tmp_path: Path, command: str, links: int) -> None:
    with FakeArxiv([PAPER]) as arxiv:
        topic = {"title": "Gates", "phrases": ["gate"]}
        write_site(tmp_path, {"topics": [topic], "arxiv_url": arxiv.url})
        build_here(tmp_path, command)
        site = build_here(tmp_path, command)
    cached = sorted((tmp_path / ".cache").rglob("fig-*.webp"))
    assert cached
    assert [path.stat().st_nlink for path in cached] == [links] * len(cached)
    published = [content for name, content in site.items() if name.endswith(".webp")]
    assert sorted(published) == sorted(path.read_bytes() for path in cached)
