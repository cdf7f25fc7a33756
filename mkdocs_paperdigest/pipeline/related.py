"""Which of the site's papers are close to one another."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from mkdocs_paperdigest.models import Digest, Paper
from mkdocs_paperdigest.pipeline.closeness import closest_of_each
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import Related


def relate(digests: Sequence[Digest], run: Run) -> tuple[Digest, ...]:
    """The digests with the closest others beside each paper; compared again only when a paper or its words changed."""
    shown = {
        entry.paper.id: entry.paper
        for digest in digests
        for entry in digest.entries
        if not entry.paper.withdrawn
    }
    # Sorted, so that the order of the topics decides nothing.
    papers = [shown[name] for name in sorted(shown)]
    made_from = _fingerprint(papers)
    stored = run.shelves.related.get()
    if stored is None or stored.made_from != made_from:
        found = closest_of_each([(paper.title, paper.abstract) for paper in papers])
        closest = {
            paper.id: tuple(papers[position].id for position in positions)
            for paper, positions in zip(papers, found, strict=True)
            if positions
        }
        stored = run.shelves.related.put(Related(made_from, closest))
    return tuple(_with_related(digest, stored) for digest in digests)


def _with_related(digest: Digest, related: Related) -> Digest:
    entries = (
        replace(entry, related=found) if (found := related.closest.get(entry.paper.id)) else entry
        for entry in digest.entries
    )
    return replace(digest, entries=tuple(entries))


def _fingerprint(papers: Sequence[Paper]) -> str:
    made_from = blake2b(digest_size=16)
    for paper in papers:
        # The separator is a control character, which no title or abstract has.
        made_from.update(f"{paper.id}\0{paper.title}\0{paper.abstract}\0".encode("utf-8", "surrogatepass"))
    return made_from.hexdigest()
