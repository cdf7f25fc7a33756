"""Cuts from the ends of a text the sentences that talk to the user instead of speaking of the paper."""

import re

from mkdocs_paperdigest.summaries.gate.wording import chatter, machine_error

_SENTENCE = re.compile(
    r"[^\n。！？!?]*?(?:[。！？!?]+[”’」』）)】\"]*|\.(?=\s+[A-Z“\"]|\s*$)|\n|$)"
)


def trimmed(text: str, unquoted: str) -> tuple[str, bool]:
    """A text without the sentences at either end that talk to the user, and without a heading left hanging.

    Also whether there is such talk left between its sentences.
    """
    spans = [match.span() for match in _SENTENCE.finditer(text) if match[0].strip()]
    sentences = [unquoted[start:end].strip() for start, end in spans]
    # Most texts hold no talk at all, which one search shows.
    suspicious = _is_talk("\n".join(sentences))
    dross = [(suspicious and _is_talk(bare)) or not _WORDY.search(bare) for bare in sentences]
    first, last = 0, len(spans)
    while first < last and dross[first]:
        first += 1
    while last > first and (
        dross[last - 1] or (last - first > 1 and _hangs(text, spans[last - 1]))
    ):
        last -= 1
    if first == last:
        return "", False
    return text[spans[first][0] : spans[last - 1][1]].strip(), any(dross[first:last])


def _is_talk(sentence: str) -> bool:
    return chatter(sentence) or machine_error(sentence)


_WORDY = re.compile(r"\w|\u00b7")


def _hangs(text: str, span: tuple[int, int]) -> bool:
    """Whether a last line is the bare heading of a section that did not follow."""
    line = text[slice(*span)].strip()
    alone = "\n" in text[max(0, span[0] - 3) : span[0]]
    return alone and len(line) <= 16 and line[-1] not in "。！？.!?；;”)）"
