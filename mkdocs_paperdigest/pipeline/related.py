"""Which of the site's papers are close to one another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from mkdocs_paperdigest.models import Digest, Paper
from mkdocs_paperdigest.pipeline.closeness import MOST_NEAR, Near, closest_of_each
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import Related


def relate(digests: Sequence[Digest], run: Run) -> tuple[Digest, ...]:
    """The digests with the closest others beside each paper; only papers that are new or have new words are compared."""
    shown = {
        entry.paper.id: entry.paper
        for digest in digests
        for entry in digest.entries
        if not entry.paper.withdrawn
    }
    # Sorted, so that the order of the topics decides nothing.
    papers = {name: _fingerprint(shown[name]) for name in sorted(shown)}
    stored = run.shelves.related.get()
    if stored is None or stored.papers != papers:
        stored = run.shelves.related.put(_compare(shown, papers, stored or Related({}, {})))
    return tuple(_with_related(digest, stored) for digest in digests)


def _compare(shown: Mapping[str, Paper], papers: dict[str, str], before: Related) -> Related:
    names = list(papers)
    places = {name: place for place, name in enumerate(names)}
    same = {name for name in names if papers[name] == before.papers.get(name)}
    known: dict[int, Near | None] = {}
    for name in same:
        near = before.closest.get(name, ())
        there = tuple((places[other], value) for other, value in near if other in same)
        # Where fewer than the most were close, no other takes the place of one that is gone.
        known[places[name]] = there if len(there) == len(near) or len(near) < MOST_NEAR else None
    found = closest_of_each([(shown[name].title, shown[name].abstract) for name in names], known)
    closest = {
        name: tuple((names[place], value) for place, value in near)
        for name, near in zip(names, found, strict=True)
        if near
    }
    return Related(papers, closest)


def _with_related(digest: Digest, related: Related) -> Digest:
    entries = (
        replace(entry, related=tuple(name for name, _ in found))
        if (found := related.closest.get(entry.paper.id))
        else entry
        for entry in digest.entries
    )
    return replace(digest, entries=tuple(entries))


def _fingerprint(paper: Paper) -> str:
    # The separator is a control character, which no title or abstract has.
    made_from = f"{paper.title}\0{paper.abstract}".encode("utf-8", "surrogatepass")
    return blake2b(made_from, digest_size=8).hexdigest()
