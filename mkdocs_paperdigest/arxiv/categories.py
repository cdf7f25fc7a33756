"""arXiv's categories and their names; `categories.json` has them from https://arxiv.org/category_taxonomy.

It also lists former archives, which were merged into others (https://arxiv.org/archive) and still hold old papers.
"""

import json
from functools import cache
from importlib import resources
from typing import Any


def category_name(code: str) -> str:
    """The category's name, or its code if the table does not have it (yet)."""
    archive, _, subject = code.partition(".")
    name: str = _taxonomy()["names"].get(archive, {}).get(subject, code)
    return name


def is_category(code: str) -> bool:
    """Whether arXiv has, or once had, this category; `cs.*` stands for a whole archive."""
    archive, _, subject = code.partition(".")
    names = _taxonomy()["names"]
    if archive not in names:
        return code in _taxonomy()["former"]
    return subject == "*" or subject in names[archive]


@cache
def _taxonomy() -> dict[str, Any]:
    file = resources.files("mkdocs_paperdigest.arxiv") / "categories.json"
    taxonomy: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return taxonomy
