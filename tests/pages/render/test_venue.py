"""A venue is one that accepted the paper, not one that it was submitted to."""

import pytest

from mkdocs_paperdigest.pages.render.venue import venue_of


@pytest.mark.parametrize(
    ("comment", "venue"),
    [
        ("Accepted by ICLR 2025, 14 pages", "ICLR 2025"),
        ("ACCV 2024", "ACCV 2024"),
        ("10 pages. Accepted to ECCV'24. Code: https://a.b", "ECCV'24"),
        ("Accepted to SIGGRAPH Asia 2024", "SIGGRAPH Asia 2024"),
        ("Accepted by CVPR2024", "CVPR2024"),
        ("To appear in IEEE TPAMI 2024", "IEEE TPAMI 2024"),
        ("Accepted at the NeurIPS 2024 workshop on AI", "NeurIPS 2024 Workshop"),
        ("Submitted to ICASSP 2025", None),
        ("Under review at ICLR 2025", None),
        ("Third place of the CVPR 2024 challenge", None),
        ("14 pages, 9 figures", None),
        ("Presented in May 2024", None),
        ("", None),
        (None, None),
    ],
)
def test_the_venue_is_read_from_the_comment(comment: str | None, venue: str | None) -> None:
    assert venue_of(comment) == venue
