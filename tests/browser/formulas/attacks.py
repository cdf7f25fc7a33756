r"""Formulas that mean harm: they act, they grow without end, or they are as large as what is still allowed."""

from collections.abc import Callable

from mkdocs_paperdigest.pages.escaping.formulas import checked

ACTING = (
    r"\gdef\frac#1#2{x}", r"\global\def\alpha{x}", r"\def\sum{x}", r"\edef\hbar{x}", r"\xdef\hbar{x}", r"\let\frac\sqrt",
    r"\futurelet\frac\sqrt x", r"\newcommand{\hbar}{x}", r"\renewcommand{\alpha}{x}", r"\renewcommand\frac[2]{x}",
    r"\providecommand{\sum}{x}", r"\DeclareMathOperator{\sum}{x}", r"\newenvironment{matrix}{x}{y}",
    r"\renewenvironment{cases}{x}{y}", r"\Newextarrow{\frac}{1,1}{8594}", r"\DeclarePairedDelimiter{\frac}{(}{)}",
    r"\newtagform{x}{(}{)}", r"\global\let\mathbb\mathrm", r"\long\def\alpha{x}", r"\char`\^^M", r"\catcode`\%=12",
    r"\require{html}", r"\require{physics}x", r"\require{autoload}", r"\cssId{frac}{x}", r"\class{md-header}{x}",
    r"\style{position:fixed;inset:0}{x}", r"\htmlStyle{position:fixed}{x}", r"\htmlClass{md-header}{x}",
    r"\htmlId{__search}{x}", r"\htmlData{x=y}{z}", r"\data{x=y}{z}", r"\href{javascript:window.pwned=1}{x}",
    r"\url{javascript:x}", r"\includegraphics[width=99em]{x.png}", r"\mmlToken{mi}[style='font-size:99em']{x}",
    r"\bbox[99em,border:9em solid red]{x}", r"\unicode[99em,font-size:99em]{x41}", r"\char\"FDFD", r"\verb|x|",
    r"\color{red}", r"\textcolor{red}{x}", r"\colorbox{red}{x}", r"\fcolorbox{red}{blue}{x}", r"\definecolor{black}{RGB}{1,1,1}",
    r"\pagecolor{red}", r"\tag{1}x", r"\label{x}\ref{x}", r"\eqref{x}", r"\toggle{x}{y}\endtoggle", r"\mathtip{x}{y}",
    r"\texttip{x}{y}", r"\mathchoice{x}{x}{x}{x}", r"\csname frac\endcsname", r"\expandafter\gdef\csname frac\endcsname{x}",
    r"\begingroup\gdef\alpha{x}\endgroup", r"\html@mathml{a}{b}", r"\@firstoftwo{a}{b}", r"\ce{H2O}", r"\pu{1 m}",
    r"\begin{CD}A@>>>B\end{CD}", r"\begin{equation}\label{a}x\end{equation}", r"\begin{prooftree}\AxiomC{x}\end{prooftree}",
    r"\begin{alignedat}{99999999}x\end{alignedat}", r"\begin{alignat}{9999999}x\end{alignat}",
    r"\begin{xalignat}{9999999}x\end{xalignat}", r"\begin{array}{*{99999999}{c}}x\end{array}",
    r"\begin{array}{*{9999}{*{9999}{c}}}x\end{array}", r"\begin{array}{p{99em}}x\end{array}",
    r"\begin{array}{c@{\hspace{99em}}c}x&x\end{array}", r"\begin{subarray}{c}x\end{subarray}", r"\multicolumn{9999999}{c}{x}",
    r"\rule{99em}{1em}", r"\rule[99em]{1em}{1em}", r"\rule{1em}{1em}\raise 99em{x}", r"\above 99em x", r"x\above99em y",
    r"\genfrac{}{}{99em}{}{a}{b}", r"\mspace{9999mu}", r"\mskip9999mu x", r"\kern9999em x", r"\hskip 9999em x",
    r"\hspace{-99em}x", r"\kern-99em x", r"x\\[99em]y", r"x\\[-99em]y", r"\moveleft 99em{x}", r"\raisebox{99em}{x}",
    r"\vcenter{x}", r"\llap{x}", r"\mathllap{xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}",
    r"\Huge x", r"\Huge{\Huge{\Huge{x}}}", r"\huge\rule{9em}{9em}", r"\scalebox{99}{x}", r"\resizebox{99em}{99em}{x}",
    r"\rotatebox{90}{x}", r"\hphantom{x}\vspace{99em}", r"\underset{x}{\above 9em}", r"\cr\cr\cr", r"\matrix{a\cr b}",
    r"\left( x", r"x \right)", r"\left.\left.\left. x", r"\middle| x", r"\frac", r"x^", r"x^x^x", r"x_x_x", r"\sqrt[3", r"{x", r"x}",
    r"\begin{matrix}x", r"x\end{matrix}", r"\begin{matrix}x\end{pmatrix}", r"a & b", r"#1", r"\text{\gdef\frac{x}}", r"\text{$\frac12$}",
)  # fmt: skip
"""What loads, defines, links, colours, moves or breaks."""

GROWING: tuple[Callable[[int], str], ...] = (
    lambda n: r"\frac{" * n + "1" + "}{2}" * n,
    lambda n: r"\dfrac{1}{" * n + "2" + "}" * n,
    lambda n: r"\sqrt{" * n + "x" + "}" * n,
    lambda n: r"\sqrt" * n + " x",
    lambda n: r"\hat" * n + " x",
    lambda n: r"\boldsymbol" * n + " x",
    lambda n: r"\textnormal" * n + "{x}",
    lambda n: r"\text{\textbf" * n + "x" + "}" * n,
    lambda n: "{" * n + r"1\over 2}" + r"\over 2}" * (n - 1),
    lambda n: "x^{" * n + "x" + "}" * n,
    lambda n: "x_{" * n + "x" + "}" * n,
    lambda n: "x^{y_{" * n + "x" + "}}" * n,
    lambda n: r"\left(" * n + "x" + r"\right)" * n,
    lambda n: r"\left\{" + r"\dfrac{1}{2}\\" * n + r"\right.",
    lambda n: r"\begin{matrix}" * n + "x" + r"\end{matrix}" * n,
    lambda n: r"\begin{cases}" * n + "x" + r"\end{cases}" * n,
    lambda n: r"\begin{matrix}" + "x&" * n + r"\end{matrix}",
    lambda n: r"\begin{array}{c}" + "&" * n + r"\end{array}",
    lambda n: r"\begin{array}{||||||||||||||||||||||||}" + r"x\\" * n + r"\end{array}",
    lambda n: r"\begin{Bmatrix}" + r"\dfrac{\dfrac{1}{2}}{\dfrac{1}{2}}\\" * n + r"\end{Bmatrix}",
    lambda n: r"\begin{cases}" + r"\Bigg(\\" * n + r"\end{cases}",
    lambda n: r"\begin{aligned}" + r"x\\[1em]" * n + r"\end{aligned}",
    lambda n: r"\sum_{\substack{" + r"x\\" * n + "}}",
    lambda n: r"\displaystyle\sum\limits_{" * n + "x" + "}" * n,
    lambda n: r"\stackrel{x}{" * n + "x" + "}" * n,
    lambda n: r"\underset{x}{" * n + "x" + "}" * n,
    lambda n: r"\overbrace{" * n + "x" + "}" * n,
    lambda n: r"\rm" * n + " x",
    lambda n: r"\displaystyle" * n + " x",
    lambda n: r"\Bigg(" * n,
    lambda n: "W" * n,
    lambda n: r"\mathcal{" + "M" * n + "}",
    lambda n: r"\mathscr{" + "H" * n + "}",
    lambda n: r"\textbf{" + "W" * n + "}",
    lambda n: "=" * n,
    lambda n: r"\%" * n,
    lambda n: r"\ " * n,
    lambda n: r"\!" * n + "x",
    lambda n: r"\qquad" * n + " x",
    lambda n: r"\pmod{x}" * n,
    lambda n: r"\Longleftrightarrow" * n,
    lambda n: r"\limsup" * n,
    lambda n: r"\hspace{.5em}" * n + "x",
    lambda n: r"\rule{1em}{" + f"{n / 10}em" + "}",
    lambda n: r"\raise " + f"{n / 10}em" + "{x}",
    lambda n: r"x\kern" + f"{n / 10}em" + " x",
    lambda n: "\\" + "m" * n,
    lambda n: r"\mymacro" * n,
    lambda n: r"\text{" + "\\mm" * n + "}",
    lambda n: "\ufdfd" * n,
    lambda n: "\u2a0c" * n,
    lambda n: "…" * n,
    lambda n: "漢" * n,
    lambda n: "{}" * n,
    lambda n: "{}^{}_{}" * n,
    lambda n: "x" + "'" * n,
)
"""What is as large as one likes: each is tried far beyond what is allowed, and as large as it may just be."""
FAR = 120


def attacks() -> list[str]:
    """All formulas, each once."""
    return list(
        dict.fromkeys([*ACTING, *(make(FAR) for make in GROWING), *(_largest(make) for make in GROWING)])
    )


def _largest(make: Callable[[int], str]) -> str:
    allowed = [size for size in range(1, FAR) if checked(make(size)) is not None]
    return make(max(allowed, default=1))
