"""Formulas are found, prices are not, and no formula can do harm."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.pages.escaping.mathematics import plain, typeset
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
        ("costs $5-$10", []),
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
    "tex",
    ["n = 10 cm^{-3}", "d = 100 pc", "\\raise.17ex{x}", "a\\hspace{1em}b", "\\rule{2pt}{1ex}"],
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
