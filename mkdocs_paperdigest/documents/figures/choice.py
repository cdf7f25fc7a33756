"""Chooses the figures to show of a paper that has more than `figures_max`."""

import re
from collections import Counter
from collections.abc import Sequence

from mkdocs_paperdigest.documents.figures.find import FoundFigure

MENTION = re.compile(
    r"(?:\b(?:Fig(?:ure)?s?\.?|FIG(?:URE)?S?\.?|figures?|Abb(?:ildung(?:en)?|\.)|Рис\.)|[图圖図]|그림)"
    r"[\s~]{0,3}"
    r"(?P<first>[A-Z]{0,2}\.?\d{1,3}(?:\.\d{1,3})?)[a-z]?"
    r"(?P<more>(?:(?:\([a-z]\))?\s{0,3}(?:,|and|&|-|–|to)\s{0,3}(?:[A-Z]{0,2}\.?\d{1,3}(?:\.\d{1,3})?)[a-z]?){0,4})"
)


def choose_figures(figures: Sequence[FoundFigure], pages: Sequence[str], most: int) -> list[FoundFigure]:
    """The figures that the text cites most, in paper order; of equally cited ones, those cited first.

    Arguments:
        figures: All figures, in paper order.
        pages: Text of each page.
        most: Number of figures to keep.
    """
    if len(figures) <= most:
        return list(figures)
    mentions: Counter[str] = Counter()
    first: dict[str, int] = {}
    for match in MENTION.finditer("\n".join(pages)):
        for number in _numbers(match):
            mentions[number] += 1
            first.setdefault(number, match.start())
    ranked = sorted(
        range(len(figures)),
        key=lambda at: (-mentions[_number(figures[at])], first.get(_number(figures[at]), 0)),
    )
    return [figures[at] for at in sorted(ranked[: max(most, 0)])]


def _number(figure: FoundFigure) -> str:
    return figure.label.rpartition(" ")[2]


def _numbers(match: re.Match[str]) -> list[str]:
    """The numbers of `Figs. 2-4`, `Figures 1 and 5`, `Fig. A.3b`."""
    found = [match["first"]]
    for joint, number in re.findall(r"(,|and|&|-|–|to)\s{0,3}([A-Z]{0,2}\.?\d[\d.]*)", match["more"]):
        last = found[-1]
        if joint in {"-", "–", "to"} and last.isdigit() and number.isdigit():
            found.extend(str(n) for n in range(int(last) + 1, min(int(number), int(last) + 20)))
        found.append(number.rstrip("."))
    return found
