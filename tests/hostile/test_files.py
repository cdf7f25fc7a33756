"""What a site publishes beside its pages keeps its form too: search index, feeds, site map, BibTeX."""

import json
import re
from dataclasses import replace
from pathlib import Path

import lxml.etree
import lxml.html
import pytest
import yaml

from mkdocs_paperdigest.archive.records import Record, read_record, write_record
from mkdocs_paperdigest.archive.strict_yaml import read_yaml
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.pages.export.export import snippet
from mkdocs_paperdigest.pages.render.bibtex import bibtex
from mkdocs_paperdigest.sources.bibtex import read_blocks
from mkdocs_paperdigest.sources.library import read_library
from tests.hostile.conftest import URL, Attacked
from tests.hostile.papers import entry, paper
from tests.hostile.payloads import PAYLOADS, in_utf8
from tests.hostile.sources import IN_ENTRY, IN_METADATA, groups
from tests.pages.reading import check_data, check_feeds

SHOWN = {"h1", "h2", "h3", "h4", "p", "li", "ol", "ul", "code", "pre", "sub", "sup", "html", "body", "a"}  # fmt: skip


def test_the_search_index_holds_text_and_no_elements_of_theirs(attacked: Attacked) -> None:
    index = json.loads((attacked.site / "search/search_index.json").read_text("utf-8"))
    wrong = []
    for document in index["docs"]:
        for field in ("title", "text"):
            # Material puts both into the page as they are.
            fragment = lxml.html.fromstring(f"<div>{document[field]}</div>")
            wrong += [
                f"{document['location']}: {field}: {one.tag} {dict(one.attrib)}"
                for one in fragment.iterdescendants()
                if one.tag not in SHOWN or set(one.attrib) - {"id"}
            ]
        if not re.match(r"[\w./%-]*(#|$)", document["location"]):
            wrong.append(document["location"])
    assert wrong == []
    papers = [one for one in index["docs"] if re.search("archived/2024.*#2410", one["location"])]
    assert len(papers) == len(PAYLOADS) + 1


def test_feeds_and_the_site_map_are_sound_xml_with_text_alone(attacked: Attacked) -> None:
    feeds = sorted(attacked.site.glob("feed_rss_*.xml"))
    assert feeds
    for path in feeds:
        feed = lxml.etree.parse(path)
        found = feed.findall("channel/item")
        items = [item for item in found if "/digests/" in (item.findtext("link") or "")]
        assert len(items) >= 5
        for item in items:
            for name in ("title", "description"):
                fragment = lxml.html.fromstring(f"<div>{item.findtext(name) or ''}</div>")
                assert list(fragment.iterdescendants()) == [], path.name
            assert (item.findtext("link") or "").startswith(URL)
    places = lxml.etree.parse(attacked.site / "sitemap.xml").findall("{*}url/{*}loc")
    assert places
    assert all((place.text or "").startswith(URL) for place in places)
    for path in attacked.site.glob("feed_json_*.json"):
        assert json.loads(path.read_text("utf-8"))["items"]


def test_our_feeds_and_data_are_sound_and_hold_text_alone(attacked: Attacked) -> None:
    found = check_feeds(attacked.site)
    assert len(found["digests/feed.xml"]) == 50
    assert set(found) >= {"digests/feed.xml", "digests/archived/feed.xml", "digests/found/feed.xml"}
    data = json.loads((attacked.site / "digests/papers.json").read_bytes())
    check_data(data)
    assert len(data["papers"]) > len(PAYLOADS)
    assert "<" not in (attacked.site / "digests/papers.json").read_text("utf-8")


def test_a_build_touches_no_file_that_an_attack_names(attacked: Attacked) -> None:
    root = attacked.built.root
    written = {Path(name) for kind, name in attacked.opened if kind == "write"}
    assert root / "site/search/search_index.json" in written
    ours = (root / ".cache", root / "site")
    elsewhere = {path for path in written if not any(path.is_relative_to(folder) for folder in ours)}
    # Python's own: compiled modules, and where the output goes.
    assert {
        path
        for path in elsewhere
        if path.suffix != ".pyc" and "pycache" not in str(path) and path != Path("/dev/null")
    } == set()
    read = {Path(name) for kind, name in attacked.opened if kind == "read"}
    assert root / "mkdocs.yml" in read
    named = re.compile("passwd|win[.]ini|id_rsa|[.]ssh|evil[.]example")
    assert {path for path in read if named.search(str(path)) and not path.is_relative_to(root)} == set()
    assert not list(root.rglob("pwned*"))


@pytest.mark.parametrize(
    ("slug", "count"),
    [
        ("archived", len(PAYLOADS) + 1),
        ("found", len(groups(IN_METADATA))),
        ("reports", len(groups(IN_ENTRY))),
    ],
)
def test_a_bibliography_has_one_entry_a_paper_and_no_fields_of_theirs(
    attacked: Attacked, slug: str, count: int
) -> None:
    blocks = list(read_blocks(attacked.site / f"digests/{slug}/{slug}.bib"))
    assert len(blocks) == count
    known = {
        "title", "author", "institution", "year", "month", "eprint", "archiveprefix", "primaryclass",
        "url", "doi", "note",
        # As the library has them.
        "abstract", "keywords", "journal",
    }  # fmt: skip
    assert {name for block in blocks for name in block.fields} <= known


# What TeX can do to whoever compiles it: read and write files, run programs, define anew, end the text.
ACTING = re.compile(
    r"\\(?:input|write\d*|immediate|openout|openin|read|csname|catcode|directlua|def|gdef|newcommand|begin|end"
    r"|require|include\w*|href)(?![A-Za-z])|\^\^"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def test_bibtex_tells_tex_to_do_nothing() -> None:
    made = {one.name: bibtex(paper(one.text, one.number)) for one in PAYLOADS}
    assert {name: found for name, text in made.items() if (found := ACTING.search(text))} == {}


def test_a_record_that_was_written_is_read_as_the_same() -> None:
    for payload in PAYLOADS:
        one = entry(in_utf8(payload.text), payload.number)
        record = Record(one.paper, notes=one.note, trouble=one.trouble, summary=one.summary)
        record = replace(record, document=one.document)
        content = write_record(record)
        assert content is not None
        again = read_record(content, Path(f"{one.paper.slug}.yaml"))
        assert replace(again, generated={}) == record, payload.name
        assert write_record(record, again) is None, payload.name


def test_yaml_by_hand_is_text_or_an_error_in_plain_words() -> None:
    for payload in PAYLOADS:
        for style in ("{}", '"{}"', "'{}'", "|\n  {}", "[{}]", "{{{}}}"):
            written = f"title: {style.format(payload.text)}\n".encode("utf-8", "surrogatepass")
            try:
                assert _is_plain(read_yaml(written, Path("x.yaml")).content), payload.name
            except ConfigurationError as error:
                message = str(error)
                assert not CONTROL.search(message), payload.name


def _is_plain(content: object) -> bool:
    """Whether there is nothing but text, lists and mappings."""
    match content:
        case dict():
            return all(map(_is_plain, (*content.keys(), *content.values())))
        case list():
            return all(map(_is_plain, content))
    return content is None or isinstance(content, str)


def test_bibtex_by_hand_is_a_library_or_an_error_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "outside.pdf").write_bytes(b"%PDF-1.4 secret")
    path = tmp_path / "inside/x.bib"
    path.parent.mkdir()
    for payload in PAYLOADS:
        fields = {"title": "A", "year": "2023"}
        for names in (("title",), ("file",), ("author", "url", "eprint", "month", "keywords")):
            made = fields | dict.fromkeys(names, in_utf8(payload.text))
            lines = "".join(f"  {name} = {{{value}}},\n" for name, value in made.items())
            path.write_text(f"@techreport{{key,\n{lines}}}\n", "utf-8")
            try:
                papers = read_library(path, topic="T").papers
            except ConfigurationError as error:
                message = str(error)
                assert not CONTROL.search(message), (payload.name, names)
                continue
            assert all(one.pdf is None for one in papers), (payload.name, names)
            assert all(re.match("https?://", one.url or "http://") for one in papers), payload.name


def test_the_navigation_of_an_export_names_topics_as_text(tmp_path: Path) -> None:
    titles = [in_utf8(payload.text) for payload in PAYLOADS]
    topics = tuple(Topic(title, f"topic-{number}") for number, title in enumerate(titles))
    read = yaml.safe_load(snippet(Options(topics, cache_dir=tmp_path)))
    (listed,) = read["nav"][0].values()
    wanted = [{title: f"digests/topic-{number}/index.md"} for number, title in enumerate(titles)]
    assert listed[1:] == wanted
    assert set(read) == {"nav", "extra_css", "extra_javascript", "markdown_extensions"}
