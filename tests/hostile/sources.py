"""Every source that a digest has, with attacks in each of its places: arXiv, HTML, PDF, BibTeX, a model.

Each place of a paper gets another payload, so that a few dozen papers carry all of them through every
source; `archive` gives each payload a paper of its own, with the payload in every field.
"""

import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import cycle, islice, zip_longest
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.archive.folder import TOPICS
from mkdocs_paperdigest.archive.records import Record, write_record
from mkdocs_paperdigest.models import Entry, Paper
from tests.documents.pdfs import HEIGHT, PROSE, paragraph, plot
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.replies import Call, Reply, text
from tests.hostile.papers import draw, entry
from tests.hostile.payloads import PAYLOADS, in_utf8, in_xml

_SHORT = [payload.text for payload in PAYLOADS if payload.kind != "floods"]
PAIRS = [f"{one} {other}" for one, other in zip_longest(_SHORT[::2], _SHORT[1::2], fillvalue="")]
"""Two payloads each, for sources of which every paper costs time."""
IN_METADATA, IN_HTML, IN_PDF, IN_ENTRY, IN_ANSWER = 9, 10, 16, 8, 15
"""How many texts one paper, page, PDF, BibTeX entry and answer can carry."""
_DAY = datetime(2024, 11, 4, 12, tzinfo=UTC)


def groups(size: int) -> list[list[str]]:
    """All texts in groups of a size; the last one is filled from the beginning."""
    number = -(-len(PAIRS) // size)
    rest = cycle(PAIRS)
    return [list(islice(rest, size)) for _ in range(number)]


PLAIN = "2410.00000"
"""Id of the archived paper that attacks nothing: what all others must look like."""


def archive(folder: Path, slug: str) -> list[Entry]:
    """Writes a record for each payload and one of a plain paper, and the list of their topics."""
    entries = [entry(in_utf8(payload.text), payload.number) for payload in PAYLOADS]
    entries.append(entry("Plain words", 0))
    write_archive(folder, slug, entries)
    return entries


def write_archive(folder: Path, slug: str, entries: Sequence[Entry]) -> None:
    """Writes the entries' records and images, and the list of their topics."""
    folder.mkdir(parents=True)
    for one in entries:
        record = Record(
            one.paper,
            notes=one.note,
            topics=(slug,),
            relevance={slug: 9},
            trouble=one.trouble,
            summary=one.summary,
            document=one.document,
        )
        content = write_record(record)
        assert content is not None
        (folder / f"{one.paper.slug}.yaml").write_bytes(content)
    draw(entries, folder)
    (folder / TOPICS).write_text(f"asked:\n  {slug}: 2024-12-31T08:30:00Z\n", "utf-8")


def arxiv() -> FakeArxiv:
    """An arXiv whose papers attack through metadata, HTML and PDF."""
    pages, prints = cycle(groups(IN_HTML)), cycle(groups(IN_PDF))
    fake = FakeArxiv()
    for number, group in enumerate(groups(IN_METADATA), start=1):
        texts = map(in_xml, group)
        paper = Paper(
            id=f"2411.{number:05}",
            version=1,
            title=f"{next(texts)} gate",
            authors=(next(texts), next(texts)),
            abstract=f"We propose a gate. {next(texts)} It finds most defects of texts. We test it on data.",
            published=_DAY,
            updated=_DAY,
            categories=("cs.CL", next(texts)),
            comment=next(texts),
            journal_ref=next(texts),
            doi=f"10.1234/{next(texts)}",
        )
        # Figures come from the HTML where there is no PDF.
        body = pdf(next(prints)) if number % 2 else None
        fake.add(paper, html=html(paper, next(pages)), pdf=body)
        if number % 2 == 0:
            fake.images[f"{paper.key}/x1.png"] = _png()
    return fake


def html(paper: Paper, group: Sequence[str]) -> bytes:
    """A LaTeXML page: half of the payloads as text, half as markup that the converter let through."""
    words = map(escape, map(in_xml, group[: IN_HTML - 2]))
    raw = [in_utf8(one) for one in group[IN_HTML - 2 :]]
    loose = [re.sub(r"</(?:article|body|html)", "<", one) for one in raw]
    stem = paper.key
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>{next(words)}</title></head>
<body><div class="ltx_page_main"><div class="ltx_page_content">
<div id="infobox"><a id="license-tr" href="https://info.arxiv.org/{next(words)}">License: CC BY 4.0 {next(words)}</a></div>
<article class="ltx_document"><h1 class="ltx_title ltx_title_document">{paper.id}</h1>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6><p class="ltx_p">We propose a gate.
Our code is available at <a class="ltx_ref ltx_href" title="{next(words)}" href="{next(words)}">here</a>.</p></div>
<section class="ltx_section" id="S1"><h2 class="ltx_title ltx_title_section">
<span class="ltx_tag ltx_tag_section">1 </span>Introduction {next(words)}</h2>
<div class="ltx_para"><p class="ltx_p">We propose a gate that finds defects of texts. {next(words)}</p><p class="ltx_p">{PROSE}</p></div>
<figure class="ltx_figure" id="S2.F1"><img src="{stem}/x1.png" class="ltx_graphics" alt="{loose[1].replace('"', "'")}"/>
<figcaption class="ltx_caption"><span class="ltx_tag ltx_tag_figure">Figure 1: </span>Error {next(words)}
</figcaption></figure>
<figure class="ltx_figure" id="S2.F2"><img src="{escape(raw[0])}/../../../{escape(raw[1])}.png" class="ltx_graphics" alt=""/>
<figcaption class="ltx_caption"><span class="ltx_tag ltx_tag_figure">Figure 2: </span>More {escape(raw[0])}
</figcaption></figure>
<figure class="ltx_table" id="S2.T1"><table class="ltx_tabular"><tr class="ltx_tr" style="{escape(raw[0])}">
<td class="ltx_td ltx_border_t" rowspan="9999999" style="color:{escape(raw[1])}">{escape(raw[1])} of the rows of a table</td>
<td class="ltx_td" colspan="{escape(raw[0])}">{loose[0]}</td></tr></table><p class="ltx_p">{escape(raw[0])}</p>
<figcaption class="ltx_caption"><span class="ltx_tag ltx_tag_table">Table 1: </span>Errors {escape(raw[1])}
</figcaption></figure><div class="ltx_para"><p class="ltx_p">{loose[0]}</p></div></section></article></div></div></body></html>
""".encode()


def pdf(group: Sequence[str]) -> bytes:
    """Two plots with captions of theirs on each page, and text; metadata of the file as well."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=letter, invariant=True)
    canvas.setTitle(in_utf8(group[0]))
    canvas.setAuthor(in_utf8(group[1]))
    for number, texts in enumerate(zip(group[::2], group[1::2], strict=True), start=1):
        top = 90 if number % 2 else 420
        # Equal figures would count as one.
        plot(canvas, 150, top + 90, 110 + 8 * number, 80)
        canvas.setFont("Times-Roman", 9)
        caption = f"Figure {number}: Error {_latin(' '.join(texts))}"
        for row in range(-(-len(caption) // 70)):
            canvas.drawString(150, HEIGHT - top - 190 - 11 * row, caption[70 * row : 70 * row + 70])
        if number % 2 == 0:
            paragraph(canvas, 72, 690, 468, 4, seed=number)
            canvas.showPage()
    for row, words in enumerate(group):
        canvas.drawString(72, HEIGHT - 80 - 12 * row, _latin(words)[:90])
    canvas.save()
    return file.getvalue()


def library(folder: Path) -> Path:
    """A BibTeX file with attacks in all fields, and PDFs with attacks in their names."""
    folder.mkdir(parents=True)
    entries = []
    for number, group in enumerate(groups(IN_ENTRY), start=1):
        texts = [_in_braces(words) for words in group]
        name = re.sub(r"[\x00-\x1f/\\:;{}%~]|\.\.", "", in_utf8(group[7]))
        name = f"{number} {' '.join(name.split())[:60]}.pdf"
        fields = {
            "title": f"{texts[0]} report",
            "author": f"{texts[1]} and Roe, {texts[2]}",
            "note": texts[3],
            "journal": texts[4],
            "keywords": f"{texts[5]}, {texts[6]}",
            "institution": texts[7],
            "abstract": f"We report on gates. {texts[0]}",
            "doi": texts[1],
            "year": "2023",
        }
        # Names that the field can hold; the others are refused, which has a test of its own.
        if number % 8 == 1:
            (folder / name).write_bytes(pdf(group * 2))
            fields["file"] = _in_braces(name)
        key = re.sub(r"[\s{}(),=\"#%'~\\@]+", "", in_utf8(group[2]))[:60]
        lines = [f"  {field} = {{{value}}}," for field, value in fields.items()]
        entries.append("\n".join([f"@techreport{{{key}{number},", *lines, "}"]))
    path = folder / "reports.bib"
    path.write_text("\n\n".join(entries), "utf-8")
    return path


def answers() -> "Answers":
    """A model that says the next payloads with every answer."""
    return Answers()


class Answers:
    """The next group of payloads for each call, in every field that is asked for."""

    def __init__(self) -> None:
        self._groups = cycle(groups(IN_ANSWER))

    def __call__(self, call: Call) -> Reply:
        texts = cycle(map(in_utf8, next(self._groups)))

        def claim() -> dict[str, str]:
            said = f"We propose a gate that finds defects of texts {next(texts)}."
            return {"text": said, "quote": f"We propose a gate. {next(texts)}"}

        words = {
            "summary": f"We propose a gate that finds defects of texts {next(texts)}.",
            "takeaways": [claim() for _ in range(4)],
            "title_translation": next(texts),
            "keywords": ["gate", *islice(texts, 3), "shared <b>{{ keyword }}</b>"],
            "affiliation": next(texts),
            "methods": [claim(), claim()],
            "relevance": 9,
        }
        answer = {name: words.get(name) or claim() for name in call.fields}
        return text(json.dumps(answer))


def _png() -> bytes:
    buffer = io.BytesIO()
    image = Image.linear_gradient("L").resize((400, 300)).convert("RGB")
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _latin(words: str) -> str:
    printed = words.encode("latin-1", "replace").decode("latin-1")
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", printed)


def _in_braces(words: str) -> str:
    """As much of it as a field between braces can hold."""
    words = in_utf8(words)
    return words if _balanced(words) else re.sub(r"[{}\\]", "", words)


def _balanced(words: str) -> bool:
    depth = 0
    for mark in _bare(words):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth < 0:
            return False
    return depth == 0 and not words.endswith("\\") and "\n@" not in words and "@" not in words[:1]


def _bare(words: str) -> Iterator[str]:
    return iter(re.sub(r"\\.", "", words))
