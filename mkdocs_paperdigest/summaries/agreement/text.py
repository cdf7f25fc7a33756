"""A text, and what the rules compare of it: numbers, words, names and signs."""

import re
from functools import cached_property
from itertools import islice

from mkdocs_paperdigest.summaries.agreement.clauses import Clauses
from mkdocs_paperdigest.summaries.agreement.patterns import Sign, negations, signs_in
from mkdocs_paperdigest.summaries.agreement.words import (
    BETWEEN,
    TOKEN,
    Word,
    by_key,
    empty_words,
    name_key,
    reads_as_name,
)
from mkdocs_paperdigest.summaries.lexicon import chinese_words, meanings_of, stem_of
from mkdocs_paperdigest.summaries.numerals import Quantity, is_unit, plain_numerals, quantities
from mkdocs_paperdigest.text import UNSPACED, folded_latin


class Text(Clauses):
    """A text, and what the rules compare of it; each part is found when it is first needed."""

    def __init__(self, text: str) -> None:
        self.given = text
        self.plain = _DASH.sub("-", plain_numerals(text))
        super().__init__(self.plain.lower())
        self.unspaced = re.search(f"[{UNSPACED}]", text) is not None

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        """Its numbers, with their units."""
        return quantities(self.plain)

    @cached_property
    def tokens(self) -> list[Word]:
        """Words and names."""
        found: list[Word] = []
        measured = {match.end() for match in _MEASURED.finditer(self.plain)}
        for match in TOKEN.finditer(self.plain):
            at, word, small = match.start(), match[0], match[0].lower()
            # Most words are in small letters, and no names.
            if not (word == small and word.isalpha()):
                is_name = reads_as_name(word, not self.unspaced and self._opens_sentence(at))
                if is_name and not (at in measured and is_unit(word)):
                    found.append(Word(at, word, frozenset([name_key(word)]), is_name=True))
                    continue
            if len(word) > 1 or (at in measured and is_unit(word)):
                found.append(Word(at, small, frozenset([stem_of(small)])))
        if self.unspaced:
            found += [Word(at, word, keys) for at, word, keys in chinese_words(self.plain)]
            found.sort(key=lambda word: word.at)
        return found

    @cached_property
    def words(self) -> list[Word]:
        """Content words and names."""
        return [word for word in self.tokens if word.is_name or word.word not in empty_words()]

    def like(self, word: Word) -> list[Word]:
        """What may be the same word; of another language's words, the empty ones count too."""
        known = self._tokens_by_key if word.is_foreign else self._words_by_key
        return [one for key in word.keys for one in known.get(key, ())]

    @cached_property
    def _tokens_by_key(self) -> dict[str, list[Word]]:
        return by_key(self.tokens)

    @cached_property
    def _words_by_key(self) -> dict[str, list[Word]]:
        return by_key(self.words)

    def opens_with(self, word: Word) -> bool:
        """Whether a word opens a sentence, where every word has a capital, and has no other one."""
        return word.word[1:].islower() and self._opens_sentence(word.at)

    def _opens_sentence(self, at: int) -> bool:
        before = self.plain[max(0, at - 3) : at].rstrip()
        return not before or before[-1] in ".!?:。！？"

    @cached_property
    def names(self) -> list[Word]:
        """Names of models, data sets, people."""
        return [word for word in self.words if word.is_name]

    @cached_property
    def meanings(self) -> frozenset[str]:
        """Chinese words that its words may stand for: synonyms have one in common."""
        return frozenset().union(*(meanings_of(key) for word in self.tokens for key in word.keys))

    @cached_property
    def parts(self) -> frozenset[str]:
        """The parts of its names, in small letters."""
        return frozenset(part for name in self.names for part in re.split(r"[-+/]", name.word.lower()))

    @cached_property
    def initials(self) -> str:
        """The first letters of its words."""
        return "".join(word[0] for word in re.findall(r"[a-z]+", self.small))

    @cached_property
    def acronyms(self) -> dict[int, str]:
        """For the place of each name of several words, the first letters of these words."""
        found: dict[int, str] = {}
        for run in re.finditer(r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+)+", self.plain):
            places = [match.start() for match in re.finditer("[A-Z]", run[0])]
            found |= {run.start() + at: "".join(run[0][place] for place in places).lower() for at in places}
        return found

    @cached_property
    def key(self) -> str:
        """Its Latin letters and digits."""
        return folded_latin(self.plain)

    @cached_property
    def signs(self) -> list[Sign]:
        """Words that say which way something goes."""
        return signs_in(self.small)

    @cached_property
    def negations(self) -> list[re.Match[str]]:
        """Words that deny, of which no statement has many."""
        return list(islice(negations().finditer(self.small), _MOST_NEGATIONS))

    def between(self, start: int, end: int) -> list[Word]:
        """The words of a part, also those that are usually empty, and its numbers."""
        words = [word for word in self.tokens if start <= word.at < end and word.word not in BETWEEN]
        numbers = [one for one in self.numbers if start <= one.start < end]
        return words + [
            Word(one.start, str(one.value), frozenset([f"#{one.value.normalize()}"])) for one in numbers
        ]

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether it has one of the words of a pattern, which is in small letters."""
        return pattern.search(self.small) is not None


_MOST_NEGATIONS = 20
_MEASURED = re.compile(r"(?:\d[ -]{1,7}|degrees? )(?=[A-Za-z0-9])")
"""What stands before a unit."""
_DASH = re.compile("(?<=[A-Za-z])[\u2010\u2011\u2013](?=[A-Za-z])")
