"""`overviews.yml` of an archive: what a model has written of the newest periods of each topic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mkdocs_paperdigest.archive.strict_yaml import read_field, write_yaml
from mkdocs_paperdigest.encoding import to_plain
from mkdocs_paperdigest.files import write_whole
from mkdocs_paperdigest.models import Overview, OverviewSentence, in_utc

OVERVIEWS = "overviews.yml"
SCHEMA = 1
"""Version of the file's shape."""

Overviews = Mapping[str, Mapping[str, Overview]]
"""By the topic's slug and the period's name."""


def read_overviews(path: Path) -> Overviews:
    """What the file holds; nothing where there is no file.

    Raises:
        ConfigurationError: The file is wrong; its line is named.
    """
    found = read_field(path, "overviews", dict[str, dict[str, _Written]], newest=SCHEMA) or {}
    return {slug: {name: one.overview for name, one in periods.items()} for slug, periods in found.items()}


def write_overviews(overviews: Overviews, path: Path) -> None:
    """Writes the file, if that changes it; none where there is nothing to write and no file yet."""
    kept = {
        slug: {name: to_plain(_Written.of(periods[name])) for name in sorted(periods, reverse=True)}
        for slug, periods in sorted(overviews.items())
        if periods
    }
    if kept or path.exists():
        content = write_yaml({"schema": SCHEMA, "overviews": kept})
        write_whole(path, f"{_HEADING}{content}".encode())


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    model: str
    language: str
    made_at: datetime
    basis: str
    sentences: tuple[_Sentence, ...]

    @classmethod
    def of(cls, overview: Overview) -> "_Written":
        return cls(
            model=overview.model,
            language=overview.language,
            made_at=in_utc(overview.made_at).replace(microsecond=0),
            basis=overview.basis,
            sentences=tuple(_Sentence(text=one.text, papers=one.papers) for one in overview.sentences),
        )

    @property
    def overview(self) -> Overview:
        sentences = tuple(OverviewSentence(one.text, one.papers) for one in self.sentences)
        return Overview(self.model, self.language, in_utc(self.made_at), sentences, basis=self.basis)


_HEADING = """\
# What a model wrote of the newest periods; written by `paperdigest update`. What you change here stays, as long
# as the papers of the period say the same (`basis`): without it, the page opens without a model's words.
"""
