"""`paperdigest check`: claims, or a whole answer of a model, judged against a paper as a build judges them."""

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mkdocs_paperdigest.cli.options import as_json
from mkdocs_paperdigest.cli.output import print_json
from mkdocs_paperdigest.errors import ConfigurationError, DocumentError
from mkdocs_paperdigest.text import printable

if TYPE_CHECKING:
    from mkdocs_paperdigest.models import FullText, Paper
    from mkdocs_paperdigest.summaries.evidence import Evidence

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("pdf", type=_FILE, required=False)
@click.option("--claims", type=_FILE, help="JSON lines of `claim`, `quote` and `lang`: judge each one.")
@click.option("--paper", "record", type=_FILE, help="JSON: `id`, `title`, `authors`, `abstract`, `comment`.")
@click.option("--answer", type=_FILE, help="A model's whole answer as it came: judge each field.")
@click.option("--language", default="en", show_default=True, help="Language that the answer should be in.")
@as_json
def check(
    pdf: Path | None,
    claims: Path | None,
    record: Path | None,
    answer: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Judge claims, or a model's whole answer, against a paper, as a build does.

    With --claims: whether each statement would be shown, and marked. With --paper and --answer: what a page would show
    of each field. Reasons are codes; the page "Summaries and models" explains them. No model is asked.
    """
    if (claims is None) == (answer is None):
        raise click.UsageError("give either --claims FILE.jsonl or --answer ANSWER.json")
    if claims is not None and pdf is None:
        raise click.UsageError("--claims needs the PDF that the claims are about")
    if answer is not None and record is None:
        raise click.UsageError("--answer needs --paper RECORD.json, the facts about the paper")
    text = _text_of(pdf) if pdf else None
    if claims is not None and text is not None:
        _check_claims(claims, _paper_of(record, text), text, language, as_json=as_json)
    elif answer is not None:
        _check_answer(answer, _paper_of(record, text), text, language, as_json=as_json)


def _check_claims(file: Path, paper: "Paper", text: "FullText", language: str, *, as_json: bool) -> None:
    from mkdocs_paperdigest.models import Answer, Claim
    from mkdocs_paperdigest.summaries.evidence import Evidence, Searchable, judge
    from mkdocs_paperdigest.summaries.gate.judge import check as gate
    from mkdocs_paperdigest.summaries.gate.paper import KnownPaper

    searchable, known = Searchable(text, paper.abstract, paper.title), KnownPaper(paper, text)
    for row in _rows(file):
        claim = Claim(row["claim"], row.get("quote") or "")
        spoken = row.get("lang") or language
        verdict = gate(Answer(results=claim), paper=paper, text=text, language=spoken, known=known)
        left_out = next((omission.reason for omission in verdict.failed), None)
        found = Evidence(marked=False, reason=left_out) if left_out else judge(claim, searchable)
        if as_json:
            result = {
                "marked": found.marked,
                "shown": left_out is None,
                "page": found.page,
                "reason": found.reason,
            }
            click.echo(json.dumps(result))
        else:
            click.echo(printable(f"{_words(found, shown=left_out is None)}: {claim.text}"))


def _words(found: "Evidence", *, shown: bool) -> str:
    """What became of a claim, for people."""
    if not shown:
        return f"left out ({found.reason})"
    if not found.marked:
        return f"shown without a mark ({found.reason})"
    return f"marked, page {found.page}" if found.page else "marked"


def _check_answer(
    file: Path, paper: "Paper", text: "FullText | None", language: str, *, as_json: bool
) -> None:
    from mkdocs_paperdigest.options.options import Topic
    from mkdocs_paperdigest.reasons import ReasonCode
    from mkdocs_paperdigest.summaries.answer.fields import ALL_FIELDS, values_of
    from mkdocs_paperdigest.summaries.asking import read_answer
    from mkdocs_paperdigest.summaries.judging import judged
    from mkdocs_paperdigest.summaries.prompts.prompts import build_prompt

    answer, unusable = read_answer(file.read_text("utf-8", errors="replace"), ALL_FIELDS)
    topic = Topic(paper.title, "check")
    prompt = build_prompt(paper, text, topic, ALL_FIELDS, language=language, text_budget=0)
    verdict = judged(answer, paper=paper, text=text, language=language, instructions=prompt.instructions)
    reasons = {omission.field: omission.reason for omission in (*unusable, *verdict.failed)}
    shown = {name: _plain(value) for name, value in values_of(verdict.passed).items()}
    fields = {
        name: {
            "shown": shown.get(name),
            "reason": None if name in shown else reasons.get(name, ReasonCode.NOT_GIVEN),
        }
        for name in ALL_FIELDS
    }
    if as_json:
        print_json({"fields": fields})
        return
    for name, field in fields.items():
        what = field["shown"] if field["reason"] is None else f"left out ({field['reason']})"
        click.echo(printable(f"{name}: {what}"))


def _plain(value: Any) -> str | list[str]:
    """The value of a field as a page shows it."""
    if isinstance(value, tuple):
        return [str(_plain(item)) for item in value]
    return str(getattr(value, "text", value))


def _text_of(pdf: Path) -> "FullText":
    from mkdocs_paperdigest.documents.pdf.text import text_of_pages
    from mkdocs_paperdigest.documents.sandbox.reader import PdfReader

    try:
        with PdfReader() as reader, tempfile.TemporaryDirectory() as images:
            return text_of_pages(reader.read(pdf, Path(images), figures_max=0, want_figures=False).pages)
    except DocumentError as error:
        raise click.ClickException(f"{pdf}: {error}") from error


def _paper_of(record: Path | None, text: "FullText | None") -> "Paper":
    """The facts about a paper: from a record, or from what its PDF says about itself."""
    from mkdocs_paperdigest.documents.pdf.text import abstract_of
    from mkdocs_paperdigest.models import Paper

    facts = _object(record, record.read_text("utf-8")) if record else {}
    printed = text.sections[0].text if text and text.sections else ""
    now = datetime.now(UTC)
    authors = facts.get("authors") or []
    if not isinstance(authors, list) or not all(isinstance(author, str) for author in authors):
        raise ConfigurationError(f'{record}: "authors" has to be a list of names')
    for name in ("id", "title", "abstract", "comment"):
        if not isinstance(facts.get(name) or "", str):
            raise ConfigurationError(f'{record}: "{name}" has to be text')
    return Paper(
        id=facts.get("id") or "",
        version=0,
        title=facts.get("title") or printed.partition("\n")[0],
        authors=tuple(authors),
        abstract=facts.get("abstract") or (abstract_of(text) if text else None) or "",
        published=now,
        updated=now,
        comment=facts.get("comment"),
    )


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        row = _object(file, line, number)
        if not isinstance(row.get("claim"), str) or not isinstance(row.get("quote") or "", str):
            raise ConfigurationError(f'{file}, line {number}: "claim" and "quote" have to be text')
        if not isinstance(row.get("lang") or "", str):
            raise ConfigurationError(f'{file}, line {number}: "lang" has to be a language code such as en')
        yield row


def _object(file: Path, text: str, line: int = 0) -> dict[str, Any]:
    place = f"{file}, line {line}" if line else str(file)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{place}: not JSON ({error})") from error
    if not isinstance(value, dict):
        raise ConfigurationError(f'{place}: not a JSON object; write {{"...": "..."}}')
    return value
