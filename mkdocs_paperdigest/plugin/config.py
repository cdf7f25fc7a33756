"""The plugin's part of mkdocs.yml: MkDocs' classes for the options, made from their declarations."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.base import BaseConfigOption, Config, ConfigErrors, ConfigWarnings, ValidationError

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options.checks import any_of, filled_list, slug_of
from mkdocs_paperdigest.options.declaration import Option, declared
from mkdocs_paperdigest.options.options import SEARCHES, SOURCES, Interests, Options, Topic
from mkdocs_paperdigest.options.summarizer import resolve_model
from mkdocs_paperdigest.sources.query import check_query


class Value(BaseConfigOption[Any]):
    """An option of the plugin."""

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.option = option
        self.default = option.default

    def run_validation(self, value: object) -> Any:
        """The value as the core wants it; see `Option.read`."""
        try:
            return self.option.read(value)
        except ConfigurationError as error:
            raise ValidationError(str(error)) from error


class DeclaredConfig(Config):
    """The options that a dataclass declares; an unknown key is an error that names the likely one."""

    def __init_subclass__(cls, declared_by: type) -> None:
        for option in declared(declared_by):
            value = Topics(option) if option.name == "topics" else Value(option)
            setattr(cls, option.name, value)
            value.__set_name__(cls, option.name)
        super().__init_subclass__()

    def validate(self) -> tuple[ConfigErrors, ConfigWarnings]:
        """Checks all options; see `mkdocs.config.base.Config`."""
        for key in self.keys() - self._schema_keys:
            if str(key).lower().endswith(("key", "token")):
                return [(str(key), ValidationError(f"unknown key `{key}`; {_NO_KEYS}"))], []
            near = difflib.get_close_matches(str(key), self._schema_keys, 1)
            known = f"known: {', '.join(sorted(self._schema_keys))}"
            cure = f"did you mean `{near[0]}`?" if near else known
            return [(str(key), ValidationError(f"unknown key `{key}`; {cure}"))], []
        return super().validate()


_NO_KEYS = (
    "keys of models are read from the environment only, so that they get into no repository; set "
    "GEMINI_API_KEY or OPENAI_API_KEY"
)


class Topics(Value):
    """The list of topics; its errors name the topic by its title."""

    def run_validation(self, value: object) -> "list[TopicConfig]":
        """Every topic, checked on its own and against the others."""
        try:
            items = filled_list(value)
        except ValueError as error:
            written = "`topics`" if value in (None, []) else f"`topics: {value}`"
            raise ValidationError(
                f"{written} {error}; write a list with at least one topic, each with a `title` and "
                f"{any_of(SOURCES)}"
            ) from error
        topics = [_checked_topic(item, number) for number, item in enumerate(items, 1)]
        taken: dict[str, str] = {}
        for topic in topics:
            # Folders that differ in case only are one folder on macOS and Windows.
            other = taken.setdefault(topic["slug"].casefold(), topic["title"])
            if other is not topic["title"]:
                raise ValidationError(
                    f"topic {topic['title']!r}: `slug: {topic['slug']}` is also the folder of topic "
                    f"{other!r}; give one of them a `slug` of its own"
                )
        return topics


class TopicConfig(DeclaredConfig, declared_by=Topic):
    """One item of `topics`."""


class PaperDigestConfig(DeclaredConfig, declared_by=Options):
    """The plugin's config."""


def options_of(
    config: PaperDigestConfig, *, root: Path, theme_language: str | None, environ: Mapping[str, str]
) -> Options:
    """The options as the core wants them.

    Arguments:
        config: Validated options.
        root: Folder of mkdocs.yml, from which relative paths start.
        theme_language: The theme's language, if it has one.
        environ: Environment variables: whether there is a key decides what `model: auto` means.

    Raises:
        ConfigurationError: Options contradict each other or name files that are not there.
    """
    values = _fields(Options, config, root)
    values["topics"] = tuple(_topic(topic, root, values["interests"]) for topic in config["topics"])
    if config["order"] == "interest" and not any(topic.interests for topic in values["topics"]):
        raise ConfigurationError("`order: interest` needs `interests`; name BibTeX files or arXiv ids there")
    values["language"] = (config["language"] or theme_language or "en").replace("_", "-")
    values["model"] = resolve_model(config["model"], environ)
    options = Options(**values)
    if options.request_interval_s < options.least_interval_s:
        raise ConfigurationError(
            f"`request_interval: {options.request_interval_s:g}` is too short for {options.arxiv_url}: "
            f"arXiv asks for {options.least_interval_s:g} seconds between requests"
        )
    return options


def _topic(config: TopicConfig, root: Path, interests: Interests) -> Topic:
    try:
        values = _fields(Topic, config, root)
    except ConfigurationError as error:
        raise ConfigurationError(f"topic {config['title']!r}: {error}") from error
    if config["min_relevance"] is None:
        values["min_relevance"] = 3 if config["description"] else 0
    if values["interests"] is None:
        values["interests"] = interests
    if config["period"] is None and not any(config[name] for name in (*SEARCHES, "categories")):
        # Papers that people name one by one come from all times: a page for each week would hold one of them.
        values["period"] = "all"
    return Topic(**values)


def _fields(group: type, config: DeclaredConfig, root: Path) -> dict[str, Any]:
    return {option.field: option.placed(config[option.name], root) for option in declared(group)}


def _checked_topic(item: object, number: int) -> TopicConfig:
    if not isinstance(item, dict):
        raise ValidationError(f"topic {number}: `{item}` is not a mapping; write `- title: ...`")
    name = repr(item["title"]) if item.get("title") else str(number)
    topic = TopicConfig()
    topic.load_dict(item)
    errors, _ = topic.validate()
    problem = errors[0][1] if errors else _topic_problem(topic)
    if problem:
        raise ValidationError(f"topic {name}: {problem}")
    topic["slug"] = topic["slug"] or slug_of(topic["title"])
    return topic


def _topic_problem(topic: TopicConfig) -> str | None:
    """What is wrong with a topic whose options are right, each on its own."""
    slug = topic["slug"] or slug_of(topic["title"])
    if not topic["title"]:
        return "`title` is missing; every topic needs one"
    if not slug:
        return "`title` has no letters to name a folder with; add a `slug`"
    if slug in ("assets", "index"):
        return "`slug` is a name that the digest folder uses itself; add another `slug`"
    if not any(topic[name] for name in SOURCES):
        return f"nothing to look for; add {any_of(SOURCES)}"
    if topic["exclude"] and not any(topic[name] for name in (*SEARCHES, "categories")):
        return f"`exclude` narrows a search; add {any_of((*SEARCHES, 'categories'))}"
    for query in topic["query"]:
        problem = check_query(query)
        if problem:
            return f"`query: {query}`: {problem}"
    return None
