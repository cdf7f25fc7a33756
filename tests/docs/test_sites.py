"""Every mkdocs.yml of README and docs, completed to a site, builds without a warning."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import PAPER
from tests.docs.blocks import Block, blocks
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import build_here

KINDS = {
    "site": {"theme", "nav", "plugins", "markdown_extensions"},
    "workflow of GitHub": {"jobs"},
    "pipeline of GitLab": {"pages"},
    "record": {"paper"},
}
TOPIC = {"title": "Talking head generation", "phrases": ["talking head"]}
NAMED = (("2410.13726", 1), ("hep-th/9901001", 2))
LIBRARY = "@techreport{one, title = {One}, author = {Ada Lovelace}, year = {2026}}\n"


def kind_of(block: Block) -> str:
    """What a block of YAML is; there must be no other kinds, which no test would look at."""
    keys = yaml.safe_load(block.text).keys()
    kinds = [kind for kind, some in KINDS.items() if some & keys]
    assert len(kinds) == 1, f"{block}: {kinds}"
    return kinds[0]


SITES = [block for block in blocks("yaml") if kind_of(block) == "site"]


@pytest.fixture(scope="module")
def arxiv() -> Iterator[FakeArxiv]:
    """Loopback in place of `offline: true`, with which an empty cache has nothing to show: a warning."""
    papers = [
        replace(PAPER, id=id_, version=version, title="A talking head and figure extraction")
        for id_, version in NAMED
    ]
    with FakeArxiv(papers) as fake:
        yield fake


def complete(block: Block, root: Path, arxiv_url: str) -> list[dict[str, Any]]:
    """Writes the mkdocs.yml of a whole site and the files that it names; returns its topics."""
    config = {"site_name": "Lab", "site_url": "https://lab.example/", "theme": "mkdocs"}
    config |= yaml.safe_load(block.text)
    config["strict"] = True
    config["validation"] = {"omitted_files": "warn", "anchors": "warn"}
    plugins = config.setdefault("plugins", ["search", {"paperdigest": {"topics": [TOPIC]}}])
    (options,) = (item["paperdigest"] for item in plugins if "paperdigest" in item)
    # arXiv's papers wait, so that no PDF is read and no model asked.
    options |= {"arxiv_url": arxiv_url, "request_interval": 0, "max_new_papers": 0}
    write(root / "docs/index.md", "# Lab\n")
    libraries = [topic["library"] for topic in options["topics"] if "library" in topic]
    for name in (*libraries, *(item for item in options.get("interests", ()) if str(item).endswith(".bib"))):
        write(root / name, LIBRARY)
    if "templates_dir" in options:
        (root / options["templates_dir"]).mkdir()
    write(root / "mkdocs.yml", yaml.safe_dump(config, allow_unicode=True))
    topics: list[dict[str, Any]] = options["topics"]
    return topics


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("block", SITES, ids=str)
def test_a_site_builds_as_it_is_written(block: Block, tmp_path: Path, arxiv: FakeArxiv) -> None:
    topics = complete(block, tmp_path, arxiv.url)
    # Pages of topics; those of periods may be redirects.
    pages = [path for path in build_here(tmp_path) if re.fullmatch(r"digests/[^/]+/index\.html", path)]
    assert len(pages) == len(topics)


def test_there_are_sites_to_build() -> None:
    assert {block.place.partition(":")[0] for block in SITES} >= {"README.md", "docs/topics.md"}
