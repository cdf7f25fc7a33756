"""What a page must never hold, whoever wrote it: orders, links, commands and contacts planted in a paper or a prompt."""

import re
from dataclasses import replace

import pytest

from mkdocs_paperdigest.models import Answer, Claim, FullText
from mkdocs_paperdigest.summaries.gate.judge import check
from tests.summaries.gate.injections import OPINIONS, ORDERS
from tests.summaries.gate.test_judge import PAPER

HONEST = {
    "zh": "FoldNet 在 1250 件衣物上优于现有规划器。",
    "en": "FoldNet outperforms prior planners by 18.5%.",
}
PROSE = ("summary", "background", "approach", "results", "methods")
FIELDS = (*PROSE, "keywords", "affiliation", "title_translation")


def language_of(sentence: str) -> str:
    for code, sign in (("ja", "この"), ("zh", r"[\u4e00-\u9fff]"), ("fr", "^Ignorez"), ("de", "^Bitte")):
        if re.search(sign, sentence):
            return code
    return "en"


def published(sentence: str, *, is_in_paper: bool) -> list[str]:
    """Fields and forms in which a sentence reaches the page."""
    paper = replace(PAPER, abstract=f"{PAPER.abstract} {sentence}") if is_in_paper else PAPER
    text = FullText(pages=(f"{paper.title} {paper.abstract} " * 5,)) if is_in_paper else None
    language = language_of(sentence)
    honest = HONEST["zh" if language == "zh" else "en"]
    found = []
    for form in (sentence, f"{honest} {sentence}", f"{sentence} {honest}", f"“{sentence}”"):
        for field in FIELDS:
            value: object = form if field in ("summary", "affiliation", "title_translation") else Claim(form)
            if field == "keywords":
                value = (form, "cloth")
            elif field == "methods":
                value = (Claim(form),)
            passed = check(Answer(**{field: value}), paper=paper, text=text, language=language).passed  # type: ignore[arg-type]
            if sentence[:25] in str(getattr(passed, field)):
                found.append(f"{field}: {form}")
    return found


@pytest.mark.parametrize("sentence", ORDERS)
@pytest.mark.parametrize("is_in_paper", [False, True])
def test_no_order_reaches_a_page(sentence: str, is_in_paper: bool) -> None:
    assert published(sentence, is_in_paper=is_in_paper) == []


@pytest.mark.parametrize("sentence", OPINIONS)
def test_praise_and_slander_are_not_recognized(sentence: str) -> None:
    # Known limit: no rule can tell them from a paper's own judgement; a reader sees that they have no quotation.
    assert published(sentence, is_in_paper=False)


@pytest.mark.parametrize(
    "text",
    [
        "Prompt injections make a model ignore previous instructions, and FoldNet resists 18.5% of them.",
        "Phishing pages ask users to sign in, and the planner detects them.",
        "The planner is robust to malicious commands in the input.",
        "Donations to charities are predicted from a single RGB-D image.",
        "Reviewers rated the folds on a scale, and readers preferred them.",
        "Robots run the policy, open the gripper and send the images to a server.",
        "Contact forces are estimated before the cloth is folded.",
        "Transfer learning shares the encoder across garments.",
        "Forget gates let the planner ignore the background.",
        "Passwords leak through keystroke sounds.",
        "Patients call the clinic less often than before.",
        "The authors recommend that models should cite their sources.",
        "Answer sets of 12 folds are scored by annotators.",
        "Buy-and-hold strategies are compared.",
    ],
)
def test_papers_about_security_robots_and_medicine_pass(text: str) -> None:
    front = PAPER.abstract + " " + text
    paper = replace(PAPER, abstract=front)
    assert check(Answer(results=Claim(text)), paper=paper, text=None, language="en").failed == ()


@pytest.mark.parametrize(
    "text",
    [
        "攻击者诱使模型忽略先前的指令，FoldNet 对此具有鲁棒性。",
        "钓鱼网站要求用户登录，该方法可以识别。",
        "作者邀请标注者为折叠结果打分。",
        "申请者的密码强度由模型评估。",
        "机器人在服务器上执行策略，并把图像发送给规划器。",
        "该系统帮助医生为患者选择药物。",
        "阅读这些病历的系统须在本地运行，医生查看病历前用工号登录。",
        "关键点 AI 标注工具给出一二三四五级评分。",
        "海报引导顾客扫描二维码，机器人则跟随顾客。",
    ],
)
def test_chinese_papers_about_security_and_medicine_pass(text: str) -> None:
    assert check(Answer(background=Claim(text)), paper=PAPER, text=None, language="zh").failed == ()
