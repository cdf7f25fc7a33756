"""BibTeX files as people and their programs write them."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Citation, Paper
from mkdocs_paperdigest.reasons import ReasonCode, worded
from mkdocs_paperdigest.sources.bibtex_file import MOST_BYTES
from mkdocs_paperdigest.sources.library import Library, read_library


@pytest.fixture
def read(tmp_path: Path):
    def write_and_read(text: str) -> Library:
        path = tmp_path / "library" / "reports.bib"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return read_library(path, topic="Our reports")

    (tmp_path / "library").mkdir()
    return write_and_read


def test_a_report_with_all_its_fields(read, tmp_path: Path) -> None:
    pdf = tmp_path / "library" / "pdf" / "gates.pdf"
    pdf.parent.mkdir()
    pdf.write_bytes(b"%PDF-1.5\n%%EOF")
    library = read(
        r"""
@string{acl = "Proc. ACL"}
@techreport{Lab:2024/01,
  title = {{G}ates for \emph{generated} text: {\'E}tude {\`a} $\alpha_1$},
  author = {G{\"o}del, Kurt and Ludwig van Beethoven and {The {ATLAS} Collaboration} and others},
  abstract = {It finds 50% of the d\'efauts --- and
              costs \$5 \& more.},
  year = 2024, month = oct, day = 19,
  booktitle = acl,
  doi = {10.1000/gates_1},
  url = {https://lab.example/gates\_1},
  keywords = {text generation, gates},
  note = {To appear},
  file = {pdf/gates.pdf},
}
"""
    )
    day = datetime(2024, 10, 19, tzinfo=UTC)
    assert library == Library(
        papers=(
            Paper(
                id="Lab-2024-01",
                version=0,
                title="Gates for generated text: Étude à $\\alpha_1$",
                authors=("Kurt Gödel", "Ludwig van Beethoven", "The ATLAS Collaboration"),
                abstract="It finds 50% of the défauts — and costs $5 & more.",
                published=day,
                updated=day,
                categories=("text generation", "gates"),
                comment="To appear",
                journal_ref="Proc. ACL",
                doi="10.1000/gates_1",
                url="https://lab.example/gates_1",
                pdf=pdf.resolve(),
                citation=library.papers[0].citation,
            ),
        ),
        arxiv_ids=(),
    )
    assert not library.papers[0].on_arxiv


@pytest.mark.parametrize(
    ("fields", "arxiv_id"),
    [
        ("eprint = {2410.13786}, archiveprefix = {arXiv}", "2410.13786"),
        ("eprint = {arXiv:2410.13786v2}, eprinttype = {arxiv}", "2410.13786v2"),
        ("EPRINT = {hep-th/9901001}", "hep-th/9901001"),
        ("doi = {10.48550/arXiv.2410.13786}", "2410.13786"),
        ("doi = {https://doi.org/10.48550/ARXIV.2410.13786}", "2410.13786"),
        # Google Scholar, ADS, DBLP, Semantic Scholar, Zotero, Mendeley, INSPIRE (today and before 2015)
        ("journal = {arXiv preprint arXiv:2410.13786}", "2410.13786"),
        ("journal = {arXiv e-prints}, eid = {arXiv:2410.13786}, pages = {arXiv:2410.13786}", "2410.13786"),
        ("journal = {CoRR}, volume = {abs/2410.13786}", "2410.13786"),
        ("journal = {ArXiv}, volume = {abs/2410.13786}", "2410.13786"),
        ("url = {http://arxiv.org/abs/2410.13786}, note = {arXiv:2410.13786 [cs]}", "2410.13786"),
        ("number = {arXiv:2410.13786}, publisher = {arXiv}", "2410.13786"),
        ("arxivId = {2410.13786}, archivePrefix = {arXiv}", "2410.13786"),
        ("eprint = {{2410.13786}}, archiveprefix = {{arXiv}}", "2410.13786"),
        ("eprint = {2410.13786}, eprinttype = {arxiv.org}", "2410.13786"),
        ("eprint = {9901001}, archiveprefix = {arXiv}, primaryclass = {hep-th}", "hep-th/9901001"),
        (r"howpublished = {\url{https://arxiv.org/pdf/2410.13786v2.pdf}}", "2410.13786v2"),
        (r"url = {\href{https://arxiv.org/abs/2410.13786}{at arXiv}}", "2410.13786"),
        (r"note = {\href{https://lab.example}{arXiv:2410.13786}}", "2410.13786"),
    ],
)
def test_an_eprint_is_a_paper_of_arxiv(read, fields: str, arxiv_id: str) -> None:
    library = read(f"@article{{key, {fields}, file = {{/elsewhere/missing.pdf}}}}")
    assert (library.papers, library.arxiv_ids) == ((), (arxiv_id,))


def test_an_eprint_of_another_archive_is_not_an_arxiv_id(read) -> None:
    library = read("@article{a, title={T}, year=2024, eprint={123456}, eprinttype={pubmed}}")
    assert library.arxiv_ids == ()
    assert library.papers[0].id == "a"


@pytest.mark.parametrize(
    "field",
    [
        "pdf/a b.pdf",
        "./pdf/../pdf/a b.pdf",
        ":pdf/a b.pdf:PDF",
        "Full Text PDF:pdf/a b.pdf:application/pdf",
        "notes.docx; :pdf/a b.pdf:PDF;:other.pdf:PDF",
        r":pdf\\a b.pdf:PDF",
        "Page:page.html:text/html;Full Text:pdf/a b.pdf:application/pdf",
    ],
)
def test_files_are_named_in_many_ways(read, tmp_path: Path, field: str) -> None:
    pdf = tmp_path / "library" / "pdf" / "a b.pdf"
    pdf.parent.mkdir()
    pdf.write_bytes(b"%PDF-1.5\n%%EOF")
    (paper,) = read(f"@misc{{a, title={{T}}, year=2024, file={{{field}}}}}").papers
    assert paper.pdf == pdf.resolve()


@pytest.mark.parametrize(
    "field",
    [
        "../secret.pdf",
        "/etc/secret.pdf",
        ":../secret.pdf:PDF",
        r"..\secret.pdf",
        "pdf/../../secret.pdf",
        "link.pdf",
    ],
)
def test_files_outside_the_librarys_folder_are_not_looked_at(read, tmp_path: Path, field: str) -> None:
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.5\n%%EOF")
    (tmp_path / "library" / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    library = read(f"@misc{{a, title={{T}}, year=2024, file={{{field}}}}}")
    assert library.papers[0].pdf is None
    ((remark,),) = (line.reasons for line in library.remarks)
    assert remark.code is ReasonCode.BIB_FILE_OUTSIDE


@pytest.mark.parametrize(
    ("fields", "day", "precision"),
    [
        ("date = {2024-10-19}", (2024, 10, 19), "day"),
        ("date = {2024-10}", (2024, 10, 1), "month"),
        ("date = {2024}", (2024, 1, 4), "year"),
        ("date = {2024-10-19/2024-10-21}", (2024, 10, 19), "day"),
        ("year = {2024}", (2024, 1, 4), "year"),
        ("year = 2024, month = dec, day = 9", (2024, 12, 9), "day"),
        ("year = 2024, month = dec", (2024, 12, 2), "month"),
        ("year = 2024, month = {December}", (2024, 12, 2), "month"),
        ("year = 2024, month = {03}", (2024, 3, 4), "month"),
        ("year = 2024, month = {spring}", (2024, 1, 4), "year"),
        ("year = 2024, day = 9", (2024, 1, 4), "year"),
        ("year = {circa 2024}", (2024, 1, 4), "year"),
        ("date = {2024-21}", (2024, 1, 4), "year"),  # a spring, after ISO 8601-2
        ("date = {2024-10~}", (2024, 10, 1), "month"),
        ("date = {2024-02-31}", (2024, 2, 1), "month"),
        ("year = 2024, month = 13", (2024, 1, 4), "year"),
        ('year = 2024, month = "10~" # oct', (2024, 10, 10), "day"),
        ("month = {March 2024}", (2024, 3, 4), "month"),
    ],
)
def test_dates_are_written_in_many_ways(read, fields: str, day: tuple[int, int, int], precision: str) -> None:
    (paper,) = read(f"@misc{{a, title={{T}}, {fields}}}").papers
    assert paper.published == paper.updated == datetime(*day, tzinfo=UTC)
    assert paper.date_precision == precision


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_an_incomplete_date_falls_on_pages_of_its_year_and_month(year: int, month: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "reports.bib"
        path.write_text(
            f"@misc{{a, title={{T}}, year={year}, month={month}}}\n@misc{{b, title={{T}}, year={year}}}"
        )
        in_month, in_year = (paper.published for paper in read_library(path, topic="T").papers)
    assert (in_month.year, in_month.month) == (year, month)
    thursday = in_month + timedelta(days=4 - in_month.isoweekday())
    assert (thursday.year, thursday.month) == (year, month)
    assert in_month.day <= 4
    assert in_year.year == in_year.isocalendar().year == year
    assert in_year.isocalendar().week == 1


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("王, 小明 and Lovelace, Ada", ("王小明", "Ada Lovelace")),
        ("王 小明 and {王小明}", ("王小明", "王小明")),
        ("山田, 太郎 and 김, 철수", ("山田太郎", "김철수")),
        ("Wang, Xiaoming 小明", ("Xiaoming 小明 Wang",)),
    ],
)
def test_east_asian_names_keep_the_family_name_first(read, field: str, names: object) -> None:
    (paper,) = read(f"@misc{{a, title={{T}}, year=2024, author={{{field}}}}}").papers
    assert paper.authors == names


@pytest.mark.parametrize("name", ["institution", "school"])
def test_the_issuer_of_a_report_is_read(read, name: str) -> None:
    (paper,) = read(f"@misc{{a, title={{T}}, year=2024, {name}={{Our {{Lab}}}}}}").papers
    assert paper.institution == "Our Lab"


@pytest.mark.parametrize(
    ("key", "id_"),
    [
        ("liu2024", "liu2024"),
        ("DBLP:conf/cvpr/Liu24", "DBLP-conf-cvpr-Liu24"),
        ("2018A&A...616A...1G", "2018A-A...616A...1G"),
        ("报告2024", "报告2024"),
        ("con", "con-"),
        ("AUX.1", "AUX.1-"),
        ("-x-", "x"),
    ],
)
def test_a_key_becomes_a_safe_id(read, key: str, id_: str) -> None:
    (paper,) = read(f"@misc{{{key}, title={{T}}, year=2024}}").papers
    assert paper.id == paper.slug == paper.file_stem == id_


def test_keys_that_are_one_folder_on_some_systems_are_two_papers(read) -> None:
    papers = read("@misc{a, title={T}, year=2024}\n@misc{A, title={U}, year=2023}").papers
    assert [paper.title for paper in papers] == ["T", "U"]
    assert papers[0].id == "a"
    assert re.fullmatch("A-[0-9a-f]{6}", papers[1].id)


GOOD = "@misc{good, title={Good}, year=2024}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@misc{a, year=2024}", "`title` is missing; add one"),
        ("@misc{a, title={}, year=2024}", "`title` is missing; add one"),
        ("@misc{a, title=undefined, year=2024}", "the library defines no @string undefined"),
        ("@misc{a, title={T}}", "`year` is missing; add one such as 2024"),
        ("@misc{a, title={T}, year={in press}}", "`year` is missing"),
        ("@misc{a, title={T}, year={n.d.}}", "`year` is missing"),
        ("@misc{.., title={T}, year=2024}", "the entry in line 1 has no key with letters"),
        ("@misc{, title={T}, year=2024}", "the entry in line 1 has no key with letters"),
        (f"{GOOD}\n@misc{{good, title={{U}}, year=2023}}", "its key is there twice, again in line 2"),
        ("@misc{a, title={T, year=2024}", "the entry in line 1 cannot be read; look for"),
        ('\n@misc{a, title="T, year=2024}', "the entry in line 2 cannot be read; look for"),
        ("@misc{a, title={T}, year=2024", "the entry in line 1 cannot be read; look for"),
    ],
)
def test_an_entry_that_cannot_be_shown_is_left_out_with_its_reason(read, text, reason) -> None:
    library = read(f"{text}\n\n{GOOD}" if GOOD not in text else text)
    assert [paper.title for paper in library.papers] == ["Good"]
    (line,) = library.left_out
    assert line.fate == "filtered"
    assert reason in worded(line.reasons)


@pytest.mark.parametrize(
    "entry",
    [
        "@CONTROL{REVTEX41Control}",
        '@CONTROL{apsrev41Control,author="08",title="",year="1"}',
        '@Control{achemso-control, ctrl-article-title = "yes"}',
        '@FOOTNOTE{Note1,key="Note1",note="A footnote"}',
        "@IEEEtranBSTCTL{ctl, CTLuse_article_number = {yes}}",
        "@set{both, entryset={good}}",
        "@xdata{common, year={2024}}",
        "@comment{@misc{old, title={Old}, year=2020}}",
        "% @misc{old, title={Old},\n%  year=2020\n% }",
    ],
)
def test_what_names_no_work_is_passed_over(read, entry: str) -> None:
    library = read(f"{entry}\n{GOOD}")
    assert [paper.id for paper in library.papers] == ["good"]
    assert library.left_out == ()


def test_macros_and_pieces_are_put_together(read) -> None:
    library = read(
        """@string{jn = "J. Net."} @STRING(and = " and ")
@string{poe = "Poe, Ann"}
@string{Roe = "Roe, Max"}
@article{a, title="Deep " # "Nets", author = poe #and# roe, journal=JN # " Letters", year=2024, month=oct}
@article{b, title={B}, journal=jmlr, year=2024}"""
    )
    first, second = library.papers
    assert first.authors == ("Ann Poe", "Max Roe")
    assert (first.title, first.journal_ref) == ("Deep Nets", "J. Net. Letters")
    assert first.citation == Citation(
        "article",
        "a",
        {
            "title": "Deep Nets",
            "author": "Poe, Ann and Roe, Max",
            "journal": "J. Net. Letters",
            "year": "2024",
            "month": "October",
        },
    )
    assert second.journal_ref is None
    (line,) = library.remarks
    assert (line.key, worded(line.reasons)) == ("b", "the library defines no @string jmlr")


def test_macros_of_macros_do_not_grow_without_end(read) -> None:
    rows = ["@string{m0 = {xxxxxxxxxx}}"]
    rows += [f"@string{{m{n} = {' # '.join([f'm{n - 1}'] * 10)}}}" for n in range(1, 30)]
    library = read("\n".join([*rows, "@misc{a, title = {A} # m29, year = 2024}"]))
    assert len(library.papers[0].title) < 10**7


def test_what_a_part_takes_from_its_collection(read) -> None:
    library = read(
        """@inproceedings{part, title={Part}, author={Doe, Jane}, pages={3--5}, crossref={Whole}}
@inproceedings{other, title={Other}, xdata={first,common}}
@proceedings{whole, title={Proc. of Nets}, editor={Roe, Max}, year={2023}, doi={10.1000/whole}, pages={900}}
@xdata{first, xdata={common}, series={LNCS}}
@xdata{common, date={2022-05-01}, series={not this}}"""
    )
    part, other, whole = library.papers
    assert (part.title, part.journal_ref, part.published.year) == ("Part", "Proc. of Nets", 2023)
    assert part.doi is None
    assert part.citation is not None
    assert part.citation.fields == {
        "title": "Part",
        "author": "Doe, Jane",
        "pages": "3--5",
        "booktitle": "Proc. of Nets",
        "editor": "Roe, Max",
        "year": "2023",
    }
    assert other.citation is not None
    assert (other.published.year, other.citation.fields["series"]) == (2022, "LNCS")
    assert whole.title == "Proc. of Nets"


def test_entries_that_take_from_each_other_end(read) -> None:
    papers = read("@misc{a, title={A}, crossref={b}, year=1}\n@misc{b, title={B}, xdata={a,b}}").papers
    assert papers == ()


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Smith, John and ", ("John Smith",)),
        ("Smith, John; Doe, Jane; Roe, Max", ("John Smith", "Jane Doe", "Max Roe")),
        ("J. Smith, M. Doe, and K. Roe", ("J. Smith", "M. Doe", "K. Roe")),
        ("J. Smith, M. Doe, K. Roe, and A. B. See", ("J. Smith", "M. Doe", "K. Roe", "A. B. See")),
        ("Doe, Jane\u00a0and Roe, Max", ("Jane Doe", "Max Roe")),
        ("Doe, Jane AND\n  Roe, Max", ("Jane Doe", "Max Roe")),
        ("{Barnes and Noble} and van Gogh, Vincent", ("Barnes and Noble", "Vincent van Gogh")),
        ("King, Jr, Martin Luther", ("Martin Luther King Jr",)),
        ("{\\'E}tienne, Ren{\\'e}e", ("Renée Étienne",)),
    ],
)
def test_names_are_parted_in_many_ways(read, field: str, names: tuple[str, ...]) -> None:
    (paper,) = read(f"@misc{{a, title={{T}}, year=2024, author={{{field}}}}}").papers
    assert paper.authors == names


@pytest.mark.parametrize(
    ("field", "doi"),
    [
        (r"10.1007/978-3-319-24574-4\_28", "10.1007/978-3-319-24574-4_28"),
        (r"10.1000/a{\_}b", "10.1000/a_b"),
        ("http://dx.doi.org/10.1000/xyz", "10.1000/xyz"),
        ("https://doi.org/10.1000/xyz.", "10.1000/xyz"),
        ("doi:10.1000/xyz", "10.1000/xyz"),
        ("{{10.1000/xyz}}", "10.1000/xyz"),
        ("http://doi.acm.org/10.1145/1.2", "10.1145/1.2"),
        ("10.1000%2Fxyz", "10.1000/xyz"),
        ("10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",) * 2,
        ("not available", None),
        ("tbd (on zenodo)", None),
    ],
)
def test_a_doi_is_known_however_it_is_written(read, field: str, doi: str | None) -> None:
    (paper,) = read(f"@misc{{a, title={{T}}, year=2024, doi={{{field}}}}}").papers
    assert paper.doi == doi


@pytest.mark.parametrize(
    ("field", "url"),
    [
        (r"\url{https://lab.example/x\_y}", "https://lab.example/x_y"),
        (r"\href{https://lab.example/x}{our page}", "https://lab.example/x"),
        ("www.lab.example/x", "http://www.lab.example/x"),
        ("javascript:alert(1)", None),
        ("lab.example", None),
    ],
)
def test_only_addresses_of_the_web_are_links(read, field: str, url: str | None) -> None:
    (paper,) = read(f"@misc{{a, title={{T}}, year=2024, url={{{field}}}}}").papers
    assert paper.url == url


def test_a_field_that_is_there_twice_is_read_once(read) -> None:
    (paper,) = read("@misc{a, title={T}, title={U}, year=2024, keywords={one}, keywords={two}}").papers
    assert (paper.title, paper.categories) == ("T", ("one", "two"))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["Mu\u0308ller  b.pdf", "M\u00fcller  b.pdf", '{M{\\"u}ller  b.pdf}'])
def test_a_file_is_found_in_any_normal_form(read, tmp_path: Path, form: str, written: str) -> None:
    pdf = tmp_path / "library" / unicodedata.normalize(form, "Müller  b.pdf")
    pdf.write_bytes(b"%PDF-1.5\n%%EOF")
    library = read(f"@misc{{a, title={{T}}, year=2024, file={{{written.strip('{}')}}}}}")
    assert library.papers[0].pdf == pdf.resolve()
    assert library.remarks == library.missing == ()


@pytest.mark.parametrize(
    ("field", "name"),
    [("b.pdf", "b.pdf"), ("b.pdf:b.pdf:application/pdf", "b.pdf"), ("C$\\backslash$:/x/b.pdf", None)],
)
def test_a_pdf_that_is_not_there_is_a_remark(read, tmp_path: Path, field: str, name) -> None:
    library = read(f"@misc{{a, title={{T}}, year=2024, file={{{field}}}}}")
    assert library.papers[0].pdf is None
    assert len(library.remarks) == 1
    if name:
        assert library.missing == ((tmp_path / "library" / name).resolve(),)


def test_names_of_files_of_a_machine_are_not_cited(read) -> None:
    (paper,) = read(
        "@misc{a, title={T}, year=2024, file={:/Users/jane/a.pdf:PDF}, bdsk-file-1={YnBsaXN0}, note={n}}"
    ).papers
    assert paper.citation is not None
    assert set(paper.citation.fields) == {"title", "year", "note"}


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file; correct the path"):
        read_library(tmp_path / "none.bib", topic="T")


def test_a_library_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "old.bib").write_bytes("@misc{a, title={Étude}}".encode("latin-1"))
    with pytest.raises(ConfigurationError, match="is not in UTF-8; save it in that encoding"):
        read_library(tmp_path / "old.bib", topic="T")


def test_comments_and_preambles_are_not_reports(read) -> None:
    library = read('% mine\n@comment{x}\n@preamble{"y"}\nfree text\n@misc{a, title={T}, year=2024}')
    assert [paper.id for paper in library.papers] == ["a"]


def test_an_editor_stands_in_for_an_author(read) -> None:
    (paper,) = read("@book{a, title={T}, year=2024, editor={Lovelace, Ada}}").papers
    assert paper.authors == ("Ada Lovelace",)


@pytest.mark.parametrize(
    ("broken", "ids", "lines"),
    [
        (
            "@misc{a, title={A}, year=2023}\n\n@misc{b, title={B,\n year=1\n\n@misc{c, title={C}, year=1999}",
            ["a", "c"],
            [3],
        ),
        ("\n\n@article{a, title={A}, year=2023\n", [], [3]),
        ("% ours\r\n@article{a title={A}, year=2023}\r\n", ["a"], []),
        ("@misc{a, title={A} year=2023}", ["a"], []),
        ("@misc{a, title={A},\n% doi = {1},\n  % pages = {2},\n year=2023,\n% note={n}\n}", ["a"], []),
        ("@misc{a, title={A}, year=2023, abstract={Write to us\n@inline{no entry} here}}", ["a"], []),
        ("jane@lab.example wrote this\n@misc{a, title={A}, year=2023}", ["a"], []),
        ('@misc{b, title="B, year=2023}\n@misc{a, title="A", year=2023}', ["a"], [1]),
    ],
)
def test_a_fault_costs_no_other_entry(read, caplog, broken: str, ids, lines) -> None:
    caplog.set_level("DEBUG")
    library = read(broken)
    assert [paper.id for paper in library.papers] == ids
    assert [line.reasons[0].values["line"] for line in library.left_out] == list(map(str, lines))
    assert caplog.records == []


def test_a_library_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.bib"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(ConfigurationError, match="the file has more than 32 MiB; divide it"):
        read_library(path, topic="T")


def test_accents_of_accents_do_not_take_for_ever(read) -> None:
    (paper,) = read("@misc{a, year=2024, title={" + "\\'{" * 50 + "e" + "}" * 50 + "}}").papers
    assert "e" in paper.title


def test_commands_that_are_not_whole_are_not_logged(read, caplog) -> None:
    (paper,) = read(r"@misc{a, year=2024, title={A \ensuremath\ensuremath net \frac \'}}").papers
    assert "net" in paper.title
    assert caplog.records == []
