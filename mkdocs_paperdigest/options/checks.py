"""What the values of options may be: each check takes what YAML gave and returns what it means.

All of them raise `ValueError` with the end of a sentence that begins with the option and its value,
such as "is not a whole number from 1 on".
"""

import logging
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_CONTACT = re.compile(r"(?:mailto:)?[^@\s]+@[^@\s]+\.[^@\s]+|https?://[^\s/]+\S*", re.IGNORECASE)
_NO_SLUG = re.compile(r"[^\w]+", re.UNICODE)
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}


class Check(Generic[T]):
    """A function that checks a value, with what a JSON schema can say of the values that pass."""

    def __init__(self, function: Callable[[object], T], schema: Mapping[str, Any]) -> None:
        self._function = function
        self.schema = schema

    def __call__(self, value: object) -> T:
        """What the value means; raises `ValueError` with what is wrong about it."""
        return self._function(value)


def accepts(**schema: Any) -> Callable[[Callable[[object], T]], Check[T]]:
    """Makes a check of a function; the keywords are those of JSON Schema, None for none."""
    given = {keyword: value for keyword, value in schema.items() if value is not None}
    return lambda function: Check(function, given)


def shown(value: object) -> str:
    """A value as errors show it: a URL without user, password and query, which may be secrets."""
    return re.sub(r"(?<=://)[^/\s]*@|\?\S*", "...", str(value)) if "://" in str(value) else str(value)


def any_of(names: Sequence[str]) -> str:
    """Names of options as errors list them: `a`, `b` or `c`."""
    return f"`{'`, `'.join(names[:-1])}` or `{names[-1]}`"


@accepts(type="boolean")
def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


@accepts(type="string")
def text(value: object) -> str:
    """Text, not empty; a number or a date that YAML saw in it is taken as it is written."""
    if isinstance(value, bool | list | dict) or value is None or not str(value).strip():
        raise ValueError("is not text")
    return " ".join(str(value).split())


_TEXTS = {"type": ["string", "array"], "items": {"type": "string"}}


@accepts(**_TEXTS)
def texts(value: object) -> tuple[str, ...]:
    """A list of texts; a single text is a list of one."""
    items = value if isinstance(value, list) else [value]
    try:
        return tuple(text(item) for item in items)
    except ValueError as error:
        raise ValueError("is not a list of texts") from error


def count(minimum: int = 0, maximum: int | None = None) -> Check[int]:
    """A whole number within bounds, both included."""
    limits = f"from {minimum} on" if maximum is None else f"from {minimum} to {maximum}"
    most = math.inf if maximum is None else maximum

    @accepts(type="integer", minimum=minimum, maximum=maximum)
    def parse(value: object) -> int:
        # True is an int to Python, but not a number to people.
        is_bool = isinstance(value, bool)
        if is_bool or not isinstance(value, int) or not minimum <= value <= most:
            raise ValueError(f"is not a whole number {limits}")
        return value

    return parse


def seconds(minimum: float) -> Check[float]:
    """A number of seconds, whole or not."""

    @accepts(type="number", minimum=minimum)
    def parse(value: object) -> float:
        is_bool = isinstance(value, bool)
        if is_bool or not isinstance(value, int | float) or not minimum <= value < math.inf:
            raise ValueError(f"is not a number of seconds from {minimum:g} on")
        return float(value)

    return parse


def choice(*allowed: str) -> Check[Any]:
    """One of a few words."""

    @accepts(enum=list(allowed))
    def parse(value: object) -> str:
        if value not in allowed:
            raise ValueError(f"is not one of {', '.join(allowed)}")
        return str(value)

    return parse


@accepts(enum=list(_LEVELS))
def log_level(value: object) -> int:
    """The name of a level; returns the level of the `logging` module."""
    return _LEVELS[choice(*_LEVELS)(value)]


@accepts(type="string", pattern=r"^\s*\d+(\.\d+)?\s*[mhdwMHDW]\s*$")
def age(value: object) -> timedelta:
    """A stretch of time such as `20h`, `30d` or `2w`."""
    match = _AGE.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("is not an age; write 20h, 30d or 2w")
    try:
        return timedelta(**{_UNITS[match[2]]: float(match[1])})
    except OverflowError:
        raise ValueError("is too long; write 20h, 30d or 2w") from None


@accepts(type="string")
def since(value: object) -> date | timedelta:
    """A date that is not in the future, or an age that is counted back from each build."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        try:
            return age(value)
        except ValueError:
            raise ValueError("is neither a date nor an age; write 2024-10-01 or 30d") from None
    day = day.date() if isinstance(day, datetime) else day
    # Somewhere on Earth it is already tomorrow.
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise ValueError("is in the future; write a past date, or an age such as 30d")
    return day


@accepts(**_TEXTS)
def categories(value: object) -> tuple[str, ...]:
    """Categories of arXiv, or whole archives (`cs.*`)."""
    from mkdocs_paperdigest.arxiv.categories import check_category

    names = texts(value)
    for name in names:
        if problem := check_category(name):
            raise ValueError(f"is wrong: {problem}")
    return names


@accepts(type=["string", "number", "array"], items={"type": ["string", "number"]})
def arxiv_ids(value: object) -> tuple[str, ...]:
    """Ids of arXiv; old style and versions are allowed."""
    from mkdocs_paperdigest.arxiv.identifiers import parse_id

    items = value if isinstance(value, list) else [value]
    return tuple(str(parse_id(_unquoted_id(item))) for item in items)


@accepts(type=["string", "number", "array", "boolean"], items={"type": ["string", "number"]})
def interests(value: object) -> tuple[str | Path, ...]:
    """Ids of arXiv, without versions, and paths of BibTeX files; `false` is none of them."""
    from mkdocs_paperdigest.arxiv.identifiers import parse_id

    if value is False:
        return ()
    found: list[str | Path] = []
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str | int | float) or item is True:
            raise ValueError("is not a list of BibTeX files and arXiv ids")
        name = text(_unquoted_id(item) if isinstance(item, float) else item)
        try:
            found.append(parse_id(name).id)
        except ValueError:
            if name[0].isdecimal() and not name.strip("0123456789.v"):
                raise
            found.append(Path(name))
    return tuple(found)


@accepts(type=["string", "number", "array"], items={"type": ["string", "number"]})
def paper_ids(value: object) -> tuple[str, ...]:
    """Ids of papers in any version: those of arXiv, or the keys of a library."""
    from mkdocs_paperdigest.arxiv.identifiers import find_id

    names = []
    for item in value if isinstance(value, list) else [value]:
        name = text(_unquoted_id(item) if isinstance(item, float) else item)
        found = find_id(name)
        names.append(found.id if found else name)
    return tuple(names)


def _unquoted_id(value: object) -> str:
    # YAML reads 2410.13720 as the number 2410.1372: ids have 5 digits since 2015, 4 before. Where more than the
    # last digit is missing, the user may have lost it.
    if isinstance(value, float):
        digits = 5 if value >= 1501 else 4
        if len(str(value).partition(".")[2]) < digits - 1:
            raise ValueError(f"has lost digits: {value} was read as a number; write the whole id in quotes")
        return f"{value:0{digits + 5}.{digits}f}"
    return str(value)


@accepts(type="string", pattern="^https?://")
def base_url(value: object) -> str:
    """An http or https URL without a query, to which paths are appended."""
    url = text(value).rstrip("/")
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(
            "is not the base of web addresses; write one such as https://example.org/api, "
            "without user, password and query"
        )
    return url


@accepts(type="string", pattern="^https?://")
def arxiv_url(value: object) -> str:
    """The base URL of arXiv, or of what stands in for it."""
    url = base_url(value)
    if url.endswith("/api/query"):
        raise ValueError(f"is too long; drop /api/query: write {url.removesuffix('/api/query')}")
    return url


@accepts(type="string")
def contact(value: object) -> str:
    """An e-mail address or a URL that an HTTP header can hold."""
    written = text(value)
    if not _CONTACT.fullmatch(written):
        raise ValueError(
            "is neither an e-mail address nor a URL; write wiki@lab.example or https://lab.example"
        )
    if not written.isascii():
        strange = "".join(dict.fromkeys(char for char in written if not char.isascii()))
        raise ValueError(f"has characters that cannot be sent: {strange}; write it in ASCII")
    return written


@accepts(type="string")
def language(value: object) -> str:
    """The BCP 47 code of a language that CLDR has a name for."""
    from babel import Locale
    from babel.core import parse_locale

    code = text(value)
    try:
        name = parse_locale(code.replace("_", "-"), sep="-")[0]
    except ValueError:
        name = ""
    # Babel also parses POSIX locales such as `de_DE.UTF-8`, which are not language codes.
    known = name in Locale("en").languages and not set(code) & set(".@")
    if not known:
        raise ValueError("is not the code of a language; write en, zh or pt-BR")
    return code


@accepts(type="string")
def folder(value: object) -> str:
    """A folder inside the site's sources: relative, with forward slashes."""
    path = text(value).strip("/")
    if not path or any(part in ("", ".", "..") for part in path.split("/")) or "\\" in path:
        raise ValueError("is not a folder of the site; write digests or papers/digests")
    return path


@accepts(type="string")
def slug(value: object) -> str:
    """One segment of a web address, readable in any script."""
    name = text(value)
    if name != slug_of(name):
        raise ValueError(f"cannot be a folder's name; write {slug_of(name) or 'some-letters'}")
    return name


def slug_of(title: str) -> str:
    """The folder's name for a title: lower case, letters and digits of any script, hyphens."""
    return _NO_SLUG.sub("-", unicodedata.normalize("NFKC", title).lower()).strip("-_")


@accepts(type="array", minItems=1)
def filled_list(value: object) -> list[Any]:
    """A list that is not empty."""
    if value is None:
        raise ValueError("is missing")
    if not isinstance(value, list):
        raise ValueError("is not a list")
    if not value:
        raise ValueError("is empty")
    return value


def existing_file(path: Path) -> Path:
    """The path of a file."""
    if not path.is_file():
        raise ValueError(f"is not a file ({path}); the path is relative to mkdocs.yml")
    return path


def existing_folder(path: Path) -> Path:
    """The path of a folder."""
    if not path.is_dir():
        raise ValueError(f"is not a folder ({path})")
    return path


def not_a_file(path: Path) -> Path:
    """The path of a folder that may be made yet."""
    if path.is_file():
        raise ValueError("is a file; name a folder")
    return path
