"""Finds the numbered tables of a LaTeXML page, with what it takes to draw them: cells, fonts, rules, notes.

As with figures, the tag of a caption ("Table 3:") says what a float holds; the classes do not. LaTeXML writes a
tabular as `<table class="ltx_tabular">`, or as `<span class="ltx_tabular">` inside a paragraph, where spans of rows
and columns are classes too (`ltx_colspan_2`). Its manual: https://math.nist.gov/~BMiller/LaTeXML/manual/.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import islice

from mkdocs_paperdigest.documents.html.figures import (
    MOST_CAPTIONS,
    MOST_IMAGES,
    address_of,
    caption_text,
    joined,
    places_of,
)
from mkdocs_paperdigest.documents.html.text import NO_TEXT_TAGS, Element, classes_of, text_of, write_formulas
from mkdocs_paperdigest.text import plain_text

MOST_TABLES = 60
"""Tables read of one paper."""
MOST_FLOATS = 4 * MOST_TABLES
"""Floats looked at for them: long tables have one on each page."""
MOST_CAPTION_ELEMENTS = 5_000
"""Elements of a caption; captions within captions would be read again and again."""
MOST_ROWS = 120
"""Rows read of one tabular; more would not be legible as one picture."""
MOST_COLUMNS = 40
"""Columns of a table that is read; wider ones would not be legible."""
MOST_CHARACTERS = 30_000
"""Characters read of one table."""
MOST_STEPS = 200_000
"""Elements looked at for all tables of a paper; a long one with many formulas has 60,000."""
ICON = 40
"""Pixels of width and height up to which an image in a cell is an icon; beside words, the picture does without it."""
LONGEST_SIGN = 12
"""Characters of a drawing in a cell that are shown in its place."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one font."""

    text: str
    bold: bool = False
    italic: bool = False
    mono: bool = False
    underlined: bool = False
    shift: int = 0
    """1 for superscripts, -1 for subscripts."""
    colour: str = ""
    """`#rrggbb`, or empty for black."""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid."""

    row: int
    column: int
    rows: int
    columns: int
    lines: tuple[Line, ...]
    align: str
    """`left`, `center` or `right`."""
    rules: tuple[str, ...] = ()
    """Its borders as LaTeXML names them: `t`, `b`, `l`, `r`, doubled for heavy ones."""
    ground: str = ""
    """`#rrggbb`, or empty for white."""
    width: float = 0.0
    """Points of the paragraph that it holds; 0 where lines are not broken."""
    head: bool = False
    """Whether it is in the table's head."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A tabular."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    cut: bool = False
    """Whether it had more rows."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text between and below grids: titles of panels and notes."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TableContent:
    """One image, or what it takes to draw a table; neither if it cannot be shown whole."""

    images: tuple[str, ...] = ()
    """Absolute URL of the image that the authors have in place of a tabular; at most one."""
    blocks: tuple[Grid | Words, ...] = ()
    """What the table consists of, from top to bottom."""


@dataclass(frozen=True)
class HtmlTable:
    """A numbered table of the HTML."""

    label: str
    """As printed: `Table 2`, `TABLE II`, `表 1`."""
    caption: str
    """Plain text without the label; formulas are TeX between dollars."""
    read: Callable[[], TableContent]
    """Reads the content. That takes longer than all else on the page, and most papers have their tables in the PDF."""
    place: int = 0
    """Number of its caption among all captions of the page."""

    @cached_property
    def content(self) -> TableContent:
        """What is shown of it."""
        return self.read()


_LABEL = re.compile(
    r"(?P<extra>(?i:extended\s*data|supplementa(?:ry|l)|suppl\.|supp\.)\s*)?"
    r"(?P<word>(?i:table(?:au)?|tab\.|tabelle|tabela|tabla|таблица)|表|표)\s*"
    r"(?P<number>[A-Z]{0,2}[.\-]?\d{1,3}(?:[.\-]\d{1,3})*[a-z]?|(?<=\s)(?:[IVXL]{1,5}|[A-Z]))(?![A-Za-z0-9])"
)
_CONTINUED = re.compile(r"[\s(（]*(?:continued|cont\.|cont['’]d|suite|Fortsetzung|续|續)", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]?[.\-]?\d[\d.\-]*|[IVXL]{1,5}$")
_FIGURE = re.compile(r"\s*(?:fig|abb|рис|alg|listing|scheme|box|[图圖図]|그림)", re.IGNORECASE)


def tables_of(article: Element, *, base_url: str, base_href: str | None) -> tuple[HtmlTable, ...]:
    """The tables of an article in reading order, each label once.

    Arguments:
        article: The page's `article` element with its formulas; it is not changed.
        base_url: The URL of the page; images from other hosts are left out.
        base_href: The page's `<base href>`, if any.
    """
    base = joined(base_url, base_href) or base_url
    places = places_of(article)
    steps = _Steps()
    found: dict[str, tuple[Element, int, list[_Read]]] = {}
    floats = (
        (outer, captions)
        for outer in article.xpath(".//figure[not(ancestor::figure)]")
        if any(map(_label, captions := list(islice(outer.iter("figcaption"), MOST_CAPTIONS))))
    )
    for outer, captions in islice(floats, MOST_FLOATS):
        if len(found) >= MOST_TABLES:
            break
        # The formulas of the article become TeX later.
        copy = deepcopy(outer)
        there = dict(zip(islice(copy.iter("figcaption"), MOST_CAPTIONS), captions, strict=True))
        for panel, labelled in _floats(list(there)):
            panel_content = cache(partial(_content, panel, [caption for _, caption in labelled], steps))
            for at, (label, caption) in enumerate(labelled):
                read = partial(_shown, panel_content, at, len(labelled), base, base_url)
                found.setdefault(label, (caption, places[there[caption]], []))[2].append(read)
    return tuple(
        HtmlTable(label, _caption(caption), partial(_first_there, reads), place)
        for label, (caption, place, reads) in islice(found.items(), MOST_TABLES)
    )


_Read = Callable[[], TableContent | None]


def _first_there(reads: Sequence[_Read]) -> TableContent:
    """The content of the first float that has any: a caption may stand alone, as on the pages after the first."""
    contents = (read() for read in reads)
    return next((content for content in contents if content is not None), TableContent())


def _shown(
    panel_content: "Callable[[], _Content]", at: int, captions: int, base: str, base_url: str
) -> TableContent | None:
    """What is shown of a table, which is one of several in its float; None if the float holds no table."""
    part = panel_content()
    grids = [block for block in part.blocks if isinstance(block, Grid)]
    if part.unfit:
        return TableContent()
    if not grids:
        if len(part.images) != 1 or captions > 1:
            return TableContent() if part.images else None
        address = address_of(part.images[0], base, base_url)
        return TableContent((address,) if address else ())
    if part.images:
        return TableContent()
    if captions > 1:
        # With one tabular for each caption they belong together in order.
        return TableContent(blocks=(grids[at],) if len(grids) == captions else ())
    return TableContent(blocks=part.blocks)


def _floats(captions: Sequence[Element]) -> Iterator[tuple[Element, list[tuple[str, Element]]]]:
    """The innermost float of each numbered table, with the captions of tables that it holds itself."""
    found: dict[Element, list[tuple[str, Element]]] = {}
    seen = set()
    for caption in captions:
        # Older converters write the first of a pair of captions twice.
        if (label := _label(caption)) and label not in seen:
            seen.add(label)
            found.setdefault(next(caption.iterancestors("figure")), []).append((label, caption))
    yield from found.items()


def _label(caption: Element) -> str | None:
    element = _tag(caption)
    if element is None and _has_more(caption, MOST_CAPTION_ELEMENTS):
        return None
    tag = plain_text(text_of(caption if element is None else element))
    if match := _LABEL.match(tag):
        # "Table 2 compares" begins a sentence.
        if element is None and not _LABEL_END.match(tag, match.end()):
            return None
        if _CONTINUED.match(text_of(caption), match.end()):
            return None
        return f"{match['extra'] or ''}{match['word']} {match['number'].rstrip('.-')}"
    if element is None or "ltx_tag_table" not in classes_of(element):
        return None
    if tag.startswith("(") or _FIGURE.match(tag):
        return None
    # The tag is in another language (`Tabel 2: `), so its class decides.
    return tag.rstrip(" .:：|–-") if len(tag) < 40 and _NUMBER.search(tag.rstrip(" .:：|–-")) else None


_LABEL_END = re.compile(r"\s*(?:[:.：|–—-]|$)|[\s\u3000]+(?=[^\x00-\x7f])")
"""What follows a label: Chinese captions go on after a space."""


def _has_more(element: Element, elements: int) -> bool:
    """Whether an element holds more elements; they are not all counted."""
    return next(islice(element.iter(), elements + 1, None), None) is not None


def _caption(caption: Element) -> str:
    if _has_more(caption, MOST_CAPTION_ELEMENTS):
        return ""
    words = deepcopy(caption)
    write_formulas(words)
    text = caption_text(words)
    # A caption without a tag begins with its label.
    label = None if _tag(caption) is not None else _LABEL.match(text)
    return text[label.end() if label else 0 :].lstrip(" :.：|–-")


def _tag(caption: Element) -> Element | None:
    """The element that holds the label of a caption."""
    # XPath would look at all elements, the first is enough.
    return next((span for span in caption.iter("span") if "ltx_tag" in classes_of(span)), None)


# ---------------------------------------------------------------- what a float holds


class _Steps:
    """How many elements may still be looked at."""

    def __init__(self) -> None:
        self.left = MOST_STEPS


@dataclass(frozen=True, slots=True)
class _Content:
    """What is in a float."""

    blocks: tuple[Grid | Words, ...]
    images: tuple[Element, ...] = ()
    unfit: bool = False
    """Whether a part of it cannot be drawn."""


def _content(panel: Element, own: list[Element], steps: _Steps) -> _Content:
    """The content of a float without its captions, and without the floats in it that have a number of their own."""
    others = [
        caption
        for caption in islice(panel.iter("figcaption"), MOST_CAPTIONS)
        if caption not in own and _has_number(caption)
    ]
    foreign = {next(caption.iterancestors("figure")) for caption in others}
    writer = _Writer(steps, skipped={*own, *others, *foreign} - {panel})
    writer.inside(panel, Run(""))
    return _Content(tuple(writer.blocks()), tuple(writer.images[:MOST_IMAGES]), writer.unfit)


def _has_number(caption: Element) -> bool:
    """Whether a caption is that of another figure or table, and not that of a panel, `(a)`."""
    tag = _tag(caption)
    return tag is not None and not text_of(tag).startswith("(")


_SKIPPED = {
    "ltx_note_outer", "ltx_ERROR", "ltx_rule", "ltx_phantom", "ltx_rdf", "ltx_pagination", "ltx_tag_equation",
    "ltx_eqn_eqno", "ltx_eqn_center_padleft", "ltx_eqn_center_padright",
}  # fmt: skip
_EQUATIONS = {"ltx_equation", "ltx_equationgroup", "ltx_eqn_table"}
_BLOCK_TAGS = {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "figcaption", "figure", "tr", "section", "center",
}  # fmt: skip
_BLOCK_CLASSES = {"ltx_p", "ltx_para", "ltx_item", "ltx_tr", "ltx_listingline", "ltx_eqn_row"}
_COLOUR = re.compile(r"(?:^|;)\s*(?:--ltx-fg-)?color\s*:\s*(#[0-9a-f]{6})\b", re.IGNORECASE)
_GROUND = re.compile(r"(?:^|;)\s*(?:--ltx-bg-|background-)color\s*:\s*(#[0-9a-f]{6})\b", re.IGNORECASE)
_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*(\d{1,4}(?:\.\d{1,4})?)pt", re.IGNORECASE)
_LARGEST_SIDE = re.compile(r"\d{1,5}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufffd]")


class _Writer:
    """Collects the text of elements as lines of runs; outside of cells, tabulars become grids of their own.

    Arguments:
        steps: Shared by all tables of a paper.
        skipped: Elements that do not belong to the table.
        nested: Whether this is inside a cell, where a tabular only breaks lines.
    """

    def __init__(self, steps: _Steps, *, skipped: set[Element] | None = None, nested: bool = False) -> None:
        self.images: list[Element] = []
        self._icons: list[Element] = []
        self.unfit = False
        self.width = 0.0
        self._steps = steps
        self._skipped = skipped or set()
        self._nested = nested
        self._blocks: list[Grid | Words] = []
        self._lines: list[list[Run]] = [[]]
        self._room = MOST_CHARACTERS

    def blocks(self) -> list[Grid | Words]:
        """The grids, and the words around them."""
        self._end_words()
        return self._blocks

    def lines(self) -> tuple[Line, ...]:
        """The lines that have text, without white space at their ends."""
        return tuple(line for found in self._lines if (line := _trimmed(found)))

    def inside(self, element: Element, style: Run) -> None:
        """Add what stands in an element."""
        self.write(element.text, style)
        for child in element:
            self.add(child, style)
            self.write(child.tail, style)

    def write(self, text: str | None, style: Run) -> None:
        """Add text; all white space counts as one space."""
        if not text:
            return
        if len(text) > self._room:
            self.unfit = True
            return
        self._room -= len(text)
        words = _INVISIBLE.sub("", re.sub(r"\s+", " ", plain_text(f".{text}.")[1:-1]))
        line = self._lines[-1]
        if words.startswith(" ") and (not line or line[-1].text.endswith(" ")):
            words = words[1:]
        if words:
            line.append(replace(style, text=words))

    def end_line(self) -> None:
        """Begin a new line, unless this one is empty."""
        if self._lines[-1]:
            self._lines.append([])

    def add(self, element: Element, style: Run) -> None:
        """Add an element."""
        self._steps.left -= 1
        if self._steps.left <= 0:
            self.unfit = True
            return
        tag, classes = element.tag, classes_of(element)
        # What follows a macro that the converter does not know may be its argument.
        self.unfit = self.unfit or (self._nested and "ltx_ERROR" in classes)
        if element in self._skipped or classes & _SKIPPED:
            return
        if tag == "svg":
            self._add_drawing(element, style)
        elif tag in NO_TEXT_TAGS:
            return
        elif tag == "math":
            self._add_math(element, style)
        elif tag == "br":
            self.end_line()
        elif tag == "img":
            self._add_image(element)
        elif "ltx_tabular" in classes or (tag == "table" and not classes & _EQUATIONS):
            self._add_tabular(element, style)
        else:
            block = tag in _BLOCK_TAGS or bool(classes & _BLOCK_CLASSES)
            if block:
                self.end_line()
                self._note_width(element)
            self.inside(element, _styled(style, tag, classes, element.get("style") or ""))
            if block:
                self.end_line()

    def _end_words(self) -> None:
        if lines := self.lines():
            self._blocks.append(Words(lines))
        self._lines = [[]]

    def _note_width(self, element: Element) -> None:
        if found := _WIDTH.search(element.get("style") or ""):
            self.width = max(self.width, float(found[1]))

    def _add_image(self, image: Element) -> None:
        sides = [_LARGEST_SIDE.match(image.get(name) or "") for name in ("width", "height")]
        icon = self._nested and all(side is not None and int(side[0]) <= ICON for side in sides)
        (self._icons if icon else self.images).append(image)

    def _add_drawing(self, svg: Element, style: Run) -> None:
        """Adds the text of a drawing if that is short, as of a number in a circle; nothing else of it can be shown."""
        text = text_of(svg)
        if 0 < len(text) <= LONGEST_SIGN:
            self.write(text, style)
        else:
            self.unfit = True

    def _add_tabular(self, tabular: Element, style: Run) -> None:
        style = _styled(style, tabular.tag, classes_of(tabular), tabular.get("style") or "")
        if not self._nested:
            self._end_words()
            self._add_grid(tabular, style)
            return
        self.end_line()
        for row in islice(_rows(tabular), MOST_ROWS):
            for cell in _cells(row):
                self.inside(cell, style)
                self.write(" ", style)
            self.end_line()

    def _add_grid(self, tabular: Element, style: Run) -> None:
        grid = _grid(tabular, style, self)
        if grid is None:
            self.unfit = True
        elif any(cell.lines for cell in grid.cells):
            self._blocks.append(grid)

    def cell(self, element: Element, style: Run) -> "_Writer":
        """The content of a cell."""
        writer = _Writer(self._steps, skipped=self._skipped, nested=True)
        writer._room = self._room
        if element.tag == "mtd":
            _write_math(element, style, writer)
        else:
            writer.inside(element, style)
        self._room = writer._room
        # An icon beside words is an ornament; one alone says something.
        self.images += writer.images if writer.lines() else writer.images + writer._icons
        self.unfit = self.unfit or writer.unfit
        return writer

    def _add_math(self, math: Element, style: Run) -> None:
        array = None if self._nested else next(math.iter("mtable"), None)
        if array is not None and next(array.iterdescendants("mtable"), None) is None:
            # A table set as a formula.
            self._end_words()
            self._add_grid(array, style)
            return
        before = len(self._lines), len(self._lines[-1])
        _write_math(math, style, self)
        if (len(self._lines), len(self._lines[-1])) == before:
            self.write(math.get("alttext"), style)

    def step(self) -> bool:
        """Count an element of a formula; false when there were too many."""
        self._steps.left -= 1
        self.unfit = self.unfit or self._steps.left <= 0
        return self._steps.left > 0


def _trimmed(runs: list[Run]) -> Line:
    """Runs without white space at the ends; neighbours in the same font are one."""
    line: list[Run] = []
    for run in runs:
        if line and replace(line[-1], text="") == replace(run, text=""):
            line[-1] = replace(run, text=line[-1].text + run.text)
        else:
            line.append(run)
    while line and not (text := line[-1].text.rstrip()):
        line.pop()
    if line:
        line[-1] = replace(line[-1], text=text)
    return tuple(line)


def _styled(style: Run, tag: str, classes: set[str], css: str) -> Run:
    if tag in {"sup", "sub"}:
        style = replace(style, shift=1 if tag == "sup" else -1)
    if classes & {"ltx_font_bold"} or tag in {"b", "strong"}:
        style = replace(style, bold=True)
    if classes & {"ltx_font_medium"}:
        style = replace(style, bold=False)
    if classes & {"ltx_font_italic", "ltx_font_slanted"} or tag in {"i", "em"}:
        style = replace(style, italic=True)
    if classes & {"ltx_font_upright"}:
        style = replace(style, italic=False)
    if "ltx_font_typewriter" in classes or tag in {"code", "tt"}:
        style = replace(style, mono=True)
    if "ltx_framed_underline" in classes:
        style = replace(style, underlined=True)
    if found := _COLOUR.search(css):
        style = replace(style, colour=found[1].lower())
    return style


# ---------------------------------------------------------------- grids


def _grid(tabular: Element, style: Run, writer: _Writer) -> Grid | None:
    """The cells of a tabular in their places, or None if it has too many columns."""
    rows = list(islice(_rows(tabular), MOST_ROWS + 1))
    cut = len(rows) > MOST_ROWS
    rows = rows[:MOST_ROWS]
    taken = [0] * MOST_COLUMNS
    """For each column, the row from which it is free."""
    cells: list[Cell] = []
    for at, row in enumerate(rows):
        column = 0
        ground = _ground(row)
        for element in _cells(row):
            while column < MOST_COLUMNS and taken[column] > at:
                column += 1
            if column >= MOST_COLUMNS:
                return None
            columns = min(_span(element, "colspan"), MOST_COLUMNS - column)
            # A cell that claims more columns than are free leaves the others where they are.
            columns = next((n for n in range(1, columns) if taken[column + n] > at), columns)
            height = min(_span(element, "rowspan"), len(rows) - at)
            taken[column : column + columns] = [at + height] * columns
            content = writer.cell(
                element, _styled(style, "", classes_of(element), element.get("style") or "")
            )
            cells.append(
                Cell(
                    at,
                    column,
                    height,
                    columns,
                    content.lines(),
                    _alignment(element),
                    _rules(element),
                    _ground(element) or ground,
                    content.width,
                    _in_head(element),
                )
            )
            column += columns
    width = max((cell.column + cell.columns for cell in cells), default=0)
    return Grid(len(rows), width, tuple(cells), cut)


def _rows(tabular: Element) -> Iterator[Element]:
    """The rows of a tabular, without those of tabulars in its cells."""
    for child in tabular:
        classes = classes_of(child)
        if child.tag in {"tr", "mtr", "mlabeledtr"} or "ltx_tr" in classes:
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"} or classes & {"ltx_thead", "ltx_tbody", "ltx_tfoot"}:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag in {"td", "th", "mtd"} or "ltx_td" in classes_of(child):
            yield child


def _span(cell: Element, name: str) -> int:
    # MathML has a name of its own.
    said = cell.get(name) or (cell.get("columnspan") if name == "colspan" else "")
    digits = re.match(r"\s*(\d{1,4})", said or "")
    digits = digits or re.search(rf"\bltx_{name}_(\d{{1,4}})\b", cell.get("class") or "")
    return max(int(digits[1]), 1) if digits else 1


def _alignment(cell: Element) -> str:
    classes = classes_of(cell)
    if "ltx_align_right" in classes or cell.get("columnalign") == "right":
        return "right"
    # As browsers do where the paper says nothing.
    centred = "ltx_align_center" in classes or (cell.tag in {"th", "mtd"} and not classes & _ALIGNED)
    return "center" if centred and cell.get("columnalign") != "left" else "left"


_ALIGNED = {"ltx_align_left", "ltx_align_justify"}


def _rules(cell: Element) -> tuple[str, ...]:
    return tuple(
        name.removeprefix("ltx_border_")
        for name in sorted(classes_of(cell))
        if re.fullmatch("ltx_border_(?:tt?|bb?|ll?|rr?)", name)
    )


def _ground(element: Element) -> str:
    found = _GROUND.search(element.get("style") or "")
    return found[1].lower() if found else ""


def _in_head(cell: Element) -> bool:
    if "ltx_th_column" in classes_of(cell):
        return True
    return any(
        parent.tag == "thead" or "ltx_thead" in classes_of(parent)
        for parent in islice(cell.iterancestors(), 2)
    )


# ---------------------------------------------------------------- formulas

_HIDDEN_MATH = {"annotation", "annotation-xml", "mphantom", "none", "mprescripts"}
_SPACED = set("=<>≤≥≈≃≅∼≡≠≪≫±∓×÷→←⇒∈+−") | {"-"}
"""Operators with space around them, where they stand between two terms."""
_SCRIPTS = {"msup", "msub", "msubsup", "mover", "munder", "munderover", "mmultiscripts"}
_UNDERLINES = {"¯", "_", "\u0332", "―"}


def _write_math(element: Element, style: Run, writer: _Writer) -> None:
    """Writes the presentation of a formula as runs: letters slanted, scripts raised and lowered."""
    if not writer.step():
        return
    tag = element.tag
    children = [child for child in element if child.tag not in _HIDDEN_MATH]
    if tag in {"mi", "mn", "mo", "mtext", "ms"}:
        _write_token(element, style, writer)
    elif tag in _SCRIPTS and children:
        _write_scripts(tag, children, style, writer)
    elif tag == "mfrac" and len(children) == 2:
        _write_part(children[:1], style, writer)
        writer.write("/", style)
        _write_part(children[1:], style, writer)
    elif tag in {"msqrt", "mroot"} and children:
        writer.write("√", style)
        _write_part(children[:1] if tag == "mroot" else children, style, writer)
    elif tag not in _HIDDEN_MATH:
        # The other children of `semantics` say the same for machines.
        for child in children[:1] if tag == "semantics" else children:
            _write_math(child, style, writer)
        _end_of(tag, style, writer)


def _end_of(tag: str, style: Run, writer: _Writer) -> None:
    if tag in {"mspace", "mtd"}:
        writer.write(" ", style)
    elif tag == "mtr":
        writer.end_line()


def _write_scripts(tag: str, children: list[Element], style: Run, writer: _Writer) -> None:
    if tag == "munder" and len(children) == 2 and _short_text(children[1]) in _UNDERLINES:
        style = replace(style, underlined=True)
        children = children[:1]
    first = 1 if tag in {"msup", "mover"} else -1
    for child, shift in zip(children, (0, first, -first), strict=False):
        _write_math(child, replace(style, shift=shift or style.shift), writer)


def _short_text(element: Element) -> str:
    """The text of an element, or nothing if it holds many: formulas within formulas would be read again and again."""
    return "" if _has_more(element, _FEW_ELEMENTS) else text_of(element)


_FEW_ELEMENTS = 8


def _write_part(parts: list[Element], style: Run, writer: _Writer) -> None:
    """A part of a fraction or a root, between parentheses if it is more than one symbol."""
    single = len(parts) == 1 and (parts[0].tag in {"mi", "mn", "mtext"} or len(_short_text(parts[0])) == 1)
    if not single:
        writer.write("(", style)
    for part in parts:
        _write_math(part, style, writer)
    if not single:
        writer.write(")", style)


def _write_token(token: Element, style: Run, writer: _Writer) -> None:
    text = text_of(token)
    variant = f"{token.get('mathvariant') or ''} {token.get('class') or ''}"
    names = {unicodedata.name(char, "")[:17] for char in text}
    letters = any(name == "MATHEMATICAL BOLD" for name in names)
    plain = unicodedata.normalize("NFKC", text) if any(n.startswith("MATHEMATICAL") for n in names) else text
    italic = token.tag == "mi" and len(plain) == 1 and plain.isalpha() and "normal" not in variant
    style = replace(
        style,
        bold=style.bold or letters or "bold" in variant,
        italic=style.italic or italic or "italic" in variant,
        mono=style.mono or "monospace" in variant,
    )
    spaced = token.tag == "mo" and plain in _SPACED and style.shift == 0
    previous, following = token.getprevious(), token.getnext()
    if spaced and previous is not None and following is not None:
        plain = f" {plain} "
    elif token.tag == "mo" and plain in {",", ";"} and following is not None:
        plain = f"{plain} "
    elif token.tag == "mtext":
        plain = f" {plain}" if (token.text or "")[:1].isspace() else plain
    if found := _COLOUR.search(token.get("style") or "") or _MATHCOLOUR.match(token.get("mathcolor") or ""):
        style = replace(style, colour=found[1].lower())
    writer.write(plain, style)


_MATHCOLOUR = re.compile("(#[0-9a-fA-F]{6})$")
