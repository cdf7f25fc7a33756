"""Reference managers can read our RIS, whatever a title holds."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.models import Citation, Paper
from mkdocs_paperdigest.pages.render.ris import citation, references, ris
from tests.pages import papers

Reference = list[tuple[str, str]]


def parse(text: str) -> list[Reference]:
    """Reads RIS as programs do: a line with a tag begins a field, `ER` ends a reference."""
    read: list[Reference] = []
    fields: Reference = []
    for line in re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text):
        if not line.strip():
            continue
        tag = re.fullmatch(r"\s*([A-Z][A-Z0-9]) {1,2}- ?(.*)", line)
        assert tag, f"a line without a tag: {line!r}"
        if tag[1] == "ER":
            read.append(fields)
            fields = []
        else:
            fields.append((tag[1], tag[2]))
    assert not fields
    return read


def one(paper: Paper) -> dict[str, str]:
    (fields,) = parse(ris(paper, abstract=True))
    assert fields[0][0] == "TY"
    return dict(fields)


def test_an_arxiv_paper() -> None:
    (fields,) = parse(ris(papers.DAWN))
    assert fields[0] == ("TY", "UNPB")
    assert [value for tag, value in fields if tag == "AU"][:2] == ["Cheng, Hanbo", "Lin, Limin"]
    found = dict(fields)
    assert found["TI"] == papers.DAWN.title
    assert (found["PY"], found["DA"]) == ("2024", "2024/10/17/")
    assert found["DO"] == "10.48550/arXiv.2410.13726"
    assert found["UR"] == "https://arxiv.org/abs/2410.13726"
    assert "AB" not in found
    assert one(papers.DAWN)["AB"] == papers.DAWN.abstract
    assert one(papers.OLD)["DO"] == "10.48550/arXiv.hep-th/9901001"


def test_an_entry_of_a_library() -> None:
    fields = {
        "journal": "Bell {S}ystem \\& Others",
        "volume": "27",
        "pages": "379--423",
        "school": "M\\'unich",
    }
    paper = replace(papers.REPORT, citation=Citation("article", "s", fields), date_precision="year")
    found = one(paper)
    assert (found["TY"], found["T2"], found["VL"]) == ("JOUR", "Bell System & Others", "27")
    assert (found["SP"], found["EP"], found["DA"]) == ("379", "423", "2024///")
    assert "PB" not in found, "what takes TeX to read is left out"
    assert one(papers.REPORT)["TY"] == "RPRT"
    assert one(papers.REPORT)["UR"] == "https://lab.example/reports/1"
    assert "UR" not in one(replace(papers.REPORT, url="javascript:alert(1)"))


@pytest.mark.parametrize(
    ("name", "written", "cited"),
    [
        ("Jean-Luc de la Fontaine", "de la Fontaine, Jean-Luc", "de la Fontaine, J.-L."),
        ("Martin Luther King Jr.", "King, Martin Luther, Jr.", "King, M. L., Jr."),
        ("The ATLAS Collaboration", "The ATLAS Collaboration", "The ATLAS Collaboration"),
        ("李小龙", "李小龙", "李小龙"),
        ("Doe, Jane", "Doe, Jane", "Doe, J."),
        ("Plato", "Plato", "Plato"),
    ],
)
def test_names(name: str, written: str, cited: str) -> None:
    paper = replace(papers.DAWN, authors=(name,))
    assert one(paper)["AU"] == written
    assert citation(paper).startswith(f"{cited.rstrip('.')}. (2024). DAWN: ")


def test_a_file_has_every_paper_and_ends_lines_as_the_format_asks() -> None:
    text = references([papers.DAWN, papers.EVIL, papers.REPORT])
    assert len(parse(text)) == 3
    assert text.count("\r\n") == text.count("\n")


def test_a_citation_is_one_line() -> None:
    assert citation(replace(papers.DAWN, authors=("Ada Lovelace", "Grace B. Hopper"), title="Gates.")) == (
        "Lovelace, A., & Hopper, G. B. (2024). Gates. arXiv:2410.13726. https://arxiv.org/abs/2410.13726"
    )
    many = citation(papers.OLD)
    assert many.count("Ason") == 1
    assert ", … " in many
    assert "Phys. Rev. D 59 (1999) 106001." in many


HOSTILE = st.lists(
    st.sampled_from(["ER  - ", "\n", "\r", "\r\n", "\x85", "\u2028", "\x1c", "TY  - JOUR", "AU  - Eve", "\nER  -", ",", " ", "x"])
).map("".join)  # fmt: skip


@given(title=HOSTILE, name=HOSTILE, note=HOSTILE)
@settings(max_examples=200)
def test_no_text_ends_a_reference_or_adds_to_it(title: str, name: str, note: str) -> None:
    paper = replace(
        papers.DAWN,
        title=f"A {title}",
        authors=(f"B {name}",),
        journal_ref=note,
        doi=note,
        abstract=f"C {note}",
    )
    (fields,) = parse(ris(paper, abstract=True))
    assert [tag for tag, _ in fields].count("AU") == 1
    assert [tag for tag, _ in fields].count("TY") == 1
    assert len(parse(references([paper, papers.DAWN]))) == 2
    assert "\n" not in citation(paper)
