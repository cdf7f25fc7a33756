"""Provenance of an entry: who wrote its text, from what, what was checked, and what is missing and why."""

import re

from mkdocs_paperdigest.models import Omission, Summary
from mkdocs_paperdigest.pages.labels import Language
from mkdocs_paperdigest.pages.plan.contents import PageEntry
from mkdocs_paperdigest.reasons import Reason, ReasonCode


def model_name(model: str) -> str:
    """A model as people know it, `Gemini 2.5 Flash`, where its family has a rule for names; else its name alone.

    Arguments:
        model: Provider and name, `gemini/gemini-2.5-flash` or `openai/meta-llama/Llama-3.1-8B-Instruct`.
    """
    name = model.rpartition("/")[2]
    found = _NAMED_BY_RULE.fullmatch(name)
    if found is None:
        return name
    family, parts = found[1], found[2].split("-")[1:]
    if family == "gpt":
        return _NUMBERS_APART.sub("-", " ".join((f"GPT-{parts[0]}", *parts[1:])))
    words = " ".join(
        (
            family.capitalize(),
            *(part.upper() if _SHORT.fullmatch(part) else part.capitalize() for part in parts),
        )
    )
    if family == "claude":
        # The version is written with hyphens, and the day of a snapshot is part of no name.
        return _NUMBERS_APART.sub(".", re.sub(r" \d{8}$", "", words))
    return _NUMBERS_APART.sub("-", words.replace("Flash Lite", "Flash-Lite"))


_NAMED_BY_RULE = re.compile(r"(gpt(?=-\d)|gemini|gemma|claude)((?:-[\da-z.]+)+)")
_NUMBERS_APART = re.compile(r"(?<=\d) (?=\d+(?: |$))")
_SHORT = re.compile(r"\d+b|[a-z]{2}")
"""Sizes such as 27B, and letters such as IT for what follows instructions."""


def provenance(item: PageEntry, language: Language) -> list[str]:
    """The sentences of an entry's provenance, as plain text; empty if there is nothing to report."""
    if item.paper.withdrawn:
        # On arXiv, authors withdraw a paper by submitting a new version.
        return [language.label("provenance.withdrawn", day=language.day(item.paper.updated))]
    summary = item.entry.summary
    sentences: list[str] = []
    if summary is not None:
        sentences += _made(summary, language)
        sentences += _quoted(summary, language)
        sentences += _omitted(summary, language)
    notes = _notes(item)
    if item.figures_withheld:
        notes = [note for note in notes if not _forbidden(note)]
        if not any(note.code is ReasonCode.NO_FIGURES for note in notes):
            sentences.append(language.label("figures.withheld"))
    if not item.paper.abstract:
        notes = [note.because or note if note.code is ReasonCode.ABSTRACT_ONLY else note for note in notes]
    worded = [language.reason(note) for note in notes]
    sentences += [_sentence(note, language) for note in worded if note]
    if "" in worded:
        sentences.append(language.label("provenance.trouble"))
    return list(dict.fromkeys(sentences))


def _sentence(note: str, language: Language) -> str:
    return language.label("provenance.note", note=note[:1].upper() + note[1:])


def _notes(item: PageEntry) -> list[Reason]:
    """What is missing according to the document and the summarizer, without repetitions."""
    document = item.entry.document
    notes = dict.fromkeys([*(document.notes if document else ()), *item.entry.trouble])
    if document and document.source == "pdf":
        # The text comes from the PDF instead, so nothing is missing.
        return [note for note in notes if note.code is not ReasonCode.NO_HTML]
    return list(notes)


def _forbidden(note: Reason) -> bool:
    """Whether a note says that the licence forbids showing figures."""
    return any(one.code is ReasonCode.LICENCE_FORBIDS for one in note.chain())


def _made(summary: Summary, language: Language) -> list[str]:
    day = language.day(summary.made_at)
    if summary.model == "extractive":
        return [] if summary.is_empty_extract else [language.label("provenance.extractive", day=day)]
    kind = "excerpt" if summary.excerpt else "basis"
    basis = language.label(f"provenance.{kind}.{summary.basis}")
    made = [language.label("provenance.model", model=model_name(summary.model), day=day, basis=basis)]
    if summary.extracted:
        reasons = {omission.field: omission for omission in summary.omissions}
        names = language.label("lists.comma").join(
            _with_reason(name, reasons.get(name), language) for name in summary.extracted
        )
        made.append(language.label("provenance.partly_extracted", fields=names))
    return made


def _quoted(summary: Summary, language: Language) -> list[str]:
    takeaways = summary.takeaways
    if summary.quotes_abstract or not takeaways:
        return []
    quoted = sum(claim.marked for claim in takeaways)
    return [language.label("provenance.quoted", n=len(takeaways), quoted=quoted)]


def _omitted(summary: Summary, language: Language) -> list[str]:
    """Sentences about fields that failed the checks, with reasons, and fields that the model left empty."""
    sentences = []
    missing = [omission for omission in summary.omissions if not _replaced(omission, summary)]
    failed = [omission for omission in missing if omission.reason is not ReasonCode.NOT_GIVEN]
    if failed:
        fields = language.label("lists.semicolon").join(
            _with_reason(omission.field, omission, language) for omission in failed
        )
        sentences.append(language.label("provenance.omitted", fields=fields))
    # A title in the language of the page needs no translation.
    silent = [
        _field(omission.field, language)
        for omission in missing
        if omission.reason is ReasonCode.NOT_GIVEN and omission.field != "title_translation"
    ]
    if silent:
        fields = language.label("lists.comma").join(silent)
        sentences.append(language.label("provenance.not_given", fields=fields))
    return sentences


def _replaced(omission: Omission, summary: Summary) -> bool:
    """Whether sentences of the abstract replace a field."""
    if summary.model == "extractive":
        return bool(getattr(summary, omission.field, None))
    return omission.field in summary.extracted


def _with_reason(field: str, omission: Omission | None, language: Language) -> str:
    name = _field(field, language)
    if omission is None or omission.reason is ReasonCode.NOT_GIVEN:
        return name
    known = language.reason(Reason(omission.reason))
    reason = known or language.label("provenance.unforeseen")
    return language.label("provenance.omitted_field", field=name, reason=reason)


def _field(name: str, language: Language) -> str:
    """The label of a field; for a claim in a list (`methods[2]`, `takeaways.0`), the label of the list."""
    base = name.split("[")[0].split(".")[0].strip()
    key = f"reading.{base}"
    return language.label(key) if language.knows(key) else name
