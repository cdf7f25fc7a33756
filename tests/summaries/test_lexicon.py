"""Stems of English words and of what Chinese words may stand for."""

import pytest

from mkdocs_paperdigest.summaries.lexicon import (
    base_of,
    chinese_words,
    is_common,
    opposites_of,
    opposites_of_stems,
    stem_of,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("images", "imaging"),
        ("studies", "study"),
        ("noise", "noisy"),
        ("faster", "fast"),
        ("put", "putting"),
        ("non-overlapping", "non overlaps"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem_of(one) == stem_of(other)


@pytest.mark.parametrize(("one", "other"), [("crop", "non-crop"), ("burnt", "unburnt"), ("mass", "mask")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert stem_of(one) != stem_of(other)


def test_the_longest_words_of_a_chinese_text_are_found_in_order() -> None:
    found = [(word, at) for at, word, _ in chinese_words("ABC卷积神经网络优于基线")]
    assert found == [("卷积神经网络", 3), ("优于", 9), ("基线", 11)]


@pytest.mark.parametrize(
    ("word", "meaning"), [("儿童", "children"), ("超参数", "hyperparameters"), ("优于", "outperforms")]
)
def test_a_word_has_the_stems_of_its_meanings(word: str, meaning: str) -> None:
    (_, _, stems), *_ = chinese_words(word)
    assert stem_of(meaning) in stems


def test_names_are_no_words_of_the_general_language() -> None:
    assert is_common("children")
    assert not is_common("foldnet")


@pytest.mark.parametrize(
    ("one", "other"), [("acutely", "chronic"), ("loose", "tight"), ("local", "global"), ("opening", "closed")]
)
def test_opposites_are_known_in_every_form_and_both_ways(one: str, other: str) -> None:
    assert base_of(other) in opposites_of(base_of(one))
    assert base_of(one) in opposites_of(base_of(other))
    assert base_of(other) in opposites_of_stems([stem_of(one)])
