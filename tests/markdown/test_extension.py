"""Fences and links in people's own pages, by Python-Markdown alone."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from markdown import Markdown

from mkdocs_paperdigest.markdown import shows_papers
from tests.markdown.papers import DAWN, write_papers
from tests.processes import run_python

NAME = "mkdocs_paperdigest.markdown"
SUPER = [
    "pymdownx.superfences",
    "admonition",
    "pymdownx.details",
    "pymdownx.tabbed",
    "md_in_html",
    "footnotes",
]
FENCED = ["fenced_code", *SUPER[1:]]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    return write_papers(tmp_path / "papers.json")


def convert(text: str, papers: Path, extensions: list[Any], **configs: Any) -> lxml.html.HtmlElement:
    """The HTML of a page, in an element."""
    configs[NAME] = {"papers": str(papers)}
    html = Markdown(extensions=extensions, extension_configs=configs).convert(text)
    return lxml.html.fragment_fromstring(html, create_parent="main")


def cards(text: str, papers: Path, extensions: list[Any] | None = None) -> list[str]:
    """The ids of the papers that a page shows."""
    page = convert(text, papers, [*(extensions or SUPER), NAME])
    return [link.get("href").partition("#")[2] for link in page.cssselect("ul.pd-papers > li > a")]


@pytest.mark.parametrize("extensions", [SUPER, FENCED, []])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ["2410.13726", "2410.10000", "hep-th-9901001"]),
        ("latest: 1", ["2410.13726"]),
        ("topic: heads", ["2410.13726", "hep-th-9901001"]),
        ("topic: heads\nlatest: 1", ["2410.13726"]),
        ("topic: empty", []),
        (
            "ids: [hep-th/9901001v3, 2410.10000, arXiv:2410.13726]",
            ["hep-th-9901001", "2410.10000", "2410.13726"],
        ),
        ("ids: [2410.10000, 2410.10000]", ["2410.10000"]),
    ],
)
def test_which_papers(
    papers: Path, extensions: list[str], text: str, ids: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    page = f"Before\n\n```paperdigest\n{text}\n```\n\nAfter\n"
    assert cards(page, papers, extensions) == ids
    assert cards(page.replace("```", "~~~~"), papers, extensions) == ids
    assert caplog.records == []


def test_a_card(papers: Path) -> None:
    page = convert("```paperdigest\nlatest: 1\n```", papers, [*SUPER, NAME])
    (card,) = page.cssselect("ul.pd-newest.pd-papers.pd-cards[data-search-exclude] > li")
    link, time, authors, sentence, image = card
    assert link.get("href") == "digests/heads/2024-w42.md#2410.13726"
    assert link.text_content() == "DAWN: talking heads in \\(O(n^2)\\) & <more>"
    assert link.cssselect("span.arithmatex")
    assert (time.get("datetime"), time.text) == ("2024-10-17", "17 October 2024")
    assert authors.text == "Hanbo Cheng et al."
    assert (sentence.text, sentence.get("lang")) == (DAWN["summary"], "en")
    assert image.get("src") == DAWN["thumbnail"]


def test_a_list_has_neither_sentences_nor_pictures(papers: Path) -> None:
    page = convert("```paperdigest\nids: [2410.13726, hep-th/9901001]\nstyle: list\n```", papers, [NAME])
    (_, old) = page.cssselect("ul.pd-papers:not(.pd-cards) > li")
    assert [part.text_content() for part in old] == ["Old strings", "1999", "A. Elder, B. Elder"]
    assert not page.cssselect(".pd-teaser, img")


def test_labels_are_in_the_language_of_the_site(tmp_path: Path) -> None:
    paper = DAWN | {"title": "数字人", "summary": "一次生成全部画面。", "made": {"language": "zh"}}
    page = convert("```paperdigest\n```", write_papers(tmp_path / "p.json", paper, language="zh"), [NAME])
    link, time, authors, sentence, _ = page.cssselect("ul.pd-papers > li")[0]
    assert (link.text, time.text, authors.text) == ("数字人", "2024年10月17日", "Hanbo Cheng 等")
    assert sentence.get("lang") == "zh"


PLACES = {
    "plain": "{}",
    "after a paragraph": "words\n{}\nwords",
    "in an admonition": "!!! note\n\n{4}",
    "in details": "??? note\n\n{4}",
    "in a tab": '=== "A"\n\n{4}\n\n=== "B"\n\n    b',
    "in a list": "- one\n\n{4}\n\n- two",
    "close to its item": "1. one\n{4}",
    "in a list in an admonition": "!!! note\n\n    - one\n\n{8}",
    "in a quotation": "{>}",
    "in a footnote": "x[^1]\n\n[^1]:\n{4}",
    "in HTML with Markdown": '<div markdown="1">\n\n{}\n\n</div>',
    "in HTML": "<div>\n{}\n</div>",
    "within a longer fence": "````\n{}\n````",
    "within one of the other kind": "~~~ text\n{}\n~~~",
    "in indented code": "words\n\n{4}",
    "in indented code of a list": "- one\n\n{8}",
    "without an end": "{}{cut}",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("extensions", [SUPER, FENCED], ids=["superfences", "fenced_code"])
@pytest.mark.parametrize("ours_first", [True, False])
def test_a_fence_counts_where_one_of_code_would(
    papers: Path, extensions: list[str], place: str, ours_first: bool
) -> None:
    """What is made of a fence of Python at the same place decides."""

    def page(fence: str) -> str:
        lines = fence.split("\n")
        text = PLACES[place]
        if "{cut}" in text:
            return text.replace("{cut}", "").replace("{}", "\n".join(lines[:-1]))
        for spaces in (4, 8):
            text = text.replace(f"{{{spaces}}}", "\n".join(" " * spaces + line for line in lines))
        return text.replace("{>}", "\n".join(f"> {line}" for line in lines)).replace("{}", fence)

    used = [NAME, *extensions] if ours_first else [*extensions, NAME]
    # Neither highlights, so that code of a language has the class of it.
    plain = {"pymdownx.highlight": {"use_pygments": False}}
    code = convert(page("```python\nlatest: 1\n```"), papers, [*used, "pymdownx.highlight"], **plain)
    ours = convert(page("```paperdigest\nlatest: 1\n```"), papers, used)
    assert len(ours.cssselect("ul.pd-papers")) == len(
        code.cssselect("code.language-python, pre.language-python")
    )
    assert bool(ours.cssselect("ul.pd-papers")) != ("latest: 1" in ours.text_content())
    assert "wzxhzdk" not in ours.text_content()


def test_where_a_fence_counts(papers: Path) -> None:
    """The table above would also hold if neither ever counted."""
    fence = "```paperdigest\nlatest: 1\n```"
    inside = "\n".join(f"    {line}" for line in fence.split("\n"))
    for text in (
        fence,
        f'=== "A"\n\n{inside}',
        f"!!! note\n\n{inside}",
        f"- x\n\n{inside}",
        f"<div>\n{fence}\n</div>",
    ):
        assert cards(text, papers) == ["2410.13726"], text
    for text in (f"````\n{fence}\n````", f"x\n\n{inside}"):
        assert cards(text, papers) == []
        assert cards(text, papers, FENCED) == []
    assert cards("``` { .paperdigest #x }\nlatest: 1\n```", papers, FENCED) == ["2410.13726"]
    assert cards("``` { .paperdigest }\nlatest: 1\n```", papers) == ["2410.13726"]


def test_what_a_site_says_of_its_own_fences_stays(papers: Path) -> None:
    def shout(source: str, *_: object, **__: object) -> str:
        return f"<b>{source.upper()}</b>"

    own = [{"name": "shout", "class": "shout", "format": shout}]
    text = "```shout\nhi\n```\n\n```paperdigest\nlatest: 1\n```"
    page = convert(text, papers, [NAME, *SUPER], **{"pymdownx.superfences": {"custom_fences": own}})
    assert own == [{"name": "shout", "class": "shout", "format": shout}]
    assert page.cssselect("b")[0].text == "HI"
    assert page.cssselect("ul.pd-papers")
    own = [{"name": "paperdigest", "class": "x", "format": shout}]
    page = convert(text, papers, [NAME, *SUPER], **{"pymdownx.superfences": {"custom_fences": own}})
    assert page.cssselect("b")[0].text == "LATEST: 1"
    assert not page.cssselect("ul.pd-papers")


def test_links(papers: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = (
        "[one](paper:2410.13726), [**two**](paper:2410.13726v2 'x'), [](paper:2410.13726), [three][a], "
        "[four](PAPER:hep-th/9901001), `[five](paper:2410.13726)`\n\n[a]: paper:hep-th%2F9901001v1\n"
    )
    page = convert(text, papers, [NAME])
    dawn, old = "digests/heads/2024-w42.md#2410.13726", "digests/heads/1999-w01.md#hep-th-9901001"
    assert [(link.text_content(), link.get("href")) for link in page.cssselect("a")] == [
        ("one", dawn),
        ("two", dawn),
        ("DAWN: talking heads in O(n²) & <more>", dawn),
        ("three", old),
        ("four", old),
    ]
    assert page.cssselect("a strong, code")[-1].text == "[five](paper:2410.13726)"
    assert caplog.records == []


def test_a_paper_that_a_topic_only_names_is_no_mistake(
    papers: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A model found that it is about something else; another model may not."""
    text = (
        "[a](paper:2411.00009v2) [](paper:2411.00008)\n\n```paperdigest\nids: [2411.00009, 2410.13726]\n```"
    )
    page = convert(text, papers, [NAME])
    assert [(link.text, link.get("href")) for link in page.cssselect("p a")] == [
        ("a", "digests/heads/index.md"),
        ("2411.00008", "digests/gates/index.md"),
    ]
    assert len(page.cssselect("ul.pd-papers > li")) == 1
    assert caplog.records == []


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged, each a warning of MkDocs' plugins."""
    for record in caplog.records:
        assert record.levelno == logging.WARNING
        assert record.name.startswith("mkdocs.plugins.")
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize("extensions", [SUPER, FENCED])
def test_each_mistake_is_one_line(
    papers: Path, extensions: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    text = """\
See [one](paper:2410.13726) and [two](paper:2410.1).

```paperdigest
ids:
  - 2410.13726
  - 2410.13727
  - x
```

````
```paperdigest
lates: 5
```
````

```paperdigest
style: cards
lates: 5
```

    ```paperdigest
    latest: x
    ```

```paperdigest
topic: head
```

Again [two](paper:2410.1).
"""
    page = convert(text, papers, [NAME, *extensions])
    assert messages(caplog) == [
        "line 1: the digests show no paper `2410.1`",
        "line 29: the digests show no paper `2410.1`",
        "line 6: the digests show no paper `2410.13727`; did you mean `2410.13726`?; the digests show no paper `x`",
        "line 18: unknown key `lates`; did you mean `latest`?",
        "line 26: the digests have no topic `head`; did you mean `heads`?",
    ]
    # What can be shown is shown; the rest is what people wrote.
    assert len(page.cssselect("ul.pd-papers > li")) == 1
    assert [code.text for code in page.cssselect("pre > code") if code.text.startswith(("style", "topic"))]
    assert [span.text for span in page.cssselect("p > span")] == ["two", "two"]


def test_options_beside_the_language_are_a_mistake(papers: Path, caplog: pytest.LogCaptureFixture) -> None:
    convert('x\n\n```paperdigest title="Ours"\nlatest: 1\n```', papers, [NAME, *SUPER])
    assert messages(caplog) == ["line 3: `title` stands beside ```paperdigest; write options below it"]


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b"\xff", b'{"version": 2, "topics": [], "papers": []}']
)
def test_without_readable_papers(
    tmp_path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "papers.json"
    if content is not None:
        path.write_bytes(content)
    page = convert("```paperdigest\n```\n\n[x](paper:1)", path, [NAME])
    first, second = messages(caplog)
    assert first.startswith(f"line 4: {path}")
    assert second.startswith(f"line 1: {path}")
    assert "paperdigest export" in first
    assert not page.cssselect("a")


def test_by_default_papers_stand_below_docs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_papers(tmp_path / "docs/digests/papers.json")
    monkeypatch.chdir(tmp_path)
    assert "2410.13726" in Markdown(extensions=[NAME]).convert("```paperdigest\n```")
    assert caplog.records == []


def test_one_object_converts_page_after_page(papers: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Material's blog does not reset it between two excerpts."""
    md = Markdown(extensions=[NAME, *SUPER], extension_configs={NAME: {"papers": str(papers)}})
    assert "pd-papers" in md.convert("```paperdigest\n```")
    assert md.convert("words") == "<p>words</p>"
    assert "pd-papers" in md.convert("x\n\n```paperdigest\n```")
    md.convert("x\n\n```paperdigest\nids: [y]\n```")
    assert messages(caplog) == ["line 4: the digests show no paper `y`"]


class CountedList(list[Any]):
    """A list that counts how many of its items are looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            self.looks += 1
            yield item


def test_a_heading_does_not_search_all_blocks_of_its_page(papers: Path) -> None:
    looks = {}
    for size in (20, 80):
        md = Markdown(extensions=[*SUPER, "toc", NAME], extension_configs={NAME: {"papers": str(papers)}})
        stash = CountedList()
        md.htmlStash.rawHtmlBlocks = stash
        html = md.convert("## A heading\n\n```paperdigest\nlatest: 1\n```\n\n<hr>\n\n" * size)
        assert html.count("<ul class=") == size
        assert len(stash) >= 2 * size
        looks[size] = stash.looks
    assert looks[80] <= 5 * looks[20]


def test_changed_papers_are_read_again(papers: Path) -> None:
    text = "```paperdigest\nlatest: 1\n```"
    assert cards(text, papers) == ["2410.13726"]
    write_papers(papers, DAWN | {"id": "2411.00001", "anchor": "2411.00001", "title": "News"})
    assert cards(text, papers) == ["2411.00001"]


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("```paperdigest\n```", True),
        ("    ~~~~ {.paperdigest}\n", True),
        ("[x](paper:1)", True),
        ("[x]: Paper:1", True),
        ("`paperdigest` is ours\n```yaml\nplugins:\n  - paperdigest:\n```", False),
        ("A paper: it is long.", True),
        ("words", False),
    ],
)
def test_which_pages_may_show_papers(text: str, shows: bool) -> None:
    """One too many costs some milliseconds, one too few shows old papers."""
    assert shows_papers(text) is shows


def test_it_needs_neither_mkdocs_nor_the_pipeline(papers: Path) -> None:
    code = (
        "import sys, markdown\n"
        f"html = markdown.markdown('```paperdigest\\n```', extensions=['{NAME}'], "
        f"extension_configs={{'{NAME}': {{'papers': {str(papers)!r}}}}})\n"
        "assert 'pd-papers' in html\n"
        "parts = ('mkdocs', *(f'mkdocs_paperdigest.{name}' for name in "
        "('plugin', 'pipeline', 'storage', 'sources', 'documents', 'summaries', 'archive', 'cli')))\n"
        "print([name for name in parts if name in sys.modules])\n"
    )
    done = run_python(["-c", code], cwd=papers.parent, env=dict(os.environ), prepared=False)
    assert done.stdout.strip() == "[]"
