"""Text with TeX in it as text with spans that MathJax and KaTeX typeset.

The spans are those of pymdownx.arithmatex in its generic mode, written here so that a page does not
depend on the site's extensions; see https://facelessuser.github.io/pymdown-extensions/extensions/arithmatex/.
"""

import re

from markupsafe import Markup

from mkdocs_paperdigest.pages.escaping.escape import escape
from mkdocs_paperdigest.pages.escaping.tex import SIGNS, characters, untex
from mkdocs_paperdigest.text import publishable

# A dollar opens math before a non-space and closes it after one and not before a digit (the rule of
# Pandoc's tex_math_dollars), so that "$5-$10" and "$3 and $4" stay prices.
_MATH = re.compile(
    r"(?<!\\)\$\$(?P<display>[^$]{1,2000}?)\$\$"
    r"|(?<!\\)\$(?=[^\s$])(?P<dollars>(?:[^$\\]|\\.){0,1000}?(?<![\s\\])|[^\s$\\])\$(?!\d)"
    # With a command, a power or an index in it there is no doubt: 256$\times$256.
    r"|(?<!\\)\$(?=[^\s$])(?P<tex>(?=[^$]{0,1000}[\\^_])(?:[^$\\]|\\.){0,1000}?(?<![\s\\]))\$"
    r"|\\\((?P<parens>.{1,1000}?)\\\)"
    r"|\\\[(?P<brackets>.{1,2000}?)\\\]"
)
# What lets TeX leave its box: links, HTML attributes and styles, loading of extensions, lengths of a page
# and more, and new definitions, which would also change the formulas after it. Such a formula is shown as
# it is written.
_UNSAFE = re.compile(
    r"\\(?:href|url|html|includegraphics|style|class|bbox|cssid|require|[gex]?def|let|futurelet|input|include|special"
    r"|unicode|mmltoken|data|action|toggle|mathtip|texttip|catcode|csname|char|verb|newcommand|renewcommand"
    r"|providecommand|newenvironment|renewenvironment|declaremathoperator)"
    r"|\\(?:rule|m?kern|[hm]skip|[hv]space|raise|lower|moveleft|moveright|space|\\\[)[^\\]{0,40}?"
    r"(?<![.\d])(?:\d{2,}(?:\.\d*)?\s*(?:em|ex|cm|in|pc)|\d{3,}(?:\.\d*)?\s*(?:p[tx]|mm|mu|bp|dd|cc|sp))\b",
    re.IGNORECASE,
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
        tex = _content(found)
        if not _sound(tex):
            continue
        parts += (_literal(text[end : found.start()]), _formula(tex))
        end = found.end()
    parts.append(_literal(text[end:]))
    return Markup("".join(parts))  # noqa: S704 - every part is escaped


def plain(text: str) -> str:
    r"""The text with its formulas as near as plain text comes, for places where nothing is typeset.

    `at $O(n^2)$ and $\sqrt{s} = 14$` becomes `at O(n²) and √s = 14`.
    """
    return untex(_MATH.sub(lambda found: _plain(_content(found)), publishable(characters(text))))


def _content(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group is not None).strip()


def _plain(tex: str) -> str:
    tex = _STYLE.sub("", tex)
    tex = _COMMAND.sub(lambda name: SIGNS.get(name[1], name[1]), tex)
    tex = _RAISE.sub(lambda found: (found[1] or found[2]).translate(_RAISED), tex)
    tex = _LOWER.sub(lambda found: (found[1] or found[2]).translate(_LOWERED), tex)
    for _ in range(3):  # groups stand within groups, seldom deeper
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
# What has no raised form as a whole stays on the line: half of a power raised would be another power.
_RAISE = re.compile(r"\^(?:\{([0-9+-]+)\}|([0-9]))")
_LOWER = re.compile(r"_(?:\{([0-9+-]+)\}|([0-9]))")
_GROUP = re.compile(r"([\^_√])\{([^{}]*)(?<!\\)\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


def _sound(tex: str) -> bool:
    """Whether a typesetter can make something of it: closed braces and nothing that could do harm."""
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", tex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return bool(tex) and depth == 0 and not _UNSAFE.search(tex)


def _formula(tex: str) -> str:
    # Inline even where the source says display: an abstract's formula stands in a sentence.
    escaped = escape(f"\\({tex}\\)")
    return f'<span class="arithmatex">{escaped}</span>'


def _literal(text: str) -> str:
    """Escaped text whose dollars and backslashes no typesetter pairs up: each has its own text node."""
    text = untex(text)
    return _LITERAL.sub(lambda found: f"<span>{found[0]}</span>", escape(text, keep_edges=True))
