"""The words that the gate looks for, one YAML file for each language; the rules have none of their own.

A new language is a new file, named by its BCP 47 code. Every group is optional; `en.yml` and `zh.yml` say what
each is for. A group is a list of patterns, text that is split at white space, or pairs. Its words are regular
expressions unless the file says otherwise; `parts` names what several patterns have in common.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

FOLDER = Path(__file__).parent
"""Where the files are."""

_CJK = frozenset({"ja", "ko", "yue", "zh"})
"""Languages in Chinese, Japanese or Korean characters."""

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Words:
    """The groups of one language, or of several together; a group that no file has is empty."""

    # language
    function_words: tuple[str, ...] = ()
    # numerals
    number_words: tuple[tuple[str, str], ...] = ()
    number_scales: tuple[tuple[str, str], ...] = ()
    share_words: tuple[str, ...] = ()
    multiple_words: tuple[str, ...] = ()
    fraction_words: tuple[tuple[str, str], ...] = ()
    counters: tuple[str, ...] = ()
    ordinals: tuple[tuple[str, str], ...] = ()
    months: tuple[str, ...] = ()
    tenfold: tuple[str, ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    unit_names: tuple[tuple[str, str], ...] = ()
    unit_prefixes: tuple[tuple[str, str], ...] = ()
    scores: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()
    between_pointers: tuple[str, ...] = ()
    # gate/paper
    small_words: tuple[str, ...] = ()
    # gate/wording
    fillers: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    labelled_fillers: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    after_roman_numerals: tuple[str, ...] = ()
    machine_errors: tuple[str, ...] = ()
    stage_directions: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    abstract_only: tuple[str, ...] = ()
    about_abstracts: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    chatter: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    study_words: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    # gate/shape
    dangling_words: tuple[str, ...] = ()
    final_words: tuple[str, ...] = ()
    # gate/padding
    stock_phrases: tuple[str, ...] = ()
    # gate/metadata
    author_introductions: tuple[str, ...] = ()
    author_subjects: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()
    institution_words: tuple[str, ...] = ()
    no_code: tuple[str, ...] = ()
    no_facts: tuple[str, ...] = ()
    code_announcements: tuple[str, ...] = ()
    # gate/grounding
    common_names: tuple[str, ...] = ()
    trivial_names: tuple[str, ...] = ()
    review_words: tuple[str, ...] = ()
    field_words: tuple[str, ...] = ()
    survey_titles: tuple[str, ...] = ()
    own_methods: tuple[str, ...] = ()
    further_proposals: tuple[str, ...] = ()
    no_results: tuple[str, ...] = ()
    announcements: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    learned_tasks: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    no_effects: tuple[str, ...] = ()
    training_terms: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    # gate/concepts
    concepts: tuple[tuple[str, str], ...] = ()
    # agreement
    clause_ends: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    soft_negations: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    soft_causes: tuple[str, ...] = ()
    universals: tuple[str, ...] = ()
    soft_universals: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    lower_bounds: tuple[str, ...] = ()
    superlatives: tuple[str, ...] = ()
    soft_superlatives: tuple[str, ...] = ()
    comparisons: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    opposite_prefixes: tuple[str, ...] = ()
    signs: tuple[tuple[str, str], ...] = ()
    costs: tuple[str, ...] = ()
    opposites: tuple[str, ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    empty_words: tuple[str, ...] = ()


@cache
def languages() -> Mapping[str, Words]:
    """Every language that has a file, by its code.

    Raises:
        TypeError: A file has a group that no rule uses.
    """
    return MappingProxyType({path.stem: _read(path) for path in sorted(FOLDER.glob("*.yml"))})


@cache
def all_words() -> Words:
    """The words of all languages, because a model may lapse into any of them."""
    return _together(languages().values())


@cache
def cjk_words() -> Words:
    """The words of the languages in Chinese, Japanese or Korean characters."""
    return _together(words for code, words in languages().items() if code in _CJK)


@cache
def spaced_words() -> Words:
    """The words of all other languages."""
    return _together(words for code, words in languages().items() if code not in _CJK)


def from_words(make: Callable[[Words], _Made]) -> Callable[[], _Made]:
    """A function that returns the result of `make` for the words of all languages, made at its first call.

    So a build that judges nothing reads no file and compiles no pattern.
    """
    return cache(lambda: make(all_words()))


def either(patterns: Iterable[str]) -> str:
    """A pattern that matches any of these patterns, or nothing if there are none."""
    return "|".join(patterns) or "(?!)"


def _read(path: Path) -> Words:
    groups = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    parts = groups.pop("parts", {})
    return Words(**{name: _group(content, parts) for name, content in groups.items()})


def _group(content: Any, parts: Mapping[str, str]) -> tuple[Any, ...]:
    if isinstance(content, str):
        return tuple(content.split())
    if isinstance(content, dict):
        return tuple((str(word), str(meaning)) for word, meaning in content.items())
    for name, part in parts.items():
        content = [pattern.replace(f"<{name}>", part) for pattern in content]
    return tuple(content)


def _together(several: Iterable[Words]) -> Words:
    parts = list(several)
    merged: dict[str, Any] = {
        group.name: tuple(word for words in parts for word in getattr(words, group.name))
        for group in fields(Words)
    }
    return Words(**merged)
