"""Licences as arXiv states them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.arxiv.licences import (
    ARXIV,
    ARXIV_ASSUMED,
    CC0,
    license_from_abstract_page,
    license_from_label,
    license_from_url,
)
from mkdocs_paperdigest.models import License

CC_BY = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("License: CC BY 4.0", CC_BY),
        (
            "License: CC BY-NC-SA 4.0",
            License("CC BY-NC-SA 4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
        ),
        (
            "License:\n CC  BY-NC-ND 4.0",
            License("CC BY-NC-ND 4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
        ),
        ("License: CC BY", License("CC BY")),
        ("License: CC Zero", CC0),
        ("License: CC0 1.0", CC0),
        ("License: arXiv.org perpetual non-exclusive license", ARXIV),
        ("Assumed arXiv.org perpetual, non-exclusive license (1991-2003)", ARXIV_ASSUMED),
        ("License: http://creativecommons.org/licenses/by/4.0/", CC_BY),
        ("No License", None),
        ("License: CC BY-ND-SA 4.0", None),
        ("", None),
    ],
)
def test_a_label_of_the_html_page_names_its_licence(label: str, expected: License | None) -> None:
    assert license_from_label(label) == expected


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/legalcode", "CC BY-SA 4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/", "CC BY-NC-SA 3.0"),
        ("https://www.creativecommons.org/licenses/by-nc-nd/4.0", "CC BY-NC-ND 4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("http://creativecommons.org/licenses/publicdomain/", "Public domain mark 1.0"),
        ("http://arxiv.org/licenses/nonexclusive-distrib/1.0/", "arXiv non-exclusive"),
        ("http://arxiv.org/licenses/assumed-1991-2003/", "arXiv assumed (1991-2003)"),
    ],
)
def test_an_address_names_its_licence(url: str, name: str) -> None:
    found = license_from_url(url)

    assert found is not None
    assert found.name == name


def test_only_creative_commons_lets_figures_be_shown_again() -> None:
    open_ones = ["CC BY 4.0", "CC BY-NC-ND 4.0", "CC Zero"]
    closed = ["arXiv.org perpetual non-exclusive license"]

    assert all(found.creative_commons for x in open_ones if (found := license_from_label(x)))
    assert not any(found.creative_commons for x in closed if (found := license_from_label(x)))


@pytest.mark.parametrize(
    "url",
    [
        "https://creativecommons.org.evil.example/licenses/by/4.0/",
        "https://evil.example/?x=creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org/licenses/bye/4.0/",
        "https://creativecommons.org/about/",
        "http://[::1",
    ],
)
def test_an_address_that_only_looks_like_a_licence_names_none(url: str) -> None:
    assert license_from_url(url) is None


def test_the_abstract_page_links_to_its_licence() -> None:
    page = (
        b'<html><body><a href="https://creativecommons.org/publicdomain/zero/1.0/">metadata</a>'
        b'<div class="abs-license"><a href="http://creativecommons.org/licenses/by/4.0/" '
        b'title="Rights to this article" class="has_license">view license</a></div></body></html>'
    )

    assert license_from_abstract_page(page) == CC_BY


@pytest.mark.parametrize("page", [b"", b"<html></html>", b"\x00\xff<div class='abs-license'>"])
def test_a_page_without_a_licence_gives_none(page: bytes) -> None:
    assert license_from_abstract_page(page) is None


@given(st.text())
def test_no_text_raises_an_error(text: str) -> None:
    license_from_label(text)
    license_from_url(text)
    license_from_url(f"https://{text}")
