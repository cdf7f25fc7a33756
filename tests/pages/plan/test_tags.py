"""Tags of pages."""

from collections import Counter
from dataclasses import replace

from mkdocs_paperdigest.models import Entry
from mkdocs_paperdigest.pages.plan.tags import count_keywords, tags
from tests.pages import papers


def entry(number: int, *keywords: str, **changes: object) -> Entry:
    paper = replace(papers.DAWN, id=f"2410.{number:05}", **changes)
    return Entry(paper, None, papers.full_summary(keywords=keywords))


def test_the_topic_and_primary_categories_come_first() -> None:
    entries = [entry(1, categories=("cs.SD", "cs.CV")), entry(2, categories=("cs.CV",))]
    assert tags("Heads", entries, Counter()) == ("Heads", "cs.CV", "cs.SD")


def test_a_keyword_becomes_a_tag_once_three_papers_share_it() -> None:
    site = [entry(1, "Diffusion", "Lips"), entry(2, "diffusion", "lips"), entry(3, "diffusion")]
    assert tags("Heads", site[:1], count_keywords(site)) == ("Heads", "cs.CV", "Diffusion")


def test_a_paper_under_three_topics_counts_once() -> None:
    assert count_keywords([entry(1, "lips")] * 3) == {"lips": 1}


def test_keywords_never_flood_a_page_nor_repeat_its_topic() -> None:
    words = [f"word {number}" for number in range(30)]
    site = [entry(number, "heads", *words) for number in range(3)]
    found = tags("Heads", site, count_keywords(site))
    assert found == ("Heads", "cs.CV", *sorted(words)[:8])


def test_withdrawn_papers_have_no_keywords() -> None:
    comment = "This paper has been withdrawn"
    site = [entry(number, "lips", comment=comment) for number in range(3)]
    assert count_keywords(site) == {}
