"""Puts whatever a template prints as an attribute's value through the one rule for attributes.

Ours and the user's templates alike, so that none can forget it.
"""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import (
    TOKEN_DATA,
    TOKEN_LPAREN,
    TOKEN_NAME,
    TOKEN_RPAREN,
    TOKEN_VARIABLE_BEGIN,
    TOKEN_VARIABLE_END,
    Token,
    TokenStream,
)

RULE = "_attribute"
"""The global of the environment that holds the rule, a function of one value."""
_BEGIN = re.compile(r"""=\s*(["'])""")


class AttributeRule(Extension):
    """Reads `title="{{ x }}"` as `title="{{ _attribute((x)) }}"`, in HTML and in Markdown's attribute lists."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, with calls of the rule within attributes."""
        mark = ""
        for token in stream:
            if token.type == TOKEN_DATA:
                mark = _open_quote(token.value, mark)
            if mark and token.type == TOKEN_VARIABLE_END:
                yield from [Token(token.lineno, TOKEN_RPAREN, ")")] * 2
            yield token
            if mark and token.type == TOKEN_VARIABLE_BEGIN:
                yield Token(token.lineno, TOKEN_NAME, RULE)
                yield from [Token(token.lineno, TOKEN_LPAREN, "(")] * 2


def _open_quote(text: str, mark: str) -> str:
    """The quotation mark of the attribute that is open after a text, empty where none is."""
    position = 0
    while True:
        if mark:
            end = text.find(mark, position)
            if end < 0:
                return mark
            mark, position = "", end + 1
        begin = _BEGIN.search(text, position)
        if begin is None:
            return ""
        mark, position = begin[1], begin.end()
