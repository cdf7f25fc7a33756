"""Finds numbers in prose with their units, and gives each one form, whatever its spelling.

`1,000`, `1000`, `１０００`, `1k` and `一千` are the same number, and so are `37.1 %` and `0.371`, `1/3` and `33 %`,
`1.9 × 10^5` and `190,000`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache

from mkdocs_paperdigest.summaries.gate.words import all_words, cjk_words, either, from_words, spaced_words

_GROUPED = r"\d{1,3}(?:(?:[,\u2009\u202f ]|, (?=000))\d{3}){1,6}(?![\d,])(?:\.\d+)?"
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])(?<![A-Za-z][-–])"
    rf"(?:{_GROUPED}|(?<!\d,)\d+,\d{{1,2}}(?![\d,])|\d+(?:\.\d+)?|(?<![\d)\]])\.\d+)(?!\d|\.\d)"
)
_ANY_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_SCALES = from_words(lambda words: {word: int(power) for word, power in words.number_scales})
"""Words and letters after a number -> the power of ten that they stand for."""
_SCALE_WORDS = from_words(lambda _: either(sorted(map(re.escape, _SCALES()), key=len, reverse=True)))
# Here and below the first digit comes before what looks back, because a text is searched for a digit very quickly.
_SCALED = from_words(lambda _: re.compile(rf"(\d(?<!\d\d)\d*(?:\.\d+)?)\s?({_SCALE_WORDS()})(?![a-zı])"))
_WORDS = from_words(lambda words: dict(words.number_words))
_WORD = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
_DEGREE = r"\^\{?\\circ\}?(?:\$?\s?(?:\\(?:text|mathrm|rm)\b\s?\{?)?(?=C\b))?"
_TEX_NOISE = re.compile(
    r"\$?\\pm(?![a-z])\$?|\\(?:sim(?:eq)?|approx)(?![a-z])(?:\\!)?|\\[,;:! ]|\{,\}|\\(?=%)|" + _DEGREE
)
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER = re.compile(
    r"(\d(?<!\d\d)\d*(?:\.\d+)?)\s?(?:[×x*·⋅]|\\times|\\cdot)\s?10\s?\^?\s?\{?([-−–]?\d{1,2})\}?(?![\d.]*\d)"
)
_EXPONENT = re.compile(r"(?<![A-Za-z0-9_.])(\d+(?:\.\d+)?)[eE]([-+−–]?\d{1,2})(?![\d.]*\d)")
"""A power of ten as programs print it: 3E7, 1e-4."""
_LONE_POWER = re.compile(r"(?<![\d.,])10\s?\^\s?\{?([-−–]?\d{1,2})\}?")


def plain_numerals(text: str) -> str:
    """`text` with compatible digits and signs (NFKC), TeX's degrees and tildes as signs, and without its spacing in numbers."""
    if text.isascii() and "\\" not in text and "{" not in text:
        return text
    raised = _SUPERSCRIPT.sub(lambda m: "^" + m[0].translate(_SUPERSCRIPTS), text)
    folded = unicodedata.normalize("NFKC", raised).replace("\u2044", "/")
    return _TEX_NOISE.sub(
        lambda m: (
            "±" if "pm" in m[0] else "~" if m[0][1:2] in "sa" else {"{": ",", "^": "°"}.get(m[0][0], "")
        ),
        folded,
    )


def _canonical(number: str) -> str:
    """A number without thousands separators and needless zeros."""
    bare = re.sub(r"[,\s\u2009\u202f]", "", number)
    try:
        value = Decimal(bare)
    except InvalidOperation:
        return bare
    return _written(value)


def _written(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text.lstrip("0")) or "0"


def stated_numbers(text: str) -> tuple[str, ...]:
    """The numbers that a claim states, in canonical form.

    Numbers within a name ("3D", "GPT-3", "v1.3") and numbers that only point somewhere (citations, figures,
    tables, equations) are left out. A scale belongs to its number: `6000万` is 60000000.
    """
    if _DIGIT.search(text) is None:
        return ()
    return tuple(_written(one.value) for one in _found(text, _PRINTED) if not one.in_words)


def all_numbers(text: str) -> frozenset[str]:
    """All numbers of a source, in every form that a claim may give them.

    Includes those that are spelt out (`twelve`, `half`), scaled (`25K`) or powers of ten, percentages as
    fractions, and fractions as percentages.
    """
    folded = plain_numerals(text)
    found = {_canonical(number) for number in _ANY_NUMBER.findall(folded)}
    # Lower-cased, because a pattern that ignores case would match `mıllion`, which is not in `_SCALES`.
    small = folded.lower()
    if found:
        found.update(_other_forms(small))
    values = _WORDS()
    found.update(values[word] for word in _WORD.findall(small) if word in values)
    return frozenset(found)


def _other_forms(small: str) -> Iterator[str]:
    """What the numbers of a text in lower case are in other forms."""
    for number, scale in _SCALED().findall(small):
        yield _written(Decimal(number).scaleb(_SCALES()[scale]))
    # Cheap signs first, because most texts have no such number and the patterns are slow.
    for power in _POWER.finditer(small) if "10" in small else ():
        yield _written(_raised(Decimal(power[1]), power[2]))
    for power in _EXPONENT.finditer(small):
        yield _written(_raised(Decimal(power[1]), power[2]))
    for power in _LONE_POWER.finditer(small) if "^" in small else ():
        yield _written(_raised(Decimal(1), power[1]))
    for number in _PERCENT.findall(small) if "%" in small else ():
        yield _written(Decimal(number) / 100)
    for number in _BELOW_ONE.findall(small) if "." in small else ():
        yield _written(Decimal(number) * 100)
    for above, below in _FRACTION.findall(small) if "/" in small else ():
        yield from _as_percent(Decimal(above) / Decimal(below))
    for number in _GERMAN.findall(small) if "," in small else ():
        yield _canonical(number.replace(",", "."))


_PERCENT = re.compile(r"(\d(?<![\d.]\d)\d{0,2}(?:\.\d{1,4})?)\s?%")
_BELOW_ONE = re.compile(r"((?:0(?<![\d.]0)\.|\.(?<![\d.]\.))\d{1,5})(?![\d.])")
_FRACTION = re.compile(r"(\d(?<![\d./]\d)\d?)\s?/\s?([1-9]\d?)(?![\d./])")
_GERMAN = re.compile(r"(\d(?<![\d.,]\d)\d{0,2},\d{1,2})(?![\d,])")


def _as_percent(fraction: Decimal) -> Iterator[str]:
    for places in ("1", "0.1", "0.01"):
        yield _written((100 * fraction).quantize(Decimal(places)))


def _raised(number: Decimal, power: str) -> Decimal:
    return number.scaleb(int(re.sub("[−–]", "-", power)))


# ---------------------------------------------------------------- with units


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text with its unit and its place."""

    value: Decimal
    step: Decimal
    """The unit of its last digit: 0.1 for 21.4, 10,000 for 40万."""
    units: frozenset[str]
    """What is known of its unit: `%`, `times`, `hour`, `bleu`; empty for a bare number."""
    start: int
    """Where it begins in `plain_numerals(text)`."""
    end: int
    """Where it ends, without its unit."""
    in_words: bool = False
    """Whether it is spelt out, as in `two`, `half`, `三分之一`, or a fraction."""
    others: tuple[Decimal, ...] = ()
    """Other values that the same signs may stand for, such as 10^5 for the `105` of a PDF."""
    letter: frozenset[str] = frozenset()
    """The unit that the letter of its scale may be instead: 300K are 300 thousand, or 300 kelvin."""
    lessens: bool = False
    """Whether it may say by which factor something gets less, as in `to a third` and `3 times cheaper`."""

    @property
    def is_year(self) -> bool:
        """Whether it may date something."""
        return not self.units and self.step == 1 and 1900 <= self.value <= 2099

    def states(self, other: "Quantity") -> bool:
        """Whether this number of a claim says the same as `other` of a paper, or rounds it."""
        values = (other.value, *other.others)
        if any(self._agrees(value, other.units) for value in values) and self._fits(
            other.units or other.letter
        ):
            return True
        grown = (step for value in values for step in self._as_increase(value, other.units))
        return (
            self._converts(other)
            or self._is_about(other)
            or self.value in grown
            or (self.lessens and other.lessens and other.value > 1 and self.value == 100 / other.value)
        )

    def _is_about(self, other: "Quantity") -> bool:
        """Whether one is a percentage and the other the fraction in words that stands for it: two thirds for 66 %."""
        return (
            self.in_words != other.in_words
            and "%" in self.units & other.units
            and abs(self.value - other.value) < 1
        )

    def _converts(self, other: "Quantity") -> bool:
        """Whether it is the same in another unit: 12 months for a year."""
        mine, theirs = (_in_base_units("".join(one.units)) for one in (self, other))
        return bool(
            mine and theirs and mine[1] == theirs[1] and self.value * mine[0] == other.value * theirs[0]
        )

    def _agrees(self, value: Decimal, units: frozenset[str]) -> bool:
        """Compares values; a percentage equals the fraction that is a hundredth of it."""
        scales = [Decimal(1)]
        if "%" in self.units and not units:
            scales.append(Decimal(100))
        if "%" in units and not self.units:
            scales.append(Decimal("0.01"))
        return any(
            (self._rounds(mine, value * scale) and (scale >= 1 or self.step <= scale))
            or (mine == value * scale and mine < 1)
            for mine in (self.value, *self.others)
            for scale in scales
        )

    def _as_increase(self, value: Decimal, units: frozenset[str]) -> Iterator[Decimal]:
        """What a claim may have for a factor (56 % more for 1.56 times), or the other way round."""
        if "%" in self.units and "times" in units:
            yield 100 * (value - 1)
        elif "times" in self.units and "%" in units:
            yield 1 + value / 100

    def _rounds(self, mine: Decimal, value: Decimal) -> bool:
        if mine == value:
            return True
        apart = abs(mine - value)
        return 2 * apart <= self.step and 20 * apart <= abs(value)

    def _fits(self, units: frozenset[str]) -> bool:
        """Whether the units do not exclude each other."""
        if self.units and not units:
            # A clock time or a size has to be printed; percentages and scores often stand in a table.
            return not any(map(_is_measure, self.units))
        alike = self.units & units or self.units | units in _ALIKE
        return not self.units or not units or bool(alike) or self._points(units)

    def _points(self, units: frozenset[str]) -> bool:
        return "points" in self.units | units and not any(
            unit == "times" or _is_measure(unit) for unit in self.units | units
        )


_ALIKE = (frozenset({"degree", "celsius"}), frozenset({"frame", "fps"}))
"""Units of which a claim may leave out the scale of the temperature, or the second."""
_PREFIXES = {"p": -12, "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15}
"""Prefixes of SI units, with their powers of ten."""
_SI = re.compile(
    r"([pnuµμmkKMGTP]?)((?:(?<=[pnuµμm])[AMlL])|(?<=[nuµμmkM])N"
    r"|B|bit/s|bit|bps|eV|FLOPS|Gy|Hz|J|K|Pa|T|V|W|bar|g|m|mol|pc|rad|s|yr)(?![A-Za-z])|[cd]m(?![A-Za-z])"
)
"""Units in which a capital changes the size: mHz and MHz. Those of one letter that may be something else are left out."""
_ONE_SPELLING = str.maketrans("µμL", "uul")
_IN_BASE_UNITS: dict[str, tuple[float | Decimal, str]] = {"min": (60, "s"), "h": (3600, "s"), "day": (86400, "s"), "week": (604800, "s")} | {
    "month": (1, "month"), "dm": (Decimal("0.1"), "m"), "cm": (Decimal("0.01"), "m"),
}  # fmt: skip


@cache
def _in_base_units(unit: str) -> tuple[Decimal, str] | None:
    """The size of a unit and the unit that it is measured in; None for what is no measure, such as BLEU."""
    if unit in _IN_BASE_UNITS:
        size, base = _IN_BASE_UNITS[unit]
        return Decimal(size), base
    found = _SI.fullmatch(unit)
    if found is None:
        return None
    size = Decimal(1).scaleb(_PREFIXES[found[1]])
    # Chinese says millimole for mM.
    return (12 * size, "month") if found[2] == "yr" else (size, "mol" if found[2] == "M" else found[2])


def is_unit(word: str) -> bool:
    """Whether a word or sign stands for a unit: `hours`, `mHz`."""
    spelt = _spelt_unit().fullmatch(word)
    return word.lower() in _UNITS() or spelt is not None or _in_base_units(word) is not None


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text with their units, in order; those that only point somewhere are left out."""
    return _found(text, (*_PRINTED, _compounds, _spelt))


def _found(text: str, makers: Sequence[Callable[[str], Iterable[Quantity]]]) -> tuple[Quantity, ...]:
    """What the makers find, each in what those before it have left."""
    plain = plain_numerals(text)
    blanked = _pointers().sub(lambda found: " " * len(found[0]), plain) if _DIGIT.search(plain) else plain
    found: list[Quantity] = []
    taken = bytearray(len(blanked))
    for maker in makers:
        new = [one for one in maker(blanked) if not any(taken[one.start : one.end])]
        for one in new:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
        found += new
    found.sort(key=lambda one: one.start)
    return tuple(
        replace(one, lessens=True) if _lessens(one, blanked) else one
        for one in _sharing_units(found, blanked)
    )


def _lessens(one: Quantity, text: str) -> bool:
    """Whether a share (`to a third`, but not `by a third`) or a factor (`3 times cheaper`) says how much less something is."""
    if "times" in one.units:
        return _LESS.search(text, max(0, one.start - _BESIDE), one.end + _BESIDE) is not None
    share = one.in_words and "%" in one.units
    return share and (one.value == _HALF or not _BY.search(text, max(0, one.start - 12), one.start))


_HALF = 50
_BESIDE = 40
"""Characters within which a factor has a word that says in which direction it goes."""
_LESS = re.compile(
    r"\b(?:cheap|less|lower|fewer|small|short|fast|quick|speed|accelerat|decreas|reduc|shrink|drop|fall|fell|cut"
    r"|compress|light|sav(?:e|ing)|efficien)|[减降少低快短小省]",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\bby (?:about |around |roughly |over |almost |nearly |more than )?$|(?:[减降][^至到为]{0,2}|缩短)了?约?$"
)


def _powers(text: str) -> Iterator[Quantity]:
    written = _EXPONENT.finditer(text) if _DIGIT.search(text) else ()
    for match in (*(_POWER.finditer(text) if "10" in text else ()), *written):
        if int(re.sub("[−–]", "-", match[2])) == 0:
            continue
        value = _raised(Decimal(match[1]), match[2])
        yield _quantity(
            value, _step(match[1], value / Decimal(match[1]) if Decimal(match[1]) else 1), match, text
        )


def _lone_powers(text: str) -> Iterator[Quantity]:
    for match in _LONE_POWER.finditer(text) if "10" in text else ():
        value = _raised(Decimal(1), match[1])
        yield _quantity(value, value, match, text)


def _orders(text: str) -> Iterator[Quantity]:
    """Orders of magnitude: `two orders of magnitude` are 100 times."""
    small = text.lower()
    # Most texts have no such word, and the pattern has to look for a number before it.
    for match in _order().finditer(small) if _tenfold().search(small) else ():
        digits = match[1] or match[2] or ""
        power = _cjk_value(digits) if match[2] else Decimal(_WORDS().get(digits, digits) or 1)
        if power and power < _MOST_ORDERS:
            value = Decimal(1).scaleb(int(power))
            yield Quantity(value, Decimal(1), frozenset({"times"}), match.start(), match.end(), in_words=True)


_MOST_ORDERS = 50
_tenfold = from_words(lambda words: re.compile(either(words.tenfold)))


@cache
def _order() -> re.Pattern[str]:
    numbers = either(sorted(_WORDS(), key=len, reverse=True))
    return re.compile(
        rf"(?:\b({numbers}|\d{{1,2}}) |(\d{{1,2}}|[一二两三四五六七八九十]) ?个?)?(?:{either(all_words().tenfold)})"
    )


def _fractions(text: str) -> Iterator[Quantity]:
    for match in _FRACTION.finditer(text) if "/" in text else ():
        if Decimal(match[1]) < Decimal(match[2]):
            yield _fraction(Decimal(match[1]), Decimal(match[2]), match.start(), match.end())
    for match in _cjk_fractions().finditer(text) if "分之" in text else ():
        below, above = _cjk_value(match[1]), _cjk_value(match[2])
        if below == 100 and above is not None:
            spelt = not match[2][0].isdigit()
            yield Quantity(above, _step(match[2], 1), frozenset({"%"}), match.start(), match.end(), spelt)
        elif below and above is not None:
            yield _fraction(above, below, match.start(), match.end())


def _fraction(above: Decimal, below: Decimal, start: int, end: int) -> Quantity:
    share = above / below
    return Quantity(100 * share, Decimal("0.01"), frozenset({"%"}), start, end, True, (share,))


def _dates(text: str) -> Iterator[Quantity]:
    for match in _month().finditer(text):
        number = Decimal(match[1]) if match[1] else Decimal(all_words().months.index(match[0]) + 1)
        yield Quantity(number, Decimal(1), _DATE, match.start(), match.end(), in_words=True)
    for match in _SHORT_YEAR.finditer(text):
        year = Decimal(match[1])
        yield Quantity(
            1900 + year if year > 50 else 2000 + year, Decimal(1), frozenset(), match.start(1), match.end()
        )
    for match in _AROUND_YEAR.finditer(text) if "-" in text else ():
        yield Quantity(Decimal(match[0]), Decimal(1), frozenset(), match.start(), match.end())
    for match in _CJK_DATE.finditer(text) if "年" in text or "月" in text else ():
        yield Quantity(Decimal(match[0]), Decimal(1), frozenset(), match.start(), match.end())


_SHORT_YEAR = re.compile(r"['’](\d\d)\b")
_AROUND_YEAR = re.compile(r"(?:(?<=pre-)|(?<=mid-)|(?<=post-))(?:19|20)\d\d\b", re.IGNORECASE)
_CJK_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)|(?<=月)\d{1,2}(?=日)")


_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|nearly|almost|close to|some|circa)|[~≈约近]|接近|左右)\s?$"
)
_REACH_OF_ABOUT = 16
"""Characters."""
_INEXACT = Decimal("0.06")
"""What "about 6,000" leaves open, both ways together, as a share of the number."""


def _plain(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        digits = match[0]
        others: list[Decimal] = []
        if re.fullmatch(r"\d+,\d{1,2}", digits):
            digits = digits.replace(",", ".")
        elif re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", digits):
            # Other languages group thousands so.
            others.append(Decimal(digits.replace(".", "")))
        bare = re.sub(r"[,\s\u2009\u202f]", "", digits)
        try:
            value = Decimal(bare)
        except InvalidOperation:
            continue
        step = _step(bare, 1)
        if bare.endswith("0") and _ABOUT.search(text, max(0, match.start() - _REACH_OF_ABOUT), match.start()):
            step = max(step, min(Decimal(10) ** (len(bare) - len(bare.rstrip("0"))), value * _INEXACT))
        # PDFs lose superscripts: 10^5 is printed as 105.
        if re.fullmatch(r"10[1-9]\d?", bare):
            others.append(Decimal(1).scaleb(int(bare[2:])))
        end = match.end()
        scale, letter = _scale().match(text, end), frozenset[str]()
        units = _units(text, match.start(), end)
        if scale is not None and (power := _power_of(scale)):
            if scale[0] in ("m", "M", "k", "K", "b") and not _COUNTED.match(text, scale.end()):
                # 300K is a temperature or a number of things.
                others.append(value)
                letter = frozenset({scale[0]} if _in_base_units(scale[0]) else ())
            value, step, end = value.scaleb(power), step.scaleb(power), scale.end()
            units = _units(text, match.start(), end)
        yield Quantity(value, step, units, match.start(), end, False, tuple(others), letter)


_NO_NOUN = (
    r"(?!(?:in|at|for|on|with|and|or|of|to|by|from|over|under|as|is|was|has|thus|this|its|does|plus|minus|versus|across"
    r"|shows|gives|yields|until|when|while|then|after|before|during)\b)"
)
_COUNTED = re.compile(
    rf"(?: {_NO_NOUN}[a-z-]+)? {_NO_NOUN}(?:[a-z]{{3,}}(?<!s)s|people|men|women|children)\b"
)
"""Things that are counted: 300K respondents are no 300 kelvin."""


@cache
def _scale() -> re.Pattern[str]:
    # A Chinese scale may stand right before a name: 370亿FLOPS.
    words = sorted(_SCALES(), key=len, reverse=True)
    latin = either(re.escape(word) for word in words if word.isascii())
    others = either(re.escape(word) for word in words if not word.isascii())
    return re.compile(rf"\s?((?:{latin})(?![A-Za-z])|(?:{others}))", re.IGNORECASE)


def _power_of(scale: re.Match[str]) -> int | None:
    word = scale[1]
    if len(word) == 1 and word.isascii() and scale[0] != word:
        return None  # "5 m" is a length
    return _SCALES().get(word.lower())


_PRINTED = (_powers, _lone_powers, _orders, _fractions, _dates, _plain)
"""Those that find numbers in digits; a date before the numbers in it."""


def _compounds(text: str) -> Iterator[Quantity]:
    """Numbers of several words: `one billion`, `half an hour`, 半年."""
    small = text.lower()
    for match in _part_of_unit().finditer(small) if _PART().search(small) else ():
        below = Decimal(dict(all_words().fraction_words).get(match[2], "2"))
        share = Decimal(_WORDS().get(match[1], "1")) / below
        units = _units(text, match.start(), match.end())
        yield Quantity(share, Decimal("0.01"), units, match.start(), match.end())
    for match in _TENS_AND_ONES.finditer(small):
        value = Decimal(_WORDS()[match[1]]) + Decimal(_WORDS()[match[2]])
        units = _units(text, match.start(), match.end())
        yield Quantity(value, Decimal(1), units, match.start(), match.end())
    for match in _spelt_scale().finditer(small) if _SCALE.search(small) else ():
        value = Decimal(_WORDS().get(match[1], "1")).scaleb(_SCALES().get(match[2], 2))
        units = _units(text, match.start(), match.end())
        yield Quantity(value, Decimal(1), units, match.start(), match.end(), in_words=True)


def _spelt(text: str) -> Iterator[Quantity]:
    """Numbers in words: `two thirds`, `nine`, `half`, `三`."""
    small = text.lower()
    for match in _spelt_fraction().finditer(small):
        above = _WORDS().get(match[1], "1")
        below = dict(all_words().fraction_words)[match[2]]
        yield _fraction(Decimal(above), Decimal(below), match.start(), match.end())
    values = _WORDS()
    for match in _WORD.finditer(small):
        word = match[0]
        if word not in values or word == "one":
            continue
        value = Decimal(values[word])
        if word in _shares():
            yield _fraction(value, Decimal(100), match.start(), match.end())
            continue
        units = frozenset({"times"}) if word in _multiples() else _units(text, match.start(), match.end())
        yield Quantity(value, Decimal(1), units, match.start(), match.end(), in_words=True)
    for match in _ordinal().finditer(small):
        rank = Decimal(dict(all_words().ordinals)[match[0]])
        yield Quantity(rank, Decimal(1), _RANK, match.start(), match.end(), in_words=True)
    for match in _SINGLE.finditer(small):
        units = _units(text, match.start(), match.start(1))
        yield Quantity(Decimal(1), Decimal(1), units, match.start(), match.end(), in_words=True)
    for match in _cjk_number().finditer(text):
        number = _cjk_value(match[0])
        if number is not None and number > 1:
            units = _units(text, match.start(), match.end())
            yield Quantity(number, Decimal(1), units, match.start(), match.end(), in_words=True)


_RANK, _DATE = frozenset({"rank"}), frozenset({"date"})


@cache
def _ordinal() -> re.Pattern[str]:
    words = [word for word, _ in all_words().ordinals]
    return re.compile(
        rf"\b(?:{either(word for word in words if word.isascii())})\b|{either(word for word in words if not word.isascii())}"
    )


@cache
def _month() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either(all_words().months)})\b|(?<!\d)(\d{{1,2}})月")


_SINGLE = re.compile(r"\ban? (millisecond|second|minute|hour|day|week|month|year)\b")
_shares = from_words(lambda words: frozenset(words.share_words))
_multiples = from_words(lambda words: frozenset(words.multiple_words))


@cache
def _spelt_fraction() -> re.Pattern[str]:
    numbers = either(sorted(_WORDS(), key=len, reverse=True))
    parts = either(sorted((word for word, _ in all_words().fraction_words), key=len, reverse=True))
    # "A third method" is no fraction.
    return re.compile(
        rf"\b({numbers}|one|a)[\s-]({parts})\b(?=\s+(?:of|as|the|less|more|fewer)\b|[.,;)]|\s*$)"
    )


@cache
def _spelt_scale() -> re.Pattern[str]:
    """`one billion`, `two hundred`: one number, of which `two` alone would be another."""
    numbers = either(sorted(_WORDS(), key=len, reverse=True))
    scales = either(word for word in _SCALES() if word.isascii() and len(word) > 3)
    return re.compile(rf"\b({numbers}|an?)[ -](hundred|{scales})\b")


_TENS_AND_ONES = re.compile(
    r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -](one|two|three|four|five|six|seven|eight|nine)\b"
)
# Cheap signs of what these patterns find, which are slow.
_SCALE = re.compile("hundred|thousand|illion")
_PART = from_words(lambda words: re.compile(either([*(word for word, _ in words.fraction_words), "半"])))


@cache
def _part_of_unit() -> re.Pattern[str]:
    """`half an hour`, `three quarters of an hour`, 半小时."""
    numbers = either(sorted(_WORDS(), key=len, reverse=True))
    parts = either(sorted((word for word, _ in all_words().fraction_words), key=len, reverse=True))
    return re.compile(
        rf"\b(?:({numbers}|a)[ -])?({parts}) (?:of )?an? (?=(?:second|minute|hour|day|week|month|year)\b)"
        "|半(?=个?(?:小时|月)|[天年])"
    )


_CJK_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CJK_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


@cache
def _cjk_number() -> re.Pattern[str]:
    """Chinese numbers before a word that counts, because 一 and 三 are also parts of other words."""
    return re.compile(
        rf"(?<![数几第之一二两三四五六七八九十百千万亿\d])[二两三四五六七八九十][十百千万亿一二三四五六七八九]*(?={either(cjk_words().counters)})"
    )


@cache
def _cjk_fractions() -> re.Pattern[str]:
    digits = r"[一二两三四五六七八九十百]+"
    return re.compile(rf"({digits}|\d+)分之({digits}|\d+(?:\.\d+)?)")


def _cjk_value(text: str) -> Decimal | None:
    if text[:1].isdigit():
        return Decimal(text)
    total = section = digit = 0
    for char in text:
        if char in _CJK_DIGITS:
            digit = _CJK_DIGITS[char]
        elif char in _CJK_UNITS:
            unit = _CJK_UNITS[char]
            if unit >= 10_000:
                total, section = (total + section + digit) * unit, 0
            else:
                section += (digit or 1) * unit
            digit = 0
        else:
            return None
    return Decimal(total + section + digit)


def _quantity(value: Decimal, step: Decimal, match: re.Match[str], text: str) -> Quantity:
    return Quantity(value, step, _units(text, match.start(), match.end()), match.start(), match.end())


def _step(digits: str, scale: Decimal | int) -> Decimal:
    """The unit of the last digit of a number."""
    places = len(digits.partition(".")[2])
    return Decimal(scale).scaleb(-places)


# ---------------------------------------------------------------- units

_UNITS = from_words(lambda words: dict(words.units))


def _is_measure(unit: str) -> bool:
    """Whether a paper prints a unit with each number: one of time, size and the like."""
    return unit not in _NO_MEASURES and unit not in all_words().scores


_NO_MEASURES = frozenset({"%", "points", "times", "rank", "date"})


@cache
def _unit() -> re.Pattern[str]:
    words = sorted(_UNITS(), key=len, reverse=True)
    latin = either(re.escape(word) for word in words if word.isascii() and word[0].isalpha())
    others = either(re.escape(word) for word in words if not (word.isascii() and word[0].isalpha()))
    # 分 are minutes in Japanese, but not in 2K分辨率, "2K resolution".
    others = rf"(?:{others})(?!(?<=分)[辨类布数割析子支层段别离解])"
    return re.compile(
        rf"{_GAP}(?:个?[cgt]pu[ -]?|cores?[ -])?(?:({latin})(?![A-Za-z])|({others}))", re.IGNORECASE
    )


def _symbol(spelt: re.Match[str]) -> str | None:
    """The symbol of a unit in words, such as mV; None for what is no unit."""
    words = all_words()
    prefix, name = (spelt[group] for group in ("prefix", "name"))
    symbol = (dict(words.unit_prefixes)[prefix.lower()] if prefix else "") + dict(words.unit_names)[
        name.lower()
    ]
    return symbol.translate(_ONE_SPELLING) if _in_base_units(symbol) else None


_GAP = r"(?:[\s\-–~$]|\\(?:mathrm|text|rm)\b\s?\{?){0,3}"
"""What may stand between a number and its unit."""
_GAP_AND_SI = re.compile(rf"{_GAP}(?P<unit>{_SI.pattern})")
_spelt_unit = from_words(
    lambda words: re.compile(
        rf"(?P<prefix>{either(word for word, _ in words.unit_prefixes)})?"
        rf"(?P<name>{either(sorted((word for word, _ in words.unit_names), key=len, reverse=True))})s?(?![A-Za-z])",
        re.IGNORECASE,
    )
)
_GAP_AND_SPELT = from_words(lambda _: re.compile(rf"{_GAP}{_spelt_unit().pattern}", re.IGNORECASE))
_DIMENSION = re.compile(r"\s?(?:[×xX]|-by-|by|\*)\s?[\dNM]")
_BEFORE_DIMENSION = re.compile(r"(?:\d|[NM])\s?(?:[×xX]|-by-|by|\*)\s?$")
_FACTOR = re.compile(
    r"(?:factors? of(?: (?:about|roughly|around|up to|over|nearly))?|by a factor) ~?$", re.IGNORECASE
)
_SCORE = re.compile(
    r"\s+(?:(?:more|better|higher|worse|lower|absolute|box|mask|average|mean)\s+)?([A-Za-z][\w-]*)"
)


def _units(text: str, start: int, end: int) -> frozenset[str]:
    """The units of the number between `start` and `end`."""
    if _DIMENSION.match(text, end) or _BEFORE_DIMENSION.search(text[max(0, start - 8) : start]):
        return frozenset()
    units: set[str] = set()
    if _FACTOR.search(text[max(0, start - 40) : start]):
        units.add("times")
    at = end
    if found := _GAP_AND_SI.match(text, at):
        units.add(found["unit"].translate(_ONE_SPELLING).replace("bit/s", "bps"))
        at = found.end()
    elif (found := _GAP_AND_SPELT().match(text, at)) and (unit := _symbol(found)):
        units.add(unit)
        at = found.end()
    elif found := _unit().match(text, at):
        unit = _UNITS()[(found[1] or found[2]).lower()]
        units.add("fps" if unit == "frame" and text.endswith("每秒", 0, start) else unit)
        at = found.end()
    if (score := _SCORE.match(text, at)) and score[1].lower() in all_words().scores:
        units.add(score[1].lower())
    return frozenset(units)


def _sharing_units(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Gives each number of an enumeration or range ("5 to 10 hours") the unit at its end."""
    given: list[Quantity] = []
    for one in reversed(found):
        if not one.units and given and given[-1].units and _JOINED.fullmatch(text[one.end : given[-1].start]):
            one = replace(one, units=given[-1].units)
        given.append(one)
    return reversed(given)


_JOINED = re.compile(r"\s?(?:[-–—~,/±]|to|and|or|through|,\s?and|至|到|和|与|或|、|\+/-|\+\s?[-−–]|±)\s?")


@cache
def _pointers() -> re.Pattern[str]:
    """A pattern for the numbers of citations, figures and the like, and of list items."""
    cjk, spaced = either(cjk_words().pointers), either(spaced_words().pointers)
    return re.compile(
        r"\[[\d,;\s\u2013-]+\]"
        rf"|(?:\b(?:{spaced})|{cjk})\s*[\dA-Z]{{1,3}}(?:\.\d+)?"
        rf"(?:(?:[,、\s]|{either(all_words().between_pointers)})+\d{{1,2}}\b)*"
        r"|(?m:^\s*[(（]?\d{1,2}[.、)）](?!\d))|(?<![\d%])(?<![\d%] )[(（]\d{1,2}[)）]|[①-⑳]"
    )
