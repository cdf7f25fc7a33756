import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.summaries.sentences import split_sentences

PROSE = st.text(
    st.sampled_from(list("aAbZ01 .,;!?…()[]$\\\n\"'“”。！：e.g.Fig")) | st.characters(), max_size=300
)


def pieces(text: str) -> list[str]:
    return [piece.strip() for piece in split_sentences(text)]


@given(PROSE)
def test_joining_the_pieces_gives_back_the_text(text: str) -> None:
    assert "".join(split_sentences(text)) == text


@given(PROSE)
def test_every_piece_but_white_space_says_something(text: str) -> None:
    found = split_sentences(text)
    assert all(piece.strip() for piece in found) or (not text.strip() and len(found) <= 1)


@pytest.mark.parametrize(
    "whole",
    [
        "We use neural fields, e.g. NeRF, i.e. MLPs of position.",
        "As Fig. 3 and Eq. 2 of Ref. 7 show, heads turn.",
        "This improves on Liao et al. (2016) by 3.5 dB vs. 2.1 dB.",
        "The method of J. Smith and A. B. Jones is extended.",
        "Catalogue No. 7 lists the stars of approx. 3 solar masses.",
        "Let $f(x) = x. Y$ be a map with $$a. B$$ and \\(c. D\\) given.",
        "The code is at https://github.com/a/b.Git and www.example.org/x.Y now.",
        "Heads turn (see the appendix. It has more. Much more) and talk.",
        "Nodes with i.i.d. noise, lights, sounds, etc. are dropped.",
        "The U.S. Army and the Ph.D. Program agree.",
        "Version 2.0 of Node.js beats ASP.Net by 1.5x.",
        "They asked why? and no one knew.",
        "1. We draw heads.",
        "Wait ... what happens here is unclear.",
    ],
)
def test_what_is_one_sentence_stays_one(whole: str) -> None:
    assert pieces(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We draw. They talk.", ["We draw.", "They talk."]),
        ("Is it real? No! It is not.", ["Is it real?", "No!", "It is not."]),
        ('They call it "real." We do not.', ['They call it "real."', "We do not."]),
        ("It was shown by Liao et al. We extend it.", ["It was shown by Liao et al.", "We extend it."]),
        ("It needs lights, sounds, etc. The rest is free.", ["It needs lights, sounds, etc.", "The rest is free."]),
        ("It lacks vitamin C. We add it.", ["It lacks vitamin C.", "We add it."]),
        ("It costs $x$. $Y$ is free.", ["It costs $x$.", "$Y$ is free."]),
        ("It wins. t-SNE loses. mRNA too.", ["It wins.", "t-SNE loses.", "mRNA too."]),
        ("It learns networks.We show why.", ["It learns networks.", "We show why."]),
        ("It ends... The rest follows.", ["It ends...", "The rest follows."]),
        ("我们提出了新方法。它很好！“是吗？”是的。", ["我们提出了新方法。", "它很好！", "“是吗？”", "是的。"]),
        ("One paragraph\n\nand another", ["One paragraph", "and another"]),
        ("It costs $5 a day. We pay $6.", ["It costs $5 a day.", "We pay $6."]),
        (
            "We turn necks (introduced by A. Head, 98 (2007).) This model nods. Heads (e.g. big ones etc.) nod.",
            ["We turn necks (introduced by A. Head, 98 (2007).)", "This model nods.", "Heads (e.g. big ones etc.) nod."],
        ),
    ],
)  # fmt: skip
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_megabyte_of_open_brackets_takes_no_time() -> None:
    text = "([$ a.B C. " * 20_000
    assert "".join(split_sentences(text)) == text
