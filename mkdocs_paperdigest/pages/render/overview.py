"""What opens a page of several papers: what they share, which have code, which are closest to the lab."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mkdocs_paperdigest.models import Overview
from mkdocs_paperdigest.pages.escaping.escape import escape, shorten
from mkdocs_paperdigest.pages.escaping.mathematics import typeset
from mkdocs_paperdigest.pages.labels import Language
from mkdocs_paperdigest.pages.plan.contents import PageEntry
from mkdocs_paperdigest.pages.render.links import has_code
from mkdocs_paperdigest.text import publishable

Sentence = tuple[str | PageEntry, ...]
"""Plain text, and the entries to whose places in it links belong."""

_GROUPS = 3
_NAMED = 8
"""How many papers one sentence names; the page lists all."""
_LONGEST = 60
"""The most characters of a title that stands for its paper."""
_PLACE = "\ufdd0"
"""Stands for the papers in a label; no text has this character, as `publishable` drops it."""


def overview_of(
    entries: Sequence[PageEntry], topic: str, language: Language, written: Overview | None = None
) -> list[Sentence]:
    """Sentences on the papers of a page, each naming its papers; none where there is nothing to say.

    Arguments:
        entries: All of the page, in its order.
        topic: Its title; what the topic is about is no news of its papers.
        language: Of the sentences.
        written: What a model wrote of the page; it goes before what is said without one.
    """
    if by_model := written_of(entries, written):
        return by_model
    shown = [entry for entry in entries if not entry.paper.withdrawn]
    if len(shown) < 2:
        return []
    sentences = [
        _sentence("shared", group.entries, language, term=shorten(group.term, _LONGEST), n=len(group.entries))
        for group in _groups(shown, topic)
    ]
    with_code = [entry for entry in shown if has_code(entry.entry)]
    if with_code:
        sentences.append(_sentence("code", with_code, language, n=len(with_code), all=len(shown)))
    closest = _closest(shown)
    if closest:
        sentences.append(_sentence("closest", closest, language, n=len(closest)))
    return sentences


def written_of(entries: Sequence[PageEntry], written: Overview | None) -> list[Sentence]:
    """What a model wrote of a page, with links to the papers that each sentence names; none where that is too little."""
    by_id = {entry.paper.id: entry for entry in entries if not entry.paper.withdrawn}
    sentences = [
        _linked(one.text, [by_id[name] for name in one.papers])
        for one in (written.sentences if written else ())
        if one.papers and all(name in by_id for name in one.papers)
    ]
    return sentences if len(sentences) >= _FEWEST else []


def _linked(text: str, papers: Sequence[PageEntry]) -> Sentence:
    """A sentence whose first words for each paper are a link; papers that it does not call by name follow in brackets."""
    text = publishable(text)
    places: list[tuple[int, int, PageEntry]] = []
    unnamed = []
    for paper in papers:
        name = re.escape(short_name(paper))
        # A link within a formula would break it.
        found = None if "$" in text else re.search(rf"(?<![A-Za-z0-9]){name}(?![A-Za-z0-9])", text)
        if found and not any(start < found.end() and found.start() < end for start, end, _ in places):
            places.append((*found.span(), paper))
        else:
            unnamed.append(paper)
    pieces: list[str | PageEntry] = []
    at = 0
    for start, end, paper in sorted(places, key=lambda place: place[0]):
        pieces += [text[at:start], paper]
        at = end
    rest = text[at:]
    if unnamed:
        body = rest.rstrip(".。 ")
        stop = rest[len(body) :]
        pieces.append(f"{body} (" if stop != "。" else f"{body}（")
        for number, paper in enumerate(unnamed):
            pieces += [", ", paper] if number else [paper]
        rest = f"){stop}" if stop != "。" else f"）{stop}"
    return (*(piece for piece in pieces if piece != ""), rest)


_FEWEST = 2
"""Sentences of a model; fewer are no overview."""


def typeset_within(text: str) -> Markup:
    """A part of a sentence, with the spaces at its ends."""
    body = text.strip()
    if not body:
        return escape(text, keep_edges=True)
    start = text.index(body)
    return (
        escape(text[:start], keep_edges=True)
        + typeset(body)
        + escape(text[start + len(body) :], keep_edges=True)
    )


def short_name(entry: PageEntry) -> str:
    """What a title calls its paper before a colon, else the title, cut where it is long."""
    title = publishable(entry.paper.title)
    name = re.split(r":\s|[：]", title, maxsplit=1)[0].strip()
    # A formula must not be cut.
    short = name if 1 < len(name) <= _LONGEST and name.count("$") % 2 == 0 else title
    return shorten(short, _LONGEST) or entry.paper.key


def _sentence(label: str, entries: Sequence[PageEntry], language: Language, **values: object) -> Sentence:
    text = language.label(f"overview.{label}", papers=_PLACE, **values)
    before, _, after = text.rpartition(_PLACE)
    named = entries[:_NAMED] if len(entries) > _NAMED + 1 else entries
    comma = "semicolon" if any("," in short_name(entry) for entry in named) else "comma"
    pieces: list[str | PageEntry] = [before]
    for entry in named:
        pieces += [entry, language.label(f"lists.{comma}")]
    pieces[-1] = after
    if len(named) < len(entries):
        pieces[-1] = language.label("overview.more", n=len(entries) - len(named)) + after
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class _Group:
    term: str
    entries: tuple[PageEntry, ...]
    subjects: int
    """How many of them have the term in their title or among their keywords."""


def _groups(entries: Sequence[PageEntry], topic: str) -> list[_Group]:
    """Papers that share a term, the largest groups first, none with most papers of another."""
    texts = {
        id(entry): _words(f"{entry.paper.title}. {entry.paper.abstract}. {'. '.join(_keywords(entry))}")
        for entry in entries
    }
    known = [_words(topic), *(_words(phrase) for entry in entries for phrase in entry.phrases)]
    found = []
    for key, (term, subjects) in _terms(entries).items():
        members = tuple(entry for entry in entries if key in texts[id(entry)])
        of_topic = any(key in phrase or phrase in key for phrase in known)
        # What nearly all papers share tells none of them apart.
        if not of_topic and len(subjects) > 1 and (len(entries) < 4 or len(members) <= len(entries) * 2 / 3):
            found.append(_Group(term, members, len(subjects)))
    found.sort(key=lambda group: (-group.subjects, -len(group.entries), -len(group.term), group.term))
    chosen: list[_Group] = []
    for group in found:
        if len(chosen) < _GROUPS and not any(_overlap(group, other) for other in chosen):
            chosen.append(group)
    return chosen


def _overlap(group: _Group, other: _Group) -> bool:
    """Whether two groups say nearly the same: common words, or mostly the same papers."""
    one, two = (_words(term) for term in (group.term, other.term))
    ids, others = ({entry.paper.id for entry in members.entries} for members in (group, other))
    return one in two or two in one or 2 * len(ids & others) > min(len(ids), len(others))


def _terms(entries: Iterable[PageEntry]) -> Mapping[str, tuple[str, Collection[str]]]:
    """The keywords of papers by their words, each as it was spelled first, with the papers whose subject it is."""
    entries = tuple(entries)
    spelled: dict[str, str] = {}
    for entry in entries:
        for keyword in _keywords(entry):
            # An acronym behind a term is another spelling of it; a formula cannot be compared.
            term = re.sub(r"\s*[(（][^()（）]*[)）]$", "", publishable(keyword))
            if 2 < len(term) <= _LONGEST and "$" not in term and "\\" not in term:
                spelled.setdefault(_words(term), term)
    subjects: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        about = _words(f"{entry.paper.title}. {'. '.join(_keywords(entry))}")
        for key in spelled:
            if key in about:
                # A report and the article that it became are one subject.
                subjects[key].add(entry.paper.title.casefold())
    return {key: (term, subjects[key]) for key, term in spelled.items()}


def _keywords(entry: PageEntry) -> tuple[str, ...]:
    return entry.entry.summary.keywords if entry.entry.summary else ()


def _words(text: str) -> str:
    """The words of a text between spaces, in lower case, without plurals; a part of it is found as whole words.

    Han characters need no spaces to be words.
    """
    return "".join(_spaced(text.lower()))


def _spaced(text: str) -> Iterator[str]:
    yield " "
    for word in re.findall(r"[\u2e80-\u9fff]|[^\W\u2e80-\u9fff]+", text):
        ends_in_s = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
        yield f"{word[:-1] if ends_in_s else word} "


def _closest(entries: Sequence[PageEntry]) -> list[PageEntry]:
    """The few papers that are closest to the lab's library, where it is known; none where that is all of them."""
    close = sorted(
        (entry for entry in entries if entry.entry.why.close_to), key=lambda entry: -entry.entry.why.closeness
    )
    few = close[: 3 if len(entries) > 5 else 1]
    return few if len(few) < len(entries) else []
