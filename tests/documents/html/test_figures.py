"""Figures of arXiv's HTML papers: pitfalls of LaTeXML's markup that occur in real papers."""

import pytest

from mkdocs_paperdigest.documents.html.figures import HtmlFigure
from mkdocs_paperdigest.documents.html.paper import parse_html
from tests.documents.html.test_paper import PROSE, page, section

URL = "https://arxiv.org/html/2410.13786v1"
BASE = "https://arxiv.org/html/2410.13786v1/"


def caption(tag: str, words: str, kind: str = "figure") -> str:
    return (
        f"<figcaption class='ltx_caption'><span class='ltx_tag ltx_tag_{kind}'>{tag}</span>{words}"
        "</figcaption>"
    )


def image(source: str, more: str = "") -> str:
    return f"<img src='{source}' class='ltx_graphics {more}' alt='Refer to caption' width='8' height='5'>"


def figure(content: str, kind: str = "ltx_figure", name: str = "S1.F1") -> str:
    return f"<figure class='{kind}' id='{name}'>{content}</figure>"


def figures(content: str, *, head: str = "", url: str = URL) -> tuple[HtmlFigure, ...]:
    return parse_html(page(section("Introduction", PROSE) + content, head=head), base_url=url).figures


@pytest.mark.parametrize(
    ("head", "source"),
    [
        ("<base href='/html/2410.13786v1/'>", "x1.png"),
        ("", "2410.13786v1/x1.png"),
        ("", "/html/2410.13786v1/x1.png"),
        ("<base href='https://arxiv.org/html/2410.13786v1/'>", "./x1.png"),
    ],
)
def test_images_resolve_in_pages_old_and_new(head: str, source: str) -> None:
    found = figures(figure(image(source) + caption("Figure 1: ", "A face.")), head=head)

    assert found == (HtmlFigure("Figure 1", "A face.", (BASE + "x1.png",)),)


def test_panels_belong_to_their_figure_and_are_not_figures_themselves() -> None:
    panels = "".join(
        figure(image(f"2410.13786v1/{name}.png") + caption(f"({name}) ", name), name=f"S1.F1.sf{n}")
        for n, name in enumerate("ab", 1)
    )

    found = figures(figure(panels + caption("Figure 1: ", "Two panels.")))

    assert found == (HtmlFigure("Figure 1", "Two panels.", (BASE + "a.png", BASE + "b.png")),)


def test_two_numbered_panels_in_one_float_are_two_figures() -> None:
    inner = "".join(
        figure(
            image(f"2410.13786v1/x{n}.png") + caption(f"Figure {n}: ", f"Number {n}."),
            "ltx_figure ltx_figure_panel ltx_minipage",
        )
        for n in (1, 2)
    )

    found = figures(figure(f"<div class='ltx_flex_figure'>{inner}</div>", name="S1.F2"))

    assert [(f.label, f.images) for f in found] == [
        ("Figure 1", (BASE + "x1.png",)),
        ("Figure 2", (BASE + "x2.png",)),
    ]


def test_a_caption_written_twice_by_older_converters_counts_once() -> None:
    found = figures(
        figure(
            image("2410.13786v1/x1.png")
            + caption("Figure 1: ", "First.")
            + caption("Figure 1: ", "First.")
            + image("2410.13786v1/x2.png")
            + caption("Figure 2: ", "Second.")
        )
    )

    assert found == (
        HtmlFigure("Figure 1", "First.", (BASE + "x1.png",)),
        HtmlFigure("Figure 2", "Second.", (BASE + "x2.png",)),
    )


def test_the_caption_decides_what_is_a_figure_and_not_the_class() -> None:
    found = figures(
        figure(image("2410.13786v1/t.png") + caption("Table 1: ", "Results.", "table"), "ltx_table")
        + figure(image("2410.13786v1/y.png") + caption("Figure 3: ", "In a table.", "table"), "ltx_table")
        + figure(caption("Algorithm 1 ", "Steps.", "float"), "ltx_float ltx_algorithm")
        + figure(
            image("2410.13786v1/x.png")
            + figure(
                image("2410.13786v1/n.png") + caption("Table 2: ", "Numbers.", "table"),
                "ltx_table ltx_figure_panel",
            )
            + caption("Figure 4: ", "With a table beside it.")
        )
    )

    assert [(f.label, f.images) for f in found] == [
        ("Figure 3", (BASE + "y.png",)),
        ("Figure 4", (BASE + "x.png",)),
    ]


@pytest.mark.parametrize(
    "content",
    [
        image("", "ltx_missing ltx_missing_image"),
        image("2410.13786v1/plot"),
        image("data:image/png;base64,AAAA"),
        image("https://tracker.example/x1.png"),
        image("file:///etc/passwd.png"),
        "<svg class='ltx_picture'><g></g></svg>",
        "<table class='ltx_tabular'><tr><td>1</td></tr></table>",
        image("2410.13786v1/x1.png") + image("", "ltx_missing"),
    ],
)
def test_a_figure_with_an_unusable_image_has_no_images(content: str) -> None:
    found = figures(figure(content + caption("Figure 1: ", "A face.")))

    assert found == (HtmlFigure("Figure 1", "A face.", ()),)


def test_captions_are_words_with_tex_and_without_footnotes() -> None:
    words = (
        "A <em>face</em> of <math alttext='x^{2}'><mi>x</mi></math> "
        "<cite>[<a href='#b1'>1</a>]</cite><span class='ltx_note ltx_role_footnote'>"
        "<span class='ltx_note_content'>A note.</span></span>."
    )

    found = figures(figure(image("2410.13786v1/x1.png") + caption("Figure 1: ", words)))

    assert found[0].caption == "A face of $x^{2}$ [1]."


@pytest.mark.parametrize(
    ("tag", "label"),
    [
        ("Figure 12: ", "Figure 12"),
        ("Fig. 3. ", "Figure 3"),
        ("FIG. 4. ", "Figure 4"),
        ("Figure A.1: ", "Figure A.1"),
        ("Figure S2: ", "Figure S2"),
        ("Figure 2.3: ", "Figure 2.3"),
        ("Abbildung 2: ", "Figure 2"),
        ("图 5: ", "Figure 5"),
    ],
)
def test_labels_are_read_in_all_their_spellings(tag: str, label: str) -> None:
    found = figures(figure(image("2410.13786v1/x1.png") + caption(tag, "A face.")))

    assert found == (HtmlFigure(label, "A face.", (BASE + "x1.png",)),)


def test_a_teaser_above_a_lone_caption_is_its_image() -> None:
    teaser = f"<div class='ltx_para'><p class='ltx_p'>{image('2410.13786v1/x1.png')}</p></div>"

    found = figures(teaser + figure(caption("Figure 1: ", "Our results.")))

    assert found == (HtmlFigure("Figure 1", "Our results.", (BASE + "x1.png",)),)


def test_pictures_outside_of_figures_and_of_the_paper_are_left_out() -> None:
    logo = figure(image("/static/logo.png") + caption("Figure 9: ", "A logo."))
    icon = f"<p class='ltx_p'>An icon {image('2410.13786v1/emoji.png')} in the text.</p>"

    html = page(section("Introduction", PROSE + icon), before=logo)

    assert parse_html(html, base_url=URL).figures == ()
