"""Finds the key phrases of a paper in its title and abstract."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from mkdocs_paperdigest.summaries.extract.stopwords import (
    EPONYMS,
    FIELDS,
    NEVER_ALONE,
    NEVER_FIRST,
    NEVER_LAST,
    STOP,
)

FEWEST, MOST = 3, 8


def find_keywords(title: str, abstract: str) -> tuple[str, ...]:
    """Up to eight key phrases, best first, none inside another, in the abstract's own spelling.

    Candidates are spelled-out acronyms, and phrases of two to four words before a stop word or a punctuation mark
    (as in RAKE, Rose et al. 2010), if the title has them or they occur more than once. A single word must be a
    name: with a digit, a hyphen or a capital inside. Longer and more frequent phrases score higher, and those in
    the title count twice. If these are fewer than three, phrases that occur once are added.
    """
    heading, body = tuple(_runs(title)), tuple(_runs(abstract))
    expansions = _expansions(abstract)
    acronyms = {_key(short) for short in expansions.values()}
    in_title = {key for run in heading for key, _ in _phrases(run)}
    count: Counter[str] = Counter()
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for run in (*heading, *body):
        for key, phrase in _phrases(run):
            count[key] += 1
            forms[key][phrase] += 1
    likely: list[tuple[float, str]] = []
    unlikely: list[tuple[float, str]] = []
    for key, n in count.items():
        if key in acronyms:
            continue
        candidate = _is_candidate(key, n, forms[key], in_title, expansions)
        (likely if candidate else unlikely).append((-_score(key, n, in_title, expansions), key))
    best = _apart([key for _, key in sorted(likely, key=lambda pair: pair[0])], (), MOST)
    if len(best) < FEWEST:
        more = [key for _, key in sorted(unlikely, key=lambda pair: pair[0]) if _is_filler(key)]
        best = _apart(more, best, FEWEST)
    seen = {word for run in body for word in run}
    shown = dict.fromkeys(_shown(forms[key], seen, expansions.get(key)) for key in best)
    return tuple(
        one for one in shown if not any(one != other and one.lower() in other.lower() for other in shown)
    )


def _apart(keys: Sequence[str], chosen: Sequence[str], most: int) -> tuple[str, ...]:
    """At most `most` keys, those of `chosen` first; none contains another or shares two words with it.

    `image generation` is part of `text-to-image generation`.
    """
    found = list(chosen)
    taken = [_parts(key) for key in found]
    for key in keys:
        words, parts = _parts(key)
        if len(found) >= most:
            break
        if not any(parts <= theirs or theirs <= parts or len(words & other) > 1 for other, theirs in taken):
            found.append(key)
            taken.append((words, parts))
    return tuple(found)


def _parts(key: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a key, and the same with compounds taken apart."""
    return frozenset(key.split()), frozenset(_key(part) for part in re.split("[ -]", key))


_MARKUP = re.compile(
    r"[\w-]*\$[^$]{1,300}\$[\w-]*|\w*(?:\{?\\(?:['\"`^~=.]|[uvHcdbkr]\b)\s?\{?\\?\w\}{0,2}\w*)+|\\[a-zA-Z]+\{?|[{}~]"
)
"""Formulas with the letters that touch them, words with accents of TeX, and its commands."""
_MARKED = frozenset("$\\{}~")
_NOISE = re.compile(r"https?://\S+|\((?:e\.g\.|i\.e\.)[^)]{0,200}\)")
_TOKEN = re.compile(r"[^\W_](?:[\w+#/-]*[\w+#])?(?:['’]s\b)?|[^\w\s]")
_LONGEST_WORD = 30


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Runs of words without a stop word or a punctuation mark between them."""
    if not _MARKED.isdisjoint(text):
        text = _MARKUP.sub(" . ", text)
    run: list[str] = []
    before = "."
    for token in [*_TOKEN.findall(_NOISE.sub(" . ", text)), "."]:
        previous, before = before, token.lower()
        if not run and _is_action(before, previous):
            continue
        if token[0].isalnum() and len(token) <= _LONGEST_WORD and before not in STOP:
            if token.endswith(("'s", "’s")):
                run = [*run, token[:-2]]
                yield tuple(run)
                run = []
            else:
                run.append(token)
        elif run:
            yield tuple(run)
            run = []


def _is_action(word: str, previous: str) -> bool:
    """Whether a word such as `resolving` is a verb: at the start of a clause, or after `for` and the like."""
    if not word.endswith("ing") or len(word) < 6:
        return False
    if not previous[0].isalnum():
        return word not in FIELDS or word == "learning"
    return previous in _BEFORE_ACTIONS and word not in FIELDS


_BEFORE_ACTIONS_WORDS = (
    "for by via when while to towards toward from through without before after and in of with on"
)
_BEFORE_ACTIONS = frozenset(_BEFORE_ACTIONS_WORDS.split())


def _phrases(run: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Key and spelling of each phrase of up to four words at the end of a run, if it may name a thing."""
    last = run[-1].lower()
    if last in NEVER_LAST or _YEAR.fullmatch(last) or last.endswith(_NEVER_NOUNS) or len(last) < 2:
        return
    keys = [_key(word) for word in run[-4:]]
    for start in range(len(keys)):
        words = run[len(run) - len(keys) + start :]
        first = words[0].lower()
        if len(words) > 1 and (first in NEVER_FIRST or first.endswith(_NEVER_ATTRIBUTES)):
            continue
        if first == "learning" and len(words) < len(run):
            continue  # of `deep learning`
        if (
            first.isdigit()
            or (len(words) > 1 and not any(map(_LETTERS.search, words)))
            or (len(words) == 1 and last.endswith(_ADJECTIVE))
        ):
            continue
        yield " ".join(keys[start:]), " ".join(words)


_NEVER_ATTRIBUTES = ("ly", "ify", "ifies", "mize", "lize", "rize", "nize")
_NEVER_NOUNS = ("ly", "ed", "ous", "ible", "ful", "anical", "etical", "sitional")
_ADJECTIVE = ("ic", "al", "ive", "able", "ible", "ous", "ful", "-based", "-aware", "-driven")


_LETTERS = re.compile(r"[^\W\d_]{2}")
"""A term has them, unlike the `x 10` of a power of ten."""
_YEAR = re.compile(r"(?:19|20)\d\d[a-z]?")
"""The end of a citation."""


def _key(word: str) -> str:
    word = word.lower()
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _is_candidate(
    key: str, n: int, forms: Collection[str], in_title: Collection[str], expansions: Mapping[str, str]
) -> bool:
    if " " in key or key in expansions:
        return n > 1 or key in in_title or key in expansions
    named = any(_NAME.search(form) for form in forms) or ("-" in key and key in in_title)
    return named and len(key) > 2 and key not in NEVER_ALONE and n > 1 and (key in in_title or n > 3)


_NAME = re.compile(r"\w[A-Z]|\d")


def _is_filler(key: str) -> bool:
    """Whether a phrase that occurs once is probably a term: two or three words, none of them a verb."""
    words = key.split()
    plain = [word for word in words if word in FIELDS or not word.endswith(("ing", "ed", "ly"))]
    return 1 < len(words) < 4 and plain == words and not words[-1].endswith((*_ADJECTIVE, "ary"))


def _score(key: str, n: int, in_title: Collection[str], expansions: Mapping[str, str]) -> float:
    words = key.count(" ") + 1
    score = n * (1 + 0.7 * (min(words, 3) - 1)) * (2 if key in in_title else 1)
    return score + 2 * (key in expansions)


_ACRONYM = re.compile(r"\((?P<short>[A-Za-z0-9]*[A-Z][A-Za-z0-9-]*)\)")


def _expansions(text: str) -> dict[str, str]:
    """Key of a spelled-out name -> its acronym, if the initials agree: `Neural Radiance Fields (NeRF)`."""
    found: dict[str, str] = {}
    for bracket in _ACRONYM.finditer(text):
        short = bracket["short"]
        capitals = "".join(char for char in short if char.isupper() or char.isdigit())
        if not 2 <= len(capitals) <= 6:
            continue
        words = re.findall(r"[\w/-]+", text[max(0, bracket.start() - 100) : bracket.start()])
        for taken in range(1, min(len(words), 6) + 1):
            name = words[-taken:]
            initials = "".join(part[0] for word in name for part in word.split("-") if part)
            if initials.lower() in (capitals.lower(), short.lower(), short.lower().rstrip("s")):
                found[" ".join(map(_key, name))] = short
                break
    return found


_TITLED = re.compile(r"[A-Z][a-z]+(?:-[A-Z]?[a-z]+)*")


def _shown(forms: Mapping[str, int], seen: Collection[str], short: str | None) -> str:
    """The most frequent spelling, without the capitals of a title if the abstract does not have them."""
    phrase = max(forms, key=lambda form: (forms[form], sum(map(str.islower, form))))
    words = phrase.split()
    titled = [_TITLED.fullmatch(word) is not None for word in words]
    if not all(word in seen for word, plain in zip(words, titled, strict=True) if plain):
        words = [
            word.lower() if plain and EPONYMS.isdisjoint(map(_key, word.split("-"))) else word
            for word, plain in zip(words, titled, strict=True)
        ]
    return " ".join(words) + (f" ({short})" if short else "")
