"""Options are understood, and wrong ones are one clear line that names option, topic, value and cure."""

import inspect
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.options import options
from mkdocs_paperdigest.options.checks import count
from mkdocs_paperdigest.options.declaration import option
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.plugin.config import DeclaredConfig, PaperDigestConfig, options_of

HEADS = "{title: Heads, phrases: [talking head]}"


def read(written: str, root: Path, environ: dict[str, str] | None = None) -> Options:
    options = PaperDigestConfig()
    options.load_dict(yaml.safe_load(written))
    errors, warnings = options.validate()
    if errors:
        raise ConfigurationError(str(errors[0][1]))
    assert not warnings
    return options_of(options, root=root, theme_language="zh", environ=environ or {})


def test_six_lines_are_enough(tmp_path: Path) -> None:
    options = read(f"topics: [{HEADS}]", tmp_path)
    (topic,) = options.topics
    assert (topic.title, topic.slug, topic.phrases) == ("Heads", "heads", ("talking head",))
    assert (topic.max_papers, topic.min_relevance, options.period) == (50, 0, "week")
    assert options.refresh == timedelta(hours=20)
    assert options.cache_dir == tmp_path / ".cache/plugin/paperdigest"
    assert (options.language, options.model) == ("zh", "extractive")


def test_ids_need_no_quotes(tmp_path: Path) -> None:
    options = read("topics: [{title: Club, ids: [2410.13720, hep-th/9901001v2]}]", tmp_path)
    assert options.topics[0].ids == ("2410.13720", "hep-th/9901001v2")


def test_interests_are_files_and_ids_of_the_site_or_of_one_topic(tmp_path: Path) -> None:
    file = tmp_path / "2024.bib"
    file.touch()
    written = "[2024.bib, 2410.13720, arXiv:hep-th/9901001v2]"
    own = "{title: A, phrases: [a], interests: 2410.13726}, {title: B, phrases: [b], interests: false}"
    options = read(f"topics: [{HEADS}, {own}]\ninterests: {written}", tmp_path)
    assert [topic.interests for topic in options.topics] == [
        (file, "2410.13720", "hep-th/9901001"),
        ("2410.13726",),
        (),
    ]


def test_a_described_topic_is_judged_by_relevance(tmp_path: Path) -> None:
    described = "{title: A, phrases: [a], description: What belongs here.}"
    options = read(f"topics: [{described}, {{title: B, phrases: [b], min_relevance: 5}}]", tmp_path)
    assert [topic.min_relevance for topic in options.topics] == [3, 5]


@pytest.mark.parametrize(
    ("model", "environ", "meant"),
    [
        ("auto", {}, "extractive"),
        ("auto", {"GOOGLE_API_KEY": "k"}, "gemini/gemini-3.5-flash-lite"),
        ("auto", {"OPENAI_API_KEY": "k"}, "extractive"),
        ("none", {"GEMINI_API_KEY": "k"}, "none"),
        ("openai/org/model:7b", {}, "openai/org/model:7b"),
    ],
)
def test_which_summarizer_is_meant(tmp_path: Path, model: str, environ: dict[str, str], meant: str) -> None:
    assert read(f"topics: [{HEADS}]\nmodel: {model}", tmp_path, environ).model == meant


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{}", "^`topics` is missing; write a list with at least one topic"),
        ("topics: []", "^`topics` is empty; write a list with at least one topic"),
        ("topics: heads", "^`topics: heads` is not a list; write a list with at least one topic"),
        ("topics: {title: Heads}", "^`topics: {'title': 'Heads'}` is not a list; write a list"),
        (
            "topics: [{title: H, phrases: [a], categories: [cs.CV, cs.XX]}]",
            "^topic 'H': `categories: .*` is wrong: arXiv has no category cs.XX; see https://",
        ),
        ("topics: [{title: H, phrases: [a], since: 2999-01-01}]", "is in the future; write"),
        (
            f"topics: [{HEADS}]\narxiv_url: http://lab.example/arxiv/api/query/",
            "drop /api/query: write http://lab.example/arxiv$",
        ),
        (f"topics: [{HEADS}]\ncontact: the lab", "`contact: the lab` is neither an e-mail"),
        (f"topics: [{HEADS}]\nmodel_timeout: .inf", "`model_timeout: inf` is not a number of sec"),
        (f"topics: [{HEADS}]\nmodel_timeout: .nan", "`model_timeout: nan` is not a number of sec"),
        (f"topics: [{HEADS}]\nlanguage: klingonish", "`language: klingonish` is not the code of"),
        ("topics: [heads]", "topic 1: `heads` is not a mapping"),
        ("topics: [{phrases: [a]}]", "topic 1: `title` is missing"),
        ("topics: [{title: Heads}]", "topic 'Heads': nothing to look for"),
        (
            "topics: [{title: Heads, phrase: a}]",
            "topic 'Heads': unknown key `phrase`; did you mean `phrases`",
        ),
        ("topics: [{title: Heads, phrases: [[a]]}]", "topic 'Heads': `phrases: .*` is not a list of texts"),
        ("topics: [{title: H, ids: [2410.13720, x]}]", "topic 'H': `ids: .*x"),
        (
            "topics: [{title: H, ids: [2410.10]}]",
            "has lost digits: 2410.1 was read as a number; write .* quotes",
        ),
        ("topics: [{title: H, ids: [1401.12]}]", "has lost digits: 1401.12 was read as a number"),
        ("topics: [{title: H, ids: ['2413.12345']}]", "topic 'H': `ids: .*2413"),
        (
            "topics: [{title: H, phrases: [a], since: yesterday}]",
            "topic 'H': `since: yesterday` is neither a date nor an age; write 2024-10-01 or 30d",
        ),
        ("topics: [{title: H, phrases: [a], max_papers: 0}]", "topic 'H': `max_papers: 0` is not"),
        ("topics: [{title: H, phrases: [a], slug: a/b}]", "topic 'H': `slug: a/b` cannot"),
        ("topics: [{title: H, phrases: [a], slug: assets}]", "topic 'H': `slug` is a name"),
        ("topics: [{title: '!?', phrases: [a]}]", "topic '!\\?': `title` has no letters"),
        (
            f"topics: [{HEADS}]\ninterests: true",
            "^`interests: True` is not a list of BibTeX files and arXiv ids",
        ),
        (f"topics: [{HEADS}]\ninterests: [{{a: b}}]", "is not a list of BibTeX files and arXiv ids"),
        (
            f"topics: [{HEADS}]\ninterests: ['2410.1378']",
            "'2410.1378' has 4 digits after the point where arXiv has 5",
        ),
        (f"topics: [{HEADS}]\ninterests: [2410.1]", "`interests: .*` has lost digits: 2410.1 was read"),
        (
            f"topics: [{HEADS}]\ninterests: libary.bib",
            "^`interests: libary.bib` is not a file .*; the path is relative to mkdocs.yml",
        ),
        ("topics: [{title: H, phrases: [a], interests: [.]}]", "^topic 'H': `interests: .` is not a file"),
        (f"topics: [{HEADS}]\norder: interest", "`order: interest` needs `interests`"),
        ("topics: [{title: H, hide: [a]}]", "topic 'H': nothing to look for"),
        ("topics: [{title: H, ids: [2410.13720], exclude: [a]}]", "topic 'H': `exclude` narrows a search"),
        ("topics: [{title: H, query: 'ti:(a'}]", "topic 'H': `query: ti:\\(a`"),
        (
            "topics: [{title: A b, phrases: [a]}, {title: a-B, phrases: [b]}]",
            "topic 'a-B': `slug: a-b` is also the folder of topic 'A b'",
        ),
        (
            "topics: [{title: H, library: no.bib}]",
            "topic 'H': `library: no.bib` is not a file .*; the path is relative to mkdocs.yml$",
        ),
        (
            f"topics: [{HEADS}]\napi_key: AIzaNotShown",
            "unknown key `api_key`; keys of models .* GEMINI_API_KEY",
        ),
        (f"topics: [{HEADS}]\nperiods: week", "unknown key `periods`; did you mean `period`"),
        (f"topics: [{HEADS}]\nperiod: fortnight", "`period: fortnight` is not one of day, week"),
        (f"topics: [{HEADS}]\nmodel: gpt", "`model: gpt` is not a summarizer"),
        (f"topics: [{HEADS}]\nmodel: gpt-4o", "is not a summarizer; did you mean openai/gpt-4o?"),
        (f"topics: [{HEADS}]\nmodel: 'qwen3:8b'", "is not a summarizer; did you mean openai/qwen3:8b?"),
        (f"topics: [{HEADS}]\nmodel: gemini-2.5-flash", "did you mean gemini/gemini-2.5-flash?"),
        (
            f"topics: [{HEADS}]\nmodel: meta-llama/Llama-3.1-8B",
            "did you mean openai/meta-llama/Llama-3.1-8B?",
        ),
        (f"topics: [{HEADS}]\nmodel: gemini/", "`model: gemini/` is not a summarizer"),
        (f"topics: [{HEADS}]\nrefresh: 20", "`refresh: 20` is not an age"),
        (f"topics: [{HEADS}]\noffline: 'yes'", "`offline: yes` is neither true nor false"),
        (f"topics: [{HEADS}]\nrequest_interval: 1", "`request_interval: 1` is too short"),
        (f"topics: [{HEADS}]\nrequest_interval: 1\narxiv_url: https://arxiv.org", "is too short"),
        (f"topics: [{HEADS}]\narxiv_url: localhost", "`arxiv_url: localhost` is not the base"),
        (f"topics: [{HEADS}]\ncache_dir: a.txt", "`cache_dir: a.txt` is a file; name a folder"),
        (f"topics: [{HEADS}]\narchive_dir: a.txt", "`archive_dir: a.txt` is a file; name a fol"),
        (
            f"topics: [{HEADS}]\nmodel_url: https://me:secret@lab.example/v1?key=secret",
            "^`model_url: https://...lab.example/v1...` is not the base of [^`]* without user",
        ),
        (f"topics: [{HEADS}]\ntemplates_dir: none", "`templates_dir: none` is not a folder"),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path: Path, written: str, message: str) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(ConfigurationError, match=message) as caught:
        read(written, tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "arxiv.org.lab.example", "notarxiv.org"])
def test_short_intervals_are_for_other_hosts_than_arxiv(tmp_path: Path, host: str) -> None:
    options = read(f"topics: [{HEADS}]\nrequest_interval: 0.1\narxiv_url: http://{host}", tmp_path)
    assert options.request_interval_s == 0.1


def test_an_option_is_declared_in_one_place() -> None:
    @dataclass
    class Example:
        newest: int = option(count(1), 5, "How many papers the index shows of each topic.")

    class ExampleConfig(DeclaredConfig, declared_by=Example):
        """Made from the example in the docstring of `options.options`."""

    config = ExampleConfig()
    config.load_dict({"newest": 0})
    ((name, error),) = config.validate()[0]
    assert (name, str(error)) == ("newest", "`newest: 0` is not a whole number from 1 on")
    assert Example().newest == ExampleConfig().newest == 5
    assert inspect.getsource(Example).strip().splitlines()[-1].strip() in (options.__doc__ or "")


def test_topics_of_named_papers_alone_have_one_page(tmp_path: Path) -> None:
    club, search = "{title: A, ids: [2410.13786]}", "{title: B, phrases: [b], ids: [2410.13786]}"
    chosen = "{title: C, ids: [2410.13786], period: week}"
    options = read(f"{{period: month, topics: [{club}, {search}, {chosen}]}}", tmp_path)
    assert [topic.period for topic in options.topics] == ["all", None, "week"]


def test_hidden_papers_are_ids_without_versions_or_keys(tmp_path: Path) -> None:
    hidden = "[https://arxiv.org/abs/2410.13726v2, 2410.13720, poe24]"
    options = read(f"topics: [{{title: A, ids: [2410.13786], hide: {hidden}}}]", tmp_path)
    assert options.topics[0].hide == ("2410.13726", "2410.13720", "poe24")
