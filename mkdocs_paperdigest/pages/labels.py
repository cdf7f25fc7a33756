"""Labels, dates and counts in the language of the pages; each language has a YAML file in `locales`."""

import logging
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from string import Formatter
from typing import Any

import yaml

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.pages.plan.periods import Span
from mkdocs_paperdigest.reasons import Reason

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

_PLURAL_FORMS = {"zero", "one", "two", "few", "many", "other"}
_HAN_BESIDE_LATIN = re.compile(r"[\u3400-\u9fff][A-Za-z]|[A-Za-z][\u3400-\u9fff]")
_FOLDER = files("mkdocs_paperdigest.pages") / "locales"


@dataclass(frozen=True, slots=True)
class Language:
    """The labels and formats of one language, for templates; made by `load_language`."""

    code: str
    """BCP 47 code of the labels."""
    labels: dict[str, Any]
    """Maps dotted keys to texts with `{fields}`; a text that depends on a count is a mapping of plural forms."""

    def label(self, key: str, /, **values: object) -> str:
        """The text for a key with its fields filled in; `n` selects the plural form.

        Raises:
            KeyError: There is no text for this key.
        """
        text = self.labels[key]
        if isinstance(text, dict):
            text = text.get(self._plural(values["n"]), text["other"])
        return self._filled(str(text), values) if values else str(text)

    def _filled(self, text: str, values: dict[str, object]) -> str:
        """The text with its fields, and a space between Han and Latin where a field begins or ends.

        https://www.w3.org/TR/clreq/#mixed_text_composition_in_horizontal_writing_mode
        """
        filled = ""
        for literal, name, _, _ in Formatter().parse(text):
            for part in (literal, "" if name is None else str(values[name])):
                apart = _HAN_BESIDE_LATIN.fullmatch(filled[-1:] + part[:1])
                filled += f" {part}" if apart else part
        return filled

    def knows(self, key: str) -> bool:
        """Whether there is a text for a key."""
        return key in self.labels

    def reason(self, reason: Reason | None) -> str:
        """A reason and the reasons behind it, from the general to the particular; empty for None.

        It leaves out codes without a label: they are for the log, and may hold paths, addresses or the
        words of a server.
        """
        chain = reason.chain() if reason else ()
        texts = ((one, self.labels.get(f"reason.{one.code}")) for one in chain)
        return str(self.labels["lists.colon"]).join(one.worded(text) for one, text in texts if text)

    told = reason
    """The name of `reason` in templates that people copied from version 0.1."""

    def day(self, day: date | datetime, *, short: bool = False) -> str:
        """A day as written in running text, `19 October 2024`, or `short`; for a datetime, its day in UTC."""
        from babel.dates import format_date

        if isinstance(day, datetime):
            day = day.astimezone(UTC).date()
        return format_date(
            day, self.labels["formats.day_short" if short else "formats.day"], locale=self._locale
        )

    def published(self, paper: Paper) -> str:
        """The day on which a paper was published, or only its month or year if no more is known."""
        from babel.dates import format_date

        pattern = self.labels[f"formats.{paper.date_precision}"]
        return format_date(paper.published.astimezone(UTC).date(), pattern, locale=self._locale)

    def moment(self, moment: datetime) -> str:
        """A day and time in UTC: `19 October 2024 06:15 UTC`."""
        return f"{self.day(moment)} {moment.astimezone(UTC):%H:%M} UTC"

    def span(self, span: Span, *, short: bool = False) -> str:
        """The days that a page covers: a day, a numbered week, a month, or the first and last day.

        A week has its days beside its number, unless it is to be `short`.
        """
        from babel.dates import format_date

        match span.kind:
            case "day":
                return self.day(span.first)
            case "month":
                return format_date(span.first, self.labels["formats.month"], locale=self._locale)
            case "week":
                week = int(span.name.split("-w")[1])
                return (
                    self.label("week_short", week=week)
                    if short
                    else self.label("week", week=week, days=self._days(span))
                )
            case "all":
                return self._days(span)

    def _days(self, span: Span) -> str:
        """The first and last day, with the month and year only once where both days share them."""
        from babel.dates import format_date

        if span.first == span.last:
            return self.day(span.first)
        same_year = span.first.year == span.last.year
        same_month = same_year and span.first.month == span.last.month
        shared = "month" if same_month else "year" if same_year else "none"
        start = self.labels[f"formats.range_{shared}_start"]
        end = self.labels[f"formats.range_{shared}_end"]
        first = format_date(span.first, start, locale=self._locale)
        return f"{first}–{format_date(span.last, end, locale=self._locale)}"

    def _plural(self, number: object) -> str:
        from babel import Locale

        return Locale.parse(self._locale).plural_form(number)  # type: ignore[arg-type]

    @property
    def _locale(self) -> str:
        return self.code.replace("-", "_")


def load_language(code: str) -> Language:
    """The language for a BCP 47 code, or the closest one that has labels, or English."""
    known = languages()
    wanted = code.replace("_", "-").lower()
    nearest = next((tag for tag in (wanted, wanted.split("-")[0]) if tag in known), None)
    if nearest is None:
        log.info("There are no labels in %r yet; the pages use English ones.", code)
        nearest = "en"
    return Language(nearest, _labels(nearest))


def languages() -> tuple[str, ...]:
    """The codes of all languages that have labels."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".yml") for name in names if name.endswith(".yml")))


def _labels(code: str) -> dict[str, Any]:
    return _flat(yaml.load((_FOLDER / f"{code}.yml").read_bytes(), Loader=yaml.CSafeLoader))


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Flattens a tree of labels into dotted keys; mappings of plural forms stay mappings."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and not value.keys() <= _PLURAL_FORMS:
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
