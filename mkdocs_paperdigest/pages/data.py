"""All shown papers of a site as data: the script by which pages find papers that stand elsewhere, and `papers.json`."""

import json
from collections import Counter
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, time
from itertools import groupby
from typing import Any
from urllib.parse import quote

from mkdocs_paperdigest.models import Answer, Claim, Figure, Paper, Summary
from mkdocs_paperdigest.pages.escaping.escape import safe_address, shorten
from mkdocs_paperdigest.pages.escaping.mathematics import unpaired
from mkdocs_paperdigest.pages.escaping.tex import characters
from mkdocs_paperdigest.pages.labels import Language
from mkdocs_paperdigest.pages.plan.contents import Page, PageAddress, PageEntry, PaperIndex
from mkdocs_paperdigest.pages.render.links import has_code, links_of
from mkdocs_paperdigest.text import publishable

DATA_VERSION = 1
"""Of the format of `papers.json`: raised when a field goes away or changes its meaning, not for new fields."""

_LONGEST, _NAME = 300, 100
"""The most characters of a title, a translation or all keywords, and of a name; real ones are shorter."""
_CHIPS = 8
"""The most buttons of a filter; more would not fit on a line."""
_FIRST, _LAST = 30, 10
"""How many authors at either end of a long list the filter finds."""


def papers_script(index: PaperIndex, language: Language) -> str:
    """A script that sets `window.paperdigest`; a page that is opened from disk could not read JSON.

    Its value, without names, which would be a third of the file:

        [[address of a page without ending, title of its topic, [paper]]]
        paper = [id, title, "author, author", date, [tag], other words, anchor]

    The title is followed by its translation. Other words are keywords that neither has. The last fields are left out
    where they are empty, and the anchor where it is the id with `-` in place of `/`.
    """
    pages = [
        [quote(f"{slug}/{page}"), topic, [_row(entry, language) for entry in entries]]
        for (slug, page, topic), entries in groupby(index.papers, key=_page)
    ]
    data = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    # `publishable` has dropped lone surrogates, and the two separators that end lines in older JavaScript.
    # Plugins that bring a site's external files home look for addresses in scripts, too.
    data = data.replace("<", "\\u003c").replace("//", "\\/\\/")
    return f"window.paperdigest={data};\n"


def papers_json(index: PaperIndex, language: Language) -> str:
    """What the pages say of each paper, the newest first; `docs/papers.schema.json` describes each field.

    Each paper stands on a line of its own, so that a change is small for version control.
    """
    papers = sorted(index.papers, key=lambda item: (item.paper.published, item.paper.key), reverse=True)
    topics = [
        {
            "slug": topic.slug,
            "title": _said(topic.title),
            "description": _said(topic.description),
            "page": f"{index.base}{topic.slug}/index.md",
            "set_aside": [publishable(paper.id) for paper, _ in topic.set_aside],
        }
        for topic in index.topics
    ]
    shown = {item.paper.id for item in papers}
    lines = ",\n".join(_json(_paper(item, index.base, shown)) for item in papers)
    # Readers that put the data into a page must not get markup.
    head = f'"version":{DATA_VERSION},"language":{_json(language.code)}'
    return f'{{{head},"topics":{_json(topics)},"papers":[\n{lines}\n]}}\n'.replace("<", "\\u003c")


def last_change(item: PageEntry) -> datetime:
    """When an entry changed for its readers: the later of the version's date and the day its summary was written.

    A record of the archive states both, so a build from it has the same dates.
    """
    moment = item.paper.updated
    if summary := item.summary:
        moment = max(moment, datetime.combine(summary.made_at.astimezone(UTC), time(), UTC))
    return moment.astimezone(UTC)


def lasting_address(item: PageEntry, base: str) -> str:
    """The address within the site that leads to an entry wherever it stands."""
    return f"{quote(base)}?paper={quote(publishable(item.paper.id), safe='/:')}"


def tags_of(entry: PageEntry, language: Language) -> tuple[str, ...]:
    """What the filter offers as buttons: categories, phrases of the topic, and whether there is code."""
    code = (language.label("script.code"),) if has_code(entry.entry) else ()
    found = (*entry.paper.categories, *entry.phrases, *code)
    # Pages list them in one attribute.
    return tuple(publishable(tag).replace("|", " ") for tag in found)


def chips_of(page: Page, language: Language) -> list[tuple[str, int]]:
    """The tags that tell a page's entries apart, the most frequent first, each with the number of its entries."""
    entries = page.shown
    counts = Counter(tag for entry in entries for tag in tags_of(entry, language))
    # Where every entry has a tag, it narrows nothing down.
    common = [(tag, count) for tag, count in counts.most_common() if count < len(entries)]
    common.sort(key=lambda item: item[0] != language.label("script.code"))
    return common[:_CHIPS]


def orders_of(page: Page) -> list[str]:
    """By what a page's entries can be sorted, first what they are sorted by; none where there is no choice."""
    values: dict[str, set[str]] = {}
    for entry in page.shown:
        for order, value in orders_by(entry).items():
            values.setdefault(order, set()).add(value)
    orders = [order for order, different in values.items() if len(different) > 1]
    return orders if len(orders) > 1 else []


def orders_by(entry: PageEntry) -> dict[str, str]:
    """By what an entry can be sorted: texts of one length, of which the greatest comes first. The page's order is first."""
    # Ranks are above -1; most are below 10.
    order = "closest" if entry.rank == entry.entry.why.closeness else "matching"
    orders = {order: f"{entry.rank + 1:08.4f}"} if entry.rank else {}
    orders["newest"] = entry.paper.date
    summary = entry.summary
    if summary and summary.relevance is not None:
        orders["relevant"] = f"{summary.relevance:02}"
    return orders


def _page(entry: PageEntry) -> tuple[str, str, str]:
    return entry.place.slug, entry.place.page.removesuffix(".md"), publishable(entry.place.topic)


def _row(entry: PageEntry, language: Language) -> list[Any]:
    paper = entry.paper
    summary = entry.summary
    title = shorten(unpaired(paper.title), _LONGEST) or paper.key
    keywords: list[str] = []
    if summary:
        translation = shorten(unpaired(summary.title_translation or ""), _LONGEST)
        title = f"{title} · {translation}" if translation else title
        keywords = [unpaired(word) for word in summary.keywords if word.lower() not in title.lower()]
    row = [
        publishable(paper.id),
        title,
        _authors(paper),
        paper.date,
        tags_of(entry, language),
        shorten(", ".join(keywords), _LONGEST),
        "" if entry.place.anchor == paper.slug else entry.place.anchor,
    ]
    while not row[-1]:
        row.pop()
    return row


def _authors(paper: Paper) -> str:
    names = paper.authors
    if len(names) > _FIRST + _LAST:
        names = names[:_FIRST] + names[-_LAST:]
    return ", ".join(shorten(name, _NAME) for name in names)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _said(text: str | None) -> str | None:
    return publishable(characters(text or "")) or None


def _state(item: PageEntry) -> str:
    if item.paper.withdrawn:
        return "withdrawn"
    if item.entry.waiting:
        return "waiting"
    return "summarized" if item.summary else "unsummarized"


def _paper(item: PageEntry, base: str, shown: AbstractSet[str]) -> dict[str, Any]:
    paper, summary = item.paper, item.summary
    links = links_of(item.entry)
    document = item.entry.document
    license_ = document.license if document else None
    changes = item.entry.changes
    return {
        "id": publishable(paper.id),
        "version": paper.version or None,
        "state": _state(item),
        "title": _said(paper.title) or publishable(paper.key),
        "title_translation": _said(summary.title_translation) if summary else None,
        "authors": [*filter(None, map(publishable, paper.authors))],
        "date": paper.date,
        "updated": last_change(item).date().isoformat(),
        "categories": [*filter(None, map(publishable, paper.categories))],
        "comment": _said(paper.comment),
        "journal_ref": _said(paper.journal_ref),
        "doi": publishable(paper.doi) if paper.doi else None,
        "topics": [_place(place, base) for place in (item.place, *item.also_in)],
        "page": f"{base}{item.place.slug}/{item.place.page}",
        "anchor": item.place.anchor,
        "address": lasting_address(item, base),
        "links": [{"kind": link.kind, "name": link.name or None, "url": link.url} for link in links],
        "code": [link.url for link in links if link.kind == "code"],
        "changes": {"since": changes.since, "parts": list(changes.parts)} if changes else None,
        "abstract": _said(paper.abstract),
        "note": _said(item.entry.note),
        **_statements(summary),
        "close_to": [
            {"title": _said(work.title), "url": safe_address(work.url or "")}
            for work in item.entry.why.close_to
        ],
        "related": [publishable(name) for name in item.entry.related if name in shown],
        "license": {"name": publishable(license_.name), "url": safe_address(license_.url or "")}
        if license_
        else None,
        "thumbnail": f"{base}{item.assets}/{item.cover}" if item.cover else None,
        "figures": [_figure(figure, f"{base}{item.assets}/") for figure in item.figures],
    }


def _place(place: PageAddress, base: str) -> dict[str, str]:
    page = f"{base}{place.slug}/{place.page}"
    return {"slug": place.slug, "title": publishable(place.topic), "page": page, "anchor": place.anchor}


def _statements(summary: Summary | None) -> dict[str, Any]:
    """What the summary says; without one, the same fields without a value."""
    said: Answer = summary or Answer()
    quoted = summary is not None and summary.quotes_abstract
    reading = {
        name: _claim(claim)
        for name in (
            "background", "prior_work", "approach", "results", "significance", "innovation", "performance", "workload",
        )
        if (claim := getattr(said, name)) is not None
    }  # fmt: skip
    return {
        "summary": _said(said.summary),
        "takeaways": [_claim(claim, quoted=quoted) for claim in said.takeaways],
        "keywords": [*filter(None, map(_said, said.keywords))],
        "affiliation": _said(said.affiliation),
        "reading": reading,
        "methods": [_claim(claim) for claim in said.methods],
        "made": {
            "model": publishable(summary.model),
            "language": publishable(summary.language),
            "on": summary.made_at.astimezone(UTC).date().isoformat(),
            "from": summary.basis,
            "quotations": quoted,
        }
        if summary
        else None,
    }


def _claim(claim: Claim, *, quoted: bool = False) -> dict[str, Any]:
    """A statement as the pages show it: with its quotation if it is marked."""
    marked = claim.marked and not quoted
    return {
        "text": _said(claim.text) or "",
        "marked": marked,
        "quote": _said(claim.quote) if marked else None,
        "page": claim.page if marked else None,
    }


def _figure(figure: Figure, folder: str) -> dict[str, Any]:
    return {
        "label": publishable(figure.label),
        "caption": _said(figure.caption),
        "page": figure.page or None,
        "path": f"{folder}{figure.image}",
        "small": f"{folder}{figure.small}" if figure.small else None,
        "width": figure.width,
        "height": figure.height,
    }
