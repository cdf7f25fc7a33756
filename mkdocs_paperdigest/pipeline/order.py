"""Which papers of a topic come first, and the reason that a page gives for it."""

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mkdocs_paperdigest.arxiv.identifiers import parse_id
from mkdocs_paperdigest.errors import ConfigurationError, SourceError
from mkdocs_paperdigest.models import Match, Paper, Reference, Why
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.pipeline.closeness import Closeness, words
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import Compared
from mkdocs_paperdigest.sources.bibtex_file import read_bytes
from mkdocs_paperdigest.sources.library import Work, read_works

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


def reasons_for(papers: Sequence[Paper], topic: Topic, run: Run) -> dict[str, Why]:
    """Why each paper stands where it does, by key: how close it is to the lab's interests, else what it matched.

    Raises:
        ConfigurationError: A file of the interests cannot be read.
    """
    close = _closeness(papers, topic, run) if topic.interests else {}
    order = run.options.order
    whys = {}
    for paper in papers:
        if close and order != "match":
            rank = close[paper.key].score if order != "date" else 0.0
            whys[paper.key] = Why(rank, close_to=close[paper.key].closest)
        else:
            matched = tuple(_matches(paper, topic))
            rank = sum(_WORTH[match.place] for match in matched) if order == "match" else 0.0
            whys[paper.key] = Why(rank, matched=matched)
    return whys


_WORTH = {"title": 2.0, "author": 2.0, "abstract": 1.0}


def _matches(paper: Paper, topic: Topic) -> Iterator[Match]:
    """The terms of a topic that a paper has; a term in the title is not looked for in the abstract."""
    title, abstract = words(paper.title), words(paper.abstract)
    for term in dict.fromkeys((*topic.phrases, *_terms(topic, "ti|abs|all"))):
        wanted = words(term)
        if _has(title, wanted):
            yield Match(term, "title")
        elif _has(abstract, wanted):
            yield Match(term, "abstract")
    names = [words(name) for name in paper.authors]
    for author in dict.fromkeys((*topic.authors, *_terms(topic, "au"))):
        wanted = words(author)
        if any(_has(name, wanted) for name in names):
            yield Match(author, "author")


def _terms(topic: Topic, fields: str) -> Iterator[str]:
    """What raw queries look for in these fields."""
    for query in topic.query:
        for found in re.finditer(rf'\b(?:{fields}):(?:"([^"]+)"|([^\s()"]+))', query):
            yield (found[1] or found[2]).replace("_", " ").strip("*?")


def _has(text: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return size > 0 and any(text[at : at + size] == wanted for at in range(len(text) - size + 1))


def _closeness(papers: Sequence[Paper], topic: Topic, run: Run) -> Mapping[str, Closeness]:
    """By key; empty where the interests name nothing that can be compared."""
    contents = [_content(item) for item in topic.interests if isinstance(item, Path)]
    named = _named(topic, run)
    if not named and not contents:
        return {}
    # The interests themselves are read only if there is a paper that was not compared with them yet.
    interests = (
        *(hashlib.sha256(content).hexdigest() for content in contents),
        *(paper.id for paper in named),
    )
    stored = run.shelves.closeness.get(topic, interests)
    known = stored.closeness if stored else {}
    names = {paper.key: _name(paper) for paper in papers}
    if any(name not in known for name in names.values()):
        from mkdocs_paperdigest.pipeline.closeness import Interests

        files = (item for item in topic.interests if isinstance(item, Path))
        works = [
            work for file, content in zip(files, contents, strict=True) for work in _works(file, content, run)
        ]
        works += (Work(Reference(paper.title, _address(paper)), paper.abstract) for paper in named)
        if not works:
            log.log(run.options.log_level, "topic %r: `interests` name no works with a title", topic.title)
            return {}
        compared = Interests([(work.reference, f"{work.reference.title} {work.abstract}") for work in works])
        made = {
            name: known.get(name) or compared.compare(paper.title, paper.abstract)
            for paper in papers
            if (name := names[paper.key])
        }
        known = run.shelves.closeness.put(Compared(made), topic, interests).closeness
    return {paper.key: known[names[paper.key]] for paper in papers}


def _content(file: Path) -> bytes:
    try:
        return read_bytes(file)
    except ValueError as error:
        raise ConfigurationError(f"`interests`: {file}: {error}") from error


def _works(file: Path, content: bytes, run: Run) -> Sequence[Work]:
    known = run.shelves.works.get(content)
    return (known or run.shelves.works.put(read_works(file), content)).works


def _named(topic: Topic, run: Run) -> list[Paper]:
    """The papers of arXiv that the interests name; one that is not known is asked for once, and kept for good."""
    ids = list(dict.fromkeys(item for item in topic.interests if isinstance(item, str)))
    known = {name: paper for name in ids if (paper := run.shelves.interest.get(name))}
    missing = [name for name in ids if name not in known]
    archived = topic.slug in run.archive.as_of and not run.updates
    if missing and not archived and run.session is not None:
        from mkdocs_paperdigest.sources.feed import look_up

        try:
            found = look_up([parse_id(name) for name in missing], run.options, run.session)
            known |= {paper.id: run.shelves.interest.put(paper, paper.id) for paper in found.papers}
        except SourceError as error:
            log.debug("topic %r: interests: %s", topic.title, error)
    if lost := [name for name in missing if name not in known]:
        log.info(
            "topic %r: interests that are not known yet are left out: %s",
            topic.title,
            ", ".join(sorted(lost)),
        )
    return [known[name] for name in ids if name in known]


def _address(paper: Paper) -> str:
    return f"https://arxiv.org/abs/{paper.id}"


def _name(paper: Paper) -> str:
    """Identifies what is compared of a paper."""
    return hashlib.blake2b(
        f"{paper.key}\n{paper.title}\n{paper.abstract}".encode(), digest_size=12
    ).hexdigest()
