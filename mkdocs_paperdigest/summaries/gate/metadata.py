"""Gate rules on facts that arXiv states better: links, ids, author names, and what is said to be missing."""

import re

from rapidfuzz import fuzz

from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.words import either, from_words
from mkdocs_paperdigest.text import CJK, SAID_ADDRESS, folded_latin

ADDRESS = re.compile(SAID_ADDRESS, re.IGNORECASE)
ARXIV_ID = re.compile(
    r"(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?!\d)|\b[a-z-]{2,9}(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?\b"
)
_EMAIL = re.compile(r"[\w.+{},-]+@[\w-]+(?:\.[\w-]+)+")


def foreign_links(text: str, known: KnownPaper) -> bool:
    """Links, e-mail addresses and arXiv ids that are neither the paper's own nor in its text."""
    own = known.paper.id
    ids = (re.sub(r"v\d+$", "", match[0]) for match in ARXIV_ID.finditer(text))
    if any(id_ != own and id_ not in known.front and id_ not in known.body for id_ in ids):
        return True
    if "." not in text:
        return False
    links = [match[0] for match in ADDRESS.finditer(text)]
    if "@" in text:
        links += _EMAIL.findall(text)
    return any(not _is_own(link, known) for link in links)


def _is_own(link: str, known: KnownPaper) -> bool:
    if known.paper.id in link and "arxiv.org" in link:
        return True
    # The full stop after a link may get into it, sometimes percent-encoded (%E3%80%82).
    bare = re.sub(r"^(?:https?://)?(?:www\.)?|%E3%80%82.*$|[.,;:!?/]+$", "", link)
    return known.mentions(folded_latin(bare))


_RENDERED = re.compile(
    "([A-Z][\\w’'.\\-]+(?:[ \u00a0][A-Z][\\w’'.\\-]*){1,4})\\s*[（(]\\s*"
    f"([{CJK}\u0400-\u04ff\u00b7 ]{{2,12}})\\s*[)）]"
)
_INTRODUCED = from_words(lambda words: [re.compile(pattern) for pattern in words.author_introductions])
_SUBJECT = from_words(
    lambda words: [
        re.compile(pattern.replace("<surname>", f"(?:{either(words.surnames)})"))
        for pattern in words.author_subjects
    ]
)
"""Both hold the name as their first group."""
_NO_NAME = from_words(lambda words: re.compile(either(words.not_names)))


def foreign_names(text: str, field: str, known: KnownPaper) -> bool:
    """Author names that arXiv does not have: other people, or names rendered in another script.

    A rendering, such as Chinese characters for a name that the paper prints in Latin letters, is a guess.
    """
    for match in _RENDERED.finditer(text):
        rendered = match[2].strip()
        if not _NO_NAME().search(rendered) and _is_author(match[1], known) and not known.prints(rendered):
            return True
    patterns = _INTRODUCED() + _SUBJECT() if field == "affiliation" else _INTRODUCED()
    names = (match[1] for pattern in patterns for match in pattern.finditer(text))
    return any(not _NO_NAME().search(name) and not known.prints(name) for name in names)


def _is_author(name: str, known: KnownPaper) -> bool:
    return any(fuzz.token_sort_ratio(name, author) >= 85 for author in known.paper.authors)


def unprinted(text: str, known: KnownPaper) -> bool:
    """An institution most of whose words, in Latin letters, occur nowhere in the paper, if it was read."""
    words = {folded_latin(word) for word in _NAME_WORD.findall(text)} - _INSTITUTION_WORDS()
    missing = [word for word in words if not known.mentions(word)]
    return known.is_read and 2 * len(missing) > len(words)


_NAME_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{4,}")
_INSTITUTION_WORDS = from_words(lambda words: frozenset(words.institution_words))


def other_title(text: str, known: KnownPaper) -> bool:
    """A translated title that quotes another original title than the paper's."""
    own = folded_latin(known.paper.title)
    for run in _LATIN_TITLE.findall(text):
        quoted = folded_latin(run)
        if len(run.split()) >= 4 and quoted not in own and fuzz.ratio(quoted, own) < 90:
            return True
    return False


_LATIN_TITLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,:;'’\-]{20,}[A-Za-z0-9]")

_NO_CODE = from_words(lambda words: re.compile(either(words.no_code)))
_NO_FACTS = from_words(lambda words: re.compile(either(words.no_facts)))
_CODE = from_words(
    lambda words: re.compile(rf"https?://|github|gitlab|{either(words.code_announcements)}", re.IGNORECASE)
)


def denies_metadata(text: str, known: KnownPaper) -> bool:
    """Says that author, affiliation or link are missing, which is true of the prompt and not of the paper."""
    return bool(_NO_FACTS().search(text) or (_NO_CODE().search(text) and _CODE().search(known.front)))
