r"""Removes the TeX commands that authors leave in running text: `\emph{x}`, `Fr\'echet`, `\url{...}`, `90\%`.

arXiv shows abstracts as they were typed and typesets only text between dollars. We do the same, but
replace the commands by what they mean.
"""

import re
import unicodedata

_STYLED = re.compile(
    r"\\(?:text(?:bf|it|tt|sc|sf|rm|sl|up|normal)?|emph|underline|uline|mbox|url|texttt)\s?\{([^{}]*)\}"
    r"|\{\\(?:bf|it|em|tt|sc|sf|rm|sl|cal)(?:series|shape|family)?(?![A-Za-z])\s*(?:\{([^{}]*)\}|([^{}]*))\}"
)
_WITH_TWO = re.compile(r"\\(?:href|textcolor)\s?\{[^{}]*\}\s?\{([^{}]*)\}")
_FOOTNOTE = re.compile(r"\\footnote\s?\{([^{}]*)\}")
_ACCENT = re.compile(r"\\([`'^\"~=.uvHck])\s?(?:\{\\?([A-Za-z])\}|(?<![a-zA-Z])\\?([A-Za-z])(?![A-Za-z]*\{))")
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LETTERS = {"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł"}  # fmt: skip
_LETTER = re.compile(r"\{?\\(ss|ae|AE|oe|OE|aa|AA|[oOlL])(?:\{\}|\}|\s|(?![A-Za-z]))")
_SIGN = re.compile(r"\{\\([A-Za-z]+)\}")
_SHORT = re.compile(r"\\(?:(ie|eg|etal|etc|deg)(?![A-Za-z])|(,))")
_SHORTS = {"ie": "i.e.", "eg": "e.g.", "etal": "et al.", "etc": "etc.", "deg": "°", ",": " "}
_CODE_POINT = re.compile(r"\$?\\unicode\{x([0-9A-Fa-f]{2,5})\}\$?")
_ESCAPED = re.compile(r"\\([$%&#_{}])")
_QUOTED = re.compile(
    r"``((?:(?!``|'').){1,300})''|(?<![\w'])''(?=\w)((?:(?!'').){1,300})(?<=[\w.,!?])''(?![\w'])"
)
# Not arrows (`-->`), options (`--help`) and operators (`i--`).
_DASH = re.compile(r"(?<=\w)(---?)(?=\w)|(?<=[\w.,)] )(---?)(?= |$)")
# What stands for a character in text between formulas, but not in a path: `C:\in`.
_BARE = re.compile(r"(?<![A-Za-z]:)\\([A-Za-z]+)(?![A-Za-z{])")


def untex(text: str) -> str:
    """The text with common TeX commands replaced by what they mean; not for formulas."""
    if "``" in text or "''" in text:
        text = _QUOTED.sub(lambda found: f"“{found[1] or found[2]}”", text)
    if "--" in text:
        text = _DASH.sub(lambda found: "–" if (found[1] or found[2]) == "--" else "—", text)
    if "\\" not in text:
        return text
    text = text.replace("~\\", " \\")
    for _ in range(3):  # commands are seldom nested deeper
        text = _STYLED.sub(lambda found: found[found.lastindex or 0], text)
        text = _WITH_TWO.sub(r"\1", text)
    text = _FOOTNOTE.sub(r" (\1)", text)
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda found: _LETTERS[found[1]], text)
    text = _SIGN.sub(lambda found: SIGNS.get(found[1], found[0]), text)
    text = _SPACES.sub(
        " ", _BARE.sub(lambda found: _MACROS.get(found[1]) or SIGNS.get(found[1], found[0]), text)
    )
    text = _SHORT.sub(lambda found: _SHORTS[found[1] or found[2]], text)
    return _ESCAPED.sub(r"\1", text)


def characters(text: str) -> str:
    r"""The text with `$\unicode{x2013}$`, arXiv's way to write a dash, replaced by the character."""
    return _CODE_POINT.sub(lambda found: chr(int(found[1], 16)), text) if "\\unicode" in text else text


def balanced(braces: list[str]) -> bool:
    """Whether every opening brace is closed, and none is closed before it is opened."""
    depth = 0
    for brace in braces:
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _accented(found: re.Match[str]) -> str:
    letter = found[2] or found[3]
    if found[1].isalpha() and found[3]:
        # Without a brace or a space, `\c` and the like begin the name of another command.
        return found[0]
    return unicodedata.normalize("NFC", letter + _MARKS[found[1]])


_SPACES = re.compile(" {2,}")
_MACROS = {
    "kms": " km/s", "msun": " M⊙", "Msun": " M⊙", "rsun": " R⊙", "Rsun": " R⊙", "lsun": " L⊙", "Lsun": " L⊙",
    "la": "⟨", "ra": "⟩", "langle": "⟨", "rangle": "⟩", "mp": " ∓ ",
}  # fmt: skip
"""Macros that many authors define in the same way."""

SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω", "times": " × ", "cdot": " · ", "pm": " ± ", "to": " → ", "rightarrow": " → ", "leq": " ≤ ",
    "le": " ≤ ", "geq": " ≥ ", "ge": " ≥ ", "neq": " ≠ ", "approx": " ≈ ", "sim": " ~ ", "in": " ∈ ", "subset": " ⊂ ",
    "infty": "∞", "sqrt": "√", "sum": "∑", "int": "∫", "partial": "∂", "nabla": "∇", "ell": "ℓ", "hbar": "ℏ",
    "circ": "°", "deg": "°", "degree": "°", "prime": "′", "dagger": "†", "ldots": "…", "dots": "…", "log": "log ", "quad": " ",
}  # fmt: skip
"""Characters for commands of formulas."""
