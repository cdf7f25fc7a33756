"""Which figures arXiv's HTML can give that a paper's PDF did not."""

import re
from collections.abc import Iterable, Sequence

from mkdocs_paperdigest.documents.html.figures import HtmlFigure
from mkdocs_paperdigest.models import Figure


def missing_figures(
    shown: Iterable[HtmlFigure], known: Sequence[Figure], most: int
) -> list[HtmlFigure]:
    """Figures whose number is not known yet and that are a single image, in paper order.

    Each of them costs a request. A figure of several images is left out: the HTML says nothing of
    how they stand to each other, and one of them is not the figure.

    Arguments:
        shown: What the HTML shows.
        known: What the PDF gave.
        most: How many figures a paper may have in all.
    """
    numbers = {_number(figure.label) for figure in known}
    missing = [
        figure
        for figure in shown
        if len(figure.images) == 1 and _number(figure.label) not in numbers
    ]
    return missing[: max(most - len(known), 0)]


def in_paper_order(
    known: Sequence[Figure], added: Iterable[Figure], shown: Iterable[HtmlFigure]
) -> tuple[Figure, ...]:
    """All figures, those that the HTML gave placed where the HTML shows them among the others."""
    places = {_number(figure.label): place for place, figure in enumerate(shown)}
    ordered = list(known)
    for figure in added:
        place = places[_number(figure.label)]
        before = (
            at for at, other in enumerate(ordered) if places.get(_number(other.label), -1) > place
        )
        ordered.insert(next(before, len(ordered)), figure)
    return tuple(ordered)


def _number(label: str) -> str:
    """`A1` of `Figure A.1`, `2` of `Figure 2(b)`: the PDF and the HTML need not agree in these."""
    number = label.rpartition(" ")[2].upper()
    return re.sub(r"\([A-Z]\)$|(?<=[A-Z])\.", "", number)
