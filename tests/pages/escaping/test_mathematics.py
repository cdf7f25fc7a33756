"""Formulas are found, prices are not, and no formula can do harm."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.pages.escaping.mathematics import plain, typeset, unpaired
from mkdocs_paperdigest.text import publishable

FORMULA = re.compile(r'<span class="arithmatex">(.*?)</span>')


def formulas(text: str) -> list[str]:
    return [html.unescape(found)[2:-2] for found in FORMULA.findall(typeset(text))]


def shown(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", typeset(text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at $O(n \\log n)$ cost", ["O(n \\log n)"]),
        ("$x$ and $y_1$", ["x", "y_1"]),
        ("\\(a<b\\) and \\[c\\]", ["a<b", "c"]),
        ("$$E = mc^2$$ holds", ["E = mc^2"]),
        ("a set $\\{1, 2\\}$", ["\\{1, 2\\}"]),
        ("an 256$\\times$256 image, $\\sim$80x", ["\\times", "\\sim"]),
        ("$\\operatorname*{arg\\,min}_x f(x)$", ["\\operatorname*{arg\\,min}_x f(x)"]),
        ("$\\operatorname{\\mathbf{E}}[x]$", ["\\operatorname{\\mathbf{E}}[x]"]),
        (
            "an $10\\times $ speedup at $ \\sim 45^{ \\circ} $ or $x$",
            ["10\\times", "\\sim 45^{ \\circ}", "x"],
        ),
        ("costs $5-$10", []),
        ("costs $5 with \\emph{care} or $6 \\% less, $7", []),
        ("$3.5B and $6 million", []),
        ("between $5 and $10, $x$", ["x"]),
        ("a \\$100 prize for $n$ teams", ["n"]),
        ("unbalanced $\\frac{1$ here", []),
        ("one $ alone", []),
    ],
)
def test_formulas_are_distinguished_from_prices(text: str, found: list[str]) -> None:
    assert formulas(text) == found


@pytest.mark.parametrize(
    "tex",
    [
        "\\href{javascript:alert(1)}{x}", "\\HREF{x}{y}", "\\require{html}", "\\style{color:red}{x}", "\\class{a}{b}",
        "\\def\\x{\\x}\\x", "\\newcommand{\\x}{y}", "\\csname href\\endcsname{a}{b}", "\\mmlToken{mi}[href='x']{y}",
        "\\url{javascript:x}", "\\input{/etc/passwd}", "\\let\\a\\href", "\\includegraphics{x}",
        "\\bbox[background:url(//a.b)]{x}", "\\rule{1em}{900em}", "x\\kern-99em y", "\\raise1000pt{x}", "a \\\\[99em] b",
        "\\operatorname{\\href{javascript:alert(1)}{x}}", "\\operatorname*{\\style{color:red}{x}}",
    ],
)  # fmt: skip
def test_tex_that_could_leave_its_box_is_never_typeset(tex: str) -> None:
    assert formulas(f"see ${tex}$ there") == []


@pytest.mark.parametrize(
    "tex", ["n = 10 cm^{-3}", "d = 100 pc", "\\raise.17ex{x}", "a\\hspace{1em}b", "\\rule{2pt}{1ex}"]
)
def test_short_lengths_and_quantities_are_typeset(tex: str) -> None:
    assert formulas(f"see ${tex}$ there") == [tex]


def test_literal_dollars_and_backslashes_stand_alone_in_their_text_nodes() -> None:
    assert "<span>&#36;</span>5" in typeset("pay $5 or $6")
    assert "<span>&#92;</span>&#40;" in typeset("a \\( without an end")


@given(st.text(alphabet="$\\()[]{} ab1<>&\n", max_size=60))
def test_nothing_but_our_own_tags_comes_out(text: str) -> None:
    tags = set(re.findall(r"<[^>]*>", typeset(text)))
    assert tags <= {'<span class="arithmatex">', "<span>", "</span>"}


@given(st.text(alphabet="ab <>&*_[]()#", max_size=60))
def test_text_without_formulas_is_shown_as_it_is(text: str) -> None:
    assert shown(text) == publishable(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("at $O(n^2)$ cost", "at O(n²) cost"),
        ("$\\sqrt{s} = 14$ TeV", "√s = 14 TeV"),
        ("the $AdS_5 \\times S^5$ case", "the AdS₅ × S⁵ case"),
        ("$\\mathcal{L} \\leq 10^{-3}$", "L ≤ 10⁻³"),
        ("a set $\\{a, b\\}$", "a set {a, b}"),
        ("$O(n^{1/2})$", "O(n^(1/2))"),
        ("$n^{1.5}$ and $2^{3n}$", "n^(1.5) and 2^(3n)"),
        ("$n^{\\alpha}$, $x_{ij}$ and $a_{-1}$", "n^α, x_(ij) and a₋₁"),
        ("$\\frac{1}{2}$ of $\\dfrac{x^{2n}}{\\sqrt{a+b}}$", "(1)/(2) of (x^(2n))/(√(a+b))"),
        ("$\\operatorname*{arg\\,min}_x f(x)$", "argmin_x f(x)"),
        ("an odd $\\frac{1$ and $e^{a\\}}$", "an odd frac1 and e^a}"),
        ("costs $5 or $6", "costs $5 or $6"),
    ],
)
def test_formulas_are_readable_where_nothing_is_typeset(text: str, words: str) -> None:
    assert " ".join(plain(text).split()) == words


@pytest.mark.parametrize(
    "tex",
    [
        "\\begin{alignedat}{99999999} x \\end{alignedat}", "\\begin{alignat}{9} x \\end{alignat}",
        "\\begin{array}{*{99999999}{c}} x \\end{array}", "\\frac{" * 80 + "1" + "}{2}" * 80, "\\sqrt" * 90 + "x",
        "{" * 90 + "1\\over 2}" + "}" * 89, "\\rule[2em]{99em}{1em}", "a\\above 99em b", "\\genfrac{}{}{99em}{}{a}{b}",
        "\\mspace{9999mu}", "\\Newextarrow{\\x}{1,1}{8594}", "\\gdef\\frac#1#2{x}", "a \\\\ [99em] b",
        "\\hspace{5em}\\hspace{5em}", "W" * 300, "\\begin{matrix}" + "x\\\\" * 30 + "\\end{matrix}", "\\html@mathml{a}{b}",
        "a \\color{red} b", "\\tag{1} x", "\\@firstoftwo{a}{b}",
    ],
)  # fmt: skip
def test_formulas_that_load_define_or_grow_are_never_typeset(tex: str) -> None:
    assert formulas(f"a ${tex}$ b") == []


@pytest.mark.parametrize(
    "tex",
    [
        "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}", "\\left\\{ x \\in \\mathbb{R}^n : \\|x\\|_2 \\leq 1 \\right\\}",
        "\\begin{array}{cc} a & b \\end{array}", "\\sum_{i=1}^{n} \\frac{\\partial f}{\\partial x_i}", "{a \\over b}",
        "H_0 = 67.4 \\pm 0.5~{\\rm km\\,s^{-1}\\,Mpc^{-1}}", "\\overset{d}{\\longrightarrow}", "90\\%",
    ],
)  # fmt: skip
def test_usual_formulas_stay_as_they_are(tex: str) -> None:
    assert formulas(f"a ${tex}$ b") == [tex]


def test_macros_of_the_authors_are_shown_by_their_names() -> None:
    assert formulas("a mass of $10^{15}\\msun$") == ["10^{15}{\\mathrm{msun}}"]


def test_a_formula_that_is_not_typeset_is_shown_as_text() -> None:
    assert shown("see $\\href{https://a.b}{\\text{this https URL}}$!") == "see this https URL!"
    assert shown("a $\\url{https://a.b}$ b") == "a https://a.b b"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("at $O(n^2)$ cost", "at O(n²) cost"),
        ("costs $5", "costs $5"),
        ("costs $5 or $6", "costs ＄5 or ＄6"),
        ("$" + "\\frac{1}{" * 120 + "x" + "}" * 120 + "$", None),
        ("\\(" + "x" * 1200 + "\\)", None),
    ],
)
def test_text_without_markup_holds_no_pair_of_delimiters(text: str, words: str | None) -> None:
    found = unpaired(text)
    assert found.count("$") < 2
    assert "\\(" not in found
    assert words is None or found == words


@pytest.mark.parametrize(
    "tex",
    [
        "\\begin{matrix}" * 40 + "x" + "\\end{matrix}" * 40, "\\begin{array}{c}" + "&" * 100 + "\\end{array}", "\\%" * 100,
        "\\ " * 200, "\\!" * 60 + "x", "\\rm" * 30 + " x", "\\" + "m" * 200, "…" * 60, "\ufdfd", "\\text{\\textbf{x}}", "\\sqrt\\sqrt x",
        "\\left( x", "x \\right)", "\\frac", "\\begin{Bmatrix}" + "\\dfrac{1}{2}\\\\" * 16 + "\\end{Bmatrix}", "\\Bigg(" * 15,
    ],
)  # fmt: skip
def test_formulas_that_are_large_or_broken_are_text(tex: str) -> None:
    assert formulas(f"a ${tex}$ b") == []


@pytest.mark.parametrize(
    ("tex", "as_all_know_it"),
    [
        ("\\bm x", "\\boldsymbol x"),
        ("\\bm{x}", "\\boldsymbol {x}"),
        ("a \\coloneqq b", "a \\mathrel{:=} b"),
        ("90^\\degree", "90^°"),
        ("\\rho_\\text{\\msun}", "\\rho_\\text{msun}"),
    ],
)
def test_commands_that_one_typesetter_lacks_become_those_of_all(tex: str, as_all_know_it: str) -> None:
    assert formulas(f"a ${tex}$ b") == [as_all_know_it]
