"""Reads arXiv's identifiers as people write them."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv identifier, with a version if one was written."""

    id: str
    """Without version: `2410.13786`, `hep-th/9901001`."""
    version: int | None = None
    """From 1; None for the latest."""

    def __str__(self) -> str:
        return self.id if self.version is None else f"{self.id}v{self.version}"


def parse_id(text: str) -> ArxivId:
    """Reads an identifier from a configuration or a BibTeX file.

    It understands old style (`math.GT/0309136`) and new style, versions, an `arXiv:` prefix, arXiv's DOIs
    and the URLs of its pages (https://info.arxiv.org/help/arxiv_identifier.html).

    Raises:
        ValueError: The text is not an identifier; the message says what was expected.
    """
    written = text.strip()
    bare = _AROUND.sub("", written)
    bare = bare.removesuffix(".pdf").rstrip("/")
    if match := _NEW.fullmatch(bare):
        year_month, number, version = match["month"], match["number"], match["version"]
        expected = _digits(year_month)
        if len(number) != expected:
            raise ValueError(
                f"{written!r} has {len(number)} digits after the point where arXiv has {expected}; "
                "write ids in quotes, because YAML drops zeros from numbers"
            )
        return ArxivId(f"{year_month}.{number}", int(version) if version else None)
    if match := _OLD.fullmatch(bare):
        archive = match["archive"].lower()
        return ArxivId(f"{archive}/{match['number']}", int(match["version"]) if match["version"] else None)
    raise ValueError(f"{written!r} is not an arXiv id; write 2410.13786, 2410.13786v2 or hep-th/9901001")


def find_id(text: str) -> ArxivId | None:
    """As `parse_id`; None for what is not an identifier."""
    try:
        return parse_id(text)
    except ValueError:
        return None


_AROUND = re.compile(
    r"^(?:(?:https?://)?(?:[\w-]+\.)*arxiv\.org/(?:abs|pdf|html|format|src|e-print)/"
    r"|(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.48550/arxiv\."
    r"|arxiv:)\s*",
    re.IGNORECASE,
)
_MONTH = r"(?:0[1-9]|1[0-2])"
_VERSION = r"(?:v(?P<version>[1-9]\d{0,2}))?"
_NEW = re.compile(rf"(?P<month>\d\d{_MONTH})\.(?P<number>\d{{1,5}}){_VERSION}", re.ASCII)
# arXiv does not store the subject class (`.GT` in `math.GT/`) as part of the identifier.
_OLD = re.compile(
    rf"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z-]+)?/(?P<number>\d\d{_MONTH}\d{{3}}){_VERSION}",
    re.ASCII | re.IGNORECASE,
)


def _digits(year_month: str) -> int:
    return 5 if year_month >= "1501" else 4
