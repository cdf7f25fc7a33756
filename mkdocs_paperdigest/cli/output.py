"""What commands print: JSON that machines read, safe for the terminal that shows it."""

import json
import re
from typing import Any

from mkdocs_paperdigest.text import UNPRINTABLE


def json_text(value: Any, *, ascii_only: bool = False) -> str:
    """JSON for machines that people can read as well, with escapes for what terminals act upon."""
    lines = json.dumps(value, indent=2, ensure_ascii=ascii_only).split("\n")
    return "\n".join(re.sub(UNPRINTABLE, _escaped, line) for line in lines)


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(mark):04x}" for mark in found[0])
