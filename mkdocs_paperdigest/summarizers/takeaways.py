"""Chooses the sentences of an abstract that a reader should take away."""

import re
from collections.abc import Sequence

from mkdocs_paperdigest.summarizers.roles import Role, points_elsewhere, role_of

FEWEST, USUAL = 3, 5


def choose_takeaways(
    sentences: Sequence[str], stems: Sequence[frozenset[str]], scores: Sequence[float], source: int
) -> tuple[int, ...]:
    """Positions of three to five sentences that say different things, in reading order.

    Methods, results and resources come first, the best result always among them; what stands before the
    paper's own contribution is background and serves only to fill up, problems before other statements. The
    sentence that the summary was taken from (`source`) comes back only where there are fewer than three others.
    Fewer than two sentences in all give none.
    """
    if len(sentences) < 2:
        return ()
    roles = roles_of(sentences)
    usable = [at for at, text in enumerate(sentences) if not points_elsewhere(text)]
    ranked = sorted(
        (at for at in usable if at != source), key=lambda at: (-scores[at] - _BONUS[roles[at]], at)
    )
    own = [at for at in ranked if roles[at] in ("method", "result", "resource")]
    results = [at for at in own if roles[at] == "result"]
    chosen: list[int] = []
    for at in [*results[:1], *own]:
        if len(chosen) < USUAL and _differs(stems[at], [stems[other] for other in chosen]):
            chosen.append(at)
    rest = sorted((at for at in ranked if at not in own), key=lambda at: roles[at] != "problem")
    fill = [*rest, *(at for at in own if at not in chosen), *(at for at in usable if at == source)]
    chosen += fill[: max(0, FEWEST - len(chosen))]
    return tuple(sorted(chosen))


_BONUS: dict[Role, float] = {
    "result": 0.02,
    "method": 0.0,
    "resource": -0.02,
    "problem": 0.0,
    "other": -0.02,
}


def roles_of(sentences: Sequence[str]) -> tuple[Role, ...]:
    """Roles of an abstract's sentences.

    Claims made before the first contribution are about other people's work. An abstract without a first person
    tells its own story throughout.
    """
    first = first_contribution(sentences)
    found: list[Role] = []
    for at, text in enumerate(sentences):
        role = role_of(text)
        if first is None:
            found.append("method" if role == "other" else role)
        elif at < first:
            found.append("problem" if _TURN.search(text) else "other")
        else:
            found.append(role)
    return tuple(found)


def first_contribution(sentences: Sequence[str]) -> int | None:
    """Where an abstract begins to speak of the paper's own work; None where it never says so."""
    return next((at for at, text in enumerate(sentences) if _CONTRIBUTION.search(text)), None)


_CONTRIBUTION = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|[Tt]his (?:paper|work|article|study|letter|report|survey|thesis|note)|I (?!\w+ ?[=<>])|"
    r"is (?:proposed|presented|introduced|investigated|studied))\b"
)
_TURN = re.compile(
    r"\b(?:however|despite|although|unfortunately|nevertheless|challeng\w*|difficult\w*|limit\w*|suffer\w*|lack\w*|fail\w*|"
    r"costly|expensive|struggl\w*|remains?|unclear|hinder\w*)\b",
    re.IGNORECASE,
)


def _differs(stems: frozenset[str], others: Sequence[frozenset[str]]) -> bool:
    return all(len(stems & other) <= 0.6 * max(1, min(len(stems), len(other))) for other in others)
