"""Escaped text comes out of Markdown as the same text, and adds no element or attribute."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser

import lxml.html
import markdown
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.pages.escaping.escape import (
    escape,
    escape_attribute,
    escape_description,
    escape_title,
    inert,
    path_segment,
    safe_address,
)
from mkdocs_paperdigest.pages.escaping.mathematics import neutral, typeset
from mkdocs_paperdigest.text import publishable
from tests.pages.papers import HOSTILE

EXTENSIONS = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc",
    "pymdownx.arithmatex", "pymdownx.betterem", "pymdownx.caret", "pymdownx.critic", "pymdownx.details",
    "pymdownx.emoji", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.magiclink",
    "pymdownx.mark", "pymdownx.snippets", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist",
    "pymdownx.tilde",
]  # fmt: skip
"""Extensions that sites on Material usually enable, without smartsymbols, which turns `1st` into a superscript."""

TRAPS = st.sampled_from(
    ["[x](http://[bad)", "<script>", "--8<-- \"x\"", "{: onclick=x }", "__a__", "**", "$x$", "\\(x\\)", "`", "~~~",
     "![", "](", "[^1]:", "*[a]:", "&amp;", "&#60;", "\x02", "\x03", "klzzwxh:0001", "\ud800", "\u202e", "{{ x }}",
     "{% x %}", "@bob", "[@bob]", "http://a.b", "a@b.c", "1. ", "- ", "# ", "> ", "| a |", "===", "---", ":smile:",
     "++ctrl++", "==m==", "H~2~O", "!!! note", "??? x", "=== \"t\"", "\n", "\n\n", "    ", "\t", "\u2028", "\x85"]
)  # fmt: skip
TEXT = st.lists(st.one_of(TRAPS, st.text(max_size=20)), max_size=12).map("".join)


class Reader(HTMLParser):
    """Reads a page as a browser does: its text, its tags, its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.text)).strip()


@pytest.fixture(scope="module")
def parser() -> markdown.Markdown:
    return markdown.Markdown(extensions=EXTENSIONS)


def read(parser: markdown.Markdown, source: str) -> Reader:
    parser.reset()
    return Reader(parser.convert(source))


@given(text=TEXT)
@settings(max_examples=60)
@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("Lead {} tail", ["p"]),
        ("- {}", ["ul", "li"]),
        ("## {} {{ #fixed .pd-title }}", ["h2"]),
        ("> {}", ["blockquote", "p"]),
        ("<p class='a'>{}</p>", ["p"]),
        ("<div markdown='1'>\n\n{}\n\n</div>", ["div", "p"]),
    ],
)
def test_text_stays_the_same_text_in_every_place_of_a_page(
    source: str, tags: list[str], text: str, parser: markdown.Markdown
) -> None:
    page = read(parser, source.format(escape(f"x{text}x")))
    assert publishable(f"x{text}x") in page.words
    assert page.tags == tags


@given(text=TEXT)
@settings(max_examples=60)
def test_text_stays_the_same_text_in_links_alt_texts_and_attributes(text: str) -> None:
    parser = markdown.Markdown(extensions=["attr_list", "md_in_html"])
    wanted = publishable(f"x{text}x")
    source = f'[{escape(wanted)}](a.md)\n\n![{escape(wanted)}](b.png){{ width="1" }}\n\n<p title="{escape(wanted)}">y</p>'
    page = Reader(parser.convert(source))
    assert page.tags == ["p", "a", "p", "img", "p"]
    assert page.words.split("\n")[0].startswith(wanted)
    assert page.attributes["alt"] == wanted
    assert page.attributes["title"] == wanted
    assert set(page.attributes) == {"href", "alt", "src", "width", "title"}


@given(text=TEXT)
def test_titles_and_descriptions_survive_yaml_and_cannot_leave_their_element(text: str) -> None:
    meta = {"title": escape_title(text), "description": escape_description(text)}
    again = yaml.safe_load(yaml.safe_dump(meta, allow_unicode=True, width=float("inf")))
    assert again == meta
    assert html.unescape(again["title"]) == inert(publishable(text), in_front_matter=True)
    assert not re.search(r"[<>{}\"]", again["title"])
    assert not re.search(r"[<>{}\"']", again["description"])


_MARKS = [*"<>\"'`= &;#x/A\u200e", "lt", "gt", "quot", "amp", "#60", "#x3c", "equals"]
MARKS = st.lists(st.sampled_from(_MARKS), max_size=25).map("".join)


@given(text=TEXT | MARKS)
def test_an_attribute_that_is_decoded_any_number_of_times_cannot_end_or_become_markup(text: str) -> None:
    for value in (escape_attribute(text), escape_description(text), escape_title(text)):
        seen = value
        for _ in range(9):
            seen = html.unescape(seen)
            assert not re.search("[<>]", seen)
            # Without a `=` the end of an attribute cannot begin another one.
            assert not ("=" in seen and re.search("[\"'`]", seen))


@given(text=TEXT | MARKS)
def test_the_rule_for_attributes_changes_nothing_twice(text: str) -> None:
    once = escape_attribute(text)
    assert escape_attribute(once) == once
    assert inert(inert(text)) == inert(text)


@pytest.mark.parametrize(
    "text", ['Q&A: AT&T\'s "gate"', "x = y & z", "R&D; 5 = 5", "`code`", "&c. and so on"]
)
def test_an_honest_attribute_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


@given(text=MARKS)
def test_an_address_that_is_decoded_again_cannot_end_its_attribute(text: str) -> None:
    address = safe_address(f"https://a.example/?x=1&{text.replace(' ', '')}")
    for _ in range(9 if address else 0):
        address = html.unescape(address)
        assert not re.search("[<>\"'`]", address)


def test_a_query_that_looks_like_a_character_keeps_its_meaning() -> None:
    assert safe_address("https://a.example/?n=1&lt=5") == "https://a.example/?n=1&%6Ct=5"
    assert safe_address("https://a.example/?n=1&copy=5") == "https://a.example/?n=1&copy=5"


def test_a_description_is_cut_at_a_word() -> None:
    assert escape_description("word " * 100, limit=20) == "word word word word…"


def test_a_description_without_spaces_between_words_is_cut_at_its_limit() -> None:
    chinese = "Transformer 模型，" + "逐帧生成说话人的面部视频。" * 30
    cut = escape_description(chinese, limit=200)
    assert 190 < len(cut) <= 201
    assert re.search(r"\w…$", cut)


def test_escaping_leaves_no_punctuation_that_any_extension_could_read() -> None:
    assert re.fullmatch(r"(?:[^\x00-\x7f]|[\w ,]|&#\d+;)*", escape(HOSTILE))


def test_a_key_cannot_begin_emphasis_in_the_attributes_of_a_heading(parser: markdown.Markdown) -> None:
    page = read(parser, f'## Title {{ id="{path_segment("a-_b_-c__d_")}" .pd-title }}')
    assert page.tags == ["h2"]
    assert page.words == "Title"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "http://[bad", "https://a.b/x y", "https://u:p@a.b/", "ftp://a.b/", "//a.b/", "https://a",
        'https://a.b/"onmouseover=x', "https://a.b:99999/", "data:text/html,x", "", "https://a.b/" + "x" * 2000,
        "http://localhost.:80/", "http://127.0.0.1/", "http://127.1/", "http://0x7f.0.0.1/", "http://0.0.0.0/", "http://10.1.2.3/",
        "http://172.16.0.1/", "http://192.168.0.1/", "http://169.254.169.254/", "http://100.64.0.1/", "http://[::ffff:127.0.0.1]/",
        "http://2130706433/", "http://1.2.0x7f/", "http://nas.local/", "http://x.internal/", "http://metadata.google.internal./",
    ],
)  # fmt: skip
def test_invalid_addresses_are_refused(url: str) -> None:
    assert safe_address(url) is None


def test_valid_addresses_keep_their_meaning() -> None:
    assert safe_address("https://93.184.216.34/x") == "https://93.184.216.34/x"
    assert safe_address("https://9gag.example/") == "https://9gag.example/"
    url = "https://example.org/a_b/~c?x=1&y=%20(2)#frag"
    assert safe_address(url) == url
    assert safe_address("https://例子.测试/路") == "https://%E4%BE%8B%E5%AD%90.%E6%B5%8B%E8%AF%95/%E8%B7%AF"


@pytest.mark.parametrize("name", ["2410.13786v1", "hep-th-9901001", "doe_2024"])
def test_safe_names_stay_as_they_are(name: str) -> None:
    assert path_segment(name) == name


def test_unsafe_names_become_safe_and_stay_different() -> None:
    names = {
        path_segment(name) for name in ("a b", "a/b", "a:b", "..", "../x", "报告", "\ud800", "", "a-_b_-c")
    }
    assert len(names) == 9
    assert all(
        re.fullmatch(r"[A-Za-z0-9-](?:[A-Za-z0-9]_[A-Za-z0-9]|[A-Za-z0-9.-])*", name) for name in names
    )


MAGIC = (
    "0123456789abcdef0123456789abcdef01234567 0123456789ABCDEF0123456789ABCDEF01234567 #123 !3 @name user/repo user/repo#1 "
    "user/repo@e46bee2 gitlab:a/b @github:a https://a.b/c www.x.org a@b.de https://github.com/a/b/issues/10"
)


@pytest.mark.parametrize("place", ["## {}", "<p markdown='1'>{}</p>", "{}", "- {}", "| a |\n| - |\n| {} |"])
@pytest.mark.parametrize("made", [escape, escape_attribute, typeset, neutral])
def test_magiclink_finds_nothing_in_external_text(place: str, made: Callable[[str], str]) -> None:
    options = {
        "repo_url_shorthand": True, "social_url_shorthand": True, "repo_url_shortener": True, "user": "u", "repo": "r",
        "normalize_issue_symbols": True,
    }  # fmt: skip
    parser = markdown.Markdown(
        extensions=["md_in_html", "tables", "pymdownx.magiclink"],
        extension_configs={"pymdownx.magiclink": options},
    )
    page = parser.convert(place.format(made(MAGIC)))
    assert "<a" not in page
    shown = lxml.html.fragment_fromstring(page, create_parent=True).text_content()
    assert " ".join(MAGIC.split()[:2]) in shown
    assert "<a" in parser.convert(place.format(MAGIC)), "the extension works"
