"""Reads papers from a BibTeX file: a lab's own reports, and arXiv papers by their `eprint`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from mkdocs_paperdigest.arxiv.identifiers import parse_id
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.sources.bibtex import Block, latex_decoder, read_blocks
from mkdocs_paperdigest.text import CJK, plain_text


@dataclass(frozen=True, slots=True)
class Library:
    """The papers that a BibTeX file names."""

    papers: tuple[Paper, ...]
    """Papers that are not on arXiv, in the file's order."""
    arxiv_ids: tuple[str, ...]
    """Identifiers of the papers on arXiv, which has more facts about them than the file."""


def read_library(path: Path, *, topic: str) -> Library:
    """Reads a BibTeX (or BibLaTeX) file.

    An entry with an arXiv `eprint` is an arXiv paper. Any other entry is a local report and needs a title
    and a year. Its `file` may name a PDF, relative to the BibTeX file and inside its folder: a plain path,
    or as JabRef and Zotero write it.

    Arguments:
        path: The file.
        topic: Title of the topic that uses the file, for messages.

    Raises:
        ConfigurationError: The file or an entry is wrong; the message names topic, file and entry.
    """
    try:
        reports, arxiv_ids = [], []
        decode = latex_decoder()
        for block in read_blocks(path):
            entry = _Entry(block, decode)
            if arxiv_id := entry.arxiv_id():
                arxiv_ids.append(arxiv_id)
            else:
                reports.append(entry.report(path.parent))
        _reject_twins(reports)
    except ValueError as error:
        raise ConfigurationError(f"topic {topic!r}: library {path}: {error}") from error
    return Library(tuple(reports), tuple(dict.fromkeys(arxiv_ids)))


@dataclass(frozen=True, slots=True)
class _Entry:
    block: Block
    decode: Callable[[str], str]
    """Turns LaTeX into plain text."""

    def arxiv_id(self) -> str | None:
        """The arXiv identifier, or None if the entry is not an arXiv paper."""
        eprint = self.block.fields.get("eprint", "")
        kind = self.block.fields.get("archiveprefix") or self.block.fields.get("eprinttype") or ""
        if eprint and kind.lower() in {"", "arxiv"}:
            try:
                return str(parse_id(eprint))
            except ValueError as error:
                if kind:
                    raise self.wrong(f"`eprint`: {error}") from error
        doi = self.block.fields.get("doi", "")
        return str(parse_id(doi)) if _ARXIV_DOI.search(doi) else None

    def report(self, folder: Path) -> Paper:
        """The entry as a paper that is not on arXiv."""
        title = self.prose("title")
        if not title:
            raise self.wrong("`title` is missing; add one")
        doi = plain_text(self.block.fields.get("doi", "")).removeprefix("https://doi.org/") or None
        published, precision = self.published()
        return Paper(
            id=self.id(),
            version=0,
            title=title,
            authors=tuple(self.authors()),
            abstract=self.prose("abstract"),
            published=published,
            updated=published,
            categories=tuple(filter(None, map(str.strip, re.split("[,;]", self.prose("keywords"))))),
            comment=self.prose("note") or None,
            journal_ref=next(filter(None, map(self.prose, _PUBLISHED_IN)), None),
            doi=doi,
            url=self.url() or (f"https://doi.org/{doi}" if doi else None),
            pdf=self.pdf(folder),
            date_precision=precision,
            institution=self.prose("institution") or self.prose("school") or None,
        )

    def id(self) -> str:
        """The key as one segment of paths and URLs that is valid on every system."""
        name = re.sub(r"[^\w.-]+", "-", plain_text(self.block.key)).strip("-.")
        if not name:
            raise self.wrong("its key has neither letters nor digits; give it another")
        return f"{name}-" if name.partition(".")[0].lower() in _RESERVED else name

    def authors(self) -> Iterator[str]:
        """Names with first names first; BibTeX's `others` is not a name."""
        from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

        field = self.block.fields.get("author") or self.block.fields.get("editor") or ""
        for name in split_multiple_persons_names(field):
            parts = parse_single_name_into_parts(name, strict=False)
            plain = self.decoded(parts.merge_first_name_first)
            if _EAST_ASIAN.fullmatch(plain):
                # Both 王, 小明 and 王 小明 become 王小明: the family name first, without a space.
                plain = re.sub(r"[\s,]", "", self.decoded(name))
            if plain and plain != "others":
                yield plain

    def published(self) -> tuple[datetime, Literal["day", "month", "year"]]:
        """Midnight UTC of the date, or of a day that represents its month or year; and the precision."""
        if date := _DATE.match(self.block.fields.get("date", "")):
            year, month, day = date["year"], date["month"] or "", date["day"] or ""
        else:
            found = re.search(r"\d{4}", self.block.fields.get("year", ""), re.ASCII)
            if not found:
                raise self.wrong("`year` is missing; add one such as 2024, or `date = {2024-10-19}`")
            year, month, day = found[0], self.month(), self.block.fields.get("day", "")
        try:
            if month and day:
                return datetime(int(year), int(month), int(day), tzinfo=UTC), "day"
            if month:
                return _first_week(int(year), int(month)), "month"
            # 4 January is always in the first ISO week.
            return datetime(int(year), 1, 4, tzinfo=UTC), "year"
        except ValueError:
            written = "-".join(filter(None, (year, month, day)))
            raise self.wrong(f"{written} is not a date; correct it") from None

    def month(self) -> str:
        """The month's number, or an empty string if the field is not a month (`spring`)."""
        text = plain_text(self.block.fields.get("month", "")).lower()
        if text[:3] in _MONTHS:
            return str(_MONTHS.index(text[:3]) + 1)
        return text if text.isdecimal() else ""

    def url(self) -> str | None:
        """The URL of the landing page."""
        url = plain_text(re.sub(r"\\([_%&#~])", r"\1", self.block.fields.get("url", "")))
        if url and not re.match("https?://", url, re.IGNORECASE):
            raise self.wrong(f"`url = {{{url}}}` does not begin with https://")
        return url or None

    def pdf(self, folder: Path) -> Path | None:
        """The first PDF that `file` names."""
        names = [name for name in _files(self.block.fields.get("file", "")) if name.lower().endswith(".pdf")]
        if not names:
            return None
        path, root = (folder / names[0]).resolve(), folder.resolve()
        if not path.is_relative_to(root):
            raise self.wrong(f"`file = {{{names[0]}}}` lies outside {root}; move the PDF into it")
        if not path.is_file():
            raise self.wrong(f"`file = {{{names[0]}}}`: there is no {path}; add it or correct `file`")
        return path

    def prose(self, name: str) -> str:
        """A field as plain text; empty if there is no such field."""
        return self.decoded(self.block.fields.get(name, ""))

    def decoded(self, text: str) -> str:
        """LaTeX as plain text; formulas stay as they are."""
        if not re.search(r"[\\{}~%]|``|''|--", text):
            return plain_text(text)
        # In BibTeX, unlike LaTeX, a percent sign does not begin a comment.
        return plain_text(self.decode(re.sub(r"(?<!\\)%", r"\\%", text)))

    def wrong(self, problem: str) -> ValueError:
        """An error that names this entry."""
        return ValueError(f"entry {self.block.key!r} (line {self.block.line}): {problem}")


_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
_DATE = re.compile(r"[~\s]*(?P<year>\d{4})(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?", re.ASCII)
# Names also contain the iteration mark (佐々木) and characters outside the Basic Multilingual Plane.
_EAST_ASIAN = re.compile(f"[{CJK}\u3005\U00020000-\U0003ffff ]+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PUBLISHED_IN = ("journal", "journaltitle", "booktitle")
# Windows reserves these file names for devices.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)


def _first_week(year: int, month: int) -> datetime:
    """The first day of the month whose ISO week belongs to the month too: its Thursday is in the month."""
    first = datetime(year, month, 1, tzinfo=UTC)
    weekday = first.isoweekday()
    return first if weekday <= 4 else first + timedelta(days=8 - weekday)


def _reject_twins(reports: list[Paper]) -> None:
    seen: dict[str, str] = {}
    for paper in reports:
        # They would share a folder on macOS and Windows.
        twin = seen.setdefault(paper.id.casefold(), paper.id)
        if twin is not paper.id:
            raise ValueError(f"the keys of {twin!r} and {paper.id!r} are too much alike; rename one")


def _files(field: str) -> Iterator[str]:
    """The paths in a `file` field: `a.pdf`, `:a.pdf:PDF`, `Full Text:a.pdf:application/pdf;...`."""
    for item in re.split(r"(?<!\\);", field):
        parts = re.split(r"(?<!\\):", item)
        path = parts[0] if len(parts) == 1 else ":".join(parts[1:-1] or parts[1:])
        yield plain_text(re.sub(r"\\([:;_&%#{}$\\])", r"\1", path)).replace("\\", "/")
