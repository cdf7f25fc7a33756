"""Tells whether a text is written in a given language, by its script and its most common words."""

import re

from mkdocs_paperdigest.text import HAN, HANGUL, KANA

# Forms for compatibility, of half width, and single letters of Hangul count too: they show the script.
_SCRIPTS = {
    "Han": re.compile(f"[{HAN}\uf900-\ufaff]"),
    "Kana": re.compile(f"[{KANA}\uff66-\uff9d]"),
    "Hangul": re.compile(f"[{HANGUL}\u1100-\u11ff]"),
    "Cyrillic": re.compile("[\u0400-\u04ff]+"),
    "Greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff]{2,}"),
    "Arabic": re.compile("[\u0600-\u06ff\u0750-\u077f]+"),
    "Hebrew": re.compile("[\u0590-\u05ff]+"),
    "Devanagari": re.compile("[\u0900-\u097f]+"),
    "Thai": re.compile("[\u0e00-\u0e7f]"),
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+"),
}
"""One match is one unit of writing: a character where words are not spaced, else a word."""

_FREQUENT = frozenset({"Han", "Kana", "Latin"})
_RARE = re.compile("[\u0370-\u1cff\u1f00-\u1fff\uac00-\ud7af]")
"""Any character of the other scripts."""

_SCRIPT_OF = {
    "zh": "Han",
    "yue": "Han",
    "ja": "Kana",
    "ko": "Hangul",
    "ru": "Cyrillic",
    "uk": "Cyrillic",
    "bg": "Cyrillic",
    "sr": "Cyrillic",
    "el": "Greek",
    "ar": "Arabic",
    "fa": "Arabic",
    "ur": "Arabic",
    "he": "Hebrew",
    "hi": "Devanagari",
    "mr": "Devanagari",
    "th": "Thai",
}

_STOP_WORDS = {
    "en": "the of and to in is that for with are on as by this we which from be an it",
    "de": "der die das und ist von mit für den wird ein eine im zu auf nicht dem des werden durch",
    "fr": "le la les des et est une un dans pour que par sur du au avec qui sont cette ce",
    "es": "el la los las de y es en que una un para con por del se al como su más",
    "it": "il la di e che è un una per con del della nel sono le gli dei si come alla",
    "pt": "o a os as de e é em que um uma para com do da dos não por ao se",
    "nl": "de het een en van is dat voor met op die te zijn wordt door aan niet bij als naar",
    "sv": "och att det som en är av för med på till den ett de har inte kan om från vi",
    "pl": "i w na z jest do się nie że to jak oraz dla przez po od są które który",
    "tr": "ve bir bu için ile olarak da de olan daha en gibi çok ise bu göre olduğu",
    "cs": "a v je na se z že s do pro jsou to ve jako od by při které který nebo",
    "vi": "và của là các trong cho một được với có những không này để khi từ trên đã",
    "id": "yang dan di dari untuk dengan ini pada dalam adalah tidak sebagai oleh dapat ke itu",
}
_STOP_SETS = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}

_ENOUGH = 6
"""Units of writing below which a text may be all names and terms, in any language."""


def written_in(text: str, language: str) -> bool:
    """Whether the prose of `text` is in `language` (BCP 47), technical terms in Latin letters apart.

    Languages with a script of their own are told by it; those in Latin letters by their function words
    against those of the others. A text too short to tell, or a language that is not known here, passes:
    this is a test for the gate, which must not punish what it cannot judge.
    """
    code = language.lower().replace("_", "-").partition("-")[0]
    rare = _RARE.search(text) is not None
    counts = {
        name: len(pattern.findall(text)) if rare or name in _FREQUENT else 0
        for name, pattern in _SCRIPTS.items()
    }
    total = sum(counts.values())
    if total < _ENOUGH:
        return True
    script = _SCRIPT_OF.get(code)
    if script is None:
        return counts["Latin"] >= 0.6 * total and _in_latin_language(text, code)
    own = counts[script]
    if script == "Kana":
        # Kana carry Japanese grammar; much of a technical sentence is Han and Latin.
        return own >= 0.1 * total
    if script == "Han" and counts["Kana"] > 0.1 * total:
        return False
    return own >= 0.35 * total


def foreign_stretch(text: str, language: str) -> bool:
    """Whether a sentence or more of English prose stands in a text of a language with its own script.

    Names, titles and terms are not prose: it takes several function words in a row of Latin words.
    """
    code = language.lower().replace("_", "-").partition("-")[0]
    if code not in _SCRIPT_OF:
        return False
    for run in _LATIN_RUN.findall(text):
        words = _SCRIPTS["Latin"].findall(run.lower())
        if len(words) >= 14 and sum(word in _STOP_SETS["en"] for word in words) >= 5:
            return True
    return False


_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.;:'’\"()\-/%]{60,}")


def _in_latin_language(text: str, code: str) -> bool:
    own = _STOP_SETS.get(code)
    if own is None:
        return True
    words = [word.lower() for word in _SCRIPTS["Latin"].findall(text)]
    if len(words) < 12:
        return True
    hits = {name: sum(word in stops for word in words) for name, stops in _STOP_SETS.items()}
    best = max(hits.values())
    # Languages share short words ("de", "en", "a"): only a clear lead of another one counts.
    return hits[code] >= 0.6 * best or best - hits[code] < 4
