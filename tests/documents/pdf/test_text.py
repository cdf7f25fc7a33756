"""From the lines of a PDF to sections of running text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.documents.pdf.text import MOST_CHARACTERS, abstract_of, text_of_pages
from mkdocs_paperdigest.models import FullText, Section

SLOW_S = 20
"""Seconds, far more than needed: quadratic work takes minutes."""

LINES = (
    "Talking heads are made from one portrait and from speech, and much\n"
    "has been written on how they should move. We look at what moves the\n"
    "lips and what moves the head, which are two different things.\n"
)


def prose(seed: str) -> str:
    """Running text that differs from that of other pages."""
    return "".join(f"{seed} {line}\n" for line in LINES.splitlines()) * 3


FRONT = "Hearing Faces\nAda Lovelace\nUniversity of London\n"
ABSTRACT = "Abstract\nWe present a method that hears faces. It needs one portrait and\nhalf of the time.\n"


def titles(*pages: str) -> list[str]:
    return [section.title for section in text_of_pages(pages).sections]


def section(title: str, *pages: str) -> str:
    found = {part.title: part.text for part in text_of_pages(pages).sections}
    return found[title]


def paper(*bodies: str) -> str:
    """A page with front matter and one introduction that holds the given lines."""
    return FRONT + ABSTRACT + "1 Introduction\n" + "".join(bodies)


@pytest.mark.parametrize(
    "headings",
    [
        ["1 Introduction", "2 Hearing and Seeing", "3 Results", "4 Conclusion"],
        ["1. Introduction", "2. Hearing and Seeing", "3. Results", "4. Conclusion"],
        ["1 INTRODUCTION", "2 HEARING AND SEEING", "3 RESULTS", "4 CONCLUSION"],
        ["I. INTRODUCTION", "II. HEARING AND SEEING", "III. RESULTS", "IV. CONCLUSION"],
    ],
)
def test_numbered_sections_are_found_in_every_style(headings: list[str]) -> None:
    pages = [FRONT + ABSTRACT, *(f"{heading}\n{prose(heading[-4:])}" for heading in headings)]

    found = titles(*pages, "References\n[1] A. Author. Faces. 2020.\n")

    names = [heading.split(" ", 1)[1] for heading in headings]
    assert found == ["Title page", "Abstract", *names]


def test_sections_without_numbers_are_known_by_their_names() -> None:
    found = titles(
        FRONT + ABSTRACT + "Introduction\n" + LINES + "Materials and Methods\n" + LINES,
        "Results\n" + LINES + "Acknowledgements\nWe thank our readers.\n",
    )

    assert found == [
        "Title page",
        "Abstract",
        "Introduction",
        "Materials and Methods",
        "Results",
        "Acknowledgements",
    ]


def test_lists_tables_and_contents_are_not_sections() -> None:
    contents = "Contents\n1. Introduction 2\n2. Method 4\n3. Results 9\n"
    steps = "We proceed so:\n1. Take a portrait\n2. Take a voice\n3. Move the lips\n"
    table = "Model top-1\n1 CNN 40.7% 18.2%\n5 CNNs 38.1% 16.4%\n"

    found = titles(
        FRONT + ABSTRACT + contents,
        "1. Introduction\n" + LINES * 3 + steps + LINES,
        "2. Method\n" + LINES * 3 + table + LINES,
        "3. Results\n" + LINES * 3,
    )

    assert found == ["Title page", "Abstract", "Introduction", "Method", "Results"]


def test_a_heading_over_two_lines_is_one_title() -> None:
    found = titles(
        paper(prose("Here")),
        "2 Dynamic Linear Combination of\nLayers\n" + prose("There"),
        "3 BUILDING, CHARACTERIZING AND\nCOMPARING FACES\n" + prose("Yonder"),
    )

    assert found[2:] == [
        "Introduction",
        "Dynamic Linear Combination of Layers",
        "BUILDING, CHARACTERIZING AND COMPARING FACES",
    ]


def test_subsections_are_lines_of_their_section() -> None:
    found = section("Introduction", paper("It begins here.\n1.1. Training data\nIt ends here.\n"))

    assert found == "It begins here.\n\nTraining data\n\nIt ends here."


@pytest.mark.parametrize("mark", [". ", "—", ": ", " – "])
def test_an_abstract_on_the_line_of_its_title_is_found(mark: str) -> None:
    text = text_of_pages(
        [
            f"{FRONT}Abstract{mark}We present a method that hears faces, with one\n"
            "portrait and half of the time that any other method needs.\n"
            "Index Terms—faces, hearing\n1 Introduction\n" + LINES
        ]
    )

    assert abstract_of(text) == (
        "We present a method that hears faces, with one portrait and half of the time that any "
        "other method needs."
    )


def test_a_text_without_an_abstract_gives_none() -> None:
    assert abstract_of(text_of_pages([FRONT + "1 Introduction\n" + LINES])) is None
    assert abstract_of(FullText()) is None
    assert abstract_of(FullText((Section("Abstract", "Too short."),))) is None


def test_references_end_the_text_and_appendices_go_on() -> None:
    found = text_of_pages(
        [
            paper(prose("Here")),
            "2 Results\n" + prose("There") + "References\n[1] A. Author. Faces, 2020.\n",
            "A. Berg, F. Li. Detecting faces at scale. In CVPR, 2019.\n",
            "A Further Results\n" + prose("Yonder") + "B Proof of the Bound\n" + prose("Last"),
        ]
    ).sections

    assert [part.title for part in found[2:]] == [
        "Introduction",
        "Results",
        "Further Results",
        "Proof of the Bound",
    ]
    assert not any("Author" in part.text or "Berg" in part.text for part in found)


def test_page_furniture_is_dropped() -> None:
    pages = [
        f"A. Lovelace: Hearing Faces\n{prose(seed)}Preprint, under review {n}\n{n}\n"
        for n, seed in enumerate(["One", "Two", "Three", "Four", "Five"], start=1)
    ]
    pages[0] = paper(prose("One")) + "arXiv:2410.13786v2 [cs.CV] 18 Oct 2024\n1\n"

    text = text_of_pages(pages)

    whole = "\n".join(part.text for part in text.sections)
    assert whole.count("Talking heads") == 15
    for furniture in ["Lovelace:", "Preprint", "arXiv", "\n3"]:
        assert furniture not in whole
    assert text.pages == tuple(pages)


def test_numbers_inside_a_page_are_not_page_numbers() -> None:
    found = section("Introduction", paper(LINES, "3.2\n17\n", LINES * 2))

    assert "3.2 17" in found


def test_the_numbers_of_axes_are_dropped() -> None:
    ticks = "".join(f"0.{n}\n" for n in range(10))

    found = section("Introduction", paper(LINES, ticks, "FID falls to 3.2 here.\n", LINES))

    assert "0.5" not in found
    assert "FID falls to 3.2 here." in found


def test_a_list_of_references_needs_no_heading() -> None:
    found = text_of_pages(
        [
            paper(prose("Here")),
            "2 Results\n" + prose("There") + "Acknowledgments\nWe thank our readers.\n"
            "[1] A. Author, Faces, 2020.\n[2] B. Author, Voices,\n2021.\n",
        ]
    ).sections

    assert found[-1] == Section("Acknowledgments", "We thank our readers.")


@pytest.mark.parametrize(
    ("elsewhere", "broken", "mended"),
    [
        ("", "an architec-\nture that", "an architecture that"),
        ("", "the self-\nattention of", "the self-attention of"),
        ("we use pretrained models here", "with pre-\ntrained weights", "with pretrained weights"),
        ("we use pre-trained models here", "with pre-\ntrained weights", "with pre-trained weights"),
        ("", "the English-\nGerman task", "the English-German task"),
        ("", "of 2018-\n2020 data", "of 2018-2020 data"),
        ("", "some differ\ufffeences of", "some differences of"),
        ("", "a diﬀerent ﬁgure", "a different figure"),
        ("", "by Schn¨orr and Lemaˆıtre", "by Schnörr and Lemaître"),
        ("", "at https://\ngithub.com/ada/faces for", "at https://github.com/ada/faces for"),
    ],
)
def test_words_that_lines_broke_are_mended(elsewhere: str, broken: str, mended: str) -> None:
    found = section("Introduction", paper(LINES, elsewhere, "\nso ", broken, " it ends.\n"))

    assert mended in found


def test_short_last_lines_end_paragraphs() -> None:
    found = section("Introduction", paper(LINES, "It is short.\n", LINES))

    assert found.split("\n\n")[1].startswith("Talking heads")


def test_a_text_without_any_heading_is_one_section() -> None:
    assert titles(LINES * 5) == ["Text"]
    assert titles(FRONT + ABSTRACT + LINES * 5) == ["Title page", "Abstract", "Text"]


@pytest.mark.parametrize("pages", [[], [""], ["", " \n\x00\n"], ["12"]])
def test_pages_without_words_have_no_sections(pages: list[str]) -> None:
    assert text_of_pages(pages).sections == ()


def test_a_book_is_cut_and_takes_no_longer_than_it_should() -> None:
    pages = [f"{n} Chapter of Faces\n" + LINES * 20 for n in range(1, 500)]
    begun = time.process_time()

    text = text_of_pages(pages)

    assert time.process_time() - begun < SLOW_S
    assert sum(len(part.text) for part in text.sections) <= MOST_CHARACTERS
    assert len(text.pages) == len(pages)


@pytest.mark.parametrize(
    "line",
    ["a", "a-", "https://", "https:// ", "x.github.io/\n", "1. A\n", "A. ", "´a", "[1]. ", "e-\n", "\n"],
)
def test_pages_made_to_be_slow_are_not(line: str) -> None:
    pages = [line * (60_000 // len(line))] * 5
    begun = time.process_time()

    text_of_pages(pages)

    assert time.process_time() - begun < SLOW_S


PRINTED = st.text(alphabet=st.sampled_from("Aab1. -\n[]§é\ufffe\ud800\x02—"), max_size=300)


@given(st.lists(st.one_of(st.text(max_size=200), PRINTED), max_size=5))
def test_any_pages_can_be_read(pages: list[str]) -> None:
    text = text_of_pages(pages)

    assert text.pages == tuple(pages)
    for part in text.sections:
        assert part.title
        assert part.text
        part.text.encode()
    abstract_of(text)
