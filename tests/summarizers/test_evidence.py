import pytest

from mkdocs_paperdigest.models import Claim, FullText
from mkdocs_paperdigest.summarizers.evidence import Searchable, verify

PAGES = (
    "FoldNet: Origami priors\nCloth folding is diﬃcult because fabric deforms freely and its state is\nhard to esti-\nmate from images.",
    "We evaluate on 1,250 garments. The planner succeeds in 93.5% of all trials, compared with 75.0% for the best\nbaseline.",
)
PAPER = Searchable(
    FullText(pages=PAGES), "An abstract that stands on no page of the document at all."
)


@pytest.mark.parametrize(
    ("quote", "page"),
    [
        ("fabric deforms freely and its state is hard to estimate from images", 1),
        ("Cloth folding is difficult because fabric deforms freely", 1),
        ("The planner succeeds in 93.5% of all trials", 2),
        ("An abstract that stands on no page", None),
    ],
)
def test_a_quote_is_found_with_its_page(quote: str, page: int | None) -> None:
    claim = verify(Claim("Folding is hard.", quote), PAPER)
    assert (claim.verified, claim.page) == (True, page)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "of all trials",
        "The planner succeeds in 94.5% of all trials",
        "Knitting is much harder than it looks",
    ],
)
def test_a_quote_that_does_not_stand_there_is_not_verified(quote: str) -> None:
    assert not verify(Claim("Folding is hard.", quote), PAPER).verified


def test_a_number_that_the_paper_lacks_is_not_verified() -> None:
    quote = "The planner succeeds in 93.5% of all trials"
    assert verify(Claim("成功率为 93.5%，共 1250 件衣物。", quote), PAPER).verified
    assert not verify(Claim("成功率为 99.5%。", quote), PAPER).verified
