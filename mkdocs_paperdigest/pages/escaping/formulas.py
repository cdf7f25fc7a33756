r"""Decides which formulas are typeset: only allowed commands and environments, of bounded size.

A list of what is forbidden cannot hold: KaTeX and MathJax know hundreds of commands, some of which load,
link, define or draw, and each version adds some. What is not listed here never reaches them: `\cla`, a
macro of the authors', becomes `\mathrm{cla}`, and a formula that means to act is shown as text.
"""

import re

from mkdocs_paperdigest.pages.escaping.tex import balanced

DEEPEST = 12
"""Groups within groups; browsers crash at some 75 (KaTeX 0.16, MathJax 3 and 4)."""
LARGEST = 60.0
"""How wide and how tall a formula is at most, in em of the text around it."""
LONGEST_LENGTH = 6.0
"""The lengths of a formula together, in em; negative spaces too, which move it from its place."""

# How wide things are at most was measured in KaTeX 0.19, MathJax 3.2 and 4.1. These set formulas in 1.21 to 1.27 times
# the size of the text, which is part of each width here.
_NARROW = 1.1
_WIDE = 2.2
_WIDEST = 3.8
# Letters, brackets and other signs that stand close.
_LETTERS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi omicron pi varpi rho
varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
varGamma varDelta varTheta varLambda varXi varSigma varUpsilon varPhi varPsi varOmega
aleph beth gimel daleth hbar hslash ell wp Re Im partial nabla emptyset varnothing forall exists nexists neg lnot top bot
angle measuredangle sphericalangle square Box Diamond blacksquare prime backprime sharp flat natural imath jmath complement
eth mho surd checkmark dagger ddagger clubsuit diamondsuit heartsuit spadesuit cdot cdotp wr vdots colon mid
lbrace rbrace lbrack rbrack langle rangle lvert rvert lVert rVert vert Vert lceil rceil lfloor rfloor lgroup rgroup lmoustache
rmoustache ulcorner urcorner llcorner lrcorner backslash enspace thinspace space nobreakspace S
"""
# Operators, relations, arrows and dots.
_SIGNS = """
varPi infty triangle bigstar star int oint ast circ bullet setminus diamond triangleleft triangleright barwedge veebar
sum prod coprod iint bigcap bigcup bigsqcup bigvee bigwedge bigodot bigoplus bigotimes biguplus
pm mp times div cap cup uplus sqcap sqcup vee wedge land lor smallsetminus
bigtriangleup bigtriangledown lhd rhd unlhd unrhd oplus ominus otimes oslash odot bigcirc amalg
ltimes rtimes leftthreetimes rightthreetimes boxplus boxminus boxtimes boxdot dotplus circledast circledcirc
le leq ge geq ll gg ne neq equiv sim simeq approx approxeq cong doteq propto varpropto prec preceq succ succeq
precsim succsim lesssim gtrsim lessapprox gtrapprox lessgtr gtrless leqslant geqslant leqq geqq nleq ngeq nless ngtr lneq gneq
lneqq gneqq subset supset subseteq supseteq subsetneq supsetneq nsubseteq nsupseteq sqsubset sqsupset sqsubseteq sqsupseteq
in ni notin owns nmid parallel nparallel perp vdash dashv models vDash Vdash Vvdash nvdash asymp bowtie smile frown
triangleq trianglelefteq trianglerighteq vartriangleleft vartriangleright
to gets leftarrow rightarrow leftrightarrow uparrow downarrow updownarrow Leftarrow Rightarrow Leftrightarrow Uparrow Downarrow
Updownarrow mapsto hookleftarrow hookrightarrow leftharpoonup leftharpoondown rightharpoonup rightharpoondown
rightleftharpoons leftrightharpoons nearrow searrow swarrow nwarrow leadsto rightsquigarrow upharpoonright downharpoonright
restriction twoheadrightarrow twoheadleftarrow rightarrowtail circlearrowleft circlearrowright nrightarrow nleftarrow
ldots cdots ddots dots dotsb dotsc dotsi dotsm dotso quad pod
"""
_LONG_SIGNS = """
longleftarrow longrightarrow longleftrightarrow Longleftarrow Longrightarrow Longleftrightarrow longmapsto dashrightarrow
implies impliedby iff lll ggg iiint qquad bmod
"""
_FUNCTIONS = """
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim liminf limsup ln log max min
Pr projlim sec sin sinh sup tan tanh varliminf varlimsup
"""
# What takes one argument or two.
_WITH_ARGUMENTS = """
frac dfrac tfrac cfrac binom dbinom tbinom sqrt stackrel overset underset substack
hat widehat tilde widetilde bar overline underline vec dot ddot dddot ddddot acute grave breve check mathring overbrace underbrace
overrightarrow overleftarrow overleftrightarrow underrightarrow underleftarrow xrightarrow xleftarrow boldsymbol pmb
mathbb mathbf mathcal mathfrak mathit mathnormal mathrm mathscr mathsf mathtt mathop mathbin mathrel mathord mathopen mathclose
mathpunct mathinner operatorname text textrm textbf textit textsf texttt textnormal textup hbox phantom hphantom
vphantom smash bra ket braket Bra Ket boxed cancel
"""
# Styles and the parts of constructions.
_COMMANDS = """
over choose atop brace brack not left right middle limits nolimits frak rm bf it sf tt cal
big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm
displaystyle textstyle scriptstyle scriptscriptstyle
"""
# What one of the three does not know, and the same as all know it.
_SYNONYMS = {
    "bm": r"\boldsymbol", "bold": r"\mathbf", "Bbb": r"\mathbb", "scr": r"\mathscr", "mbox": r"\text", "emph": r"\textit",
    "operatornamewithlimits": r"\operatorname*", "coloneqq": r"\mathrel{:=}", "eqqcolon": r"\mathrel{=:}",
    "coloneq": r"\mathrel{:-}", "vcentcolon": ":", "dag": r"\dagger", "ddag": r"\ddagger", "degree": "°", "oiint": "∯",
    "medspace": r"\:", "thickspace": r"\;", "enskip": r"\enspace", "negthinspace": r"\!",
    "AA": "Å", "aa": "å", "P": "¶", "pounds": "£", "copyright": "©",
}  # fmt: skip
_WIDTHS = {
    **dict.fromkeys(_LETTERS.split(), _NARROW),
    **dict.fromkeys(_SIGNS.split(), _WIDE),
    **dict.fromkeys(_LONG_SIGNS.split(), _WIDEST),
    **{name: 0.9 + 0.65 * len(name) for name in _FUNCTIONS.split()},
    **dict.fromkeys((_WITH_ARGUMENTS + _COMMANDS).split(), 0.6),
    **dict.fromkeys(
        ["bra", "ket", "braket", "Bra", "Ket", "sqrt", "binom", "dbinom", "tbinom", "boxed"], 1.4
    ),
    **dict.fromkeys(["overbrace", "underbrace", "xrightarrow", "xleftarrow"], _WIDE),
    **dict.fromkeys(("mod", "pmod"), 4.7),
}
_ALLOWED = frozenset(_WIDTHS)
# How much taller things make the formula around them.
_HEIGHTS = {
    **dict.fromkeys(["frac", "dfrac", "tfrac", "binom", "dbinom", "tbinom", "over", "choose", "atop", "brace", "brack"], 2.0),
    **dict.fromkeys(["cfrac", "Bigg", "Biggl", "Biggr", "Biggm"], 3.0),
    **dict.fromkeys(["bigg", "biggl", "biggr", "biggm", "xrightarrow", "xleftarrow", "overbrace", "underbrace"], 1.6),
    **dict.fromkeys(["Big", "Bigl", "Bigr", "Bigm", "stackrel", "overset", "underset", "overrightarrow", "overleftarrow"], 1.2),
    **dict.fromkeys(["overleftrightarrow", "underrightarrow", "underleftarrow"], 1.2),
    **dict.fromkeys(["sum", "prod", "coprod", "int", "iint", "iiint", "oint"], 1.2),
    **dict.fromkeys(
        ["sqrt", "hat", "widehat", "tilde", "widetilde", "bar", "overline", "underline", "vec", "dot", "ddot", "boxed"], 0.6
    ),
}  # fmt: skip
_ALLOWED_MARKS = frozenset(r""",;:!> {}|%&#_\$""")
_SPACES = frozenset(",;:! >\\")
_ROW = 2.4
# Braces of MathJax 3 are taller than what they enclose.
_BRACES = 1.45
# A switch reaches to the end of its group: for KaTeX, what follows is a group within it.
_SWITCHES = frozenset(
    ["rm", "bf", "it", "sf", "tt", "cal", "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "over", "choose", "atop"]
)  # fmt: skip
_HEAVY = re.compile(r"\\(?:math(?:bf|cal|scr|frak|tt)|bf|cal|frak|boldsymbol|pmb|text[a-z]*)(?![a-zA-Z])")
"""Fonts in which letters are up to 1.4 times as wide."""
# Signs beyond these may be wider than any letter: U+FDFD, a whole sentence, is 10 em.
_CHARACTERS = re.compile(
    r"[\x20-\x7e\u00a0-\u01c3\u01cd-\u01f0\u01f4-\u024f\u0300-\u036f\u0370-\u03ff\u0400-\u045f\u1e00-\u1eff\u2009-\u2027\u2030-\u204a\u2070-\u209c"
    r"\u20a0-\u20bf\u2100-\u215f\u2190-\u22ff\u2308-\u230b\u25a0-\u25ff\u2605-\u266f\u2713\u27c2-\u27ff\u2900-\u2aff"
    r"\u3000-\u303f\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uff60\U0001d400-\U0001d7ff]*"
)
_ENVIRONMENTS = frozenset(
    ["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases", "aligned", "gathered", "split"]
)  # fmt: skip
_ENVIRONMENT = re.compile(
    r"\\begin\s*\{array\}\s*\{[lcr| ]{1,24}\}|\\end\s*\{array\}|\\(?:begin|end)\s*\{([a-zA-Z]+)\}"
)
# Names that do more than set type, known or by their look: no macro of the authors.
_ACTING = re.compile(
    r"(?:href|url|html|includegraphics|style|class|bbox|cssid|require|[gex]?def$|let$|futurelet|global|long$|input|include"
    r"|special|unicode|mmltoken|data$|action|toggle|mathtip|texttip|catcode|csname|endcsname|char$|verb|root$|of$|(?:re|provide)?new"
    r"|renew|provide|declare|expandafter|noexpand|mathchoice|above|genfrac|mspace|[hv]skip|vspace|moveleft|moveright|cr$"
    r"|tag|label|ref$|eqref|color|textcolor|colorbox|fcolorbox|definecolor|fbox|huge$|large$|rotatebox|scalebox|raisebox"
    r"|multicolumn|hline|begin|end$|rule|[hm]?kern|hspace|raise|lower|mskip)",
    re.IGNORECASE,
)
_LENGTH = r"-?(\d{0,3}(?:\.\d{0,4})?)\s*(em|ex|mu|pt|px|mm|cm|in|pc|bp|dd|sp|cc)"
_LENGTHS = re.compile(
    rf"\\(?:m?kern|hskip|mskip|raise|lower)\s*{_LENGTH}(?![a-zA-Z])"
    rf"|\\hspace\*?\s*\{{\s*{_LENGTH}\s*\}}"
    rf"|\\rule\s*\{{\s*{_LENGTH}\s*\}}\s*\{{\s*{_LENGTH}\s*\}}"
    rf"|\\\\\s*\*?\s*\[\s*{_LENGTH}\s*\]"
)
_EM = {"em": 1.0, "ex": 0.5, "mu": 1 / 18, "pt": 0.1, "px": 0.08, "mm": 0.29, "cm": 2.9, "in": 7.3, "pc": 1.2, "bp": 0.1, "dd": 0.11, "sp": 0.0, "cc": 1.3}  # fmt: skip
_TEXT = re.compile(r"\\(?:text[a-z]*|[mh]box|emph)\s*\{[^{}]*\}")
# MathJax shows commands in text as they are written.
_ODD_TEXT = re.compile(
    r"\\(?:text(?!style)[a-z]*|hbox)(?![a-zA-Z])(?!\s*(?:\{(?:[^{}\\]|\\[^a-zA-Z])*\}|[^\s\\{}]))"
)
_NO_ARGUMENT = re.compile(
    rf"\\(?:{'|'.join(_WITH_ARGUMENTS.split())})(?![a-zA-Z])\s*"
    rf"(?:[}}&^_]|\\\\|$|\\(?:{'|'.join(_WITH_ARGUMENTS.split())}|left|right|begin|end)(?![a-zA-Z]))"
)
_TOKEN = re.compile(r"\\([a-zA-Z]+)|\\(.?)|(.)", re.DOTALL)


def checked(tex: str) -> str | None:
    r"""The formula as it may be typeset, or None where it is to be shown as text.

    Unknown commands, which are macros of the authors', stand in it by their names: `\mathrm{msun}`.
    """
    # KaTeX counts `@` as a letter: its own macros have it in their names.
    if not tex or re.search(r"(?<!\\)\$|\\[a-zA-Z]*@", tex) or not balanced(re.findall(r"(?<!\\)[{}]", tex)):
        return None
    if not _CHARACTERS.fullmatch(tex) or any(
        mark not in _ALLOWED_MARKS for mark in re.findall(r"\\([^a-zA-Z]|$)", tex)
    ):
        return None
    tex = _TEXT.sub(lambda text: _COMMAND.sub(_in_text, text[0]), tex)
    tex = _COMMAND.sub(_in_formula, tex)
    if _ODD_TEXT.search(tex) or _NO_ARGUMENT.search(tex):
        return None
    bare = _without_lengths(tex)
    bare = None if bare is None else _without_environments(bare)
    if bare is None or not set(re.findall(r"\\([a-zA-Z]+)", bare)) <= _ALLOWED or not _fits(bare):
        return None
    return tex


_COMMAND = re.compile(r"\\\\|\\([a-zA-Z]+)")


def _in_formula(found: re.Match[str]) -> str:
    name = found[1]
    if name in _SYNONYMS:
        # A letter after a command would become part of its name.
        ends_in_letter = _SYNONYMS[name][-1].isalpha() and _SYNONYMS[name][0] == "\\"
        return _SYNONYMS[name] + (" " if ends_in_letter else "")
    return found[0] if _is_known(name) else f"{{\\mathrm{{{name}}}}}"


def _in_text(found: re.Match[str]) -> str:
    return found[0] if _is_known(found[1]) or found[1] in _SYNONYMS else found[1]


def _is_known(name: str | None) -> bool:
    return not name or name in _ALLOWED or _ACTING.match(name) is not None


def _without_lengths(tex: str) -> str | None:
    """The formula without its lengths, or None where they are too long together, or not lengths at all."""
    total = 0.22 * tex.count("\\!")

    def measured(found: re.Match[str]) -> str:
        nonlocal total
        values = [group for group in found.groups() if group is not None]
        for number, unit in zip(values[::2], values[1::2], strict=True):
            total += 1.27 * float(number if number not in {"", "."} else 0) * _EM[unit]
        return "\\\\" if found[0].startswith("\\\\") else " "

    rest = _LENGTHS.sub(measured, tex)
    return None if total > LONGEST_LENGTH or re.search(r"\\\\\s*\*?\s*\[", rest) else rest


def _without_environments(tex: str) -> str | None:
    r"""The formula with environments as groups, `&` at each end for its brackets; None where one is not allowed."""
    if any(name and name not in _ENVIRONMENTS for name in _ENVIRONMENT.findall(tex)):
        return None
    return _ENVIRONMENT.sub(lambda found: "{&" if found[0].startswith("\\begin") else "&}", tex)


def _fits(tex: str) -> bool:
    """Whether a formula is not too deep, and not too large were all of it in one row or one column."""
    letters = 1.4 if _HEAVY.search(tex) else 1.0
    width = height = 2 * LONGEST_LENGTH if "\\rule" in tex else 2.0
    groups = [0]
    for name, mark, other in _TOKEN.findall(tex):
        if name in _SWITCHES:
            groups[-1] += 1
        if other == "{" or name == "left":
            groups.append(1)
        elif other == "}" or name == "right":
            groups.pop()
            if not groups:
                return False
        if name:
            width += _WIDTHS[name]
            height += _HEIGHTS.get(name, 0)
        elif mark:
            width += 0.45 if mark in _SPACES else _NARROW
            height += _ROW if mark == "\\" else 0
        else:
            width += _width(other, letters)
            height += 1.0 if other in "^_" else 0
        if sum(groups) > DEEPEST:
            return False
    return len(groups) == 1 and max(width, _BRACES * height) <= LARGEST


def _width(character: str, letters: float) -> float:
    if character in "{} ^_":
        return 0.05
    if "\u218f" < character < "\u2e80":
        return 2.6
    if character > "\u024f" or "\u00a0" <= character <= "\u00bf" or character in '=<>+-*%#"':
        return 1.7
    if character in "MW&":
        return 1.4 * letters
    if character.isupper() or character in "mw@:/":
        return 1.1 * letters
    return 0.95 if character.isalpha() else 0.85
