r"""Decides which formulas are typeset: only allowed commands and environments, of bounded size.

A list of what is forbidden cannot hold: KaTeX and MathJax know hundreds of commands, some of which load,
link, define or draw, and each version adds some. What is not listed here never reaches them: `\cla`, a
macro of the authors', becomes `\mathrm{cla}`, and a formula that means to act is shown as text.
"""

import re

from mkdocs_paperdigest.pages.escaping.tex import balanced

DEEPEST = 12
"""Groups within groups; browsers crash at some 75 (KaTeX 0.16, MathJax 3 and 4)."""
WIDEST = 60.0
"""An estimate in em: what a formula has of characters and commands, each as wide as such are at most."""
LONGEST_LENGTH = 6.0
"""The lengths of a formula together, in em."""
MOST_ROWS = 20

# Greek letters, signs, arrows and delimiters, which take no argument.
_SIGNS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi omicron pi varpi rho
varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
varGamma varDelta varTheta varLambda varXi varPi varSigma varUpsilon varPhi varPsi varOmega
aleph beth gimel daleth hbar hslash ell wp Re Im partial nabla infty emptyset varnothing forall exists nexists neg lnot top bot
angle measuredangle sphericalangle triangle square Box Diamond blacksquare bigstar star prime backprime sharp flat natural
imath jmath complement eth mho surd checkmark degree dag dagger ddag ddagger clubsuit diamondsuit heartsuit spadesuit
sum prod coprod int iint iiint oint oiint bigcap bigcup bigsqcup bigvee bigwedge bigodot bigoplus bigotimes biguplus
pm mp times div cdot cdotp ast circ bullet cap cup uplus sqcap sqcup vee wedge land lor setminus smallsetminus wr diamond
bigtriangleup bigtriangledown triangleleft triangleright lhd rhd unlhd unrhd oplus ominus otimes oslash odot bigcirc amalg
ltimes rtimes leftthreetimes rightthreetimes boxplus boxminus boxtimes boxdot dotplus barwedge veebar circledast circledcirc
le leq ge geq ll gg lll ggg ne neq equiv sim simeq approx approxeq cong doteq propto varpropto prec preceq succ succeq
precsim succsim lesssim gtrsim lessapprox gtrapprox lessgtr gtrless leqslant geqslant leqq geqq nleq ngeq nless ngtr lneq gneq
lneqq gneqq subset supset subseteq supseteq subsetneq supsetneq nsubseteq nsupseteq sqsubset sqsupset sqsubseteq sqsupseteq
in ni notin owns mid nmid parallel nparallel perp vdash dashv models vDash Vdash Vvdash nvdash asymp bowtie smile frown
triangleq trianglelefteq trianglerighteq vartriangleleft vartriangleright coloneqq eqqcolon coloneq vcentcolon
to gets leftarrow rightarrow leftrightarrow uparrow downarrow updownarrow Leftarrow Rightarrow Leftrightarrow Uparrow Downarrow
Updownarrow longleftarrow longrightarrow longleftrightarrow Longleftarrow Longrightarrow Longleftrightarrow mapsto longmapsto
hookleftarrow hookrightarrow leftharpoonup leftharpoondown rightharpoonup rightharpoondown rightleftharpoons leftrightharpoons
nearrow searrow swarrow nwarrow leadsto rightsquigarrow implies impliedby iff upharpoonright downharpoonright restriction
twoheadrightarrow twoheadleftarrow rightarrowtail dashrightarrow circlearrowleft circlearrowright nrightarrow nleftarrow
ldots cdots vdots ddots dots dotsb dotsc dotsi dotsm dotso colon lbrace rbrace lbrack rbrack langle rangle lvert rvert lVert
rVert vert Vert lceil rceil lfloor rfloor lgroup rgroup lmoustache rmoustache ulcorner urcorner llcorner lrcorner backslash
quad qquad enspace enskip thinspace medspace thickspace negthinspace space nobreakspace S P pounds copyright AA aa
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf injlim ker lg lim liminf limsup ln log max min
Pr projlim sec sin sinh sup tan tanh bmod mod pod pmod varliminf varlimsup
"""
# What takes arguments, styles, and the parts of constructions.
_COMMANDS = """
frac dfrac tfrac cfrac binom dbinom tbinom sqrt root of over choose atop brace brack stackrel overset underset substack
not left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm limits nolimits
hat widehat tilde widetilde bar overline underline vec dot ddot dddot ddddot acute grave breve check mathring overbrace underbrace
overrightarrow overleftarrow overleftrightarrow underrightarrow underleftarrow xrightarrow xleftarrow boldsymbol bm pmb
mathbb mathbf mathcal mathfrak mathit mathnormal mathrm mathscr mathsf mathtt mathop mathbin mathrel mathord mathopen mathclose
mathpunct mathinner operatorname operatornamewithlimits bold Bbb frak rm bf it sf tt cal scr displaystyle textstyle
scriptstyle scriptscriptstyle text textrm textbf textit textsf texttt textnormal textup mbox hbox emph phantom hphantom
vphantom smash bra ket braket Bra Ket boxed cancel
"""
_ALLOWED = frozenset((_SIGNS + _COMMANDS).split())
_ALLOWED_MARKS = frozenset(r""",;:!> {}|%&#_\$""")
_ENVIRONMENTS = frozenset(
    [
        "matrix",
        "pmatrix",
        "bmatrix",
        "Bmatrix",
        "vmatrix",
        "Vmatrix",
        "smallmatrix",
        "cases",
        "aligned",
        "gathered",
        "split",
    ]
)
_ENVIRONMENT = re.compile(
    r"\\begin\s*\{array\}\s*\{[lcr| ]{1,24}\}|\\end\s*\{array\}|\\(?:begin|end)\s*\{([a-zA-Z]+)\}"
)
# Names that do more than set type, known or by their look: nobody's macro.
_ACTING = re.compile(
    r"(?:href|url|html|includegraphics|style|class|bbox|cssid|require|[gex]?def$|let$|futurelet|global|long$|input|include"
    r"|special|unicode|mmltoken|data$|action|toggle|mathtip|texttip|catcode|csname|endcsname|char$|verb|(?:re|provide)?new"
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
_TOKEN = re.compile(r"\\([a-zA-Z]+)|\\(.?)|(.)", re.DOTALL)


def checked(tex: str) -> str | None:
    r"""The formula as it may be typeset, or None where it is to be shown as text.

    Unknown commands, which are macros of the authors', stand in it by their names: `\mathrm{msun}`.
    """
    # KaTeX counts `@` as a letter: its own macros have it in their names.
    if not tex or re.search(r"(?<!\\)\$|\\[a-zA-Z]*@", tex) or not balanced(re.findall(r"(?<!\\)[{}]", tex)):
        return None
    bare = _without_lengths(tex)
    bare = None if bare is None else _without_environments(bare)
    if bare is None or not _is_small(bare):
        return None
    names = set(re.findall(r"\\([a-zA-Z]+)", bare))
    if any(_ACTING.match(name) and name not in _ALLOWED for name in names):
        return None
    if any(mark not in _ALLOWED_MARKS for mark in re.findall(r"\\([^a-zA-Z]|$)", bare)):
        return None
    if names <= _ALLOWED:
        return tex
    return re.sub(r"\\\\|\\([a-zA-Z]+)", _named, tex)


def _named(found: re.Match[str]) -> str:
    name = found[1]
    known = not name or name in _ALLOWED or _ACTING.match(name)
    return found[0] if known else f"{{\\mathrm{{{name}}}}}"


def _without_lengths(tex: str) -> str | None:
    """The formula without its lengths, or None where they are too long together, or not lengths at all."""
    total = 0.0

    def measured(found: re.Match[str]) -> str:
        nonlocal total
        values = [group for group in found.groups() if group is not None]
        for number, unit in zip(values[::2], values[1::2], strict=True):
            total += float(number if number not in {"", "."} else 0) * _EM[unit]
        return "\\\\" if found[0].startswith("\\\\") else " "

    rest = _LENGTHS.sub(measured, tex)
    return None if total > LONGEST_LENGTH or re.search(r"\\\\\s*\*?\s*\[", rest) else rest


def _without_environments(tex: str) -> str | None:
    unknown = [name for name in _ENVIRONMENT.findall(tex) if name and name not in _ENVIRONMENTS]
    if unknown or tex.count("\\\\") > MOST_ROWS:
        return None
    return _ENVIRONMENT.sub(" ", tex)


def _is_small(tex: str) -> bool:
    depth, width = 0, 0.0
    for name, mark, other in _TOKEN.findall(tex):
        if name:
            # Names of functions and of macros are written out.
            width += 1.6 if name in _ALLOWED and len(name) > 6 else 0.3 + 0.45 * min(len(name), 9)
        elif other and other in "{}":
            depth += 1 if other == "{" else -1
            if depth > DEEPEST:
                return False
        elif not mark and other not in " ^_&":
            width += 1.0 if other > "\u2e7f" else 0.55
    return width <= WIDEST
