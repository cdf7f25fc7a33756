"""All shown papers of a site as data: the script by which pages find papers that stand elsewhere."""

import json
from collections import Counter
from itertools import groupby
from typing import Any
from urllib.parse import quote

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.pages.escaping.escape import shorten
from mkdocs_paperdigest.pages.escaping.mathematics import unpaired
from mkdocs_paperdigest.pages.labels import Language
from mkdocs_paperdigest.pages.plan.contents import Page, PageEntry, PaperIndex
from mkdocs_paperdigest.pages.render.links import has_code
from mkdocs_paperdigest.text import publishable

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
    orders["newest"] = _date(entry.paper)
    summary = entry.entry.summary if not entry.paper.withdrawn else None
    if summary and summary.relevance is not None:
        orders["relevant"] = f"{summary.relevance:02}"
    return orders


def _page(entry: PageEntry) -> tuple[str, str, str]:
    return entry.place.slug, entry.place.page.removesuffix(".md"), publishable(entry.place.topic)


def _row(entry: PageEntry, language: Language) -> list[Any]:
    paper = entry.paper
    summary = entry.entry.summary if not paper.withdrawn else None
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
        _date(paper),
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


def _date(paper: Paper) -> str:
    known = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}[paper.date_precision]
    return paper.published.strftime(known)
