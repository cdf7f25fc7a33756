"""Text from outside, made harmless: composed, on one line, without characters that are not text."""

import re
import unicodedata


def plain_text(text: str) -> str:
    """`text` in NFC with single spaces; control characters count as spaces."""
    return " ".join(
        _NOT_TEXT.sub(" ", _DIRECTION.sub("", unicodedata.normalize("NFC", text))).split()
    )


_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Overrides of the writing direction would let a title rearrange the page around it.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
