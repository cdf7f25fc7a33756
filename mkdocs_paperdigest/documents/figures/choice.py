"""Chooses the figures and tables to show of a paper that has more than `figures_max`."""

import re
from collections import Counter
from collections.abc import Sequence

from mkdocs_paperdigest.documents.figures.find import FoundFigure

_NUMBER = r"[A-Z]{0,2}\.?\d{1,3}(?:\.\d{1,3})?"
_MORE = rf"[a-z]?(?P<more>(?:(?:\([a-z]\))?\s{{0,3}}(?:,|and|&|-|–|to|和|及|、)\s{{0,3}}(?:{_NUMBER})[a-z]?){{0,4}})"
MENTION = re.compile(
    r"(?:\b(?:Fig(?:ure)?s?\.?|FIG(?:URE)?S?\.?|figures?|Abb(?:ildung(?:en)?|\.)|Рис\.)|[图圖図]|그림)"
    rf"[\s~]{{0,3}}(?P<first>{_NUMBER}){_MORE}"
)
TABLE_MENTION = re.compile(
    r"(?:\b(?:[Tt]able(?:s|aux?)?|TABLES?|[Tt]abs?\.|Tabellen?|Tabelas?|Tablas?|Табл\.)|表|표)"
    rf"[\s~]{{0,3}}(?P<first>{_NUMBER}|[IVXL]{{1,5}}\b){_MORE}"
)


def choose_figures(figures: Sequence[FoundFigure], pages: Sequence[str], most: int) -> list[FoundFigure]:
    """The figures and tables that the text cites most, in paper order; of equally cited ones, those cited first.

    At most half of them are tables while there are figures left: pictures say at a glance what a paper is about.

    Arguments:
        figures: All figures and tables, in paper order.
        pages: Text of each page.
        most: Number of figures and tables to keep.
    """
    if len(figures) <= most:
        return list(figures)
    text = "\n".join(pages)
    cited = {False: _citations(MENTION, text), True: _citations(TABLE_MENTION, text)}

    def rank(at: int) -> tuple[int, int]:
        mentions, first = cited[figures[at].table]
        number = _number(figures[at])
        return -mentions[number], first.get(number, len(text))

    drawings = sum(not figure.table for figure in figures)
    room = {False: most, True: max(most // 2, most - drawings)}
    chosen: list[int] = []
    for at in sorted(range(len(figures)), key=rank):
        if len(chosen) < most and room[figures[at].table] > 0:
            room[figures[at].table] -= 1
            chosen.append(at)
    return [figures[at] for at in sorted(chosen)]


def _citations(word: re.Pattern[str], text: str) -> tuple[Counter[str], dict[str, int]]:
    """How often each number is cited, and where first."""
    mentions: Counter[str] = Counter()
    first: dict[str, int] = {}
    for match in word.finditer(text):
        for number in _numbers(match):
            mentions[number] += 1
            first.setdefault(number, match.start())
    return mentions, first


def _number(figure: FoundFigure) -> str:
    return figure.label.rpartition(" ")[2]


def _numbers(match: re.Match[str]) -> list[str]:
    """The numbers of `Figs. 2-4`, `Figures 1 and 5`, `Fig. A.3b`."""
    found = [match["first"]]
    for joint, number in re.findall(
        r"(,|and|&|-|–|to|和|及|、)\s{0,3}([A-Z]{0,2}\.?\d[\d.]*)", match["more"]
    ):
        last = found[-1]
        if joint in {"-", "–", "to"} and last.isdigit() and number.isdigit():
            found.extend(str(n) for n in range(int(last) + 1, min(int(number), int(last) + 20)))
        found.append(number.rstrip("."))
    return found
