"""Looking for the words that a pattern needs must never hide what the pattern would match."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.summaries.gate.phrases import Phrases, needed
from mkdocs_paperdigest.summaries.gate.words import cjk_words, spaced_words

GROUPS = ("refusals", "guesses", "chatter", "orders", "leaks", "stage_directions", "no_results", "gaps")


def patterns() -> Iterator[str]:
    for words in (cjk_words(), spaced_words()):
        for group in GROUPS:
            yield from getattr(words, group)


@pytest.mark.parametrize("pattern", patterns())
def test_every_pattern_needs_a_word(pattern: str) -> None:
    assert needed(pattern)


@given(st.data())
def test_what_matches_has_the_words_that_are_needed(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(sorted(patterns())))
    compiled = re.compile(pattern, re.MULTILINE)
    text = data.draw(st.from_regex(compiled, fullmatch=False))
    low = text.lower()
    # A letter outside ASCII may match a small one that it does not become.
    if low.isascii() or not pattern.isascii():
        assert all(any(word in low for word in words) for words in needed(pattern))


def test_groups_of_words_come_from_sequences_branches_and_sets() -> None:
    assert needed("(?:foo|ba)r?[xy]qux+") == (("qu",), ("ba", "foo"), ("x",))
    assert needed("a*b?") == ()
    assert needed("(?:foo|)bar") == (("bar",),)


def test_a_part_of_the_text_is_searched_for_what_the_whole_has() -> None:
    phrases = Phrases("它折叠衬衫。希望您满意。\nIt folds shirts. I hope this helps you!")
    assert phrases.stand_in("希望您满意。", "chatter")
    assert not phrases.stand_in("它折叠衬衫。", "chatter")
    assert phrases.stand_in("I hope this helps you!", "chatter")
    assert list(phrases.found("希望您满意。", "refusals")) == []
