"""The options, each declared once: name, type, check, default and meaning.

To add an option, add a field to `Options`, or to `Topic`:

    newest: int = option(count(1), 5, "How many papers the index shows of each topic.")

The plugin then reads it from mkdocs.yml and checks it, and the core finds it as `options.newest`. Bring the JSON
schema and the reference up to date with `python -m mkdocs_paperdigest.options`.
"""

from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from mkdocs_paperdigest.options import checks
from mkdocs_paperdigest.options.checks import choice, count, flag, seconds, text, texts
from mkdocs_paperdigest.options.declaration import option, path, required

Period = Literal["day", "week", "month", "all"]
FiguresLicense = Literal["all", "open"]
SearchScope = Literal["summary", "all", "none"]
Order = Literal["interest", "match", "date"]
Interests = tuple[str | Path, ...]
"""What a lab works on: arXiv ids, and BibTeX files by their paths."""

MOST_PAPERS = 2000
"""Of a topic."""

ARXIV_INTERVAL_S = 3.0
"""The pause between requests that arXiv asks for (https://info.arxiv.org/help/api/tou.html)."""

SEARCHES = ("phrases", "query", "authors")
"""Options of a topic that search arXiv; `categories` and `exclude` narrow such a search.

`categories` alone are a search too: for all that is new in them.
"""
SOURCES = (*SEARCHES, "categories", "ids", "library")
"""Options of a topic that find papers; a topic needs at least one of them."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One item of `topics`: what to look for and how to show it."""

    title: str = field(
        metadata=required(text, "", "What the topic is called on its pages.", default_text="required")
    )
    slug: str = field(
        metadata=required(
            checks.slug,
            "",
            "Name of the topic's folder; two topics with the same one are an error.",
            default_text="from `title`",
        )
    )
    description: str | None = option(
        text, None, "One or two sentences on what belongs here; a model scores papers against them."
    )
    phrases: tuple[str, ...] = option(
        texts, (), "Phrases to look for in titles and abstracts; one of them is enough."
    )
    query: tuple[str, ...] = option(
        texts,
        (),
        "A raw arXiv query, or a list of queries; one of them is enough. They are checked against arXiv's "
        "grammar.",
    )
    authors: tuple[str, ...] = option(texts, (), "Names of authors; one of them is enough.")
    ids: tuple[str, ...] = option(checks.arxiv_ids, (), "arXiv ids; old style and versions are allowed.")
    categories: tuple[str, ...] = option(
        checks.categories,
        (),
        "arXiv categories such as `cs.CV`; a paper must be in one of them. Alone, they make a topic of all that is "
        "new in them.",
    )
    exclude: tuple[str, ...] = option(texts, (), "Phrases that must not occur in title or abstract.")
    library: Path | None = path(
        checks.existing_file,
        "A BibTeX file, relative to `mkdocs.yml`; `file` names local PDFs, `eprint` arXiv papers.",
    )
    max_papers: int = option(
        count(1, MOST_PAPERS),
        50,
        "Show only the newest N papers; where `categories` stand alone and there are `interests`, the closest N of "
        "the newest 2,000.",
    )
    period: Period | None = option(
        choice(*get_args(Period)),
        None,
        "What one page of the topic covers: `day`, `week`, `month` or `all`.",
        default_text="the site's `period`; `all` for topics of only `ids` or `library`",
    )
    hide: tuple[str, ...] = option(
        checks.paper_ids, (), "Papers that are not shown: arXiv ids, or keys of the library."
    )
    interests: Interests = option(
        checks.interests,
        None,
        "What the lab works on, for this topic; `false` for none.",
        default_text="the site's `interests`",
        resolved=(),
        place=checks.existing_file,
    )
    since: date | timedelta | None = option(
        checks.since, None, "A date such as `2024-10-01`, or an age such as `30d`; older papers are left out."
    )
    min_relevance: int = option(
        count(0, 10),
        None,
        "Papers that a model scores lower than this, from 0 to 10, are only listed by title, with their score.",
        default_text="`3` with a `description`, else `0`",
        resolved=0,
    )

    @property
    def asks_arxiv(self) -> bool:
        """Whether arXiv's search has to be asked (a library may bring arXiv ids all the same)."""
        return bool(self.phrases or self.query or self.authors or self.categories or self.ids)

    @property
    def lists_all(self) -> bool:
        """Whether the topic is all that is new in its categories."""
        return bool(self.categories) and not (self.phrases or self.query or self.authors)

    def first_day(self, now: datetime) -> date | None:
        """The oldest submission date that is shown, or None for no limit."""
        if isinstance(self.since, timedelta):
            return day_before(now, self.since)
        return self.since


def day_before(now: datetime, age: timedelta) -> date:
    """The day that was an age ago; the first of the calendar where that was longer ago."""
    try:
        return (now - age).date()
    except OverflowError:
        return date.min


@dataclass(frozen=True, slots=True)
class Options:
    """All options, checked, with every path absolute. A unit stands in the name where it is needed."""

    topics: tuple[Topic, ...] = field(
        metadata=required(checks.filled_list, None, "The list of topics.", default_text="required")
    )
    _: KW_ONLY
    enabled: bool = option(flag, True, "Whether the plugin does anything.")

    # Pages
    digest_dir: str = option(checks.folder, "digests", "Folder of the digest pages in the site.")
    period: Period = option(
        choice(*get_args(Period)),
        "week",
        "What one page covers, by the papers' submission dates: `day`, `week`, `month` or `all`.",
    )
    full_entries: int = option(
        count(0),
        20,
        "How many papers of one page stand open; the others are rows that open, each with the whole entry.",
    )
    overview: bool = option(
        flag,
        True,
        "Whether a page of several papers opens with a short overview. A model writes those of the newest four periods "
        "of a topic; each takes one place of `max_new_papers`.",
    )
    interests: Interests = option(
        checks.interests,
        (),
        "What the lab works on: BibTeX files, relative to `mkdocs.yml`, and arXiv ids, in one list. Papers are ordered "
        "by how close they are to it.",
        place=checks.existing_file,
    )
    order: Order | None = option(
        choice(*get_args(Order)),
        None,
        "Which papers of a page come first, and which are worked on first: the closest to the `interests` "
        "(`interest`), those that have most of what the topic looks for (`match`), or the newest (`date`).",
        default_text="`interest` where there are `interests`, else `date`",
    )
    language: str = option(
        checks.language,
        None,
        "Language of labels and summaries, as a code such as `en`, `zh` or `pt-BR`.",
        default_text="the theme's, else `en`",
        resolved="en",
    )
    feeds: bool = option(
        flag,
        True,
        "Whether there are feeds (Atom and JSON Feed) of each topic and of all; they need the site's `site_url`.",
    )
    templates_dir: Path | None = path(
        checks.existing_folder,
        "Folder of your own templates, relative to `mkdocs.yml`; they win over the plugin's.",
    )
    search_scope: SearchScope = option(
        choice(*get_args(SearchScope)),
        "summary",
        "What the site's search finds on digest pages: titles, abstracts, summaries and takeaways "
        "(`summary`), also readings, quotations and captions (`all`), or nothing (`none`).",
    )

    # Summaries
    model: str = option(
        text,
        "auto",
        "What writes the summaries: `auto`, `none`, `extractive`, `gemini/NAME`, `openai/NAME` or "
        "`google-generativeai/NAME`.",
        resolved="extractive",
    )
    """Never `auto`, which stands for one of the others."""
    model_url: str | None = option(
        checks.base_url,
        None,
        "Base URL of the model's endpoint: a proxy, Ollama, vLLM.",
        default_text="the provider's",
    )
    model_timeout_s: float = option(
        seconds(1), 120, "Seconds that one call may take in all, without retries.", name="model_timeout"
    )
    model_concurrency: int = option(count(1, 64), 4, "How many calls run at once.")
    check_claims: bool = option(
        flag,
        False,
        "Whether the model is asked once more for each paper, with statements and quotations alone, which of the "
        "statements their quotations support. Contradicted ones are left out, and those of which the "
        "quotation says nothing lose their mark.",
    )
    max_new_papers: int = option(
        count(0),
        30,
        "How many papers one build reads and summarizes; until then the others are shown by their abstracts.",
    )

    # arXiv
    refresh: timedelta = option(checks.age, "20h", "How long an answer from arXiv counts as fresh.")
    offline: bool = option(flag, False, "Whether to build without touching the network.")
    arxiv_url: str = option(
        checks.arxiv_url,
        "https://export.arxiv.org",
        "Base of `/api/query`, `/html/ID`, `/pdf/ID` and `/abs/ID`.",
    )
    request_interval_s: float = option(
        seconds(0),
        3,
        "Seconds from the end of one answer from arXiv to the next request, over all threads and "
        "processes that share the cache; less than 3 only for a host that is not arXiv's.",
        name="request_interval",
    )
    contact: str | None = option(checks.contact, None, "E-mail address or URL for the User-Agent.")

    # Figures
    figures: bool = option(flag, True, "Whether pages show the papers' figures.")
    figures_max: int = option(count(1, 100), 8, "How many figures and tables of one paper are shown at most.")
    tables: bool = option(
        flag,
        True,
        "Whether the numbered tables that a paper refers to most stand among its figures; `figures: false` "
        "leaves them out too.",
    )
    figures_license: FiguresLicense = option(
        choice(*get_args(FiguresLicense)),
        "all",
        "Show figures of `all` papers, or only of those under an `open` (Creative Commons) licence and "
        "link to the others.",
    )

    # The disk
    cache_dir: Path = field(
        metadata=required(
            text,
            ".cache/plugin/paperdigest",
            "Folder of everything that is kept between builds, relative to `mkdocs.yml`.",
            place=checks.not_a_file,
        )
    )
    archive_dir: Path | None = path(
        checks.not_a_file, "Folder of committed records that people can edit, relative to `mkdocs.yml`."
    )

    log_level: int = option(
        checks.log_level,
        "info",
        "Level of log messages about trouble that is not your mistake: `debug`, `info` or `warning`.",
    )
    """A level of the `logging` module."""

    @property
    def license_decides(self) -> bool:
        """Whether figures are shown of papers under an open licence only."""
        return self.figures and self.figures_license == "open"

    @property
    def least_interval_s(self) -> float:
        """The shortest pause between requests to `arxiv_url`: arXiv's own hosts ask for one."""
        host = urlsplit(self.arxiv_url).hostname or ""
        return ARXIV_INTERVAL_S if f".{host}".endswith(".arxiv.org") else 0.0
