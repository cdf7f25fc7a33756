"""Whether a Chinese reading is about the abstract is measured by the words that it renders."""

from dataclasses import replace

import pytest

from mkdocs_paperdigest.models import Answer, Claim, Omission
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.gate.grounding import is_elsewhere, is_strange
from mkdocs_paperdigest.summaries.gate.judge import check
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.renderings import kinship, stems_of, unlike, unread, words_of
from tests.summaries.gate.test_judge import PAPER

ABSTRACT = (
    "Tracking drones in crowded airports is difficult because small objects vanish behind buildings. We introduce a "
    "camera network that estimates the position and velocity of every drone from several views. A graph neural network "
    "matches detections over time and predicts the trajectory while the object is hidden. The training data are synthetic "
    "images with random weather, light and background. On three public benchmarks the approach reduces the localization "
    "error by a third and runs in real time on a single processor. Ablation studies show that the temporal attention "
    "module and the geometric constraint contribute most. We discuss limitations at night and release the dataset."
)
FRONT, WORDS = stems_of(ABSTRACT), words_of(ABSTRACT)
ABOUT_IT = (
    "机场中的无人机体积小，容易被建筑物遮挡，因此跟踪困难。本文提出由多个相机组成的网络，从多个视角估计无人机的位置和速度。"
    "图神经网络随时间匹配检测结果，并在目标被遮挡时预测其轨迹。训练数据是合成图像，随机变化天气、光照和背景。"
    "在三个公开基准上，该方法将定位误差降低三分之一，并在单个处理器上实时运行。消融研究表明，时间注意力模块和几何约束贡献最大。"
    "作者讨论了夜间的局限性，并公开了数据集。"
)
ABOUT_NOTHING = (
    "随着社会的不断进步，人们对美好生活的向往日益增强，相关产业也迎来了新的机遇。以往的做法往往依靠人工经验，费时费力，难以推广。"
    "为此，作者立足国情，统筹兼顾，走出了一条行之有效的道路。该工作得到了专家的一致好评，取得了丰硕的成果，赢得了广泛的赞誉。"
    "今后还将继续深化改革，完善制度，培养人才，为经济发展贡献力量。"
)


def test_a_reading_that_renders_the_abstract_passes() -> None:
    assert not unread(ABOUT_IT * 2, FRONT, WORDS)
    assert not unlike(ABOUT_IT, FRONT)


def test_a_reading_without_the_papers_words_shows_that_it_was_not_read() -> None:
    assert unread(ABOUT_NOTHING * 4, FRONT, WORDS)


def test_a_short_reading_or_abstract_is_not_judged() -> None:
    assert not unread(ABOUT_NOTHING, FRONT, WORDS)
    short = "We fold cloth."
    assert not unread(ABOUT_NOTHING * 4, stems_of(short), words_of(short))


FREELY_ABOUT_IT = (
    "飞机起降的地方最怕无人机闯进来，可是它们只有几个像素大，飞到楼后面就看不见了，值守的人没法一直盯住。"
    "以前多半只靠一台摄像机，一挡住就丢，再露面时又当成新来的编号。作者在四周架起许多台摄像机，把各处看到的拼在一起，"
    "算出每架飞机在哪里、飞得多快；看不见的那几秒，由图网络推断它会往哪边去。学习用的画面全是电脑画出来的，刮风下雨、"
    "白天傍晚都有，不用人手一张张去标。公开的三套考题上，误差小了三分之一，一块芯片就能跟上画面。"
    "拆掉哪一块最伤？是看前后时刻的注意力，还有几何上的约束。夜里还不行，作者自己也承认；数据已经放出来，别人可以接着做。"
    "值得一提的是，整套东西装起来不贵，小地方也用得起，以后换成鸟群或者汽车，道理大概也是一样的。"
)


def test_a_short_reading_may_choose_its_words_freely() -> None:
    assert 300 <= len(FREELY_ABOUT_IT) < 600
    assert not unread(FREELY_ABOUT_IT, FRONT, WORDS)
    assert unread(ABOUT_NOTHING + "".join(MORE[:3]), FRONT, WORDS)


OTHER_TAKEAWAYS = (
    "蛋白质结构决定其功能，药物设计需要准确的预测。",
    "该模型用语言模型学习分子序列的表示。",
    "作者在临床患者数据上验证了治疗效果。",
    "化学反应的能量由密度泛函计算。",
)


def test_takeaways_of_another_paper_are_not_published() -> None:
    paper = replace(PAPER, title="Tracking Drones", abstract=ABSTRACT)
    own = tuple(Claim(text + "。") for text in ABOUT_IT.split("。")[:4])
    assert check(Answer(takeaways=own), paper=paper, text=None, language="zh").failed == ()
    other = Answer(takeaways=tuple(map(Claim, OTHER_TAKEAWAYS)))
    failed = check(other, paper=paper, text=None, language="zh").failed
    assert [(omission.field, omission.reason) for omission in failed] == [("takeaways", "ungrounded")]


MORE = (
    "产业界与学术界都十分关注这一课题，有关部门也出台了一系列扶持政策，地方上的同志更是寄予厚望。许多老专家多次撰文呼吁，要求加快步伐。",
    "前人走过不少弯路，付出了高昂的代价，教训十分深刻，值得后来者认真总结。有的单位只顾眼前，忽视了长远，结果得不偿失。",
    "团队成员分工明确，各司其职，克服了重重困难，终于如期完成了预定的任务。他们不分昼夜，加班加点，涌现出一批感人的事迹。",
    "媒体纷纷报道，群众交口称赞，上级领导也作出了批示，表示充分的肯定。兄弟单位前来学习，都说收获很大，不虚此行。",
    "这充分说明只要方向对头、措施得力，就没有克服不了的困难。大家纷纷表示要再接再厉，再创辉煌，为家乡建设添砖加瓦，早日圆梦。",
)


def test_a_reading_of_nothing_loses_its_fields_but_not_the_summary() -> None:
    paper = replace(PAPER, title="Tracking Drones", abstract=ABSTRACT)
    sentences = [text + "。" for text in ABOUT_NOTHING.split("。") if text]
    fields = ("background", "prior_work", "approach", "results", "significance")
    answer = Answer(
        summary="提出一种由多个相机跟踪无人机的方法。",
        **{field: Claim(first + more) for field, first, more in zip(fields, sentences, MORE, strict=False)},
    )
    assert answer.significance is not None
    verdict = check(answer, paper=paper, text=None, language="zh")
    assert verdict.passed.summary == answer.summary
    assert verdict.passed.background is None
    assert verdict.passed.significance is None


ABOUT_OTHERS = {
    "summary": "提出一种预测蛋白质结构的语言模型。",
    "approach": "作者用对比学习训练推荐系统，并在用户的购买记录上微调。",
    "results": "患者的生存率上升，副作用和并发症较少。",
    "background": "股票价格受政策影响，投资者难以判断风险。",
    "prior_work": "以往的药物设计依赖昂贵的化学实验。",
    "significance": "为疾病的早期诊断提供了新的手段。",
}


@pytest.mark.parametrize("field", ABOUT_OTHERS)
def test_a_terse_field_about_another_subject_is_not_published(field: str) -> None:
    paper = replace(PAPER, title="Tracking Drones", abstract=ABSTRACT)

    def failed(text: str) -> list[Omission]:
        value = text if field == "summary" else Claim(text)
        return list(check(Answer(**{field: value}), paper=paper, text=None, language="zh").failed)  # type: ignore[arg-type]

    assert failed(ABOUT_OTHERS[field]) == [Omission(field, ReasonCode.UNGROUNDED)]
    assert failed("无人机在机场中常被建筑物遮挡，图神经网络预测其轨迹。") == []
    assert failed("定位误差降低三分之一，夜间的跟踪仍有局限。") == []


LONGER_ABOUT_OTHERS = {
    "background": "研究背景：股票价格同时受政策和投资者情绪影响，市场一旦下跌，银行与基金的风险就会相互传染，监管者很难及时干预。",
    "prior_work": "过去的方法及其问题：以往的药物设计依赖昂贵的化学实验，分子筛选周期长，而且患者之间的差异常常使临床疗效难以重复。",
    "significance": "研究意义：该研究为疾病的早期诊断提供了新的手段，可减轻医院和患者的负担，并为药物研发和基因治疗提供依据与参考。",
    "performance": (
        "创新点：文章把语言模型与分子对接相结合，用于筛选候选药物；性能：在临床患者数据上，药物的疗效和安全性优于现有疗法，副作用较少；"
        "工作量：作者完成了细胞实验、动物实验和临床试验，并与医院合作收集了大量病历，工作量较大。"
    ),
}


@pytest.mark.parametrize("field", LONGER_ABOUT_OTHERS)
def test_a_longer_field_about_another_subject_is_not_published(field: str) -> None:
    known = KnownPaper(replace(PAPER, title="Tracking Drones", abstract=ABSTRACT), None)
    own = (
        "创新点：文章用多个相机组成的网络跟踪无人机，图神经网络随时间匹配检测结果；性能：在三个公开基准上定位误差降低三分之一；"
        "工作量：作者合成了随机天气和光照下的训练图像，并做了消融研究，数据集已经公开，实验较为充分。"
    )
    assert is_strange(LONGER_ABOUT_OTHERS[field], field, "zh", known)
    assert not is_strange(own if field == "performance" else own[4:70], field, "zh", known)


def test_takeaways_are_measured_together() -> None:
    known = KnownPaper(replace(PAPER, title="Tracking Drones", abstract=ABSTRACT), None)
    other = "患者康复较快。；手术费用下降。；医生表示满意。"
    assert not unlike(other, known.all_stems)
    assert is_elsewhere(other, "zh", known)
    assert not is_elsewhere("相机估计位置。；图神经网络匹配检测。；误差降低三分之一。", "zh", known)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("approach", "A language model writes legal letters from templates."),
        ("results", "Patients recovered sooner after surgery."),
        ("background", "Protein folding depends on amino acid chemistry."),
    ],
)
def test_a_terse_english_field_about_another_subject_is_not_published(field: str, text: str) -> None:
    paper = replace(PAPER, title="Tracking Drones", abstract=ABSTRACT)
    reasons = [
        [o.reason for o in check(Answer(**{field: Claim(one)}), paper=paper, text=None, language="en").failed]
        for one in (
            text,
            "Aircraft often vanish behind a hangar, and the graph links what is seen before and after.",
        )
    ]
    assert reasons == [[ReasonCode.UNGROUNDED], []]


def test_names_and_telling_words_speak_for_a_paper() -> None:
    front = words_of(ABSTRACT)
    plain = kinship("该模型效果良好。", front)
    assert kinship("该模型在无人机上效果良好。", front) > plain
    assert kinship("该模型在蛋白质上效果良好。", front) < plain
    paper = KnownPaper(replace(PAPER, title="Tracking Drones", abstract=ABSTRACT), None)
    assert is_strange("股票价格受政策影响。", "summary", "zh", paper)
    assert not is_strange("股票价格受 ablation 影响。", "summary", "zh", paper)


@pytest.mark.parametrize("language", ["zh-TW", "en", "ja"])
def test_the_table_judges_simplified_chinese_only(language: str) -> None:
    paper = replace(PAPER, title="Tracking Drones", abstract=ABSTRACT)
    other = Answer(takeaways=tuple(map(Claim, OTHER_TAKEAWAYS)))
    reasons = [o.reason for o in check(other, paper=paper, text=None, language=language).failed]
    assert "ungrounded" not in reasons
