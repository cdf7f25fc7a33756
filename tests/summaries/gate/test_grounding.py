import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mkdocs_paperdigest.models import Answer, Claim, FullText, Paper
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.gate import grounding as gate_grounding
from mkdocs_paperdigest.summaries.gate.concepts import occurs
from mkdocs_paperdigest.summaries.gate.judge import check
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.phrases import Phrases
from mkdocs_paperdigest.summaries.numerals import all_numbers, stated_numbers

PAPER = Paper(
    id="2403.01234",
    version=1,
    title="FoldNet: Origami Priors for Robotic Cloth Folding",
    authors=("Mira Halvorsen",),
    abstract=(
        "Folding cloth with robots is hard because fabric deforms freely. We present FoldNet, which predicts creases with an "
        "origami prior and plans twelve folds from a single RGB-D image. Experiments on 1,250 garments show that it outperforms "
        "prior planners by 18.53% and needs half the time."
    ),
    published=datetime(2024, 3, 2, tzinfo=UTC),
    updated=datetime(2024, 3, 9, tzinfo=UTC),
)
BODY = (
    PAPER.abstract
    + " We compare with ClothFlow and SpeedFold on the KnitBench data, with 93.7% success. " * 8
)
ABSTRACT = KnownPaper(PAPER, None)
WITHOUT_SHARES = KnownPaper(replace(PAPER, abstract=PAPER.abstract.replace(" by 18.53%", "")), None)
READ = KnownPaper(PAPER, FullText(pages=(BODY,)))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,250 garments and ９５％ of 2.50 mm", ("1250", "95", "2.5")),
        ("159.8x faster, 34.3mm, 30fps", ("159.8", "34.3", "30")),
        ("3DGS, GPT-4, H100, ResNet50, SD2.1", ("3",)),
        ("see Fig. 12, Table 4, [17, 18] and (3)", ()),
        ("提升了3倍，达到0.50", ("3", "0.5")),
        ("1{,}000 at 95\\%", ("1000", "95")),
    ],
)
def test_numbers_have_one_spelling(text: str, numbers: tuple[str, ...]) -> None:
    assert stated_numbers(text) == numbers


def test_a_source_also_has_numbers_in_words_and_scales() -> None:
    assert {"12", "50", "25000", "3000000"} <= all_numbers(
        "twelve folds, half the time, 25K images, 3 million steps"
    )


def test_long_runs_of_digits_are_read_in_linear_time() -> None:
    digits = "1" * 100_000
    started = time.process_time()
    assert digits in all_numbers(f"a sum of {digits}")
    # A quadratic search takes minutes.
    assert time.process_time() - started < 30


def test_a_dotless_i_makes_no_million() -> None:
    assert all_numbers("5 mıllion") == all_numbers("5 mİllion") == {"5"}


@pytest.mark.parametrize(
    "text",
    [
        "1250 件衣物",
        "提高 18.53%",
        "提高约 18.5%",
        "12 次折叠",
        "时间减少 50%",
        "2024 年",
        "3 个阶段",
        "RGB-D",
    ],
)
def test_numbers_of_the_paper_pass(text: str) -> None:
    assert gate_grounding.invented_numbers(text, "results", ABSTRACT) == ()


@pytest.mark.parametrize(
    ("text", "number"), [("提高 21.5%", "21.5"), ("1300 件衣物", "1300"), ("18.6% better", "18.6")]
)
def test_numbers_from_nowhere_do_not(text: str, number: str) -> None:
    assert gate_grounding.invented_numbers(text, "results", ABSTRACT) == (number,)
    assert gate_grounding.invented_numbers(text, "performance", READ) == (number,)


def test_numbers_of_an_unread_text_get_the_benefit_of_the_doubt() -> None:
    assert gate_grounding.invented_numbers("成功率 93.7%", "performance", WITHOUT_SHARES) == ()
    assert gate_grounding.invented_numbers("提高 4.6% 和 4.8%", "performance", ABSTRACT) == ("4.6", "4.8")


def test_a_summary_names_nothing_that_the_abstract_does_not() -> None:
    assert gate_grounding.foreign_terms("FoldNet 优于 KnitGAN。", "summary", ABSTRACT)
    assert not gate_grounding.foreign_terms("FoldNet 使用 RGB-D 图像，优于 SOTA。", "summary", ABSTRACT)


def test_a_reading_may_name_what_the_text_names() -> None:
    text = "与 ClothFlow、SpeedFold 在 KnitBench 上比较。"
    assert not gate_grounding.foreign_terms(text, "performance", READ)
    assert gate_grounding.foreign_terms("与 DanceGAN、SingFlow 在 MusicBench 上比较。", "performance", READ)


def test_a_chinese_term_that_the_paper_has_no_word_for_is_foreign() -> None:
    assert gate_grounding.foreign_concepts("通过极坐标投影折叠布料。", "summary", ABSTRACT)
    assert not gate_grounding.foreign_concepts("通过折纸先验折叠布料。", "summary", ABSTRACT)


@pytest.mark.parametrize(
    ("term", "english"),
    [
        ("医学图像", "a direct method for indirect objects"),
        ("高斯溅射", "songs of birds"),
        ("问答系统", "faqa"),
        ("人脸识别", "surfaces and interfaces"),
    ],
)
def test_a_stem_inside_another_word_is_not_the_term(term: str, english: str) -> None:
    assert not occurs(term, english)


def test_an_english_text_shares_words_with_its_paper() -> None:
    other = "Galaxies at high redshift form clusters whose luminosity traces underlying halos of matter."
    assert gate_grounding.shares_nothing(other, "summary", "en", ABSTRACT)
    assert not gate_grounding.shares_nothing(other, "summary", "de", ABSTRACT)
    own = "Robots fold garments better when creases are predicted first, using origami as prior knowledge of fabric."
    assert not gate_grounding.shares_nothing(own, "summary", "en", ABSTRACT)


@pytest.mark.parametrize(
    ("title", "is_foreign"),
    [
        ("FoldNet：用于机器人折叠布料的折纸先验", False),
        ("FoldNets：三维视觉中的3D折纸先验", False),
        ("FolNet：用于机器人折叠布料的折纸先验", True),
        ("用于机器人折叠布料的KnitGPT先验", True),
    ],
)
def test_a_title_has_no_names_but_the_papers(title: str, is_foreign: bool) -> None:
    assert gate_grounding.foreign_terms(title, "title_translation", ABSTRACT) is is_foreign
    failed = check(Answer(title_translation=title), paper=PAPER, text=None, language="zh").failed
    assert [omission.reason for omission in failed] == [ReasonCode.METADATA] * is_foreign


def test_a_paper_that_trains_nothing_has_no_training() -> None:
    theory = KnownPaper(
        replace(
            PAPER, title="Folds of the Plane", abstract="We count the flat folds of a map with n creases."
        ),
        None,
    )
    text = "首先划分训练集与验证集，再以交叉熵优化卷积网络。"
    assert gate_grounding.invented_training(text, "methods", theory)
    assert not gate_grounding.invented_training(text, "background", theory)
    assert not gate_grounding.invented_training("定义折痕的损失函数，并求其下界。", "methods", theory)
    learned = KnownPaper(replace(PAPER, abstract="A network learns to fold cloth from data."), None)
    assert not gate_grounding.invented_training(text, "methods", learned)
    vision = KnownPaper(replace(PAPER, abstract="We segment dental images for a public challenge."), None)
    assert not gate_grounding.invented_training(text, "methods", vision)
    read = KnownPaper(theory.paper, FullText(pages=("We train a neural network on labelled data.",)))
    assert not gate_grounding.invented_training(text, "methods", read)
    steps = Answer(methods=(Claim("收集训练样本。"), Claim("以交叉熵优化。"), Claim("在测试集上评估。")))
    failed = check(steps, paper=theory.paper, text=None, language="zh").failed
    assert [(omission.field, omission.reason) for omission in failed] == [("methods", ReasonCode.UNGROUNDED)]


ALIKE = KnownPaper(
    replace(
        PAPER,
        abstract=(
            "We study how robots fold cloth. The weight of the cloth did not affect the speed of the robot. Old and young "
            "users trusted the robot equally often, regardless of its height."
        ),
    ),
    None,
)


@pytest.mark.parametrize(
    ("text", "is_invented"),
    [
        ("布料的重量影响机器人的速度。", True),
        ("用户年龄越小越好，机器人的高度影响用户信任。", True),
        ("布料的重量不影响机器人的速度。", False),
        ("作者考察布料重量是否影响机器人速度。", False),
        ("布料的湿度影响折痕的深度。", False),
        ("机器人受布料的影响。", False),
    ],
)
def test_an_effect_that_the_abstract_denies_is_seen(text: str, is_invented: bool) -> None:
    assert gate_grounding.invented_effect(text, "zh", ALIKE) is is_invented
    assert not gate_grounding.invented_effect(text, "zh", ABSTRACT)


TURNED = KnownPaper(
    replace(
        PAPER,
        abstract=(
            "Pressing the cloth before folding raised the success rate by 18% and halved the time of the planner. FoldNet "
            "outperforms ClothFlow on shirts. Towels and jeans need 12 and 31 folds on average. The arm of the robot is heavy."
        ),
    ),
    None,
)


@pytest.mark.parametrize(
    "text",
    [
        "Pressing the cloth before folding lowered the success rate by 18%.",
        "ClothFlow outperforms FoldNet on shirts.",
        "It is tested on shirts. On average, towels need 31 folds and jeans need 12 folds.",
    ],
)
def test_a_sentence_of_the_abstract_turned_round_is_seen(text: str) -> None:
    assert gate_grounding.contradicts(text, "results", "en", TURNED)
    assert not gate_grounding.contradicts(text, "background", "en", TURNED)
    failed = check(Answer(results=Claim(text)), paper=TURNED.paper, text=None, language="en").failed
    assert [omission.reason for omission in failed] == [ReasonCode.UNGROUNDED]


@pytest.mark.parametrize(
    "text",
    [
        "Pressing the cloth before folding raised the success rate by 18%.",
        "Success rose by 18% when the cloth was pressed before folding.",
        "ClothFlow is outperformed by FoldNet on shirts.",
        "On average, jeans need 31 folds and towels need 12 folds.",
        "Less heavy arms fold faster.",
        "Towels and jeans need 12 and 31 folds on average.",
    ],
)
def test_a_sentence_of_the_abstract_in_other_words_passes(text: str) -> None:
    assert not gate_grounding.contradicts(text, "results", "en", TURNED)


OPPOSITES = KnownPaper(
    replace(
        PAPER,
        abstract=(
            "Cloth is often described by implicit fields such as ClothSDF. These are slow to query compared with MeshFold, "
            "which stores explicit vertices. FoldNet plans offline. Compared with SpeedFold, it is fast. DeepFold learns "
            "from dense labels, unlike the sparse ones of TapFold."
        ),
    ),
    None,
)


@pytest.mark.parametrize(
    "text",
    [
        "利用ClothSDF的显式表示折叠衣物。",
        "解决了MeshFold训练和推理速度慢的问题。",
        "FoldNet在线规划折叠顺序。",
        "DeepFold使用的稀疏标注成本低。",
        "TapFold 的密集标注。",
        "MeshFold在布料折叠中存在训练速度慢的问题。",
    ],
)
def test_the_opposite_of_what_the_abstract_says_of_a_name_is_seen(text: str) -> None:
    assert gate_grounding.opposite_attribute(text, OPPOSITES)


@pytest.mark.parametrize(
    "text",
    [
        "利用ClothSDF的隐式表示折叠衣物。",
        "MeshFold的显式顶点查询更快。",
        "SpeedFold训练速度慢。",
        "FoldNet离线规划折叠顺序，由机器人在线执行。",
        "以往方法的显式表示查询较慢。",
        "KnitNet的显式表示不在摘要中。",
        "DeepFold的密集标注与TapFold的稀疏标注不同。",
    ],
)
def test_what_the_abstract_says_of_a_name_passes(text: str) -> None:
    assert not gate_grounding.opposite_attribute(text, OPPOSITES)


def test_a_survey_proposes_no_method() -> None:
    survey = KnownPaper(replace(PAPER, title="Cloth Folding: A Survey", abstract="Methods are sorted."), None)
    assert gate_grounding.invented_method(
        "本文提出了一种新的折叠方法。", survey, Phrases("本文提出了一种新的折叠方法。")
    )
    assert gate_grounding.invented_method(
        "The authors propose a new folding method.",
        survey,
        Phrases("The authors propose a new folding method."),
    )
    assert not gate_grounding.invented_method(
        "本文系统梳理了折叠方法。", survey, Phrases("本文系统梳理了折叠方法。")
    )
    assert not gate_grounding.invented_method(
        "本文提出了一种新的折叠方法。", ABSTRACT, Phrases("本文提出了一种新的折叠方法。")
    )


def test_results_that_the_abstract_states_cannot_be_missing() -> None:
    assert gate_grounding.denies_results(
        "论文未提供实验数据，无法评估。", ABSTRACT, Phrases("论文未提供实验数据，无法评估。")
    )
    assert gate_grounding.denies_results(
        "The paper does not report any comparisons.",
        ABSTRACT,
        Phrases("The paper does not report any comparisons."),
    )
    assert not gate_grounding.denies_results(
        "以往工作难以泛化到新衣物。", ABSTRACT, Phrases("以往工作难以泛化到新衣物。")
    )
    theory = KnownPaper(replace(PAPER, abstract="We prove a bound."), None)
    assert not gate_grounding.denies_results("论文未提供实验数据。", theory, Phrases("论文未提供实验数据。"))


def test_a_small_share_is_no_count() -> None:
    assert gate_grounding.invented_numbers("成功率提高了约6%。", "results", ABSTRACT) == ("6",)
    assert gate_grounding.invented_numbers("Success rises by 6 %.", "summary", ABSTRACT) == ("6",)
    assert gate_grounding.invented_numbers("该方法分6步折叠衣物。", "results", ABSTRACT) == ()
    known = KnownPaper(replace(PAPER, abstract="It needs less than 6% more time."), None)
    assert gate_grounding.invented_numbers("耗时增加不到6%。", "results", known) == ()


def test_a_paper_that_only_proposes_experiments_has_no_results() -> None:
    theory = KnownPaper(replace(PAPER, abstract="We argue. I shall suggest experiments to test it."), None)
    for text in ("论文未提供实验数据。", "没有实验结果，只提出设想。"):
        assert not gate_grounding.denies_results(text, theory, Phrases(text))
        assert gate_grounding.denies_results(text, ABSTRACT, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "作者承认没有与人工折叠进行对比。",
        "作者说明，该研究没有给出羊毛的实验结果。",
        "The authors admit that no comparison with other robots was possible.",
        "The paper does not report results for silk.",
        "No experimental data of customers are kept.",
    ],
)
def test_what_the_authors_did_not_do_may_be_told(text: str) -> None:
    assert not gate_grounding.denies_results(text, ABSTRACT, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "论文没有与其他方法进行对比。",
        "The paper does not report results of experiments.",
        "It lacks experimental evidence for the method.",
        "The paper gives no comparison with existing planners.",
    ],
)
def test_denials_of_all_results_are_seen(text: str) -> None:
    assert gate_grounding.denies_results(text, ABSTRACT, Phrases(text))


def test_an_answer_that_would_fit_any_paper_shares_nothing_with_this_one() -> None:
    for text in (
        "Results show hostile text works well on images.",
        "A neural model learns better captions from large data.",
    ):
        assert gate_grounding.shares_nothing(text, "summary", "en", ABSTRACT)
    for text in ("It needs half the time.", "Our method performs better.", "Robots fold with it."):
        assert not gate_grounding.shares_nothing(text, "summary", "en", ABSTRACT)


@pytest.mark.parametrize(
    ("text", "field", "invented"),
    [
        ("在 KnitBench 上成功率为 93.7%，提高 18.5%。", "results", False),
        ("在 KnitBench 上成功率为 93.7%。", "results", True),
        ("成功率提高 18.5%，即 18.9%。", "summary", True),
        ("机器人有 32 个关节。", "approach", False),
        ("在 1250 件衣物上提高了 21.5%。", "results", True),
        ("在 1250 件衣物上提高了 18.5%，成功率为 93.7%。", "results", False),
        ("该方法耗时增加 40% 以上。", "performance", True),
        ("以往方法的成功率为 71%，比人低 20%。", "prior_work", False),
        ("该方法耗时减少 50%，成功率为 93.7%。", "performance", False),
        ("以往方法在 47 件和 83 件衣物上测试。", "prior_work", False),
        ("训练用了 48 张和 96 张图像。", "methods", True),
        ("提高 18.7%。", "results", True),
        ("需要 12.4 次折叠。", "results", False),
    ],
)
def test_without_the_full_text_only_fields_on_the_abstract_are_counted_number_by_number(
    text: str, field: str, invented: bool
) -> None:
    assert bool(gate_grounding.invented_numbers(text, field, ABSTRACT)) is invented


def test_a_field_beyond_an_abstract_may_have_few_of_its_words_but_not_none() -> None:
    step = "Depth maps from a stereo camera are denoised by a median filter before the robot moves."
    other = "Chest radiographs from several hospitals were annotated by senior radiologists for pneumonia and fractures."
    assert gate_grounding.shares_nothing(step, "summary", "en", ABSTRACT)
    assert not gate_grounding.shares_nothing(step, "methods", "en", ABSTRACT)
    assert gate_grounding.shares_nothing(other, "methods", "en", ABSTRACT)
