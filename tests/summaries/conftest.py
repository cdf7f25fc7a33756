"""A fake endpoint, a model that uses it, and one paper to ask about."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.files import installed_versions
from mkdocs_paperdigest.models import Document, FullText, Section, Summary, Usage
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.summaries.answer.fields import ALL_FIELDS, schema
from mkdocs_paperdigest.summaries.llm.calls import Prompt, Provider
from mkdocs_paperdigest.summaries.llm.gemini import Gemini
from mkdocs_paperdigest.summaries.llm.model import Model
from mkdocs_paperdigest.summaries.llm.openai import OpenAI
from mkdocs_paperdigest.summaries.summarize import summarize
from tests.conftest import PAPER
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, Reply, honest_answer, text

KEY = "AIza" + "Sy-not-a-real-key-0123456789"  # in two parts, so that scanners for leaked keys ignore it
PROMPT = Prompt("Keep the rules.", "Abstract: One. Two. Three.", schema(ALL_FIELDS), "Keep the rules.", 2_000)
TOPIC = Topic("Text quality", "text-quality", "Defects of generated text.")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BODY = FullText(
    (
        Section("1 Introduction", "Readers of generated text notice its defects too late."),
        Section("2 Method", "The gate reads every field. It compares each number with the paper."),
    )
)
NOTHING = FullText()
ONE_CALL = Usage(100, 50, 1)


@pytest.fixture
def fake() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


@pytest.fixture
def model(fake: FakeGemini) -> Model:
    provider = Gemini("gemini-3.5-flash-lite", url=fake.url, key=KEY, timeout_s=60)
    return Model("gemini/gemini-3.5-flash-lite", provider, sleep=lambda _: None)


Summarize = Callable[..., Summary]


@pytest.fixture
def ask(model: Model, tmp_path: Path) -> Summarize:
    def run(
        body: FullText = NOTHING,
        *,
        language: str = "en",
        now: datetime = NOW,
        previous: Summary | None = None,
        abstract: str = PAPER.abstract,
    ) -> Summary:
        options = Options((TOPIC,), cache_dir=tmp_path, language=language)
        paper = replace(PAPER, abstract=abstract)
        document = Document("pdf" if body.sections else "abstract")
        return summarize(paper, document, body, TOPIC, options, model, now=now, previous=previous)

    return run


def changed(**values: Any) -> Callable[[Call], Reply]:
    """An honest answer with some fields replaced, or left out where the value is `missing`."""

    def answer(call: Call) -> Reply:
        fields = honest_answer(call) | {k: v for k, v in values.items() if k in call.fields}
        return text(json.dumps({k: v for k, v in fields.items() if v != "missing"}))

    return answer


def complaints(call: Call) -> str:
    return call.prompt.partition("<paper>")[0]


OLDER_SDK = pytest.param(
    "google-generativeai",
    marks=pytest.mark.skipif(
        not installed_versions(["google-generativeai"]),
        reason="the extra google-generativeai is not installed",
    ),
)


def opened(name: str, fake: FakeGemini, *, timeout_s: float = 10.0, key: str = KEY) -> Provider:
    model = "gemini-3.5-flash-lite"
    if name == "openai":
        return OpenAI(model, url=fake.openai_url, key=key, timeout_s=timeout_s)
    if name == "gemini":
        return Gemini(model, url=fake.url, key=key, timeout_s=timeout_s)
    from mkdocs_paperdigest.summaries.llm.generativeai import GenerativeAI

    return GenerativeAI(model, url=fake.url, key=key, timeout_s=timeout_s)
