"""How close papers are to a lab's library."""

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.models import Reference
from mkdocs_paperdigest.pipeline.closeness import Interests, closest_of_each, words

OWN = (
    "Audio-driven talking heads from a single portrait",
    "Lip synchronization for dubbed video",
    "A dataset of expressive avatars",
    "Speech-driven gesture synthesis",
)


def interests(*titles: str) -> Interests:
    return Interests([(Reference(title), title) for title in titles])


def test_the_lab_s_field_is_closer_than_others_in_the_same_words_and_in_other_ones() -> None:
    own = interests(*OWN)
    same_words = own.compare("Talking heads with controllable lip motion").score
    other_words = own.compare("Facial animation of digital humans from voice").score
    other_field = own.compare("Spin waves in antiferromagnetic insulators").score
    assert same_words > other_words > other_field


def test_the_closest_works_are_named_but_not_the_paper_itself_and_not_those_that_share_nothing() -> None:
    own = interests(*OWN, "Harvesting of wheat")
    close = own.compare("Lip Synchronization for Dubbed Video", "We dub video of avatars.")
    assert [work.title for work in close.closest] == ["A dataset of expressive avatars"]
    assert own.compare("Spin waves").closest == ()


def test_a_library_without_works_and_a_paper_without_words_are_close_to_nothing() -> None:
    assert Interests([]).compare("Talking heads").score == 0
    assert interests(*OWN).compare("$1 + 1$").score == 0


def test_chinese_papers_are_compared_by_pairs_of_characters() -> None:
    own = interests("音频驱动的说话人脸生成", "小麦的收割")
    close = own.compare("说话人脸生成的新方法")
    assert [work.title for work in close.closest] == ["音频驱动的说话人脸生成"]


HEADS = ("Talking heads from audio", "Audio drives the lips of talking heads by diffusion.")
LIPS = ("Talking heads in sync", "The lips of talking heads follow audio, by diffusion.")
WHEAT = ("Harvesting of wheat", "Rain in spring decides on the yields of wheat.")


def closest(works: Sequence[tuple[str, str]]) -> list[tuple[int, ...]]:
    """Positions alone."""
    return [tuple(at for at, _ in near) for near in closest_of_each(works)]


def test_papers_are_close_to_others_on_the_same_thing_whatever_their_order() -> None:
    assert closest([HEADS, WHEAT, LIPS]) == [(2,), (), (0,)]
    assert closest([LIPS, HEADS, WHEAT]) == [(1,), (0,), ()]
    assert closest([HEADS]) == [()]
    assert closest([]) == []


def test_at_most_three_are_named_the_closest_first_and_never_the_same_work_again() -> None:
    near = [(f"{HEADS[0]} {word}", HEADS[1]) for word in ("fast", "slow", "live", "late")]
    farther = (LIPS[0], f"{LIPS[1]} We also harvest wheat in spring.")
    again = ("Talking Heads from Audio", "In a journal.")
    found = closest([farther, again, *near, HEADS])
    assert len(found[6]) == 3
    assert not {0, 1} & set(found[6])
    assert all(len(one) <= 3 for one in found)


def test_papers_without_any_word_of_the_table_are_compared_by_their_own_words() -> None:
    faces = ("音频驱动的说话人脸生成", "本文用扩散模型由语音生成说话人脸。")
    heads = ("说话人脸生成的新方法", "由语音生成说话人脸，采用扩散模型。")
    wheat = ("小麦的收割", "春季降雨决定小麦产量。")
    assert closest([faces, heads, wheat]) == [(1,), (0,), ()]


def test_what_an_earlier_call_has_found_changes_nothing() -> None:
    near = [(f"{HEADS[0]} {word}", HEADS[1]) for word in ("fast", "slow", "live", "late")]
    han = [
        ("音频驱动的说话人脸生成", "本文用扩散模型由语音生成说话人脸。"),
        ("说话人脸生成", "由语音生成说话人脸。"),
    ]
    works = [HEADS, han[0], WHEAT, *near, LIPS, han[1], HEADS]
    whole = closest_of_each(works)
    assert sum(map(len, whole)) > 15
    for new in ([0], [3, 8], [7, 2, 9], list(range(len(works)))):
        old = [at for at in range(len(works)) if at not in new]
        before = closest_of_each([works[at] for at in old])
        known = {
            at: tuple((old[other], value) for other, value in found)
            for at, found in zip(old, before, strict=True)
        }
        assert closest_of_each(works, known) == whole
        # As if other works had been there, and are gone.
        assert closest_of_each(works, known | dict.fromkeys(old[::2])) == whole


def test_words_are_folded() -> None:
    assert words("Talking Heads, Théories, classes of bias") == [
        "talking",
        "head",
        "theory",
        "class",
        "of",
        "bias",
    ]
    assert words("扩散模型") == ["扩散", "散模", "模型"]


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=200))
def test_any_texts_can_be_compared(library: list[str], title: str) -> None:
    close = interests(*library).compare(title)
    assert math.isfinite(close.score)
    assert len(close.closest) <= 3
