"""Which lines are captions of figures, and what they say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.documents.figures.captions import Caption, find_captions, joined, other_floats
from mkdocs_paperdigest.documents.figures.layout import Body
from mkdocs_paperdigest.documents.pdf.lines import Line

BODY = Body(size=10.0, width=240.0, fonts=frozenset({"Text"}), leading=12.0)


def line(text: str, y: float, *, x: float = 72.0, width: float | None = None, size: float = 9.0):
    """A line whose top is at `y`; half its size wide a character."""
    width = width if width is not None else len(text) * size / 2
    return Line(x, y + 1, x + width, y + size - 1, y, y + size, text, "Text")


def captions(*lines: Line, text: str = "") -> list[Caption]:
    [found] = find_captions([list(lines)], BODY, text)
    return found


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("Figure 1: A cat.", "Figure 1"),
        ("Figure 1. A cat.", "Figure 1"),
        ("FIGURE 1. A cat.", "Figure 1"),
        ("Fig. 2: A cat.", "Figure 2"),
        ("FIG. 3. A cat.", "Figure 3"),
        ("Fig 4 A cat on a mat.", "Figure 4"),
        ("Figure 5 | A cat.", "Figure 5"),
        ("Figure 6 – A cat.", "Figure 6"),
        ("Fig. S1: A cat.", "Figure S1"),
        ("Figure A.1: A cat.", "Figure A.1"),
        ("Figure 3.2: A cat.", "Figure 3.2"),
        ("Figure IV. A cat.", "Figure IV"),
        ("Extended Data Fig. 2 | A cat.", "Extended Data Figure 2"),
        ("Supplementary Figure 2: A cat.", "Supplementary Figure 2"),
        ("Figure 12", "Figure 12"),
        ("Figure 1(b): A cat.", "Figure 1(b)"),
        ("FIG. 1 (color online). A cat.", "Figure 1"),
        ("Fig. 1 a A cat. b A dog.", "Figure 1"),
        ("Figure 4 a) A cat. b) A dog.", "Figure 4"),
        ("Figure S2.3 (T = 10.0): A cat.", "Figure S2.3"),
        ("SUPPLEMENTARY FIG. 4. A cat.", "Supplementary Figure 4"),
        ("Abbildung 2: Eine Katze.", "Figure 2"),
        ("图1 系统结构。", "Figure 1"),
        ("图 2：系统结构。", "Figure 2"),
        ("图 2.2 hough 变换原理图", "Figure 2.2"),
    ],
)
def test_every_house_style_is_a_caption(printed, label):
    [caption] = captions(line(printed, 300))
    assert caption.label == label
    assert caption.text == printed


@pytest.mark.parametrize(
    "printed",
    [
        "Figure 3 shows that cats sleep.",
        "Figure 3 and the table below agree.",
        "Figures 3 and 4 agree.",
        "Fig. 3, on the other hand, disagrees.",
        "Figure 3 (left) shows that cats sleep.",
        "Figure skating is a sport.",
        "Figure of merit: 3",
        "FIGURES AND TABLES",
        "Table 1: Figure 2 in numbers.",
    ],
)
def test_a_sentence_is_not_a_caption(printed):
    assert captions(line(printed, 300)) == []


def test_a_sentence_within_a_paragraph_is_not_a_caption():
    above = line("and this is what one can see in the", 288, size=10, width=240)
    assert captions(above, line("Figure 3 A summary of which follows", 300, size=10)) == []


def test_the_caption_wins_over_a_sentence_that_begins_alike():
    sentence = line("Figure 1. We now turn to cats.", 100, size=10)
    others = [line(f"Figure {number}: A cat.", 200 + 60 * number) for number in (1, 2, 3)]
    assert [caption.text for caption in captions(sentence, *others)] == [
        "Figure 1: A cat.",
        "Figure 2: A cat.",
        "Figure 3: A cat.",
    ]


def test_a_mention_of_a_panel_is_not_a_caption_where_the_figure_has_one():
    mention = line("Fig. 1c); cats sleep longer than dogs", 100, size=10)
    assert [caption.label for caption in captions(mention, line("Fig. 1. A cat.", 300))] == ["Figure 1"]


def test_a_caption_that_is_listed_elsewhere_is_kept_as_a_rival():
    listed, printed = line("Figure 1. A cat, asleep.", 100, size=12), line("Figure 1. A cat, asleep.", 300)
    [[caption], []] = find_captions([[listed], [printed]], BODY, "")
    [(page, rival)] = caption.rivals
    assert (page, rival.lines) == (1, (printed,))


def test_a_caption_in_two_columns_is_one_caption():
    body = replace(BODY, columns=((72.0, 312.0), (330.0, 570.0)))
    lines = [
        line("Figure 1: A cat that sleeps", 300, width=240),
        line("in two columns and dreams of", 311, width=240),
        line("mice, while a dog", 300, x=330, width=240),
        line("is barking.", 311, x=330, width=60),
    ]
    [[caption]] = find_captions([lines], body, "")
    assert (
        caption.text
        == "Figure 1: A cat that sleeps in two columns and dreams of mice, while a dog is barking."
    )


def test_a_caption_that_is_continued_on_the_next_page_is_whole():
    first = [
        line("Figure 1: A cat that sleeps and", 300, width=240),
        line("dreams. (continued on next page. . . )", 311, width=200),
    ]
    second = [line("Figure 1 (. . . continued)", 72, width=240), line("Mice run past.", 83, width=60)]
    [[caption], []] = find_captions([first, second], BODY, "")
    assert caption.text == "Figure 1: A cat that sleeps and dreams. Mice run past."


def test_a_sentence_on_a_scheme_does_not_end_a_caption():
    [caption] = captions(
        line("Figure 1: Schemes of several cats. Here", 300, width=240),
        line("Scheme 1 slightly outperforms the others.", 311, width=240),
    )
    assert caption.text == "Figure 1: Schemes of several cats. Here Scheme 1 slightly outperforms the others."


def test_names_in_a_legend_are_not_captions_of_other_floats():
    entries = [line("Scheme 1", 100), line("Algorithm 1", 200), line("Algorithm 2", 211)]
    table = [line("TABLE I", 300), line("CATS AND DOGS", 311, width=150)]
    assert other_floats([*entries, *table], BODY) == table[:1]


def test_a_caption_takes_all_its_lines_and_no_more():
    [caption] = captions(
        line("Figure 1: A cat that sleeps", 300, width=240),
        line("on a mat in the sun", 311, width=240),
        line("all day.", 322, width=40),
        line("Cats are animals, as everybody knows.", 350, width=240, size=10),
    )
    assert caption.text == "Figure 1: A cat that sleeps on a mat in the sun all day."


def test_a_label_far_from_its_text_is_one_caption():
    [caption] = captions(
        line("Fig. 1.", 300, width=30), line("A cat on a mat, asleep.", 300, x=120, width=180)
    )
    assert caption.text == "Fig. 1. A cat on a mat, asleep."


def test_the_text_beside_a_narrow_caption_is_not_part_of_it():
    [caption] = captions(
        line("Figure 1: A cat on the", 300, x=230, width=120),
        line("they sleep on mats and", 302, width=150),
        line("mat.", 311, x=230, width=20),
        line("in the sun, as is their wont, all day long", 322, width=280),
    )
    assert caption.text == "Figure 1: A cat on the mat."


def test_a_divided_word_is_mended():
    [caption] = captions(line("Figure 1: Many sam-", 300, width=240), line("ples were drawn.", 311, width=90))
    assert caption.text == "Figure 1: Many samples were drawn."


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["Two Faster R-", "CNN heads"], "Two Faster R-CNN heads"),
        (["Mask R-CNN using ResNet-101-", "FPN"], "Mask R-CNN using ResNet-101-FPN"),
        (["shown in 2-", "month averages"], "shown in 2-month averages"),
        (["COVID-", "19 cases"], "COVID-19 cases"),
        (["the ratio -", "A to B"], "the ratio - A to B"),
    ],
)
def test_a_hyphen_before_a_capital_or_beside_a_digit_holds_a_word_together(rows: list[str], text: str):
    assert joined(rows, "") == text


def test_a_hyphen_that_the_paper_writes_elsewhere_stays():
    [caption] = captions(
        line("Figure 1: The role of self-", 300, width=240),
        line("attention.", 311, width=60),
        text="We use self-attention, as self-attention is all you need.",
    )
    assert caption.text == "Figure 1: The role of self-attention."


def test_a_caption_is_plain_text():
    [caption] = captions(
        line("Figure 1: At \ud835\udc67 = 10\u00b2 the \ufb01eld\ufffd is\x02 \ud835 weak.", 300)
    )
    assert caption.text == "Figure 1: At z = 10² the field is weak."


def test_a_mention_at_the_start_of_a_caption_line_does_not_end_it():
    [caption] = captions(
        line("Figure 3: Models are drawn as in", 300, width=240), line("Fig. 2.", 311, width=30)
    )
    assert caption.text == "Figure 3: Models are drawn as in Fig. 2."


@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.floats(0, 700), st.floats(0, 500), st.floats(1, 40)), max_size=12
    )
)
def test_no_page_breaks_the_search(rows):
    lines = [line(text, y, x=x, size=size) for text, y, x, size in rows]
    for caption in captions(line("Figure 1: A cat.", 300), *lines):
        assert caption.text
        assert caption.label
