"""arXiv's categories: their names, which there are, and what a category of a topic stands for in a search.

`categories.json` has them from https://arxiv.org/category_taxonomy, with the former archives and the
categories that took their place (arxiv-base, `taxonomy/definitions.py`: ARCHIVES_SUBSUMED).
"""

import json
import re
from functools import cache
from importlib import resources
from typing import Any


def category_name(code: str) -> str:
    """The category's name, as arXiv names former ones today, or its code if the table does not have it (yet)."""
    archive, _, subject = _taxonomy()["former"].get(code, code).partition(".")
    name: str = _taxonomy()["names"].get(archive, {}).get(subject, code)
    return name


def check_category(code: str) -> str | None:
    """What is wrong with a category (`cs.CV`, `hep-th`, `cs.*`) and how to correct it, or None."""
    known = _known()
    if code in known:
        return None
    if code.lower() in _taxonomy()["names"]:
        archive = code.lower()
        cure = f"{code!r} matches nothing on its own; write {archive}.* for all of it"
        return f"arXiv writes {archive}, not {code}" if archive in known else cure
    if right := next((one for one in known if one.lower() == code.lower()), None):
        return f"arXiv has no category {code}; write {right}"
    if code.endswith(".*") and code.removesuffix(".*") in known:
        return f"arXiv does not divide {code.removesuffix('.*')}; leave out .*"
    if re.fullmatch(r"[A-Za-z-]+(\.[A-Za-z-]+)?", code):
        return f"arXiv has no category {code}; see https://arxiv.org/category_taxonomy"
    return f"{code!r} is not an arXiv category; write one such as cs.CV, hep-th or cs.*"


def searched_categories(code: str) -> tuple[str, ...]:
    """The categories to search for in place of a valid one.

    arXiv's search compares codes letter by letter (arxiv-search, `query_legacy_cat`). Papers keep the codes that
    they were submitted with: those of a former archive do not have the category that took its place, and new
    papers of an archive that was divided have only its parts.
    """
    if code in _taxonomy()["former"]:
        return code, _taxonomy()["former"][code]
    return (code, f"{code}.*") if len(_taxonomy()["names"].get(code, ())) > 1 else (code,)


@cache
def _known() -> frozenset[str]:
    """Every category, and `cs.*` for archives that are divided."""
    known = set(_taxonomy()["former"])
    for archive, subjects in _taxonomy()["names"].items():
        known |= {f"{archive}.{subject}" if subject else archive for subject in subjects}
        known |= {f"{archive}.*"} if len(subjects) > 1 else set()
    return frozenset(known)


@cache
def _taxonomy() -> dict[str, Any]:
    file = resources.files("mkdocs_paperdigest.arxiv") / "categories.json"
    taxonomy: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return taxonomy
