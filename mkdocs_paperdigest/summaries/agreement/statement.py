"""The two sides of every rule: a statement, called claim, and the passage that it rests on.

Both may compare things ("A is better than B"): `Statement.comparisons` says what is compared with what. The word files
have the words that introduce what something is compared with; in Chinese it comes before the adjective (A 比 B 高),
which takes the pattern below.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from mkdocs_paperdigest.summaries.agreement.patterns import Sign, thans
from mkdocs_paperdigest.summaries.agreement.text import Text
from mkdocs_paperdigest.summaries.agreement.words import Word, keys_of
from mkdocs_paperdigest.summaries.lexicon import stem_of


class Passage:
    """A quote with its surroundings.

    Arguments:
        quote: As the model gave it.
        near: The sentences around it in the paper, which include it, or what returns them, because few rules need them.
        context: What stands before them: it says which data or model the quote is about.
        title: The paper's title: its names may stand for "our method".
        counts: How often the paper has each folded word; rare words say more about what a text is about.
    """

    def __init__(
        self,
        quote: str,
        near: str | Callable[[], str],
        context: str = "",
        title: str = "",
        counts: Mapping[str, int] | None = None,
    ) -> None:
        self.quote = Statement(quote)
        self.title = Text(title)
        self.counts = counts or {}
        self._near = near
        self._before = context

    @cached_property
    def near(self) -> Text:
        """The quote with the sentences around it."""
        return Text(self._near if isinstance(self._near, str) else self._near())

    @cached_property
    def context(self) -> Text:
        """The same with what stands before."""
        return Text(f"{self._before}\n{self.near.given}")


class Statement(Text):
    """A text that may compare things."""

    @cached_property
    def comparisons(self) -> "list[Comparison]":
        """What it compares with what, in order."""
        return list(_comparisons(self))

    @cached_property
    def causes(self) -> "list[Comparison]":
        """What it says is caused by what: the sign is up where the cause comes first."""
        return list(_causes(self))


@dataclass(frozen=True)
class Comparison:
    """What a text compares with what."""

    subject: list[Word]
    other: list[Word]
    """What the subject is compared with."""
    sign: Sign | None
    quality: str = ""
    """Stem of an adjective that says no direction: "sparser", "less sparse"."""

    @cached_property
    def subject_keys(self) -> frozenset[str]:
        """The keys of all words of the subject."""
        return keys_of(self.subject)

    @cached_property
    def other_keys(self) -> frozenset[str]:
        """The keys of all words that the subject is compared with."""
        return keys_of(self.other)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all words of both."""
        return self.subject_keys | self.other_keys


def _comparisons(text: Statement) -> Iterator[Comparison]:
    compared: set[int] = set()
    known = [sign for sign in text.signs if sign.axis not in _NOT_COMPARED]
    places = (_CJK_COMPARISON if text.unspaced else thans()).finditer(text.small)
    for found in islice(places, _MOST_COMPARISONS):
        at, after = found.span()
        # "Earlier models, which it surpasses in BLEU": what it surpasses stands before.
        if _BEATS.match(found[0]) and _ADVERBIAL.match(text.small, after):
            continue
        left, right = text.sentence_around(at, after)
        stop = min(text.break_after(after), right)
        if text.unspaced and (first := found[1] or found[2]):
            start = found.start(1 if found[1] else 2)
            other = text.between(start, start + len(first))
            subject = text.between(left, at) + text.between(after, right)
            signs = [one for one in known if after <= one.at < right]
        elif not text.unspaced and stop < right and _OPENS_WITH.search(text.small[left:at]):
            # "Compared with B, A is better."
            other, subject = text.between(after, stop), text.between(stop, right)
            signs = [one for one in known if stop <= one.at < right]
        else:
            signs = [one for one in known if at <= one.at < stop]
            if text.unspaced:
                # A 比 B 更高
                stop = signs[0].at if found[3] and signs else stop
            else:
                signs = [one for one in known if left <= one.at <= at][::-1] or signs
                if len(signs) > 1 and not _JOINS.search(text.small, signs[1].at, signs[0].at):
                    signs = signs[:1]
                named = next((word.end for word in text.words if after <= word.at), after)
                adverbial = _ADVERBIAL.search(text.small, max(after + 2, named), stop)
                stop = adverbial.start() if adverbial else stop
            other, subject = text.between(after, stop), text.between(left, at)
            # 比 B 效果更好: what is measured
            if (
                text.unspaced
                and found[3]
                and other
                and other[-1].is_foreign
                and (len(other) > 1 or not signs)
            ):
                other = other[:-1]
        quality = None if text.unspaced else _QUALITY.search(text.small, max(left, at - 60), at)
        if quality and quality[2] and not signs:
            signs = [Sign(quality.start(), "quality", True, quality.end(2))]
        # "More computation and less communication" has no direction of its own.
        sign = signs[0] if signs and all(one.up == signs[0].up for one in signs) else None
        stem = (
            stem_of(quality[1] or quality[2])
            if quality and (quality[1] or signs[0].at == quality.start())
            else ""
        )
        subject = [one for one in subject if one.at not in compared]
        yield Comparison(subject[:_MOST_WORDS], other[:_MOST_WORDS], sign, stem)
        compared |= {one.at for one in other}


_MOST_COMPARISONS = 20
"""Comparisons of a text that are looked at; each is compared with what stands around it."""
_MOST_WORDS = 400
"""Words of one side of a comparison that are looked at; no quote has more."""


def _causes(text: Statement) -> Iterator[Comparison]:
    """What a text says is caused by what, like comparisons: the words before and after "causes" or "due to"."""
    last = 0
    for sign in islice((one for one in text.signs if one.axis == "cause"), _MOST_COMPARISONS):
        left, right = text.sentence_around(sign.at, sign.at)
        left, last = max(left, last), sign.end
        stop = min(text.break_after(sign.end), right)
        before = text.between(max(left, sign.at - _CAUSE_REACH), sign.at)
        after = text.between(sign.end, min(stop, sign.end + _CAUSE_REACH))
        if before and after:
            yield Comparison(before, after, sign)


_CAUSE_REACH = 80
"""Characters before and after a word of cause that may name cause and effect."""
_NOT_COMPARED = frozenset({"degree", "bound", "share", "cause"})
_OPENS_WITH = re.compile(r"(?:^|[,;:.] ?)(?:when |as |in )?$")
_CJK_COMPARISON = re.compile(
    r"(?:(?:与|和|同)([^，。；,;]{1,30}?)(?:相比|相较)|(?:相比于?|相较于?|较之)([^，。；,;]{1,30}?)(?=[，,]))"
    r"|((?<![相对之占类同成按])比(?![例值较如率对重赛特分]))"
    r"|(?:优|高|低|大|小|多|少|强|弱|快|慢|好|差|逊|劣|胜|长|短)于|超过|超越|胜过|不如|不及"
)
_QUALITY = re.compile(
    r"\b(?:(?:more|less) (?:\w+ly )?([a-z-]{3,})|(?!rather|other|further|number|layer|order)([a-z]{2,}er)(?: [\w-]+){0,2}) $"
)
"""An adjective that compares: "more sparse", "sparser", "sparser decomposition"."""
_BEATS = re.compile("outperform|surpass|exceed|beat")
_JOINS = re.compile(r"\b(?:and|or|but)\b|,")
_ADVERBIAL = re.compile(r" (?:on|in|at|with|by|for|to|when|from|across|under|after|using|despite|if)\b")
"""What follows is not part of what something is compared with."""
