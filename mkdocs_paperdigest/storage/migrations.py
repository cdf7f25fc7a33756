"""Brings values that older versions of this package have written into the present shape.

A step leads from one version of the stored shapes to the next: the first from 1 to 2. To change a shape in
`models` is to append one; steps that were released stay as they are. A new field with a default that is
true of all older values needs none.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

StoreStep = Callable[[str, Any], Any]
"""From the kind of a key in the store (`summary`, `document`, ...) and its JSON to the JSON of the next
version; None for what cannot be kept."""

RecordStep = Callable[[dict[str, Any]], dict[str, Any]]
"""From the content of a record of the archive, all of its scalars still text, to that of the next version."""


def migrate(kind: str, text: str, steps: tuple[StoreStep, ...]) -> str | None:
    """A stored value brought up to date; None for one that cannot be kept, or is not what it should be."""
    try:
        value = json.loads(text)
        for step in steps:
            value = step(kind, value)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        # The cache may come from anywhere: a value that a step cannot read is not ours.
        return None
    return None if value is None else json.dumps(value)


def _reasons_in_store(kind: str, value: Any) -> Any:
    """From version 1, which gave reasons as English sentences, to codes with parameters."""
    if kind == "record":
        return None  # read again from its file
    if kind in ("document", "reading"):
        return {**value, "notes": [_reason(note) for note in value.get("notes", ())]}
    if kind in ("summary", "latest", "extract"):
        return {**value, "omissions": _omissions(value)}
    if kind == "ledger":
        return [{**line, "reasons": _reasons(line.get("reason", ""))} for line in value]
    return value


def _reasons_in_record(record: dict[str, Any]) -> dict[str, Any]:
    """The same for a record."""
    new = dict(record)
    document, summary = record.get("document") or {}, record.get("summary") or {}
    if record.get("trouble"):
        new["trouble"] = _reasons(record["trouble"])
    if "notes" in document:
        new["document"] = {**document, "notes": [_reason(note) for note in document["notes"]]}
    if "omissions" in summary:
        new["summary"] = {**summary, "omissions": _omissions(summary)}
    return new


def _omissions(summary: Mapping[str, Any]) -> list[Any]:
    return [
        {**omission, "reason": omission["reason"].replace(" ", "_")}
        for omission in summary.get("omissions", ())
    ]


def _reasons(text: str) -> list[Any]:
    """The reasons in a text of several sentences: the notes of a document were joined."""
    return [_reason(one) for one in re.split(_NEXT_NOTE, text)] if text else []


def _reason(text: str, depth: int = 1) -> dict[str, Any]:
    """The reason in a sentence that goes from the general to the particular: `no figures: the PDF is encrypted`."""
    code, values, rest = _first_part(text) if depth < _DEEPEST else ("other", {"text": text}, "")
    because = _reason(rest, depth + 1) if rest else {}
    if code == because.get("code") == "other":
        # Unknown sentences stay in one piece.
        values = {"text": f"{values['text']}: {because['values']['text']}"}
        because = because.get("because", {})
    parts = {"values": values, "because": because}
    return {"code": code, **{name: part for name, part in parts.items() if part}}


def _first_part(text: str) -> tuple[str, dict[str, str], str]:
    """The code of a sentence's first part and its parameters, and what follows."""
    for pattern, code in _patterns():
        if found := pattern.fullmatch(text):
            values = found.groupdict("")
            rest = values.pop("rest")
            return code, values, rest
    head, _, rest = text.partition(": ")
    return "other", {"text": head}, rest


_SENTENCES = {
    "hidden in its record": "hidden",
    "beyond the newest {count}": "beyond_newest",
    "more new papers than `max_new_papers`": "beyond_new",
    "relevance {score} of 10": "low_relevance",
    "not read": "not_read",
    "withdrawn by its authors": "withdrawn",
    "not summarized: its text cannot be read again now": "text_lost",
    "offline": "offline",
    "arXiv was not asked": "arxiv_not_asked",
    "arXiv denied access ({status})": "arxiv_denied",
    "arXiv answered {status}": "arxiv_answered",
    "arXiv answered {status} and asked for a pause of {seconds} s": "arxiv_pause",
    "arXiv asked to be left alone for another {seconds} s": "arxiv_left_alone",
    "other builds kept arXiv busy for {seconds} s": "arxiv_busy",
    "arXiv is not asked, because {file*} cannot be locked ({error*}); put `cache_dir` on a local drive": "arxiv_lock",
    "arXiv could not be reached": "arxiv_unreachable",
    "arXiv did not answer in time": "arxiv_silent",
    "arXiv broke off in the middle of an answer": "arxiv_broke_off",
    "arXiv's answer could not be used": "arxiv_unusable",
    "arXiv finds nothing where it found papers before": "arxiv_finds_nothing",
    "arXiv has none": "arxiv_has_none",
    "arXiv sent an empty page": "empty_page",
    "arXiv sent half a page": "half_page",
    "arXiv sent something that is not a whole feed": "half_feed",
    "arXiv sent something that is not a feed": "not_a_feed",
    "arXiv sent another page than the one asked for": "another_page",
    "arXiv sent {papers} papers on a page of {expected}": "wrong_count",
    "arXiv sent a feed without <{element*}>": "feed_without",
    "arXiv sent a paper without <{element*}>": "paper_without",
    "arXiv sent half a PDF": "half_pdf",
    "arXiv sent something that is not a PDF": "not_a_pdf",
    "arXiv sent something that is not a paper in HTML": "not_a_paper",
    "arXiv sent a page in place of an image": "not_an_image",
    "arXiv redirects in a circle": "redirect_circle",
    "arXiv redirects to what is no address": "redirect_nowhere",
    "arXiv redirects to another host, {host*}; check `arxiv_url`": "redirect_elsewhere",
    "the build has ended": "build_ended",
    "no HTML": "no_html",
    "no PDF": "no_pdf",
    "no figures": "no_figures",
    "figures from the HTML only": "html_figures",
    "some figures are missing": "some_figures",
    "a figure is missing: {figure*}": "figure_missing",
    "text from the abstract only": "abstract_only",
    "not downloaded": "not_downloaded",
    "withdrawn or not available": "not_available",
    "the library names no PDF": "no_pdf_named",
    "the licence is not known": "licence_unknown",
    "its abstract page names none": "licence_not_named",
    "the licence ({licence*}) does not allow to show them again": "licence_forbids",
    "the HTML holds no paper": "html_empty",
    "the HTML was cut off": "html_cut_off",
    "the HTML has {bytes} bytes, more than {most}": "html_oversize",
    "the HTML is larger than any paper": "html_too_large",
    "the HTML is nested too deeply": "html_too_deep",
    "the HTML cannot be read": "html_unreadable",
    "the HTML holds only {characters} characters of the paper's text": "html_shell",
    "its conversion lost parts of the paper": "html_lossy",
    "the HTML has them in parts only": "html_parts",
    "there is no such PDF": "pdf_not_found",
    "the PDF is encrypted": "pdf_encrypted",
    "the PDF is broken, or not a PDF": "pdf_broken",
    "the PDF holds no text": "pdf_textless",
    "the PDF has {pages} pages; 1 to {most} are read": "pdf_pages",
    "the pages of the PDF take too long to draw": "pdf_slow",
    "reading the PDF took longer than {seconds} s": "pdf_late",
    "the PDF needs more memory than allowed": "pdf_memory",
    "the PDF crashed its reader (exit code {exit_code})": "pdf_crash",
    "the PDF could not be read ({error*})": "pdf_unreadable",
    "reading the image took longer than {seconds} s": "image_late",
    "the image needs more memory than allowed": "image_memory",
    "the image crashed its reader (exit code {exit_code})": "image_crash",
    "the image could not be read ({error*})": "image_unreadable",
    "the image is not part of the HTML": "image_elsewhere",
    "the image is damaged or of an unknown kind": "image_damaged",
    "the image is blank": "image_blank",
    "the image is too small or too narrow to be a figure": "image_too_small",
    "the image has more than {pixels} pixels": "image_too_large",
    "the reader of PDFs did not start": "reader_dead",
    "images cannot be written": "images_unwritable",
    "the language model is busy": "rate_limited",
    "the language model took too long": "timeout",
    "the language model could not be reached": "network",
    "the language model gave no usable answer": "garbled",
    "the daily limit of the language model is used up": "daily_quota",
    "the key of the language model is missing or was refused": "auth",
    "there is no such language model": "model_not_found",
    "the language model refused the question": "bad_request",
    "waits for a batch of the language model": "batched",
    "waits for a later build": "postponed",
    "of {paper*}": "duplicate",
    "before {day*}": "too_old",
    "{url*} has more than {size} MiB": "oversize",
    "{file*} cannot be read": "cannot_be_read",
    "{file*} cannot be written": "cannot_be_written",
}
"""The sentences of version 1. Parameters stand in braces; those without an asterisk are numbers. A sentence that
begins with a parameter comes last."""

_NUMBER, _TEXT = r"-?\d[\d,.]*", r"(?:(?!: ).)+?"


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """A pattern for each sentence and what follows it, with its code."""

    def group(name: re.Match[str]) -> str:
        return f"(?P<{name[1]}>{_TEXT if name[2] else _NUMBER})"

    parameter = re.compile(r"\\\{(\w+)(\\\*)?\\\}")
    bodies = (parameter.sub(group, re.escape(sentence)) for sentence in _SENTENCES)
    patterns = (re.compile(f"{body}(?:: (?P<rest>.+))?", re.DOTALL) for body in bodies)
    return list(zip(patterns, _SENTENCES.values(), strict=True))


_NEXT_NOTE = (
    r"; (?=(?:no HTML|no figures|figures from the HTML only|some figures are missing|a figure is missing"
    r"|text from the abstract only): )"
)
_DEEPEST = 8
"""Reasons behind a reason; what comes from elsewhere may have any number of colons."""

STORE_STEPS: tuple[StoreStep, ...] = (_reasons_in_store,)
"""Steps of the store; its version is one more than their number."""
RECORD_STEPS: tuple[RecordStep, ...] = (_reasons_in_record,)
"""Steps of the archive's records; their version is one more than their number."""
STORE_SCHEMA, RECORD_SCHEMA = len(STORE_STEPS) + 1, len(RECORD_STEPS) + 1
"""The versions that this package writes."""
