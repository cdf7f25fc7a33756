"""Gate rules on whether a text speaks of this paper: its numbers, terms, concepts and results."""

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from mkdocs_paperdigest.summaries.agreement.rules import is_turned_round
from mkdocs_paperdigest.summaries.agreement.statement import Passage
from mkdocs_paperdigest.summaries.agreement.words import empty_words
from mkdocs_paperdigest.summaries.answer.fields import FIELDS
from mkdocs_paperdigest.summaries.gate.concepts import concepts, occurs
from mkdocs_paperdigest.summaries.gate.metadata import ADDRESS, ARXIV_ID
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.phrases import Phrases, needed
from mkdocs_paperdigest.summaries.gate.renderings import english_kinship, kinship, unlike, unread, words_of
from mkdocs_paperdigest.summaries.gate.words import either, from_words
from mkdocs_paperdigest.summaries.lexicon import chinese_words, stem_of
from mkdocs_paperdigest.summaries.numerals import stated_numbers
from mkdocs_paperdigest.summaries.sentences import split_sentences
from mkdocs_paperdigest.text import folded_latin

_FROM_ABSTRACT = frozenset({"summary", "takeaways"})
"""Fields that have to rest on title and abstract, where any other term is foreign."""
_ON_OTHERS = frozenset({"background", "prior_work"})
"""Fields that name other people's work."""
_ON_THE_WORK = frozenset({"summary", "takeaways", "approach", "methods", "results"})
"""Fields about what the paper itself does; the others may mention things beyond it."""

_FROM_TEXT = frozenset(field.name for field in FIELDS if field.full_text)

# ---------------------------------------------------------------- numbers


def invented_numbers(text: str, field: str, known: KnownPaper) -> tuple[str, ...]:
    """Numbers of a text that occur nowhere in the paper.

    Small whole numbers count things ("two stages") and years date them; neither is a result, but 6 % is one. If the full text was not
    read, only summary and takeaways have to rest on the abstract number by number. The other fields get the benefit of
    the doubt if one of their numbers is the paper's, if they speak of other people's work, or for one count of an approach;
    those that need a full text also if the abstract has no numbers. Percentages count if the abstract has some, but none of
    the text's.
    """
    shares = _shares(text)
    stated = [number for number in _figures(text) if number in shares or not _is_harmless(number, known)]
    missing = tuple(
        number
        for number in stated
        if not _occurs(number, known.front_numbers) and not _occurs(number, known.body_numbers)
    )
    if not missing or field in _FROM_ABSTRACT or known.is_read:
        return missing
    if (
        field not in _ON_OTHERS
        and shares
        and _SHARE.search(known.paper.abstract)
        and not any(_is_known(one, known) for one in shares)
    ):
        return missing
    if len(missing) < len(stated) or any(_rounded(number) in known.front_numbers for number in missing):
        return ()
    if field in _FROM_TEXT:
        figures = any(not _is_harmless(number, known) for number in _figures(known.paper.abstract))
        return missing if len(missing) >= 2 and figures else ()
    one_count = field == "approach" and len(missing) == 1 and "." not in missing[0]
    return () if one_count or field in _ON_OTHERS else missing


def _figures(text: str) -> tuple[str, ...]:
    if _NUMBER().search(text) is None:
        return ()
    return stated_numbers(ADDRESS.sub(" ", ARXIV_ID.sub(" ", text)) if _POINTS.search(text) else text)


_NUMBER = from_words(
    lambda words: re.compile(
        rf"\d(?:[\d.,/^⁰-⁹]|\s?[%％]|\s?(?:{either(re.escape(word) for word, _ in words.number_scales)}))",
        re.IGNORECASE,
    )
)
"""A number that may be more than ten; the others are harmless."""


_SHARE = re.compile(r"(?<![\d.,])\d{1,6}(?:\.\d{1,6})?(?=\s?\\?[%％])")


_POINTS = re.compile(r"/|[Ww]{3}\.|\d{4}\.\d{4}")
"""What every address or id has: most texts have none, and their patterns are slow."""


def _is_harmless(number: str, known: KnownPaper) -> bool:
    if "." in number or len(number) > 4:
        return False
    value = int(number)
    return value <= 10 or value in (90, 100, 180, 360) or 1950 <= value <= known.paper.updated.year + 1


def _shares(text: str) -> list[str]:
    """Its percentages, without 90 and 100 %, which may be meant loosely."""
    found = _SHARE.findall(text) if "%" in text or "％" in text else ()
    return [share for one in found if (share := f"{float(one):g}") not in ("90", "100")]


def _is_known(number: str, known: KnownPaper) -> bool:
    return _occurs(number, known.front_numbers) or _rounded(number) in known.front_numbers


def _rounded(number: str) -> str:
    return f"{float(number):.0f}" if "." in number and float(number) >= 1 else ""


def _occurs(number: str, numbers: frozenset[str]) -> bool:
    """Whether a source has this number, or a more exact one that rounds to it."""
    if number in numbers:
        return True
    places = len(number.partition(".")[2])
    return places > 0 and any(
        other.startswith(number[:-1]) and f"{float(other):.{places}f}" == number for other in numbers
    )


# ---------------------------------------------------------------- terms

_TERM = re.compile(r"[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*(?:[-+][A-Za-z0-9]+)*\+?")
_COMMON = from_words(lambda words: frozenset(words.common_names))
_TRIVIAL = from_words(lambda words: frozenset(words.trivial_names))


def _terms(text: str) -> tuple[str, ...]:
    """Names and acronyms in Latin letters: with two capitals, or a capital and a digit; once each."""
    if _CAPITAL.search(text) is None:
        return ()
    found = (match[0] for match in _TERM.finditer(ADDRESS.sub(" ", text) if _POINTS.search(text) else text))
    return tuple(dict.fromkeys(term for term in found if _is_name(term)))


_CAPITAL = re.compile(r"[A-Z]")
_CAPITAL_AND_MORE = re.compile(r"[A-Z].*[A-Z0-9]|[0-9].*[A-Z]")


def _is_name(term: str) -> bool:
    return 2 <= len(term) <= 40 and _CAPITAL_AND_MORE.search(term) is not None


def foreign_terms(text: str, field: str, known: KnownPaper) -> bool:
    """Names methods, data or measures that the paper never mentions.

    In a field that rests on the abstract, one such name is enough, and in a title one that is not common. In other fields, most names have to be
    unknown if the full text was read. If it was not, nearly all of at least five names have to be unknown, of six
    where the field needs the full text, and fields about other people's work always pass.
    """
    named = _terms(text)
    unknown = [term for term in named if not known.knows(term)]
    if field in _FROM_ABSTRACT:
        return any(folded_latin(term) not in _TRIVIAL() for term in unknown)
    telling = [term for term in unknown if folded_latin(term) not in _COMMON()]
    if field == "title_translation":
        return bool(telling)
    shared = len(named) - len(unknown)
    if known.is_read:
        return len(telling) >= 2 and len(telling) > shared
    least = 6 if field in _FROM_TEXT else 5
    return field not in _ON_OTHERS and len(unknown) >= least and len(unknown) > 3 * shared


def foreign_concepts(text: str, field: str, known: KnownPaper) -> bool:
    """Uses a precise term of another language ("极坐标") for a thing that the English paper never mentions.

    Only in fields about what the paper does; the others may mention things beyond it.
    """
    return field in _ON_THE_WORK and any(
        not occurs(concept, known.front_lower) and not occurs(concept, known.body_lower)
        for concept in concepts(text)
    )


def invented_effect(text: str, language: str, known: KnownPaper) -> bool:
    """Says in Chinese that one thing affects another, where a sentence of the English abstract about both denies it."""
    if _EFFECT().search(text) is None or not _is_rendered(language, known):
        return False
    denials = _denials(known.front)
    for clause in _CLAUSE.split(text) if denials else ():
        effect = _EFFECT().search(clause)
        if effect is None or _UNDECIDED().search(clause):
            continue
        sides = [
            [stems for _, word, stems in chinese_words(side) if len(word) > 1]
            for side in (clause[: effect.start()], clause[effect.end() :])
        ]
        for words in denials:
            shared = [sum(not stems.isdisjoint(words) for stems in side) for side in sides]
            if all(shared) and sum(shared) >= _LEAST_OF_DENIAL * sum(map(len, sides)):
                return True
    return False


@lru_cache(maxsize=4)
def _denials(front: str) -> tuple[frozenset[str], ...]:
    """The words of each sentence that denies an effect."""
    return tuple(words_of(one) for one in split_sentences(front) if _NO_EFFECT().search(one))


_EFFECT = from_words(lambda words: re.compile(either(words.effects)))
_UNDECIDED = from_words(lambda words: re.compile(either(words.undecided)))
_NO_EFFECT = from_words(lambda words: re.compile(either(words.no_effects)))
_CLAUSE = re.compile(r"[，。；！？\n]|但|而")
_LEAST_OF_DENIAL = 0.6
"""Share of the words of a clause that the sentence has too."""


def contradicts(text: str, field: str, language: str, known: KnownPaper) -> bool:
    """Says the opposite of the sentence of the English abstract that an English sentence takes nearly all its words from."""
    if field not in _ON_THE_WORK or not language.lower().startswith("en") or not known.is_in_english:
        return False
    sources = _sources(known.paper.title, known.paper.abstract)
    for sentence in split_sentences(text):
        words = _content(sentence)
        if len(words) < _FEWEST_OF_SOURCE:
            continue
        missing, place = min(
            ((len(words.keys() - theirs.keys()), place) for place, (theirs, _) in enumerate(sources)),
            default=(len(words), 0),
        )
        if missing > max(1, len(words) // 5):
            continue
        theirs, passage = sources[place]
        # The same words in the same order say the same.
        is_extract = not missing and [*filter(words.__contains__, theirs)] == [*words]
        if not is_extract and is_turned_round(sentence, passage):
            return True
    return False


_FEWEST_OF_SOURCE = 3
"""Content words; fewer may stand in any sentence."""


@lru_cache(maxsize=4)
def _sources(title: str, abstract: str) -> list[tuple[dict[str, None], Passage]]:
    return [
        (_content(sentence), Passage(sentence, sentence, abstract, title))
        for sentence in split_sentences(abstract)
    ]


def _content(sentence: str) -> dict[str, None]:
    """The stems of its content words, once each, in order."""
    words = _ANY_WORD.findall(sentence.lower())
    return dict.fromkeys(stem_of(word) for word in words if word not in empty_words())


_ANY_WORD = re.compile(r"[a-z]{3,}")


def invented_training(text: str, field: str, known: KnownPaper) -> bool:
    """Tells how a learning machine is trained, although nothing in the English paper speaks of one."""
    if field not in _ON_THE_WORK or not known.is_in_english:
        return False
    if _is_about_learning(known.front):
        return False
    said = [meaning for term, meaning in _TRAINING() if term.search(text)]
    if len(said) < 2:
        return False
    return (
        sum(not (meaning.search(known.front_lower) or meaning.search(known.body_lower)) for meaning in said)
        >= 2
    )


@lru_cache(maxsize=4)
def _is_about_learning(front: str) -> bool:
    return _LEARNED_TASK().search(front) is not None


_LEARNED_TASK = from_words(lambda words: re.compile(either(words.learned_tasks), re.IGNORECASE))
_TRAINING = from_words(
    lambda words: [
        (re.compile(term), re.compile(rf"\b(?:{meaning})")) for term, meaning in words.training_terms
    ]
)


def opposite_attribute(text: str, known: KnownPaper) -> bool:
    """Gives something that the abstract names the opposite of what it is there: "NeRF's explicit representation".

    The abstract says what it is in a sentence that has its name, but not the attribute. What is compared with it there
    ("slower than NeRF") is its opposite.
    """
    if _CAPITAL.search(text) is None or _ATTRIBUTE_SIGN().search(text) is None:
        return False
    for claimed in _ATTRIBUTE().finditer(text):
        name = re.escape(claimed[1].lower())
        own, opposite = next(both for key, *both in _ATTRIBUTES() if key.fullmatch(claimed[2]))
        has = lacks = False
        for sentence in known.front_sentences:
            if re.search(rf"(?<![a-z0-9]){name}", sentence):
                compared = _COMPARED.search(sentence)
                of_name, of_other = (
                    (compared[0], sentence.replace(compared[0], " ")) if compared else (sentence, "")
                )
                if not re.search(rf"(?<![a-z0-9]){name}", of_name):
                    of_name, of_other = of_other, of_name
                has = has or bool(own.search(of_name) or opposite.search(of_other))
                lacks = lacks or bool(opposite.search(of_name) or own.search(of_other))
        if lacks and not has:
            return True
    return False


_ATTRIBUTE_SIGN = from_words(
    lambda words: re.compile(
        either(sorted({sign for word, _ in words.attributes for sign in needed(word)[0]}))
    )
)
"""Words of which each attribute has one; the pattern of all attributes is slow."""
_ATTRIBUTE = from_words(
    lambda words: re.compile(
        r"(?<![A-Za-z0-9-])(?=[a-z0-9-]{0,40}[A-Z])([A-Za-z0-9-]{1,40}[A-Za-z0-9])(?![A-Za-z0-9-])\s?(?:的|存在|面临|模型|方法|(?:采用|使用|所用)的|在[^，。；、]{1,8}[中上里]){0,3}\s?"
        rf"({either(word for word, _ in words.attributes)})"
    )
)
"""A name with a capital, and an attribute right behind it."""
_ATTRIBUTES = from_words(
    lambda words: [
        (re.compile(word), *(_either_of(meaning, sign) for sign in (False, True)))
        for word, meaning in words.attributes
    ]
)
_COMPARED = re.compile(
    r"\b(?:than|compared (?:to|with)|unlike|in contrast to) [^,;]*(?:, (?:which|whose|that) [^,;]*)?"
)


def _either_of(meaning: str, opposite: bool) -> re.Pattern[str]:
    parts = (part.removeprefix("!") for part in meaning.split("|") if part.startswith("!") is opposite)
    return re.compile(rf"\b(?:{'|'.join(parts)})")


def is_elsewhere(text: str, language: str, known: KnownPaper) -> bool:
    """Is in Chinese and renders hardly any words of the English paper, as another paper's takeaways would.

    Arguments:
        text: All takeaways.
        language: The language that they have to be in.
        known: The paper.
    """
    if not _is_rendered(language, known):
        return False
    if unlike(text, known.all_stems):
        return True
    measurable = len(known.front_words) >= _LEAST_FRONT
    return measurable and kinship(text[:_MEASURED_OF_LIST], known.front_words) < _LEAST_OF_LIST


_MEASURED_OF_LIST = 200
"""Characters of a list that are measured."""
_LEAST_OF_LIST = 0.0
"""Of 1,431 published lists none is below 0.7; 96 % of them are below 0 beside another paper's abstract."""


def is_strange(text: str, field: str, language: str, known: KnownPaper) -> bool:
    """Speaks for another paper than this English one, by the words of title and abstract that it renders or has.

    Fields about other people's work or about the worth of the work have few of them; most of these are measured only
    where they are short. An English text may have the words of a full text instead.
    """
    if len(known.front_words) < _LEAST_FRONT:
        return False
    if language.lower().startswith("en"):
        if known.is_read or not known.is_in_english:
            return False
        short, longer = _LEAST_ENGLISH.get(field, (_LEAST_ENGLISH_OF_OTHERS,) * 2)
        near = english_kinship(text, known.front_words)
        return near < (short if len(text) < _SHORT_ENGLISH else longer)
    least = next((least for size, least in _LEAST_KINSHIP.get(field, ()) if len(text) < size), None)
    if least is None or not _is_rendered(language, known):
        return False
    # Long judgements have names in any case.
    names = () if field == "performance" else _NAME.findall(text.lower())
    if any(name in known.front_lower or name in known.body_lower for name in names):
        return False
    return kinship(text[:_MEASURED], known.front_words) < least


_NAME = re.compile(r"[a-z][a-z0-9-]{2,}")
_LEAST_FRONT = 50
"""Words; a shorter abstract has too few for a text to share."""
_MEASURED = 100
"""Characters of a text that are measured."""
_LEAST_KINSHIP: Mapping[str, tuple[tuple[float, float], ...]] = {
    "summary": ((math.inf, -0.1),),
    "takeaways": ((math.inf, -0.8),),
    "approach": ((math.inf, -0.6),),
    "results": ((60, -0.9), (math.inf, -1.2)),
    "background": ((60, -1.0), (80, -1.7)),
    "prior_work": ((60, -1.3), (80, -1.5)),
    "significance": ((60, -0.9), (80, -1.7)),
    "performance": ((100, -math.inf), (math.inf, -1.4)),
}
"""For texts of less than so many characters. Of 17,000 published fields 0.1 % are below; of the same fields beside another
paper's abstract 90 % (summary), 80 (approach), 50 (performance), 40 (takeaways, short background and significance), 30
(results) and 20 (others) are."""
_LEAST_ENGLISH = {
    "summary": (-1.9, -1.9),
    "takeaways": (-2.1, -2.4),
    "approach": (-1.9, -2.4),
    "results": (-1.9, -2.4),
}
_LEAST_ENGLISH_OF_OTHERS = -2.6
"""For short and for longer English texts. Of 3,400 summaries of one sentence 0.4 % are below -1.9, and 60 % beside the
abstract of another paper of their field."""
_SHORT_ENGLISH = 100
"""Characters."""


def shows_no_reading(texts: Iterable[str], language: str, known: KnownPaper) -> bool:
    """Whether a whole Chinese reading has too few of the words of the English abstract to rest on the paper."""
    return _is_rendered(language, known) and unread("\n".join(texts), known.front_stems, known.front_words)


def _is_rendered(language: str, known: KnownPaper) -> bool:
    # The table has simplified characters only.
    parts = language.lower().replace("_", "-").split("-")
    return parts[0] == "zh" and not {"tw", "hk", "mo", "hant"} & set(parts) and known.is_in_english


def shares_nothing(text: str, field: str, language: str, known: KnownPaper) -> bool:
    """Is in English, but has hardly any content word in common with the English paper.

    If the full text was not read, a field that goes beyond the abstract may have few of its words, but not none.
    """
    if not language.lower().startswith("en"):
        return False
    stems = {word[:_STEM] for word in _WORD.findall(text.lower())} - _REVIEW_STEMS()
    shared = {stem for stem in stems if stem in known.front_lower or stem in known.body_lower}
    telling = stems - _FIELD_STEMS()
    if field not in _FROM_ABSTRACT and not known.is_read:
        return len(telling) >= _ENOUGH_STEMS and not shared & telling
    if len(telling) >= 2 and not shared & telling:
        return True
    content = {stem for stem in stems if len(stem) == _STEM}
    return len(content) >= 6 and len(shared & content) < 0.2 * len(content)


_STEM = 5
_ENOUGH_STEMS = 6
"""Fewer words may all be the field's own."""
_WORD = re.compile(r"[a-z]{4,}")
_REVIEW_STEMS = from_words(lambda words: frozenset(word[:_STEM] for word in words.review_words))
_FIELD_STEMS = from_words(lambda words: frozenset(word[:_STEM] for word in words.field_words))

# ---------------------------------------------------------------- what the paper is and states

_SURVEY = from_words(lambda words: re.compile(either(words.survey_titles), re.IGNORECASE))
_IS_SURVEY = from_words(
    lambda words: re.compile(
        rf"\b(?:this|our|the present) (?:\w+ )?{either(words.survey_titles)}", re.IGNORECASE
    )
)
_ALSO_PROPOSES = from_words(lambda words: re.compile(either(words.further_proposals), re.IGNORECASE))


def invented_method(text: str, known: KnownPaper, phrases: Phrases) -> bool:
    """Credits a survey with a method of its own."""
    return _only_surveys(known.paper.title, known.paper.abstract) and phrases.stand_in(text, "own_methods")


@lru_cache(maxsize=4)
def _only_surveys(title: str, abstract: str) -> bool:
    is_survey = _SURVEY().search(title) or _IS_SURVEY().search(abstract)
    return is_survey is not None and _ALSO_PROPOSES().search(abstract) is None


_RESULTS = from_words(lambda words: re.compile(either(words.results), re.IGNORECASE))


def denies_results(text: str, known: KnownPaper, phrases: Phrases) -> bool:
    """Says that the paper has no data, measures or comparisons, where its abstract reports results.

    What the authors themselves say that they did not do is none of it.
    """
    return (
        phrases.stand_in(text, "no_results")
        and _RESULTS().search(known.paper.abstract) is not None
        and phrases.stand_in(_ANNOUNCEMENT().sub(" ", text), "no_results")
    )


_ANNOUNCEMENT = from_words(lambda words: re.compile(either(words.announcements), re.IGNORECASE))
