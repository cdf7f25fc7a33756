"""The papers of a site as its `papers.json` has them, and which of them a fence or a link means."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from mkdocs_paperdigest.encoding import decode
from mkdocs_paperdigest.markdown.wanted import FenceError, Wanted

VERSION = 1
"""Version of the file's shape."""
_DAMAGED = (
    "is not a list of papers that this version can read; make it again with a build or `paperdigest export`"
)


class PapersError(Exception):
    """There is no readable `papers.json`; says which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the site."""

    slug: str
    page: str = ""
    """Source of its page."""
    set_aside: tuple[str, ...] = ()
    """Ids of papers that the page only names: they were scored as not about the topic."""


@dataclass(frozen=True, slots=True)
class Made:
    """How a summary was made."""

    language: str
    """A BCP 47 code."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper that the digests show."""

    id: str
    title: str
    page: str
    """Source of the page that has its entry, below the folder of all pages."""
    anchor: str
    """The entry's id on it."""
    date: str = ""
    """`2024-10-17`, or only its year or month."""
    authors: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    summary: str | None = None
    """One sentence."""
    made: Made | None = None
    """How the sentence was made."""
    thumbnail: str | None = None
    """Its image, below the folder of all pages."""


@dataclass(frozen=True)
class Papers:
    """All shown papers."""

    version: int
    topics: tuple[Topic, ...]
    papers: tuple[Listed, ...]
    """The newest first."""
    language: str = "en"
    """Of labels and dates, as a BCP 47 code."""

    @cached_property
    def _by_id(self) -> dict[str, Listed]:
        return {paper.id: paper for paper in self.papers}

    def find(self, id_: str) -> Listed | None:
        """The paper with an id; a version after it is left out of account."""
        return self._by_id.get(id_) or self._by_id.get(_without_version(id_))

    def named_on(self, id_: str) -> str | None:
        """The page of the topic that only names a paper, because it set it aside."""
        ids = {id_, _without_version(id_)}
        pages = (topic.page for topic in self.topics if not ids.isdisjoint(topic.set_aside))
        return next(pages, None)

    def unknown(self, id_: str) -> str:
        """What to say of an id that no shown paper has."""
        return f"the digests show no paper `{id_}`{_nearest(id_, self._by_id)}"

    def choose(self, wanted: Wanted) -> Sequence[Listed]:
        """The papers that a fence asks for: ids in its own order, all else with the newest first.

        Raises:
            FenceError: There is no such topic.
        """
        if wanted.ids:
            return [paper for id_ in dict.fromkeys(wanted.ids) if (paper := self.find(id_))]
        if wanted.topic is None:
            return self.papers[: wanted.latest]
        slugs = [topic.slug for topic in self.topics]
        if wanted.topic not in slugs:
            cure = _nearest(wanted.topic, slugs) or f"; known: {', '.join(slugs)}"
            raise FenceError(f"the digests have no topic `{wanted.topic}`{cure}", wanted.lines[0])
        papers = [paper for paper in self.papers if any(topic.slug == wanted.topic for topic in paper.topics)]
        return papers[: wanted.latest]


def read_papers(path: Path) -> Papers:
    """Reads `papers.json`, once for each state of the file.

    Raises:
        PapersError: There is no such file, or it is not ours.
    """
    try:
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise PapersError(
            f"{path}: {error.strerror}; build the site or run `paperdigest export` first"
        ) from error
    except ValueError as error:
        raise PapersError(f"{path} {_DAMAGED}") from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed_ns: int, _size: int) -> Papers:
    papers = decode(path.read_bytes(), Papers)
    if papers.version != VERSION:
        raise PapersError(f"{path} {_DAMAGED}")
    return papers


def _without_version(id_: str) -> str:
    """An arXiv id as people write it, `arXiv:2410.13726v2`, without what only names its version."""
    return re.sub(r"v\d+$", "", id_.removeprefix("arXiv:"))


def _nearest(wanted: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(wanted, list(known), 1, 0.8)
    return f"; did you mean `{near[0]}`?" if near else ""
