"""Reads feeds and data as strictly as their rules are: RFC 4287, RFC 3339, JSON Feed 1.1, the schema in the docs."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import lxml.html
from lxml import etree

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
_DATA = Path(__file__).parents[2] / "docs/papers.schema.json"
_RULES = Path(__file__).with_name("atom.rng")
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_ADDRESS = {"type": "string", "pattern": "^https?://[^/ ]+/[^ ]*$"}
_AUTHORS = {
    "type": "array",
    "items": {
        "properties": {"name": {"type": "string", "minLength": 1}, "url": _ADDRESS, "avatar": _ADDRESS},
        "minProperties": 1,
    },
}
_ATTACHMENT = {
    "required": ["url", "mime_type"],
    "properties": {
        "url": _ADDRESS,
        "mime_type": {"pattern": "^[a-z]+/[a-z0-9.+-]+$"},
        "title": {"type": "string"},
        "size_in_bytes": {"type": "integer"},
    },
    "additionalProperties": False,
}
_ITEM = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "url": _ADDRESS,
        "external_url": _ADDRESS,
        "title": {"type": "string"},
        "content_html": {"type": "string"},
        "content_text": {"type": "string"},
        "summary": {"type": "string"},
        "image": _ADDRESS,
        "banner_image": _ADDRESS,
        "date_published": _MOMENT,
        "date_modified": _MOMENT,
        "authors": _AUTHORS,
        "tags": {"type": "array", "items": {"type": "string"}},
        "language": {"pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
        "attachments": {"type": "array", "items": _ATTACHMENT},
    },
    "patternProperties": {"^_": {"type": "object"}},
    "additionalProperties": False,
}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        "home_page_url": _ADDRESS,
        "feed_url": _ADDRESS,
        "description": {"type": "string"},
        "user_comment": {"type": "string"},
        "next_url": _ADDRESS,
        "icon": _ADDRESS,
        "favicon": _ADDRESS,
        "authors": _AUTHORS,
        "language": {"pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {"type": "array", "items": _ITEM},
    },
    "patternProperties": {"^_": {"type": "object"}},
    "additionalProperties": False,
}
"""The rules of https://www.jsonfeed.org/version/1.1/."""


def entries_of(path: Path) -> list[etree._Element]:
    return etree.parse(path).findall("atom:entry", ATOM)


def said(entry: etree._Element, name: str) -> str:
    return entry.findtext(f"atom:{name}", "", ATOM)


def links_of(entry: etree._Element) -> list[tuple[str, str]]:
    return [(link.get("rel"), link.get("href")) for link in entry.findall("atom:link", ATOM)]


def check_feeds(folder: Path) -> dict[str, list[str]]:
    """Checks all feeds below a folder; returns the ids of each one's items, by its path."""
    rules = etree.RelaxNG(etree.parse(_RULES))
    found = {}
    for path in sorted(folder.rglob("feed.xml")):
        document = etree.parse(path, etree.XMLParser(resolve_entities=False))
        rules.assertValid(document)
        root = document.getroot()
        entries = entries_of(path)
        ids = [said(entry, "id") for entry in entries]
        assert len(set(ids)) == len(ids) <= 50
        moments = [element.text for element in root.iter("{*}updated", "{*}published")]
        assert all(re.fullmatch(_MOMENT["pattern"], moment) for moment in moments), moments
        assert root.findtext("atom:updated", "", ATOM) == max(
            (said(entry, "updated") for entry in entries), default="1970-01-01T00:00:00Z"
        )
        for link in root.iter("{*}link"):
            assert re.match(_ADDRESS["pattern"], link.get("href")), link.get("href")
        for entry in entries:
            check_html(said(entry, "content"))
        assert all(re.match(r"(https://arxiv\.org/abs/|tag:[a-z0-9.-]+,\d{4}:)\S+$", one) for one in ids), ids
        opened = feedparser.parse(path.read_bytes())
        assert not opened.bozo
        assert [entry.id for entry in opened.entries] == ids
        data = json.loads(path.with_suffix(".json").read_bytes())
        jsonschema.validate(data, JSON_FEED)
        _check_same(entries, data["items"])
        found[path.relative_to(folder).as_posix()] = ids
    return found


def check_html(content: str) -> None:
    """Only our own elements, and nothing that acts."""
    body = lxml.html.fragment_fromstring(content, create_parent="body")
    for element in body.iter():
        assert element.tag in {"body", "p", "b", "ul", "li", "br", "small", "q", "a", "blockquote"}, content
        assert set(element.attrib) <= ({"href"} if element.tag == "a" else set()), content
        assert re.match("https?://", element.get("href", "https://")), content


def check_data(papers: dict[str, Any]) -> None:
    """Checks `papers.json` against the schema in the docs."""
    schema = json.loads(_DATA.read_text("utf-8"))
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert not [f"{error.json_path}: {error.message}" for error in checker.iter_errors(papers)]


def _check_same(entries: list[etree._Element], items: list[dict[str, Any]]) -> None:
    """Both forms of a feed say the same."""
    assert len(entries) == len(items)
    for entry, item in zip(entries, items, strict=True):
        links = dict(links_of(entry))
        assert item["id"] == said(entry, "id")
        assert item["title"] == said(entry, "title")
        assert (item["url"], item["external_url"]) == (links["alternate"], links["related"])
        assert item["content_html"] == said(entry, "content")
        assert item.get("summary", "") == said(entry, "summary")
        dates = (said(entry, "published"), said(entry, "updated"))
        assert (item["date_published"], item["date_modified"]) == dates
        assert datetime.fromisoformat(dates[1]).utcoffset() is not None
        names = [name.text for name in entry.findall("atom:author/atom:name", ATOM)]
        assert [author["name"] for author in item.get("authors", [])] == names
        assert item["tags"] == [category.get("term") for category in entry.findall("atom:category", ATOM)]
        pictures = [one["url"] for one in item.get("attachments", [])]
        assert pictures == ([links["enclosure"]] if "enclosure" in links else [])
