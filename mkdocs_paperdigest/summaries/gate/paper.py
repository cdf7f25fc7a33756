"""What is known about a paper, in the forms that the gate's rules need."""

import re
from functools import cached_property

from mkdocs_paperdigest.models import FullText, Paper
from mkdocs_paperdigest.summaries.gate.renderings import stems_of, words_of
from mkdocs_paperdigest.summaries.gate.words import from_words
from mkdocs_paperdigest.summaries.language import written_in
from mkdocs_paperdigest.summaries.numerals import all_numbers
from mkdocs_paperdigest.summaries.sentences import split_sentences
from mkdocs_paperdigest.text import folded_latin


class KnownPaper:
    """Facts, front and body of one paper; each form of them is made when a rule first needs it.

    Arguments:
        paper: What arXiv says.
        text: The full text, if it was read.
    """

    def __init__(self, paper: Paper, text: FullText | None) -> None:
        self.paper = paper
        self._text = text
        self.front = " ".join((paper.title, paper.abstract, paper.comment or "", paper.journal_ref or ""))
        """Title, abstract, comment and journal reference: all that is known without reading the paper."""
        self._known: dict[str, bool] = {}

    @cached_property
    def body(self) -> str:
        """The text of the paper beyond its abstract, or nothing."""
        if self._text is None:
            return ""
        sections = (f"{section.title}\n{section.text}" for section in self._text.sections)
        return "\n".join((*self._text.pages, *sections))

    @cached_property
    def is_read(self) -> bool:
        """Whether the body is this paper's text, not a stub or another document under its address."""
        words = set(_LONG_WORD.findall(self.front_lower))
        found = sum(word in self.body_lower for word in words)
        return len(self.body) > 2 * len(self.front) and found >= 0.6 * len(words)

    @cached_property
    def front_lower(self) -> str:
        """The front in lower case."""
        return self.front.lower()

    @cached_property
    def front_sentences(self) -> tuple[str, ...]:
        """Title and sentences of the abstract in lower case."""
        sentences = (self.paper.title, *split_sentences(self.paper.abstract))
        return tuple(sentence.lower() for sentence in sentences)

    @cached_property
    def body_lower(self) -> str:
        """The body in lower case."""
        return self.body.lower()

    @cached_property
    def front_key(self) -> str:
        """The front in lower-case letters and digits only."""
        return folded_latin(self.front)

    @cached_property
    def body_key(self) -> str:
        """The body in lower-case letters and digits only."""
        return folded_latin(self.body)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of front and body in lower case."""
        return frozenset(re.findall(r"[a-z]+", self.front_lower)) | frozenset(
            re.findall(r"[a-z]+", self.body_lower)
        )

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the paper's words, which tell one word from another but not its endings."""
        return frozenset(word[:5] for word in self.words)

    @cached_property
    def front_stems(self) -> frozenset[str]:
        """The stems of the front as the table of renderings has them."""
        return stems_of(self.front)

    @cached_property
    def front_words(self) -> frozenset[str]:
        """The words of the front as the lexicon has them."""
        return words_of(self.front)

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """The same of front and body."""
        return self.front_stems | stems_of(self.body)

    @cached_property
    def is_in_english(self) -> bool:
        """Whether the front is in English, as far as its most common words show."""
        return written_in(self.front[:500], "en")

    @cached_property
    def front_numbers(self) -> frozenset[str]:
        """Numbers of the front, in canonical form."""
        return all_numbers(self.front)

    @cached_property
    def body_numbers(self) -> frozenset[str]:
        """Numbers of the body, in canonical form."""
        return all_numbers(self.body)

    @cached_property
    def initials(self) -> str:
        """First letters of the front's words without small words, to find acronyms that it does not print."""
        words = re.findall(r"[a-z]+", self.front_lower)
        return "".join(word[0] for word in words if word not in _SMALL_WORDS())

    def writes(self, wording: str) -> bool:
        """Whether the paper contains exactly this wording, not inside a longer word."""
        whole = re.compile(rf"(?<![A-Za-z0-9]){re.escape(wording)}(?![A-Za-z0-9])")
        return bool(whole.search(self.front) or whole.search(self.body))

    def prints(self, words: str) -> bool:
        """Whether these words occur in the list of authors or anywhere in the paper."""
        return (
            any(words in author for author in self.paper.authors) or words in self.front or words in self.body
        )

    def mentions(self, key: str) -> bool:
        """Whether the paper has these letters and digits (`folded_latin`), whatever signs are between them."""
        return key in self.front_key or key in self.body_key

    def knows(self, term: str) -> bool:
        """Whether a term occurs anywhere in the paper, with or without plural and hyphens, or as initials."""
        if term not in self._known:
            self._known[term] = self._occurs(term)
        return self._known[term]

    def _occurs(self, term: str) -> bool:
        if term in self.front:
            return True  # nearly always, and much faster than the next lines
        key = folded_latin(term)
        if self.mentions(key.removesuffix("s") if len(key) > 3 else key):
            return True
        parts = [folded_latin(part) for part in re.split(r"[-+]", term)]
        if len(parts) > 1 and all(self.mentions(part) for part in parts):
            return True
        capitals = "".join(char for char in term if char.isupper()).lower()
        return 3 <= len(capitals) <= 6 and capitals in self.initials


_SMALL_WORDS = from_words(lambda words: frozenset(words.small_words))
_LONG_WORD = re.compile(r"[a-z]{6,}")
