"""Front matter of a page: title, description, date and tags, for themes, feeds and search."""

import yaml

from mkdocs_paperdigest.options.options import SearchScope
from mkdocs_paperdigest.pages.escaping.escape import escape_description, escape_title
from mkdocs_paperdigest.pages.escaping.mathematics import plain, unpaired
from mkdocs_paperdigest.pages.labels import Language
from mkdocs_paperdigest.pages.plan.contents import IndexPage, Page, PeriodPage, TopicPage


def front_matter(page: Page, language: Language, scope: SearchScope = "summary") -> str:
    """The YAML block at the beginning of a page, including its `---` lines.

    Arguments:
        page: One of our pages.
        language: That of its labels.
        scope: What the site's search finds of our pages.
    """
    meta: dict[str, object] = {
        "title": _Quoted(escape_title(_title(page, language))),
        "description": _Quoted(escape_description(_description(page, language))),
        "date": page.updated,
        "tags": [_Quoted(escape_title(unpaired(tag))) for tag in page.tags],
        "render_macros": False,
    }
    if isinstance(page, IndexPage):
        meta["nav_title"] = _Quoted(language.label("index.all"))
    # A search leads to the entries themselves.
    if isinstance(page, IndexPage) or scope == "none":
        meta["search"] = {"exclude": True}
    dumped = yaml.dump(meta, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"---\n{dumped}---\n\n"


class _Quoted(str):
    """A string that YAML always quotes, because YAML parsers disagree on some unquoted ones."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """A safe dumper that knows `_Quoted`."""


def _write_quoted(dumper: yaml.SafeDumper, text: _Quoted) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


_Dumper.add_representer(_Quoted, _write_quoted)


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
            description = page.topic.description
            return description or language.label("topic.description", topic=page.topic.title)
        case PeriodPage():
            titles = language.label("lists.semicolon").join(plain(item.paper.title) for item in page.entries)
            return language.label(
                "period.description", topic=page.title, span=language.span(page.span), titles=titles
            )
