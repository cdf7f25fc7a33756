"""arXiv's query language: refuses queries that arXiv would misread and makes the others explicit.

arXiv repairs sloppy queries silently: it reads every missing operator as OR and `lastUpdatedDate:` as
`submittedDate:`; operators have no precedence and bind to the right. The rules here follow its source
(https://github.com/arXiv/arxiv-search, the code behind /api/query since November 2025).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime

from mkdocs_paperdigest.arxiv.categories import check_category
from mkdocs_paperdigest.text import plain_text


def explicit(query: str) -> str:
    """The same query with every field and parenthesis written out, so that arXiv has nothing to guess.

    An explicit query stays as it is.

    Raises:
        ValueError: arXiv would refuse or misread the query; the message says what to write instead.
    """
    text = plain_text(query)
    if problem := _foreign_characters(text):
        raise ValueError(problem)
    tokens = _Tokens([_token(match) for match in _LEXER.finditer(text)])
    if not tokens.next:
        raise ValueError("it is empty")
    group = _group(tokens, "all")
    if tokens.next:
        raise ValueError("a closing parenthesis has no opening one")
    return group.text


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """`(`, `)`, `operator`, `field`, `word`, `quoted` or `dates`."""
    text: str


class _Tokens:
    """The tokens of a query, taken one after another."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self.depth = 0
        """Number of open parentheses."""

    @property
    def next(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self) -> _Token | None:
        token = self.next
        self._at += 1
        return token


@dataclass(frozen=True, slots=True)
class _Group:
    text: str
    compound: bool

    def __str__(self) -> str:
        return f"({self.text})" if self.compound else self.text


def _group(tokens: _Tokens, field: str) -> _Group:
    """Reads operands and the operators between them, up to a closing parenthesis or the end.

    Arguments:
        tokens: The rest of the query.
        field: The field for words that name none.
    """
    operands: list[_Group] = []
    operators: list[str] = []
    before: _Token | None = None
    while (token := tokens.next) and token.kind != ")":
        if token.kind == "operator":
            if len(operators) == len(operands) or token.text == "NOT":
                raise ValueError(_misplaced(token, before))
            operators.append(token.text)
            tokens.take()
        elif len(operators) < len(operands):
            raise ValueError(_side_by_side(before, token))
        else:
            operands.append(_operand(tokens, field))
        before = token
    if not operands:
        raise ValueError("there is nothing between two parentheses")
    if len(operators) == len(operands):
        raise ValueError(f"nothing follows {operators[-1]}")
    # ANDs before one ANDNOT: the only mixture that means the same read from either end.
    if len(set(operators)) > 1 and operators != ["AND"] * (len(operators) - 1) + ["ANDNOT"]:
        raise ValueError(_MIXED)
    if operators.count("ANDNOT") > 1:
        raise ValueError(_MIXED)
    words = [str(operands[0])] if operators else [operands[0].text]
    for operator, operand in zip(operators, operands[1:], strict=True):
        words += [operator, str(operand)]
    return _Group(" ".join(words), bool(operators))


def _operand(tokens: _Tokens, field: str) -> _Group:
    token = tokens.take()
    assert token is not None
    if token.kind == "field":
        field = _field(token.text[:-1])
        following = tokens.next
        if following is None or following.kind not in {"word", "quoted", "("}:
            raise ValueError(f"nothing to search for follows {token.text}")
        token = following
        tokens.take()
    if token.kind == "(":
        tokens.depth += 1
        if tokens.depth > _DEEPEST:
            raise ValueError(f"parentheses are nested more than {_DEEPEST} deep")
        group = _group(tokens, field)
        if tokens.take() is None:
            raise ValueError("a parenthesis is not closed")
        tokens.depth -= 1
        return group
    if token.kind == "dates":
        return _Group(_dates(token.text), compound=False)
    return _Group(_term(field, token), compound=False)


def _field(name: str) -> str:
    known = {"title": "ti"}.get(name, name)
    if known in _FIELDS:
        return known
    if known == "submittedDate":
        raise ValueError(_DATES)
    if known == "lastUpdatedDate":
        raise ValueError(_UPDATED)
    cure = name.lower() if name.lower() in _FIELDS else _MEANT.get(name.lower())
    hint = f"write {cure}:" if cure else f"there are {', '.join(_FIELDS)} and submittedDate"
    raise ValueError(f"{name}: is not one of arXiv's fields; {hint}, or put the text in quotes")


def _term(field: str, token: _Token) -> str:
    quoted = token.kind == "quoted"
    value = _quoted(token.text) if quoted else _word(token.text)
    if not re.search(r"\w", value):
        raise ValueError(f"{token.text!r} has neither letters nor digits")
    if field == "cat" and (problem := check_category(value)):
        raise ValueError(problem)
    if field == "all" and _YEAR.fullmatch(value):
        raise ValueError(
            f"{value} in all: matches every paper of that year or month; "
            'name a field, such as co:"CVPR 2024", or use submittedDate:'
        )
    if field == "au" and "_" in value:
        # The underscores that arXiv's manual recommends work only in the first term of a query.
        value, quoted = " ".join(value.replace("_", " ").split()), True
    return f'{field}:"{value}"' if quoted else f"{field}:{value}"


def _quoted(text: str) -> str:
    if not text.endswith('"') or len(text) == 1:
        raise ValueError("a quotation mark is not closed")
    value = " ".join(text[1:-1].split())
    if "Date:" in value:
        raise ValueError(f"{text} would be read as a date; leave out the colon")
    return value


def _word(text: str) -> str:
    if _ENCODED.search(text):
        raise ValueError("it is encoded for a URL; write it with spaces and quotation marks")
    if ":" in text:
        raise ValueError(f'{text!r} holds a colon; put it in quotes: "{text}"')
    if text.startswith(("*", "?")):
        raise ValueError(f"{text!r} begins with a wildcard, which arXiv cannot search for")
    if text.startswith("-"):
        raise ValueError(f"{text!r} does not exclude anything; write ANDNOT {text[1:]}")
    return text


def _dates(text: str) -> str:
    if text.startswith("lastUpdatedDate"):
        raise ValueError(_UPDATED)
    match = _RANGE.fullmatch(text)
    if not match:
        raise ValueError(_DATES)
    first, last = _minute(match["first"], _FIRST), _minute(match["last"], _LAST)
    if first > last:
        raise ValueError("the first date of submittedDate: is after the second")
    return f"submittedDate:[{first} TO {last}]"


def _minute(digits: str, rest: tuple[str, str, str]) -> str:
    """A date with all twelve digits, completed as arXiv does it: a shorter date means a whole day or month."""
    month, day, time = rest
    if len(digits) == 4:
        digits += month
    if len(digits) == 6:
        digits += day
    if len(digits) == 8:
        digits += time
    try:
        if digits.endswith("31" + time):
            digits = f"{digits[:6]}{min(31, monthrange(int(digits[:4]), int(digits[4:6]))[1])}{time}"
        datetime.strptime(f"{digits}+0000", "%Y%m%d%H%M%z")
    except ValueError:
        raise ValueError(_DATES) from None
    return digits


def _token(match: re.Match[str]) -> _Token:
    kind, text = str(match.lastgroup), match[0].strip()
    if kind == "parenthesis":
        return _Token(text, text)
    if kind == "word" and text in _OPERATORS:
        return _Token("operator", text)
    return _Token(kind, text)


def _foreign_characters(text: str) -> str | None:
    if found := re.search("[\u201c-\u201f\u00ab\u00bb]", text):
        return f'{found[0]} is not a quotation mark to arXiv; write "'
    if "\\" in text:
        return "arXiv cannot search for a backslash"
    return None


def _misplaced(token: _Token, before: _Token | None) -> str:
    if before is None:
        return f"it begins with {token.text}; say first what to look for" + (
            ", then ANDNOT what not" if token.text in {"ANDNOT", "NOT"} else ""
        )
    if token.text == "NOT":
        return "NOT stands alone in no query of arXiv; write ANDNOT"
    return f"{before.text} and {token.text} follow each other; leave out one"


def _side_by_side(before: _Token | None, token: _Token) -> str:
    assert before is not None
    for word in (before, token):
        if word.kind == "word" and (operator := word.text.upper()) in _OPERATORS:
            operator = operator.replace("ANDNOT", "NOT").replace("NOT", "ANDNOT")
            return f"{word.text!r} is searched as a word; write {operator} in capitals"
    return (
        f"nothing stands between {before.text} and {token.text}, which arXiv reads as OR; "
        "put a phrase in quotes, or write AND or OR between the words"
    )


_FIELDS = ("ti", "au", "abs", "co", "jr", "rn", "id", "cat", "doi", "all")
_MEANT = {
    "abstract": "abs", "author": "au", "authors": "au", "categories": "cat", "category": "cat", "comment": "co",
    "date": "submittedDate", "journal": "jr", "primary": "cat", "published": "submittedDate", "subject": "cat",
    "summary": "abs",
}  # fmt: skip
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}|\+(?:AND|OR|ANDNOT)\+")
_DEEPEST = 50
_OPERATORS = frozenset({"AND", "OR", "ANDNOT", "NOT"})
_LEXER = re.compile(
    r"""\s*(?:
      (?P<dates>(?:submitted|lastUpdated)Date:\s*\[[^\]]*\]?)
    | (?P<field>[A-Za-z_]+:)
    | (?P<quoted>"[^"]*"?)
    | (?P<parenthesis>[()])
    | (?P<word>[^\s"()]+)
    )""",
    re.VERBOSE,
)
_RANGE = re.compile(
    r"submittedDate:\s*\[\s*(?P<first>\d{4}(?:\d\d){0,4})\s+TO\s+(?P<last>\d{4}(?:\d\d){0,4})\s*\]", re.ASCII
)
_FIRST = ("01", "01", "0000")
_LAST = ("12", "31", "2359")
_YEAR = re.compile(r"\d{4}(?:-\d\d)?", re.ASCII)
_DATES = "dates are written as submittedDate:[202401010000 TO 202401312359], with twelve digits each"
_UPDATED = "arXiv reads lastUpdatedDate: as submittedDate:, silently; write submittedDate: or leave it out"
_MIXED = (
    "arXiv reads operators from right to left and knows no precedence; "
    'put parentheses around what belongs together: (ti:"a b" OR ti:c) AND cat:cs.CV'
)
