"""Text of others for terminals and logs: on one line, and without what terminals act upon.

Escape sequences move the cursor, retitle the window or write to the clipboard; a line of its own could
pass for one of the log's, or for a command to the CI that reads it (`::add-mask::`).
"""

import json
import re
from typing import Any

# Control characters, lone surrogates, and marks that turn the direction of all text that follows.
_ACTING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)


def printable(text: str) -> str:
    """The text on one line, with a space in the place of what a terminal would act upon."""
    return _ACTING.sub(" ", text)


def json_text(value: Any, *, ascii_only: bool = False) -> str:
    """JSON for machines that people can read as well, with escapes for what terminals act upon."""
    lines = json.dumps(value, indent=2, ensure_ascii=ascii_only).split("\n")
    return "\n".join(_ACTING.sub(_escaped, line) for line in lines)


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(mark):04x}" for mark in found[0])
