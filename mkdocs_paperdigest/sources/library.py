"""A BibTeX file as a source of papers: a lab's own reports, and papers that arXiv has."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, unquote

from mkdocs_paperdigest.arxiv.identifiers import find_id, parse_id
from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import YEARS, Citation, LedgerLine, Paper, Reference
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.sources.latex import latex_as_text
from mkdocs_paperdigest.text import CJK, plain_text

if TYPE_CHECKING:
    from mkdocs_paperdigest.sources.bibtex import Block


@dataclass(frozen=True, slots=True)
class Library:
    """The papers that a BibTeX file names."""

    papers: tuple[Paper, ...]
    """Papers that are not on arXiv, in the file's order."""
    arxiv_ids: tuple[str, ...]
    """Identifiers of the papers on arXiv, which has more facts about them than the file."""
    citations: dict[str, Citation] = field(default_factory=dict)
    """How the file cites those of arXiv, by identifier without version."""
    left_out: tuple[LedgerLine, ...] = ()
    """Entries that cannot be shown, and why."""
    remarks: tuple[LedgerLine, ...] = ()
    """Entries that are shown although something is wrong with them, by the ids of their papers."""
    missing: tuple[Path, ...] = ()
    """PDFs that `file` names in the library's folder and that are not there yet."""


def read_library(path: Path, *, topic: str) -> Library:
    """Reads a BibTeX (or BibLaTeX) file.

    An entry that names a paper of arXiv is that paper. Any other needs a title and a year; its PDF, if it has
    one, is named by `file`, relative to the BibTeX file and not outside its folder (a plain path, or as
    JabRef, Zotero and Mendeley write it).

    Arguments:
        path: The file.
        topic: Title of the topic that uses the file, for messages.

    Raises:
        ConfigurationError: The file cannot be read; the message names topic and file.
    """
    from mkdocs_paperdigest.sources.bibtex import read_blocks

    try:
        entries = [_Entry(block) for block in read_blocks(path)]
    except ValueError as error:
        raise ConfigurationError(f"topic {topic!r}: library {path}: {error}") from error
    reports: dict[str, Paper] = {}
    citations: dict[str, Citation] = {}
    arxiv_ids: dict[str, None] = {}
    left_out, remarks, missing = [], [], []
    keys: set[str] = set()
    for entry in entries:
        line = entry.block.line
        if entry.block.damaged:
            left_out.append(entry.line(Reason(ReasonCode.BIB_UNREADABLE, line=line)))
        elif entry.block.key in keys:
            left_out.append(entry.line(Reason(ReasonCode.BIB_TWICE, line=line)))
        elif arxiv_id := entry.arxiv_id():
            keys.add(entry.block.key)
            arxiv_ids[arxiv_id] = None
            citations.setdefault(parse_id(arxiv_id).id, entry.citation())
        elif reason := entry.fault():
            left_out.append(entry.line(reason))
        else:
            keys.add(entry.block.key)
            files = _Files(path.parent, entry.block.fields.get("file", ""))
            paper = entry.report(reports.keys(), files.pdf)
            reports[paper.id.casefold()] = paper
            missing += files.missing
            if wrong := tuple(filter(None, (files.reason, entry.without_macros()))):
                remarks.append(LedgerLine(paper.id, paper.title, "shown", wrong))
    return Library(
        tuple(reports.values()), tuple(arxiv_ids), citations, tuple(left_out), tuple(remarks), tuple(missing)
    )


@dataclass(frozen=True, slots=True)
class Work:
    """An entry of a library as an example of what a lab works on."""

    reference: Reference
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class Works:
    """What a lab works on, as a BibTeX file shows it."""

    works: tuple[Work, ...]


def read_works(path: Path) -> Works:
    """All works with a title that a BibTeX (or BibLaTeX) file names, each title once.

    Raises:
        ConfigurationError: The file cannot be read.
    """
    from mkdocs_paperdigest.sources.bibtex import read_blocks

    try:
        entries = [_Entry(block) for block in read_blocks(path)]
    except ValueError as error:
        raise ConfigurationError(f"`interests`: {path}: {error}") from error
    works: dict[str, Work] = {}
    for entry in entries:
        if not entry.block.damaged and (title := entry.title()):
            works.setdefault(
                title.casefold(), Work(Reference(title, entry.address()), entry.prose("abstract"))
            )
    return Works(tuple(works.values()))


@dataclass(frozen=True, slots=True)
class _Entry:
    block: "Block"

    def line(self, reason: Reason) -> LedgerLine:
        """The line of the ledger for an entry that is not shown."""
        key = plain_text(self.block.key)[:_LONGEST_KEY]
        reasons = filter(None, (reason, self.without_macros()))
        return LedgerLine(key, self.title(), "filtered", tuple(reasons))

    def fault(self) -> Reason | None:
        """Why the entry cannot be shown, or None."""
        if not _as_id(self.block.key):
            return Reason(ReasonCode.BIB_NO_KEY, line=self.block.line)
        if not self.title():
            return Reason(ReasonCode.BIB_NO_TITLE)
        return Reason(ReasonCode.BIB_NO_YEAR) if self.published() is None else None

    def without_macros(self) -> Reason | None:
        """The macros that the entry uses and the file does not define."""
        names = ", ".join(plain_text(name)[:40] for name in self.block.undefined[:5])
        return Reason(ReasonCode.BIB_MACROS, names=names) if names else None

    def arxiv_id(self) -> str | None:
        """The arXiv identifier, in whatever field a program exports it, or None."""
        get = {name: _bare(value) for name, value in self.block.fields.items()}.get
        kind = get("archiveprefix") or get("eprinttype") or get("archive") or ""
        eprint = get("eprint") or ""
        if eprint and (not kind or "arxiv" in kind.lower()):
            # INSPIRE used to export the number of an old identifier apart from its archive.
            archive = (get("primaryclass") or get("eprintclass") or "").partition(".")[0]
            if found := _id(eprint) or _id(f"{archive}/{eprint}" if archive else ""):
                return found
        if found := _id(get("arxivid") or "") or _id(get("arxiv") or ""):
            return found
        if _ARXIV_DOI.search(get("doi") or "") and (found := _id(get("doi") or "")):
            return found
        url = self.url() or get("url") or ""
        if "arxiv.org/" in url.lower() and (found := _id(url.lower())):
            return found
        for name in _NAMES_ARXIV:
            if (stated := _STATED.search(get(name) or "")) and (found := _id(stated["id"])):
                return found
        # DBLP: `journal = {CoRR}, volume = {abs/1706.03762}`; Semantic Scholar: `journal = {ArXiv}`.
        if (get("journal") or "").lower() in ("corr", "arxiv") and "abs/" in (get("volume") or ""):
            return _id((get("volume") or "").rpartition("abs/")[2])
        return None

    def report(self, taken: Iterable[str], pdf: Path | None) -> Paper:
        """The entry as a paper that is not on arXiv.

        Arguments:
            taken: Ids of the reports before it, case-folded.
            pdf: Its file.
        """
        published = self.published()
        assert published is not None
        day, precision = published
        doi = self.doi()
        return Paper(
            id=self.id(taken),
            version=0,
            title=self.title(),
            authors=tuple(self.authors()),
            abstract=self.prose("abstract"),
            published=day,
            updated=day,
            categories=tuple(filter(None, map(str.strip, re.split("[,;]", self.prose("keywords"))))),
            comment=self.prose("note") or None,
            journal_ref=next(filter(None, map(self.prose, _PUBLISHED_IN)), None),
            doi=doi,
            url=self.address(),
            pdf=pdf,
            date_precision=precision,
            institution=self.prose("institution") or self.prose("school") or None,
            citation=self.citation(),
        )

    def citation(self) -> Citation:
        """The entry as the topic's own BibTeX file gives it back, without the names of files of a machine."""
        fields = {
            name: value
            for name, value in self.block.fields.items()
            if value and not _OF_A_MACHINE.match(name)
        }
        if doi := self.doi():
            fields["doi"] = doi
        for role in {"author", "editor"} & fields.keys():
            fields[role] = " and ".join(_names(fields[role]))
        return Citation(self.block.type, self.block.key, fields)

    def id(self, taken: Iterable[str]) -> str:
        """The key as one segment of paths and URLs that is valid on every system and not taken."""
        name = _as_id(self.block.key)
        # They would share a folder on macOS and Windows.
        if name.casefold() in taken:
            name = f"{name}-{hashlib.sha256(self.block.key.encode()).hexdigest()[:6]}"
        return f"{name}-" if name.partition(".")[0].lower() in _RESERVED else name

    def title(self) -> str:
        """The title; a collection may have only the `booktitle` that its parts cite."""
        whole = self.block.type in ("proceedings", "collection", "book")
        return self.prose("title") or (self.prose("booktitle") if whole else "")

    def authors(self) -> Iterator[str]:
        """Names with first names first; BibTeX's `others` is not a name."""
        field = self.block.fields.get("author") or self.block.fields.get("editor") or ""
        for name in _names(field):
            plain = latex_as_text(name)
            if _EAST_ASIAN.fullmatch(plain):
                # Both 王, 小明 and 王 小明 become 王小明: the family name first, without a space.
                plain = re.sub(r"[\s,]", "", plain)
            else:
                plain = latex_as_text(_first_names_first(name))
            if plain and plain != "others":
                yield plain

    def published(self) -> tuple[datetime, Literal["day", "month", "year"]] | None:
        """Midnight UTC of the date, or of a day that represents its month or year; and the precision."""
        if date := _DATE.match(self.prose("date")):
            year, month, day = date["year"], date["month"] or "", date["day"] or ""
        else:
            fields = map(self.prose, ("year", "date", "month"))
            found = next(filter(None, map(_YEAR.search, fields)), None)
            if not found:
                return None
            year, (month, day) = found[0], self.month()
        if int(year) not in YEARS:
            return None
        # If there is no such day or month (2021-21 is a spring), the year is still true.
        for parts in ((month, day), (month, ""), ("", "")):
            try:
                if all(parts):
                    return datetime(int(year), int(month), int(day), tzinfo=UTC), "day"
                if parts[0]:
                    return _first_week(int(year), int(month)), "month"
                if parts == ("", ""):
                    # 4 January is always in the first ISO week.
                    return datetime(int(year), 1, 4, tzinfo=UTC), "year"
            except (ValueError, OverflowError):
                continue
        return None

    def month(self) -> tuple[str, str]:
        """The numbers of month and day, empty if the fields are not (`spring`)."""
        text, day = self.prose("month").lower(), self.prose("day")
        day = day if day.isdecimal() else ""
        for word in re.findall(r"[a-z]{3,}", text):
            if word[:3] in _MONTHS:
                number = re.search(r"(?<!\d)\d{1,2}(?!\d)", text)
                return str(_MONTHS.index(word[:3]) + 1), day or (number[0] if number else "")
        return (text, day) if text.isdecimal() and len(text) < 3 else ("", "")

    def doi(self) -> str | None:
        """The DOI without the resolver's address; None if the field holds none."""
        text = _bare(self.block.fields.get("doi", ""))
        found = _DOI.search(unquote(text) if "%2f" in text.lower() else text)
        return found[0].rstrip(".,;") if found else None

    def url(self) -> str | None:
        """The URL of the landing page."""
        text = _bare(self.block.fields.get("url", ""))
        if found := re.search(r"https?://\S+", text, re.IGNORECASE):
            return found[0]
        return f"http://{text}" if re.match(r"www\.[\w-]+\.\S+$", text, re.IGNORECASE) else None

    def address(self) -> str | None:
        """Where the work can be found: on arXiv, at its own URL, or by its DOI."""
        if arxiv_id := self.arxiv_id():
            return f"https://arxiv.org/abs/{arxiv_id}"
        doi = self.doi()
        return self.url() or (f"https://doi.org/{quote(doi, safe='/')}" if doi else None)

    def prose(self, name: str) -> str:
        """A field as plain text; empty if there is no such field."""
        return latex_as_text(self.block.fields.get(name, ""))


class _Files:
    """The first PDF that a `file` field names.

    Arguments:
        folder: Of the library; no file outside it is looked at.
        field: As it stands in the entry.
    """

    def __init__(self, folder: Path, field: str) -> None:
        self.pdf: Path | None = None
        self.reason: Reason | None = None
        self.missing: list[Path] = []
        names = [name for name in _files(field) if name.lower().endswith(".pdf")]
        if names:
            self._find(folder, names[0], field)

    def _find(self, folder: Path, name: str, field: str) -> None:
        root = folder.resolve()
        # Programs write umlauts as such, in either normal form, or as LaTeX.
        decoded = next((one for one in _files(_latex_in_file(field)) if one.lower().endswith(".pdf")), name)
        for spelling in dict.fromkeys((name, decoded)):
            composed = unicodedata.normalize("NFC", spelling)
            for written in (spelling, composed, unicodedata.normalize("NFD", composed)):
                try:
                    path = (root / written).resolve()
                    is_file = path.is_relative_to(root) and path.is_file()
                except (OSError, ValueError):  # the name is not valid on this system
                    continue
                if is_file:
                    self.pdf, self.reason, self.missing = path, None, []
                    return
                if not path.is_relative_to(root):
                    self.reason = Reason(ReasonCode.BIB_FILE_OUTSIDE, file=plain_text(name)[:200])
                    continue
                if path not in self.missing:
                    self.missing.append(path)
        if self.reason is None:
            self.reason = Reason(ReasonCode.BIB_FILE_MISSING, file=plain_text(name)[:200])


def _files(field: str) -> Iterator[str]:
    """The paths in a `file` field: `a.pdf`, `:a.pdf:PDF`, `Full Text:a.pdf:application/pdf;...`."""
    field = re.sub(r"\$\\backslash\$|\{\\textbackslash\}", r"\\\\", field[:10_000])  # Mendeley
    field = re.sub(r"\{(\\?[_&%#])\}", r"\1", field)
    for item in re.split(r"(?<!\\);", field):
        parts = re.split(r"(?<!\\):(?!\\\\)", item)
        path = parts[0] if len(parts) == 1 else ":".join(parts[1:-1] or parts[1:])
        yield re.sub(r"\\([:;_&%#{}$\\])", r"\1", path).replace("\\", "/").strip()


def _latex_in_file(field: str) -> str:
    """The field with LaTeX's accents as characters; only they hold quotes or letters behind a backslash."""
    return re.sub(
        r"\{\\[^{}\\]{1,3}\{?[^{}\\]{0,2}\}?\}", lambda found: latex_as_text(found[0]), field[:10_000]
    )


def _names(field: str) -> list[str]:
    """The names in an `author` field, also where commas or semicolons part them as in prose."""
    field = " ".join(field[:_LONGEST_AUTHORS].split())
    names = _split(field, " and ")
    if len(names) == 1 and ";" in field:
        names = _split(field, ";")
    found = []
    for name in names:
        parts = [part.strip() for part in _split(name, ",")]
        # `J. Smith, M. Doe, and K. Roe`: BibTeX knows two commas in a name at most, and none at its end.
        whole = [part for part in parts if part]
        if len(parts) > 3 or (len(parts) > 1 and not parts[-1] and len(names) > 1):
            found += whole if all(" " in part or "." in part for part in whole) else [name]
        else:
            found.append(", ".join(whole))
    return [name for name in (re.sub(r"^and\s+|\s+and$", "", name) for name in found) if name != "and"]


def _split(text: str, separator: str) -> list[str]:
    """The parts of a text between separators that stand in no braces."""
    parts, depth, begin = [], 0, 0
    pattern = re.compile(rf"\\.|[{{}}]|{separator}", re.IGNORECASE)
    place = 0
    while found := pattern.search(text, place):
        place = found.end()
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0 and not found[0].startswith("\\"):
            parts.append(text[begin : found.start()])
            begin = place
            place -= separator.endswith(" ")  # `a and and b`
    return [part for part in map(str.strip, (*parts, text[begin:])) if part or separator == ","]


def _first_names_first(name: str) -> str:
    """`Gödel, Kurt` and `Smith, Jr, John` as they are said; what is in braces stays together."""
    parts = [part.strip() for part in _split(name, ",")]
    if len(parts) == 2:
        parts = [parts[1], parts[0]]
    elif len(parts) == 3:
        parts = [parts[2], parts[0], parts[1]]
    return " ".join(filter(None, parts))


def _bare(value: str) -> str:
    """A field that is no prose (an address, an identifier), without LaTeX's signs around its characters."""
    value = re.sub(r"\\href\s*\{+([^{}]*)\}+\s*(?=\{)", r"\1 ", value[:5000])
    value = re.sub(r"\\(?:url|path|nolinkurl)\s*(?=\{)|\\-", "", value)
    value = value.replace(r"\textunderscore", "_").replace(r"\textasciitilde", "~")
    return plain_text(re.sub(r"\\([_%&#~$])|[{}]", r"\1", value))


def _id(text: str) -> str | None:
    found = find_id(re.sub(r"[?#].*|\s*\[[\w.-]+\]$", "", text))
    return str(found) if found else None


def _as_id(key: str) -> str:
    return re.sub(r"[^\w.-]+", "-", plain_text(key)).strip("-.")[:_LONGEST_KEY]


_LONGEST_KEY = 120
_LONGEST_AUTHORS = 200_000
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_STATED = re.compile(
    r"(?:\barxiv:\s*|arxiv\.org/(?:abs|pdf)/|\barxiv (?:e-prints?|preprint):?\s+|^abs/)"
    r"(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[a-z-]+)?/\d{7}(?:v\d+)?)(?![\w.]?\d)",
    re.IGNORECASE,
)
# Where Google Scholar, ADS, Zotero and people put arXiv's number.
_NAMES_ARXIV = (
    "journal", "journaltitle", "booktitle", "howpublished", "eid", "pages", "number", "volume", "note", "publisher",
    "series", "type", "institution",
)  # fmt: skip
_OF_A_MACHINE = re.compile(r"file$|pdf$|localfile$|local-url$|bdsk-file", re.IGNORECASE)
_DATE = re.compile(
    r"[~\s]*(?P<year>\d{4})[?~%]?(?:-(?P<month>\d\d)[?~%]?)?(?:-(?P<day>\d\d))?(?!\d)", re.ASCII
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
# Names also contain the iteration mark (佐々木) and characters outside the Basic Multilingual Plane.
_EAST_ASIAN = re.compile(f"[{CJK}\u3005\U00020000-\U0003ffff ,]+")
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
