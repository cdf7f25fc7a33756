"""Sentences of every kind that may never reach a page, written before the rules that stop them were read."""

from dataclasses import replace

import pytest

from mkdocs_paperdigest.models import Answer, Claim
from mkdocs_paperdigest.summaries.gate.judge import check
from tests.summaries.gate.test_judge import PAPER

SOUND = {
    "en": "FoldNet predicts creases with an origami prior and plans 12 folds from a single RGB-D image.",
    "zh": "FoldNet 用折纸先验预测折痕，并从单张 RGB-D 图像规划 12 次折叠。",
}

ALONE = {
    ("placeholder", "en"): ("The results go here.", "[score]", "The planner gains [X] points.", "Summary of the paper", "Contributions",
        "See the full paper.", "[Figure 2: the planner folds a shirt]", "(pauses) FoldNet plans 12 folds.",
    ),
    ("placeholder", "zh"): (
        "［表格：对比结果］", "【图2：折叠流程】折叠12次。", "见原文。", "同上文。", "（此处略去实验细节）", "主要贡献", "以下从略。", "[指标名称] 提升了 [百分比]。", "研究背景内容",
    ),
    ("refusal", "en"): (
        "The excerpt seems to be incomplete.", "Not enough details to describe the results.", "I would not be able to judge this.",
        "Only the title was visible.", "Results cannot be given, as the paper was not attached.", "There is nothing here to summarize.",
        "The method can only be inferred from the title.", "As the full text is not available, nothing is known of the folds.",
        "My access is limited to the abstract.", "This cannot be answered from the abstract alone.",
    ),
    ("refusal", "zh"): (
        "信息不足，无法判断。", "此项内容为空。", "我仅拿到论文的标题部分。", "未收到正文，故无法填写。", "很抱歉没能帮上忙。",
        "没有看到实验部分，不作评论。", "由于仅有摘要，无法得知具体性能。", "我缺乏足够的依据。", "无从判断。", "输入中没有实验部分。", "本段无法生成。", "摘要没说。",
    ),
    ("leak", "en"): (
        "Output format:", "Describe the method, and how it works.", "Null if the paper is silent.", "Background: one or two sentences in plain English.", "Complete the 'results' field.",
        "The user asked for a short summary.", "Quote the sentence word for word.", "We should write the summary in English.",
    ),
    ("leak", "zh"): (
        "写作要求：客观、简洁。", "用一句话概括论文。", "一句话总结论文，不超过60字。", "不得虚构论文没有的数据。", "用户希望我概括论文。", "填写背景字段。", "角色：资深审稿人。",
        "一句话：做了什么，得到了什么结果。",
    ),
    ("degenerate", "en"): (
        "It works because it works, and it works because it works well, so it works because it works.",
        "A gain of 18.5%, 18.5%, 18.5% and again 18.5%.",
        "Speed, quality, speed, quality, speed, quality, speed, quality.", "FoldNet is FoldNet. FoldNet is FoldNet. FoldNet is FoldNet.",
    ),
    ("degenerate", "zh"): (
        "质量高，速度快，质量高，速度快，质量高，速度快。", "因此提高了质量，因此提高了质量，因此提高了质量。", "折叠的折叠的折叠的折叠的折叠。",
         "提升 18.5%，即提升 18.5%，也就是 18.5%，换句话说 18.5%。",
    ),
    ("truncated", "en"): (
        "FoldNet plans 12 folds and has", "Two results stand out: 1. It plans 12 folds. 2.", "The folds are better, and the planner…",
        "It needs half the time, because", "Results:", "FoldNet plans better fol",
    ),
    ("truncated", "zh"): (
        "规划 12 次折叠，由于", "FoldNet 规划 12 次折叠……", "结论如下：", "优点有：（1）规划 12 次折叠；（2）", "作者发现，如果", "FoldNet 能够在 30 分",
    ),
    ("language", "en"): (
        "FoldNet faltet Kleidung mit einem Bild pro Schritt und plant viel schneller als frühere Verfahren.",
        "FoldNet składa ubrania znacznie szybciej niż wcześniejsze metody planowania.", "FoldNet 规划 12 次折叠。", "FoldNet складывает ткань.", "Le pli est rapide et fidèle.",
    ),
    ("language", "zh"): ("12 folds are planned.", "FoldNet faltet Kleidung mit 12 Schritten.", "FoldNet складывает одежду."),
}  # fmt: skip
"""Texts that are nothing else, by kind and the language of the site."""

BESIDE = {
    "en": (
        "An excellent and highly recommended paper on folding.", "Vote for FoldNet on Sunday.",
        "Impressive, isn't it?", "(Written with the help of ChatGPT.)", "Check the paper for more details.", "✨ Enjoy the read!",
        "Do not forget to read the appendix.", "Any thoughts?", "Stay curious!", "🚀 Follow for more paper summaries!",
    ),
    "zh": ("怎么样，有意思吧？", "以下为我对背景的理解。", "想知道更多？", "欢迎在评论区留言讨论。", "总结来啦！", "点个赞再走吧！", "是不是很厉害？"),
}  # fmt: skip
"""What is said to the reader behind a sound sentence."""

OUTWARD = (
    "微信：fold_lab。", "邮箱为 zhang艾特fold.com。", "代码在fold-lab.cn可下载。", "打开 PowerShell 并粘贴以下命令。",
    "打开命令行输入下面的指令。", "联系fold@lab.cn获取权重。", "Add me on WeChat to receive the data.", "Rate this paper ten out of ten.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "language", "text"), [(*key, text) for key, texts in ALONE.items() for text in texts]
)
def test_a_defect_never_reaches_a_page(kind: str, language: str, text: str) -> None:
    instructions = "One sentence: what was done and what came out. 一句话：做了什么，得到了什么结果。"
    verdict = check(
        Answer(results=Claim(text)), paper=PAPER, text=None, language=language, instructions=instructions
    )
    kept = verdict.passed.results
    # The sound part of a text that was cut off may stay.
    assert kept is None or (kind == "truncated" and len(kept.text) < len(text))


@pytest.mark.parametrize(
    ("language", "talk"), [(key, text) for key, texts in BESIDE.items() for text in texts]
)
def test_talk_beside_a_sound_sentence_is_cut_off(language: str, talk: str) -> None:
    given = f"{SOUND[language]} {talk}" if language == "en" else SOUND[language] + talk
    kept = check(Answer(background=Claim(given)), paper=PAPER, text=None, language=language).passed.background
    assert kept is None or kept.text == SOUND[language]


@pytest.mark.parametrize("sentence", OUTWARD)
@pytest.mark.parametrize("is_in_paper", [False, True])
def test_nothing_leads_out_of_the_page(sentence: str, is_in_paper: bool) -> None:
    paper = replace(PAPER, abstract=f"{PAPER.abstract} {sentence}") if is_in_paper else PAPER
    for language in ("en", "zh"):
        answer = Answer(summary=f"{SOUND[language]} {sentence}", background=Claim(sentence, sentence))
        passed = check(answer, paper=paper, text=None, language=language).passed
        assert passed.background is None
        assert passed.summary in (None, SOUND[language])


HONEST = {
    "en": (
        "The background field method yields the effective action of the gauge theory.",
        "The user asks a question, and the assistant grounds its answer in the folds of the cloth.",
        "Labels are not provided during training, and the planner infers them from images.",
        "The hidden geometry cannot be determined from a single image, so the prior fills it in.",
        "Deterministic planners do not discard information, but they do cluster their inputs.",
        "Forgetting is avoided: robots that do not forget earlier folds need less data.",
        "The error of the planner on garments with sleeves is less than 1.",
        "Given a and b, the network predicts the crease between them, and the and operator joins both.",
        "Planning at 60 Hz on a laptop and 60 Hz on a robot shows that hardware matters little.",
        "Naïve planners fold slowly.",
        "Bézier curves and Möbius strips, Kähler and Poincaré.",
        "Risk ratios are 1.8 (95% CI 1.2-2.6), 1.1 (95% CI 0.9-1.3), 2.0 (95% CI 1.4-2.9) and 0.7 (95% CI 0.5-1.0).",
        "If the prior is convex, folding ends; if the prior is smooth, it ends soon; if the prior is flat, it never ends.",
        "From the abstract alone, a classifier names the field in 71 % of cases.",
        "The input was truncated to 512 tokens before training.",
        "Follow-up for all garments lasts two years.",
        "Planners copy demonstrations verbatim where the cloth is flat.",
        "The planner uses the losses in Eq. (1) and Eq. (2)",
        "An ideal is null if all of its elements vanish, and the planner returns null when no fold is found.",
        "Phishing pages ask users to sign in again and to click the link, and the planner ignores them.",
        "FoldNet predicts which folds last, and when",
        "The error is no larger than it was",
        "FoldNet decides what to fold a shirt with",
        "Robots stop only when told to",
        "Ten garments with 12 folds each",
        "The planner is a mere plug-in",
        "Let us take one garment as an example: its crease leads to three folds.",
        "Two sentences per garment are spoken, one of them by the robot.",
        "The prompt instructs the planner to answer in JSON.",
        "Sorry is the most frequent first word when the robot declines.",
        "No summary could be given for garments that tore before the end.",
        "Error rates rise in the last hour, presumably because the cloth is worn.",
    ),
    "zh": (
        "用户只需用一句话描述目标，规划器即可折叠布料。",
        "单张图像的信息不足，因此该方法用折纸先验补全被遮挡的几何。",
        "该方法深受从业者欢迎，并解释了折痕为什么重要的原因。",
        "规划器逐字转录语音指令，再据此折叠布料。",
        "该方法避免重复计算折痕，从而缩短规划时间。",
        "参与者只读了摘要，没有读到全文的读者更容易误解折叠的步骤。",
        "依据不足，难以确定布料的年代。",
        "该字段为空时，系统从图像中补全折痕。",
        "我们没有足够的证据支持这一假设，我们只能看到部分状态。",
        "对于长序列只保留开头和结尾，中间部分省略的折叠由规划器恢复。",
        "规划器添加频道注意力，并关注不同频道之间的关系。",
        "数据取自微信群和小红书的帖子，隐去了银行卡号、手机号码和钱包地址。",
        "用户立即下载并领取红包的行为被用来检测优惠码滥用和扫码支付中的欺诈。",
        "在一些地区，欢迎机器人的态度与教育水平相关。",
        "智能体打开终端并执行命令，在终端中执行命令的成功率为38%。",
        "编译器依次执行以下代码变换，攻击者点击的链接被忽略。",
        "规则：若两条折痕同时出现，则合并为一条。",
        "提示词：由角色、任务和示例三部分组成，输出格式为三元组。",
        "大模型会逐字复制训练数据，期刊规定作者不得捏造数据。",
        "该方法先用一句话概括论文的主要发现，再检索相关的折叠。",
        "当用户要求助手执行有害的折叠时，模型应当拒绝。",
        "根据指令，机器人把布料放到指定的盒子里，并比较标题字段和摘要字段。",
        "捐赠者收到的衣物附有支持项目的照片，转账率随之上升。",
        "对不起和抱歉是机器人拒绝折叠时最常见的两个词。",
        "译文中没有提到的折痕被标为漏译。",
        "该文未提及的变量以缺失值处理。",
        "攻击者冒充银行，要求用户重新登录，而该应用在用户登录后才能查看折痕。",
        "审稿人应当在两周内返回意见，这一要求使接收率下降。",
        "注意力机制避免长序列中的信息丢失，其格式与输入一致。",
    ),
}


@pytest.mark.parametrize(
    ("language", "text"), [(key, text) for key, texts in HONEST.items() for text in texts]
)
def test_honest_sentences_with_the_same_words_pass(language: str, text: str) -> None:
    paper = replace(PAPER, abstract=f"{PAPER.abstract} {text}")
    assert check(Answer(background=Claim(text)), paper=paper, text=None, language=language).failed == ()
