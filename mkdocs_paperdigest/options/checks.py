"""What the values of options may be: each function takes what YAML gave and returns what it means.

All of them raise `ValueError` with the end of a sentence that begins with the option and its value,
such as "is not a whole number from 1 on".
"""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_CONTACT = re.compile(r"(?:mailto:)?[^@\s]+@[^@\s]+\.[^@\s]+|https?://[^\s/]+\S*", re.IGNORECASE)
_NO_SLUG = re.compile(r"[^\w]+", re.UNICODE)


def shown(value: object) -> str:
    """A value as errors show it: an address without user, password and query, which may be secrets."""
    return (
        re.sub(r"(?<=://)[^/\s]*@|\?\S*", "...", str(value)) if "://" in str(value) else str(value)
    )


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def text(value: object) -> str:
    """Words, not empty; numbers and dates that YAML saw in them are taken as they are written."""
    if isinstance(value, bool | list | dict) or value is None or not str(value).strip():
        raise ValueError("is not a text")
    return " ".join(str(value).split())


def texts(value: object) -> tuple[str, ...]:
    """A list of texts; a single text is a list of one."""
    items = value if isinstance(value, list) else [value]
    try:
        return tuple(text(item) for item in items)
    except ValueError as error:
        raise ValueError("is not a list of texts") from error


def count(minimum: int = 0, maximum: int | None = None) -> Callable[[object], int]:
    """A whole number within bounds, both included."""
    limits = f"from {minimum} on" if maximum is None else f"from {minimum} to {maximum}"

    def parse(value: object) -> int:
        # True is an int to Python, but nobody counts with it.
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"is not a whole number {limits}")
        if value < minimum or (maximum is not None and value > maximum):
            raise ValueError(f"is not a whole number {limits}")
        return value

    return parse


def seconds(minimum: float) -> Callable[[object], float]:
    """A number of seconds, whole or not."""

    def parse(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"is not a number of seconds from {minimum:g} on")
        if not (value >= minimum and math.isfinite(value)):
            raise ValueError(f"is not a number of seconds from {minimum:g} on")
        return float(value)

    return parse


def choice(*allowed: str) -> Callable[[object], Any]:
    """One of a few words."""

    def parse(value: object) -> str:
        if value not in allowed:
            raise ValueError(f"is none of {', '.join(allowed)}")
        return str(value)

    return parse


def age(value: object) -> timedelta:
    """A stretch of time such as `20h`, `30d` or `2w`."""
    match = _AGE.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("is not an age; write 20h, 30d or 2w")
    try:
        return timedelta(**{_UNITS[match[2]]: float(match[1])})
    except OverflowError:
        raise ValueError("is longer than time itself; write 20h, 30d or 2w") from None


def since(value: object) -> date | timedelta:
    """A day that is not in the future, or an age that is counted back from each build."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        try:
            return age(value)
        except ValueError:
            raise ValueError("is neither a date nor an age; write 2024-10-01 or 30d") from None
    day = day.date() if isinstance(day, datetime) else day
    # Somewhere on Earth it is tomorrow already.
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise ValueError("is in the future; write a day that has been, or an age such as 30d")
    return day


def categories(value: object) -> tuple[str, ...]:
    """Categories of arXiv, or whole archives (`cs.*`)."""
    from mkdocs_paperdigest.arxiv.categories import is_category
    from mkdocs_paperdigest.arxiv.identifiers import check_category

    names = texts(value)
    for name in names:
        if problem := check_category(name):
            raise ValueError(f"is wrong: {problem}")
        if not is_category(name):
            raise ValueError(
                f"is wrong: arXiv has no category {name}; see https://arxiv.org/category_taxonomy"
            )
    return names


def arxiv_ids(value: object) -> tuple[str, ...]:
    """Ids of arXiv, old style and versions allowed."""
    from mkdocs_paperdigest.arxiv.identifiers import parse_id

    items = value if isinstance(value, list) else [value]
    return tuple(str(parse_id(_unquoted_id(item))) for item in items)


def _unquoted_id(value: object) -> str:
    # YAML reads 2410.13720 as the number 2410.1372: ids have 5 digits since 2015, 4 before.
    if isinstance(value, float):
        return f"{value:010.5f}" if value >= 1501 else f"{value:09.4f}"
    return str(value)


def base_url(value: object) -> str:
    """An http or https address without query, to which paths are appended."""
    url = text(value).rstrip("/")
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.query or parts.fragment or parts.username:
        raise ValueError(
            "is not the base of web addresses; write one such as https://example.org/api, "
            "without user, password and query"
        )
    return url


def arxiv_url(value: object) -> str:
    """The base of arXiv's addresses, or of what stands in for it."""
    url = base_url(value)
    if url.endswith("/api/query"):
        raise ValueError(f"is too long; drop /api/query: write {url.removesuffix('/api/query')}")
    return url


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


def language(value: object) -> str:
    """A BCP 47 code of a language that CLDR has a name for."""
    from babel import Locale
    from babel.core import parse_locale

    code = text(value)
    try:
        name = parse_locale(code.replace("_", "-"), sep="-")[0]
    except ValueError:
        name = ""
    # A locale of POSIX, `de_DE.UTF-8`, is parsed too, but is no code.
    known = name in Locale("en").languages and not set(code) & set(".@")
    if not known:
        raise ValueError("is not the code of a language; write en, zh or pt-BR")
    return code


def folder(value: object) -> str:
    """A folder of the site's sources: relative, with forward slashes, not above them."""
    path = text(value).strip("/")
    if not path or any(part in ("", ".", "..") for part in path.split("/")) or "\\" in path:
        raise ValueError("is not a folder of the site; write digests or papers/digests")
    return path


def slug(value: object) -> str:
    """One segment of a web address, readable in any script."""
    name = text(value)
    if name != slug_of(name):
        raise ValueError(f"cannot be a folder's name; write {slug_of(name) or 'some-letters'}")
    return name


def slug_of(title: str) -> str:
    """The folder's name for a title: lower case, letters and digits of any script, hyphens."""
    return _NO_SLUG.sub("-", unicodedata.normalize("NFKC", title).lower()).strip("-_")
