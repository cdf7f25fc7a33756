"""The HTML of papers in people's own pages: cards or a list."""

from collections.abc import Callable, Iterable
from datetime import date
from html import escape

from mkdocs_paperdigest.markdown.papers import Listed
from mkdocs_paperdigest.markdown.wanted import Style
from mkdocs_paperdigest.pages.escaping.escape import escape_attribute, escape_path
from mkdocs_paperdigest.pages.escaping.mathematics import neutral, typeset, unpaired
from mkdocs_paperdigest.pages.labels import Language

Address = Callable[[str], str]
"""Turns the source of a file of the site into its address in the page."""
CLASS = "pd-papers"
"""Of the list that holds the papers."""


def papers_html(papers: Iterable[Listed], style: Style, language: Language, address: Address) -> str:
    """A list of papers; empty where there is none.

    Search engines of sites leave it out, since they find the papers in the digests.
    """
    items = "\n".join(_item(paper, style, language, address) for paper in papers)
    look = " pd-cards" if style == "cards" else ""
    return f'<ul class="pd-newest {CLASS}{look}" data-search-exclude>\n{items}\n</ul>' if items else ""


def plain_title(paper: Listed) -> str:
    """A paper's title without markup, for text that nothing typesets; the id where it has none."""
    return unpaired(paper.title) or paper.id


def _item(paper: Listed, style: Style, language: Language, address: Address) -> str:
    title = typeset(paper.title) or neutral(paper.id)
    parts = [f'<a href="{escape(address(source_of(paper.page, paper.anchor)))}">{title}</a>']
    if paper.date:
        parts.append(
            f'<time datetime="{escape_attribute(paper.date)}">{neutral(_day(paper.date, language))}</time>'
        )
    if paper.authors:
        parts.append(f'<span class="pd-by">{neutral(_authors(paper.authors, language))}</span>')
    if style == "cards" and paper.summary:
        spoken = paper.made.language if paper.made else language.code
        parts.append(
            f'<span class="pd-teaser" lang="{escape_attribute(spoken)}">{typeset(paper.summary)}</span>'
        )
    if style == "cards" and paper.thumbnail:
        image = escape(address(source_of(paper.thumbnail)))
        parts.append(f'<img class="pd-cover off-glb" src="{image}" alt="" loading="lazy" decoding="async">')
    return f"<li>{' '.join(parts)}</li>"


def source_of(path: str, anchor: str = "") -> str:
    """A path of `papers.json` as a link in Markdown; whatever it holds, it stays a path of the site."""
    where = escape_path(path.lstrip("/"))
    return f"{where}#{escape_path(anchor)}" if anchor else str(where)


def _authors(names: tuple[str, ...], language: Language) -> str:
    return language.label("figures.et_al", author=names[0]) if len(names) > 2 else ", ".join(names)


def _day(day: str, language: Language) -> str:
    try:
        return language.day(date.fromisoformat(day))
    except ValueError:
        return day
