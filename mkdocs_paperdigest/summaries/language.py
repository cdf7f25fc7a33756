"""Checks whether a text is written in a given language, by its script and its most common words."""

import re
from collections import Counter
from functools import cache

from mkdocs_paperdigest.summaries.gate.words import languages
from mkdocs_paperdigest.text import HAN, HANGUL, KANA

# Compatibility forms, half-width forms and single Hangul letters count too, because they show the script.
_SCRIPTS = {
    "Han": re.compile(f"[{HAN}\uf900-\ufaff]+"),
    "Kana": re.compile(f"[{KANA}\uff66-\uff9d]+"),
    "Hangul": re.compile(f"[{HANGUL}\u1100-\u11ff]+"),
    "Cyrillic": re.compile("[\u0400-\u04ff]+"),
    "Greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]{2,}"),
    "Arabic": re.compile("[\u0600-\u06ff\u0750-\u077f]+"),
    "Hebrew": re.compile("[\u0590-\u05ff]+"),
    "Devanagari": re.compile("[\u0900-\u097f]+"),
    "Thai": re.compile("[\u0e00-\u0e7f]+"),
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+"),
}
"""Runs of each script."""
_UNSPACED = frozenset({"Han", "Kana", "Hangul", "Thai"})
"""Scripts of which a character is one unit of writing; of the others it is a word."""

_FREQUENT = {name: _SCRIPTS[name] for name in ("Han", "Kana", "Latin")}
_RARE = re.compile("[\u0370-\u1cff\u1f00-\u1fff\uac00-\ud7af]")
"""Any character of the other scripts."""

_SCRIPT_OF = {
    "zh": "Han", "yue": "Han", "ja": "Kana", "ko": "Hangul", "ru": "Cyrillic", "uk": "Cyrillic", "bg": "Cyrillic",
    "sr": "Cyrillic", "el": "Greek", "ar": "Arabic", "fa": "Arabic", "ur": "Arabic", "he": "Hebrew", "hi": "Devanagari",
    "mr": "Devanagari", "th": "Thai",
}  # fmt: skip


@cache
def _function_words() -> dict[str, frozenset[str]]:
    """The most common words of languages in Latin letters, by code."""
    return {
        code: frozenset(words.function_words) for code, words in languages().items() if words.function_words
    }


_ENOUGH = 6
"""Units of writing; a shorter text may consist of names and terms, which are the same in any language."""


def written_in(text: str, language: str) -> bool:
    """Whether the prose of `text` is in `language` (BCP 47); technical terms in Latin letters do not count.

    Languages with their own script are recognized by it. Languages in Latin letters are recognized by their
    function words, in comparison with those of the others. A text passes if it is too short or its language is
    not known here, because the gate must not reject what it cannot judge.
    """
    code = language.lower().replace("_", "-").partition("-")[0]
    scripts = _SCRIPTS if _RARE.search(text) else _FREQUENT
    counts = {name: _units(pattern.findall(text), name) for name, pattern in scripts.items()}
    total = sum(counts.values())
    script = _SCRIPT_OF.get(code)
    if total < _ENOUGH:
        if script is None:
            return 2 * counts["Latin"] >= total
        return counts.get(script, 0) > 0 or not _is_phrase(text)
    if script is None:
        return counts["Latin"] >= 0.6 * total and _in_latin_language(text, code)
    own = counts.get(script, 0)
    if script == "Kana":
        # Kana carry the grammar of Japanese; much of a technical sentence is Han and Latin.
        return own >= 0.1 * total
    if script == "Han" and counts["Kana"] > 0.1 * total:
        return False
    return own >= 0.35 * total and not (code == "zh" and _other_characters(text, language))


def _is_phrase(text: str) -> bool:
    """Whether a short text without the language's own script is a phrase of another language rather than names."""
    words = _SMALL_WORD.findall(text)
    return len(words) >= 2 or any(word in _function_words()["en"] for word in words)


_SMALL_WORD = re.compile("(?<![\\w-])[a-z\u00df-\u00ff\u0430-\u04ff]{2,}(?![\\w-])")
"""A word that does not begin with a capital, in Latin or Cyrillic letters."""


def _units(runs: list[str], script: str) -> int:
    return sum(map(len, runs)) if script in _UNSPACED else len(runs)


def _other_characters(text: str, language: str) -> bool:
    """Whether Chinese is in simplified characters where traditional ones are wanted, or the other way round.

    Characters that only one of the two national standards has (GB 2312, Big5) show which ones a text uses.
    """
    parts = set(language.lower().replace("_", "-").split("-"))
    traditional = bool(parts & {"tw", "hk", "mo", "hant"})
    simple, full = _characters()
    own, other = (full, simple) if traditional else (simple, full)
    count = len(other.findall(text))
    return count >= 2 and count > len(own.findall(text))


@cache
def _characters() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The characters that only simplified, and only traditional Chinese has."""
    simple, full = (
        {char for char in every.decode(standard, "ignore") if _SCRIPTS["Han"].match(char)}
        for standard, every in (("gb2312", _two_bytes(0xA1)), ("big5", _two_bytes(0x40)))
    )
    return re.compile(f"[{''.join(sorted(simple - full))}]"), re.compile(
        f"[{''.join(sorted(full - simple))}]"
    )


def _two_bytes(least: int) -> bytes:
    """Every pair of bytes that may be a character of a standard, whose second byte is `least` or more."""
    return b"".join(bytes((first, second)) for first in range(0xA1, 0xFA) for second in range(least, 0xFF))


def foreign_stretch(text: str, language: str) -> bool:
    """Whether a text in a language with its own script contains a sentence or more of English prose.

    Names, titles and terms are not prose: a run of Latin words counts only with several function words in it.
    """
    code = language.lower().replace("_", "-").partition("-")[0]
    if code not in _SCRIPT_OF:
        return False
    english = _function_words()["en"]
    for run in _LATIN_RUN.findall(text):
        words = _SCRIPTS["Latin"].findall(run.lower())
        if len(words) >= 14 and sum(word in english for word in words) >= 5:
            return True
    return False


_SENTENCE = 8
"""Words; a shorter text may have none of its language's function words."""
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.;:'’\"()\-/%]{60,}")


def _in_latin_language(text: str, code: str) -> bool:
    own = _function_words().get(code)
    if own is None:
        return True
    words = [word.lower() for word in _SCRIPTS["Latin"].findall(text)]
    counts = Counter(words)
    if len(words) < _SENTENCE:
        # An accented word beside a common one of another language shows it in a short text too.
        accents = code == "en" and any(
            not word.isascii() for word in re.findall(r"[^\W\d_]+", text) if word.islower()
        )
        return not (
            accents
            and own.isdisjoint(counts)
            and any(not known.isdisjoint(counts) for known in _function_words().values())
        )
    hits = {
        name: sum([counts[word] for word in counts.keys() & known])
        for name, known in _function_words().items()
    }
    best = max(hits.values())
    if hits[code] == 0:
        # Names keep their accents in English: "Bézier curves and Möbius strips".
        lower = (word for word in _SCRIPTS["Latin"].findall(text) if word.islower())
        accented = code == "en" and sum(not word.isascii() for word in lower) >= 2
        long = {word for word in counts if len(word) >= 3}
        if accented or max(len(known & long) for known in _function_words().values()) >= 2:
            return False
    if len(words) < 12:
        return True
    # Languages share short words ("de", "en", "a"), so another language counts only if it leads clearly.
    return hits[code] >= 0.6 * best or best - hits[code] < 4
