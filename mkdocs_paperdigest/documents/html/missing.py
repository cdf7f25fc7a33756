"""Fills in figures and tables from arXiv's HTML that were not found in the PDF."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mkdocs_paperdigest.documents.figures.choice import most_cited
from mkdocs_paperdigest.documents.html.figures import HtmlFigure
from mkdocs_paperdigest.documents.html.tables import HtmlTable, TableContent
from mkdocs_paperdigest.models import Figure

Shown = HtmlFigure | HtmlTable


@dataclass(frozen=True, slots=True)
class Missing:
    """What to add from the HTML, and what makes room for it."""

    figures: tuple[HtmlFigure, ...]
    tables: tuple[HtmlTable, ...]
    surplus: tuple[Figure, ...]
    """Known figures and tables that are cited less, the least cited ones first."""


def missing_figures(
    shown: Sequence[Shown], known: Sequence[Figure], texts: Sequence[str], most: int
) -> Missing:
    """The figures and tables to take from the HTML: their number is not known yet, and they are whole.

    Each image costs a request. A figure made of several images is left out, because the HTML does not say
    how they are arranged, and one of them alone is not the figure. Where there are more than `most`, those are shown
    that the text cites most, as for the PDF.

    Arguments:
        shown: The figures and tables of the HTML.
        known: The figures and tables found in the PDF.
        texts: The paper's text in parts.
        most: Figures and tables per paper, at most.
    """
    numbers = {_key(figure) for figure in known}
    added: list[Shown] = []
    for one in in_html_order(shown):
        if _key(one) not in numbers and _is_whole(one):
            numbers.add(_key(one))
            added.append(one)
    labels = [(one.label, _is_table(one)) for one in (*known, *added)]
    ranked = most_cited(labels, texts, most)
    wanted = {at - len(known) for at in ranked[:most] if at >= len(known)}
    chosen = [one for at, one in enumerate(added) if at in wanted]
    return Missing(
        tuple(one for one in chosen if isinstance(one, HtmlFigure)),
        tuple(one for one in chosen if isinstance(one, HtmlTable)),
        tuple(known[at] for at in reversed(ranked[most:]) if at < len(known)),
    )


def in_paper_order(
    known: Sequence[Figure],
    added: Sequence[Figure],
    shown: Sequence[Shown],
    surplus: Sequence[Figure],
    most: int,
) -> tuple[Figure, ...]:
    """At most as many figures and tables, with the added ones inserted where the HTML shows them among the others."""
    places = {_key(one): place for place, one in enumerate(in_html_order(shown))}
    too_many = max(len(known) + len(added) - most, 0)
    ordered = [figure for figure in known if figure not in surplus[:too_many]]
    for figure in added:
        place = places[_key(figure)]
        before = (at for at, other in enumerate(ordered) if places.get(_key(other), -1) > place)
        ordered.insert(next(before, len(ordered)), figure)
    return tuple(ordered)


def in_html_order(shown: Sequence[Shown]) -> list[Shown]:
    """Figures and tables by the places of their captions."""
    return sorted(shown, key=lambda one: one.place)


def _is_whole(one: Shown) -> bool:
    if isinstance(one, HtmlTable):
        return one.content != TableContent()
    return len(one.images) == 1


def _is_table(one: Shown | Figure) -> bool:
    return one.is_table if isinstance(one, Figure) else isinstance(one, HtmlTable)


def _key(one: Shown | Figure) -> tuple[bool, str]:
    """`A1` for `Figure A.1`, `2` for `Figure 2(b)`, `2` for `TABLE II`: PDF and HTML may write these differently."""
    number = one.label.rpartition(" ")[2].upper()
    number = re.sub(r"\([A-Z]\)$|(?<=[A-Z])\.", "", number.replace("-", "."))
    if not _is_table(one):
        return False, number
    if number in _ROMAN:
        number = str(_ROMAN.index(number) + 1)
    # A supplement counts its tables on its own.
    apart = re.match("ext|supp", one.label, re.IGNORECASE) and not number.startswith("S")
    return True, f"S{number}" if apart else number


_ROMAN = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
    "XVIII", "XIX", "XX",
]  # fmt: skip
