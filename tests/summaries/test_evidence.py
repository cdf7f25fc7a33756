"""A claim is verified if the paper contains its words and numbers, in spite of the losses of PDF text."""

import pytest

from mkdocs_paperdigest.models import Claim, FullText, Section
from mkdocs_paperdigest.summaries.evidence import Searchable, verify

PAGES = (
    "FoldNet: Origami priors\nCloth folding is diﬃcult because fabric deforms freely and its state is\nhard to esti-\nmate from images.",
    """We evaluate on 1,250 garments. The planner succeeds in 93.5% of all trials, compared with 75.0% for the best
baseline. The loss L = || x − y ||2 is minimized by gradient descent – with “warm restarts” – until conver-""",
    "gence is reached. Müller’s naïve policy needs twelve hours on 8 GPUs.",
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
        ("The planner succeeds in 93.5% of all the trials compared with 75.0% for the best baseline", 2),
        ("with warm restarts until convergence is reached", 2),
        ("Mueller's naive policy", None),
        ("Muller's naive policy needs twelve hours", 3),
        ("Cloth folding is difficult ... and its state is hard to estimate", 1),
        ("We evaluate on 1,250 garments […] until convergence is reached", 2),
        ("An abstract that stands on no page", None),
    ],
)
def test_a_quote_is_found_with_its_page(quote: str, page: int | None) -> None:
    claim = verify(Claim("Folding is hard.", quote), PAPER)
    assert claim.page == page
    assert claim.verified or quote.startswith("Mueller")


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "of all trials",
        "1250 1250 1250 1250",
        "The planner succeeds in 94.5% of all trials",
        "The planner succeeds in 3.5% of all trials, compared with 75.0% for the best baseline",
        "3.5% of all trials, compared with 75.0% for the best baseline",
        "The planner succeeds in 9.35% of all trials",
        "The planner fails in most of the trials and never recovers from it",
        "and its state is hard to estimate ... Cloth folding is difficult",
        "Knitting is much harder than it looks",
        "... ... ... ...",
    ],
)
def test_a_quote_that_does_not_stand_there_is_not_verified(quote: str) -> None:
    claim = verify(Claim("Folding is hard.", quote, page=7, verified=True), PAPER)
    assert (claim.verified, claim.page) == (False, None)


def test_a_page_of_text_is_no_quote() -> None:
    long = Searchable(FullText(pages=("word by word the text goes on " * 100,)))
    assert not verify(Claim("It goes on.", "word by word the text goes on " * 60), long).verified


@pytest.mark.parametrize(
    "text", ["成功率为 93.5%，共 1250 件衣物。", "It needs 12 hours.", "It needs 8 GPUs.", "No number."]
)
def test_numbers_may_stand_anywhere_in_the_paper(text: str) -> None:
    assert verify(Claim(text, "The planner succeeds in 93.5% of all trials"), PAPER).verified


@pytest.mark.parametrize("text", ["成功率为 99.5%。", "It needs 13 hours.", "共 1,251 件衣物。"])
def test_a_number_that_the_paper_lacks_is_not_verified(text: str) -> None:
    assert not verify(Claim(text, "The planner succeeds in 93.5% of all trials"), PAPER).verified


def test_text_from_html_has_no_pages() -> None:
    text = Searchable(FullText((Section("Results", "The planner succeeds in nearly all trials."),)))
    claim = verify(Claim("It works.", "succeeds in nearly all trials"), text)
    assert (claim.verified, claim.page) == (True, None)


def test_a_quote_is_looked_up_in_the_pages_first() -> None:
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
