"""Chooses the figures and tables to show of a paper that has more than `figures_max`."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def choose_figures(figures: "Sequence[FoundFigure]", pages: Sequence[str], most: int) -> "list[FoundFigure]":
    """The figures and tables that the text cites most, in paper order.

    Arguments:
        figures: All figures and tables, in paper order.
        pages: Text of each page.
        most: Number of figures and tables to keep.
    """
    ranked = most_cited([(figure.label, figure.table) for figure in figures], pages, most)
    return [figures[at] for at in sorted(ranked[:most])]


def most_cited(labels: Sequence[tuple[str, bool]], texts: Sequence[str], most: int) -> list[int]:
    """The indices of figures and tables: those to show first, the most cited ones before the others.

    Of equally cited ones, those come first that are cited first. At most half of those to show are tables while there
    are figures left: pictures say at a glance what a paper is about.

    Arguments:
        labels: The label of each, and whether it is a table, in paper order.
        texts: The paper's text in parts.
        most: Number of figures and tables to show.
    """
    if len(labels) <= most:
        return list(range(len(labels)))
    text = "\n".join(texts)
    cited = {False: _citations(MENTION, text), True: _citations(TABLE_MENTION, text)}

    def rank(at: int) -> tuple[int, int]:
        label, table = labels[at]
        mentions, first = cited[table]
        number = label.rpartition(" ")[2]
        return -mentions[number], first.get(number, len(text))

    drawings = sum(not table for _, table in labels)
    room = {False: most, True: max(most // 2, most - drawings)}
    chosen: list[int] = []
    ranked = sorted(range(len(labels)), key=rank)
    for at in ranked:
        table = labels[at][1]
        if len(chosen) < most and room[table] > 0:
            room[table] -= 1
            chosen.append(at)
    return chosen + [at for at in ranked if at not in chosen]


def _citations(word: re.Pattern[str], text: str) -> tuple[Counter[str], dict[str, int]]:
    """How often each number is cited, and where first."""
    mentions: Counter[str] = Counter()
    first: dict[str, int] = {}
    for match in word.finditer(text):
        for number in _numbers(match):
            mentions[number] += 1
            first.setdefault(number, match.start())
    return mentions, first


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
