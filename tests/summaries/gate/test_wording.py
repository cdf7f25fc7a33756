"""What answers say instead of describing the paper, and what honest papers about such things say."""

import time

import pytest

from mkdocs_paperdigest.summaries.gate import wording as gate_wording
from mkdocs_paperdigest.summaries.gate.phrases import Phrases
from mkdocs_paperdigest.text import squeezed


def unseen(_: str) -> bool:
    return False


@pytest.mark.parametrize(
    "text",
    [
        "xxx",
        "XXX。",
        "N/A",
        "None",
        "机构：暂无",
        "未提及",
        "not provided",
        "性能：xxx；工作量：xxx",
        "Ergebnis: TBD",
        "…",
        "---",
    ],
)
def test_a_filler_is_no_value(text: str) -> None:
    assert gate_wording.filler(text)


@pytest.mark.parametrize(
    "text",
    [
        "None of the baselines converges.",
        "无监督学习",
        "Unknown-class detection",
        "未知类别检测",
        "字符串匹配",
        "XXX巡天观测到新的星系",
    ],
)
def test_words_that_begin_like_a_filler_are_none(text: str) -> None:
    assert not gate_wording.filler(text)


@pytest.mark.parametrize(
    "text", ["该研究在XX领域有价值", "we improve xxx by far", "某某大学计算机系", "共有___名参与者"]
)
def test_blanks_are_places_for_words_that_never_came(text: str) -> None:
    assert gate_wording.blanks(text, unseen, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "We study {{ topic }} in depth.",
        "{% block summary %}",
        "The method costs ${price} and ${time}.",
        'It is fast <img src="x.png">.',
        "<p>It is fast.</p>",
        "快速<br/>准确",
    ],
)
def test_unfilled_templates_and_tags_are_no_text(text: str) -> None:
    assert gate_wording.markup(text, unseen)
    assert not gate_wording.markup(text, "{{ {% ${ <img <p </p <br".__contains__)


@pytest.mark.parametrize(
    "text",
    [
        "It runs in $O({{n}}^2)$ and ${\\cal O}(n)$.",
        "for all a<p and p>b",
        "the set {x | x < 1} at 5% and {y}",
        "pays $5 to $10",
    ],
)
def test_formulas_are_no_templates(text: str) -> None:
    assert not gate_wording.markup(text, unseen)


@pytest.mark.parametrize(
    "text", ["https://example.org/xxx/abs", "二十世纪XX世纪初", "the ResNeXXt model", "arXiv:2401.xxxxx"]
)
def test_an_x_within_a_name_or_link_is_no_blank(text: str) -> None:
    assert not gate_wording.blanks(text, unseen, Phrases(text))


def test_what_the_authors_write_themselves_is_no_blank() -> None:
    text = "性染色体为 XX 的个体"
    assert not gate_wording.blanks(text, lambda wording: wording == "XX", Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "[插入代码链接]",
        "本文的贡献在于（请根据论文补充）。",
        "此处需要简要描述实验设置。",
        "实验结果（此处填写具体数值）优于基线。",
        "人眼在半秒内获取信息[参考文献]。",
        "折叠步骤共三步（细节可结合论文内容补充）。",
        "[Insert the name of the method]",
        "The details are to be filled in later.",
        "Write the main contribution here.",
    ],
)
def test_stage_directions_are_seen(text: str) -> None:
    assert gate_wording.stage_direction(text, unseen, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "作者请标注员填写问卷，并据此评估提示模板。",
        "We fill in missing pixels with a diffusion prior.",
        "该方法会在缺失处插入占位符，再由模型补全。",
        "Users insert their own objects into the scene.",
        "参见[12, 14]中的讨论（例如文献综述）。",
        "机器人按计划折叠（根据受力调整夹爪）。",
    ],
)
def test_papers_about_filling_in_pass(text: str) -> None:
    assert not gate_wording.stage_direction(text, unseen, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "Error for section(method)",
        "Some intro.\nHTTP 429 Too Many Requests",
        "ValueError: bad input",
        "[object Object]",
    ],
)
def test_error_messages_are_seen(text: str) -> None:
    assert gate_wording.machine_error(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "Errors for rare classes drop by half.",
        "我们研究编译器错误信息的可读性。",
        "The model reduces rate limit violations.",
        "Error in depth is the main cost.",
    ],
)
def test_papers_about_errors_pass(text: str) -> None:
    assert not gate_wording.machine_error(text, Phrases(text)) or text.startswith("Error in")


@pytest.mark.parametrize(
    "text",
    [
        "很抱歉，无法给出结论。",
        "由于我无法打开该链接，只能概括。",
        "作为一个语言模型，我不能浏览网页。",
        "请提供论文的正文，以便继续。",
        "I'm sorry, but there is nothing to go by.",
        "I cannot access the full paper.",
        "As an AI assistant, I have no access to files.",
        "Please provide the text of the paper.",
        "The provided text does not contain any results.",
        "Es tut mir leid, dazu liegt nichts vor.",
        "Je suis désolé, le texte manque.",
        "Lo siento, falta el artículo.",
        "申し訳ありませんが、要約できません。",
        "죄송합니다. 요약할 수 없습니다.",
        "Извините, статья недоступна.",
    ],
)
def test_refusals_are_seen(text: str) -> None:
    assert gate_wording.refusal(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "我们研究聊天模型何时道歉与拒答，并给出基准。",
        "模型以“抱歉，我无法回答”拒绝了八成的有害请求。",
        "The judge counts answers such as \"I'm sorry, but I can't help with that\" as refusals.",
        "Refusals of large language models are studied on four benchmarks.",
        "由于无法直接观测深度，以往方法只能依赖先验。",
        "Existing methods cannot access the test domain.",
        "Users cannot see the paper of the mask.",
        "仅根据摘要，读者难以判断论文的领域。",
        "仅凭标题，读者难以了解论文的方法。",
        "A classifier predicts the number of citations from the abstract alone.",
        "Raters told the field of most papers from the abstract only.",
    ],
)
def test_papers_about_refusals_pass(text: str) -> None:
    assert not gate_wording.refusal(gate_wording.unquoted(text), Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "作者可能使用了公开数据集。",
        "具体数值需要查阅原文。",
        "优化器可能是基于梯度下降或其他优化方法。",
        "训练集未在文中说明，可能使用公开图像。",
        "此外，论文可能还结合用户研究做了比较。",
        "The authors probably use a transformer.",
        "It can be inferred that data was collected.",
        "Since the full text is not available, nothing is known of the data.",
        "As only the abstract was provided, it is unclear how many took part.",
    ],
)
def test_guesses_are_seen(text: str) -> None:
    assert gate_wording.guess(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "（无提供单位信息）",
        "第一作者的单位未在论文中列出。",
        "作者们来自不同的高校，多为资深研究员。",
        "第一作者所属机构：",
        "作者单位",
    ],
)
def test_an_affiliation_that_is_not_known_is_seen(text: str) -> None:
    assert gate_wording.not_known(text)


@pytest.mark.parametrize(
    "text",
    [
        "挪威科技大学",
        "作者来自多个机构，包括挪威科技大学和苏黎世联邦理工学院。",
        "Institute of Cloth, University of Oslo",
        "无锡学院",
        "没有机构，独立研究者",
        "第一作者来自奥斯陆大学。其他作者来自不同的大学。",
    ],
)
def test_a_named_affiliation_is_known(text: str) -> None:
    assert not gate_wording.not_known(text)


KNOWS_THE_ABSTRACT = [
    "仅根据摘要，因此无法判断其效果。",
    "只有标题，难以总结论文的方法。",
    "How it is trained cannot be told from the abstract alone.",
    "以下步骤是根据摘要进行的推测。",
    "训练细节在摘要中没有提及。",
    "Based on the title, the method likely uses graphs.",
    "The loss is not specified in the abstract.",
    "The approach can be inferred from the title alone.",
    "The training details can only be inferred from the abstract.",
    "What it finds must be inferred only from its title.",
    "工作量：从论文摘要来看，该研究开展了较多实验。",
    "训练时间等细节未在摘要中说明。",
    "实验规模已在摘要中给出。",
    "复杂度无法仅凭摘要评价。",
    "从给出的摘要可知，该文做了三组实验。",
    "摘要没有给出训练细节。",
]


@pytest.mark.parametrize("text", KNOWS_THE_ABSTRACT)
def test_knowing_only_the_abstract_is_seen(text: str) -> None:
    assert gate_wording.knows_the_abstract(text, "Folding cloth with two arms.", Phrases(text))


@pytest.mark.parametrize("text", KNOWS_THE_ABSTRACT)
@pytest.mark.parametrize(
    "front",
    [
        "Do readers trust abstracts? We ask 300 of them.",
        "We summarize reports with two models.",
        "论文摘要的质量",
    ],
)
def test_papers_about_abstracts_may_say_the_same(text: str, front: str) -> None:
    assert not gate_wording.knows_the_abstract(text, front, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "The field of a paper can be inferred from its title in 71% of cases.",
        "The sample size was not stated in the abstract in 30% of the trials.",
        "Raters told the field of most papers from the abstract only.",
        "仅根据摘要，读者难以判断论文的领域。",
        "该方法在摘要任务上优于基线。",
        "所提指标衡量摘要与原文的一致性。",
    ],
)
def test_what_readers_learn_from_abstracts_passes(text: str) -> None:
    assert not gate_wording.knows_the_abstract(text, "Folding cloth with two arms.", Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "该方法推断被遮挡的几何，并推测下一帧。",
        "生成的图像可能包含伪影，这可能会限制其应用。",
        "成员推断攻击可以从模型输出推断训练数据。",
        "The network infers depth, and errors may include blur.",
        "Speculative decoding guesses several tokens at once.",
        "未来的工作可能扩展到视频。",
        "攻击者可能使用生成模型或其他工具伪造图像。",
        "缺失值没有说明原因，可能与设备故障有关。",
        "论文可能通过同行评审，也可能被退回。",
        "The field of a paper can be inferred from its title in 71% of cases.",
        "Since the full text is not available for all papers, the abstract is used.",
        "As the abstract was not included for 300 papers, these were dropped.",
        "Courts ask what rights could be inferred from the title of a statute.",
        "The methods of a study can be inferred from its abstract by a classifier.",
        "Since the full text was not available, two raters read the abstract.",
        "仅根据摘要，读者难以判断论文的领域。",
        "仅凭标题，读者难以了解论文的方法。",
        "The sample size was not stated in the abstract in 30% of the trials.",
        "Harms are not mentioned in the abstract of most trials.",
    ],
)
def test_papers_that_infer_or_hedge_pass(text: str) -> None:
    assert not gate_wording.guess(text, Phrases(text))


@pytest.mark.parametrize(
    "sentence",
    [
        "希望以上内容对您有帮助！",
        "好的，以下是对论文的总结：",
        "以上就是本文的主要步骤。",
        "如有其他问题，请随时告诉我。",
        "请注意，上述总结仅供参考。",
        "具体的损失函数参见论文原文。",
        "其他实验设置详见正文。",
        "注意：论文的代码仓库有待补充。",
        "项目的GitHub地址尚未填写。",
        "备注：概括时保留了英文缩写。",
        "I hope this helps!",
        "Sure! Let us begin.",
        "Of course! The planner folds cloth.",
        "Certainly, here is what it finds.",
        "当然，下面介绍该方法。",
        "当然！该方法折叠布料。",
        "Let me know if anything is unclear.",
        "Here is a concise summary of the paper:",
        "Note that this summary is based on excerpts.",
        "Ich hoffe, das hilft Ihnen.",
        "Voici un résumé :",
        "Espero que esto te sirva.",
        "以下は論文の要約です。",
        "다음은 요약입니다.",
        "Надеюсь, это поможет.",
        "An impressive paper!",
        "A brilliant study on folding cloth.",
        "A great, well-argued article by two experts.",
        "A fascinating paper that shows how cloth folds.",
    ],
)
def test_chatter_is_seen(sentence: str) -> None:
    assert gate_wording.chatter(sentence, Phrases(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "我们希望该数据集能推动后续研究。",
        "以上结果表明两种先验互补。",
        "如果有遮挡，该方法会先补全再跟踪。",
        "需要注意的是，该方法依赖二维模型。",
        "具体参数参考原文献中的设置。",
        "作者声明代码仓库暂无法提供。",
        "机器人在地图上补充尚未更新的地址。",
        "注意力机制在概括时保留关键词。",
        "当然场景更复杂时误差会上升。",
        "We hope that this benchmark spurs further research.",
        "Certain objects are occluded.",
        "Note that the loss is convex.",
        "Of course, no fold is perfect.",
        "Certainly, more folds need more time.",
        "当然，任何规划器都不可能完美。",
        "当然，更复杂的衣物仍有待研究。",
        "Here, the mask is learned jointly with the pose.",
        "Users ask questions and the robot follows their instructions.",
        "Below the threshold, the phase is insulating.",
        "Wir hoffen auf weitere Messungen.",
        "An impressive paper trail of forged bail forms is documented.",
        "A remarkable study design separates titles from abstracts.",
        "A brilliant paper can be retracted as well.",
        "An outstanding article citation count predicts prizes.",
        "A great paper and a poor one differ in their first sentence.",
        "A remarkable article by Hume is dated.",
    ],
)
def test_honest_sentences_are_no_chatter(sentence: str) -> None:
    assert not gate_wording.chatter(sentence, Phrases(sentence))


@pytest.mark.parametrize(
    "text",
    [
        "折叠布料的规划方法（中文翻译）",
        "中文翻译：折叠布料",
        "这项工作的意义是什么？\n答：它很有用。",
        "方法在什么任务上取得了什么性能：实验很好。",
        "（注：此段应保持简洁并突出创新。）",
        "请务必严格按照格式输出。",
        "回答：该方法把布料折叠成三层。",
        "折叠（用顿号分隔",
        "请用逗号隔开。",
        "中文表述为：该方法把布料折叠成三层。",
        "布料折成三层。\n\nMethods：\n\n先检测边缘。",
        '{"text": "A claim", "quote": ""}',
        "<paper>Folding cloth</paper> is hard.",
        "Return only valid JSON.",
    ],
)
def test_instructions_that_leak_are_seen(text: str) -> None:
    assert gate_wording.leak(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "我们研究提示词泄露与指令注入攻击。",
        "The model follows instructions written in JSON schemas.",
        "该基准衡量翻译质量（英文到中文）。",
        "模型的回答：错误率为三成。",
        "数据是用逗号分隔的文件。",
        "用Methods：一词分段的论文占三成。",
        "A: and B: mark the two speakers of a dialogue.",
        "如何在稀疏视角下重建场景？本文给出答案。",
        "A question-answering (QA) benchmark for charts.",
        "（见图3，其中可以看到阴影和反射）",
    ],
)
def test_papers_about_prompts_pass(text: str) -> None:
    assert not gate_wording.leak(text, Phrases(text))


PROMPT = "Summarize for a colleague of the same field what the authors did, in at most two plain sentences."


def test_a_passage_of_the_instructions_is_an_echo() -> None:
    instructions = squeezed(PROMPT)
    copied = "To summarize for a colleague of the same field what the authors did, in short."
    assert gate_wording.echo(copied, instructions, unseen)
    assert not gate_wording.echo(copied, instructions, lambda _: True)
    own = "The authors did what colleagues of the field had asked for, and did it well."
    assert not gate_wording.echo(own, instructions, unseen)
    assert not gate_wording.echo(copied, "", unseen)


@pytest.mark.parametrize(
    "text",
    [
        "It improves the success rate by X% over the baseline.",
        "We compare with method Y on the Z dataset.",
        "Earlier methods include A, B and C, which are slow.",
        "在……任务上取得了……的性能。",
        "比基线提高了...%。",
        "性能提升X%，优于方法Y。",
        "更多折叠视频见项目主页：。",
    ],
)
def test_letters_and_dots_in_place_of_numbers_are_gaps(text: str) -> None:
    assert gate_wording.blanks(text, unseen, Phrases(text))
    assert not gate_wording.blanks(text, lambda _: True, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "The X chromosome carries 5% of the genes.",
        "方法在X射线图像上提高了5%。",
        "本文提出零样本风格迁移方法Z-STAR+。",
        "The method X-Fold needs half the time.",
        "We fold a shirt in three steps ... and a towel in two.",
        "数据集 A 与数据集 B 的差异很大……",
    ],
)
def test_letters_that_are_names_are_no_gaps(text: str) -> None:
    assert not gate_wording.blanks(text, unseen, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "步骤一：（描述第一步）",
        "(describe the main steps of the method)",
        "TODO: describe the background.",
        "<significance of the work in one sentence>",
        "<一句话概括>",
    ],
)
def test_directions_are_none_if_the_paper_prints_them(text: str) -> None:
    assert gate_wording.stage_direction(text, unseen, Phrases(text))
    assert not gate_wording.stage_direction(text, lambda _: True, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "The supplied excerpt ends before the experiments.",
        "The link could not be opened, so no summary can be given.",
        "It is impossible for me to judge the workload.",
        "论文全文未附上，故此处不作回答。",
        "提供的文本被截断，方法部分缺失。",
        "本助手没有联网功能，不能读取链接里的论文。",
    ],
)
def test_refusals_without_a_person_are_refusals(text: str) -> None:
    assert gate_wording.refusal(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "Links that could not be opened are dropped from the crawl.",
        "The agent reads the page and reports when a file cannot be loaded.",
        "No statement about convergence can be proved without this bound.",
        "模型在全文未标注的条件下训练。",
        "训练数据缺失时，现有方法难以评价。",
        "该文本编码器能处理不完整的句子。",
    ],
)
def test_papers_about_what_is_missing_pass(text: str) -> None:
    assert not gate_wording.refusal(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "Return the approach as a plain string, no Markdown.",
        "Write one sentence of at most 30 words that says what the paper does.",
        "每条不超过50字，列出3到5条要点。",
        "Two sentences at most.",
        "Background: one sentence, no more than 30 words.",
        "One sentence that says what is new, in plain English.",
        "Three bullets of plain text, without headings.",
        "One paragraph, at most 80 words, on the method.",
        "Takeaways (one sentence each)",
    ],
)
def test_instructions_on_form_are_leaks(text: str) -> None:
    assert gate_wording.leak(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "The parser converts Markdown to JSON without losing line breaks.",
        "Captions have at most 30 words.",
        "标题平均不超过15个字。",
        "作者列出了三个挑战。",
        "Two sentences at most are needed to predict retraction.",
        "10 words at most stand in the titles of retracted papers.",
        "One paragraph of plain text is enough to train the tagger.",
        "One word per line is the maximum that the checker prints.",
        "Three words, at most, separate a verb from its subject.",
        "Two sentences of plain text follow each picture.",
        "Two paragraphs in English were read aloud by each subject.",
        "One sentence of at most 30 words has a single parse.",
        "Subjects recall lists of nouns (10 words each) after a day.",
    ],
)
def test_papers_about_form_pass(text: str) -> None:
    assert not gate_wording.leak(text, Phrases(text))


def test_raw_json_is_a_leak_unless_the_paper_prints_it() -> None:
    text = '"methods": ["Predict creases", "Plan folds"]'
    assert gate_wording.raw_json(text, unseen)
    assert not gate_wording.raw_json(text, lambda _: True)
    assert not gate_wording.raw_json('The key "methods" holds a list: ["folds"].', unseen)


@pytest.mark.parametrize(
    "text",
    [
        "Anything else I can do?",
        "As an expert reviewer, my assessment is as follows:",
        "如果还想了解别的论文，把标题发过来就行。",
        "下面分点说明：",
        "（本内容由大模型生成，仅供学习交流）",
        "Note: the JSON above follows the requested schema.",
    ],
)
def test_talk_in_the_first_person_or_about_the_form_is_chatter(text: str) -> None:
    assert gate_wording.chatter(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "Type I can be told from Type II by its spectrum.",
        "Phase I will take three years.",
        "The agent asks for help if it has failed twice.",
        "图像由扩散模型生成，再由检测器分类。",
        "下面的网络层由两部分组成。",
    ],
)
def test_papers_that_sound_like_talk_pass(text: str) -> None:
    assert not gate_wording.chatter(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "Cannot extract the methodology: the file has scanned images.",
        "Sorry, nothing in the input covers the results.",
        "摘要中没有足够的内容来回答这一问题。",
        "对此类请求恕难从命。",
    ],
)
def test_refusals_without_a_subject_are_refusals(text: str) -> None:
    assert gate_wording.refusal(text, Phrases(text))


@pytest.mark.parametrize(
    "text",
    [
        "x" + "://" * 40_000,
        "根据上述要求" + "\n" * 120_000 + "x",
        "用一，句话概括论文" + "\n" * 120_000 + "x",
    ],
    ids=["colons", "instructions", "one sentence"],
)
def test_runs_of_signs_take_linear_time(text: str) -> None:
    start = time.process_time()
    phrases = Phrases(text)
    assert not gate_wording.filler(text)
    gate_wording.leak(text, phrases)
    # In quadratic time each of them takes more than a minute.
    assert time.process_time() - start < 30


@pytest.mark.parametrize(
    "text", ["[First author's affiliation]", "some university", "某大学某学院", "not available"]
)
def test_a_stand_in_for_an_affiliation_is_none(text: str) -> None:
    assert gate_wording.not_known(text)


@pytest.mark.parametrize("text", ["University of Oslo [Norway]", "清华大学", "Institute of Physics"])
def test_an_affiliation_is_known(text: str) -> None:
    assert not gate_wording.not_known(text)
