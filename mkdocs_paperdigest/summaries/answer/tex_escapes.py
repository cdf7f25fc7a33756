r"""Distinguishes JSON escapes from TeX commands that a model wrote with one backslash.

In a JSON string, `\theta` is a tab and "heta", but the model meant the Greek letter. Only five JSON
escapes are also the beginning of TeX commands: `\b \f \n \r \t`. The rules:

- The name of a command is all the letters after the backslash, as in TeX.
- `\b`, `\f` and `\r` before a letter are TeX, because prose has no use for a backspace, a form feed or
  a carriage return without its line feed.
- `\n` and `\t` are TeX if the name is that of a command (LaTeX, amsmath, common packages): `\nu` and
  `\theta`, but not `\nNext` and `\tthe`.
- Some names may also be a line break or tab before an ordinary word ("\ni.e.", "\tan", "\nless"). They
  count as commands only between dollars. There, `\t` is TeX before any letter (`\tr`).
"""

import re


def is_command(text: str, position: int, *, in_math: bool) -> bool:
    r"""Whether the backslash at `position`, before one of `bfnrt`, begins a TeX command.

    `in_math` says whether `position` is between dollars.
    """
    found = _NAME.match(text, position + 1)
    name = found[0] if found else ""
    if len(name) < 2:
        return False
    if name[0] in "bfr":
        return True
    return name in _COMMANDS or (in_math and (name[0] == "t" or name in _MATH_COMMANDS))


def toggles_math(text: str) -> bool:
    """Whether `text` has an odd number of dollar signs; `$$` counts as one."""
    return len(_DOLLAR.findall(text)) % 2 == 1


_NAME = re.compile(r"[A-Za-z]+")
_DOLLAR = re.compile(r"(?<!\\)\$\$?")

_ANYWHERE = """
nabla natural nearrow negthinspace neq newcommand newline nleftarrow nLeftarrow nleftrightarrow
nleq nleqslant nobreak nolimits noindent nonumber normalfont normalsize not notag notin npreceq
nrightarrow nRightarrow nsubseteq nsucceq nsupseteq ntriangleleft ntriangleright nu nvdash
nvDash nwarrow tabcolsep tag tanh tau tbinom text textasciitilde textbackslash textbf textbullet
textcircled textcolor textdegree textendash textit textmd textmu textnormal textquotedblleft
textquotedblright textquoteleft textquoteright textregistered textrm textsc textsf textsl
textstyle textsubscript textsuperscript texttimes texttrademark texttt textunderscore textup
textwidth tfrac thanks therefore theta thetasym thicksim thickspace thinspace tilde times tiny
title today toprule triangle triangledown triangleleft trianglelefteq triangleq triangleright
trianglerighteq twoheadleftarrow twoheadrightarrow
"""
_BETWEEN_DOLLARS = """
ncong ne near neg nexists ngeq ngeqslant ngtr ni nless nmid nparallel nprec nsim nsucc
"""
_COMMANDS = frozenset(_ANYWHERE.split())
_MATH_COMMANDS = frozenset(_BETWEEN_DOLLARS.split())
