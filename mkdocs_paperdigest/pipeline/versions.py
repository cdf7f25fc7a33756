"""What is new in a version of a paper, where an earlier one is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mkdocs_paperdigest.archive.records import Record, fields_of_people
from mkdocs_paperdigest.models import ChangedPart, Changes, Document, Paper
from mkdocs_paperdigest.pipeline.known import Known
from mkdocs_paperdigest.pipeline.listing import Listing
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.text import folded


def what_is_new(
    listings: Sequence[Listing], known: Mapping[str, Known], run: Run
) -> dict[str, Changes | None]:
    """What is new in the papers of which sources have listed an earlier version, by their keys."""
    former = former_versions(listings)
    listed = [paper for listing in listings for paper in listing.papers if paper.id in former]
    return {
        paper.key: _compared(
            former[paper.id], paper, run.shelves.document.get(former[paper.id]), known[paper.key].document
        )
        for paper in {paper.key: paper for paper in listed}.values()
    }


def former_versions(listings: Iterable[Listing]) -> dict[str, Paper]:
    """The newest of the earlier versions that sources have listed, by id."""
    found: dict[str, Paper] = {}
    for listing in listings:
        for paper in listing.former:
            if paper.id not in found or found[paper.id].version < paper.version:
                found[paper.id] = paper
    return found


def new_since_record(record: Record, paper: Paper, document: Document | None) -> Changes | None:
    """What is new since the version that a record has; what the record knows of this very version stays."""
    if record.paper.version >= paper.version:
        return record.changes if record.paper.key == paper.key else None
    # What people wrote is not what the earlier version said.
    theirs = fields_of_people(record, "paper") & {"title", "abstract"}
    former = replace(record.paper, **{name: getattr(paper, name) for name in theirs})
    return _compared(former, paper, record.document, document)


def _compared(former: Paper, paper: Paper, old: Document | None, new: Document | None) -> Changes | None:
    if former.version >= paper.version or paper.withdrawn:
        return None
    differ = {
        "title": folded(former.title) != folded(paper.title),
        "abstract": folded(former.abstract) != folded(paper.abstract),
        "figures": _figures_differ(old, new),
    }
    parts = tuple(part for part in _PARTS if differ[part])
    return Changes(former.version, parts) if parts else None


_PARTS: tuple[ChangedPart, ...] = ("title", "abstract", "figures")


def _figures_differ(old: Document | None, new: Document | None) -> bool:
    """Whether numbers or captions differ; HTML and PDF, or two readers, do not find the same ones."""
    if old is None or new is None or not (old.final and new.final):
        return False
    if (old.source, old.reader) != (new.source, new.reader):
        return False
    return _captions(old) != _captions(new)


def _captions(document: Document) -> set[tuple[str, str]]:
    return {(folded(figure.label), folded(figure.caption)) for figure in document.figures}
