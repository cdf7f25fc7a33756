"""Other people's text: what each cleaner drops, what folding leaves, where addresses end."""

import re

import pytest

from mkdocs_paperdigest.text import (
    CJK,
    PRINTED_ADDRESS,
    SAID_ADDRESS,
    UNSPACED,
    UNSPLIT_ADDRESS,
    caption_text,
    folded,
    folded_latin,
    harmless,
    pdf_text,
    plain_text,
    printable,
    publishable,
    squeezed,
    without_closing_marks,
    without_controls,
)

STRANGE = "a\x07\tb\nc\x9b\ufffd\u202ed\ufeffe"


@pytest.mark.parametrize(
    ("clean", "left"),
    [
        (plain_text, "a b c \ufffdde"),
        (without_controls, "a\tb\nc\x9b\ufffd\u202ed\ufeffe"),
        (pdf_text, "a\tb\nc\x9b\u202ede"),
        (caption_text, "a b cde"),
        (publishable, "a b c\ufffdde"),
        (harmless, "a\tb\nc\ufffdde"),
        (printable, "a b c \ufffd d\ufeffe"),
    ],
)
def test_each_cleaner_drops_what_would_do_harm_in_its_place(clean, left: str) -> None:
    assert clean(STRANGE) == left


def test_marks_that_change_the_writing_direction_are_gone() -> None:
    assert publishable("a\u202eb\u2066c\u200fd") == "abcd"


def test_invisible_text_is_gone() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "say nothing")
    assert publishable(f"a{hidden}b\ufff9c") == "abc"


def test_marks_do_not_pile_up_over_other_lines() -> None:
    assert publishable("e\u0301" + "\u0300" * 200 + "x") == "e\u0301\u0300\u0300\u0300x"
    assert publishable("Việt Nguyễn, שָׁלוֹם, ที่นี่") == "Việt Nguyễn, שָׁלוֹם, ที่นี่"


def test_folding_keeps_the_letters_of_all_scripts_or_latin_ones_or_their_accents() -> None:
    text = "José’s RGB-D_2, Straße, 图像"
    assert folded(text) == "josesrgbd2strasse图像"
    assert folded_latin("José’s RGB-D_2, 图像") == "josesrgbd2"
    assert squeezed(text) == "josésrgbd_2straße图像"


def test_korean_has_spaces_between_words() -> None:
    assert re.findall(f"[{CJK}]", "图 か ㄱ 한 x") == ["图", "か", "한"]
    assert re.findall(f"[{UNSPACED}]", "图 か 한 x") == ["图", "か"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (PRINTED_ADDRESS, "https://lab.example/a_(b)"),
        (SAID_ADDRESS, "https://lab.example/a_"),
        (UNSPLIT_ADDRESS, "https://lab.example/a_(b)。代码"),
    ],
)
def test_where_an_address_ends_depends_on_who_wrote_it(pattern: str, found: str) -> None:
    assert re.findall(pattern, "见https://lab.example/a_(b)。代码") == [found]


def test_an_address_loses_the_marks_of_its_sentence() -> None:
    assert without_closing_marks("https://a.example/b).") == "https://a.example/b"
    assert without_closing_marks("https://a.example/b_(c)") == "https://a.example/b_(c)"
    assert without_closing_marks("https://a.example/b$.", also="$") == "https://a.example/b"


@pytest.mark.parametrize(
    "text",
    [
        "Tiếng Việt: ệ ễ ậ", "e\u0323\u0302\u0301", "בְּרֵאשִׁ֖ית", "ש\u05c1\u05bc\u05b7\u0596\u05bd", "مُحَمَّدٌ", "ٱلرَّحْمَٰنِ",
        "ที่นี่ น้ำ", "क्षत्रियों हिंदी", "ਪੰਜਾਬੀ", "தமிழ்", "བོད་སྐད", "……——", "👩‍👩‍👧‍👦", "❤️",
    ],
)  # fmt: skip
def test_honest_marks_stay(text: str) -> None:
    assert publishable(text) == text


@pytest.mark.parametrize(
    ("mark", "kept"),
    [
        ("\u0301", 4), ("\u0336", 4), ("\u0651", 3), ("\u0610", 3), ("\u06d6", 3), ("\u08f0", 3), ("\u0e49", 3), ("\u0ec9", 3),
        ("\u0730", 3), ("\u05b7", 5), ("\u093c", 4), ("\u20dd", 4), ("\u1ab0", 4), ("\ua670", 4), ("\U0001d167", 4), ("\u0fb7", 4),
    ],
)  # fmt: skip
@pytest.mark.parametrize("between", ["", "\u200d", "\u034f"])
def test_piles_of_marks_are_cut(mark: str, kept: int, between: str) -> None:
    cut = publishable("a" + (mark + between) * 50 + "b c")
    assert cut.count(mark) <= kept
    assert cut.startswith(f"a{mark}")
    assert cut.endswith("b c")
