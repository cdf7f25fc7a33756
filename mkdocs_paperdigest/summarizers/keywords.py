"""Finds what a paper is about: the phrases that its title and abstract share."""

import re
from collections import Counter
from collections.abc import Iterator

MOST = 8


def find_keywords(title: str, abstract: str) -> tuple[str, ...]:
    """Up to eight key phrases, best first, none within another, as the paper writes them.

    Candidates are runs of words between stop words and punctuation (RAKE, Rose et al. 2010), scored by how often
    they occur, how many words they have and whether the title has them.
    """
    text = _FORMULA.sub(" | ", f"{title} . {abstract}")
    count: Counter[str] = Counter()
    shown: dict[str, Counter[str]] = {}
    for phrase in _phrases(text):
        key = _key(phrase)
        count[key] += 1
        shown.setdefault(key, Counter())[phrase] += 1
    in_title = _key(title)
    scored = []
    for key, seen in count.items():
        words = len(key.split())
        titled = f" {key} " in f" {in_title} "
        if words == 1 and not titled and seen < 3:
            continue
        score = seen * (1 + 0.6 * min(words, 3)) * (2.5 if titled else 1.0)
        scored.append((-score, key))
    chosen: list[str] = []
    taken: list[str] = []
    for _, key in sorted(scored):
        if len(chosen) == MOST:
            break
        if any(f" {key} " in f" {other} " or f" {other} " in f" {key} " for other in taken):
            continue
        taken.append(key)
        chosen.append(_shown(shown[key]))
    return tuple(chosen)


_FORMULA = re.compile(r"\$[^$]{1,300}\$|https?://\S+|\\[a-zA-Z]+")
_STOP_LIST = """
    a an and are as at be been but by can could do does for from had has have how however i if
    in into is it its may more most no not of on or our over such than that the their them then
    there these they this those through to under up us use used using via was we were what when
    where which while who will with without within would new novel paper propose proposed method
    methods approach approaches show shows based both also only between during each other some
    all any many several existing recent state art results result work works towards toward
    study present two three one first different various high low large small well good better
    best
"""
_STOP = frozenset(_STOP_LIST.split())
_TOKEN = re.compile(r"[^\W_][\w+#./'’-]*[^\W_]|[^\W_]|[^\w\s]")


def _phrases(text: str) -> Iterator[str]:
    run: list[str] = []
    for token in [*_TOKEN.findall(text), "."]:
        wordy = token[0].isalnum() and token.lower() not in _STOP and not token[0].isdigit()
        if wordy:
            run.append(token)
            continue
        if 1 <= len(run) <= 4 and len(" ".join(run)) >= 3:
            yield " ".join(run)
        run = []


def _key(phrase: str) -> str:
    words = re.findall(r"\w+", phrase.lower())
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in words
    )


def _shown(forms: Counter[str]) -> str:
    return min(forms.items(), key=lambda form: (-form[1], form[0]))[0]
