r"""Tells a JSON escape from a TeX command that a model wrote with one backslash.

In a JSON string `\t` is a tab and `\theta` is a tab and "heta"; what the model meant is the Greek
letter. Only five escapes are also beginnings of TeX commands: `\b \f \n \r \t`. The rule:

- The letters after the backslash, as many as there are, make the name of the command, as in TeX.
- `\b`, `\f` and `\r` before a letter are TeX: a backspace, a form feed or a carriage return without its
  line feed has no place in prose.
- `\n` and `\t` are TeX when the name is that of a command (LaTeX, amsmath, common packages): `\nu`,
  `\theta`; but `\nNext`, `\tthe`.
- Where a line break or tab before an ordinary word would look the same ("\ni.e.", "\tan", "\nless"),
  the name counts between dollars only. There, `\t` is TeX before any letter (`\tr`).
"""

import re


def is_command(text: str, position: int, *, in_math: bool) -> bool:
    r"""Whether the backslash at `position`, with one of `bfnrt` after it, begins a TeX command.

    `in_math` says whether the place lies between dollars.
    """
    found = _NAME.match(text, position + 1)
    name = found[0] if found else ""
    if len(name) < 2:
        return False
    if name[0] in "bfr":
        return True
    return name in _COMMANDS or (in_math and (name[0] == "t" or name in _MATH_COMMANDS))


def toggles_math(text: str) -> bool:
    """Whether `text` has an odd number of dollar signs, a double one counting as one."""
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
