"""The versions of the prompts, ours and the user's: what every answer of a model is stored under."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

PROMPT_VERSION = 1
"""Part of every summary's key: raising it means paying for all summaries again."""
CHECK_VERSION = 1
"""Part of the key of every verdict on a statement and its quotation."""
OVERVIEW_VERSION = 1
"""Part of the key of every overview that a model has written."""


def prompt_version(templates_dir: Path | None) -> str:
    """The version of the prompt, which summaries depend on: ours, and a hash of the user's templates."""
    return _version(PROMPT_VERSION, ("system.jinja", "paper.jinja"), templates_dir)


def check_version(templates_dir: Path | None) -> str:
    """The version of the prompt of `build_check_prompt`, which verdicts depend on."""
    return _version(CHECK_VERSION, ("check_system.jinja", "check.jinja"), templates_dir)


def overview_version(templates_dir: Path | None) -> str:
    """The version of the prompt of `build_overview_prompt`, which overviews depend on."""
    return _version(OVERVIEW_VERSION, ("overview_system.jinja", "overview.jinja"), templates_dir)


def _version(ours: int, names: Sequence[str], templates_dir: Path | None) -> str:
    digest = hashlib.sha256()
    changed = False
    for name in names:
        file = (templates_dir or Path()) / "prompts" / name
        if templates_dir and file.is_file():
            digest.update(name.encode() + file.read_bytes())
            changed = True
    return f"{ours}+{digest.hexdigest()[:12]}" if changed else str(ours)
