"""Papers that carry one text in every field that their sources, their readers or a model fill in."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import (
    Claim,
    Digest,
    Document,
    Entry,
    Figure,
    License,
    Omission,
    Paper,
    Summary,
    TopicState,
)
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.summaries import JUDGEMENT_VERSION

NOW = datetime(2024, 12, 31, 8, 30, tzinfo=UTC)
A_DAY = 40
"""Papers submitted on one day, which share a page; the longest texts are those of the oldest."""


def paper(text: str, number: int, **fields: Any) -> Paper:
    """A paper of arXiv; its id is the text's number."""
    day = datetime(2024, 10, 31, 12, tzinfo=UTC) - timedelta(days=(number + A_DAY - 5) // A_DAY)
    made: dict[str, Any] = {
        "id": f"2410.{number:05}",
        "version": 2,
        "title": text,
        "authors": (text, f"Bob {text}"),
        "abstract": text,
        "published": day,
        "updated": day,
        "categories": (text, "cs.CR"),
        "comment": text,
        "journal_ref": text,
        "doi": text,
        "url": text,
        "institution": text,
    }
    return Paper(**made | fields)


def document(text: str) -> Document:
    """A document with a figure, whose image `draw` makes."""
    figure = Figure(text, text, 3, "fig-1.webp", 64, 48, "fig-1-small.webp")
    note = Reason(ReasonCode.OTHER, text=text)
    return Document(
        "html", (figure,), License(text, text), (text,), (note,), abstract=text, reader=DOCUMENT_VERSION
    )


def summary(text: str) -> Summary:
    """What a model would say that repeats the text in every field; each claim is verified."""
    claim = Claim(text, text, 3, verified=True)
    return Summary(
        model=f"gemini/{text}",
        language=text,
        made_at=NOW,
        basis="html",
        judged=JUDGEMENT_VERSION,  # else a record shows no quotations
        summary=text,
        takeaways=(claim,),
        title_translation=text,
        keywords=(text,),
        affiliation=text,
        background=claim,
        prior_work=claim,
        approach=claim,
        results=claim,
        methods=(claim,),
        significance=claim,
        innovation=claim,
        performance=claim,
        workload=claim,
        relevance=9,
        omissions=(Omission(text, ReasonCode(text)), Omission("results", ReasonCode(text))),
        extracted=(text,),
    )


def entry(text: str, number: int) -> Entry:
    """All of it, with what people and programs say of it."""
    trouble = (Reason(ReasonCode.ARXIV_ANSWERED, status=text),)
    return Entry(paper(text, number), document(text), summary(text), trouble, note=text)


def digest(slug: str, entries: Sequence[Entry], text: str = "") -> Digest:
    """A topic; the text is also its title, description and trouble, and what waits and what is set aside."""
    title = text or "Hostile papers"
    aside = (Entry(paper(text, 90001), None, None),) if text else ()
    waiting = (Entry(paper(text, 90002), trouble=(Reason(ReasonCode.BEYOND_NEW),)),) if text else ()
    trouble = Reason(ReasonCode.ARXIV_ANSWERED, status=text) if text else None
    state = TopicState(title, slug, text or None, "stale", NOW, trouble)
    return Digest(state, (*entries, *waiting), aside)


def draw(entries: Sequence[Entry], archive_dir: Path) -> None:
    """The images of all figures, as an archive has them."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(buffer, "WEBP")
    for one in entries:
        folder = archive_dir / "figures" / one.paper.file_stem
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("fig-1.webp", "fig-1-small.webp"):
            (folder / name).write_bytes(buffer.getvalue())


def places(value: object, text: str, path: str = "") -> Iterator[str]:
    """The names of all fields that hold a text; of lists, one name for all items."""
    if isinstance(value, str):
        if text in value:
            yield path
    elif is_dataclass(value):
        for field in fields(value):
            yield from places(getattr(value, field.name), text, f"{path}.{field.name}".lstrip("."))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, text, f"{path}.{name}")
    elif isinstance(value, tuple):
        found = dict.fromkeys(name for item in value for name in places(item, text, path))
        yield from found
