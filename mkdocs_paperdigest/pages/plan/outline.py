"""Plans the pages of a site: which pages its digests need and which entries stand on each."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from mkdocs_paperdigest.models import Digest, Document, Entry, Overview, Paper, leading
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.options.options import Period as PeriodKind
from mkdocs_paperdigest.pages.escaping.escape import path_segment
from mkdocs_paperdigest.pages.plan.contents import (
    Bibliography,
    Feed,
    IndexPage,
    IndexTopic,
    Outline,
    PageAddress,
    PageEntry,
    PaperIndex,
    Period,
    PeriodPage,
    RelatedPaper,
    SiteAddress,
    TopicPage,
    TopicStatus,
)
from mkdocs_paperdigest.pages.plan.periods import by_span
from mkdocs_paperdigest.pages.plan.tags import count_keywords, tags
from mkdocs_paperdigest.storage.layout import IMAGE_NAME, images_folder

_NEWEST_ON_INDEX = 5
_WORTH_FILTERING = 4
"""With fewer papers, a site needs no filter."""

_NEWEST_IN_FEED = 50

Addresses = dict[str, list[PageAddress]]
"""Maps the id of each paper to all addresses of its entries."""


def outline(
    digests: Sequence[Digest], options: Options, *, now: datetime, site: SiteAddress | None = None
) -> Outline:
    """Plans the index of all topics and, for each topic, its index, its periods and its bibliographies.

    Arguments:
        digests: What there is to show.
        options: The site's options.
        now: The time of the build.
        site: Where the site will stand; without it there are no feeds.
    """
    shared = _context_of(digests, options, now, site if options.feeds else None)
    topics = [_plan_topic(digest, shared) for digest in digests]
    papers: dict[str, PageEntry] = {}
    images: dict[str, Path] = {}
    for topic in topics:
        for entry in topic.entries:
            papers.setdefault(entry.paper.id, entry)
        images |= _images(topic.entries, options, shared.base)
    pages = [page for topic in topics for page in topic.pages]
    index = IndexPage(
        f"{shared.base}index.md",
        max((page.updated for page in pages), default=_day(now)),
        tuple(topic.on_index for topic in topics),
        feeds=shared.site is not None,
        filtered=shared.filtered,
    )
    return Outline(
        (index, *pages),
        tuple(file for topic in topics for file in topic.bibliographies),
        tuple(
            PaperIndex(
                f"{shared.base}{name}",
                tuple(papers.values()),
                shared.base,
                tuple(topic.on_index.topic for topic in topics),
            )
            for name in ("assets/papers.js", "papers.json")
        ),
        tuple(_all_feeds(topics, papers, shared.site, shared.base)) if shared.site else (),
        images,
    )


@dataclass(frozen=True, slots=True)
class _SiteContext:
    """What the pages of all topics are made with."""

    options: Options
    now: datetime
    site: SiteAddress | None
    """None for a site without feeds."""
    base: str
    """Folder of all digests, empty or with a slash at its end."""
    kinds: Mapping[str, PeriodKind]
    """What a page of each topic covers, by the topic's slug."""
    places: Addresses
    titles: Mapping[str, str]
    """By the ids of papers."""
    keywords: Counter[str]

    @property
    def filtered(self) -> bool:
        """Whether pages have a filter."""
        return len(self.places) >= _WORTH_FILTERING


def _context_of(
    digests: Sequence[Digest], options: Options, now: datetime, site: SiteAddress | None
) -> _SiteContext:
    root = options.digest_dir.strip("/")
    base = f"{root}/" if root not in {"", "."} else ""
    kinds = defaultdict(
        lambda: options.period, {topic.slug: topic.period or options.period for topic in options.topics}
    )
    entries = [entry for digest in digests for entry in digest.entries]
    titles = {entry.paper.id: entry.paper.title for entry in entries}
    return _SiteContext(
        options, now, site, base, kinds, _places(digests, kinds), titles, count_keywords(entries)
    )


@dataclass(frozen=True, slots=True)
class _TopicPlan:
    """The pages and files of one topic."""

    entries: tuple[PageEntry, ...]
    """The newest first."""
    pages: tuple[TopicPage | PeriodPage, ...]
    on_index: IndexTopic
    bibliographies: tuple[Bibliography, ...]


def _plan_topic(digest: Digest, shared: _SiteContext) -> _TopicPlan:
    # Ranks order the papers of a page alone.
    newest = sorted(digest.entries, key=lambda entry: (entry.paper.published, entry.paper.key), reverse=True)
    entries = tuple(_page_entry(entry, digest, shared) for entry in newest)
    status = _status(digest)
    first, *others = _topic_pages(status, entries, digest.overviews, shared)
    opening = first.entries if shared.options.overview else ()
    stem = f"{shared.base}{status.slug}/{status.slug}"
    return _TopicPlan(
        entries,
        (first, *others),
        IndexTopic(status, entries[:_NEWEST_ON_INDEX], opening, first.written),
        tuple(Bibliography(f"{stem}.{form}", entries) for form in ("bib", "ris")),
    )


def _all_feeds(
    topics: Sequence[_TopicPlan], papers: Mapping[str, PageEntry], site: SiteAddress, base: str
) -> Iterator[Feed]:
    """The feeds of each topic, then those of all topics."""
    news: dict[str, PageEntry] = {}
    for topic in topics:
        newest, status = _newest(topic.entries), topic.on_index.topic
        yield from _feeds(f"{base}{status.slug}/", site, base, status, newest)
        # What is among the newest of all is among the newest of the first topic that shows it.
        news |= {entry.paper.id: papers[entry.paper.id] for entry in newest}
    ordered = sorted(news.values(), key=lambda item: (item.paper.published, item.paper.key), reverse=True)
    yield from _feeds(base, site, base, None, _newest(ordered))


def _newest(entries: Iterable[PageEntry]) -> tuple[PageEntry, ...]:
    """The newest of some entries in this order; a withdrawn paper is no news, and one that was not read not yet."""
    news = (item for item in entries if not (item.paper.withdrawn or item.entry.waiting))
    return tuple(islice(news, _NEWEST_IN_FEED))


def _feeds(
    folder: str, site: SiteAddress, base: str, topic: TopicStatus | None, papers: tuple[PageEntry, ...]
) -> list[Feed]:
    return [Feed(f"{folder}feed.{form}", site, base, topic, papers) for form in ("xml", "json")]


def anchor_of(paper: Paper) -> str:
    """The HTML id of a paper's entry: its arXiv id with `-` in place of `/`."""
    return path_segment(paper.slug)


def _topic_pages(
    topic: TopicStatus, entries: Iterable[PageEntry], overviews: Mapping[str, Overview], shared: _SiteContext
) -> tuple[TopicPage, *tuple[PeriodPage, ...]]:
    """The index of a topic, and the pages of its periods; with `period: all`, the index is the only page."""

    def tags_of(members: Iterable[PageEntry]) -> tuple[str, ...]:
        return tags(topic.title, (member.entry for member in members), shared.keywords)

    options, kind = shared.options, shared.kinds[topic.slug]
    folder = f"{shared.base}{topic.slug}"
    spans = by_span(entries, kind)
    periods = [Period(span, f"{span.name}.md", len(members)) for span, members in spans]
    index = TopicPage(
        f"{folder}/index.md",
        _day(topic.as_of or shared.now),
        tags_of(spans[0][1] if spans else ()),
        topic,
        newest=periods[0] if periods else None,
        entries=spans[0][1] if spans else (),
        full=min(options.full_entries, periods[0].count) if periods else 0,
        older=tuple((period, members) for period, (_, members) in zip(periods[1:], spans[1:], strict=True)),
        is_home=kind == "all",
        feeds=shared.site is not None,
        filtered=shared.filtered,
        overview=options.overview,
        written=overviews.get(spans[0][0].name) if spans else None,
    )
    if index.is_home:
        return (index,)
    pages = (
        PeriodPage(
            f"{folder}/{period.page}",
            _day(max(member.paper.published for member in members)),
            tags_of(members),
            topic.title,
            period.span,
            members,
            min(options.full_entries, period.count),
            newer=periods[number - 1] if number else None,
            older=periods[number + 1] if number + 1 < len(periods) else None,
            filtered=shared.filtered,
            overview=options.overview,
            written=overviews.get(period.span.name),
        )
        for number, (period, (_, members)) in enumerate(zip(periods, spans, strict=True))
    )
    return (index, *pages)


def _status(digest: Digest) -> TopicStatus:
    topic = {field.name: getattr(digest.topic, field.name) for field in fields(digest.topic)}
    return TopicStatus(
        **topic,
        count=len(digest.entries),
        waiting=len(digest.waiting),
        set_aside=tuple(
            (aside.paper, aside.summary.relevance if aside.summary else None) for aside in digest.set_aside
        ),
    )


def _places(digests: Iterable[Digest], kinds: Mapping[str, PeriodKind]) -> Addresses:
    places: Addresses = {}
    for digest in digests:
        kind = kinds[digest.topic.slug]
        for span, members in by_span(digest.entries, kind):
            page = "index.md" if kind == "all" else f"{span.name}.md"
            for entry in members:
                place = PageAddress(digest.topic.title, digest.topic.slug, page, anchor_of(entry.paper))
                places.setdefault(entry.paper.id, []).append(place)
    return places


def _page_entry(entry: Entry, digest: Digest, shared: _SiteContext) -> PageEntry:
    paper, places, options = entry.paper, shared.places, shared.options
    here = next(place for place in places[paper.id] if place.slug == digest.topic.slug)
    others = tuple(place for place in places[paper.id] if place.slug != digest.topic.slug)
    withheld, cover = False, None
    if entry.document and not paper.withdrawn and options.license_decides:
        withheld = not _may_show(paper, entry.document)
    if entry.document and entry.document.figures:
        shown = options.figures and not withheld and not paper.withdrawn
        figures = tuple(
            figure for figure in entry.document.figures if shown and (options.tables or not figure.is_table)
        )[: options.figures_max]
        # An image that the cache lost is left out, because MkDocs ends the build at a missing file.
        folder = images_folder(options.cache_dir, paper, entry.document.reader)
        there = _image_names(folder) if figures else ()
        figures = tuple(
            figure if figure.small in there else replace(figure, small=None)
            for figure in figures
            if figure.image in there
        )
        first = leading(figures)
        cover = first.cover if first and first.cover in there else None
        entry = replace(entry, document=replace(entry.document, figures=figures))
    assets = f"assets/{path_segment(paper.file_stem)}"
    related = tuple(
        RelatedPaper(shared.titles[name], _nearest(places[name], here))
        for name in entry.related
        if name in places
    )
    return PageEntry(entry, here, assets, cover, withheld, others, related)


def _nearest(places: Sequence[PageAddress], here: PageAddress) -> PageAddress:
    """The address under the same topic, else the first one."""
    return next((place for place in places if place.slug == here.slug), places[0])


def _images(entries: Iterable[PageEntry], options: Options, base: str) -> dict[str, Path]:
    images: dict[str, Path] = {}
    for entry in entries:
        document = entry.entry.document
        if document is None or not document.figures:
            continue
        folder = images_folder(options.cache_dir, entry.paper, document.reader)
        images |= {
            f"{base}{entry.assets}/{name}": folder / name
            for figure in document.figures
            for name in figure.files
        }
        if entry.cover:
            images[f"{base}{entry.assets}/{entry.cover}"] = folder / entry.cover
    return images


def _image_names(folder: Path) -> list[str]:
    """Names of the images in a folder: regular files with an image's name, no symbolic links."""
    # ValueError: the folder's name is not a valid file name.
    with suppress(OSError, ValueError):
        if folder.is_symlink() or folder.parent.is_symlink():
            return []
        with os.scandir(folder) as items:
            return [
                item.name
                for item in items
                if IMAGE_NAME.fullmatch(item.name) and item.is_file(follow_symlinks=False)
            ]
    return []


def _may_show(paper: Paper, document: Document) -> bool:
    """Whether a paper's licence lets everyone show its figures; for its own reports the site decides."""
    license_ = document.license
    return not paper.on_arxiv or (license_ is not None and license_.creative_commons)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
