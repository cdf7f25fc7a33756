"""TeX commands that authors leave in abstracts are replaced by what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.pages.escaping.mathematics import plain, typeset
from mkdocs_paperdigest.pages.escaping.tex import untex


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\\textbf{G}raph \\underline{\\textbf{M}}utual", "Graph Mutual"),
        ("{\\bf bold} and \\emph{stressed}", "bold and stressed"),
        ("code at:~\\url{https://a.b/c}", "code at: https://a.b/c"),
        ("\\href{https://a.b}{\\textcolor{red}{our page}}", "our page"),
        ("available\\footnote{https://a.b}", "available (https://a.b)"),
        ('Fr\\\'echet, R\\"uckert, Erd\\H{o}s, na\\"{\\i}ve', "Fréchet, Rückert, Erdős, naïve"),
        ("Stra\\ss e, S{\\o}ren", "Straße, Søren"),
        ("90\\% of \\$5, a\\_b, 3.7\\,dB", "90% of $5, a_b, 3.7 dB"),
        ("360{\\deg} images, \\eg, faces", "360° images, e.g., faces"),
        ("``quoted'' text", "“quoted” text"),
        ("the \\pi\\pi phase at \\mu0 H, x^\\mu \\in A", "the ππ phase at μ0 H, x^μ ∈ A"),
        ("\\la r^2\\ra = 4500\\kms, 1.3 \\rsun", "⟨ r^2⟩ = 4500 km/s, 1.3 R⊙"),
        ("a {\\cal K}-class, {\\em{weakly stable}}, {\\em also}", "a K-class, weakly stable, also"),
        ("Part 1 -- 15 (2008), 351--358, so---yes", "Part 1 – 15 (2008), 351–358, so—yes"),
        ("D0 --> K-, a --help, i--; <!-- c", "D0 --> K-, a --help, i--; <!-- c"),
        ("A ''Recipe Theory'' of f''(x), g''(y)", "A “Recipe Theory” of f''(x), g''(y)"),
        ("C:\\in and \\pipe", "C:\\in and \\pipe"),
        ("\\ours and \\cite{x}", "\\ours and \\cite{x}"),
    ],
)
def test_commands_in_running_text_are_replaced(text: str, read: str) -> None:
    assert untex(text) == read


def test_dashes_that_arxiv_writes_as_formulas_are_dashes() -> None:
    assert plain("maps$\\unicode{x2013}$is new") == "maps–is new"
    assert "arithmatex" not in typeset("maps$\\unicode{x2013}$is new")
    assert "\u202e" not in typeset("$\\unicode{x202e}$")


@given(st.text(alphabet="ab \\{}$'\"`~^%_&,.cHiu", max_size=60))
def test_no_text_raises_an_error_or_becomes_markup(text: str) -> None:
    assert isinstance(untex(text), str)
    assert "<script" not in typeset(text + "<script")
