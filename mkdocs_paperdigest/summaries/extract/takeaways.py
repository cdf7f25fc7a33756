"""Chooses the sentences of an abstract that a reader should take away."""

from collections.abc import Sequence

from mkdocs_paperdigest.summaries.extract.roles import Role, Sentence

FEWEST, USUAL = 3, 5


def choose_takeaways(sentences: Sequence[Sentence], scores: Sequence[float], source: int) -> tuple[int, ...]:
    """Indices of three to five sentences that say different things, in the order of the abstract.

    Methods, results and resources come first, and the best result is always among them. If these are fewer than
    three, problems and then background are added. The sentence that the summary was taken from (`source`) is used
    only if there are fewer than three others. An abstract of one sentence has no takeaways.
    """
    if len(sentences) < 2:
        return ()
    usable = [at for at, sentence in enumerate(sentences) if sentence.role != "pointer"]
    ranked = sorted(
        (at for at in usable if at != source),
        key=lambda at: (-scores[at] - _BONUS.get(sentences[at].role, 0.0), at),
    )
    own = [at for at in ranked if sentences[at].role in _OWN]
    results = [at for at in own if sentences[at].role == "result"]
    chosen: list[int] = []
    for at in [*results[:1], *own]:
        if len(chosen) < USUAL and _differs(sentences[at], [sentences[one] for one in chosen]):
            chosen.append(at)
    rest = sorted((at for at in ranked if at not in own), key=lambda at: sentences[at].role != "problem")
    repeated = [at for at in own if at not in chosen]
    fill = [*rest, *repeated, *(at for at in usable if at == source)]
    return tuple(sorted([*chosen, *fill[: max(0, FEWEST - len(chosen))]]))


_OWN: frozenset[Role] = frozenset({"method", "result", "resource"})
_BONUS: dict[Role, float] = {"result": 0.02, "resource": -0.02}
"""In ROUGE. The ranker was trained for summaries; results are worth a line more often than they summarize a paper."""


def _differs(sentence: Sentence, others: Sequence[Sentence]) -> bool:
    own = set(sentence.stems)
    for other in others:
        theirs = set(other.stems)
        if len(own & theirs) > 0.6 * min(len(own), len(theirs)):
            return False
    return True
