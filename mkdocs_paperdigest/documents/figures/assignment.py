"""Assigns regions to the captions of a page: the best combination, with hardly any overlap."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mkdocs_paperdigest.documents.figures.ink import Box
from mkdocs_paperdigest.documents.figures.regions import Region
from mkdocs_paperdigest.documents.figures.spaces import Side

USUAL_SIDE, CERTAIN_SIDE = 1.6, 2.5
"""Factor for the score of a region on the side of the caption where most figures of the paper are, and where at least
`CERTAIN` times as many are as on the other side."""
CERTAIN = 3.0
BEAM = 200
"""Combinations kept while captions are added one by one."""

Options = Sequence[Sequence[Region]]
"""For each caption of a page, its possible regions, best first."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Where the figures of a paper are."""

    side: Side
    """Above, as usual, or below."""
    factor: float = USUAL_SIDE
    """For the scores of regions there."""


def usual_side(pages: Sequence[Options]) -> Usual:
    """The side of their captions on which the figures of a paper are."""
    totals = {"above": 0.0, "below": 0.0, "left": 0.0, "right": 0.0}
    for options in pages:
        for regions in options:
            if regions:
                totals[regions[0].side] += regions[0].score
    side: Side = "below" if totals["below"] > 1.5 * totals["above"] else "above"
    return Usual(side)


def certainty(usual: Usual, pages: Sequence[Sequence[Region | None]]) -> Usual:
    """The usual side again, with more weight if nearly all regions chosen so far are there."""
    sides = Counter(region.side for regions in pages for region in regions if region)
    other: Side = "above" if usual.side == "below" else "below"
    certain = sides[usual.side] >= max(3, CERTAIN * sides[other])
    return replace(usual, factor=CERTAIN_SIDE) if certain else usual


def choose_regions(options: Options, usual: Usual) -> list[Region | None]:
    """Choose a region or None for each caption, so that the sum of scores is high and overlap is low.

    Uses beam search, which suffices because a page has few captions and a caption few regions. `usual` says where
    most figures of the paper are.
    """
    beam: list[tuple[float, tuple[Region | None, ...]]] = [(0.0, ())]
    for regions in options:
        grown = [(score, (*chosen, None)) for score, chosen in beam]
        for region in regions:
            if not region.drawn and region.side != usual.side:
                # Mere text on the other side is running text or an equation.
                continue
            value = region.score * (usual.factor if region.side == usual.side else 1.0)
            for score, chosen in beam:
                overlap = sum(_overlap(region.box, other.box) for other in chosen if other)
                grown.append((score + value * max(1 - 3 * overlap, -1.0), (*chosen, region)))
        beam = sorted(grown, key=lambda option: -option[0])[:BEAM]
    return list(beam[0][1])


def _overlap(one: Box, other: Box) -> float:
    """Share of the smaller box that is inside the other."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / max(min(areas), 1.0)
