"""The digest of one topic, put together from what is known of its papers."""

from collections.abc import Mapping
from dataclasses import replace

from mkdocs_paperdigest.models import Changes, Digest, Entry, Fate, LedgerLine, Omission, Paper, Why
from mkdocs_paperdigest.pipeline.known import Known
from mkdocs_paperdigest.pipeline.listing import Listing
from mkdocs_paperdigest.reasons import Reason, ReasonCode


def assemble(listing: Listing, known: Mapping[str, Known], changes: Mapping[str, Changes | None]) -> Digest:
    """The digest of a topic.

    Arguments:
        listing: The topic's papers.
        known: What is known of each listed paper, by its key.
        changes: What is new in versions of papers, by their keys.
    """
    entries, aside, hidden = [], [], []
    ledger = list(listing.left_out)
    # The sort is stable: papers of one rank stay by date.
    for paper in sorted(listing.papers, key=lambda paper: -_why(listing, paper).rank):
        what = known[paper.key]
        entry = Entry(
            what.paper,
            what.document,
            what.summary,
            what.trouble,
            why=_why(listing, paper),
            changes=changes.get(paper.key),
        )
        score = what.relevance.get(listing.topic.slug)
        fate: Fate = "shown"
        reasons = (*listing.remarks.get(paper.key, ()), *what.trouble)
        if what.hidden:
            fate, reasons = "filtered", (Reason(ReasonCode.HIDDEN),)
            hidden.append(entry)
        elif not what.showable and not what.trouble:
            fate, reasons = "waiting", (Reason(ReasonCode.BEYOND_NEW),)
            entries.append(replace(entry, trouble=reasons))
        elif not what.showable:
            fate = "failed"
            entries.append(entry)
        elif score is not None and score < listing.topic.min_relevance:
            fate, reasons = "set aside", (Reason(ReasonCode.LOW_RELEVANCE, score=score),)
            aside.append(replace(entry, trouble=()))
        else:
            entries.append(entry)
            if what.document and not what.document.final:
                reasons = tuple(dict.fromkeys((*reasons, *what.document.notes)))
        ledger.append(LedgerLine(paper.key, paper.title, fate, reasons, _left_out(what, fate)))
    return Digest(
        listing.state,
        entries=tuple(entries),
        set_aside=tuple(aside),
        hidden=tuple(hidden),
        ledger=tuple(ledger),
    )


def _left_out(known: Known, fate: Fate) -> tuple[Omission, ...]:
    """What failed the gate, apart from what the paper does not say."""
    if fate != "shown" or known.summary is None:
        return ()
    return tuple(one for one in known.summary.omissions if one.reason is not ReasonCode.NOT_GIVEN)


def _why(listing: Listing, paper: Paper) -> Why:
    return listing.whys.get(paper.key, Why())
