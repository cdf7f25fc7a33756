"""Links lead to arXiv and to the addresses that the paper names."""

from dataclasses import replace

import pytest

from mkdocs_paperdigest.models import Document, Entry
from mkdocs_paperdigest.pages.render.links import links_of, page_url
from tests.pages import papers


def found_in(text: str, links: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    paper = replace(papers.DAWN, abstract=text, comment=None, doi=None)
    links = links_of(Entry(paper, Document("pdf", links=links)))
    return [(link.kind, link.url) for link in links if link.kind in {"code", "project"}]


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
        ("https://huggingface.co/owner/name", "code"),
        ("https://huggingface.co/datasets/owner/name", "code"),
        ("https://gist.github.com/owner/0123456789", "code"),
        ("https://huggingface.co/spaces/owner", "project"),
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
