"""arXiv's identifiers and categories as people write them."""

import pytest

from mkdocs_paperdigest.arxiv.identifiers import ArxivId, parse_id


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("2410.13786", ArxivId("2410.13786")),
        (" 2410.13786v12 ", ArxivId("2410.13786", 12)),
        ("1412.0001", ArxivId("1412.0001")),
        ("0704.0001v2", ArxivId("0704.0001", 2)),
        ("hep-th/9901001", ArxivId("hep-th/9901001")),
        ("hep-th/9901001v3", ArxivId("hep-th/9901001", 3)),
        ("math.GT/0309136", ArxivId("math/0309136")),
        ("cond-mat.mes-hall/0309136v1", ArxivId("cond-mat/0309136", 1)),
        ("arXiv:2410.13786", ArxivId("2410.13786")),
        ("ARXIV: hep-th/9901001", ArxivId("hep-th/9901001")),
        ("https://arxiv.org/abs/2410.13786v1", ArxivId("2410.13786", 1)),
        ("http://export.arxiv.org/pdf/2410.13786v1.pdf", ArxivId("2410.13786", 1)),
        ("www.arxiv.org/html/2410.13786/", ArxivId("2410.13786")),
        ("https://arxiv.org/abs/hep-th/9901001", ArxivId("hep-th/9901001")),
        ("https://doi.org/10.48550/arXiv.2410.13786", ArxivId("2410.13786")),
    ],
)
def test_an_identifier_is_understood_in_every_form(written: str, identifier: ArxivId) -> None:
    assert parse_id(written) == identifier
    assert parse_id(str(identifier)) == identifier


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2410",
        "2413.13786",
        "2400.13786",
        "2410.13786v0",
        "2410.13786v",
        "2410.137861",
        "hep-th/99010012",
        "hep-th/9913001",
        "talking head",
        "https://evil.example/abs/2410.13786",
        "2410.13786,2410.13787",
        "２４１０.13786",
        "../../etc/passwd",
    ],
)
def test_other_text_is_not_an_identifier(written: str) -> None:
    with pytest.raises(ValueError, match="is not an arXiv id; write"):
        parse_id(written)


@pytest.mark.parametrize("written", ["2410.1372", "1412.00010", "1501.0001"])
def test_a_lost_zero_is_noticed(written: str) -> None:
    with pytest.raises(ValueError, match="write ids in quotes, because YAML drops zeros"):
        parse_id(written)
