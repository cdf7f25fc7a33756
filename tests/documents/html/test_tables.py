"""Tables of arXiv's HTML papers: what is read of LaTeXML's markup to draw them."""

import time

import pytest

from mkdocs_paperdigest.documents.html.paper import parse_html
from mkdocs_paperdigest.documents.html.tables import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_FLOATS,
    MOST_ROWS,
    MOST_TABLES,
    Cell,
    Grid,
    HtmlTable,
    Run,
    Words,
)
from tests.documents.html.test_figures import BASE, URL, caption, figure, image
from tests.documents.html.test_paper import PROSE, page, section


def tables(content: str) -> tuple[HtmlTable, ...]:
    return parse_html(page(section("Introduction", PROSE) + content), base_url=URL).tables


def tabular(*rows: str) -> str:
    """A tabular of rows whose cells are separated by bars."""
    cells = ("".join(f"<td class='ltx_td'>{cell}</td>" for cell in row.split("|")) for row in rows)
    body = "".join(f"<tr class='ltx_tr'>{row}</tr>" for row in cells)
    return f"<table class='ltx_tabular ltx_align_middle'><tbody class='ltx_tbody'>{body}</tbody></table>"


def table(content: str, tag: str = "Table 1: ", words: str = "Results.") -> str:
    return figure(content + caption(tag, words, "table"), "ltx_table", "S1.T1")


def math(presentation: str, tex: str = "tex") -> str:
    return (
        f"<math alttext='{tex}' class='ltx_Math' display='inline'><semantics>{presentation}"
        "<annotation-xml encoding='MathML-Content'><ci>content</ci></annotation-xml>"
        f"<annotation encoding='application/x-tex'>{tex}</annotation></semantics></math>"
    )


def grid_of(content: str) -> Grid:
    [found] = tables(table(content))
    [grid] = found.content.blocks
    assert isinstance(grid, Grid)
    return grid


def text(cell: Cell | Words) -> str:
    return "\n".join("".join(run.text for run in line) for line in cell.lines)


def texts(grid: Grid) -> list[list[str]]:
    """The texts of cells by rows."""
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(text(cell))
    return rows


def runs(content: str) -> tuple[Run, ...]:
    """The first line of a table of one cell."""
    return grid_of(tabular(content)).cells[0].lines[0]


def test_a_table_has_number_caption_and_cells() -> None:
    words = f"Error of {math('<msup><mi>x</mi><mn>2</mn></msup>', 'x^{2}')} in %."

    [found] = tables(table(tabular("Model|Error", "Ours|1.2"), words=words))

    assert (found.label, found.caption, found.content.images) == ("Table 1", "Error of $x^{2}$ in %.", ())
    [grid] = found.content.blocks
    assert isinstance(grid, Grid)
    assert texts(grid) == [["Model", "Error"], ["Ours", "1.2"]]
    assert (grid.rows, grid.columns, grid.cut) == (2, 2, False)


@pytest.mark.parametrize(
    "words",
    ["Error by model, as in Table 2.", "Table 2 without the slow models.", "– and – in cells mean none."],
)
def test_captions_that_name_other_tables_are_whole(words: str) -> None:
    [found] = tables(table(tabular("1"), words=words))

    assert found.caption == words.lstrip("– ")


@pytest.mark.parametrize(
    ("tag", "label"),
    [
        ("Table 12: ", "Table 12"),
        ("TABLE II", "TABLE II"),
        ("Tab. 3. ", "Tab. 3"),
        ("Table A.1: ", "Table A.1"),
        ("Table S2. ", "Table S2"),
        ("Extended Data Table 1 ", "Extended Data Table 1"),
        ("Tabelle 2: ", "Tabelle 2"),
        ("表 1：", "表 1"),
        ("表2 ", "表 2"),
        ("Taulukko 4: ", "Taulukko 4"),
    ],
)
def test_labels_are_as_printed(tag: str, label: str) -> None:
    assert [(t.label, t.caption) for t in tables(table(tabular("1"), tag))] == [(label, "Results.")]


def test_only_what_is_captioned_as_a_table_is_one() -> None:
    content = (
        figure(tabular("1") + caption("Figure 3: ", "A.", "table"), "ltx_table")
        + figure(tabular("2") + caption("Algorithm 1 ", "B.", "float"), "ltx_float ltx_algorithm")
        + figure(tabular("3") + "<figcaption class='ltx_caption'>No number.</figcaption>", "ltx_table")
        + figure(tabular("4") + caption("Table 2: ", "In a figure's float.", "table"), "ltx_figure")
        + figure(tabular("5") + caption("Table 2 ", "(continued)", "table"), "ltx_table")
        + tabular("6")
    )

    assert [(t.label, t.caption, len(t.content.blocks)) for t in tables(content)] == [
        ("Table 2", "In a figure's float.", 1)
    ]


def test_spans_of_rows_and_columns_keep_cells_in_their_places() -> None:
    grid = grid_of(
        "<table class='ltx_tabular'><thead class='ltx_thead'><tr class='ltx_tr'>"
        "<th class='ltx_td ltx_th ltx_th_column' rowspan='2'>Model</th><th class='ltx_td' colspan='2'>Error</th>"
        "</tr><tr class='ltx_tr'><th class='ltx_td'>dev</th><th class='ltx_td'>test</th></tr></thead>"
        "<tbody class='ltx_tbody'><tr class='ltx_tr'><td class='ltx_td' colspan='3'>All</td></tr></tbody></table>"
    )

    assert [(text(c), c.row, c.column, c.rows, c.columns, c.head) for c in grid.cells] == [
        ("Model", 0, 0, 2, 1, True),
        ("Error", 0, 1, 1, 2, True),
        ("dev", 1, 1, 1, 1, True),
        ("test", 1, 2, 1, 1, True),
        ("All", 2, 0, 1, 3, False),
    ]


def test_plain_markup_is_understood_too() -> None:
    content = "<table><thead><tr><th>Model</th></tr></thead><tbody><tr><td>Ours</td></tr></tbody></table>"
    plain = f"<figure class='ltx_table'>{content}<figcaption>Table 4. Plain.</figcaption></figure>"

    [found] = tables(plain)

    assert (found.label, found.caption) == ("Table 4", "Plain.")
    [grid] = found.content.blocks
    assert isinstance(grid, Grid)
    assert [(text(c), c.head, c.align) for c in grid.cells] == [
        ("Model", True, "center"),
        ("Ours", False, "left"),
    ]


def test_an_equation_is_no_table() -> None:
    equation = (
        "<table class='ltx_equation ltx_eqn_table'><tr class='ltx_eqn_row'><td class='ltx_eqn_cell'>"
        f"{math('<mi>E</mi>')}</td><td class='ltx_eqn_cell ltx_eqn_eqno'><span class='ltx_tag'>(1)</span></td></tr></table>"
    )

    [found] = tables(table(tabular("1") + equation))

    assert [text(b) if isinstance(b, Words) else texts(b) for b in found.content.blocks] == [[["1"]], "E"]


def test_a_scaled_table_is_made_of_spans() -> None:
    row = "<span class='ltx_tr'>{}</span>"
    cell = "<span class='ltx_td ltx_align_{} {}'>{}</span>"
    rows = row.format(
        cell.format("left", "ltx_border_tt ltx_rowspan ltx_rowspan_2", "Model")
        + cell.format("center", "ltx_border_tt ltx_colspan ltx_colspan_2", "Error")
    ) + row.format(cell.format("right", "ltx_border_t", "1") + cell.format("right", "ltx_border_bb", "2"))
    grid = grid_of(
        "<div class='ltx_inline-block ltx_transformed_outer' style='width:433pt;height:88pt;'>"
        "<span class='ltx_transformed_inner' style='transform:scale(0.87,0.87) ;'><p class='ltx_p'>"
        f"<span class='ltx_text'><span class='ltx_tabular'><span class='ltx_tbody'>{rows}</span></span></span></p>"
        "</span></div>"
    )

    assert [(text(c), c.row, c.column, c.rows, c.columns, c.align, c.rules) for c in grid.cells] == [
        ("Model", 0, 0, 2, 1, "left", ("tt",)),
        ("Error", 0, 1, 1, 2, "center", ("tt",)),
        ("1", 1, 1, 1, 1, "right", ("t",)),
        ("2", 1, 2, 1, 1, "right", ("bb",)),
    ]


def test_fonts_and_colours_are_those_of_the_paper() -> None:
    assert runs(
        "<span class='ltx_text ltx_font_bold'>9.8</span> "
        "<span class='ltx_text ltx_framed ltx_framed_underline'>7</span>"
        "<sup class='ltx_sup'>a</sup><em class='ltx_emph ltx_font_italic'>b</em>"
        "<span class='ltx_text ltx_font_typewriter' style='--ltx-fg-color:#FF0000;'>c</span>"
        "<span class='ltx_text' style='color:#00ff00;'>d</span>"
    ) == (
        Run("9.8", bold=True),
        Run(" "),
        Run("7", underlined=True),
        Run("a", shift=1),
        Run("b", italic=True),
        Run("c", mono=True, colour="#ff0000"),
        Run("d", colour="#00ff00"),
    )


@pytest.mark.parametrize("name", ["background-color", "--ltx-bg-color"])
def test_coloured_rows_and_cells_have_a_ground(name: str) -> None:
    grid = grid_of(
        f"<table class='ltx_tabular'><tr class='ltx_tr' style='{name}:#E6E6E6;'>"
        f"<td class='ltx_td' style='{name}:#FFEEAA;padding-left:2pt'>1</td><td class='ltx_td'>2</td></tr>"
        "<tr class='ltx_tr'><td class='ltx_td' style='background-color:url(//evil.example)'>3</td></tr></table>"
    )

    assert [cell.ground for cell in grid.cells] == ["#ffeeaa", "#e6e6e6", ""]


@pytest.mark.parametrize(
    ("presentation", "written"),
    [
        ("<mrow><mn>12.3</mn><mo>±</mo><mn>0.4</mn></mrow>", "12.3 ± 0.4"),
        ("<mrow><mo>−</mo><mn>3</mn><mo>\u2062</mo><mi>π</mi></mrow>", "−3π"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", "a/(b + 1)"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>2</mn></msqrt>", "√(x + 2)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "√x"),
        ("<mrow><mi>x</mi><mphantom><mn>0</mn></mphantom><mspace width='1em'/><mtext>if</mtext></mrow>", "x if"),
        ("<mrow><mi>f</mi><mo>(</mo><mi>x</mi><mo>,</mo><mi>y</mi><mo>)</mo></mrow>", "f(x, y)"),
    ],
)  # fmt: skip
def test_formulas_are_read_as_people_see_them(presentation: str, written: str) -> None:
    assert "".join(run.text for run in runs(math(presentation))) == written


def test_scripts_and_letters_of_formulas_keep_their_form() -> None:
    formula = math(
        "<mrow><msubsup><mi>N</mi><mi>i</mi><mn>2</mn></msubsup>"
        "<mi mathvariant='normal'>d</mi><mi>log</mi><mn mathvariant='bold'>𝟏.𝟐</mn>"
        "<munder accentunder='true'><mn>7</mn><mo>¯</mo></munder></mrow>"
    )

    assert runs(formula) == (
        Run("N", italic=True),
        Run("i", italic=True, shift=-1),
        Run("2", shift=1),
        Run("dlog"),
        Run("1.2", bold=True),
        Run("7", underlined=True),
    )


def test_a_formula_without_presentation_is_its_tex() -> None:
    assert runs("<math alttext='x^{2}'></math>") == (Run("x^{2}"),)


def test_cells_have_lines_and_a_width_where_the_paper_breaks_them() -> None:
    grid = grid_of(
        tabular(
            "one<br class='ltx_break'>two",
            f"<span class='ltx_text'>{tabular('Models|x', 'Data')}</span>",
            "<span class='ltx_inline-block'><span class='ltx_p' style='width:56.9pt;'>A  long\n text</span></span>",
        )
    )

    assert texts(grid) == [["one\ntwo"], ["Models x\nData"], ["A long text"]]
    assert [cell.width for cell in grid.cells] == [0, 0, 56.9]


def test_notes_panels_and_their_titles_are_in_order() -> None:
    panels = "".join(
        figure(caption(f"({name}) ", f"Panel {name}") + tabular(name), "ltx_table ltx_figure_panel")
        for name in "ab"
    )

    [found] = tables(table(f"{panels}<p class='ltx_p ltx_figure_panel'><sup>†</sup>Twice the data.</p>"))

    shown = [text(b) if isinstance(b, Words) else texts(b) for b in found.content.blocks]
    assert shown == ["(a) Panel a", [["a"]], "(b) Panel b", [["b"]], "†Twice the data."]


def test_footnotes_are_left_out_and_their_marks_stay() -> None:
    note = (
        "<span class='ltx_note ltx_role_footnote'><sup class='ltx_note_mark'>1</sup><span class='ltx_note_outer'>"
        "<span class='ltx_note_content'><sup class='ltx_note_mark'>1</sup>A note.</span></span></span>"
    )

    assert runs(f"Ours{note}") == (Run("Ours"), Run("1", shift=1))


def test_tables_side_by_side_keep_their_own_cells() -> None:
    inner = "".join(
        figure(
            tabular(str(n)) + caption(f"Table {n}: ", f"Number {n}.", "table"), "ltx_table ltx_figure_panel"
        )
        for n in (1, 2)
    )
    shared = (
        tabular("3")
        + caption("Table 3: ", "C.", "table")
        + tabular("4")
        + caption("Table 4: ", "D.", "table")
    )
    unclear = shared.replace("Table 3", "Table 5").replace("Table 4", "Table 6") + tabular("7")

    found = tables(figure(inner, "ltx_table") + figure(shared, "ltx_table") + figure(unclear, "ltx_table"))

    assert [(t.label, [texts(b) for b in t.content.blocks if isinstance(b, Grid)]) for t in found] == [
        ("Table 1", [[["1"]]]),
        ("Table 2", [[["2"]]]),
        ("Table 3", [[["3"]]]),
        ("Table 4", [[["4"]]]),
        ("Table 5", []),
        ("Table 6", []),
    ]


def test_a_figure_beside_a_table_is_no_part_of_it() -> None:
    plot = figure(
        image("2410.13786v1/x1.png") + caption("Figure 1: ", "Plot."), "ltx_figure ltx_figure_panel"
    )

    [found] = tables(figure(plot + table(tabular("1")), "ltx_figure"))

    assert (found.content.images, len(found.content.blocks)) == ((), 1)


def test_an_array_set_as_a_formula_is_a_table_too() -> None:
    array = (
        "<mtable><mtr><mtd columnalign='left'><mi>x</mi></mtd><mtd><mn>1</mn></mtd></mtr>"
        "<mtr><mtd><mi>y</mi></mtd><mtd><mn>2</mn></mtd></mtr></mtable>"
    )

    grid = grid_of(f"<p class='ltx_p'>{math(array)}</p>")

    assert texts(grid) == [["x", "1"], ["y", "2"]]
    assert [cell.align for cell in grid.cells] == ["left", "center", "center", "center"]


def test_a_table_that_is_an_image_is_that_image() -> None:
    [found] = tables(table(image("2410.13786v1/t.png")))

    assert (found.content.images, found.content.blocks) == ((BASE + "t.png",), ())


def test_an_icon_beside_words_is_an_ornament() -> None:
    icon = "<img src='2410.13786v1/i.png' class='ltx_graphics' width='14' height='12'>"

    assert texts(grid_of(tabular(f"{icon} Ours|1"))) == [["Ours", "1"]]
    assert tables(table(tabular(f"Ours|{icon}")))[0].content.blocks == ()


def test_a_number_in_a_circle_is_the_number() -> None:
    circle = "<svg class='ltx_picture'><g><foreignObject><span>2</span></foreignObject></g></svg>"

    assert texts(grid_of(tabular(f"{circle}|1"))) == [["2", "1"]]


@pytest.mark.parametrize(
    "content",
    [
        tabular("1|" + image("2410.13786v1/x.png")),
        tabular("1") + image("2410.13786v1/x.png"),
        tabular("1|<svg class='ltx_picture'><path d='M0 0'/></svg>"),
        tabular("<span class='ltx_ERROR undefined'>\\rowcolor</span>gray!20 Ours|1"),
        tabular("|".join("x" * (MOST_COLUMNS + 1))),
        tabular("x" * (MOST_CHARACTERS + 1)),
        tabular("|", "|"),
        image("https://tracker.example/t.png"),
        image("file:///etc/passwd.png"),
        image("", "ltx_missing ltx_missing_image"),
        image("2410.13786v1/a.png") + image("2410.13786v1/b.png"),
        "<p class='ltx_p'>Words alone.</p>",
        "",
    ],
)
def test_what_cannot_be_drawn_whole_is_not_drawn(content: str) -> None:
    [found] = tables(table(content))

    assert (found.label, found.content.images, found.content.blocks) == ("Table 1", (), ())


def test_a_caption_without_its_table_gives_way_to_the_one_with_it() -> None:
    found = tables(table("") + table(tabular("1")) + table(tabular("2")))

    assert [texts(b) for t in found for b in t.content.blocks if isinstance(b, Grid)] == [[["1"]]]


def test_a_long_table_is_cut_and_says_so() -> None:
    grid = grid_of(tabular(*map(str, range(MOST_ROWS + 9))))

    assert (grid.rows, len(grid.cells), grid.cut) == (MOST_ROWS, MOST_ROWS, True)


def test_tables_cost_no_text_of_the_paper() -> None:
    content = table(tabular(f"Ours|{math('<msup><mi>x</mi><mn>2</mn></msup>', 'x^{2}')}"))

    sections = parse_html(page(section("Introduction", PROSE) + content), base_url=URL).sections

    assert "Ours | $x^{2}$" in sections[-1].text


def test_spans_beyond_the_table_end_with_it() -> None:
    grid = grid_of(
        "<table class='ltx_tabular'><tr><td rowspan='99999' colspan='3'>1</td><td rowspan='-2'>2</td></tr>"
        "<tr><td colspan='99999' class='ltx_td ltx_rowspan_0'>3</td></tr><tr><td>4</td></tr></table>"
    )

    assert (grid.rows, grid.columns) == (3, MOST_COLUMNS)
    assert [(text(c), c.row, c.column, c.rows, c.columns) for c in grid.cells] == [
        ("1", 0, 0, 3, 3),
        ("2", 0, 3, 1, 1),
        ("3", 1, 3, 1, MOST_COLUMNS - 3),
        ("4", 2, 3, 1, 1),
    ]


def test_floods_of_tables_cells_and_formulas_end() -> None:
    nested = "<mrow>" * 100 + "<mi>x</mi>" + "</mrow>" * 100
    deep = tabular(*[f"{math(nested)}|{math(nested)}"] * 100)
    start = time.process_time()

    assert (
        len(tables("".join(table(tabular("1"), f"Table {n}: ") for n in range(1, 2 * MOST_TABLES))))
        == MOST_TABLES
    )
    found = tables("".join(table(deep, f"Table {n}: ") for n in range(1, 12)))
    whole = [bool(t.content.blocks) for t in found]
    assert (whole[0], whole[-1]) == (True, False)
    assert time.process_time() - start < 30


def test_what_is_nested_is_not_read_again_and_again() -> None:
    start = time.process_time()
    captions = "".join(f"<figure><figcaption>{tag('Table', n)}" for n in range(1, 46))
    assert len(tables(captions + "<i>a</i>" * 150_000 + "</figcaption></figure>" * 45)) == 45
    [found] = tables(table(tabular("x<br>" * 9_000 + "<math></math>" * 24_000)))
    assert found.content.blocks
    fractions = "<mfrac><mrow>" * 100 + f"<mi>{'y ' * 1_500_000}</mi>" + "</mrow><mi>b</mi></mfrac>" * 100
    [found] = tables(table(tabular(math(fractions))))
    assert not found.content.blocks
    assert time.process_time() - start < 30


def test_floats_of_one_label_are_not_all_looked_at() -> None:
    alone = "<figure><figcaption>Table 1:</figcaption></figure>"
    [found] = tables(alone * (MOST_FLOATS - 1) + table(tabular("1"), "Table 1: "))
    assert found.content.blocks
    [found] = tables(alone * MOST_FLOATS + table(tabular("1"), "Table 1: "))
    assert not found.content.blocks


def tag(word: str, number: int) -> str:
    return f"<span class='ltx_tag ltx_tag_table'>{word} {number}: </span>"


def test_one_image_among_what_cannot_be_drawn_is_not_the_table() -> None:
    wide = tabular("|".join(["1"] * 48 + ["<img src='x1.png' width='90' height='90'>"]))
    [found] = tables(table(wide))
    assert (found.content.images, found.content.blocks) == ((), ())


def test_pictures_in_cells_are_not_left_blank_where_a_float_holds_two_tables() -> None:
    pair = figure(
        tabular("1|<img src='x1.png' width='90' height='90'>")
        + caption("Table 1: ", "One.", "table")
        + tabular("2|3")
        + caption("Table 2: ", "Two.", "table"),
        "ltx_table",
    )
    assert [(one.content.images, one.content.blocks) for one in tables(pair)] == [((), ())] * 2


def test_a_table_that_cannot_be_drawn_does_not_take_the_cells_of_a_namesake() -> None:
    undrawable = tabular("1|<svg><text>a long drawing of something</text></svg>")
    [found] = tables(table(undrawable, words="Main.") + table(tabular("4|5"), words="Supplement."))
    assert (found.caption, found.content.blocks) == ("Main.", ())


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("Table 2 compares both.", []),
        ("Table 2. Both.", ["Table 2"]),
        ("Table 2", ["Table 2"]),
        ("表 2 结果", ["表 2"]),
    ],
)
def test_a_caption_without_a_tag_is_no_sentence_about_a_table(words: str, labels: list[str]) -> None:
    found = tables(f"<figure class='ltx_table'>{tabular('1')}<figcaption>{words}</figcaption></figure>")
    assert [one.label for one in found] == labels


def test_spans_of_formulas_have_a_name_of_their_own() -> None:
    rows = "<mtr><mtd columnspan='2'><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr>"
    [found] = tables(table(math(f"<mtable>{rows}</mtable>")))
    [grid] = found.content.blocks
    assert isinstance(grid, Grid)
    assert [(cell.column, cell.columns) for cell in grid.cells] == [(0, 2), (2, 1), (0, 1), (1, 1)]
