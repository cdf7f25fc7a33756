"""Rules that compare a statement with its quote, each with what it must and must not stop."""

import cProfile
from collections import Counter

import pytest

from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.agreement import Passage, disagreement
from mkdocs_paperdigest.summaries.agreement.statement import Statement

OURS = "On KnitBench our planner outperforms ClothFlow by 7.3% and SpeedFold by 2.1%, with 4.2x less compute."
TIMES = "FoldNet raises accuracy by up to 38.4% while reducing response times by 44.3%."
SOLVERS = "Due to its hardness, exact solvers do not scale to large graphs and need 12 hours of training."
SIZE = "The network has 60 million parameters and 650,000 neurons in five layers."
SOME = "Most folds (77%) are stable, and few of them need a second arm."


WITHOUT = "FoldNet trains without learning rate warm-up, LayerNorm or auxiliary losses on every fold."
POORLY = "FoldNet does not perform well on socks, because they are non stationary."


def reason_of(claim: str, quote: str, near: str = "") -> ReasonCode | None:
    """Why a claim is not carried."""
    return disagreement(claim, Passage(quote, f"{quote} {near}", title="FoldNet: Origami Priors"))


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("On KnitBench the planner beats ClothFlow by 7.3 percent and SpeedFold by 2.1 percent.", OURS),
        ("FoldNet在KnitBench上比ClothFlow高7.3%，比SpeedFold高2.1%，计算量少4.2倍。", OURS),
        ("FoldNet needs 4.2 times less compute than ClothFlow.", OURS),
        ("Accuracy rises by up to 38.4 % and response times fall by 44.3 %.", TIMES),
        ("FoldNet将准确率最多提高38.4%，并将响应时间缩短44.3%。", TIMES),
        ("Exact solvers cannot scale to large graphs because the problem is of great hardness.", SOLVERS),
        ("Training takes 12 hours, and exact solvers do not scale.", SOLVERS),
        ("精确求解器无法扩展，训练需要12小时。", SOLVERS),
        ("It has 60M parameters, 650k neurons and five layers.", SIZE),
        ("网络有6000万个参数和65万个神经元，共五层。", SIZE),
        ("Most folds are stable, 77 % of them.", SOME),
        ("FoldNet trains with neither warm-up nor LayerNorm.", WITHOUT),
        ("FoldNet训练时没有学习率预热、LayerNorm或辅助损失。", WITHOUT),
        ("FoldNet performs poorly on socks, which are non-stationary.", POORLY),
        ("FoldNet在袜子上表现不佳。", POORLY),
    ],
)  # fmt: skip
def test_another_wording_of_the_quote_is_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # numbers: of another thing, of another size, with another unit
        ("The planner outperforms ClothFlow by 2.1% and SpeedFold by 7.3%.", OURS),
        ("The planner outperforms ClothFlow by 3.7%.", OURS),
        ("The planner outperforms ClothFlow by 7.3 points of BLEU, in 7.3 hours.", OURS),
        ("The planner needs 4.2% less compute.", OURS),
        ("It has 60 million neurons and 650,000 parameters.", SIZE),
        ("It has 60,000 parameters.", SIZE),
        ("网络有60万个参数。", SIZE),
        ("Training takes 12 minutes.", SOLVERS),
        ("训练需要12分钟。", SOLVERS),
        ("The network has 60 million parameters in seven layers.", SIZE),
        # direction
        ("The planner is outperformed by ClothFlow by 7.3%.", OURS),
        ("On KnitBench, ClothFlow outperforms our planner by 7.3%, with less compute.", OURS),
        ("The planner needs 4.2x more compute.", OURS),
        ("FoldNet lowers accuracy by up to 38.4%.", TIMES),
        ("FoldNet将准确率最多降低38.4%。", TIMES),
        ("FoldNet将响应时间延长44.3%。", TIMES),
        ("FoldNet raises accuracy by at least 38.4%.", TIMES),
        ("Few folds (77%) are stable.", SOME),
        ("RNN-based planners fold better than this planner.", "This planner folds better than the RNN-based ones."),
        ("SpeedFold outperforms FoldNet on shirts.", "which outperforms both ClothFlow and SpeedFold on shirts."),
        ("FoldNet has a large receptive field.", "FoldNet has only a relatively small receptive field."),
        ("FoldNet performs well on socks.", POORLY),
        # negation
        ("Exact solvers scale to large graphs.", SOLVERS),
        ("精确求解器可以扩展到大图。", SOLVERS),
        ("Most folds are not stable.", SOME),
        ("Most folds are unstable.", SOME),
        # names, measures and opposites
        ("On SewBench our planner outperforms ClothFlow by 7.3%.", OURS),
        ("FoldNet raises recall by up to 38.4%.", TIMES),
        ("Approximate solvers do not scale to large graphs.", SOLVERS),
    ],
)  # fmt: skip
def test_what_the_quote_contradicts_is_not_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) in {ReasonCode.CONTRADICTED, ReasonCode.FAR_NUMBERS}


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Most folds are stable because the cloth is starched.", SOME),
        ("由于使用了神经网络，大多数（77%）折叠是稳定的。", SOME),
        ("Exact solvers do not scale due to a lack of cameras.", SOLVERS),
        ("FoldNet always raises accuracy by 38.4%.", TIMES),
        ("FoldNet raises the accuracy of all models by up to 38.4%.", TIMES),
        ("所有模型的准确率都提高38.4%。", TIMES),
        ("去除褶皱后，所有模型的准确率都提高38.4%。", TIMES),
        ("In each year, all of the reef is shaded.", "In each year about half of the reef is shaded."),
        ("At all depths, all reefs including those of the north grow.", "Reefs grow at all depths, except those of the north."),
    ],
)  # fmt: skip
def test_reasons_and_reach_have_to_be_the_quotes(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.OVERSTATED


RIVALS = "Warm folding, which our arms learn in 2 weeks, is slightly better than cold folding."
SHARES = "FoldNet gains 18.7% in grip and 12.5% in speed, while folding fell to 27.3% on unwashed shirts but held at 40.7% on washed shirts."
LISTED = "FoldNet beats ClothFlow and SpeedFold by 1.9% and 1.7% on KnitBench, respectively."
PARTLY = "In most runs the arm was more robust than the hand, not just because it is longer, with an average gain of 9% in each room."
DENIED = "The gain in creases was not significant, and the arms did not overlap for more than 1 year."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # what is compared with what
        ("Cold folding is slightly worse than warm folding.", RIVALS),
        ("Compared with cold folding, warm folding is slightly better.", RIVALS),
        ("成人的折叠优于儿童。", "Adults fold better than children."),
        ("与儿童相比，成人折叠得更好。", "Adults fold better than children."),
        # numbers of lists, ranges and conversions
        ("FoldNet is 1.9% and 1.7% better than ClothFlow and SpeedFold.", LISTED),
        ("FoldNet在KnitBench上分别比ClothFlow和SpeedFold高1.9%和1.7%。", LISTED),
        ("Grip improves by 18.7% and speed by 12.5%.", SHARES),
        ("On washed shirts folding held at 40.7%.", SHARES),
        ("The arms learn warm folding in 14 days.", RIVALS),
        ("The arms did not overlap for over 12 months.", DENIED),
        ("FoldNet is 1.56 times as fast as ClothFlow.", "FoldNet is 56% faster than ClothFlow."),
        ("The share of folds is 0.1.", "The share of folds is 10%."),
        ("Only 7% (21) of the folds were left.", "Only 7% (21) of the observed folds were left."),
        ("Folding took 36 thousand hours.", "Folding took 36,000 CPU hours in total."),
        # what is denied may stand before the negation, or bear a prefix
        ("Creases were not significantly gained.", DENIED),
        ("手臂不重叠超过1年。", DENIED),
        ("FoldNet uses windows that do not overlap.", "FoldNet uses non-overlapping windows."),
        ("All three arms fold.", "The three arms fold."),
        ("FoldNet的折叠明显不如ClothFlow。", "FoldNet folds noticeably worse than ClothFlow."),
        ("The arm trades more folds for less force than the hand.", "In comparison with the hand, the arm performs more folds with less force."),
        ("The arm helps for reasons beyond its length.", PARTLY),
    ],
)  # fmt: skip
def test_comparisons_lists_and_conversions_are_understood(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Cold folding is slightly better than warm folding.", RIVALS),
        ("儿童的折叠优于成人。", "Adults fold better than children."),
        ("成人的折叠不如儿童。", "Adults fold better than children."),
        ("Warm folding is slightly better than steam folding.", RIVALS),
        ("Warm folding is far better than cold folding.", RIVALS),
        ("The arms learn warm folding in 3 weeks.", RIVALS),
        ("FoldNet beats SpeedFold and ClothFlow by 1.9% and 1.7%.", LISTED),
        ("SpeedFold比FoldNet高1.7%。", LISTED),
        ("FoldNet gains 12.5% in grip and 18.7% in speed.", SHARES),
        ("Folding fell to 27.3% on washed shirts.", SHARES),
        ("FoldNet is 56 times faster than ClothFlow.", "FoldNet is 56% faster than ClothFlow."),
        ("Folding took 36,000 minutes.", "Folding took 36,000 CPU hours in total."),
        ("Grip gains 9 percentage points.", "Grip has a relative gain of 9%."),
        ("The gain in creases was significant.", DENIED),
        ("折痕的增益十分显著。", "The gain in creases was not significant."),
        ("The authors are the first to fold shirts.", "We are not the first to fold shirts."),
        ("均匀折叠比非均匀折叠更快。", "Non-uniform folding is faster than uniform folding."),
        ("FoldNet is better on Socks-8 and worse on Shirts-2.", "FoldNet is better on Shirts-2 and worse on Socks-8."),
        ("Faro-2 is simple and adds little to Kilo-7.", "Kilo-7 is simple and adds little to Faro-2."),
    ],
)  # fmt: skip
def test_swapped_sides_and_owners_are_contradictions(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) in {ReasonCode.CONTRADICTED, ReasonCode.FAR_NUMBERS}


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("In all runs the arm was more robust than the hand.", PARTLY),
        ("The arm is more robust than the hand only because it is longer.", PARTLY),
        ("The arm gains 9% in every room.", PARTLY),
        ("The arm gains at least 9% in a room.", "The arm had a gain of 9% in a room."),
        ("FoldNet is the best on all 8 benches.", "FoldNet is the best on 5 out of 8 benches."),
    ],
)  # fmt: skip
def test_a_part_is_not_the_whole(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.OVERSTATED


FRESH = "At 40 K the sleeves sway at 3-7 mHz, and loose seams show acute tears, unlike the 2-D collars."
CAUSED = "The analysis indicates that creases result from the presence of humid air in the room."
EQUAL = "Folding by arm is more careful than folding by hand."
SHARED = "63% of the shirts were rated 'neat', 31% as 'usable' and only 6% as 'torn'."
FORMS = "The dry sleeve lacks any sharp crease within a wide band, while the wet sleeve has two."
PLAIN = "Folding by hand is impractical for large shops, and the seams are unevenly distributed."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Sleeves sway with frequencies of 0.003 to 0.007 Hz at 40 kelvin.", FRESH),
        ("Seams that are not tight show acute tears.", FRESH),
        ("Folding is a hundred times faster by arm.", "By arm, folding is two orders of magnitude faster."),
        ("机械臂折叠快100倍。", "By arm, folding is two orders of magnitude faster."),
        ("Creases are due to humid air.", CAUSED),
        ("折痕是由潮湿的空气引起的。", CAUSED),
        ("By arm, folding is three times as fast as by hand.", "Folding is three times faster by arm than by hand."),
        ("63% of the shirts were neat and 6% were torn.", SHARED),
        ("The wet sleeve has two creases, but the dry sleeve lacks any.", FORMS),
        ("Folding by hand is not practical for large shops.", PLAIN),
        ("手工折叠对大型商店并不实用。", PLAIN),
        ("接缝分布不均。", PLAIN),
        ("All it does is fold sleeves.", "The arm only folds sleeves."),
        ("Some shirts stay folded: 8% by arm, up to 90% by hand.", "8% of the shirts stay folded by arm and no shirts were torn, while up to 90% stay so by hand."),
        ("Folding bends seams four times more weakly.", "Folding leads to a 4-fold decrease in how seams bend."),
        ("粗袖子在高速下很整齐，但质量较低。", "higher-speed sleeves are neat but have low quality"),
    ],
)  # fmt: skip
def test_opposites_units_and_causes_in_other_words_are_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # a capital changes the unit
        ("The sleeves sway at 3-7 MHz.", FRESH),
        ("袖子以 3-7 Hz 的频率摆动。", FRESH),
        ("Folding is a thousand times faster by arm.", "By arm, folding is two orders of magnitude faster."),
        # opposites of the dictionary, in both languages
        ("Tight seams show tears at 40 K.", FRESH),
        ("Loose seams show chronic tears at 40 K.", FRESH),
        ("松散的接缝显示慢性撕裂。", FRESH),
        # another word before the same noun
        ("Two robots fold cotton shirts.", "Two robots fold woollen shirts."),
        # causes
        ("Creases cause humid air in the room.", CAUSED),
        # likeness and difference
        ("Folding by arm is as careful as folding by hand.", EQUAL),
        ("Folding by arm is slower than folding by hand.", "Folding by arm and by hand take a similar time."),
        # numbers and things of another
        ("63% of the shirts were rated as 'torn'.", SHARED),
        ("The wet sleeve lacks any sharp crease within a wide band, while the dry sleeve has two.", FORMS),
        ("The rig is slightly better on Shirts-2 and slightly worse on Socks-8.",
         "The rig is slightly better on Socks-8 and slightly worse on Shirts-2."),
        ("Speed rose more with arms than with hands.",
         "Speed rose more with cuffs than with collars and more with hands than with arms."),
        ("FoldNet runs 9 times faster than ClothFlow.",
         "Compared to FoldNet, ClothFlow is superior, with a speedup of 9 times."),
        # denials
        ("The arm reproduces the folds of the hand.", "The arm is unable to reproduce the folds of the hand."),
        ("The arm fails to reproduce the folds of the hand.", "The arm reproduces the folds of the hand."),
    ],
)  # fmt: skip
def test_opposites_units_and_causes_are_contradictions(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) in {ReasonCode.CONTRADICTED, ReasonCode.FAR_NUMBERS}


@pytest.mark.parametrize(
    "claim", ["Creases result from static charge in the room.", "分析表明，室内的折痕是由外部电场引起的。"]
)
def test_another_cause_is_not_the_quotes(claim: str) -> None:
    assert reason_of(claim, CAUSED) in {ReasonCode.OVERSTATED, ReasonCode.UNRELATED}


@pytest.mark.parametrize(
    "claim",
    [
        "Shirts are folded along creases that a camera sees.",
        "衬衫沿着相机看到的折痕折叠，图像分辨率很高，数据集已公开。",
    ],
)
def test_a_quote_about_something_else_carries_nothing(claim: str) -> None:
    assert reason_of(claim, OURS) is ReasonCode.UNRELATED


def test_a_name_may_stand_before_the_quote() -> None:
    quote = "the planner outperforms all baselines by 7.3%."
    assert (
        reason_of(
            "On KnitBench the planner outperforms the baselines by 7.3%.", quote, "KnitBench has shirts."
        )
        is None
    )
    assert (
        reason_of("On KnitBench the planner outperforms the baselines by 7.3%.", quote)
        is ReasonCode.CONTRADICTED
    )


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # units in words, in TeX, and joined to their numbers; names joined to theirs
        ("The arm is driven at 5 V.", "The arm is driven at five volts."),
        ("The shirt weighs 3 kilograms.", "The shirt weighs 3 kg."),
        ("折叠延迟为20毫秒，衬衫质量为3公斤。", "Folding has a latency of 20 ms, and the shirt weighs 3 kilograms."),
        ("The iron is heated to 150 degrees Celsius.", "The iron is heated to 150$^\\circ$C."),
        ("The arm folds at 30 frames per second.", "The arm folds at 30 FPS."),
        ("At 300 K the sleeves stay dry.", "The sleeves stay dry at T=300K."),
        ("Creases fall to one eighth by steam.", "Steam brings an 8-fold decrease in creases."),
        ("The arm folds on an RTX 4090.", "The arm folds on an RTX4090."),
        # a denial of what the quote does not say denies nothing of it
        ("Earlier arms fail to grasp thin cloth.", "Earlier arms struggle with thin cloth."),
        ("The arm folds without loss of neatness or speed.", "The arm folds while keeping neatness and speed."),
        ("The width did not exceed 40 cm.", "The width remained below 40 cm."),
        ("无论哪种衬衫，机械臂都能折叠，毛衣也不例外。", "The arm folds all shirts, even sweaters."),
        # likeness, and comparisons from the other side
        ("The arm is as fast as the hand.", "The arm is not slower than the hand."),
        ("Similar shirts are put on one pile, which is faster.", "Shirts that resemble each other share a pile, which is faster than sorting."),
        ("The hand improves neatness less than the arm.", "The arm gives much better neatness than the hand."),
        ("The arm needs 2 times less compute than the hand.", "The arm is 2 times more compute efficient than the hand."),
        # words that say no direction here
        ("Folding speed drops by 9%.", "Folding is slowed by 9%."),
        ("At 5 T and above the sleeves shine.", "At H >= 5T, the sleeves shine even at the lowest temperature."),
        ("Nearly all shirts stay folded.", "The vast majority of the shirts stay folded."),
        # chains of causes, conditions, and what is said of another word
        ("Damp air causes creases and thereby tears.", "Tears are due to creases, which in turn result from damp air."),
        ("Longer sleeves give smoother folds: tears never grow with length.", "The tears of smooth folds decrease with the length of the sleeves."),
        ("Sleeves in the pile make folding less accurate.", "Folding is more accurate if the sleeves are not part of the pile."),
        ("RNN folds are much less tidy than those of FoldNet.", "FoldNet gives much tidier folds than the RNN."),
        ("Shirts stay folded at 8 bar.", "Shirts get neatly folded at 8 bar."),
        ("Neither neatness nor speed may be neglected.", "Neatness and speed are both relevant."),
        ("Folding costs a fraction of earlier arms, which FoldNet surpasses in speed.", "FoldNet folds better than earlier arms, at a fraction of their cost and speed."),
        ("The share of torn folds is below 10^-3.", "The share of torn folds is below .001."),
        ("The arm runs at 30 FPS.", "The arm runs at $\\sim\\!30$ FPS."),
        # a number that another thing has too is no other thing's
        ("Folds in 4D hold 9%, which few sleeves do.", "Folds in 4D hold 9%, while 2D sleeves hold less."),
        ("The sixty-two nurses work in Peruvian clinics.", "62 nurses of clinics in Peru"),
        ("A quarter of the reefs bleached, and 12.5% died.", "one fourth of the reefs bleached and one eighth of them died"),
        ("The corpus holds close to 4,000 letters.", "The corpus holds 3987 letters."),
        ("The folds fail in 8% of the trials, against 19% for the runner-up.",
         "The folds fail in 8% of the trials, compared to 19% for the second-best planner."),
        ("Depth helps, but the benefit dwindles as nets get bigger.", "Depth helps, but the benefit diminishes for bigger nets."),
        ("Reefs shaded for a month showed no significant gain in growth.", "Growth enhancement in reefs shaded for a month was not significant."),
        ("The camera takes 30 images a second.", "The camera takes 30 images/s."),
        ("The error is 0.125 ± 0.443 mm.", "an error of 0.125 $\\pm$ 0.443 mm"),
        ("2K分辨率图像的折叠速度提高4000倍。", "folding is 4,000 times as fast for 2K resolution images"),
        ("The star lives at least 25 Myr.", "we obtain a lower limit on the star's lifetime of ~25 Myr"),
        ("The planner does not need maps.", "The planner does not require maps."),
        ("The run uses 3E7 shirts.", "The run uses 30 million shirts."),
        ("该实验使用3E7件衬衫。", "The run uses 30 million shirts."),
        ("Creases improved after ironing.", "Creases were severe before ironing and improved afterwards."),
        ("Drying takes days.", "Drying took place over hours to days."),
        ("The arm finds paths to its goal.", "The arm plans to reach its goal and finds paths to it."),
        ("Sampling replaces exact folding of large sheets.", "Exact folding of large sheets is intractable, and we sample instead."),
        ("All shirts dried except two.", "Two shirts stayed wet; the other 48 dried."),
        ("The whole closet was scanned.", "We scanned the closet of all 20 flats, two thirds of it twice."),
        ("The grip is provably stable.", "We show that the grip is stable if the cloth may be treated as thin."),
    ],
)  # fmt: skip
def test_honest_paraphrases_are_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The arm is driven at 5 millivolts.", "The arm is driven at 5 V."),
        ("折叠延迟为20秒。", "Folding has a latency of 20 milliseconds."),
        ("The iron is heated to 150 K.", "The iron is heated to 150$^\\circ$C."),
        ("At 300 m the sleeves stay dry.", "The sleeves stay dry at T=300K."),
        ("Creases fall to one quarter by steam.", "Steam brings an 8-fold decrease in creases."),
        ("The arm is as fast as the hand.", "The arm is faster than the hand."),
        ("The arm improves neatness less than the hand.", "The arm gives much better neatness than the hand."),
        ("The arm needs 2 times more compute than the hand.", "The arm needs 2 times less compute than the hand."),
        ("Quality does not drop with thin cloth.", "Quality drops with thin cloth."),
        ("The creases are a consequence of the tears.", "The tears are a consequence of the creases."),
        ("FoldNet is better than RNNs at a higher cost.", "FoldNet is better than RNNs at a fraction of the cost."),
        ("Tears cause creases.", "Tears are due to creases, which in turn result from damp air."),
        ("Longer sleeves tear more.", "Longer sleeves tear less."),
        ("RNN folds are much tidier than those of FoldNet.", "FoldNet gives much tidier folds than the RNN."),
        ("The share of torn folds is below 10^-2.", "The share of torn folds is below .001."),
        ("The sixty-two nurses work in clinics.", "26 nurses work in clinics"),
        ("The corpus holds close to 4,000 letters.", "The corpus holds 3608 letters."),
        ("Depth helps, and the benefit keeps growing for bigger nets.", "Depth helps, but the benefit diminishes for bigger nets."),
        ("The camera takes 30 images per minute.", "The camera takes 30 images/s."),
        ("The reef is 259 miles long.", "The reef is 259 km long."),
        ("Folding planners need maps.", "folding planners do not require maps"),
    ],
)  # fmt: skip
def test_their_false_twins_are_not_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) in {ReasonCode.CONTRADICTED, ReasonCode.FAR_NUMBERS}


@pytest.mark.parametrize("piece", ["than ", "比", "tears are due to heat and "])
def test_only_so_many_comparisons_are_looked_at(piece: str) -> None:
    text = Statement(piece * 100)
    assert len(text.comparisons) + len(text.causes) <= 40


@pytest.mark.parametrize("piece", ["not ", "没有"])
def test_only_so_many_denials_are_looked_at(piece: str) -> None:
    assert len(Statement(piece * 100).negations) <= 40


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # a name that the paper lacks, at the head of a sentence or in Chinese
        ("Google trained the folder on 4,200 shirts.", "We trained the folder on 4,200 shirts."),
        ("Shirts tear. Pfizer paid for the trial.", "Shirts tear, and a company paid for the trial."),
        ("Germany raised the tax on shirts by 6%.", "The government raised the tax on shirts by 6%."),
        ("Claude折叠了4200件衬衫。", "The model folded 4,200 shirts."),
        # a word that denies nothing here
        ("Few-shot folding does not help on socks.", "Few-shot folding helps on socks."),
        ("Few-shot folding helps on socks.", "Few-shot folding does not help on socks."),
        ("The camera detects harmful creases.", "The camera does not detect harmful creases."),
        ("The arm can fold hard sleeves.", "The arm cannot fold hard sleeves."),
        ("机械臂不能折叠困难的袖子。", "The arm can fold hard sleeves."),
        # the absence of something that the other side does not name
        ("Neatness falls by 5%.", "Without any fine-tuning, our folds improve neatness by 5%."),
        ("整洁度下降5%。", "Without any fine-tuning, our folds improve neatness by 5%."),
        ("Steam worsens the seams.", "Steam improves the seams of shirts that lack a lining."),
        ("Steam raises the tension.", "Steam lowers the tension in shirts without buttons."),
    ],
)  # fmt: skip
def test_words_that_excuse_nothing_leave_a_contradiction(claim: str, quote: str) -> None:
    passage = Passage(quote, quote, title="Folding", counts=Counter(quote.lower().split()))
    assert disagreement(claim, passage) is ReasonCode.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Barium rises with the iron of the needles.", "With [Fe/H] of the needles, [Ba/Mg] rises as well."),
        ("Precreasing makes folds last.", "Creases that are made beforehand make folds last."),
        ("Dropping the camera makes folding slower.", "Without the camera, folding is slower."),
        ("The fold always stays below 3 mm.", "The fold remains below 3 mm."),
    ],
)
def test_words_of_the_language_and_absences_that_both_name_are_carried(claim: str, quote: str) -> None:
    passage = Passage(quote, quote, title="Folding", counts=Counter(quote.lower().split()))
    assert disagreement(claim, passage) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Every shirt was folded.", "Shirts stayed on the pile and were folded."),
        ("所有衬衫都折好了。", "Shirts stayed on the pile and were folded."),
        ("The fold is always flat.", "The fold remained flat in 2019."),
    ],
)
def test_what_stays_holds_not_for_all(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.OVERSTATED


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("The steam had side effects.", "The steam had no serious side effects."),
        ("There is a link between steam and tears.", "We find no clear link between steam and tears."),
        ("The fold needs a camera.", "The fold needs no thermal camera."),
        ("Labels are needed.", "No manual labels are needed."),
        ("The arms know the answer.", "The arms have no way to know the answer."),
        ("该药对死亡率有显著影响。", "The drug had no significant effect on mortality."),
        ("蒸汽对褶皱有显著影响。", "The steam had no significant effect on creases."),
        ("Thin needles reduce tears.", "We find no evidence that thin needles reduce tears."),
        ("蒸汽会减少成本。", "There is no clear sign that steam reduces costs."),
        ("A polynomial-time algorithm exists.", "No polynomial-time algorithm exists."),
        ("The rule has a counterexample.", "The rule has no known counterexample."),
        ("Steam is associated with tears, an association of note.", "No association between steam and tears was found."),
    ],
)  # fmt: skip
def test_no_denies_the_noun_after_its_adjectives(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Thin needles do not reduce tears.", "We find no evidence that thin needles reduce tears."),
        ("The steam had no effect on creases.", "The steam had no significant effect on creases."),
        ("From 5% to 94% of the shirts were folded.", "Only 5% of the shirts were folded, and on some days no shirts were pressed at all, but others folded 94%."),
        ("The folds are as flat as before.", "With steam we see no better folds: they are as flat as before."),
        ("No model folds all the harmful sleeves.", "All models leave at least one of the harmful sleeves."),
    ],
)  # fmt: skip
def test_what_no_does_not_deny_is_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Higher neatness is seen after steaming.", "After steaming, neatness decreases."),
        ("More tears occurred in the steamed pile.", "Tears decreased in the steamed pile."),
        ("Fewer creases occurred in wool.", "The rate of creases increased in wool."),
        ("Smaller needles give better seams.", "Seams get better with larger needles."),
    ],
)
def test_what_a_sentence_opens_with_may_be_its_result(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Smaller needles give better seams.", "Seams get worse with larger needles."),
        ("Longer sleeves give smoother folds: creases never grow with length.", "The creases of smooth folds decrease with the length of the sleeves."),
    ],
)  # fmt: skip
def test_results_of_opposite_conditions_are_opposite(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # what only begins like a unit
        ("奖金为100克朗。", "The prize was 100 kronor."),
        ("钻石重5克拉。", "The diamond has 5 carats."),
        ("共30克罗恩病患者穿上衬衫。", "30 patients with Crohn's disease wore a shirt."),
        ("被盗20比特币。", "Thieves stole 20 bitcoins."),
        # rates and temperatures
        ("相机速率为10吉比特每秒。", "The camera sends 10 Gbit/s."),
        ("衬衫存放于20度。", "The shirts are stored at 20 °C."),
        ("Shirts are stored at 20 degrees.", "Shirts are stored at 20 degrees Celsius."),
        ("Shirts are cooled to 300 K.", "Shirts are cooled to 300K in steps."),
        ("Shirts are held at 300 K.", "The shirt at 300K was dry."),
        # shares and factors
        ("Folding costs fell to a third.", "Folding is 3 times cheaper, at lower costs."),
        ("Folding costs were cut by half.", "Folding costs are reduced by a factor of 2."),
        ("撕裂率下降至四分之一。", "There is a 4-fold decrease in tears."),
    ],
)
def test_units_and_shares_fit_their_other_spellings(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is not ReasonCode.FAR_NUMBERS


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("奖金为100克。", "The prize was 100 kronor, not 100 kg."),
        ("Shirts are stored at 20 degrees.", "Shirts are stored at 20 K."),
        ("Shirts are stored at 20 degrees Celsius.", "Shirts are stored at 20 °F."),
        ("A third of the shirts tear.", "Shirts tear 3 times."),
        ("Half of the shirts tear.", "Shirts grow 2 times larger."),
        ("Folding costs were cut by a third.", "Folding is 3 times cheaper, at lower costs."),
        ("折叠成本降低了三分之一。", "Folding costs are 3 times lower."),
        ("Shirts are held at 300 K.", "The survey of shirts has 300K respondents."),
        ("The survey has 300 respondents.", "The survey has 300K respondents."),
    ],
)
def test_another_unit_or_share_does_not_fit(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.FAR_NUMBERS


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("蒸汽与安慰剂效果相当。", "The steam was more effective than placebo."),
        ("蒸汽比安慰剂更有效。", "The steam and placebo were equally effective."),
        ("男性和女性的风险相同。", "The risk is higher for men than for women."),
        ("男性的风险高于女性。", "The risk is equal for men and women."),
        ("Risks are equal.", "The risk is higher for men than for women."),
        ("The two arms agree equally often.", "The left arm agrees more often than the right arm."),
    ],
)
def test_what_is_alike_does_not_differ(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.CONTRADICTED


def test_what_is_not_higher_may_be_equal() -> None:
    assert reason_of("Risks are equal.", "The risk is not higher for men than for women.") is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # powers of ten, scales and parts of a unit in words; rates that Chinese puts before the number
        ("蒸汽约3000万年后消散。", "The steam lasts for ~3E7 yr in all folds."),
        ("全球有10亿件衬衫。", "There are one billion shirts worldwide."),
        ("Some 200 shirts tear.", "Two hundred shirts tear."),
        ("Ironing takes about three quarters of an hour.", "Ironing takes 45 min for a shirt."),
        ("熨烫需要半小时。", "Ironing takes 30 minutes."),
        ("Folding takes about 100k steps.", "Folding takes around 100, 000 steps."),
        ("相机每秒拍摄277帧，慢速时为58帧。", "The camera takes 277 FPS, and 58 FPS when slow."),
        ("About two thirds of the shirts tear.", "In all, 66 % of the shirts tear."),
        ("In all, 66 % of the shirts tear.", "Two thirds of the shirts tear."),
        ("溶液含10毫摩尔的肥皂。", "The solution has 10 mM soap."),
        ("The arm turns by 100 nrad.", "The arm turns by 0.1 microrad."),
    ],
)
def test_numbers_in_words_and_rates_fit(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is not ReasonCode.FAR_NUMBERS


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("蒸汽约3000万年后消散。", "The steam lasts for ~3E8 yr in all folds."),
        ("全球有10亿件衬衫。", "There are one million shirts worldwide."),
        ("Some 20 shirts tear.", "Two hundred shirts tear."),
        ("Ironing takes about three quarters of an hour.", "Ironing takes 30 min for a shirt."),
        ("About two thirds of the shirts tear.", "In all, 60 % of the shirts tear."),
        ("溶液含10微摩尔的肥皂。", "The solution has 10 mM soap."),
        ("The arm turns by 0.1 mrad.", "The arm turns by 0.1 microrad."),
    ],
)
def test_other_numbers_in_words_and_units_do_not_fit(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.FAR_NUMBERS


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # acronyms of words and of their parts, plurals, symbols, compounds, general terms
        ("RL lets the arm fold shirts.", "Reinforcement learning lets the arm fold shirts."),
        ("PDMS shirts fold well.", "Shirts of polydimethylsiloxane fold well."),
        ("蒸汽由FM控制。", "FMs control the steam."),
        ("Haemoglobin stains leave the shirts.", "Stains of Hb leave the shirts."),
        ("The sock-to-FoldBot ratio is the same as for hats.", "The ratio of socks to FoldBot is the same as for hats."),
        ("The arm learns by CNNs from KnitBench shirts.", "Convolutions let the arm learn from KnitBench shirts."),
        ("The arm folds by Temporal Matching.", "The arm matches temporally as it folds."),
        # what is common to all papers names no rival
        ("It folds faster than the earlier state of the art.", "It folds faster than previous state-of-the-arts."),
        ("It brings no gain over SpeedFold.", "It does not show an improvement over SpeedFold."),
        # another word in a sentence that is another one as a whole
        ("It removes stray creases.", "It erases spurious creases."),
    ],
)  # fmt: skip
def test_another_name_for_the_same_is_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("PVC shirts fold well.", "Shirts of polydimethylsiloxane fold well."),
        ("The arm learns by CNNs from shirts.", "RNNs let the arm learn from shirts."),
        ("It folds faster than ClothFlow.", "It folds faster than SpeedFold."),
        ("It brings a gain over SpeedFold.", "It does not show an improvement over SpeedFold."),
        ("It removes some of the stray creases.", "It removes some of the wavy creases."),
        ("蒸汽由RF控制。", "FMs control the steam."),
    ],
)
def test_another_name_is_not_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # another sentence of the quote says what the claim says
        (
            "FoldNet folds soft shirts with two arms.",
            "Earlier arms do not fold. We present FoldNet, which folds soft shirts with two arms.",
        ),
        # words that a denial is part of, or that stand before a noun
        ("FoldNet在不利的照明条件下折叠。", "FoldNet folds under adverse light conditions."),
        ("FoldNet折叠未见物体。", "FoldNet folds unseen objects."),
        ("FoldNet折叠无处不在的衬衫。", "FoldNet folds shirts, which are ubiquitous."),
        ("结果不一定连贯。", "The result is not necessarily coherent."),
        ("FoldNet难以准确折叠，无法恢复颜色。", "FoldNet faces challenges in recovering color."),
        # what happens without a thing
        ("Without the memory the accuracy drops.", "The memory raises the accuracy."),
        # both of two opposites; parts of compounds
        ("真实和合成的衬衫都被折叠。", "Both real-life and synthetic shirts are folded."),
        ("文本与布局不匹配。", "There are mismatches between text and layout."),
        ("Training shrinks the arm by 3 %.", "In-training factorization shrinks the arm by 3 %."),
        # the other order of two clauses
        ("Socks rip, whereas shirts fold well.", "Shirts fold well whereas socks rip."),
        ("While the heat falls, the steam rises.", "The steam rises while the heat falls."),
        ("蒸汽上升，而热量下降。", "The heat falls, whereas the steam rises."),
        ("FoldNet nearly reaches its teacher.", "FoldNet is not quite as good as its teacher."),
        ("Shirts dry minutes after the alert.", "Shirts dry within minutes of the alert."),
    ],
)  # fmt: skip
def test_denials_and_clauses_of_another_wording_are_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "FoldNet folds soft shirts.",
            "We present FoldNet. FoldNet does not fold soft shirts with two arms.",
        ),
        ("FoldNet折叠可见的物体，不折叠衬衫。", "FoldNet folds objects and shirts."),
        ("Without the memory the accuracy rises.", "The memory raises the accuracy."),
        ("Shirts will have a clear crease.", "Shirts are not likely to have a clear crease."),
        ("Shirts are already recommended for arms.", "Shirts are not currently recommended for arms."),
        ("合成的衬衫都被折叠。", "The real shirts are folded."),
        ("Shirts rip, whereas socks fold well.", "Shirts fold well whereas socks rip."),
        ("Accuracy increased and latency decreased.", "Accuracy decreased and latency increased."),
        ("热量上升，而蒸汽下降。", "The heat falls, whereas the steam rises."),
        (
            "VeloFold covers only socks, whereas ClothFlow covers shirts as well.",
            "VeloFold covers shirts and socks whereas ClothFlow presently covers the socks.",
        ),
        ("FoldNet is on par with its teacher.", "FoldNet is not as good as its teacher."),
        ("FoldNet is on par with SpeedFold.", "FoldNet falls short of SpeedFold."),
    ],
)
def test_denials_and_clauses_that_changed_are_not_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Shirts dry within seconds of the alert.", "Shirts dry within minutes of the alert."),
        ("衬衫在数秒内变干。", "Shirts dry within minutes of the alert."),
    ],
)
def test_another_unit_without_a_number_does_not_fit(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.FAR_NUMBERS


def test_what_stands_around_a_quote_is_read_only_where_a_rule_needs_it() -> None:
    asked = []

    def near() -> str:
        asked.append(True)
        return f"{TIMES} It has 60 million parameters."

    assert disagreement("FoldNet raises accuracy by up to 38.4%.", Passage(TIMES, near)) is None
    assert not asked
    wider = "FoldNet raises accuracy by up to 38.4% with 60 million parameters."
    assert disagreement(wider, Passage(TIMES, near)) is None
    assert asked


def test_endless_comparisons_take_no_more_time_than_long_ones() -> None:
    def calls(words: int) -> int:
        text = "than " * words
        profile = cProfile.Profile()
        profile.runcall(disagreement, text, Passage(text, text))
        return sum(entry.callcount for entry in profile.getstats())

    assert calls(1600) < 2 * calls(400)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Shirts stay ordered up to 40 K.", "Shirts become disordered above 40 K."),
        ("There was no increase in heat.", "Heat did not rise in any shirt."),
        ("FoldNet forms no crease but a cusp.", "FoldNet forms a cusp (rather than a crease)."),
        ("We fold with steam, not with heat.", "We fold with steam instead of heat."),
        ("Inpatients wore shirts.", "Both inpatients and outpatients wore shirts."),
        ("Folding does not need all shirts.", "Folding does not always need all of the shirts."),
        ("折叠不需要所有衬衫。", "Folding does not require all the shirts."),
        ("The bigger the shirt, the better the fold, most of all for silk.", "The fold is better for bigger shirts."),
        ("We prove that shirts fold in linear time.", "We show that shirts fold in linear time."),
        ("Each of the shirts has one fold.", "There is one fold per shirt."),
        ("Cold dark matter weighs the shirts down.", "CDM weighs them down."),
        ("SpeedFold does socks, whereas VeloFold does shirts.", "VeloFold does shirts whereas SpeedFold does socks."),
    ],
)  # fmt: skip
def test_limits_reasons_and_general_words_of_another_wording_are_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Shirts stay ordered above 40 K.", "Shirts become disordered above 40 K."),
        ("There was no increase in heat.", "Heat rose in every shirt."),
        ("Heat rose in every shirt.", "There was no increase in heat in every shirt."),
        ("FoldNet forms a crease.", "FoldNet forms a cusp (rather than a crease)."),
        ("We fold with heat.", "We fold with steam instead of heat."),
        ("In all, 40 inpatients wore shirts.", "In all, 40 outpatients wore shirts."),
        ("Shirts are never cold.", "Shirts are not always cold."),
        ("We prove that shirts fold in linear time.", "Our experience suggests that shirts fold in linear time."),
        ("SpeedFold folds shirts as well as ClothFlow.", "FoldNet folds shirts as well as ClothFlow."),
    ],
)  # fmt: skip
def test_limits_reasons_and_general_words_that_changed_are_not_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote, "SpeedFold also folds shirts.") in {
        ReasonCode.CONTRADICTED,
        ReasonCode.OVERSTATED,
    }


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        # names that share two letters with something; numbers of two things in one order
        ("FoldNet trains on Selectome shirts, from EC mills.", "FoldNet trains on Selectome shirts of EC mills."),
        ("Of seven shirts, four are Malawian and three Danish.", "There are seven shirts (four Malawian and three Danish)."),
        # across languages: a verb that the dictionary does not relate
        ("FoldNet无法推广到袜子。", "FoldNet does not extend to socks."),
        ("FoldNet用于袜子并不实用。", "FoldNet is impractical for socks."),
        # "if any", "nearly always", things with a number in their names
        ("There can be only one fold, if any.", "There is at most one fold."),
        ("Shirts are nearly always cold.", "Shirts are cold in almost all cases."),
        ("Some shirts are entirely new.", "Several new shirts are obtained."),
        ("It folds with hardly any loss of silk.", "It folds with negligible loss of silk."),
        ("FoldNet always keeps creases small.", "FoldNet maintains small creases."),
        # times, bounds, orders and limits in other words
        ("A fold takes a tenth of a second.", "A fold runs in 100 ms, with higher accuracy."),
        ("With few folds, speed exceeds 1200 FPS.", "It is most noticeable when fewer folds are used, at over 1200 FPS."),
        ("织物寿命比上限高出一个数量级。", "The lifetimes of fabric are one order larger than the limit."),
        ("No more than three folds can exist.", "There never are more than 2n-1 folds (at most three folds)."),
        ("It is fast, because no seams need to be analysed.", "It is fast since analysis of all silk seams is avoided."),
        ("热量与蒸汽的要求无法同时满足。", "The simultaneous fulfillment of the heat and steam requirements turn to be impossible."),
        ("第一件衬衫可能与其他衬衫大不相同。", "The first shirt can be substantially different from shirts of the same silk."),
        ("该方法首次折叠，与原始ClothFlow相比体积缩小75倍以上。", "It is the pioneer to fold, with a size reduction of over $75\\times$ compared to vanilla ClothFlow, while improving fidelity."),
        ("At 300 K the shirt withstands strains of 23 % when stretched and 6 % when compressed.", "The (10,10) shirt can sustain its shape for the strain values of 0.23 in elongation and 0.06 in compression at 300K."),
        ("The result holds for all folds of five and above.", "The result extends to folds $p \\geq 5$."),
        ("Shirts cool after the last fold.", "Only after the last fold do shirts cool."),
        ("Shirts cool before they are worn.", "Shirts are worn after the cooling."),
        ("The authors plan to fold shirts in a shop.", "Furthermore, we plan to fold shirts in a shop."),
        ("A 6-plane extends it to SU(N) x SO(N) shirts.", "By a 6-plane with folds, we treat the case for N=1 SU(N) x SO(N) shirts."),
    ],
)  # fmt: skip
def test_near_misses_are_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("FoldNet trains on Ensembl Compara shirts.", "FoldNet trains on Selectome shirts for the decade."),
        ("Of the seven shirts, four are Malawian and three Danish.", "There are seven shirts (four Danish and three Malawian)."),
        ("FoldNet同样适用于袜子。", "FoldNet does not extend to socks."),
        ("FoldNet未能重现Selectome的折叠。", "FoldNet was able to replicate the folds of Selectome."),
        ("All shirts are entirely cold.", "Some shirts are cold."),
        ("Shirts and socks can be folded together.", "Folding shirts and socks together turns out to be impossible."),
        ("Linear heat is the origin of folds.", "It is argued that spin induced circular heat is the origin of folds."),
        ("Shirts cool before the first fold.", "Only after the last fold do shirts cool."),
        ("Folds of socks have been widely explored.", "The folds of socks have been unexplored."),
        ("折叠几乎不受蒸汽影响。", "A significant challenge is that folding is highly susceptible to steam."),
        ("Shirts in a shop confirm the fold.", "Furthermore, we plan to fold shirts in a shop."),
        ("FoldNet alters the seams of silk shirts.", "FoldNet folds without modifying any seams of silk shirts."),
        (
            "The heat falls while the steam grows.",
            "In the range from 300 to 900 K; steam is falling with time while the heat is growing.",
        ),
    ],
)  # fmt: skip
def test_near_hits_are_not_carried(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) in {ReasonCode.CONTRADICTED, ReasonCode.OVERSTATED}


LISTED = "Speed improves by 32.1%, 46.4%, and 16.3% compared to VeloFold, SpeedFold, and ClothFlow."
SHARED = "Length, width of folds, weight and heat are given as 0.10, 0.395 m, 83.23 g, 0.285, respectively, at noon."


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Speed improves by 46.4% over SpeedFold.", LISTED),
        ("Speed improves by up to 46.4%.", LISTED),
        ("The weight is 83.23 g.", SHARED),
        ("相比ClothFlow速度提高16.3%。", LISTED),
    ],
)
def test_an_item_of_a_list_has_its_own_number(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is None


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Speed improves by 46.4% over VeloFold.", LISTED),
        ("The width is 83.23 g.", SHARED),
        ("相比VeloFold速度提高16.3%。", LISTED),
    ],
)
def test_an_item_of_a_list_has_no_number_of_another_one(claim: str, quote: str) -> None:
    assert reason_of(claim, quote) is ReasonCode.CONTRADICTED
