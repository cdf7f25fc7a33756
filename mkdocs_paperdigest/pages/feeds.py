"""Feeds of the newest papers: Atom 1.0 (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

Other people's text stands in them as text, and within HTML as escaped text. It passes `publishable`, so it holds no
character that XML cannot. Nothing depends on when or where they are written.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from mkdocs_paperdigest.arxiv.categories import category_name
from mkdocs_paperdigest.models import Claim, Paper
from mkdocs_paperdigest.pages.data import last_change, lasting_address
from mkdocs_paperdigest.pages.escaping.escape import shorten
from mkdocs_paperdigest.pages.escaping.mathematics import plain
from mkdocs_paperdigest.pages.labels import Language
from mkdocs_paperdigest.pages.plan.contents import Feed, PageEntry, SiteAddress
from mkdocs_paperdigest.pages.render.links import ARXIV, links_of, page_url
from mkdocs_paperdigest.pages.render.provenance import provenance
from mkdocs_paperdigest.text import publishable

_NAME, _TEASER = 200, 400
"""The most characters of a name, and of an abstract that stands in for a summary."""
_TAG_DAY = "2026"
"""The day of all tag URIs (RFC 4151, 2.1): an id must not change, so it is none that could."""
_EMPTY = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without items was changed: Atom wants a date, and the day of the build would differ in each."""
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Item:
    """A paper as both formats state it."""

    id: str
    title: str
    url: str
    lasting: str
    published: str
    updated: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    """arXiv's, or keywords of the library."""
    topics: tuple[str, ...]
    summary: str
    content: str
    """HTML."""
    language: str | None
    image: str | None
    image_title: str


Known = dict[int, tuple[PageEntry, Item]]
"""Items of entries, by the entries' `id`: the same entry stands in the feeds of its topic and of all, in two formats."""


def atom(feed: Feed, language: Language, known: Known | None = None) -> str:
    """The feed as Atom; each entry links to its place on the page of its period, then to its lasting address.

    Arguments:
        feed: What to write.
        language: Of the labels.
        known: Items that other feeds of the same site and build have made; new ones are added.
    """
    items = _items(feed, language, known)
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language.code})
    home = feed.site.page(feed.home)
    _add(root, "id", _address(feed))
    _add(root, "title", _title(feed, language))
    if description := _description(feed):
        _add(root, "subtitle", description)
    _add(root, "updated", _updated(items))
    # For papers without authors: an entry has to have one.
    _add(_add(root, "author"), "name", feed.site.name)
    _add(root, "link", rel="self", type="application/atom+xml", href=_address(feed))
    _add(root, "link", rel="alternate", type="text/html", href=home)
    for item in items:
        entry = _add(root, "entry")
        _add(entry, "id", item.id)
        _add(entry, "title", item.title)
        _add(entry, "link", rel="alternate", type="text/html", href=item.url)
        _add(entry, "link", rel="related", type="text/html", href=item.lasting)
        if item.image:
            _add(entry, "link", rel="enclosure", type="image/webp", href=item.image, title=item.image_title)
        _add(entry, "published", item.published)
        _add(entry, "updated", item.updated)
        for name in item.authors:
            _add(_add(entry, "author"), "name", name)
        for category in item.categories:
            _add(entry, "category", term=category, **_meaning(category))
        for topic in item.topics:
            _add(entry, "category", term=topic)
        spoken = {"xml:lang": item.language} if item.language else {}
        if item.summary:
            _add(entry, "summary", item.summary, type="text", **spoken)
        _add(entry, "content", item.content, type="html", **spoken)
    ET.indent(root, space="")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def json_feed(feed: Feed, language: Language, known: Known | None = None) -> str:
    """The feed as JSON Feed; see `atom`."""
    items = []
    for item in _items(feed, language, known):
        stated: dict[str, Any] = {
            "id": item.id,
            "url": item.url,
            "external_url": item.lasting,
            "title": item.title,
            "content_html": item.content,
            "summary": item.summary,
            "date_published": item.published,
            "date_modified": item.updated,
            "authors": [{"name": name} for name in item.authors],
            "tags": [*item.categories, *item.topics],
            "language": item.language,
            "attachments": [{"url": item.image, "mime_type": "image/webp", "title": item.image_title}]
            if item.image
            else None,
        }
        items.append({name: value for name, value in stated.items() if value})
    whole: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(feed, language),
        "home_page_url": feed.site.page(feed.home),
        "feed_url": _address(feed),
        "description": _description(feed),
        "authors": [{"name": feed.site.name}],
        "language": language.code,
        "items": items,
    }
    stated = {name: value for name, value in whole.items() if value or name == "items"}
    return json.dumps(stated, ensure_ascii=False, indent=0) + "\n"


def item_id(paper: Paper, site: SiteAddress) -> str:
    """What tells readers that they know an item: the same whatever topic, page or version it stands for.

    A report that is not on arXiv gets a tag URI (RFC 4151) of the site; two sites of one host have different folders.
    """
    if paper.on_arxiv:
        return f"{ARXIV}/abs/{quote(paper.id, safe='/')}"
    parts = urlsplit(site.url)
    host = parts.hostname or ""
    with suppress(UnicodeError):  # no name of the DNS
        host = host.encode("idna").decode()
    folder, key = quote(parts.path, safe="/%"), quote(paper.id.encode("utf-8", "replace"), safe="")
    return f"tag:{re.sub(r'[^a-z0-9.-]', '-', host.lower())},{_TAG_DAY}:{folder}{key}"


def _items(feed: Feed, language: Language, known: Known | None) -> list[Item]:
    known = {} if known is None else known
    for entry in feed.papers:
        if id(entry) not in known:
            # The entry is kept beside its item, so that no other gets its `id`.
            known[id(entry)] = (entry, _item(entry, feed, language))
    return [known[id(entry)][1] for entry in feed.papers]


def _item(item: PageEntry, feed: Feed, language: Language) -> Item:
    paper, site, summary = item.paper, feed.site, item.summary
    abstract = _plain(paper.abstract)
    said = summary.summary if summary else None
    code = summary.language if summary and said else "en" if paper.on_arxiv else None
    figure = item.leading
    page = f"{feed.base}{item.place.slug}/{item.place.page}"
    return Item(
        id=item_id(paper, site),
        title=_plain(paper.title) or publishable(paper.key),
        url=f"{site.page(page)}#{quote(item.place.anchor)}",
        lasting=f"{site.url}{lasting_address(item, feed.base)}",
        published=_moment(paper.published),
        updated=_moment(last_change(item)),
        authors=tuple(filter(None, (shorten(name, _NAME) for name in paper.authors))),
        categories=tuple(filter(None, map(publishable, paper.categories))),
        topics=tuple(publishable(place.topic) for place in (item.place, *item.also_in)),
        summary=_plain(said) if said else shorten(abstract, _TEASER),
        content="\n".join(_content(item, language)),
        language=code if code and _LANGUAGE.fullmatch(code) else None,
        image=site.file(f"{feed.base}{item.assets}/{figure.image}") if figure else None,
        image_title=publishable(figure.label) if figure else "",
    )


def _content(item: PageEntry, language: Language) -> Iterator[str]:
    """What the entry says before it is opened, and how that was made, as paragraphs of HTML."""
    paper, summary = item.paper, item.summary
    if summary and summary.title_translation:
        yield f"<p><b>{_text(summary.title_translation)}</b></p>"
    if changes := item.entry.changes:
        parts = language.label("lists.comma").join(
            language.label(f"changes.{part}") for part in changes.parts
        )
        changed = language.label("entry.changed", version=paper.version, parts=parts, since=changes.since)
        yield f"<p>{escape(changed)}</p>"
    for paragraph in item.entry.note.split("\n\n"):
        if paragraph.strip():
            yield f"<p>{_text(paragraph)}</p>"
    if summary and summary.summary:
        yield f"<p>{_text(summary.summary)}</p>"
    elif paper.abstract:
        yield f"<p>{_text(paper.abstract)}</p>"
    if summary and summary.takeaways:
        quoted = summary.quotes_abstract
        claims = "".join(f"<li>{_claim(claim, paper, language, quoted)}</li>" for claim in summary.takeaways)
        yield f"<blockquote><ul>{claims}</ul></blockquote>" if quoted else f"<ul>{claims}</ul>"
    links = (_link(link.url, link.said(language)) for link in links_of(item.entry))
    if line := " · ".join(links):
        yield f"<p>{line}</p>"
    if summary:
        # Only who wrote it: what is missing may come and go from build to build.
        yield f"<p><small>{escape(provenance(item, language)[0])}</small></p>"


def _claim(claim: Claim, paper: Paper, language: Language, quoted: bool) -> str:
    text = _text(claim.text)
    if quoted or not claim.marked:
        return text
    url = page_url(paper, claim.page) if claim.page else None
    where = f" {_link(url, language.label('figures.page', page=claim.page))}" if url else ""
    return f"{text}<br><small><q>{_text(claim.quote)}</q>{where}</small>"


def _link(url: str, label: str) -> str:
    return f'<a href="{escape(url)}">{escape(label)}</a>'


def _text(text: str) -> str:
    return escape(_plain(text))


def _plain(text: str) -> str:
    """The text with its formulas as characters, on one line."""
    return publishable(plain(text))


def _meaning(category: str) -> dict[str, str]:
    """The name of a category of arXiv, and whose it is; a library's keywords have neither."""
    name = category_name(category)
    return {"scheme": "http://arxiv.org/schemas/atom", "label": name} if name != category else {}


def _title(feed: Feed, language: Language) -> str:
    title = feed.topic.title if feed.topic else language.label("index.title")
    return publishable(f"{title} · {feed.site.name}")


def _description(feed: Feed) -> str:
    return _plain(feed.topic.description or "") if feed.topic else ""


def _address(feed: Feed) -> str:
    return feed.site.file(feed.uri)


def _updated(items: list[Item]) -> str:
    return max((item.updated for item in items), default=_moment(_EMPTY))


def _moment(moment: datetime) -> str:
    """A time after RFC 3339, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent: ET.Element, tag: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = text
    return element
