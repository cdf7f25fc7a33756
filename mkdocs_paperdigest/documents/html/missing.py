"""Fills in figures from arXiv's HTML that were not found in the PDF."""

import re
from collections.abc import Iterable, Sequence

from mkdocs_paperdigest.documents.html.figures import HtmlFigure
from mkdocs_paperdigest.models import Figure


def missing_figures(shown: Iterable[HtmlFigure], known: Sequence[Figure], most: int) -> list[HtmlFigure]:
    """The figures to fetch from the HTML, in paper order: their number is not known yet, and they are one image.

    Each of them costs a request. A figure made of several images is left out, because the HTML does not say
    how they are arranged, and one of them alone is not the figure. Tables make room for figures, up to half of them.

    Arguments:
        shown: The figures of the HTML.
        known: The figures and tables found in the PDF.
        most: Figures and tables per paper, at most.
    """
    numbers = {_number(figure.label) for figure in known if not figure.is_table}
    missing = [figure for figure in shown if len(figure.images) == 1 and _number(figure.label) not in numbers]
    tables = sum(figure.is_table for figure in known)
    return missing[: max(most - len(known) + max(tables - most // 2, 0), 0)]


def in_paper_order(
    known: Sequence[Figure], added: Sequence[Figure], shown: Iterable[HtmlFigure], most: int
) -> tuple[Figure, ...]:
    """At most as many figures and tables, with the added ones inserted where the HTML shows them among the others."""
    places = {_number(figure.label): place for place, figure in enumerate(shown)}
    surplus = max(len(known) + len(added) - most, 0)
    dropped = [figure for figure in known if figure.is_table][-surplus:] if surplus else []
    ordered = [figure for figure in known if figure not in dropped]
    for figure in added:
        place = places[_number(figure.label)]
        before = (
            at
            for at, other in enumerate(ordered)
            if not other.is_table and places.get(_number(other.label), -1) > place
        )
        ordered.insert(next(before, len(ordered)), figure)
    return tuple(ordered)


def _number(label: str) -> str:
    """`A1` for `Figure A.1`, `2` for `Figure 2(b)`: PDF and HTML may write these differently."""
    number = label.rpartition(" ")[2].upper()
    return re.sub(r"\([A-Z]\)$|(?<=[A-Z])\.", "", number)
