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
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for run in (*heading, *body):
        for key, phrase in _phrases(run):
            forms[key].append(phrase)
    likely: list[str] = []
    unlikely: list[str] = []
    for key, spelt in forms.items():
        if key not in acronyms:
            candidate = _is_candidate(key, spelt, in_title, expansions)
            (likely if candidate else unlikely).append(key)

    def order(key: str) -> float:
        return -_score(key, len(forms[key]), in_title, expansions)

    best = _apart(sorted(likely, key=order), (), MOST)
    if len(best) < FEWEST:
        best = _apart(sorted(filter(_is_filler, unlikely), key=order), best, FEWEST)
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
_NOISY = ("://", "(e.g.", "(i.e.")
_NOISE = re.compile(r"https?://\S+|\((?:e\.g\.|i\.e\.)[^)]{0,200}\)")
_TOKEN = re.compile(r"[^\W_](?:[\w+#/-]*[\w+#])?(?:['’]s\b)?|[^\w\s]")
_LONGEST_WORD = 30


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Runs of words without a stop word or a punctuation mark between them."""
    if not _MARKED.isdisjoint(text):
        text = _MARKUP.sub(" . ", text)
    run: list[str] = []
    opening = ("", "")
    previous, before = "", "."
    if any(sign in text for sign in _NOISY):
        text = _NOISE.sub(" . ", text)
    for token in [*_TOKEN.findall(text), "."]:
        earlier, previous, before = previous, before, token.lower()
        if not run and before[-3:] == "ing" and _is_action(before, previous):
            continue
        if before not in STOP and token[0].isalnum() and len(token) <= _LONGEST_WORD:
            if not run:
                opening = earlier, previous
            if token[-2:] in ("'s", "’s"):
                run = [*run, token[:-2]]
                yield tuple(run)
                run = []
            else:
                run.append(token)
        elif run:
            if not _is_clause(run, opening, before):
                yield tuple(run)
            run = []


def _is_clause(run: Sequence[str], before: tuple[str, str], after: str) -> bool:
    """Whether a run probably ends in a verb: `users ask [their]`, `[that a] user controls`."""
    last = run[-1]
    if len(run) < 2 or not last.islower() or last.endswith(_NOUN) or not _PREPOSITIONS.isdisjoint(before):
        return False
    if before[1] in ("a", "an"):  # what agrees with its verb
        return _THIRD.search(last) is not None and (
            after in _DETERMINERS or (len(run) == 2 and run[0].isalpha())
        )
    return after in _DETERMINERS


_PREPOSITIONS_WORDS = "in of for with by via on at to towards toward from through under between among over into without within across"
_PREPOSITIONS = frozenset(_PREPOSITIONS_WORDS.split())
"""What the subject of a verb does not follow: `in the latent space [the]`."""
_NOUN = ("ion", "ions", "ment", "ments", "ity", "ities", "ness", "ism", "ics")
_DETERMINERS = frozenset({"a", "an", "the", "its", "their", "our", "his", "her", "this", "these"})
"""What begins the object of a verb and hardly ever follows a noun."""
_THIRD = re.compile(r"(?<![aisu])s$")


def _is_action(word: str, previous: str) -> bool:
    """Whether a word in -ing, such as `resolving`, is a verb: at the start of a clause, or after `for` and the like."""
    if len(word) < 6:
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
    if last in NEVER_LAST or len(last) < 2 or last.endswith(_NEVER_NOUNS) or _YEAR.fullmatch(last):
        return
    if len(run) > 1:
        words = run[-4:]
        keys = [_key(word) for word in words]
        for start in range(len(words) - 1):
            first = words[start].lower()
            if first in NEVER_FIRST or first.isdigit() or first.endswith(_NEVER_ATTRIBUTES):
                continue
            if first == "learning" and len(words) - start < len(run):
                continue  # of `deep learning`
            if any(map(_LETTERS.search, words[start:])):
                yield " ".join(keys[start:]), " ".join(words[start:])
    if not (last.isdigit() or last.endswith(_ADJECTIVE) or (last == "learning" and len(run) > 1)):
        yield _key(last), run[-1]


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
    key: str, forms: Sequence[str], in_title: Collection[str], expansions: Mapping[str, str]
) -> bool:
    n = len(forms)
    if " " in key or key in expansions:
        return n > 1 or key in in_title or key in expansions
    if n < 2:
        return False
    named = any(_NAME.search(form) for form in forms) or ("-" in key and key in in_title)
    return named and len(key) > 2 and key not in NEVER_ALONE and (key in in_title or n > 3)


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


def _shown(forms: Sequence[str], seen: Collection[str], short: str | None) -> str:
    """The most frequent spelling, without the capitals of a title if the abstract does not have them."""
    count = Counter(forms)
    phrase = max(count, key=lambda form: (count[form], sum(map(str.islower, form))))
    words = phrase.split()
    titled = [_TITLED.fullmatch(word) is not None for word in words]
    if not all(word in seen for word, plain in zip(words, titled, strict=True) if plain):
        words = [
            word.lower() if plain and EPONYMS.isdisjoint(map(_key, word.split("-"))) else word
            for word, plain in zip(words, titled, strict=True)
        ]
    return " ".join(words) + (f" ({short})" if short else "")
