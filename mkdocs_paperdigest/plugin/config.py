"""The options of the plugin in mkdocs.yml, each with its meaning."""

import difflib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from mkdocs.config.base import (
    BaseConfigOption,
    Config,
    ConfigErrors,
    ConfigWarnings,
    ValidationError,
)

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options import checks as values
from mkdocs_paperdigest.options.options import FiguresLicense, Options, Period, SearchScope, Topic
from mkdocs_paperdigest.options.summarizer import resolve_model
from mkdocs_paperdigest.sources.query import check_query

T = TypeVar("T")
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}


class Option(BaseConfigOption[T], Generic[T]):
    """An option whose value a plain function of `values` checks and converts.

    Arguments:
        parse: Raises `ValueError` with what is wrong about a value.
        default: The value where mkdocs.yml has none.
    """

    def __init__(self, parse: Callable[[object], T], default: T) -> None:
        super().__init__()
        self._parse = parse
        self.default = default

    def run_validation(self, value: object) -> T:
        """The value as the core wants it."""
        default: T = self.default
        if value is None or value == default:
            return default
        try:
            return self._parse(value)
        except ValueError as error:
            raise ValidationError(f"`{self._name}: {values.shown(value)}` {error}") from error


class StrictConfig(Config):
    """A group of options in which an unknown key is an error, with the likely key named."""

    def validate(self) -> tuple[ConfigErrors, ConfigWarnings]:
        """Checks all options; see `mkdocs.config.base.Config`."""
        for key in self.keys() - self._schema_keys:
            near = difflib.get_close_matches(str(key), self._schema_keys, 1)
            cure = (
                f"did you mean `{near[0]}`?"
                if near
                else f"known: {', '.join(sorted(self._schema_keys))}"
            )
            return [(str(key), ValidationError(f"unknown key `{key}`; {cure}"))], []
        return super().validate()


class TopicConfig(StrictConfig):
    """One item of `topics`."""

    title = Option(values.text, "")
    """What the topic is called on its pages. Required."""
    slug = Option(values.slug, "")
    """Name of the topic's folder; made from the title where it is not given."""
    description = Option[str | None](values.text, None)
    """One or two sentences on what belongs here; models score the relevance of papers to it."""
    phrases = Option[tuple[str, ...]](values.texts, ())
    """Phrases looked for in titles and abstracts; any of them is enough."""
    query = Option[tuple[str, ...]](values.texts, ())
    """Raw arXiv query; several are OR-ed."""
    authors = Option[tuple[str, ...]](values.texts, ())
    """Names of authors; any of them is enough."""
    ids = Option[tuple[str, ...]](values.arxiv_ids, ())
    """arXiv ids, old style and versions allowed."""
    categories = Option[tuple[str, ...]](values.categories, ())
    """arXiv categories such as cs.CV; a paper must be in one of them."""
    exclude = Option[tuple[str, ...]](values.texts, ())
    """Phrases that must not occur in title or abstract."""
    library = Option[str | None](values.text, None)
    """BibTeX file, relative to mkdocs.yml; `file` names local PDFs, `eprint` arXiv papers."""
    max_papers = Option(values.count(1, 2000), 50)
    """The newest so many papers are shown."""
    since = Option[Any](values.since, None)
    """Date, or age such as `30d`; older papers are left out."""
    min_relevance = Option[int | None](values.count(0, 10), None)
    """Papers scored lower are only listed by title; 3 with a `description`, else 0."""


class Topics(BaseConfigOption[list[TopicConfig]]):
    """The list of topics; its errors name the topic by its title."""

    def run_validation(self, value: object) -> list[TopicConfig]:
        """Every topic, checked on its own and against the others."""
        if not isinstance(value, list) or not value:
            empty = {"None": "`topics` is missing", "[]": "`topics` is empty"}
            written = empty.get(str(value), f"`topics: {value}` is no list")
            raise ValidationError(
                f"{written}; write a list with at least one topic, each with a `title` and "
                "`phrases`, `query`, `authors`, `ids` or `library`"
            )
        topics = [self._topic(item, number) for number, item in enumerate(value, 1)]
        taken: dict[str, str] = {}
        for topic in topics:
            # Folders that differ in case only are one folder on macOS and Windows.
            other = taken.setdefault(topic.slug.casefold(), topic.title)
            if other is not topic.title:
                raise ValidationError(
                    f"topic {topic.title!r}: `slug: {topic.slug}` is also the folder of topic "
                    f"{other!r}; give one of them a `slug` of its own"
                )
        return topics

    def _topic(self, item: object, number: int) -> TopicConfig:
        if not isinstance(item, dict):
            raise ValidationError(
                f"topic {number}: `{item}` is not a mapping; write `- title: ...`"
            )
        name = repr(item["title"]) if item.get("title") else str(number)
        topic = TopicConfig()
        topic.load_dict(item)
        errors, _ = topic.validate()
        for _, error in errors:
            raise ValidationError(f"topic {name}: {error}")
        problem = _topic_problem(topic)
        if problem:
            raise ValidationError(f"topic {name}: {problem}")
        topic.slug = topic.slug or values.slug_of(topic.title)
        return topic


def _topic_problem(topic: TopicConfig) -> str | None:
    if not topic.title:
        return "`title` is missing; every topic needs one"
    if not (topic.slug or values.slug_of(topic.title)):
        return "`title` has no letters to name a folder with; add a `slug`"
    if (topic.slug or values.slug_of(topic.title)) in ("assets", "index"):
        return "`slug` is a name that the digest folder uses itself; add another `slug`"
    if not (topic.phrases or topic.query or topic.authors or topic.ids or topic.library):
        return "nothing to look for; add `phrases`, `query`, `authors`, `ids` or `library`"
    if (topic.categories or topic.exclude) and not (topic.phrases or topic.query or topic.authors):
        return "`categories` and `exclude` narrow a search; add `phrases`, `query` or `authors`"
    for query in topic.query:
        problem = check_query(query)
        if problem:
            return f"`query: {query}`: {problem}"
    return None


class PaperDigestConfig(StrictConfig):
    """The plugin's config."""

    enabled = Option(values.flag, True)
    """Whether the plugin does anything."""
    topics = Topics()
    """What to look for. Required."""

    # Settings for pages
    digest_dir = Option(values.folder, "digests")
    """Folder of the pages in the site."""
    period = Option[Period](values.choice("day", "week", "month", "all"), "week")
    """What one digest page covers, by the papers' own submission dates."""
    language = Option[str | None](values.language, None)
    """Language of labels and summaries; the theme's where it has one, else `en`."""
    templates_dir = Option[str | None](values.text, None)
    """Folder of templates, relative to mkdocs.yml, that win over the plugin's own."""
    search_scope = Option[SearchScope](values.choice("summary", "all", "none"), "summary")
    """What a search finds: titles, abstracts and summaries; `all`: readings, quotations and captions too."""

    # Settings for summaries
    model = Option(values.text, "auto")
    """`auto`, `none`, `extractive`, or `gemini/`, `openai/`, `google-generativeai/` and a name."""
    model_url = Option[str | None](values.base_url, None)
    """Base URL of the model's endpoint, where it is not the provider's: a proxy, Ollama, vLLM."""
    model_timeout = Option(values.seconds(1), 120.0)
    """Seconds that one call may take in all, retries apart."""
    model_concurrency = Option(values.count(1, 64), 4)
    """Calls at once."""
    max_new_papers = Option(values.count(0), 30)
    """Papers read and summarized anew in one build; the rest wait."""

    # Settings for arXiv
    refresh = Option(values.age, values.age("20h"))
    """How long an answer of arXiv counts as fresh."""
    offline = Option(values.flag, False)
    """Whether to build without ever touching the network."""
    arxiv_url = Option(values.arxiv_url, "https://export.arxiv.org")
    """Base of `/api/query`, `/html/ID`, `/pdf/ID` and `/abs/ID`."""
    request_interval = Option(values.seconds(0), 3.0)
    """Seconds from the end of one answer of arXiv to the next request."""
    contact = Option[str | None](values.contact, None)
    """E-mail address or URL for the User-Agent."""

    # Settings for figures
    figures = Option(values.flag, True)
    """Whether pages show the papers' figures."""
    figures_max = Option(values.count(1, 100), 8)
    """How many figures of one paper are shown at most."""
    figures_license = Option[FiguresLicense](values.choice("all", "open"), "all")
    """`open`: show figures of papers under a Creative Commons licence only, link to the others."""

    # Settings for the disk
    cache_dir = Option(values.text, ".cache/plugin/paperdigest")
    """Folder of everything that is kept between builds, relative to mkdocs.yml."""
    archive_dir = Option[str | None](values.text, None)
    """Folder of committed, human-editable records, relative to mkdocs.yml."""

    log_level = Option(values.choice(*_LEVELS), "info")
    """How loud to be about trouble that is not the user's mistake."""


def options_of(
    config: PaperDigestConfig,
    *,
    root: Path,
    theme_language: str | None,
    environ: Mapping[str, str],
) -> Options:
    """The options as the core wants them.

    Arguments:
        config: Validated options.
        root: Folder of mkdocs.yml, which relative paths start from.
        theme_language: What the theme is set to, if it has a language.
        environ: Environment variables: whether there is a key decides what `model: auto` means.

    Raises:
        ConfigurationError: Where options contradict each other or name files that are not there.
    """
    templates = root / config.templates_dir if config.templates_dir else None
    if templates and not templates.is_dir():
        raise ConfigurationError(
            f"`templates_dir: {config.templates_dir}` is not a folder ({templates})"
        )
    for name in ("cache_dir", "archive_dir"):
        if config[name] and (root / config[name]).is_file():
            raise ConfigurationError(f"`{name}: {config[name]}` is a file; name a folder")
    options = Options(
        topics=tuple(_topic(topic, root) for topic in config.topics),
        cache_dir=root / config.cache_dir,
        digest_dir=config.digest_dir,
        period=config.period,
        language=(config.language or theme_language or "en").replace("_", "-"),
        model=resolve_model(config.model, environ),
        model_url=config.model_url,
        model_timeout_s=config.model_timeout,
        model_concurrency=config.model_concurrency,
        max_new_papers=config.max_new_papers,
        refresh=config.refresh,
        offline=config.offline,
        archive_dir=root / config.archive_dir if config.archive_dir else None,
        arxiv_url=config.arxiv_url,
        request_interval_s=config.request_interval,
        contact=config.contact,
        figures=config.figures,
        figures_max=config.figures_max,
        figures_license=config.figures_license,
        templates_dir=templates,
        search_scope=config.search_scope,
        log_level=_LEVELS[config.log_level],
    )
    if options.request_interval_s < options.least_interval_s:
        raise ConfigurationError(
            f"`request_interval: {options.request_interval_s:g}` is too short for {options.arxiv_url}: "
            f"arXiv asks for {options.least_interval_s:g} seconds between requests"
        )
    return options


def _topic(topic: TopicConfig, root: Path) -> Topic:
    library = root / topic.library if topic.library else None
    if library and not library.is_file():
        raise ConfigurationError(
            f"topic {topic.title!r}: `library: {topic.library}` is not a file ({library}); "
            "the path is relative to mkdocs.yml"
        )
    relevance = topic.min_relevance
    return Topic(
        title=topic.title,
        slug=topic.slug,
        description=topic.description,
        phrases=topic.phrases,
        query=topic.query,
        authors=topic.authors,
        ids=topic.ids,
        categories=topic.categories,
        exclude=topic.exclude,
        library=library,
        max_papers=topic.max_papers,
        since=topic.since,
        min_relevance=relevance if relevance is not None else 3 * bool(topic.description),
    )
