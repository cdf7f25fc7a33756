"""Cuts sentences off both ends of a text if they talk to the user instead of about the paper."""

import re

from mkdocs_paperdigest.summaries.gate.metadata import contact
from mkdocs_paperdigest.summaries.gate.phrases import Phrases
from mkdocs_paperdigest.summaries.gate.wording import chatter, machine_error, order

_SENTENCE = re.compile(
    r"[^\n。！？!?.]*"
    r"(?:(?:\.(?!\s+[^a-z0-9\s]|\s*$)|(?:(?<=\bDr)|(?<=\bMr)|(?<=\bMrs)|(?<=\bMs)|(?<=\bProf))\.|[!?](?=[\w=&#/]))[^\n。！？!?.]*)*"
    r"(?:[。！？!?]+[”’」』）)】\"]*|\.|\n|$)",
    re.ASCII,
)


def trimmed(text: str, unquoted: str, phrases: Phrases, front: str | None = "") -> tuple[str, bool]:
    """Cuts off sentences at either end that talk to the user, and a last heading without a section.

    Arguments:
        text: The text to trim.
        unquoted: The text with its quoted passages blanked.
        phrases: The phrases that the text may have.
        front: Title and abstract of the paper; None if the text has no contact of anybody.

    Returns:
        The rest of the text, and whether it still has a sentence that talks to the user.
    """
    spans = [match.span() for match in _SENTENCE.finditer(text) if match[0].strip()]
    sentences = [unquoted[start:end].strip() for start, end in spans]
    # One search shows that most texts have no such sentence at all.
    suspicious = _is_talk("\n".join(sentences), phrases, front)
    dross = [(suspicious and _is_talk(bare, phrases, front)) or not _WORDY.search(bare) for bare in sentences]
    first, last = 0, len(spans)
    while first < last and dross[first]:
        first += 1
    while last > first and (
        dross[last - 1] or (last - first > 1 and _hangs(text, sentences[last - 1], spans[last - 1]))
    ):
        last -= 1
    if first == last:
        return "", False
    return text[spans[first][0] : spans[last - 1][1]].strip(), any(dross[first:last])


def _is_talk(sentence: str, phrases: Phrases, front: str | None) -> bool:
    return (
        chatter(sentence, phrases)
        or order(sentence, phrases)
        or machine_error(sentence, phrases)
        or (front is not None and contact(sentence, front))
    )


_WORDY = re.compile(r"\w|\u00b7")
_SHORT_QUESTION = 40
"""Characters: a statement about a paper does not end with a question or a call to its reader."""
_ASKS_OR_CALLS = re.compile(r"[?？~～]$|[^\W\d_]{2}[!！]+$")
"""A factorial, `n!`, is no call."""
_ITEM_MARK = re.compile(r"\d{1,2}[.、)）]")


def _hangs(text: str, line: str, span: tuple[int, int]) -> bool:
    """Whether a last line is only a short question or call to readers, the number of an item, or the heading of a section that does not follow."""
    if _ITEM_MARK.fullmatch(line):
        return True
    if len(line) <= _SHORT_QUESTION and _ASKS_OR_CALLS.search(line):
        return True
    alone = "\n" in text[max(0, span[0] - 3) : span[0]]
    return alone and len(line) <= 16 and line[-1] not in "。！？.!?；;”)）"
