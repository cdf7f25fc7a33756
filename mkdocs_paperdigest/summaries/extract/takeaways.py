"""Chooses the sentences of an abstract that a reader should take away."""

import re
from collections.abc import Collection, Mapping, Sequence

from mkdocs_paperdigest.summaries.extract.compression import is_cut_list, variants
from mkdocs_paperdigest.summaries.extract.references import opens_with_reference, refers_back
from mkdocs_paperdigest.summaries.extract.roles import Role, Sentence

FEWEST, USUAL = 3, 5
LONGEST = 40
"""Words of a summary or a takeaway; a longer sentence ends after one of its clauses, or another one is chosen."""


def takeaway_lines(sentences: Sequence[Sentence]) -> Mapping[int, str]:
    """The sentences that may be takeaways, by their index, in the form to show."""
    usable = [at for at, sentence in enumerate(sentences) if sentence.role != "pointer"]
    return {at: line for at in usable if (line := _line(sentences[at].text))}


def choose_takeaways(
    sentences: Sequence[Sentence], scores: Sequence[float], sources: Collection[int], lines: Mapping[int, str]
) -> Mapping[int, str]:
    """Up to five of the `lines` (`takeaway_lines`) that say different things, in the order of the abstract.

    Methods, results and resources come first, and the best other result is always among them. If these are fewer than
    three, problems and then background are added, and then sentences that speak of `these` things without naming
    them. The sentences that the summary was taken from (`sources`) are used only if there are fewer than three others.
    A sentence that begins with such a reference, numbers a part of a list, or cannot be shortened to `LONGEST` words
    is never used, so there may be fewer than three. An abstract of one sentence has no takeaways.
    """
    if len(sentences) < 2:
        return {}
    clear = {at for at, line in lines.items() if not refers_back(line)}
    ranked = sorted(
        (at for at in lines if at not in sources),
        key=lambda at: _is_hollow(lines[at]) * _HOLLOWNESS - scores[at] - _BONUS.get(sentences[at].role, 0.0),
    )
    own = [at for at in ranked if sentences[at].role in _OWN]
    first = [at for at in own if at in clear]
    results = [at for at in first if sentences[at].role == "result"]
    chosen: list[int] = []
    for at in [*results[:1], *first]:
        if len(chosen) < USUAL and _differs(sentences[at], [sentences[one] for one in chosen]):
            chosen.append(at)
    rest = sorted(
        (at for at in ranked if at not in chosen),
        key=lambda at: (
            at not in clear,
            at in own and at in clear,
            at not in own and sentences[at].role != "problem",
        ),
    )
    fill = [*rest, *(at for at in lines if at in sources)]
    return {at: lines[at] for at in sorted([*chosen, *fill[: max(0, FEWEST - len(chosen))]])}


_OWN: frozenset[Role] = frozenset({"method", "result", "resource"})
_BONUS: Mapping[Role, float] = {"result": 0.02, "resource": -0.02}
"""In ROUGE. The ranker was trained for summaries; results are worth a line more often than they summarize a paper."""

_HOLLOWNESS = 0.05
_HOLLOW = re.compile(
    r"^(?=\D*$).*\b(?:demonstrat|show|verif|validat|indicat|confirm|prov|highlight|reveal)\w* (?:(?:the|its|their|that) )?"
    r"(?:[\w-]+ (?:and [\w-]+ )?)?(?:effectiveness|superiority|efficacy|advantages?|benefits?|usefulness|feasibility|validity|performance)\b"
    r"|\b(?:support|confirm|verify|validate|corroborate) (?:our|the|these) (?:findings?|claims?|analys[ie]s|theory|results?)\.$"
    r"|\b(?:is|are) (?:\w+ly )?discussed(?: in detail| briefly)?\.$",
    re.IGNORECASE,
)
"""A result that names neither a number nor what is better."""
_PRAISED_WORDS = "effectiveness superiority efficacy advantage benefit usefulness feasibility validity performance discussed"
_PRAISED = tuple(_PRAISED_WORDS.split())
_SUPPORTED = ("ings.", "ing.", "aims.", "aim.", "ysis.", "yses.", "ory.", "sult.", "sults.")


def _is_hollow(line: str) -> bool:
    low = line.lower()
    if not low.endswith(_SUPPORTED) and not any(word in low for word in _PRAISED):
        return False  # nearly always, and ten times faster than the next line
    return _HOLLOW.search(line) is not None


def _line(text: str) -> str | None:
    """`text` or the longest of its shorter forms that may stand as a takeaway; one that is clear by itself if any is."""
    if _may_stand(text) and not refers_back(text):
        return text
    fit = filter(_may_stand, variants(text))
    return max(fit, key=lambda one: (not refers_back(one), len(one)), default=None)


def _may_stand(text: str) -> bool:
    return len(text.split()) <= LONGEST and not is_cut_list(text) and not opens_with_reference(text)


def _differs(sentence: Sentence, others: Sequence[Sentence]) -> bool:
    own = set(sentence.stems)
    for other in others:
        theirs = set(other.stems)
        if len(own & theirs) > 0.6 * min(len(own), len(theirs)):
            return False
    return True
