"""Renders the content of a page as Markdown, with our templates or the user's."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup

from mkdocs_paperdigest.arxiv.categories import category_name
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.options import Options, SearchScope
from mkdocs_paperdigest.pages.data import chips_of, orders_by, orders_of, tags_of
from mkdocs_paperdigest.pages.escaping.escape import (
    escape_address,
    escape_alt,
    escape_attribute,
    escape_lines,
    escape_path,
    path_segment,
    safe_address,
    shorten,
)
from mkdocs_paperdigest.pages.escaping.mathematics import neutral, typeset, unpaired
from mkdocs_paperdigest.pages.labels import Language
from mkdocs_paperdigest.pages.plan.contents import Page
from mkdocs_paperdigest.pages.render.attributes import RULE, AttributeRule
from mkdocs_paperdigest.pages.render.bibtex import bibtex, kind_of
from mkdocs_paperdigest.pages.render.coins import coins
from mkdocs_paperdigest.pages.render.front_matter import front_matter
from mkdocs_paperdigest.pages.render.links import arxiv_url, links_of, page_url
from mkdocs_paperdigest.pages.render.overview import overview_of, short_name, typeset_within, written_of
from mkdocs_paperdigest.pages.render.provenance import model_name, provenance
from mkdocs_paperdigest.pages.render.ris import citation, ris
from mkdocs_paperdigest.pages.render.venue import venue_of


class Renderer:
    """Renders pages as Markdown, with templates that are loaded once for all pages.

    Everything that a template prints is escaped, unless it comes from one of our filters or is marked
    `safe`. So a user's template that forgets a filter shows plain text and does no harm.

    Arguments:
        language: Of the labels.
        options: The user's templates, and what a search finds.
    """

    def __init__(self, language: Language, options: Options) -> None:
        self._language = language
        self._templates_dir = options.templates_dir
        self._scope = options.search_scope
        self._environment = _environment(language, options.templates_dir)

    def load(self) -> None:
        """Loads the templates in advance; the page that needs a wrong one reports it."""
        for name in _ours().list_templates():
            with suppress(TemplateError):
                self._environment.get_template(name)

    def render(self, page: Page) -> str:
        """The Markdown of a page; raises `ConfigurationError` for a template of the user's that is wrong."""
        body = _for_pagefind(_body(self._environment, self._templates_dir, page), self._scope)
        return front_matter(page, self._language, self._scope) + body


def _ours() -> PackageLoader:
    return PackageLoader("mkdocs_paperdigest.pages.render", "templates")


def _for_pagefind(page: str, scope: SearchScope) -> str:
    """A page on which Pagefind leaves out what other searches do: https://pagefind.app/docs/indexing/."""

    def mark(found: re.Match[str]) -> str:
        if found[0].startswith("<"):
            return found[0].replace(" ", " data-pagefind-ignore ", 1)
        kept = found[1] == '="row"' or (found[1] == '="detail"' and scope == "all")
        # Attribute lists of Markdown want a value.
        ignored = ' data-pagefind-ignore=""' if found[1] else " data-pagefind-ignore"
        return found[0] if kept else found[0] + ignored

    wholes = _LEFT_OUT[:1] if scope == "all" else _LEFT_OUT
    # Texts of others hold no such mark: their hyphens are entities.
    return re.sub("|".join([*wholes, r' data-search-exclude(="\w*")?(?=[\s>])']), mark, page, flags=re.DOTALL)


_LEFT_OUT = (
    '<div class="pd-links".*?</details>',
    '<dl data-search-exclude="detail".*?</dl>',
    '<details class="pd-evidence".*?</details>',
)
"""Elements of an entry whose parts need no mark of their own; the first is never found, the others by `search_scope`."""


def _environment(language: Language, templates_dir: Path | None) -> Environment:
    loaders = [FileSystemLoader(templates_dir), _ours()] if templates_dir else [_ours()]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        extensions=[AttributeRule],
        # On, so that output of macros counts as safe; `finalize` does the escaping.
        autoescape=True,
        finalize=_finalizer(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        # Cached, because the newest entries stand on two pages.
        "tex": lru_cache(maxsize=4096)(typeset),
        "tex_within": typeset_within,
        "address": escape_address,
        "alt": escape_alt,
        "category_name": category_name,
        "lines": escape_lines,
        "model_name": model_name,
        "path": escape_path,
        "plain": unpaired,
        "segment": path_segment,
    }
    environment.globals |= {
        RULE: _attribute_rule(),
        "is_marked": lambda claim: bool(claim and claim.marked),
        "language": language,
        "label": language.label,
        "arxiv_url": arxiv_url,
        "bibtex": bibtex,
        "citation": citation,
        "coins": coins,
        "kind_of": kind_of,
        "category_name": category_name,
        "links_of": links_of,
        "ris": ris,
        "chips_of": lambda page: chips_of(page, language),
        "overview_of": lambda entries, topic, written=None: overview_of(entries, topic, language, written),
        "written_of": written_of,
        "short_name": short_name,
        "orders_by": orders_by,
        "orders_of": orders_of,
        "tags_of": lambda item: tags_of(item, language),
        "page_url": page_url,
        "safe_address": safe_address,
        "venue_of": venue_of,
        "provenance": lambda item: provenance(item, language),
        "shorten": shorten,
    }
    return environment


def _finalizer() -> Callable[[Any], Markup]:
    # Cached, because labels, names and categories repeat; texts that come once go through `tex`.
    escaped = lru_cache(maxsize=4096)(neutral)

    def escape_unless_safe(value: Any) -> Markup:
        return value if isinstance(value, Markup) else escaped(str(value))

    return escape_unless_safe


def _attribute_rule() -> Callable[[Any], Markup]:
    # Markup and equal text are two things.
    escaped = lru_cache(maxsize=4096, typed=True)(escape_attribute)
    return lambda value: escaped(value if isinstance(value, str) else str(value))


def _body(environment: Environment, templates_dir: Path | None, page: Page) -> str:
    try:
        return environment.get_template(page.template).render(page=page)
    except TemplateSyntaxError as error:
        if templates_dir is None:
            raise
        raise _fault(error, error.filename, error.lineno, templates_dir) from error
    except Exception as error:
        # Expressions in a template can raise any error; the last template line in the traceback is its place.
        if templates_dir is None:
            raise
        if isinstance(error, UnicodeDecodeError) and (wrong := _not_utf8(error, templates_dir)):
            raise wrong from error
        place = _place(error, templates_dir)
        if place is None and not isinstance(error, TemplateError):
            raise
        file, line = place or (page.template, None)
        raise _fault(error, file, line, templates_dir) from error


def _fault(error: Exception, file: str | None, line: int | None, templates_dir: Path) -> ConfigurationError:
    name = Path(file).name if file else "a template"
    place = f"{name}, line {line}" if line else name
    return ConfigurationError(f"templates_dir {templates_dir}: {place}: {type(error).__name__}: {error}")


def _not_utf8(error: UnicodeDecodeError, templates_dir: Path) -> ConfigurationError | None:
    """Names the user's template that could not be decoded, and the line of its first wrong byte."""
    files = (path for path in sorted(templates_dir.rglob("*")) if path.is_file())
    file = next((path for path in files if path.read_bytes() == error.object), None)
    if file is None:
        return None
    line = error.object.count(b"\n", 0, error.start) + 1
    name = file.relative_to(templates_dir).as_posix()
    return ConfigurationError(
        f"templates_dir {templates_dir}: {name}, line {line}: not in UTF-8; save it in UTF-8"
    )


def _place(error: BaseException, templates_dir: Path) -> tuple[str, int] | None:
    """The user's template and the line in it that raised an error."""
    place, frame = None, error.__traceback__
    while frame is not None:
        file = frame.tb_frame.f_code.co_filename
        if Path(file).is_relative_to(templates_dir):
            place = (file, frame.tb_lineno)
        frame = frame.tb_next
    return place
