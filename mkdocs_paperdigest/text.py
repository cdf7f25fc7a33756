"""Text from outside, made harmless: for pages, and for terminals and logs.

Escape sequences move the cursor, retitle the window or write to the clipboard; a line of its own could
pass for one of the log's, or for a command to the CI that reads it (`::add-mask::`).
"""

import re
import unicodedata


def plain_text(text: str) -> str:
    """`text` in NFC with single spaces; control characters count as spaces."""
    return " ".join(
        _NOT_TEXT.sub(" ", _DIRECTION.sub("", unicodedata.normalize("NFC", text))).split()
    )


def printable(text: str) -> str:
    """The text on one line, with a space in the place of what a terminal would act upon."""
    return ACTING.sub(" ", text)


ACTING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)
"""Control characters, lone surrogates, and marks that turn the direction of all text that follows."""
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Overrides of the writing direction would let a title rearrange the page around it.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
