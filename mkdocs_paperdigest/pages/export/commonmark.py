"""Turns the Markdown of our pages into plain CommonMark, for generators without Python-Markdown's extensions.

Pages escape every special character of external text, so every bracket and brace in them is ours and a
few patterns find them all.
"""

import re


def plain_commonmark(page: str) -> str:
    """A page without attribute lists and without Markdown inside HTML; see https://spec.commonmark.org.

    Arguments:
        page: Front matter and Markdown, as rendered.
    """
    front, text = _split(page)
    blocks = (_plain(block) for block in text.split("\n\n"))
    return front + "\n\n".join(blocks)


def _split(page: str) -> tuple[str, str]:
    found = _FRONT_MATTER.match(page)
    return (found[0], page[found.end() :]) if found else ("", page)


def _plain(block: str) -> str:
    # As a separate element, because only some generators read ids from braces after a heading.
    block = _HEADING.sub(r'<a id="\3\4"></a>\n\n\1 \2', block)
    block = _ATTRIBUTES.sub("", block)
    if not block.lstrip().startswith("<"):
        return block
    block = _MARKDOWN_INSIDE.sub("", block)
    block = _IMAGE.sub(r'<img src="\2" alt="\1">', block)
    return _LINK.sub(r'<a href="\2">\1</a>', block)


_FRONT_MATTER = re.compile(r"---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r'^(#{1,6}) (.*) \{ (?:#(\S+)|id="([^"]*)")[^{}]*\}$', re.MULTILINE)
_ATTRIBUTES = re.compile(r"(?<=\))\{ [^{}\n]*\}")
_MARKDOWN_INSIDE = re.compile(r' markdown="(?:1|span)"')
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\(([^()\s]*)\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
