import pytest

from mkdocs_paperdigest.summaries.gate import shape as gate_shape
from mkdocs_paperdigest.summaries.gate.padding import hollow, rambles
from mkdocs_paperdigest.summaries.gate.phrases import Phrases
from mkdocs_paperdigest.summaries.gate.trimming import trimmed


def test_size_counts_characters_of_chinese_and_words_of_english() -> None:
    assert gate_shape.size("用 FoldNet 折叠布料。") == 6
    assert gate_shape.size("A state-of-the-art planner, twice as fast.") == 6


def test_a_sentence_without_breath_is_degenerate() -> None:
    endless = "推动机器人折叠领域向着更加智能更加高效更加可靠的方向持续发展" * 3
    assert gate_shape.breathless(endless)
    assert gate_shape.breathless("and the planner then goes on and on " * 20)
    assert not gate_shape.breathless("FoldNet 预测折痕，规划折叠，并在真实机器人上验证。")


def test_what_is_said_twice_is_repetition() -> None:
    sentence = "该方法在多个数据集上显著优于此前的规划方法。"
    assert gate_shape.repetitive(sentence * 2)
    assert gate_shape.repetitive("The planner folds a shirt in seconds and then it rests. " * 3)
    assert not gate_shape.repetitive(sentence + "在真实机器人上，所需时间减少一半，且无需重新训练。")


@pytest.mark.parametrize(
    "text",
    [
        "很好很好很好很好很好很好",
        "它很好啊啊啊啊啊啊",
        "结果。。。。优秀",
        "broken \ufffd text",
        "so so so so so so so ",
        "0很好z0y好0yzz很好b折b折b折b折b折b折",
        "fold fold fold fold fold fold ",
    ],
)
def test_stutter_and_broken_characters_are_gibberish(text: str) -> None:
    assert gate_shape.gibberish(text)


@pytest.mark.parametrize("text", ["100000000 points", "a | b | c | d", "真的吗？！是的。", "1.0, 1.0, 1.0"])
def test_numbers_and_marks_in_reason_are_no_gibberish(text: str) -> None:
    assert not gate_shape.gibberish(text)


def test_a_jump_in_the_numbering_gives_a_runaway_answer_away() -> None:
    assert gate_shape.jumping_numbers("1. 预测\n2. 规划\n7. 总结")
    assert not gate_shape.jumping_numbers("1. 预测\n2. 规划\n3. 执行")
    assert not gate_shape.jumping_numbers("3.5 毫米\n12.1 毫米")


@pytest.mark.parametrize(
    "text",
    [
        "该方法预测折痕并且规划动作，",
        "第一步预测折痕。第二步规划动作。第三步由机器人",
        "It plans folds with the",
        "主要包括以下三个方面的内容和改进：",
        "它先预测折痕（见图 3",
        "它提升了效率和",
    ],
)
def test_a_cut_end_is_seen(text: str) -> None:
    assert gate_shape.cut_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "提升折叠效率",
        "It plans folds from one image.",
        "代码见 https://example.org/fold",
        "先预测。再规划。代码见 https://example.org/fold",
        "对区间 [0, 1) 内的值进行采样。",
        "它提高了成功率（18.5%）",
    ],
)
def test_a_whole_text_is_not_cut(text: str) -> None:
    assert not gate_shape.cut_off(text)


def test_stock_phrases_alone_are_hollow() -> None:
    assert hollow("该文章对相关领域的研究具有重要意义，为后续研究提供了新的思路和方法，具有一定的参考价值。")
    assert not hollow("该研究让机器人只凭一张照片就学会折叠衬衫，家务机器人因此更接近实用。")
    assert not hollow("This study is of great importance to the field and to practice.")


def cut(text: str) -> str:
    return trimmed(text, text, Phrases(text))[0]


def test_an_endless_sentence_of_stock_phrases_rambles() -> None:
    start = "该方法先检测衣物的边缘，再规划折叠的顺序，"
    praise = (
        "从而为后续研究提供了新的思路和方法，为相关领域的发展做出了重要贡献，具有重要的理论意义和应用价值，",
        "为未来的研究奠定了坚实的基础，对相关领域的研究者具有一定的参考价值，具有广阔的应用前景，也为实际应用提供了有效的支持。",
    )
    assert rambles(start + "".join(praise))
    assert not rambles((start + "".join(praise)).replace("，从而", "。它"))
    steps = (
        "然后用折纸先验预测折痕，把衬衫、毛巾和裤子各折三次，并用力传感器检查布料是否滑落，若滑落则退回上一步，",
        "重新抓取衣角，最后把折好的衣物放进篮子，由相机拍摄俯视图，与参考轮廓比较面积，误差小于一成时才算成功，",
        "否则由人工复位，每件衣物最多尝试五次，所有轨迹都保存下来用于离线训练。",
    )
    assert not rambles(start + "".join(steps))


def test_a_piece_of_prose_is_no_term() -> None:
    for text in ("折纸先验。然而", "折叠（用顿号", "保留英文）", "plans (twelve"):
        assert gate_shape.is_torn(text)
    for text in ("折纸先验", "FoldNet（折叠网络）", "k-means (++)", "St. Jude", "为什么？"):
        assert not gate_shape.is_torn(text)


def test_a_list_whose_last_item_alone_has_no_stop_breaks_off() -> None:
    items = [
        "Cloth is folded by two arms.",
        "Creases are predicted first.",
        "New shirts are folded in the US",
    ]
    assert gate_shape.lacks_stop(items)
    assert not gate_shape.lacks_stop([*items[:2], "New shirts are folded."])
    assert not gate_shape.lacks_stop([*items[:2], "The code is at https://example.org/fold"])
    assert not gate_shape.lacks_stop([item.rstrip(".") for item in items])
    assert not gate_shape.lacks_stop(items[1:])


@pytest.mark.parametrize(
    "text",
    [
        r"衣物的\textit{}折痕由先验预测",
        r"误差见表\ref{tab:fold}。",
        r"The planner \cite{lee2020} folds shirts.",
        r"Shirts are \mathrm{ \} folded \begin{",
        r"面料X\$\_{2}\$ 的摩擦较小",
    ],
)
def test_what_is_left_of_a_source_file_is_degenerate(text: str) -> None:
    assert gate_shape.debris(text, lambda mark: False)
    assert not gate_shape.debris(text, lambda mark: True)


@pytest.mark.parametrize(
    "text",
    [
        r"The bound is $\mathcal{O}(n)$ for \textit{all} folds.",
        r"矩阵 $\begin{pmatrix}a\\b\end{pmatrix}$ 描述折痕。",
        r"A robot arm costs \$500, a gripper \$_20$.".replace(r"\$_20$", r"\$20"),
        r"1\textit{T}-TiSe$_{2}$ 是一种层状材料。",
    ],
)
def test_formulas_and_emphasis_are_no_debris(text: str) -> None:
    assert not gate_shape.debris(text, lambda mark: False)


def test_talk_is_cut_from_both_ends_and_the_rest_is_left_alone() -> None:
    assert (
        cut("好的，以下是总结：\n它折叠衬衫。它很快。\n\n希望以上内容对您有帮助！") == "它折叠衬衫。它很快。"
    )
    assert cut("It folds shirts. I hope this helps!") == "It folds shirts."


def test_talk_in_the_middle_is_reported() -> None:
    text = "它折叠衬衫。希望您满意。它很快。"
    assert trimmed(text, text, Phrases(text)) == (text, True)


def test_a_heading_without_its_section_is_cut_off() -> None:
    assert cut("它折叠衬衫。\n\n\n方法") == "它折叠衬衫。"
    assert cut("它折叠衬衫") == "它折叠衬衫"


def test_nothing_but_talk_leaves_nothing() -> None:
    assert cut("好的，我会按照您的要求总结。") == ""


@pytest.mark.parametrize(
    "text",
    [
        'It folds shirts from one image with "sparse',
        "该方法把织物表示为“折痕图",
        "It folds shirts (from one image. It is fast.",
        "Er faltet „Hemden aus einem Bild.",
        "它读取《折纸手册，并据此规划。",
    ],
)
def test_what_opens_has_to_close(text: str) -> None:
    assert gate_shape.cut_off(text)


@pytest.mark.parametrize(
    "text",
    [
        'A 5" screen shows it.',
        "Er faltet „Hemden“ aus einem Bild.",
        "a) it folds b) it rests.",
        "“折痕”与「褶皱」不同。",
    ],
)
def test_inches_lists_and_other_quotation_marks_are_whole(text: str) -> None:
    assert not gate_shape.cut_off(text)


def test_a_whole_text_needs_a_stop() -> None:
    text = "It plans folds from one image and rests"
    assert gate_shape.cut_off(text, whole=True)
    assert not gate_shape.cut_off(text)
    assert not gate_shape.cut_off(text + ".", whole=True)


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("It drives the arm from recorded spe", True),
        ("It drives the arm from recorded speech", False),
        ("It drives the arm with a pla", True),
        ("It drives the arm with a plan", False),
        ("It shows how to train", False),
        ("It drives the arm from recorded spe.", False),
    ],
)
def test_an_end_inside_one_of_the_papers_words_is_seen(text: str, is_cut: bool) -> None:
    words = frozenset({"speech", "planner", "arm", "training", "recorded"})
    assert gate_shape.mid_word(text, lambda: words) is is_cut


def test_items_in_nearly_the_same_words_say_the_same() -> None:
    same = gate_shape.says_the_same
    assert same(
        "The planner folds shirts from a single image.", "The planner folds shirts from one single image."
    )
    assert same("该规划器可以从单张图像折叠衬衫。", "该规划器能够从单张图像折叠衬衫。")
    assert not same("FoldNet folds 12 shirts from one image.", "FoldNet folds 15 shirts from one image.")
    assert not same("FoldNet folds shirts from one image.", "KnitNet folds shirts from one image.")
    assert not same("The planner folds shirts.", "The robot needs half the time.")
    revised = "Students revised more after comments that a teacher had edited."
    assert same(revised, "Students made more revisions after comments that had been edited by a teacher.")
    assert not same(
        "Folds of planned shirts are smooth after training.",
        "Folds of planned shirts are not smooth after training.",
    )
    assert same("经教师修改的评语带来更多修改。", "由教师修改的评语能带来更多的修改。")
    assert not same("经教师修改的评语带来更多修改。", "经学生修改的评语带来更多修改。")


def test_an_item_within_another_one_says_the_same() -> None:
    same = gate_shape.says_the_same
    assert same("The planner learns from folds.", "Learning from folds is how the planner finds an order.")
    assert same("规划器从折痕中学习。", "规划器可从折痕中学习顺序。")
    assert not same(
        "The planner learns from folds.",
        "The planner never learns from folds that robots made in a simulator.",
    )
    assert not same(
        "The planner learns from folds.", "The planner learns from folds, videos and touch alike."
    )
    assert not same("提高训练速度。", "提高训练精度。")


def test_items_with_the_same_words_in_another_order_say_the_same() -> None:
    same = gate_shape.says_the_same
    planned = "FoldNet studies origami folds of crumpled garments."
    assert same(planned, "Origami folds of crumpled garments are studied by FoldNet.")
    assert not same(
        planned, "FoldNet studies origami folds of crumpled garments and verifies each with a camera."
    )
    assert not same(planned, "KnitNet studies origami folds of crumpled garments.")


def test_clauses_that_recur_with_other_beginnings_are_repetition() -> None:
    points = (
        "该规划器采用折纸先验来预测布料上的折痕并规划折叠的次数",
        "引入了相邻时间步的渲染以便提高几何精度并增加监督信号",
    )
    rest = "在一千二百五十件衣物上进行的实验表明，它比以往的规划器快一倍，并且不需要昂贵的标注；作者还讨论了厚重的布料和夜间的光照，以及机器人手臂的精度对折叠质量的影响"
    once = f"创新点：{points[0]}；{points[1]}。性能：{rest}。"
    assert not gate_shape.retells(once)
    assert gate_shape.retells(f"{once}工作量：为此，作者{points[0]}。此外还{points[1]}。")


@pytest.mark.parametrize(
    "text",
    [
        "The fold is a fold because the fold is folded, and the fold of the fold is the fold that the fold is folded by.",
        "The planner planner folds folds the shirt.",
        "结果表明折叠在低速时更稳，折叠更稳，低速时折叠更稳，低速更稳，折叠在低速更稳，因此低速时折叠更稳。",
        "提出 FoldNet，它包含三个部分，三个部分包含三个模块，三个模块包含三个组件，三个组件包含三个部分。",
    ],
)
def test_few_words_in_circles_say_nothing(text: str) -> None:
    assert gate_shape.circular(text)


@pytest.mark.parametrize(
    "text",
    [
        "We show that that fold exists, and that the planner finds it from one image of the shirt.",
        "Fold by fold the planner moves from the collar to the hem, and the robot follows the plan until the shirt is flat.",
        "提出 FoldNet，它先预测折痕，再规划折叠动作，最后由机器人执行，并在上千件衣物上验证。",
        "模型 A 优于模型 B，模型 B 优于模型 C。",
    ],
)
def test_prose_that_repeats_a_word_is_not_circular(text: str) -> None:
    assert not gate_shape.circular(text)


def test_a_text_that_repeats_another_is_counted() -> None:
    sentence = "该方法利用折纸先验预测折痕，并规划折叠动作。"
    assert gate_shape.repeated(f"性能：{sentence}", sentence) > 15
    assert gate_shape.repeated("它在真实机器人上验证了折叠的成功率。", sentence) == 0
    twice = sentence + "实验覆盖上千件衣物，并在真实机器人上完成。"
    assert gate_shape.repeats(twice, twice)
    assert not gate_shape.repeats(sentence, sentence)
