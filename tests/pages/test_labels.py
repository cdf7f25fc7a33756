"""Labels: every language has all of them; dates, counts and reasons follow the language."""

import logging
import re
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest

import mkdocs_paperdigest.pages
from mkdocs_paperdigest.pages.labels import languages, load_language
from mkdocs_paperdigest.pages.plan.periods import span_of
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome


def fields(text: object) -> set[str]:
    forms = text.values() if isinstance(text, dict) else [text]
    return {name for form in forms for _, name, _, _ in Formatter().parse(str(form)) if name}


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_a_language_has_every_text_with_the_fields_of_the_english_one(code: str) -> None:
    english, other = load_language("en").labels, load_language(code).labels
    assert set(other) == set(english)
    for key, text in english.items():
        if not key.startswith("formats."):
            assert fields(other[key]) == fields(text), key
            assert "other" in other[key] if isinstance(text, dict) else True


def test_every_label_that_a_template_asks_for_exists_and_every_label_is_asked_for() -> None:
    labels = set(load_language("en").labels)
    folder = Path(mkdocs_paperdigest.pages.__file__).parent
    sources = [path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in {".py", ".j2"}]
    asked = {key for text in sources for key in re.findall(r"label\(\s*\"([a-z_.]*[a-z])\"[,)\s]", text)}
    assert asked - labels == set()
    by_name = (
        "formats.",
        "changes.",
        "chart.",
        "kinds.",
        "links.",
        "reading.",
        "why.",
        "overview.",
        "provenance.basis.",
        "provenance.excerpt.",
        "script.",
        "reason.",
    )
    unused = {key for key in labels - asked if not key.startswith(by_name)}
    assert unused == set()


def test_the_nearest_language_is_taken() -> None:
    assert load_language("zh-CN").code == "zh"
    assert load_language("zh_Hans").code == "zh"
    assert load_language("en-GB").code == "en"


def test_a_language_without_labels_is_english_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="mkdocs"):
        assert load_language("fr").code == "en"
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "'fr'" in caplog.text


@pytest.mark.parametrize(
    ("code", "kind", "day", "words"),
    [
        ("en", "day", "2024-10-19", "19 October 2024"),
        ("en", "week", "2024-10-19", "Week 42, 14–20 October 2024"),
        ("en", "week", "2024-10-02", "Week 40, 30 September–6 October 2024"),
        ("en", "week", "2025-01-01", "Week 1, 30 December 2024–5 January 2025"),
        ("en", "month", "2024-10-19", "October 2024"),
        ("zh", "day", "2024-10-19", "2024年10月19日"),
        ("zh", "week", "2024-10-19", "第42周，2024年10月14日–20日"),
        ("zh", "month", "2024-10-19", "2024年10月"),
    ],
)
def test_periods_are_named_as_people_write_them(code: str, kind: str, day: str, words: str) -> None:
    span = span_of(datetime.fromisoformat(f"{day}T23:30:00+00:00"), kind)  # type: ignore[arg-type]
    assert load_language(code).span(span) == words


def test_days_are_those_of_utc() -> None:
    late = datetime.fromisoformat("2024-10-19T20:30:00-05:00")
    assert span_of(late, "day").name == "2024-10-20"
    assert load_language("en").moment(late) == "20 October 2024 01:30 UTC"


def test_weeks_are_those_of_iso_8601() -> None:
    first = span_of(datetime(2024, 12, 31, tzinfo=UTC), "week")
    assert (first.name, first.first, first.last) == ("2025-w01", date(2024, 12, 30), date(2025, 1, 5))


def test_counts_take_the_plural_of_the_language() -> None:
    english, chinese = load_language("en"), load_language("zh")
    assert [english.label("papers", n=n) for n in (0, 1, 2)] == ["0 papers", "1 paper", "2 papers"]
    assert chinese.label("papers", n=1) == "1 篇论文"


def test_a_space_stands_between_han_and_latin_where_texts_are_composed() -> None:
    chinese = load_language("zh")
    assert chinese.label("topic.description", topic="Talking heads").startswith(
        "Talking heads 方向的最新论文"
    )
    assert chinese.label("topic.description", topic="数字人").startswith("数字人方向的最新论文")
    assert chinese.label("period.description", span="2024年10月", topic="3D Gaussians", titles="A") == (
        "2024年10月提交的3D Gaussians 方向论文：A"
    )
    # What people wrote stays as they wrote it.
    assert chinese.label("topic.description", topic="用GAN生成").startswith("用GAN生成方向")
    for code in languages():
        labels = load_language(code).labels
        texts = [str(text) for key, text in labels.items() if not key.startswith("formats.")]
        assert [
            text for text in texts if re.search(r"[\u4e00-\u9fff][A-Za-z]|[A-Za-z][\u4e00-\u9fff]", text)
        ] == []


def test_words_of_servers_and_paths_do_not_reach_a_page() -> None:
    english, chinese = load_language("en"), load_language("zh")
    said = Reason(ReasonCode.OTHER, text="[Errno 28] https://x.example")
    unwritable = Reason(ReasonCode.CANNOT_BE_WRITTEN, said, file="/home/me/.cache")
    reason = Reason(ReasonCode.NO_FIGURES, Reason(ReasonCode.NOT_DOWNLOADED, unwritable))
    assert str(reason) == (
        "no figures: not downloaded: /home/me/.cache cannot be written: [Errno 28] https://x.example"
    )
    assert english.reason(reason) == "no figures: not downloaded"
    assert chinese.reason(reason) == "没有插图：未能下载"
    assert english.reason(Reason(ReasonCode.OTHER, text="HTTP 400: API key not valid")) == ""
    assert english.reason(None) == ""


def test_copies_of_older_templates_give_reasons_as_before() -> None:
    english, answered = load_language("en"), Reason(ReasonCode.ARXIV_ANSWERED, status=503)
    assert (english.told(answered), english.told("")) == ("arXiv gave no answer", "")


def test_a_translated_reason_keeps_its_numbers() -> None:
    chinese = load_language("zh")
    pages = Reason(ReasonCode.PDF_PAGES, pages=700, most=500)
    assert chinese.reason(pages) == "PDF 有 700 页；可读取 1 至 500 页"
    pixels = Reason(ReasonCode.IMAGE_TOO_LARGE, pixels="40,000,000")
    assert chinese.reason(pixels) == "图片超过 40,000,000 像素"


OF_OPERATORS = re.compile(
    r"\b(key|quota|limit of the|HTTP|status|build|log|busy|denied|403|setup|no such language model|pause)\b|"
    r"密钥|额度|日志|构建|繁忙|拒绝访问|没有该",
    re.IGNORECASE,
)


@pytest.mark.parametrize("code", languages())
def test_readers_are_not_told_what_operators_have_to_mend(code: str) -> None:
    labels = load_language(code).labels
    told = {
        key: str(text)
        for key, text in labels.items()
        if key.startswith(("reason.", "state.", "provenance.", "index.")) and OF_OPERATORS.search(str(text))
    }
    assert told == {}
    for reason in (
        Reason(ReasonCode.ARXIV_DENIED, status=403),
        Reason(ReasonCode.ARXIV_PAUSE, status=503, seconds=60),
        Reason(ReasonCode.PDF_CRASH, exit_code=-11),
    ):
        assert not set(reason.values.values()) & set(re.findall(r"-?\d+", load_language(code).reason(reason)))


FOR_THE_LOG = {
    "other", "text_lost", "arxiv_lock", "feed_without", "paper_without", "paper_wrong", "paper_unreadable",
    "redirect_nowhere", "redirect_elsewhere", "oversize", "licence_forbids", "cannot_be_read", "cannot_be_written",
    "html_oversize", "pdf_memory", "pdf_unreadable", "image_memory", "image_unreadable",
    "images_unwritable",
    # Reasons about papers that only `paperdigest status` lists, and a field that the paper does not have.
    "bib_unreadable", "bib_twice", "bib_no_key", "bib_no_title", "bib_no_year", "bib_macros", "bib_file_outside",
    "bib_file_missing", "hidden", "hidden_in_topic", "not_on_arxiv",
    "duplicate", "too_old", "beyond_newest", "beyond_closest", "low_relevance", "not_given",
    # Reasons why a statement has no mark: `paperdigest check` lists them.
    "no_quote", "far_numbers", "overstated", "unrelated",
}  # fmt: skip


def test_every_reason_is_translated_but_those_for_the_log() -> None:
    labels = load_language("zh").labels
    assert {code for code in ReasonCode if f"reason.{code}" not in labels} == FOR_THE_LOG
    for code in set(ReasonCode) - FOR_THE_LOG:
        assert fields(labels[f"reason.{code}"]) <= fields(code.english), code


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_failure_of_a_model_is_translated(outcome: Outcome) -> None:
    reason = ModelCallError(outcome, "HTTP 400: see https://x.example").reason
    for code in languages():
        language = load_language(code)
        assert language.reason(reason) == language.labels[f"reason.{outcome}"]
