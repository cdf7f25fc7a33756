"""What a model is asked, and what it gets to read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import FullText, Omission, Paper, Section
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.answer.fields import ABSTRACT_FIELDS, ALL_FIELDS, FIELDS, schema
from mkdocs_paperdigest.summaries.llm.calls import Prompt
from mkdocs_paperdigest.summaries.llm.model import LARGE_TEXT_BUDGET
from mkdocs_paperdigest.summaries.prompts.excerpt import excerpt
from mkdocs_paperdigest.summaries.prompts.prompts import build_prompt, language_name
from mkdocs_paperdigest.summaries.prompts.versions import prompt_version
from tests.conftest import PAPER

TOPIC = Topic("Generated text", "generated-text", "How to find its defects.")
TEXT = FullText((Section("1 Introduction", "Text can be wrong. We look into it."),))
SENTENCE = "Sentence number {} of e.g. Fig. 3 says a little about the gate. "


def prompt(
    text: FullText | None = TEXT,
    *,
    paper: Paper = PAPER,
    names: Sequence[str] = ALL_FIELDS,
    language: str = "en",
    templates_dir: Path | None = None,
    complaints: Sequence[Omission] = (),
) -> Prompt:
    return build_prompt(
        paper,
        text,
        TOPIC,
        names,
        language=language,
        templates_dir=templates_dir,
        text_budget=LARGE_TEXT_BUDGET,
        complaints=complaints,
    )


def test_the_paper_comes_last_and_within_its_fence() -> None:
    made = prompt()
    task, _, material = made.user.partition("<paper>")
    for known in (PAPER.key, PAPER.title, PAPER.abstract, "cs.CL", "We look into it."):
        assert known in material
        assert known not in task + made.system
    assert made.user.endswith("</paper>")
    assert TOPIC.description
    assert TOPIC.title in task
    assert TOPIC.description in task


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert prompt() == prompt()


@given(st.lists(st.sampled_from(["<", "/", " ", "paper", "PAPER", ">", "\n", "|", "think", "x"])))
def test_no_text_closes_its_fence(pieces: list[str]) -> None:
    hostile = "".join(pieces)
    paper = replace(PAPER, title=hostile, abstract=hostile, categories=(hostile,))
    made = prompt(FullText((Section(hostile, hostile),)), paper=paper)
    assert made.user.count("<paper>") == 1
    assert made.user.lower().replace(" ", "").replace("\n", "").count("</paper>") == 1
    assert made.user.endswith("</paper>")


def test_templates_in_a_paper_are_not_run() -> None:
    made = prompt(paper=replace(PAPER, title="{{ 7 * 7 }} {% raw %}"))
    assert "{{ 7 * 7 }} {% raw %}" in made.user


def test_the_topic_is_asked_about_only_where_relevance_is() -> None:
    assert str(TOPIC.description) not in prompt(names=("summary",)).user


def test_an_abstract_alone_is_called_so() -> None:
    made = prompt(None, names=ABSTRACT_FIELDS)
    assert "Only the abstract is at hand" in made.user
    assert "affiliation" not in made.schema["properties"]


def test_complaints_say_what_was_wrong_with_which_field() -> None:
    complaints = (
        Omission("summary", ReasonCode.LANGUAGE),
        Omission("methods", ReasonCode.UNVERIFIED),
        Omission("results", ReasonCode.LANGUAGE),
    )
    task = prompt(names=("summary", "methods"), complaints=complaints).user.partition("<paper>")[0]
    assert "- summary, results: it was in the wrong language" in task
    assert "methods: a quote was not found" in task


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("zh", "Chinese (Simplified)"),
        ("zh-CN", "Chinese (Simplified)"),
        ("zh_TW", "Chinese (Traditional)"),
        ("zh-Hant", "Chinese (Traditional)"),
        ("de", "German"),
        ("pt-BR", "Portuguese (Brazil)"),
        ("xx-nowhere-at-all", "xx-nowhere-at-all"),
    ],
)
def test_languages_have_their_names(code: str, name: str) -> None:
    assert language_name(code) == name
    assert f"in {name}." in prompt(language=code).system


def test_the_schema_follows_the_contract() -> None:
    made = schema(ALL_FIELDS)
    assert list(made["properties"]) == [field.name for field in FIELDS] == made["required"]
    assert not {"maxItems", "minItems", "maxLength", "minLength", "maximum"} & set(str(made).split("'"))
    assert schema(("relevance", "summary"))["required"] == ["summary", "relevance"]


def test_no_wording_of_ours_can_be_taken_for_an_answer() -> None:
    made = prompt()
    for echo in ("xxx", "...", "…", "for example", "e.g.", "TODO", "["):
        assert echo not in made.instructions


def test_a_user_may_replace_each_template(tmp_path: Path) -> None:
    assert prompt_version(tmp_path) == prompt_version(None)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/system.jinja").write_text("Answer in {{ language }}, like a pirate.")
    made = prompt(templates_dir=tmp_path)
    assert made.system == "Answer in English, like a pirate."
    assert made.user == prompt().user
    first = prompt_version(tmp_path)
    (tmp_path / "prompts/system.jinja").write_text("Answer in {{ language }}, like a captain.")
    assert len({prompt_version(None), first, prompt_version(tmp_path)}) == 3


@pytest.mark.parametrize("broken", [b"{{ nothing }}", b"{% if %}", b"{{ paper.nothing }}", b"\xff\xfe"])
def test_a_broken_template_is_named(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/paper.jinja").write_bytes(broken)
    with pytest.raises(ConfigurationError, match=r"prompts/paper\.jinja"):
        prompt(templates_dir=tmp_path)


def long_paper() -> FullText:
    titles = ["1 Introduction", "2 Related Work", "3 Method", "4 Experiments", "5 Conclusion", "A Details"]  # fmt: skip
    many = "".join(SENTENCE.format(k) for k in range(400))
    return FullText((*(Section(title, many) for title in titles), Section("References", many)))


def test_a_short_paper_is_sent_whole_but_for_its_references() -> None:
    sent = excerpt(FullText((*TEXT.sections, Section("References", "[1] A. Author."))), 10_000)
    assert sent == "## 1 Introduction\n\nText can be wrong. We look into it."


def test_a_long_paper_gives_what_its_parts_deserve() -> None:
    sent = excerpt(long_paper(), 20_000)
    parts = {part.partition("\n")[0]: len(part) for part in sent.split("## ")[1:]}
    assert list(parts) == ["1 Introduction", "2 Related Work", "3 Method", "4 Experiments", "5 Conclusion", "A Details"]  # fmt: skip
    assert parts["1 Introduction"] > parts["3 Method"] > parts["2 Related Work"] > parts["A Details"]
    assert 19_000 < len(sent) <= 20_200


def test_what_short_sections_leave_goes_to_the_others() -> None:
    long = "".join(SENTENCE.format(k) for k in range(400))
    sent = excerpt(FullText((Section("Introduction", "Short."), Section("Method", long))), 10_000)
    assert "Short." in sent
    assert len(sent) > 9_800


def test_sentences_are_never_cut() -> None:
    for budget in range(3_000, 4_000, 37):
        for part in excerpt(long_paper(), budget).split("## ")[1:]:
            assert part.strip().endswith("the gate. […]")


def test_pages_serve_where_no_sections_are_known() -> None:
    pages = ("We begin.", "We go on.\nReferences\n[1] A. Author.", "[2] B. Author.")
    assert excerpt(FullText(pages=pages), 1_000) == "We begin.\n\nWe go on."


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=400)), max_size=6), st.integers(0, 900))
def test_any_text_keeps_to_its_budget(parts: list[tuple[str, str]], budget: int) -> None:
    sections = tuple(Section(title, text) for title, text in parts)
    overhead = sum(len(title) + 12 for title, _ in parts)
    assert len(excerpt(FullText(sections), budget)) <= budget + overhead
