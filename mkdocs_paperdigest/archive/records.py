"""One paper's record in the archive: YAML that people edit, with fingerprints that show what they changed.

A record holds what a page shows of a paper. `generated` has a fingerprint of each field as it was
written; a field whose content no longer matches was changed by a person, and stays as it is for good.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mkdocs_paperdigest.archive.strict_yaml import (
    MOST_BYTES,
    MOST_CHARACTERS,
    Place,
    Written,
    read_yaml,
    texts,
    write_yaml,
)
from mkdocs_paperdigest.encoding import to_plain
from mkdocs_paperdigest.models import YEARS, Changes, Document, Paper, Summary, in_utc
from mkdocs_paperdigest.reasons import Reason
from mkdocs_paperdigest.storage.layout import IMAGE_NAME
from mkdocs_paperdigest.storage.migrations import RECORD_SCHEMA, RECORD_STEPS, RecordStep

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

Plain = dict[str, Any]
"""A record as YAML has it: mappings, lists, and JSON's scalars."""


@dataclass(frozen=True, slots=True)
class Record:
    """A paper as the archive keeps it."""

    paper: Paper
    """Without the local file."""
    hidden: bool = False
    """Not shown, and no longer worked on."""
    pinned: bool = False
    """Shown under its topics although their sources no longer list it."""
    notes: str = ""
    """A person's own words."""
    topics: tuple[str, ...] = ()
    """Slugs of the topics that list it."""
    relevance: dict[str, int] = field(default_factory=dict)
    """0-10 by the slug of each topic that it was judged for."""
    trouble: tuple[Reason, ...] = ()
    """Why something is missing, as of the last update."""
    summary: Summary | None = None
    document: Document | None = None
    changes: Changes | None = None
    """What is new in this version of the paper."""
    generated: dict[str, str] = field(default_factory=dict)
    """Fingerprints of the fields as they were written, by section and name."""


def read_record(text: bytes, file: Path, steps: tuple[RecordStep, ...] = RECORD_STEPS) -> Record:
    """A record as it stands in a file, of this version or an older one.

    Arguments:
        text: Content of the file.
        file: Its path, for messages; its name must be the paper's id.
        steps: How records of older versions are brought up to date.

    Raises:
        ConfigurationError: It is not a record; file, line and field are named.
    """
    written = read_yaml(text, file)
    if not isinstance(written.content, dict):
        raise written.wrong((), "a record is a mapping with `paper`, `summary` and `document`")
    _check_lengths(written)
    record = _in_utc(written.read(Record, _in_our_version(written, steps)), file)
    if record.paper.pdf is not None:
        raise written.wrong(("paper", "pdf"), "records name no files; the library does")
    if f"{record.paper.slug}.yaml" != file.name:
        raise written.wrong(("paper", "id"), f"{record.paper.id} belongs into {record.paper.slug}.yaml")
    for number, figure in enumerate(record.document.figures if record.document else ()):
        for size, name in (("image", figure.image), ("small", figure.small)):
            if name is not None and not IMAGE_NAME.fullmatch(name):
                place = ("document", "figures", number, size)
                raise written.wrong(place, f"{name!r} is not such a name as fig-1.webp")
    return record


def write_record(record: Record, old: Record | None = None) -> bytes | None:
    """The content of a record's file, or None where the old file need not change.

    Arguments:
        record: What a page shows of the paper now.
        old: The record that is there already; what a person changed in it is taken over.
    """
    content = b""
    # What is written must be readable, however long the texts are that a paper or a model made up.
    for most in (MOST_CHARACTERS, MOST_CHARACTERS // 10, MOST_CHARACTERS // 100):
        plain = _fingerprinted(_cut(_plain(record), most))
        if old is not None:
            before = _ordered(_plain(old))
            plain = _merged(before, plain)
            if _ordered(plain) == before:
                return None
        content = f"{_HEADING}{write_yaml(_ordered(plain))}".encode()
        if len(content) <= MOST_BYTES:
            break
    return content


def _cut(value: Any, most: int, place: Place = ()) -> Any:
    """The value with every text within its bound."""
    if isinstance(value, dict):
        return {name: _cut(part, most, (*place, name)) for name, part in value.items()}
    if isinstance(value, list):
        return [_cut(part, most, (*place, number)) for number, part in enumerate(value)]
    return value[: _most(place, most)] if isinstance(value, str) else value


def _check_lengths(written: Written) -> None:
    for place, text in texts(written.content):
        if len(text) > (most := _most(place, MOST_CHARACTERS)):
            raise written.wrong(
                place, f"{len(text):,} characters are more than the {most:,} that it may have"
            )


def _most(place: Place, most: int) -> int:
    """Characters that a text may have: a library's own field may list thousands of authors."""
    return 4 * most if place[:2] == ("paper", "citation") else most


def fields_of_people(record: Record, section: str = "summary") -> frozenset[str]:
    """Names of the fields of a section that people have changed since they were written."""
    before = _fields(_plain(record))
    touched = (
        path
        for path in {*before, *record.generated}
        if _fingerprint(before.get(path)) != record.generated.get(path, _NOTHING)
    )
    return frozenset(path.removeprefix(f"{section}.") for path in touched if path.startswith(f"{section}."))


def _in_our_version(written: Written, steps: tuple[RecordStep, ...]) -> Plain:
    """The content of a record without its version, in the current shape."""
    content: Plain = dict(written.content)
    done = written.version(content.pop("schema", None), newest=len(steps) + 1) - 1
    if done == len(steps):
        return content
    try:
        return _migrated(content, steps[done:])
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        problem = f"a record of version {done + 1} does not look like this; delete it, or mend it"
        raise written.wrong(("schema",), problem) from error


def _migrated(old: Plain, steps: tuple[RecordStep, ...]) -> Plain:
    """The record in its new shape; the fingerprints still show what a person changed. No step renames a field."""
    before, written = _fields(old), old.get("generated", {})
    untouched = {path for path, value in before.items() if _fingerprint(value) == written.get(path)}
    new = old
    for step in steps:
        new = step(new)
    prints = {path: _fingerprint(value) for path, value in _fields(new).items() if path in untouched}
    touched = {path: stamp for path, stamp in written.items() if path not in untouched}
    return {**new, "generated": {**touched, **prints}}


def _merged(old: Plain, new: Plain) -> Plain:
    """The new record with the fields of the old one that a person changed."""
    before, after = _fields(old), _fields(new)
    written = old.get("generated", {})
    touched = {
        path for path in {*before, *written} if _fingerprint(before.get(path)) != written.get(path, _NOTHING)
    }
    # What a person wrote into a section outlives the section; the rest of it stays too, to make sense of it.
    left_alone = {path.partition(".")[0] for path in touched & before.keys()} - new.keys()
    merged: Plain = {}
    prints: dict[str, str] = {}
    for path in dict.fromkeys([*after, *before, *sorted(touched)]):
        is_touched = path in touched or path.partition(".")[0] in left_alone
        value = before.get(path) if is_touched else after.get(path)
        stamp = written.get(path, _NOTHING) if is_touched else _fingerprint(value)
        if stamp != _NOTHING:
            prints[path] = stamp
        if value is not None:
            section, _, name = path.rpartition(".")
            (merged.setdefault(section, {}) if section else merged)[name] = value
    kept = {name: old[name] for name in _PERSONAL if name in old}
    return {**merged, **kept, "trouble": new.get("trouble"), "generated": prints}


def _fingerprinted(plain: Plain) -> Plain:
    prints = {path: _fingerprint(value) for path, value in _fields(plain).items()}
    return {**plain, "generated": prints}


def _fields(plain: Plain) -> dict[str, Any]:
    """Every field that can be changed on its own, by its path; sections have one field a key."""
    fields: dict[str, Any] = {}
    for name, value in plain.items():
        if name in _SECTIONS:
            fields |= {f"{name}.{inner}": part for inner, part in (value or {}).items()}
        elif name not in (*_PERSONAL, "trouble", "schema", "generated"):
            fields[name] = value
    return fields


def _fingerprint(value: Any) -> str:
    if value is None:
        return _NOTHING
    canonical = json.dumps(_as_text(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def _as_text(value: Any) -> Any:
    """The value as `read_yaml` gives it, so that unchanged fields are recognized before values have types."""
    if isinstance(value, dict):
        return {name: _as_text(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part) for part in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None else str(value)


def _plain(record: Record) -> Plain:
    """The record as YAML has it, without empty fields; times to the second."""
    summary = record.summary
    if summary is not None:
        summary = replace(summary, made_at=summary.made_at.replace(microsecond=0))
    record = replace(record, summary=summary, paper=replace(record.paper, pdf=None))
    return dict(to_plain(record))


def _ordered(plain: Plain) -> Plain:
    """In the order of declaration; what people edit comes first, even where it is empty."""
    personal = {"schema": RECORD_SCHEMA, "hidden": False, "pinned": False, "notes": ""}
    rest = ("topics", "relevance", "trouble", "paper", "changes", "summary", "document", "generated")
    ordered: Plain = {name: plain.get(name, empty) for name, empty in personal.items()}
    for name in rest:
        value = plain.get(name)
        if name in _SECTIONS and value:
            # Required fields come first, as records have always been written: diffs stay small.
            known = sorted(fields(_SECTIONS[name]), key=lambda one: one.default is not MISSING)
            value = {one.name: value[one.name] for one in known if one.name in value}
        if name == "generated" and value:
            value = dict(sorted(value.items()))
        if value:
            ordered[name] = value
    return ordered


def _in_utc(record: Record, file: Path) -> Record:
    """The record with every time in UTC, within the years that pages know."""
    for name in ("published", "updated"):
        moment = getattr(record.paper, name)
        if moment.year not in YEARS:
            years = f"{YEARS[0]} to {YEARS[-1]}"
            log.info(
                "%s: `paper.%s: %s` is outside the years %s; the nearest is taken", file, name, moment, years
            )
    paper, summary = record.paper, record.summary
    if summary is not None:
        summary = replace(summary, made_at=in_utc(summary.made_at))
    paper = replace(paper, published=in_utc(paper.published), updated=in_utc(paper.updated))
    return replace(record, paper=paper, summary=summary)


_SECTIONS: Mapping[str, Any] = {"paper": Paper, "summary": Summary, "document": Document}
_PERSONAL = ("hidden", "pinned", "notes")
_NOTHING = ""
_HEADING = """\
# A paper of the digests. What you change here stays: `paperdigest update` writes only to fields that
# no person has changed. `hidden: true` takes the paper off the pages, `pinned: true` keeps it there.
"""
