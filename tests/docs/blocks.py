"""The fenced blocks of README.md and docs/, each with the place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """One fenced block, without the indentation of a list around it."""

    place: str
    """`docs/archive.md:7`."""
    language: str
    text: str

    def __str__(self) -> str:
        return self.place


def blocks(*languages: str) -> Iterator[Block]:
    """All blocks in one of these languages."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for match in _FENCE.finditer(text):
            if match["language"] in languages:
                line = text.count("\n", 0, match.start()) + 1
                place = f"{page.relative_to(ROOT).as_posix()}:{line}"
                yield Block(place, match["language"], dedent(match["text"]))


def recipe(beginning: str) -> dict[Any, Any]:
    """The one block of YAML that begins so, its scalars as they are written."""
    (found,) = (block.text for block in blocks("yaml") if block.text.startswith(beginning))
    loaded: dict[Any, Any] = yaml.load(found, yaml.BaseLoader)
    return loaded
