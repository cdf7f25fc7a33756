"""Turns TeX formulas in text into spans that MathJax and KaTeX typeset.

The spans are those of pymdownx.arithmatex in its generic mode. They are made here so that pages do not
depend on the site's extensions; see https://facelessuser.github.io/pymdown-extensions/extensions/arithmatex/.
"""

import re

from markupsafe import Markup

from mkdocs_paperdigest.pages.escaping.escape import escape
from mkdocs_paperdigest.pages.escaping.formulas import checked
from mkdocs_paperdigest.pages.escaping.tex import SIGNS, balanced, characters, untex
from mkdocs_paperdigest.text import publishable

# A dollar opens a formula if no space follows, and closes it if no space precedes and no digit follows
# (the rule of Pandoc's tex_math_dollars), so that "$5-$10" and "$3 and $4" stay prices.
_MATH = re.compile(
    r"(?<!\\)\$\$(?P<display>[^$]{1,2000}?)\$\$"
    r"|(?<!\\)\$(?=[^\s$])(?P<dollars>(?:[^$\\]|\\.){0,1000}?(?<![\s\\])|[^\s$\\])\$(?!\d)"
    # Text with a command, a power or an index is a formula even before a digit: 256$\times$256.
    r"|(?<!\\)\$(?=[^\s$])(?P<tex>(?=[^$]{0,1000}[\\^_])(?:[^$\\]|\\.){0,1000}?(?<![\s\\]))\$"
    # With a space at either end, it has a command and no words: `$10\times $`.
    r"|(?<!\\)\$(?=[^$]{0,300}\\[a-zA-Z])(?![^$]{0,300}(?<![\\a-zA-Z{])[a-z]{3})(?P<spaced>(?:[^$\\]|\\.){1,300}?)\$"
    r"|\\\((?P<parens>.{1,1000}?)\\\)"
    r"|\\\[(?P<brackets>.{1,2000}?)\\\]"
)
_LITERAL = re.compile(r"&#(?:36|92);")


def typeset(text: str) -> Markup:
    """The text as Markdown or HTML content, its formulas as `span.arithmatex`."""
    text = publishable(characters(text))
    if "$" not in text and "\\" not in text:
        return escape(untex(text))
    parts: list[str] = []
    end = 0
    for found in _MATH.finditer(text):
        source = _content(found)
        tex = checked(source)
        if tex is not None:
            formula = _formula(tex)
        elif source and balanced(re.findall(r"(?<!\\)[{}]", source)):
            formula = _literal(_plain(untex(source)))
        else:
            continue
        parts += (_literal(text[end : found.start()]), formula)
        end = found.end()
    parts.append(_literal(text[end:]))
    return Markup("".join(parts))  # noqa: S704 - every part is escaped


def neutral(text: str) -> Markup:
    """Escaped text with each dollar and backslash in a text node of its own, so no typesetter pairs them.

    For all that holds no formulas: authors, categories, licences.
    """
    escaped = escape(text, keep_edges=True)
    if "$" not in text and "\\" not in text:
        return escaped
    return Markup(_LITERAL.sub(lambda found: f"<span>{found[0]}</span>", escaped))  # noqa: S704


def plain(text: str) -> str:
    r"""The text with its formulas as plain characters, for places where nothing is typeset.

    `at $O(n^2)$ and $\sqrt{s} = 14$` becomes `at O(n²) and √s = 14`.
    """
    return untex(_MATH.sub(lambda found: _plain(_content(found)), publishable(characters(text))))


def unpaired(text: str) -> str:
    """Like `plain`, for text of a page that cannot hold markup: titles in a table of contents, tags.

    KaTeX typesets whatever stands between two dollars, so these become look-alikes (`＄`).
    """
    text = plain(text)
    if text.count("$") > 1:
        text = text.replace("$", "＄")
    return re.sub(r"\\(?=[(\[])", "＼", text)


def _content(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group is not None).strip()


def _plain(tex: str) -> str:
    tex = _STYLE.sub("", tex)
    tex = _COMMAND.sub(lambda name: SIGNS.get(name[1], name[1]), tex)
    tex = _RAISE.sub(lambda found: (found[1] or found[2]).translate(_RAISED), tex)
    tex = _LOWER.sub(lambda found: (found[1] or found[2]).translate(_LOWERED), tex)
    for _ in range(3):  # groups are seldom nested deeper
        tex = _GROUP.sub(_grouped, tex)
        tex = _FRACTION.sub(r"(\1)/(\2)", tex)
    tex = re.sub(r"\\(?=[dt]?frac)|\\[,;:! ]|(?<!\\)[{}]", "", tex)
    return tex.replace("\\{", "{").replace("\\}", "}")


def _grouped(found: re.Match[str]) -> str:
    mark, content = found.groups()
    return f"{mark}({content})" if len(content) > 1 else f"{mark}{content}"


_STYLE = re.compile(
    r"\\(?:math(?:cal|bb|bf|rm|it|sf|tt|frak|scr)|text(?:bf|it|rm|tt|sf|up)?|boldsymbol|bm|operatorname\*?|left|right)"
    r"(?![A-Za-z])\s*"
)
_COMMAND = re.compile(r"\\(?![dt]?frac(?![A-Za-z]))([A-Za-z]+)\s*")
# Only whole exponents are raised: raising a part of one would change its meaning.
_RAISE = re.compile(r"\^(?:\{([0-9+-]+)\}|([0-9]))")
_LOWER = re.compile(r"_(?:\{([0-9+-]+)\}|([0-9]))")
_GROUP = re.compile(r"([\^_√])\{([^{}]*)(?<!\\)\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


def _formula(tex: str) -> str:
    # Inline even for display formulas, because a formula in an abstract is part of a sentence.
    escaped = escape(f"\\({tex}\\)")
    return f'<span class="arithmatex">{escaped}</span>'


def _literal(text: str) -> str:
    return neutral(untex(text))
