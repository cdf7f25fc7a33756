"""How many tokens an endpoint takes, as its errors say it, and whether it read all of a question.

Each server words this differently; tests/fakes/dialects.py has their words and where they come from. Tokens
are only estimated here, because every model divides text in its own way.
"""

import re
from dataclasses import dataclass

from mkdocs_paperdigest.models import Usage

CHARACTERS_PER_TOKEN = 4.0
"""Of English prose; formulas, numbers and other scripts have fewer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of tokens that an error names; None where it does not."""

    context: int | None = None
    """Most tokens of a question and its answer together."""
    question: int | None = None
    """Most tokens of a question alone."""
    answer: int | None = None
    """Most tokens of an answer that may be asked for."""
    sent: int | None = None
    """Tokens of the question that was refused."""


def limits_of(said: str, asked_for: int) -> Limits:
    """The limits that an error names.

    Arguments:
        said: The body of the error.
        asked_for: Tokens of the answer that the refused request asked for; 0 for none.
    """
    said = _CODE.sub(" ", " ".join(said.replace("\\", "").split()))
    context = _first(_SUM, said)
    answer = None if context else _first(_ANSWER, said)
    question = None if context else _first(_QUESTION, said)
    if not (context or answer or question):
        context = _first(_CONTEXT, said)
    sent = _first(_SENT, said)
    total = _first(_TOTAL, said) if sent is None else None
    if total is not None and total > asked_for:
        sent = total - asked_for
    return Limits(context, question, answer, None if sent in (context, question) or answer else sent)


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has; Chinese, Japanese and Korean characters are about one each."""
    wide = len(_WIDE.findall(text))
    return round(wide + (len(text) - wide) / CHARACTERS_PER_TOKEN)


def context_that_cut(text: str, usage: Usage) -> int | None:
    """The context, in tokens, of an endpoint that silently read only a part of a question; None if it read all.

    Ollama cuts questions without an error (https://github.com/ollama/ollama/issues/8099); only the number
    of tokens that it counts shows it. No tokenizer needs as few tokens as the rules below demand, so a
    question that was read whole is not taken for a cut one. A count that no context can have is not believed:
    gateways send any number.

    Arguments:
        text: All that was sent.
        usage: What the endpoint counted.
    """
    read = usage.input_tokens
    if read < _SMALLEST_CONTEXT:
        return None
    # llama.cpp, and so Ollama, keeps 4 tokens and half of the rest, if a question exceeds the context:
    # "truncating input prompt limit=2050 prompt=8707 keep=4" with a context of 4,096.
    halved = 2 * (read - 4) + 4
    context = halved if halved % 1024 == 0 else read + 1 if (read + 1) % 1024 == 0 else read
    certain = _CHARACTERS_AT_MOST if context % 1024 == 0 else _CHARACTERS_NEVER
    return context if estimated_tokens(text) * CHARACTERS_PER_TOKEN > certain * read else None


_SMALLEST_CONTEXT = 1_000
"""Tokens; no endpoint that is of use here has less."""
_CHARACTERS_AT_MOST = 4.6
"""Characters per token of long English prose at most; enough where the count is the size of a context."""
_CHARACTERS_NEVER = 5.8

_CODE = re.compile(r"\"(?:code|status|status_code)\"\s*:\s*\"?\d+\"?")
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]")
_N = r"(\d[\d,_]*k?\b)"


def _patterns(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.replace("N", _N), re.IGNORECASE) for pattern in patterns)


_MAX = r"max_(?:new_|completion_|output_)?tokens"
_ANSWER = _patterns(
    rf"range of {_MAX} (?:is|should be) \[\d+, ?N",
    rf"{_MAX}\W{{0,3}}must be (?:less than or equal to|<=|at most)\W*N",
    rf"{_MAX}: \d+ > N",
    rf"{_MAX}\W.{{0,80}}?(?:at most|up to|cannot exceed|must not exceed|no more than|maximum of)\W*N",
    rf"{_MAX}\W{{0,3}}must be between \d+ and N",
    r"(?:at most|up to) N (?:completion|output|new) tokens",
    r"exceeds the model limit of N",
)
_QUESTION = _patterns(
    r"range of input length should be \[\d+, ?N",
    r"`?inputs`? must have less than N",
    r"maximum allowed (?:input )?length\D{0,10}N",
    r"maximum prompt length is N",
    r"maximum number of tokens allowed\D{0,3}N",
)
_SUM = _patterns(
    r"context limit: \d+ \+ \d+ > N",
    rf"(?:\+|plus|and)\W*{_MAX}\W+(?:must|should|can|may|exceed)\D{{0,30}}?N",
)
_CONTEXT = _patterns(
    r"\bn_ctx\W+N",
    r"with N maximum context length",
    r"\bcontext: N",
    r"\d(?: tokens)? >=? N(?! - )",
    r"N[- ]tokens? limit",
    r"(?:greater|larger|longer|more) than (?:the )?max\w*\D{0,40}N",
    r"(?:context|sequence|seq|model)[ _-]?(?:length|len|window|size|limit)s?\b\D{0,40}?N",
    r"(?:token limit|limit is|max_num_tokens|exceeds (?:the )?(?:token )?limit(?: of)?|max(?:imum)? size:)\W*N",
    r"(?:cannot|can't|must not|should not|may not|not) exceed\D{0,20}?N",
    r"limit N, requested \d",
    r"(?:limit|maximum) of N(?: tokens)?",
)
_SENT = _patterns(
    r"n_prompt_tokens\W+N",
    r"context limit: N \+",
    r"N (?:tokens )?(?:in|from|of) (?:the |your )?(?:input |text )?(?:messages|prompt|input)",
    r"N `?inputs?`? tokens",
    r"less than \d+ tokens\. Given: N",
    r"(?:too long|resulted in|contains|input length|total length|received|prompt tokens):?\D{0,4}N",
    r"(?:prompt|input|request|question)\b[^.\d]{0,30}?N(?:\)| tokens)",
    r"prompt (?:length|token count)\D{0,12}N",
    r"first N tokens",
    r"N >=? \d",
)
_TOTAL = _patterns(
    r"requested (?:a total of |about |tokens )?\(?N",
    r"requested:? N",
    r"(?:context|length|current length is) N (?:is (?:greater|larger|longer)|while)",
    r"length is N while",
)


def _first(patterns: tuple[re.Pattern[str], ...], said: str) -> int | None:
    for pattern in patterns:
        if found := pattern.search(said):
            number = re.sub(r"[,_]", "", found[1].lower()).replace("k", "000")
            if len(number) <= 9 and int(number):
                return int(number)
    return None
