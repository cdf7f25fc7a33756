"""What models wrap around their words, and what they say instead of null."""

import pytest

from mkdocs_paperdigest.models import Answer, Claim
from mkdocs_paperdigest.summaries.answer.normalise import normalise, repaired


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"A \"crease\" of cloth.", 'A "crease" of cloth.'),
        (r"它预测\"折痕\"。", '它预测"折痕"。'),
        (r"First it folds.\n\nThen it rests.", "First it folds.\n\nThen it rests."),
        (r"caf\u00e9 with \u6298\u53e0 and \ud83d\ude00", "café with 折叠 and 😀"),
        ("a &quot;crease&quot; &amp;amp; a fold &lt; 3 &#39;cm&#39;", "a \"crease\" & a fold < 3 'cm'"),
        (
            "**Folding** is `fast` and *cheap*; see [the page](x.html)",
            "Folding is fast and cheap; see the page",
        ),
        ("It runs `fold the shirt` first.", "It runs “fold the shirt” first."),
        ("## Result\n- it folds\n* it rests", "Result\nit folds\nit rests"),
        ("the robotâ€™s â€œhandâ€\x9d at 20Â°C in a cafÃ©", "the robot’s “hand” at 20°C in a café"),
        ("æŠ˜å\x8f\xa0", "折叠"),
        (
            "加ＱＱ群１２３，见ｗｗｗ．ｆｏｌｄ－ａ．ｏｒｇ，共３．５倍",
            "加QQ群123，见www.fold-a.org，共3.5倍",
        ),
        ("Fold\u200bNet and fоld\ufeff-net", "FoldNet and fоld-net"),
    ],
)
def test_a_second_layer_of_escapes_is_taken_off(text: str, meant: str) -> None:
    assert repaired(text) == meant
    assert repaired(meant) == meant


@pytest.mark.parametrize(
    "text",
    [
        r"Schr\"odinger and G\"{o}del",
        r"$\nu$ and \theta fold \textbf{cloth}, \notin",
        "A* search beats B* search, and 3 * 4 * 5 = 60",
        "p < 0.05 & q > 1; R&D; AT&T;",
        "«DÉJÀ», SÃO PAULO, «CAFÉ»",
        "f(x_i, y_i) and __init__",
        "from -3 to 5, #1 of 7",
        "[12] and [a, b] and (c)",
        "折叠（一）：先左，后右！为什么？",
        "नेट\u200dवर्क और \u0645\u06cc\u200c\u0634\u0648\u062f",
    ],
)
def test_tex_names_and_formulas_stay(text: str) -> None:
    assert repaired(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Not mentioned in the abstract.",
        "The paper does not say.",
        "The authors do not report any limitations in this work.",
        "No information about prior work is provided.",
        "It is not specified.",
        "Unclear from the text.",
        "论文中未提及。",
        "摘要没有明确说明具体的背景。",
        "暂无相关信息。",
        "Im Paper nicht angegeben.".removeprefix("Im Paper "),
        "Non mentionné dans le résumé.",
        "No se menciona en el resumen.",
        "不明",
    ],
)
def test_to_say_that_the_paper_says_nothing_is_to_give_nothing(text: str) -> None:
    answer, failed = normalise(
        {"background": {"text": text, "quote": ""}, "affiliation": text}, ("background", "affiliation")
    )
    assert (answer, failed) == (Answer(), ())


@pytest.mark.parametrize(
    "text",
    [
        "The authors do not need labels.",
        "The paper does not use depth, unlike prior planners.",
        "No planner handles wet cloth, so the authors add friction to the prior.",
        "现有方法没有考虑摩擦，因此折痕不准。",
        "Unknown garments are folded as well as known ones.",
        "未知衣物也能折叠。",
    ],
)
def test_what_a_paper_does_not_do_is_something(text: str) -> None:
    answer, _ = normalise({"background": {"text": text, "quote": ""}}, ("background",))
    assert answer.background == Claim(text)
