"""Links lead to arXiv and to the addresses that the paper names."""

from dataclasses import replace

import pytest

from mkdocs_paperdigest.addresses import place
from mkdocs_paperdigest.models import Document, Entry
from mkdocs_paperdigest.pages.render.links import links_of, page_url
from tests.pages import papers


def found_in(text: str, links: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    paper = replace(papers.DAWN, abstract=text, comment=None, doi=None)
    links = links_of(Entry(paper, Document("pdf", links=links)))
    return [(link.kind, link.url) for link in links if link.kind not in {"abstract", "pdf", "html"}]


def names_in(text: str, links: tuple[str, ...] = ()) -> list[str]:
    """Kind and name of each link, as a page words them."""
    paper = replace(papers.DAWN, abstract=text, comment=None, doi=None)
    found = links_of(Entry(paper, Document("pdf", links=links)))[3:]
    return [f"{link.kind}: {link.name}" for link in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Code: https://github.com/a/b.", [("code", "https://github.com/a/b")]),
        ("(see https://a.github.io/b/)", [("project", "https://a.github.io/b/")]),
        ("https://a.org/b_(c), and", [("project", "https://a.org/b_(c)")]),
        ("代码见https://github.com/a/b。", [("code", "https://github.com/a/b")]),
        ("【代码：https://github.com/a/b】：见", [("code", "https://github.com/a/b")]),
        ("“https://github.com/a/b”…", [("code", "https://github.com/a/b")]),
        ("https://github.com/a/b and https://github.com/a/b/", [("code", "https://github.com/a/b")]),
        ("https://p.org first, https://gitlab.com/x/y later", [("code", "https://gitlab.com/x/y"), ("project", "https://p.org")]),
        ("https://arxiv.org/abs/2410.13726v2 again", []),
        ("http://[bad https:///x javascript:alert(1) https://u:p@a.org/", []),
    ],
)  # fmt: skip
def test_links_in_the_text_are_found_once_and_without_the_sentence(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert found_in(text) == found


def test_a_document_full_of_links_does_not_flood_the_entry() -> None:
    assert len(found_in("", tuple(f"https://a{number}.org/" for number in range(50)))) == 6


def test_all_that_say_what_they_are_are_shown() -> None:
    hub = "https://huggingface.co"
    urls = [f"{hub}/ada/a", f"{hub}/ada/b", f"{hub}/datasets/ada/a", "https://zenodo.org/records/1", "https://youtu.be/a",
            "https://github.com/ada/a", "https://github.com/ada/b", f"{hub}/spaces/ada/a"]  # fmt: skip
    assert len(found_in("Code, models and data: " + ", ".join(urls))) == len(urls)


def test_the_doi_of_a_journal_is_linked_and_the_one_of_arxiv_is_not() -> None:
    kinds = [link.kind for link in links_of(Entry(papers.DAWN))]
    assert "doi" not in kinds
    printed = replace(papers.DAWN, doi="10.1103/PhysRevD.59.106001")
    assert [link.url for link in links_of(Entry(printed)) if link.kind == "doi"] == [
        "https://doi.org/10.1103/PhysRevD.59.106001"
    ]


def test_an_invalid_doi_does_not_end_the_build() -> None:
    broken = replace(papers.DAWN, doi="10.1234/\ud800x")
    assert "https://doi.org/10.1234/x" in [link.url for link in links_of(Entry(broken))]


def test_a_report_links_to_its_own_page() -> None:
    assert [(link.kind, link.url) for link in links_of(Entry(papers.REPORT))] == [
        ("page", "https://lab.example/reports/1")
    ]
    assert page_url(papers.REPORT, 3) == "https://lab.example/reports/1"
    assert page_url(replace(papers.REPORT, url=None), 3) is None


def test_old_ids_keep_their_slash() -> None:
    assert page_url(papers.OLD, 2) == "https://arxiv.org/pdf/hep-th/9901001v1#page=2"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/owner/name", "code"),
        ("https://www.github.com/owner/name/tree/main", "code"),
        ("https://gitlab.lab.example/group/sub/name", "code"),
        ("https://codeberg.org/owner/name", "code"),
        ("https://huggingface.co/owner/name", "model"),
        ("https://huggingface.co/datasets/owner/name", "dataset"),
        ("https://huggingface.co/spaces/owner/name", "space"),
        ("https://modelscope.cn/models/owner/name", "model"),
        ("https://www.kaggle.com/datasets/owner/name", "dataset"),
        ("https://youtu.be/MbCuEZadkIw", "video"),
        ("https://www.youtube.com/watch?v=MbCuEZadkIw", "video"),
        ("https://www.bilibili.com/video/BV1xx411c7mD/", "video"),
        ("https://vimeo.com/76979871", "video"),
        ("https://www.youtube.com/@lab", "project"),
        ("https://zenodo.org/records/6653906", "data"),
        ("https://doi.org/10.5281/zenodo.6653906", "data"),
        ("https://doi.org/10.6084/m9.figshare.123", "data"),
        ("https://osf.io/ab3cd/", "data"),
        ("https://anonymous.4open.science/r/faces-1A2B", "code"),
        ("https://youtube.com/", None),
        ("https://onlinelibrary.wiley.com/doi/10.1111/cgf.15000", None),
        ("https://arxiv.org/abs/1706.03762", None),
        ("https://gist.github.com/owner/0123456789", "code"),
        ("https://huggingface.co/owner", "project"),
        ("https://github.com/owner", "project"),
        ("https://owner.github.io/name", "project"),
        ("https://github.com", None),
        ("https://github.com/", None),
        ("https://huggingface.co/datasets", None),
        ("https://github.com/login/oauth/authorize?client_id=1", None),
        ("https://gitlab.com/oauth/authorize", None),
        ("https://huggingface.co/login", None),
        ("https://bitbucket.org/account/signin/", None),
        ("https://127.0.0.1/a/b", None),
        ("http://169.254.169.254/latest/meta-data", None),
        ("http://192.168.1.10/x", None),
        ("http://wiki/x", None),
        ("http://gitlab.local/a/b", None),
    ],
)
def test_code_has_an_owner_and_a_name_and_no_link_leads_into_the_readers_network(
    url: str, kind: str | None
) -> None:
    assert found_in(f"See {url} there") == ([(kind, url)] if kind else [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Code: https://github.com/ada/faces.git", ["code: ada/faces"]),
        ("Code: https://github.com/ada/faces/tree/main/src#readme", ["code: ada/faces"]),
        ("Code: https://gitlab.com/group/sub/name/-/tree/main", ["code: group/sub/name"]),
        ("Code: https://gitee.com/ada/faces and https://codeberg.org/ada/faces", ["code: ada/faces", "code: ada/faces"]),
        ("Models: https://huggingface.co/ada/faces-7b/tree/main", ["model: ada/faces-7b"]),
        ("Data: https://huggingface.co/datasets/ada/faces", ["dataset: ada/faces"]),
        ("Demo: https://huggingface.co/spaces/ada/faces", ["space: ada/faces"]),
        ("Data: https://zenodo.org/record/6653906", ["data: Zenodo"]),
        ("Data are on Zenodo (doi:10.5281/zenodo.6653906).", ["data: Zenodo"]),
        ("Code: https://anonymous.4open.science/r/faces-1A2B", ["code: anonymous.4open.science"]),
        ("Project page: https://ada.github.io/faces", ["project: "]),
        ("See https://ada.github.io/faces and https://faces.org/", ["project: ada.github.io", "project: faces.org"]),
        ("Code: https://github.com/ada/%3Cimg%3E", ["code: "]),
    ],
)  # fmt: skip
def test_a_link_is_named_as_what_it_is(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "again",
    [
        "http://github.com/ada/good-faces",
        "https://www.github.com/Ada/Good-Faces/",
        "https://github.com/ada/good-faces.git",
        "https://github.com/ada/good-faces.",
        "https://github.com/ada/good-faces/tree/main/data",
        "https://github.com/ada/good-faces/issues",
        "https://github.com/ada/goodfaces",
        "https://github.com/ada/good-",
    ],
)
def test_a_repository_is_linked_once_in_its_best_spelling(again: str) -> None:
    whole = "https://github.com/ada/good-faces"
    assert found_in(f"Code: {whole}", (again,)) == [("code", whole)]
    ((_, kept),) = found_in("", (again, whole))
    assert place(kept) == place(whole)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://youtu.be/MbCuEZadkIw", "https://www.youtube.com/watch?v=MbCuEZadkIw&t=3"),
        ("https://doi.org/10.5281/zenodo.6653906", "https://zenodo.org/records/6653906"),
        ("https://ada.github.io/faces/", "http://ada.github.io/faces/index.html"),
        ("https://hf.co/ada/faces", "https://huggingface.co/ada/faces"),
    ],
)
def test_two_addresses_of_one_thing_are_one_link(one: str, other: str) -> None:
    assert len(found_in(f"See {one}", (other,))) == 1
    assert len(found_in("", (other, one))) == 1


def test_a_stored_link_of_a_cited_work_is_left_out_again() -> None:
    text = "We train on LAION (https://laion.ai/blog/laion-5b). Code: https://github.com/ada/faces"
    stored = ("https://laion.ai/blog/laion-5b", "https://github.com/ada/faces")
    assert found_in(text, stored) == [("code", "https://github.com/ada/faces")]
