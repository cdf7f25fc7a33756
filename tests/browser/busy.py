"""A week of a busy field: as many papers, figures and words as a full digest page holds."""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import Claim, Digest, Document, Entry, License, Summary
from tests.pages import papers

PAPERS = 12
FIGURES = 5
PAGE = "digests/busy-field/2024-w42/"

_SYLLABLES = ["al", "ba", "cor", "de", "en", "fi", "gra", "hy", "in", "ju", "ka", "lo", "mo", "ne", "op", "pra", "qua", "re", "sen", "ti", "un", "ve", "wa", "xi", "yo", "za"]  # fmt: skip


def busy_week(cache_dir: Path) -> Digest:
    """A topic of 12 papers, each with an abstract, 7 takeaways, all sections and 5 figures.

    No two texts are alike and words repeat less than in English, so that a server compresses the page
    no better than a real one.
    """
    words = _writer(random.Random(6))
    license_ = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
    entries = []
    for number in range(PAPERS):
        paper = replace(
            papers.DAWN,
            id=f"2410.2{number:04}",
            title=words(70),
            authors=tuple(words(15) for _ in range(7)),
            abstract=words(1300),
        )
        shown = papers.figures(FIGURES, tuple(words(250) for _ in range(FIGURES)))
        _draw(paper.file_stem, entries[0].paper.file_stem if entries else None, cache_dir, shown)
        document = Document(
            "pdf", shown, license_, (f"https://github.com/lab/{paper.id}",), reader=DOCUMENT_VERSION
        )
        entries.append(Entry(paper, document, _summary(words)))
    topic = replace(papers.talking_heads().topic, title="Busy field", slug="busy-field")
    return Digest(topic, tuple(entries))


def _summary(words: Callable[[int], str]) -> Summary:
    def claim() -> Claim:
        return papers.claim(words(160), words(160), 3)

    return papers.full_summary(
        summary=words(200),
        takeaways=tuple(claim() for _ in range(7)),
        keywords=tuple(words(18) for _ in range(5)),
        methods=tuple(claim() for _ in range(4)),
        **{
            name: papers.claim(words(320), words(160), 4)
            for name in (
                "background", "prior_work", "approach", "results", "significance", "innovation", "performance",
            )
        },
    )  # fmt: skip


def _draw(stem: str, like: str | None, cache_dir: Path, shown: tuple) -> None:
    folder = cache_dir / "figures"
    if like is None:
        papers.paint(replace(papers.DAWN, id=stem.partition("v")[0]), shown, cache_dir)
    else:
        shutil.copytree(folder / like, folder / stem)


def _writer(chance: random.Random) -> Callable[[int], str]:
    """Makes up text of about so many characters."""

    def words(length: int) -> str:
        made = ""
        while len(made) < length:
            made += "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) + " "
        return made.strip().capitalize()

    return words
