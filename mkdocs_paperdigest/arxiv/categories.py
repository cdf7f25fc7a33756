"""arXiv's categories and their names, which `categories.json` has from https://arxiv.org/category_taxonomy.

Beside them stand former archives, which others took in (https://arxiv.org/archive); old papers are still in them.
"""

import json
from functools import cache
from importlib import resources
from typing import Any


def category_name(code: str) -> str:
    """The category's name, or the code itself where arXiv has no such category (yet)."""
    archive, _, subject = code.partition(".")
    name: str = _taxonomy()["names"].get(archive, {}).get(subject, code)
    return name


def is_category(code: str) -> bool:
    """Whether arXiv has the category, or ever had; `cs.*` stands for all of an archive."""
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
