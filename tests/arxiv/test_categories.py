"""arXiv's categories: all of them are accepted, and nothing else is."""

import json
from importlib import resources

import pytest

from mkdocs_paperdigest.arxiv.categories import category_name, check_category, searched_categories

TABLE = json.loads((resources.files("mkdocs_paperdigest.arxiv") / "categories.json").read_text("utf-8"))
CATEGORIES = [
    f"{archive}.{subject}" if subject else archive
    for archive, subjects in TABLE["names"].items()
    for subject in subjects
]


def test_every_category_is_accepted_and_has_a_name() -> None:
    assert len(CATEGORIES) == 158
    for code in CATEGORIES:
        assert check_category(code) is None, code
        assert category_name(code) != code


@pytest.mark.parametrize(
    "code",
    ["physics.optics", "cond-mat.soft", "cond-mat.other", "cs.*", "cond-mat.*", "q-bio", "cond-mat.mes-hall"],
)
def test_categories_of_all_forms_are_accepted(code: str) -> None:
    assert check_category(code) is None


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        ("cs", "write cs.* for all of it"),
        ("Physics", "write physics.* for all of it"),
        ("hep-th.*", "arXiv does not divide hep-th; leave out .*"),
        ("cs.cv", "arXiv has no category cs.cv; write cs.CV"),
        ("Cond-Mat.Soft", "write cond-mat.soft"),
        ("HEP-TH", "arXiv writes hep-th, not HEP-TH"),
        ("CMP-LG", "write cmp-lg"),
        ("cs.XX", "see https://arxiv.org/category_taxonomy"),
        ("physics.optic", "see https://arxiv.org/category_taxonomy"),
        ("optics", "see https://arxiv.org/category_taxonomy"),
        ("computer vision", "write one such as cs.CV"),
        ("cs.CV OR cs.SD", "write one such as cs.CV"),
        ("*", "write one such as cs.CV"),
        ("", "write one such as cs.CV"),
    ],
)
def test_other_text_is_not_a_category_and_the_cure_is_named(code: str, cure: str) -> None:
    assert cure in (check_category(code) or "")


@pytest.mark.parametrize(
    ("code", "today", "name"),
    [
        ("cmp-lg", "cs.CL", "Computation and Language"),
        ("alg-geom", "math.AG", "Algebraic Geometry"),
        ("adap-org", "nlin.AO", "Adaptation and Self-Organizing Systems"),
        ("chao-dyn", "nlin.CD", "Chaotic Dynamics"),
        ("bayes-an", "physics.data-an", "Data Analysis, Statistics and Probability"),
    ],
)
def test_a_former_name_stands_for_its_old_papers_and_for_the_new_name(
    code: str, today: str, name: str
) -> None:
    assert check_category(code) is None
    assert searched_categories(code) == (code, today)
    assert category_name(code) == name


def test_every_former_name_leads_to_a_category_of_today() -> None:
    assert len(TABLE["former"]) == 18
    assert set(TABLE["former"].values()) <= set(CATEGORIES)


@pytest.mark.parametrize("code", ["astro-ph", "cond-mat", "q-bio"])
def test_an_archive_that_was_divided_stands_for_its_parts(code: str) -> None:
    assert searched_categories(code) == (code, f"{code}.*")


@pytest.mark.parametrize("code", ["cs.CV", "cs.*", "hep-th", "physics.optics"])
def test_any_other_category_stands_for_itself(code: str) -> None:
    assert searched_categories(code) == (code,)
