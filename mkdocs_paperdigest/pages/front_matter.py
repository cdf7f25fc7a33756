"""What a page says about itself: title, description, date and tags, for themes, feeds and search."""

import yaml

from mkdocs_paperdigest.pages.contents import IndexPage, Page, PeriodPage, TopicPage
from mkdocs_paperdigest.pages.escape import escape_description, escape_title
from mkdocs_paperdigest.pages.language import Language
from mkdocs_paperdigest.pages.mathematics import plain


def front_matter(page: Page, language: Language) -> str:
    """The YAML block at the head of a page, with the lines around it."""
    meta = {
        "title": escape_title(_title(page, language)),
        "description": escape_description(_description(page, language)),
        "date": page.updated,
        "tags": [escape_title(plain(tag)) for tag in page.tags],
        "render_macros": False,
    }
    dumped = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{dumped}---\n\n"


def _title(page: Page, language: Language) -> str:
    match page:
        case IndexPage():
            return language.label("index.title")
        case TopicPage():
            return page.topic.title
        case PeriodPage():
            return language.label("period.title", topic=page.title, span=language.span(page.span))


def _description(page: Page, language: Language) -> str:
    match page:
        case IndexPage():
            topics = language.label("lists.comma").join(item.topic.title for item in page.topics)
            return language.label("index.description", topics=topics)
        case TopicPage():
            told = page.topic.description
            return told or language.label("topic.description", topic=page.topic.title)
        case PeriodPage():
            titles = language.label("lists.semicolon").join(
                plain(item.paper.title) for item in page.entries
            )
            return language.label(
                "period.description",
                topic=page.title,
                span=language.span(page.span),
                titles=titles,
            )
