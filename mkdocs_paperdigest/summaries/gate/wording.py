"""Gate rules on what a text says instead of describing the paper: templates, refusals, guesses, chatter, echoes.

Each rule takes prose whose quoted passages are blanked (`unquoted`), so that a paper *about* refusals or
prompts may quote them, and returns whether the defect is there.
"""

import re
from collections.abc import Callable
from itertools import chain

from mkdocs_paperdigest.summaries.gate.phrases import Phrases, needed
from mkdocs_paperdigest.summaries.gate.words import either, from_words
from mkdocs_paperdigest.text import squeezed


def unquoted(text: str) -> str:
    """`text` with everything between quotation marks blanked, at the same length."""
    return _QUOTED.sub(lambda match: BLANK * len(match[0]), text)


BLANK = "\u00b7"
"""Stands for each character of a quotation."""
_QUOTED = re.compile(
    r"“[^“”\n]{1,300}”|「[^「」\n]{1,300}」|『[^『』\n]{1,300}』|«[^«»\n]{1,300}»|\"[^\"\n]{1,300}\"|`[^`\n]{1,200}`|„[^„“”\n]{1,300}[“”]"
    # More than a name, and no apostrophes: nothing of a word stands before the first mark or behind the last one.
    r"|(?<![\w'’])['‘](?=\w)[^'‘’\n]{12,300}['’](?!\w)"
)


def filler(text: str) -> bool:
    """Nothing but a filler ("xxx", "None", "N/A"), as the whole value or as the value of a label."""
    labelled = ":" in text or "：" in text
    value = _bare(_LABEL.sub("", text, count=1) if labelled else text)
    if len(value) <= _LONGEST_FILLER and _WHOLE_FILLER().fullmatch(value):
        return True
    return labelled and _LABELLED_FILLER().search(text) is not None


_LONGEST_FILLER = 60
"""Characters."""


def _bare(text: str) -> str:
    """`text` from its first to its last letter or digit; a pattern for both ends would take quadratic time."""
    first, last = _WORDY.search(text), _WORDY.search(text[::-1])
    return text[first.start() : len(text) - last.start()] if first and last else ""


_WORDY = re.compile(r"\w")
_LABEL = re.compile(r"^\W*\w{1,12}[^\w:：]*[:：]\W*(?=\w)")
_WHOLE_FILLER = from_words(lambda words: re.compile(rf"(?:x{{2,}}|{either(words.fillers)})?", re.IGNORECASE))
_LABELLED_FILLER = from_words(
    lambda words: re.compile(
        rf"[:：]\s*(?:x{{2,}}|{either(words.labelled_fillers)})\s*(?:[;；。，,\n]|$)", re.IGNORECASE
    )
)


def bare_heading(text: str) -> bool:
    """Nothing but the name of a part ("研究背景"), whose text is missing."""
    return len(text) <= _LONGEST_HEADING and _HEADING().fullmatch(text) is not None


_LONGEST_HEADING = 40
"""Characters."""
_HEADING = from_words(lambda words: re.compile(rf"\W*(?:{either(words.headings)})\W*", re.IGNORECASE))


def not_known(text: str) -> bool:
    """Says that a fact is not known, where the fact itself belongs."""
    return _NOT_KNOWN().search(text) is not None


_NOT_KNOWN = from_words(lambda words: re.compile(either(words.not_known), re.IGNORECASE))


def blanks(text: str, written_by_authors: Callable[[str], bool], phrases: Phrases) -> bool:
    """Signs where words should stand ("in the field of xxx", "by X %"), unless the paper itself writes them so."""
    found = set(phrases.found(text, "gaps"))
    if _BLANK_SIGN().search(text.lower()):
        found.update(match[0] for match in _BLANK().finditer(text))
    return any(not written_by_authors(blank) for blank in found)


_BLANK_SIGN = from_words(
    lambda words: re.compile(
        "|".join(
            map(re.escape, ("xx", "___", "○○", "□□", *chain.from_iterable(needed(either(words.blanks)))))
        )
    )
)
_BLANK = from_words(
    lambda words: re.compile(
        rf"(?<![A-Za-z0-9/._\-])(?:x{{3,}}|X{{3,}}|XX|xx|○{{2,}}|□{{2,}}|_{{3,}}|{either(words.blanks)})"
        rf"(?![A-Za-z0-9/._\-]|{either(words.after_roman_numerals)})"
    )
)


def markup(text: str, printed: Callable[[str], bool]) -> bool:
    """Unfilled template syntax (`{{ name }}`) and HTML tags, unless the paper prints such marks."""
    if not _MARKUP_SIGN.search(text):
        return False
    marks = _MARKUP.finditer(_FORMULA.sub(" ", text))
    return any(not printed(match[match.lastindex or 0]) for match in marks)


# TeX has braces of its own: `$\frac{{a}}{b}$`.
_FORMULA = re.compile(r"\$(?!\s)[^$\n]{1,300}(?<!\s)\$|\\\([^\n]{1,300}?\\\)")
_MARKUP_SIGN = re.compile(r"[{<]")
_MARKUP = re.compile(
    r"(\{\{)[^\n]{0,80}?\}\}|(\{%)[^\n]{0,80}?%\}|(\$\{)[^\n{}]{1,80}\}"
    r"|(</?(?:a|audio|br|button|code|div|em|figure|font|form|h[1-6]|hr|html|body|head|i?frame|img|input|li|link|meta|ol|p|pre"
    r"|script|span|strong|style|su[bp]|svg|table|t[dhr]|ul|video))(?:\s[^<>=\n]{0,300}=[^<>\n]{0,300})?\s*/?>",
    re.IGNORECASE,
)
"""Each with the mark that opens it."""


def stage_direction(text: str, printed: Callable[[str], bool], phrases: Phrases) -> bool:
    """Directions for filling in a template: "[insert link]", "（请根据实际内容填写）".

    Square or angle brackets around several words are one too. What the paper prints is none.
    """
    if any(not printed(match) for match in phrases.found(text, "stage_directions")):
        return True
    if "[" not in text and "【" not in text and "<" not in text:
        return False
    return any(not printed(match[0]) for match in _BRACKETED_WORDS.finditer(text))


# A link in Markdown and a list of citations or tokens ("[CLS]", "[12, Smith]") are something else.
_BRACKETED_WORDS = re.compile(
    r"\[[A-Za-z]{2,}(?: [A-Za-z\-]+){2,}[^\[\]\n\d;=]{0,60}\](?!\()|\[[a-z]{3,}(?: [a-z]{2,})?\](?!\()|[\[【][\u4e00-\u9fff]{6,40}[\]】]|<[A-Za-z]{2,}(?: [A-Za-z\-]+){2,12}>|<[\u4e00-\u9fff]{3,40}>"
)


def machine_error(text: str, phrases: Phrases) -> bool:
    """A program's error message as a line of its own or in place of the value."""
    return phrases.stand_in(text, "machine_errors")


def refusal(text: str, phrases: Phrases) -> bool:
    """Declines, apologises, asks for the paper, or says that it could not be seen, in the first person."""
    return phrases.stand_in(text, "refusals")


def guess(text: str, phrases: Phrases) -> bool:
    """Admits that it guesses."""
    return phrases.stand_in(text, "guesses")


def knows_the_abstract(text: str, front: str, phrases: Phrases) -> bool:
    """Shows that the model knows no more than the abstract, unless title and abstract (`front`) are about abstracts."""
    return phrases.stand_in(text, "abstract_only") and _ABOUT_ABSTRACTS().search(front) is None


_ABOUT_ABSTRACTS = from_words(lambda words: re.compile(either(words.about_abstracts), re.IGNORECASE))


def chatter(sentence: str, phrases: Phrases) -> bool:
    """Talks to the user, or about the answer itself instead of the paper."""
    return phrases.stand_in(sentence, "chatter")


def order(sentence: str, phrases: Phrases) -> bool:
    """Tells somebody what to do: reviewers, readers or models; asks for a sign-in, money, a visit or a contact."""
    if phrases.stand_in(sentence, "orders"):
        return True
    # Looked up in the whole first: most texts have no such words at all.
    return phrases.stand_in(sentence, "requests") and any(
        phrases.stand_in(line, "requests") and not _OF_A_STUDY().search(line) for line in sentence.split("\n")
    )


_OF_A_STUDY = from_words(lambda words: re.compile(either(words.study_words), re.IGNORECASE))


def says_nothing(text: str) -> bool:
    """Consists of nothing but the remark that the paper does not say it."""
    sentences = [sentence for sentence in _STOP.split(text.strip()) if sentence.strip()]
    return (
        0 < len(sentences) <= 2
        and len(text) <= _REMARK
        and all(_NOT_SAID().fullmatch(sentence.strip()) for sentence in sentences)
    )


_REMARK = 160
"""Characters; a longer text says something besides."""
_STOP = re.compile(r"[。！!]|\.(?=\s|$)|\n")
_NOT_SAID = from_words(lambda words: re.compile(rf"\W*(?:{either(words.not_said)})\W*", re.IGNORECASE))


def leak(text: str, phrases: Phrases) -> bool:
    """Repeats instructions: questions of a prompt as headings, notes on format, tags, raw JSON."""
    return phrases.stand_in(text, "leaks")


def raw_json(text: str, printed: Callable[[str], bool]) -> bool:
    """Has a key of JSON with its value, as an answer has that was not taken apart."""
    return '"' in text and any(not printed(match[1]) for match in _KEY.finditer(text))


_KEY = re.compile(r'(?:^|[{,]\s*)("[a-z_]{3,20}"\s*:\s*["{\[])')


def echo(text: str, instructions: str, written_by_authors: Callable[[str], bool]) -> bool:
    """Shares about a line with the instructions (`squeezed`) for the model, but not with the paper."""
    if len(instructions) < _RUN:
        return False
    own = squeezed(text)
    if _WHOLE <= len(own) <= _RUN and own in instructions and not written_by_authors(own):
        return True
    windows = (own[start : start + _RUN] for start in range(0, len(own) - _RUN + 1, _STEP))
    return any(window in instructions and not written_by_authors(window) for window in windows)


_RUN = 48
"""Letters and digits; terms and titles that prompt and answer may share are shorter."""
_WHOLE = 20
"""Letters and digits of a text that is nothing but a line of the instructions."""
_STEP = 8
