"""Gate rules on what a text says instead of speaking of the paper: templates, refusals, guesses, chatter, echoes.

Each rule takes prose whose quoted passages are blanked (`unquoted`), so that a paper *about* refusals or
prompts may quote them, and tells whether the defect is there.
"""

import re
from collections.abc import Callable

from mkdocs_paperdigest.summaries.gate import phrases as gate_phrases


def unquoted(text: str) -> str:
    """`text` with what stands between quotation marks blanked, at the same length."""
    return _QUOTED.sub(lambda match: "\u00b7" * len(match[0]), text)


_QUOTED = re.compile(
    r"“[^“”\n]{1,300}”|「[^「」\n]{1,300}」|『[^『』\n]{1,300}』|«[^«»\n]{1,300}»|\"[^\"\n]{1,300}\"|`[^`\n]{1,200}`|„[^„“”\n]{1,300}[“”]"
)


def filler(text: str) -> bool:
    """Nothing but a filler ("xxx", "None", "N/A"), as the whole value or as the value of a label."""
    value = _LABEL.sub("", text, count=1)
    return bool(_WHOLE_FILLER.fullmatch(value) or _LABELLED_FILLER.search(text))


_LABEL = re.compile(r"^\W*\w{1,12}\W*[:：]\W*(?=\w)")
_FILLER = (
    r"x{2,}|none|null|nil|n/?a|tbd|tba|todo|unknown|undefined|unspecified|string|placeholder"
    r"|not (?:available|applicable|given|provided|mentioned|specified|stated|known|found)|no information"
    r"|无|暂无|没有|未知|不详|不明|略|待定|待查|未(?:提及|提供|知|给出|说明|明确|找到)|(?:暂?无|没有)(?:相关|具体)?信息|待(?:补充|确认|填写|查阅|更新)|空"
    r"|なし|未定|없음|미정|нет|неизвестно|keine angaben?|unbekannt|inconnu|non (?:disponible|précisé)|desconocido|no disponible"
)
_WHOLE_FILLER = re.compile(rf"\W*(?:{_FILLER})?\W*", re.IGNORECASE)
_LABELLED_FILLER = re.compile(
    r"[:：]\s*(?:x{2,}|none|null|n/?a|tbd|todo|暂无|待补充|待定|待填写)\s*(?:[;；。，,\n]|$)",
    re.IGNORECASE,
)


def not_known(text: str) -> bool:
    """Says that a fact is not known, where the fact itself belongs."""
    return _NOT_KNOWN.search(text) is not None


_NOT_KNOWN = re.compile(
    r"未(?:提供|提及|知|明确|找到|注明|给出|列出|公开)|无法|暂无|不详|不明|待(?:补充|查|定|确认)"
    r"|\b(?:unknown|not (?:provided|available|mentioned|specified|given|stated|known))\b",
    re.IGNORECASE,
)


def blanks(text: str, written_by_authors: Callable[[str], bool]) -> bool:
    """Runs of x where words should stand ("in the field of xxx"), unless the paper itself writes them so."""
    found = {match[0] for match in _BLANK.finditer(text)}
    return any(not written_by_authors(blank) for blank in found)


_BLANK = re.compile(
    r"(?<![A-Za-z0-9/._\-])(?:x{3,}|X{3,}|XX|xx|○{2,}|□{2,}|_{3,}|某某+)(?![A-Za-z0-9/._\-]|世纪)"
)


def markup(text: str, printed: Callable[[str], bool]) -> bool:
    """Template syntax that nobody filled in (`{{ name }}`) and HTML tags, unless the paper prints such marks."""
    marks = _MARKUP.finditer(_FORMULA.sub(" ", text))
    return any(not printed(match[match.lastindex or 0]) for match in marks)


# TeX has braces of its own: `$\frac{{a}}{b}$`.
_FORMULA = re.compile(r"\$(?!\s)[^$\n]{1,300}(?<!\s)\$|\\\([^\n]{1,300}?\\\)")
_MARKUP = re.compile(
    r"(\{\{)[^\n]{0,80}?\}\}|(\{%)[^\n]{0,80}?%\}|(\$\{)[^\n{}]{1,80}\}"
    r"|(</?(?:a|audio|br|button|code|div|em|figure|font|form|h[1-6]|hr|html|body|head|i?frame|img|input|li|link|meta|ol|p|pre"
    r"|script|span|strong|style|su[bp]|svg|table|t[dhr]|ul|video))(?:\s[^<>=\n]{0,300}=[^<>\n]{0,300})?\s*/?>",
    re.IGNORECASE,
)
"""Each with the mark that opens it."""


def stage_direction(text: str) -> bool:
    """Directions to whoever fills in the template: "[insert link]", "（请根据实际内容填写）"."""
    return gate_phrases.STAGE_DIRECTIONS.search(text) is not None


def machine_error(text: str) -> bool:
    """A program's error message as a line of its own or in place of the value."""
    return bool(_MACHINE_ERROR.search(text))


_MACHINE_ERROR = re.compile(
    r"^\W*(?:some )?error (?:for|in|while|occurred)\b[^\n]{0,120}$"
    r"|^traceback \(most recent call last\)"
    r"|^\W*(?:[a-z]+error:|HTTP(?:Error| \d{3})|(?:internal )?server error|rate limit exceeded|quota exceeded|request timed out)[^\n]{0,80}$"
    r"|\[object Object\]",
    re.IGNORECASE | re.MULTILINE,
)


def refusal(text: str) -> bool:
    """Declines, apologises, asks for the paper, or says that it could not be seen, in the first person."""
    return gate_phrases.REFUSALS.search(text) is not None


def guess(text: str) -> bool:
    """Admits to guessing at the paper, or to know no more of it than title and abstract."""
    return gate_phrases.GUESSES.search(text) is not None


def chatter(sentence: str) -> bool:
    """Speaks to the reader of the chat, or of the answer itself rather than of the paper."""
    return gate_phrases.CHATTER.search(sentence) is not None


def leak(text: str) -> bool:
    """Repeats instructions: questions of a prompt as headings, notes on format, tags, raw JSON."""
    return gate_phrases.LEAKS.search(text) is not None


def echo(text: str, instructions: str, written_by_authors: Callable[[str], bool]) -> bool:
    """Shares a line or so with the instructions (`squeeze`d) that the model was given, and not with the paper."""
    if len(instructions) < _RUN:
        return False
    own = squeeze(text)
    windows = (own[start : start + _RUN] for start in range(0, len(own) - _RUN + 1, _STEP))
    return any(window in instructions and not written_by_authors(window) for window in windows)


_RUN = 48
"""Letters and digits; terms and titles that prompt and answer share by right are shorter."""
_STEP = 8


def squeeze(text: str) -> str:
    """Letters and digits only, in lower case."""
    return re.sub(r"\W+", "", text.lower())
