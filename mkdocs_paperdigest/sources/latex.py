"""LaTeX as plain text: no word is lost, whatever its command; formulas stay as they are."""

import logging
import re
from functools import cache
from itertools import accumulate
from typing import Any

from mkdocs_paperdigest.text import plain_text


def latex_as_text(text: str) -> str:
    """LaTeX on one line, with single spaces, formulas between dollars.

    Accents and symbols become characters; of other commands their arguments stay, and where there are none,
    their names.
    """
    text = text[:_MOST_CHARACTERS]
    if not re.search(r"[\\{}~%$&]|``|''|--", text):
        return plain_text(text)
    formulas: list[str] = []

    def put_aside(formula: re.Match[str]) -> str:
        inner = formula["inline"] or formula["ensured"]
        formulas.append(formula[0] if inner is None else f"${inner}$")
        return _PLACE

    text = re.sub(_FORMULA, put_aside, _without_quantities(text.replace(_PLACE, "")))
    # In BibTeX these are characters like others: no table, no comment, no parameter.
    text = re.sub(r"(?<!\\)([%&#$])", r"\\\1", text)
    text = _decoded(re.sub(_COMMAND, _known_or_its_words, text))
    found = iter(formulas)
    return plain_text(re.sub(_PLACE, lambda _: next(found, ""), text))


def _decoded(text: str) -> str:
    from pylatexenc.latexwalker import LatexWalkerError

    # The time that it takes doubles with each accent of an accent.
    depth = list(accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in text))
    if max(depth, default=0) > _DEEPEST:
        return _words(text)
    # It logs a line for each command that it does not understand.
    logger = logging.getLogger("pylatexenc")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        return str(_decoder().latex_to_text(text))
    except (LatexWalkerError, LookupError, RecursionError, TypeError, ValueError):
        # Not LaTeX after all: its words, without the signs of commands and groups.
        return _words(text)
    finally:
        logger.setLevel(level)


def _words(text: str) -> str:
    return re.sub(r"\\[A-Za-z]*|[{}]", "", text)


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="verbatim", keep_braced_groups=False)


@cache
def _symbols() -> frozenset[str]:
    """Commands that stand for a character or set an accent."""
    from pylatexenc.latex2text import get_default_latex_context_db

    known = get_default_latex_context_db()
    names = {name for part in known.category_list for name in known.d[part]["macros"]}
    return frozenset(names - _ACTING)


def _known_or_its_words(command: re.Match[str]) -> str:
    name = command["name"]
    if name in _SAID:
        return f"{{{_SAID[name]}}}{command['space']}"
    if name in _WITH_ARGUMENT:
        return ""
    if name in _SETTING:
        return " "
    if name in _symbols():
        return command[0]
    if command["argument"] is not None:
        return " " if command["space"] and not command["argument"] else ""
    return f"{{{name}}}{command['space']}"


def _without_quantities(text: str) -> str:
    """Quantities of `siunitx` written out, addresses of links and `verb`'s delimiters taken away."""
    text = re.sub(r"\\verb\*?([^A-Za-z\s*{])(.{0,200}?)\1", r"\2", text.replace(r"\-", ""))
    text = re.sub(r"\\href\s*\{[^{}]*\}\s*(?=\{)", "", text)
    text = re.sub(
        r"\\(?:SI|qty)\s*(?:\[[^\]]*\])?\{([^{}]*)\}\s*(?:\[[^\]]*\])?\{([^{}]*)\}",
        lambda found: f"{found[1]} {_units(found[2])}",
        text,
    )
    return re.sub(r"\\(?:si|unit)\s*\{([^{}]*)\}", lambda found: _units(found[1]), text)


def _units(text: str) -> str:
    r"""`\micro\meter` as `µm`."""
    return re.sub(r"\\([A-Za-z]+)\s*", lambda found: _UNITS.get(found[1], f"{{{found[1]}}}"), text)


_MOST_CHARACTERS = 50_000
"""Of one field; no abstract is longer."""
_DEEPEST = 8
"""Braces in braces."""
_PLACE = "\ue000"
_FORMULA = (
    r"(?<!\\)\$\$(?:\\.|[^\\$]){1,5000}\$\$|(?<!\\)\$(?:\\.|[^\\$]){1,5000}\$"
    r"|\\\((?P<inline>.{1,2000}?)\\\)|\\ensuremath\s*\{(?P<ensured>[^{}$]*)\}"
)
_COMMAND = r"\\(?P<name>[A-Za-z]+)\*?(?P<space>[ \t]*)(?P<argument>(?:\[[^\]{}]{0,200}\])?(?=[ \t]*\{(?!\}))|(?=\{\}))?"
# Pylatexenc would leave out their arguments, or do what they say.
_ACTING = frozenset(
    {"input", "include", "includegraphics", "cite", "citet", "citep", "ref", "href", "ensuremath"}
)
_WITH_ARGUMENT = frozenset({"noopsort", "NoopSort", "noop", "SortNoop", "protect", "relax"})
_SETTING = frozenset(
    {
        "em", "it", "bf", "sc", "sf", "tt", "rm", "sl", "normalfont", "itshape", "bfseries", "scshape",
        "ttfamily", "sffamily", "rmfamily", "upshape", "mdseries", "tiny", "scriptsize", "footnotesize",
        "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge", "newline", "linebreak", "hfill",
        "allowbreak", "xspace", "quad", "qquad", "bgroup", "egroup", "displaystyle", "boldmath", "unboldmath",
        "selectfont",
    }
)  # fmt: skip
_SAID = {
    "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "TeX": "TeX", "BibTeX": "BibTeX", "XeTeX": "XeTeX", "LuaTeX": "LuaTeX",
    "XeLaTeX": "XeLaTeX", "LuaLaTeX": "LuaLaTeX", "pdfLaTeX": "pdfLaTeX", "MATLAB": "MATLAB",
    "textmu": "µ", "textgreater": ">", "textless": "<", "textbar": "|", "textunderscore": r"\_", "slash": "/",
    "textbackslash": r"\textbackslash", "S": "§", "P": "¶", "textsection": "§", "textparagraph": "¶",
    "glqq": "„", "grqq": "“", "glq": "‚", "grq": "‘", "flqq": "«", "frqq": "»", "textdegree": "°", "degree": "°",
    "textasciitilde": "\\textasciitilde", "texttimes": "×", "textpm": "±", "textrightarrow": "→", "dots": "…",
    # Journals, as the macros of the American Astronomical Society abbreviate them (aastex).
    "aj": "AJ", "apj": "ApJ", "apjl": "ApJL", "apjlett": "ApJL", "apjs": "ApJS", "apjsupp": "ApJS", "ao": "Appl. Opt.",
    "aap": r"A\&A", "astap": r"A\&A", "aapr": r"A\&A Rev.", "aaps": r"A\&AS", "araa": r"ARA\&A", "apss": r"Ap\&SS",
    "baas": "BAAS", "icarus": "Icarus", "jcap": "JCAP", "jgr": "J. Geophys. Res.", "mnras": "MNRAS", "nat": "Nature",
    "na": "New A", "nar": "New A Rev.", "pasa": "PASA", "pasj": "PASJ", "pasp": "PASP", "physrep": "Phys. Rep.",
    "planss": "Planet. Space Sci.", "pra": "Phys. Rev. A", "prb": "Phys. Rev. B", "prc": "Phys. Rev. C",
    "prd": "Phys. Rev. D", "pre": "Phys. Rev. E", "prl": "Phys. Rev. Lett.", "procspie": "Proc. SPIE",
    "rmxaa": "Rev. Mex. Astron. Astrofis.", "skytel": r"S\&T", "solphys": "Sol. Phys.", "sovast": "Soviet Ast.",
    "ssr": "Space Sci. Rev.", "zap": "ZAp", "grl": "Geophys. Res. Lett.", "psj": "PSJ",
}  # fmt: skip
_UNITS = {
    "micro": "µ", "milli": "m", "nano": "n", "pico": "p", "femto": "f", "kilo": "k", "mega": "M", "giga": "G",
    "tera": "T", "centi": "c", "deci": "d", "hecto": "h", "meter": "m", "metre": "m", "second": "s", "gram": "g",
    "kilogram": "kg", "kelvin": "K", "ampere": "A", "volt": "V", "watt": "W", "joule": "J", "newton": "N",
    "pascal": "Pa", "hertz": "Hz", "tesla": "T", "ohm": "Ω", "farad": "F", "mole": "mol", "liter": "L", "litre": "L",
    "electronvolt": "eV", "celsius": "°C", "degreeCelsius": "°C", "degree": "°", "percent": r"\%", "angstrom": "Å",
    "per": "/", "squared": "²", "cubed": "³", "square": "", "cubic": "", "hour": "h", "minute": "min", "day": "d",
    "bit": "bit", "byte": "B", "decibel": "dB", "um": "µm", "nm": "nm", "mm": "mm", "cm": "cm", "km": "km", "of": "",
}  # fmt: skip
