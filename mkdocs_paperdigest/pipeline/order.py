"""Which papers of a topic come first, and the reason that a page gives for it."""

import hashlib
import logging
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from mkdocs_paperdigest.arxiv.grammar import explicit
from mkdocs_paperdigest.arxiv.identifiers import parse_id
from mkdocs_paperdigest.errors import ConfigurationError, SourceError
from mkdocs_paperdigest.models import Match, Paper, Reference, Why
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.pipeline.closeness import Closeness, Interests, singular
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import Compared, StoredAnswer
from mkdocs_paperdigest.sources.bibtex_file import read_bytes
from mkdocs_paperdigest.sources.library import Work, read_works
from mkdocs_paperdigest.text import folded

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


def reasons_for(papers: Sequence[Paper], topic: Topic, run: Run) -> dict[str, Why]:
    """Why each paper stands where it does, by key: how close it is to the lab's interests, else what it matched.

    Raises:
        ConfigurationError: A file of the interests cannot be read.
    """
    order = run.options.order
    # Closeness also decides which papers are kept of all that is new.
    close = (
        _closeness(papers, topic, run) if topic.interests and (order != "match" or topic.lists_all) else {}
    )
    terms = dict.fromkeys((*topic.phrases, *_terms(topic, ("ti", "abs", "all"))))
    authors = {name: _name_parts(name) for name in (*topic.authors, *_terms(topic, ("au",)))}
    whys = {}
    for paper in papers:
        near = close.get(paper.key, Closeness(0.0))
        matched = tuple(_matches(paper, terms, authors))
        by = {"match": sum(_WORTH[match.place] for match in matched), "date": 0.0}
        rank = by.get(order or "interest", near.score)
        whys[paper.key] = Why(rank, near.closest if order != "match" else (), matched, near.score)
    return whys


_WORTH = {"title": 2.0, "author": 2.0, "abstract": 1.0}


def _matches(paper: Paper, terms: Iterable[str], authors: Mapping[str, Sequence[str]]) -> Iterator[Match]:
    """The terms of a topic that a paper has; a term in the title is not looked for in the abstract.

    Case and hyphens do not matter, nor whether the last word is in the plural. arXiv finds more: it looks for stems.
    """
    title, abstract = (_spaced(text) if terms else "" for text in (paper.title, paper.abstract))
    for term in terms:
        if _has(title, term):
            yield Match(term, "title")
        elif _has(abstract, term):
            yield Match(term, "abstract")
    names = [_name_parts(name) for name in paper.authors] if authors else []
    for author, parts in authors.items():
        if any(_is_same_name(name, parts) for name in names):
            yield Match(author, "author")


def _terms(topic: Topic, fields: Collection[str]) -> Iterator[str]:
    """What raw queries look for in these fields, without what they exclude."""
    for query in topic.query:
        depth, excluded_from = 0, math.inf
        for found in _TERM.finditer(explicit(query)):
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            if found[0] == "ANDNOT":
                # It is the last operator of its group.
                excluded_from = min(depth, excluded_from)
            elif depth < excluded_from:
                excluded_from = math.inf
                if found["field"] in fields:
                    yield (found["quoted"] or found["word"]).strip("*?")


_TERM = re.compile(r'(?P<field>\w+):(?:"(?P<quoted>[^"]+)"|(?P<word>[^\s()"]+))|[()]|\bANDNOT\b')


def _has(text: str, term: str) -> bool:
    # Looked for as a plain text first: this is done for all papers in every build.
    stem, pattern = _as_words(term)
    return stem in text and pattern.search(text) is not None


@cache
def _as_words(term: str) -> tuple[str, re.Pattern[str]]:
    *first, last = _spaced(term).split()
    stem = " ".join((*first, singular(last)))
    # Only Latin letters have words with ends; Chinese has none.
    return stem, re.compile(rf"(?<![a-z0-9]){re.escape(stem)}(?:e?s)?(?![a-z0-9])")


def _spaced(text: str) -> str:
    return text.lower().replace("-", " ").replace("‐", " ").replace("‑", " ")


def _name_parts(name: str) -> list[str]:
    return [folded(part) for part in re.findall(r"[^\W\d_]+", name)]


def _is_same_name(name: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether a name has all parts of another, in any order; an initial stands for what it begins."""

    def is_same(one: str, other: str) -> bool:
        return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])

    whole = {part for part in wanted if len(part) > 1}
    return not whole.isdisjoint(name) and all(any(is_same(part, one) for one in name) for part in wanted)


def _closeness(papers: Sequence[Paper], topic: Topic, run: Run) -> Mapping[str, Closeness]:
    """By key; empty where the interests name nothing that can be compared."""
    files = [item for item in topic.interests if isinstance(item, Path)]
    contents = [_content(file) for file in files]
    ids = dict.fromkeys(item for item in topic.interests if isinstance(item, str))
    named = [paper for name in ids if (paper := _papers_of_interest(run).get(name))]
    if not named and not contents:
        return {}
    # The interests themselves are read only if there is a paper that was not compared with them yet.
    interests = (
        *(hashlib.sha256(content).hexdigest() for content in contents),
        *(paper.id for paper in named),
    )
    stored = run.shelves.closeness.get(topic)
    known = stored.closeness if stored and stored.interests == interests else {}
    names = {paper.key: _name(paper) for paper in papers}
    if any(name not in known for name in names.values()):
        found = [
            work for file, content in zip(files, contents, strict=True) for work in _works(file, content, run)
        ]
        found += (Work(Reference(paper.title, _address(paper)), paper.abstract) for paper in named)
        # Files overlap, and an id may stand in one of them; the first counts.
        works: dict[str, Work] = {}
        for work in found:
            works.setdefault(work.reference.title.casefold(), work)
        if not works:
            return {}
        lab = Interests(
            [(work.reference, f"{work.reference.title} {work.abstract}") for work in works.values()]
        )
        made = {
            name: known.get(name) or lab.compare(paper.title, paper.abstract, _address(paper))
            for paper in papers
            if (name := names[paper.key])
        }
        known = run.shelves.closeness.put(Compared(interests, made), topic).closeness
    return {paper.key: known[names[paper.key]] for paper in papers}


def _content(file: Path) -> bytes:
    try:
        return read_bytes(file)
    except ValueError as error:
        raise ConfigurationError(f"`interests`: {file}: {error}") from error


def _works(file: Path, content: bytes, run: Run) -> Sequence[Work]:
    known = run.shelves.works.get(content)
    works = (known or run.shelves.works.put(read_works(file), content)).works
    if not works:
        said = "`interests`: %s names no works with a title; check that it is the right file"
        log.log(run.options.log_level, said, file.name)
    return works


def _papers_of_interest(run: Run) -> Mapping[str, Paper]:
    """The papers of arXiv that interests name, by id; one that is not known is asked for once, and kept for good.

    Once per run: topics share the site's interests, and one answer is enough for all of them.
    """
    if run.interests is not None:
        return run.interests
    names = dict.fromkeys(
        name for topic in run.options.topics for name in topic.interests if isinstance(name, str)
    )
    stored = {name: answer for name in names if (answer := run.shelves.interest.get(name))}
    missing = [
        name
        for name in names
        if name not in stored or not (stored[name].papers or run.is_fresh(stored[name].at))
    ]
    # A build that shows an archive alone asks nothing.
    if missing and run.topics and run.session is not None:
        from mkdocs_paperdigest.sources.feed import look_up

        try:
            found = look_up([parse_id(name) for name in missing], run.options, run.session)
        except SourceError as error:
            log.debug("interests: %s", error)
        else:
            for name in missing:
                papers = tuple(paper for paper in found.papers if paper.id == name)
                lines = tuple(line for line in found.left_out if re.sub(r"v\d+$", "", line.key) == name)
                answer = StoredAnswer(papers, run.now, left_out=lines)
                stored[name] = run.shelves.interest.put(answer, name)
    run.interests = {name: answer.papers[0] for name, answer in stored.items() if answer.papers}
    wrong = [name for name, answer in stored.items() if not (answer.papers or answer.left_out)]
    if wrong:
        log.warning("arXiv has no paper %s; correct `interests`", ", ".join(sorted(wrong)))
    if lost := names.keys() - run.interests.keys() - set(wrong):
        log.info("interests that are not known yet are left out: %s", ", ".join(sorted(lost)))
    return run.interests


def _address(paper: Paper) -> str:
    return f"https://arxiv.org/abs/{paper.id}"


def _name(paper: Paper) -> str:
    """Identifies what is compared of a paper."""
    return hashlib.blake2b(
        f"{paper.key}\n{paper.title}\n{paper.abstract}".encode(), digest_size=12
    ).hexdigest()
