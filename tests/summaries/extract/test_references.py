import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.summaries.extract.references import opens_with_reference, refers_back


@pytest.mark.parametrize(
    "text",
    [
        "We address these challenges by steering talking heads with bone-conducted speech.",
        "We contribute to this area by introducing a controller for the necks of talking heads.",
        "We introduce them into a network that steers heads.",
        "We restrict it to a small range of angles, which makes heads nod faster.",
        "We develop a procedure to convert back and forth between the two.",
        "We study why stiff necks suit the task at hand.",
        "We propose a head that scales to tackle both challenges.",
        "We design a neck that addresses all the above-mentioned artifacts of heads.",
        "This paper revisits talking heads as follows.",
        "We propose a method to close the gap.",
        "We study the scalability of such models on small devices.",
        "The second one clarifies the relation to necks.",
        "By hearing a target voice, it quickly turns the head.",
        "These structures are employed in the paper to describe necks.",
        "This is achieved by setting the angle to zero.",
        "None of these heads nods in real time.",
        "To this aim, we present a new neck.",
        "We ask whether their pretraining makes heads nod.",
        "The analysis of its properties is based upon a new definition of necks.",
        "A detailed study of their necks shows why heads nod.",
    ],
)  # fmt: skip
def test_words_that_need_another_sentence_are_found(text: str) -> None:
    assert refers_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "This paper presents a controller for necks, such as those of giraffes and of owls.",
        "We turn a set of heads and let these heads nod.",
        "We train both the neck and the head at once.",
        "We compare three kinds of heads by their necks.",
        "We describe a head and its neck.",
        "We turn each head at hand level.",
        "The analysis of a head and its neck is based on films.",
        "It is shown that heads nod whenever necks allow.",
        "We investigate the two uses of necks for heads.",
        "We study the problem of turning heads without necks.",
        "We show that heads nod such that necks rest.",
        "We relight each input image and rebuild the head from these relit images.",
        "The key sources are the following: the image of the head, and its neck.",
        "We show that HeadTurner, a network for necks, marks a new step in this field.",
        "We find a difference between the two types of necks.",
    ],
)
def test_what_the_sentence_itself_says_is_no_reference(text: str) -> None:
    assert not refers_back(text)


def test_only_the_opening_counts_for_lines_among_others() -> None:
    assert opens_with_reference("This neck turns heads.")
    assert opens_with_reference("In the first one, we turn heads.")
    assert not opens_with_reference("We turn these heads.")
    assert not opens_with_reference("This work turns heads.")


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert refers_back(text) in (True, False)


@pytest.mark.parametrize(
    "unit", ["this ", "by a", "both a ", "these, ", "the following ", "it is a ", "them"]
)
def test_hostile_sentences_take_no_time(unit: str) -> None:
    begin = time.process_time()
    refers_back(unit * 400)
    assert time.process_time() - begin < 5
