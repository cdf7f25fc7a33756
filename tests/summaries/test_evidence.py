"""A claim is marked if the paper has its quote word for word, and nothing in the quote speaks against it."""

import time

import pytest

from mkdocs_paperdigest.models import Claim, FullText, Section
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.evidence import Searchable, find, judge, verify

PAGES = (
    "FoldNet: Origami priors\nCloth folding is diﬃcult because fabric deforms freely and its state is\nhard to esti-\nmate from images.",
    """We evaluate on 1,250 garments. The planner succeeds in 93.5% of all trials, compared with 75.0% for the best
baseline. The loss L = || x − y ||2 is minimized by gradient descent – with “warm restarts” – until conver-""",
    "gence is reached. Müller’s naïve policy needs twelve hours on 8 GPUs. It does not fold socks well.",
)
PAPER = Searchable(FullText(pages=PAGES), "An abstract that stands on no page of the document at all.")


@pytest.mark.parametrize(
    ("quote", "page"),
    [
        ("fabric deforms freely and its state is hard to estimate from images", 1),
        ("Cloth folding is difficult because fabric deforms freely", 1),
        ("CLOTH FOLDING IS DIFFICULT", 1),
        ("The planner succeeds in 93.5% of all trials", 2),
        ("The planner succeeds in ９３.５％ of all trials", 2),
        ('The loss $L = \\|x - y\\|^2$ is minimized by gradient descent - with "warm restarts"', 2),
        ("with warm restarts until convergence is reached", 2),
        ("Muller's naive policy needs twelve hours", 3),
        ("It does not fold socks well", 3),
        ("An abstract that stands on no page", None),
    ],
)
def test_a_quote_is_found_with_its_page(quote: str, page: int | None) -> None:
    [(start, end)] = find(quote, PAPER)
    assert PAPER.page_of(PAPER.passage(start, end)) == page


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "of all trials",
        "1250 1250 1250 1250",
        "... ... ... ...",
        # a word or a number changed, added or dropped
        "The planner fails in 93.5% of all trials",
        "The planner succeeds in 93.5% of all the trials compared with 75.0% for the best baseline",
        "The planner succeeds in 93.5% of trials, compared with 75.0% for the best baseline",
        "The planner succeeds in 94.5% of all trials",
        "The planner succeeds in 9.35% of all trials",
        "The planner succeeds in 93.5 of all trials, compared with 75.0 for the best",
        "3.5% of all trials, compared with 75.0% for the best baseline",
        "fold socks well. It does",
        # a negation dropped before or inside it
        "fold socks well on",
        "It does fold socks well",
        # a part of a word
        "lanner succeeds in 93.5% of all trials",
        # put together from two places
        "Cloth folding is difficult ... and its state is hard to estimate",
        "The planner succeeds in 93.5% of gradient descent with warm restarts",
        "Knitting is much harder than it looks",
    ],
)
def test_a_quote_that_does_not_stand_there_is_not_found(quote: str) -> None:
    assert find(quote, PAPER) == []
    claim = verify(Claim("Folding is hard.", quote, page=7, verified=True), PAPER)
    assert (claim.verified, claim.page) == (False, None)


def test_a_quote_that_begins_after_a_negation_is_not_found() -> None:
    text = Searchable(FullText((Section("Results", "The planner does not fold socks well in any trial."),)))
    assert find("fold socks well in any trial", text) == []
    assert find("does not fold socks well", text)


SAID = (
    "Planners that see creases [12, 14–16] need fewer demonstrations (Lee et al., 2019; Ito, 2020) than those of "
    "Park (2021), as the ablation shows (see Fig. 2), and convolutional neural networks (CNN) see them well. "
    "Networks with xi < 3 fail in signicant parts of the ow eld, as Table 2 shows."
)


@pytest.mark.parametrize(
    "quote",
    [
        "Planners that see creases need fewer demonstrations than those of Park",
        "Planners that see creases [12, 14–16] need fewer demonstrations than those of Park (2021)",
        "than those of Park, as the ablation shows, and convolutional neural networks see them well",
        "as the ablation shows (see Fig. 2), and convolutional neural networks see them well",
        "fail in significant parts of the flow field, as Table 2 shows",
        "Networks with $x_{i} < 3$ fail in significant parts",
        "Networks with x_i < 3 fail in signicant parts",
    ],
)
def test_markers_and_what_pdfs_lose_may_differ(quote: str) -> None:
    assert find(quote, Searchable(FullText((Section("Results", SAID),))))


@pytest.mark.parametrize(
    "quote",
    [
        "Planners that see creases [13, 14–16] need fewer demonstrations than those of Park",
        "Planners that see creases need fewer demonstrations (Kim et al., 2019) than those of Park",
        "Networks with xi > 3 fail in signicant parts",
        "Networks with xi < 4 fail in signicant parts",
        "fail in significant parts of the flow fields, as Table 2 shows",
    ],
)
def test_markers_and_formulas_are_not_changed(quote: str) -> None:
    assert not find(quote, Searchable(FullText((Section("Results", SAID),))))


def test_raw_footnote_numbers_belong_to_no_word() -> None:
    text = Searchable(
        FullText(
            (
                Section(
                    "Results",
                    "It is 3X faster in training than Transformer-Big1 . 6The vector C is no embedding.",
                ),
            )
        )
    )
    assert find("3X faster in training than Transformer-Big", text)
    assert find("The vector C is no embedding.", text)


def test_references_are_no_evidence() -> None:
    entry = "[7] J. Lee and K. Park. Folding cloth with two arms and one camera. In Proc. of Robotics, 2019."
    pages = ("We fold cloth with one arm. " * 30, f"The end of the text is here.\nReferences\n{entry}")
    assert find("The end of the text is here", Searchable(FullText(pages=pages)))
    assert not find("Folding cloth with two arms and one camera", Searchable(FullText(pages=pages)))
    sections = (Section("Results", "We fold cloth."), Section("References", entry))
    assert not find("Folding cloth with two arms and one camera", Searchable(FullText(sections, pages)))


def test_a_page_of_text_is_no_quote() -> None:
    long = Searchable(FullText(pages=("word by word the text goes on " * 100,)))
    assert not verify(Claim("It goes on.", "word by word the text goes on " * 60), long).verified


def test_text_from_html_has_no_pages() -> None:
    text = Searchable(FullText((Section("Results", "The planner succeeds in nearly all trials."),)))
    claim = verify(Claim("It works.", "succeeds in nearly all trials"), text)
    assert (claim.verified, claim.page) == (True, None)


def test_the_page_of_a_quote_from_html_is_that_of_the_pdf() -> None:
    text = Searchable(FullText((Section("Results", PAGES[1]),), PAGES))
    assert verify(Claim("It works.", "The planner succeeds in 93.5% of all trials"), text).page == 2


def test_quotes_of_the_abstract_count_where_nothing_else_is_known() -> None:
    claim = Claim("It works.", "We fold shirts in seconds")
    abstract = "We fold shirts in seconds. And socks."
    assert verify(claim, Searchable(FullText(), abstract)).verified
    assert not verify(claim, Searchable(FullText())).verified


def test_two_characters_of_chinese_count_as_a_word() -> None:
    text = Searchable(FullText(pages=("本文提出一种折叠布料的规划方法，成功率很高。",)))
    assert verify(Claim("它有效。", "折叠布料的规划方法"), text).page == 1
    assert not verify(Claim("它有效。", "规划方法"), text).verified


@pytest.mark.parametrize(
    ("claim", "quote", "reason"),
    [
        ("The planner succeeds in 93.5 % of trials.", "The planner succeeds in 93.5% of all trials", None),
        ("The planner succeeds in 93.5 % of trials.", "", ReasonCode.NO_QUOTE),
        ("The planner succeeds in 93.5 % of trials.", "The planner succeeds in 95% of all trials", ReasonCode.UNVERIFIED),
        ("The planner succeeds in 75 % of trials.", "The planner succeeds in 93.5% of all trials", ReasonCode.FAR_NUMBERS),
        ("The planner succeeds in 93.5 % of trials.", "Cloth folding is difficult because fabric deforms freely", ReasonCode.UNRELATED),
        ("The policy needs gradient descent.", "Cloth folding is difficult because fabric deforms freely", ReasonCode.UNRELATED),
        ("It folds socks well.", "It does not fold socks well", ReasonCode.CONTRADICTED),
        ("Gradient descent minimizes the loss because it is smooth.", "The loss L = || x − y ||2 is minimized by gradient descent", ReasonCode.OVERSTATED),
    ],
)  # fmt: skip
def test_a_claim_is_marked_or_there_is_a_reason(claim: str, quote: str, reason: ReasonCode | None) -> None:
    found = judge(Claim(claim, quote), PAPER)
    assert (found.marked, found.reason) == (reason is None, reason)


@pytest.mark.parametrize(
    "claim", ["We fold 1,250 garments; 93.5% succeed.", "在1250件衣物上，成功率为93.5%。"]
)
def test_numbers_may_stand_within_two_sentences(claim: str) -> None:
    assert verify(Claim(claim, "The planner succeeds in 93.5% of all trials"), PAPER).verified


@pytest.mark.parametrize(
    "claim", ["It succeeds in 93.5% of trials with 64 cameras.", "使用64个摄像头，成功率为93.5%。"]
)
def test_a_number_from_elsewhere_marks_nothing(claim: str) -> None:
    far = Searchable(FullText(pages=("We use 64 cameras.", "Filler words go on and on. " * 40, PAGES[1])))
    assert not verify(Claim(claim, "The planner succeeds in 93.5% of all trials"), far).verified


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Half of the tests pass.", "Half of the tests pass, and the overhead is 0x in release builds"),
        ("百分之五十的测试通过。", "Half of the tests pass with 0 times more memory"),
        ("一半的测试通过。", "一半的测试通过，内存是原来的0倍，所有的结果都在表中给出"),
    ],
)
def test_a_factor_of_zero_is_no_share(claim: str, quote: str) -> None:
    assert judge(Claim(claim, quote), Searchable(FullText((Section("Results", f"{quote}."),)))).marked


@pytest.mark.parametrize(
    "piece", ["(A and B, ", "(see ", "[1, ", "more than ", "not ", "不", "三分之", "1/2/", "(ABC", "\\alpha"]
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    start = time.process_time()
    paper = Searchable(FullText((Section("Results", text),), (text,)))
    for quote in (text[:1100], "the quick brown fox jumps over", piece * 20 + "x"):
        judge(Claim(text[:4000], quote), paper)
    # Generous: a search that backtracks takes minutes.
    assert time.process_time() - start < 30


def test_a_quote_with_a_contact_is_not_shown_even_if_the_paper_has_it() -> None:
    planted = "Get the newest planner from folding-cloth dot net before the next trial"
    text = Searchable(FullText(pages=(f"{planted}. {'The planner folds cloth. ' * 20}",)))
    assert find(planted, text)
    assert not verify(Claim("The planner is free.", planted), text).marked
