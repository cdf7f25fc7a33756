"""Papers as arXiv serves them: Atom, HTML, PDF and abstract pages made of `Paper` objects."""

import io
from collections.abc import Sequence
from datetime import datetime
from html import escape

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.models import Paper
from tests.documents.pdfs import HEIGHT, PROSE, paragraph, plot

CC_BY = "CC BY 4.0"


def feed(papers: Sequence[Paper], *, total: int, start: int, size: int) -> str:
    """A page of arXiv's Atom feed."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">\n'
        "<title>arXiv Query</title>\n"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>\n"
        f"<opensearch:startIndex>{start}</opensearch:startIndex>\n"
        f"<opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>\n"
        f"{''.join(map(entry, papers))}</feed>\n"
    )


def entry(paper: Paper) -> str:
    """One paper in a feed."""
    optional = {"comment": paper.comment, "journal_ref": paper.journal_ref, "doi": paper.doi}
    parts = [
        f"<id>http://arxiv.org/abs/{paper.key}</id>",
        f"<title>{escape(paper.title)}</title>",
        f"<updated>{_time(paper.updated)}</updated>",
        f'<link href="https://arxiv.org/abs/{paper.key}" rel="alternate" type="text/html"/>',
        f"<summary>{escape(paper.abstract)}</summary>",
        *(f'<category term="{escape(name)}"/>' for name in paper.categories),
        f"<published>{_time(paper.published)}</published>",
        *(f"<arxiv:{name}>{escape(text)}</arxiv:{name}>" for name, text in optional.items() if text),
        *(f'<arxiv:primary_category term="{escape(c)}"/>' for c in paper.categories[:1]),
        *(f"<author><name>{escape(name)}</name></author>" for name in paper.authors),
    ]
    return f"<entry>\n{chr(10).join(parts)}\n</entry>\n"


def html(paper: Paper) -> bytes:
    """The HTML version, shaped as LaTeXML makes it: an introduction, a method, one figure."""
    title, abstract = escape(paper.title), escape(paper.abstract)
    stem = paper.key.rsplit("/", maxsplit=1)[-1]
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>{title}</title></head>
<body><div class="ltx_page_main"><div class="ltx_page_content">
<div id="infobox"><a id="license-tr" href="https://info.arxiv.org/help/license/">License: {CC_BY}</a></div>
<article class="ltx_document"><h1 class="ltx_title ltx_title_document">{title}</h1>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p class="ltx_p">{abstract}</p></div>
<section class="ltx_section" id="S1"><h2 class="ltx_title ltx_title_section">
<span class="ltx_tag ltx_tag_section">1 </span>Introduction</h2>
<div class="ltx_para"><p class="ltx_p">{abstract}</p><p class="ltx_p">{PROSE}</p></div></section>
<section class="ltx_section" id="S2"><h2 class="ltx_title ltx_title_section">
<span class="ltx_tag ltx_tag_section">2 </span>Method</h2>
<div class="ltx_para"><p class="ltx_p">{PROSE}</p></div>
<figure class="ltx_figure" id="S2.F1"><img src="{stem}/x1.png" class="ltx_graphics" alt=""/>
<figcaption class="ltx_caption"><span class="ltx_tag ltx_tag_figure">Figure 1: </span>Error by samples.
</figcaption></figure></section></article></div></div></body></html>
""".encode()


def pdf(paper: Paper) -> bytes:
    """The PDF version: the abstract, running text, and one plot with its caption."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=letter, invariant=True)
    canvas.setFont("Times-Bold", 16)
    canvas.drawCentredString(letter[0] / 2, HEIGHT - 80, _latin(paper.title)[:60])
    y = _lines(canvas, 72, 110, _wrapped(f"Abstract. {paper.abstract}"), size=10)
    y = paragraph(canvas, 72, y + 12, 468, 8)
    plot(canvas, 150, y + 14, 312, 170)
    y = _lines(canvas, 150, y + 200, "Figure 1: Error by the number of samples.")
    paragraph(canvas, 72, y + 14, 468, 12, seed=3)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def abstract_page(paper: Paper) -> str:
    """The page at /abs, as far as its licence goes."""
    return (
        f"<!DOCTYPE html><html><head><title>{escape(paper.title)}</title></head><body>"
        '<div class="abs-license"><a href="http://creativecommons.org/licenses/by/4.0/">'
        "view license</a></div></body></html>"
    )


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lines(canvas: Canvas, x: float, y: float, text: str, *, size: float = 9) -> float:
    canvas.setFont("Times-Roman", size)
    for line in text.split("\n"):
        canvas.drawString(x, HEIGHT - y - size, line)
        y += 1.2 * size
    return y


def _latin(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")


def _wrapped(text: str, width: int = 95) -> str:
    lines = [""]
    for word in _latin(text).split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
