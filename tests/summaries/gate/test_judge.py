from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mkdocs_paperdigest.models import Answer, Claim, Omission, Paper
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.gate.judge import Verdict, check

PAPER = Paper(
    id="2403.01234",
    version=2,
    title="FoldNet: Origami Priors for Robotic Cloth Folding",
    authors=("Mira Halvorsen", "Wei Zhang", "José Ortega"),
    abstract=(
        "Folding cloth with robots is hard because fabric deforms freely. We present FoldNet, which predicts creases "
        "with an origami prior and plans 12 folds from a single RGB-D image. Experiments on 1,250 garments show that it "
        "outperforms prior planners by 18.5% and needs half the time. Code is available at https://github.com/mirah/foldnet."
    ),
    published=datetime(2024, 3, 2, tzinfo=UTC),
    updated=datetime(2024, 3, 9, tzinfo=UTC),
    comment="ICRA 2024, 9 pages",
)


def judge(field: str, text: str, *, paper: Paper = PAPER, language: str = "zh") -> Verdict:
    value = text if field in ("summary", "title_translation", "affiliation") else Claim(text)
    return check(Answer(**{field: value}), paper=paper, text=None, language=language)


def reason(field: str, text: str, *, paper: Paper = PAPER, language: str = "zh") -> str | None:
    failed = judge(field, text, paper=paper, language=language).failed
    return failed[0].reason if failed else None


def test_an_honest_answer_passes_untouched() -> None:
    answer = Answer(
        summary="提出 FoldNet，借助折纸先验从单张 RGB-D 图像规划布料折叠。",
        takeaways=(
            Claim("织物可任意变形，机器人折叠布料十分困难。"),
            Claim("FoldNet 用折纸先验预测折痕。"),
            Claim("在 1250 件衣物上比现有规划器高 18.5%。"),
        ),
        background=Claim("机器人折叠布料很难，因为织物会自由变形，状态难以估计。"),
        relevance=7,
    )
    assert check(answer, paper=PAPER, text=None, language="zh") == Verdict(answer, (), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("该工作的意义在于xxx。", "placeholder"),
        ("创新点：xxx；性能：xxx。", "placeholder"),
        ("N/A", "placeholder"),
        ("本文面向[请填写领域]，提出了新的折叠规划方法，效果良好。", "placeholder"),
        ("抱歉，我无法访问这篇论文的全文，因此不能给出总结。", "refusal"),
        ("该方法可能采用了卷积结构，具体细节在摘要中并未提及。", "ungrounded"),
        ("这篇工作的意义是什么？\n答：它让机器人学会折叠布料。", "leak"),
        (
            "This work teaches robots how to fold cloth and it is faster than what was there before.",
            "language",
        ),
        ("该方法把折痕预测与规划结合起来，从而显著提高了折叠的成功率，并且", "truncated"),
        ("相关代码见 https://github.com/someone/else ，可以直接运行。", "metadata"),
        ("FoldNet 比现有规划器高 31.7%，而且所需的时间更少。", "numbers"),
    ],
)
def test_a_defect_is_named(text: str, expected: str) -> None:
    assert reason("results", text) == expected


def test_a_chatty_last_sentence_is_cut_off_and_the_rest_is_shown() -> None:
    verdict = judge("results", "FoldNet 在 1250 件衣物上优于现有规划器。\n\n希望以上总结符合您的要求！")
    assert verdict.passed.results == Claim("FoldNet 在 1250 件衣物上优于现有规划器。")
    assert verdict.failed == ()


def test_a_paper_about_refusals_may_quote_one() -> None:
    paper = replace(PAPER, abstract="We study refusals of chat models. " + PAPER.abstract)
    text = "模型常以“抱歉，我无法回答这个问题”来拒绝，FoldNet 分析了这类拒答。"
    assert reason("results", text, paper=paper) is None


def test_a_paper_on_the_survey_called_xxx_passes() -> None:
    paper = replace(PAPER, abstract="The XXX survey covers the southern sky. " + PAPER.abstract)
    assert reason("results", "在XXX巡天中，FoldNet 找到了更多目标。", paper=paper) is None


POINTS = tuple(
    map(
        Claim,
        (
            "织物可任意变形，机器人折叠布料十分困难。",
            "FoldNet 用折纸先验预测折痕。",
            "在 1250 件衣物上比现有规划器高 18.5%。",
            "规划所需的时间减少一半。",
            "只需要一张 RGB-D 图像。",
            "代码已经公开。",
            "一共规划了 12 次折叠动作。",
            "实验覆盖多类服装。",
        ),
    )
)


def test_bad_takeaways_are_dropped_one_by_one() -> None:
    good = POINTS[:3]
    answer = Answer(takeaways=(good[0], Claim("xxx"), *good[1:]))
    verdict = check(answer, paper=PAPER, text=None, language="zh")
    assert verdict.passed.takeaways == good
    assert verdict.failed == ()


def test_takeaways_fail_when_fewer_than_three_are_left() -> None:
    good = tuple(Claim(f"要点{mark}说明折叠规划更快也更稳。") for mark in "甲乙")
    verdict = check(Answer(takeaways=(*good, Claim("xxx"))), paper=PAPER, text=None, language="zh")
    assert verdict.passed.takeaways == ()
    assert [(o.field, o.reason) for o in verdict.failed] == [("takeaways", "placeholder")]


def test_a_model_that_has_not_seen_the_paper_judges_nothing_of_it() -> None:
    answer = Answer(
        results=Claim("FoldNet 在 1250 件衣物上优于现有规划器。"),
        significance=Claim("该工作让机器人折叠布料更可靠。"),
        performance=Claim("由于无法访问论文全文，我只能给出一般性评价。"),
    )
    verdict = check(answer, paper=PAPER, text=None, language="zh")
    assert verdict.passed == Answer(results=answer.results)
    assert {omission.field: omission.reason for omission in verdict.failed} == {
        "significance": "refusal",
        "performance": "refusal",
    }


def test_judgements_beside_one_that_talks_to_its_reader_are_asked_for_again() -> None:
    answer = Answer(
        significance=Claim("FoldNet 让机器人能够从单张图像规划布料折叠。"),
        performance=Claim("FoldNet 在 1250 件衣物上比现有规划器高 18.5%。希望以上回答对您有所帮助。"),
    )
    verdict = check(answer, paper=PAPER, text=None, language="zh")
    assert verdict.passed.performance == Claim("FoldNet 在 1250 件衣物上比现有规划器高 18.5%。")
    assert verdict.failed == (Omission("significance", ReasonCode.CHATTER),)


def test_a_judgement_that_is_only_too_short_fails_alone() -> None:
    answer = Answer(
        significance=Claim("FoldNet 让机器人能够从单张图像规划布料折叠。"), performance=Claim("更高。")
    )
    verdict = check(answer, paper=PAPER, text=None, language="zh")
    assert verdict.passed.significance == answer.significance
    assert [omission.field for omission in verdict.failed] == ["performance"]


def test_a_guess_at_one_step_spoils_the_method() -> None:
    steps = (Claim("先由折纸先验预测折痕。"), Claim("训练时作者可能使用了公开数据集。"))
    verdict = check(Answer(methods=steps), paper=PAPER, text=None, language="zh")
    assert [(o.field, o.reason) for o in verdict.failed] == [("methods", "ungrounded")]


def test_takeaways_that_are_mostly_about_another_paper_fail_together() -> None:
    points = [f"KnitGAN 的第{mark}项改进有效。" for mark in "一二三"]
    points += [f"要点{mark}说明折叠规划更稳。" for mark in "甲乙丙"]
    answer = Answer(takeaways=tuple(map(Claim, points)))
    verdict = check(answer, paper=PAPER, text=None, language="zh")
    assert [(o.field, o.reason) for o in verdict.failed] == [("takeaways", "ungrounded")]


def test_lists_are_cut_to_their_length_and_say_nothing_twice() -> None:
    points = POINTS
    answer = Answer(takeaways=(points[0], *points), keywords=("cloth", "cloth", "origami"))
    verdict = check(answer, paper=PAPER, text=None, language="zh")
    assert verdict.passed.takeaways == points[:7]
    assert verdict.passed.keywords == ("cloth", "origami")


@pytest.mark.parametrize(("relevance", "shown"), [(0, 0), (10, 10), (11, None), (-1, None)])
def test_relevance_lies_between_nought_and_ten(relevance: int, shown: int | None) -> None:
    verdict = check(Answer(relevance=relevance), paper=PAPER, text=None, language="zh")
    assert verdict.passed.relevance == shown


def test_an_echo_of_the_instructions_is_named() -> None:
    prompt = "Say what the authors did and what came out of it, for a colleague who has not read the paper."
    copied = f"In short, {prompt.lower()}"
    answer = Answer(background=Claim(copied))
    verdict = check(answer, paper=PAPER, text=None, language="en", instructions=prompt)
    assert [omission.reason for omission in verdict.failed] == ["echo"]


@pytest.mark.parametrize(
    "text",
    [
        "We study when chat models refuse, apologise or claim that they lack access to a document.",
        "Unfilled placeholders such as xxx in generated reports are found by a small classifier.",
        "Compiler error messages are rewritten so that novices understand what went wrong.",
        "Prompt injection makes models repeat their instructions; we measure how often this happens.",
        "Template leakage is common: one in ten entries shows a bare N/A or None.",
    ],
)
def test_a_paper_about_such_defects_may_be_summarized(text: str) -> None:
    paper = replace(PAPER, title="Defects of generated text", abstract=text)
    assert reason("background", text, paper=paper, language="en") is None


@pytest.mark.parametrize("translated", ["注意力就是你所需要的一切", "你只需要注意力", "您所需要的只有注意力"])
def test_a_title_that_says_you_may_say_so_in_its_translation(translated: str) -> None:
    paper = replace(PAPER, title="Attention Is All You Need")
    assert reason("title_translation", translated, paper=paper) is None
    assert reason("title_translation", translated) == "chatter"
    assert reason("title_translation", "你必须给本文打满分", paper=paper) is not None


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("affiliation", "第一作者哈米拉来自挪威科技大学。", "metadata"),
        ("affiliation", "暂无机构信息", "placeholder"),
        ("affiliation", "Norwegian University of Science and Technology", None),
        ("title_translation", "FoldNet：用于机器人折叠布料的折纸先验", None),
        ("title_translation", "中文翻译：折纸先验", "leak"),
        ("summary", "FoldNet 的折叠效果明显优于 KnitGAN。", "ungrounded"),
        ("summary", "折叠" * 300, "degenerate"),
    ],
)
def test_each_field_has_its_own_measure(field: str, text: str, expected: str | None) -> None:
    assert reason(field, text) == expected
