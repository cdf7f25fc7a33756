"""Tables that are drawn from their cells: legible, as printed, and never half."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mkdocs_paperdigest.documents.html.tables import Cell, Grid, Run, Words
from mkdocs_paperdigest.documents.images import tables as drawing
from mkdocs_paperdigest.documents.images.images import SIDE_MAX
from mkdocs_paperdigest.documents.images.tables import draw_table
from mkdocs_paperdigest.documents.sandbox.reader import PdfReader
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.reasons import ReasonCode


def grid(
    *rows: str, cut: bool = False, align: str = "left", rules: Sequence[str] = (), **style: object
) -> Grid:
    """A grid of rows whose cells are separated by bars."""
    cells = [
        Cell(at, column, 1, 1, ((Run(text, **style),),) if text else (), align, tuple(rules))  # type: ignore[arg-type]
        for at, row in enumerate(rows)
        for column, text in enumerate(row.split("|"))
    ]
    return Grid(len(rows), max(cell.column for cell in cells) + 1, tuple(cells), cut)


def pixels(*blocks: Grid | Words) -> NDArray[np.int16]:
    return np.asarray(draw_table(blocks)).astype(np.int16)


def dark_rows(picture: NDArray[np.int16]) -> int:
    """The rules over the whole width of a picture: groups of rows that are dark but for the margins."""
    margin = round(drawing.MARGIN * drawing.SCALE_MAX)
    dark = (picture[:, margin:-margin].max(axis=2) < 140).mean(axis=1) > 0.9
    return int(np.count_nonzero(np.diff(dark.astype(np.int8)) == 1))


def ink(picture: NDArray[np.int16]) -> int:
    return int((picture.min(axis=2) < 128).sum())


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without fonts, as containers often are."""
    caches = (drawing._installed, drawing._file_with)
    monkeypatch.setattr(drawing, "_FILES", ())
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


WIDE = ("Model of the year|Error in percent|Time in seconds", "Ours|1.2|3", "Theirs|3.4|5")


def test_a_table_without_rules_gets_those_of_a_printed_one() -> None:
    assert dark_rows(pixels(grid(*WIDE))) == 3
    assert dark_rows(pixels(grid(*WIDE, rules=("t",)))) == 3
    assert dark_rows(pixels(grid(*WIDE, rules=("t", "b")))) == 4


def test_rules_between_columns_are_drawn() -> None:
    boxed = pixels(grid(*WIDE, rules=("t", "b", "l", "r")))

    assert dark_rows(boxed.swapaxes(0, 1)) == 4


def test_fonts_look_different_and_scripts_are_small() -> None:
    plain, bold, italic, mono = (
        pixels(grid("letters of one size", **{style: True} if style else {}))
        for style in ("", "bold", "italic", "mono")
    )

    assert ink(bold) > 1.2 * ink(plain)
    assert italic.shape != plain.shape or (italic != plain).any()
    assert mono.shape[1] > 1.2 * plain.shape[1]
    assert ink(pixels(grid("letters of one size", shift=1))) < 0.7 * ink(plain)
    assert ink(pixels(grid("letters of one size", underlined=True))) > ink(plain)


def test_colours_of_text_and_ground_are_kept() -> None:
    cell = Cell(0, 0, 1, 1, ((Run("MMMM", bold=True, colour="#ff0000"),),), "left", ("t",), ground="#e6f0ff")

    shown = {tuple(colour) for colour in pixels(Grid(1, 1, (cell,))).reshape(-1, 3).tolist()}

    assert {(255, 0, 0), (0xE6, 0xF0, 0xFF)} <= shown


@pytest.mark.parametrize(("align", "side"), [("left", 0), ("right", 1)])
def test_cells_are_aligned(align: str, side: int) -> None:
    picture = pixels(grid("A heading that is wide", "1", align=align))

    second_row = picture[len(picture) // 2 + 5 : -20]
    at = np.flatnonzero((second_row.min(axis=2) < 128).any(axis=0))
    assert (at.mean() > picture.shape[1] / 2) == bool(side)


def test_spans_lie_over_their_columns() -> None:
    lines = ((Run("wide heading over two columns"),),)
    cells = [
        Cell(0, 0, 1, 2, lines, "center", ("t", "b")),
        Cell(0, 2, 2, 1, ((Run("a third column"),),), "center", ("t",)),
        *(Cell(1, column, 1, 1, ((Run("1"),),), "center") for column in (0, 1)),
    ]
    picture = pixels(Grid(2, 3, tuple(cells)))

    assert dark_rows(picture) == 1
    # The rule below the heading ends where the third column begins.
    assert dark_rows(picture[:, : picture.shape[1] // 2]) == 2


def test_notes_are_broken_to_the_width_of_the_table() -> None:
    note = Words(((Run("All values are means over three runs. " * 8),),))

    alone, noted = draw_table([grid(*WIDE)]), draw_table([grid(*WIDE), note])

    assert noted.width == alone.width
    assert noted.height > 2 * alone.height


def test_long_cells_are_broken_and_short_ones_are_not() -> None:
    sentences = "|".join(
        f"the {word} answer is a sentence of some length " * 4 for word in ("first", "second")
    )

    picture = draw_table([grid("Model|First|Second", f"A name of four words|{sentences}")])

    assert picture.width in {SIDE_MAX - 1, SIDE_MAX}
    assert picture.height < 500


def test_a_long_table_ends_with_an_ellipsis() -> None:
    rows = [f"Row {n}|{n}" for n in range(120)]

    whole, cut = draw_table([grid(*rows[:20])]), draw_table([grid(*rows[:20], cut=True)])

    assert cut.height > whole.height
    # Panels that have no room are not left out silently.
    assert draw_table([grid(*rows[:70]), grid("1|2")]).size != draw_table([grid(*rows[:70])]).size
    assert draw_table([grid(*rows)]).height in {SIDE_MAX - 1, SIDE_MAX}


@pytest.mark.parametrize(
    "block", [grid("|".join(["unbreakable" * 4] * 40)), grid("word " * 6_000 + "|" + "|".join("x" * 39))]
)
def test_what_would_not_be_legible_is_not_drawn(block: Grid) -> None:
    with pytest.raises(DocumentError) as caught:
        draw_table([block])

    assert caught.value.reason.code is ReasonCode.TABLE_TOO_LARGE


SIGNS = "Ωω≪≫∼αβγΔΣμπ×±÷·°≤≥≠≈∞→←↑↓⇒√∑∂∇∈−–—†‡§•…€éüßñçøåÆŒ✓✔✗✘★♠"


def test_usual_signs_need_no_font_of_the_machine(no_fonts: None) -> None:
    box = pixels(grid("a ❑"))

    for sign in SIGNS:
        shown = pixels(grid(f"a {sign}"))
        assert ink(shown) > ink(pixels(grid("a")))
        assert shown.shape != box.shape or (shown != box).any(), sign


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("ﬁt 𝐱 ℓ", "fit x l"),
        ("⋮ ○", "… ❍"),
        ("a‑b ⩽ ⋆", "a-b ≤ ★"),
        ("Kovač", "Kovac"),
        ("x̄", "x¯"),
        ("Ｆ１", "F1"),
    ],
)
def test_signs_without_a_font_are_drawn_like_those_that_have_one(
    no_fonts: None, text: str, alike: str
) -> None:
    assert (pixels(grid(text)) == pixels(grid(alike))).all()


def test_a_table_whose_letters_have_no_font_is_not_drawn(no_fonts: None) -> None:
    for text in ("模型|误差", "Модель", "नमस्ते"):
        with pytest.raises(DocumentError) as caught:
            draw_table([grid(text)])
        assert caught.value.reason.code is ReasonCode.TABLE_FONTS


def test_a_single_unknown_sign_is_a_box(no_fonts: None) -> None:
    assert ink(pixels(grid("enough letters to stand for the whole of a table with one sign 🔥")))


def test_text_that_runs_from_right_to_left_is_not_drawn_in_the_wrong_order() -> None:
    with pytest.raises(DocumentError):
        draw_table([grid("نموذج دقة")])


def test_chinese_is_drawn_with_a_font_of_the_machine() -> None:
    if drawing._file_with("模") is None:
        pytest.skip("no font here has Chinese letters")
    one, other = pixels(grid("模型|误差")), pixels(grid("数据|时间"))

    assert ink(one) > 300
    assert one.shape == other.shape
    assert (one != other).any()


def test_the_same_table_is_the_same_picture(tmp_path: Path) -> None:
    with PdfReader(time_limit_s=20) as reader:
        for folder in ("one", "two"):
            figure = reader.draw_table(
                [grid(*WIDE), Words(((Run("A note."),),))],
                tmp_path / folder,
                name="table-2",
                label="Table 7",
                caption="Errors.",
                leads=True,
            )
    assert (figure.label, figure.caption, figure.page, figure.image) == (
        "Table 7",
        "Errors.",
        0,
        "table-2.webp",
    )
    assert {path.name for path in (tmp_path / "one").iterdir()} == {*figure.files, figure.cover}
    for name in figure.files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    with Image.open(tmp_path / "one/table-2.webp") as written:
        assert (written.format, written.size) == ("WEBP", (figure.width, figure.height))


def test_a_table_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    with PdfReader(time_limit_s=20) as reader:
        text = {"name": "table-1", "caption": "", "leads": False}
        reader.draw_table([grid(*WIDE)], tmp_path, label="Table 1", **text)
        # Drawing this one takes a second.
        reader._time_limit_s = 0.05
        with pytest.raises(DocumentError) as caught:
            reader.draw_table([grid(*["|".join(WIDE * 10)] * 400)], tmp_path, label="Table 2", **text)

    assert caught.value.reason.code is ReasonCode.TABLE_UNDRAWN
