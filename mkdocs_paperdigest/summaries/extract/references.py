"""Finds words of a sentence that point to another sentence: `them`, `these issues`, `the two`, `as follows`."""

import re
from functools import lru_cache

from mkdocs_paperdigest.summaries.extract.words import stems


@lru_cache(maxsize=256)
def refers_back(text: str) -> bool:
    """Whether a reader of the English sentence `text` alone cannot know what it speaks of.

    A demonstrative is resolved if a word of its phrase stands before it in the sentence (`a set of points ... these
    points`), a plural pronoun by a plural or `and` before it, a singular one by any noun. That is what mention-pair
    coreference systems learn first (Raghunathan et al. 2010, the precise sieves), without a parser.
    """
    if opens_with_reference(text):
        return True
    low = text.lower()  # twice as fast as patterns that ignore case
    if _SIGNS.isdisjoint(_WORD.findall(low)):
        return False  # nearly always, and ten times faster than the next lines
    if _ALWAYS.search(low):
        return True
    return any(not _is_resolved(found, low) for found in _POINTING.finditer(low))


def opens_with_reference(text: str) -> bool:
    """Whether `text` begins with such a reference: `This is achieved by ...`, `To this end`."""
    return _OPENING.match(text) is not None


_WORD = re.compile("[a-z]+")
_SIGNS_WORDS = """these this those such both them they their theirs themselves it its itself two former latter other above aforementioned
    abovementioned mentioned follows following hand none all each some most many one issue issues problem problems challenge challenges limitation
    limitations gap gaps question questions difficulty difficulties drawback drawbacks shortcoming shortcomings obstacle obstacles"""
_SIGNS = frozenset(_SIGNS_WORDS.split())
"""Every reference has one of these words."""
_SELF = (
    r"paper|work|article|study|letter|thesis|survey|report|note|manuscript|review|research|project|contribution|"
    r"chapter|tutorial|monograph|talk|lecture|dissertation|investigation"
)
_GENERAL_WORDS = "domain area field setting direction topic context task space goal regard way"
_GENERAL = frozenset(_GENERAL_WORDS.split())
"""What `this` may name in the words of a topic that stand well before it."""
_TROUBLE = (
    r"(?:issue|problem|challenge|limitation|gap|question|difficult(?:y|ie)|drawback|shortcoming|obstacle)s?"
)

_ALWAYS = re.compile(
    r"\b(?:aforementioned|above-mentioned|abovementioned|the above|mentioned above|(?:task|problem|question) at hand)\b"
    r"|\b(?:as follows|the following|following (?:two|three|four|five|ways?|reasons?|characteristics|properties|aspects|"
    r"questions?|contributions?))\b(?![^:]*:\s*\S{3})"
    r"|\b(?:none|all|each|some|most|many|one|two) of (?:them|these|those|which)\W*$"
)
_OPENING = re.compile(
    rf"(?:(?:this|that|these|those)(?! (?:{_SELF})\b)|such(?! as\b)|they|them|their|its|theirs|both(?! [^,]{{1,80}}? and )|"
    r"it(?! (?:is|was|has been|turns out|follows|remains)\b[^,.;]{0,60}? (?:that|to|how|whether|if)\b)|"
    r"(?:none|all|each|some|most|many|one|two|both|either|neither) of (?:them|these|those|such|which)|then|"
    r"the (?:former|latter|other|others|same|second|third|first|last|next) (?:one|ones|of|is|are|approach|method|contribution|part|case|"
    r"proof|result|term|step|two|can|type|kind)|the (?:former|latter|two|three|others)|another|others|here|there(?! (?:is|are|exists?)\b)|"
    r"(?:for|with|in|by|from|under|to|on|using|through|based on|among|because of|due to|beyond) (?:this|that|these|those|such|them|it)"
    rf"(?! (?:{_SELF})\b)|for the (?:same )?purpose(?! of)|in the (?:first|second|third|last|former|latter) (?:one|ones|case|part)|(?:by|given|with|through|using|when|for|via|on|after) [^,]{{3,120}}, (?:it|they|this|these)(?! (?:{_SELF}|is (?:possible|shown))\b))\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    rf"\b(?:(?P<near>these|this(?! (?:{_SELF})\b)|those(?= \w+(?: \w+)?[,.;])|such(?! as\b| that\b)|both)"
    r"|(?P<plural>them|they|their|theirs|themselves)"
    r"|(?P<single>it(?! (?:is|was) \w+ (?:that|to)\b)|its|itself)"
    r"|(?P<pair>the two(?! \w+(?:-\w+)* (?:of|that|which|in)\b)|the (?:former|latter)|the other(?! hand)\b)"
    rf"|the (?P<trouble>{_TROUBLE})(?! (?:of|that|in|with|when|where|how|whether|why|caused|posed|arising|set|between|to|is|are|"
    r"for|on|from|related|associated|as|under|statement|by)\b|:))\b"
)
_PHRASE = re.compile(r" ((?:[^\W\d_][\w'-]*\s?){1,4})")
_LINK_WORDS = """of in by to for from with that which and or is are was were can into on at as via when while where we our be has have
    may will not only than using through"""
_LINK = frozenset(_LINK_WORDS.split())


def _is_resolved(found: re.Match[str], text: str) -> bool:
    """Whether `text`, in lower case, says what the reference `found` in it means."""
    before = text[: found.start()].replace(" back and forth", "")
    match found.lastgroup:
        case "plural":
            if _OWNER_MISSING.match(before):
                return False
            return " and " in before or any(map(_is_plural, before.split()))
        case "single":
            return _has_noun(before) and not _OWNER_MISSING.match(before)
        case "pair":
            return " and " in before or " or " in before or _said_before(_phrase(text[found.end() :]), before)
        case "trouble":
            return _said_before([found["trouble"]], before)
    if found["near"] == "both" and _BOTH_NAMED.match(text, found.end()):
        return True
    words = _phrase(text[found.end() :])
    if not words or (words[0] not in _GENERAL and len(before.split()) < 2):
        return len(before.split()) > _FAR
    if words[-1] in _GENERAL:
        return len(before.split()) > _FAR
    return _said_before(words, before)


_OWNER_MISSING = re.compile(r"(?:an?|the|our|some)(?: [\w-]+){1,3} (?:of|for|in|on|behind) $", re.IGNORECASE)
"""`The analysis of [its properties]`: a phrase cannot own itself."""
_FAR = 7
"""Words before `this` that probably say what it is."""
_BOTH_NAMED = re.compile(
    r"(?: [^ ,.;]+){1,8}?,? (?:and|as well as|of|or)\b| (?:directions|sides|ends|ways|sexes)\b"
)


def _phrase(after: str) -> list[str]:
    """The words of the noun phrase that `after` begins with, in lower case; none where a verb or a mark follows."""
    found = _PHRASE.match(after)
    words: list[str] = []
    for word in found[1].lower().split() if found else ():
        if word in _LINK:
            break
        words.append(word)
    return words


def _said_before(words: list[str], before: str) -> bool:
    return not set(stems(" ".join(words))).isdisjoint(stems(before))


_NO_PLURALS_WORDS = """this its thus various across always is was has does us as uses shows allows makes requires provides gives leads
    proposes presents introduces achieves enables improves yields performs perhaps less towards besides versus"""
_NO_PLURALS = frozenset(_NO_PLURALS_WORDS.split())


def _is_plural(word: str) -> bool:
    word = word.strip(",.;:()\"“”'’")
    named = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word in ("people", "data", "media", "children", "humans") or (named and word not in _NO_PLURALS)


_VERB_BEFORE = re.compile(
    r"^(?:we|i)(?: \w+ly| also| further| then| can| have)? \w+|\b(?:to|can|will|not|and|then) \w+",
    re.IGNORECASE,
)
_NO_NOUNS_WORDS = "the a an this these those also further then how whether why it its they"
_NO_NOUNS = _LINK | frozenset(_NO_NOUNS_WORDS.split())


def _has_noun(before: str) -> bool:
    """Whether anything but pronouns, function words and verbs after `we` or `to` stands in `before`."""
    words = re.findall(r"[^\W_][\w-]*", _VERB_BEFORE.sub(" ", before).lower())
    return any(word not in _NO_NOUNS and not word.endswith("ly") for word in words)
