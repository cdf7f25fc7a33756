"""Decides which sentences of an overview may be shown: each rests on the statements of the papers that it names.

What a sentence says is given to the paper that it names last before it (or, where a name ends the sentence, first
behind it), so that each part is compared with the statements of its own paper.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mkdocs_paperdigest.models import OverviewSentence, Paper
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.agreement import Passage
from mkdocs_paperdigest.summaries.agreement.names import has, has_synonym, mentions
from mkdocs_paperdigest.summaries.agreement.patterns import any_superlatives, superlatives, universals
from mkdocs_paperdigest.summaries.agreement.rules import disagreement
from mkdocs_paperdigest.summaries.agreement.statement import Statement
from mkdocs_paperdigest.summaries.agreement.words import BETWEEN, Word, tells
from mkdocs_paperdigest.summaries.gate.judge import faulty_form
from mkdocs_paperdigest.summaries.numerals import Quantity
from mkdocs_paperdigest.summaries.overview.sources import Source, clauses
from mkdocs_paperdigest.text import folded, folded_latin

MOST_SENTENCES = 5


def supported(
    sentences: Sequence[OverviewSentence],
    sources: Mapping[str, Source],
    *,
    language: str,
    paper: Paper,
    instructions: str = "",
) -> tuple[OverviewSentence, ...]:
    """The sentences that may be shown, `MOST_SENTENCES` at most, none twice.

    Arguments:
        sentences: As the model gave them.
        sources: All papers of the page, by id.
        language: Which they have to be in (BCP 47).
        paper: Any of the page; stands for all in rules that ask for a date.
        instructions: The prompt without the papers, to recognize echoes of it.
    """
    kept: dict[str, OverviewSentence] = {}
    for sentence in sentences:
        if fault(sentence, sources, language=language, paper=paper, instructions=instructions) is None:
            kept.setdefault(folded(sentence.text), sentence)
    return tuple(kept.values())[:MOST_SENTENCES]


def fault(
    sentence: OverviewSentence,
    sources: Mapping[str, Source],
    *,
    language: str,
    paper: Paper,
    instructions: str = "",
) -> ReasonCode | None:
    """Why a sentence may not be shown, or None; see `supported`."""
    named = [sources[name] for name in dict.fromkeys(sentence.papers) if name in sources]
    if not named or len(named) < len(set(sentence.papers)) or not all(one.statements for one in named):
        return ReasonCode.METADATA
    stated = "\n".join(one.whole.plain for one in named)
    known = replace(paper, title="", authors=(), abstract=stated, comment=None, journal_ref=None)
    wrong = faulty_form(sentence.text, "summary", paper=known, language=language, instructions=instructions)
    if wrong is not None:
        return wrong
    text, whole = Statement(sentence.text), Statement(stated)
    if _says_foreign_names(text, whole, named, sources):
        return ReasonCode.UNGROUNDED
    if any(not _states(one, whole, len(named)) for one in text.numbers):
        return ReasonCode.NUMBERS
    if any(found[0] not in whole.small for found in _VAGUE.finditer(text.small)):
        return ReasonCode.NUMBERS
    if len(named) < len(sources) and _compares_with_the_page(text, whole, alone=len(named) == 1):
        return ReasonCode.UNGROUNDED
    if _overclaims(text, whole, len(named)):
        return ReasonCode.OVERSTATED
    compared = _comparisons(text, named)
    if not all(map(_bears_out, compared)):
        return ReasonCode.CONTRADICTED
    for part in _parts(text.plain, named):
        if wrong := _fault_of_part(part, named, compared=bool(compared)):
            return wrong
    return None


# ---------------------------------------------------------------- names and numbers


def _says_foreign_names(
    text: Statement, whole: Statement, named: Sequence[Source], sources: Mapping[str, Source]
) -> bool:
    """Names something that the statements do not, or another paper of the page."""
    if any(not _prints(whole, name) for name in text.names):
        return True
    if any(folded(found[0]) not in folded(whole.plain) for found in _NAMES.finditer(text.plain)):
        return True
    ours = {one.id for one in named}
    others = (one for name, one in sources.items() if name not in ours)
    if any(
        one.names and one.names[0].search(text.plain) and not _is_kind(one, text, named) for one in others
    ):
        return True
    if any(found[0] not in whole.plain for found in _INSTITUTION.finditer(text.plain)):
        return True
    who = (found["who"] for found in _AUTHOR.finditer(text.plain))
    return any(name not in whole.plain and not _WITHOUT_NAME.search(name) for name in who)


def _prints(text: Statement, name: Word) -> bool:
    """Whether a text has a name as whole words; `mentions` also finds its letters within others."""
    parts = [part for part in re.split(r"[-+/]", name.word) if re.search(r"[A-Z0-9]", part)]
    spelt = r"[-+/\s]?".join(map(re.escape, parts))
    if re.search(rf"(?<![A-Za-z0-9]){spelt}s?(?![A-Za-z0-9])", text.plain, re.IGNORECASE):
        return True
    return any(one.is_name for one in text.like(name)) or all(
        re.search(rf"(?<![A-Za-z0-9]){re.escape(part)}s?(?![A-Za-z0-9])", text.plain, re.IGNORECASE)
        for part in parts
    )


def _is_kind(other: Source, text: Statement, named: Sequence[Source]) -> bool:
    """Whether what seems to name another paper is the kind of a named one, such as "survey"."""
    found = {match[0].lower() for pattern in other.names[:1] for match in pattern.finditer(text.plain)}
    return all(any(word in one.whole.small for one in named) for word in found)


_NAMES = re.compile(r"\b[a-z]+[A-Z]\w*|\b\w+ et al\b|\w+ and colleagues\b")
"""What is a name although it has no capital in front, and people."""
_INSTITUTION = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:大学|学院|研究院|研究所|实验室|公司|团队)|[\u4e00-\u9fff]{2,4}等人"
    r"|谷歌|微软|英伟达|腾讯|阿里|百度|字节|华为|苹果|亚马逊|脸书|清华|北大|浙大|中科院|斯坦福|麻省|伯克利|哈佛|牛津|剑桥"
)
_AUTHOR = re.compile(r"(?:^|[，。；：由])(?P<who>[\u4e00-\u9fff]{2,8}?)(?:提出|发布|推出|开发|发表|开源)")
_WITHOUT_NAME = re.compile(
    "作者|研究|论文|本文|该|文章|工作|方法|综述|基准|篇|项|种|同时|首次|分别|均|都|也|还|并"
)
"""Words for authors without a name."""


def _states(one: Quantity, whole: Statement, papers: int) -> bool:
    """Whether the statements have a number, or it counts the papers of the sentence."""
    counts = one.in_words and not one.units - {"rank"}
    ranks = "rank" in one.units and one.value in range(1, papers + 1)
    if counts and (one.value in (1, papers) or ranks):
        return True
    return any(one.states(other) and _kind_of(one) == _kind_of(other) for other in whole.numbers)


def _kind_of(one: Quantity) -> str:
    """A share, a difference of shares, or any other number: five percent, five points, five."""
    if "points" in one.units:
        return "points"
    return "share" if "%" in one.units or one.value < 1 else ""


_VAGUE = re.compile(
    r"\b(?:dozens?|hundreds?|thousands?|millions?|billions?|twice|thrice|halv\w+|half|doubl\w+|tripl\w+|(?:two|three|four|ten)fold)\b"
    r"|[一二两三四五六七八九几数]?[十百千万亿](?:余|多)|数[十百千万亿]|翻倍|一半|半数|[一二两三四五六七八九]成(?![员功果为本分像立熟])|[一两二三四五六七八九十百]倍"
)
"""Numbers without digits that `numerals` does not read."""

# ---------------------------------------------------------------- comparisons with the page


_WORKS = "papers?|works?|studies|entries|articles|page|week|issue|digest|methods?|approaches|models?|systems?"
_OTHERS = re.compile(
    rf"\b(?:others|(?:other|remaining) (?:\w+ )?(?:{_WORKS})|rest of (?:the|this)(?: \w+)? (?:{_WORKS})"
    r"|(?:its|their) (?:peers?|competitors?|neighbou?rs?)|rivals?)\b|其他|其它|其余|别的|同类|同期"
)
"""Papers of the page that are not named."""
_OTHER_PAPER = re.compile(
    r"\b(?:than|unlike|like|from|to|with|over|against|beyond) (?:the|that|another|a) (?:[\w-]+ ){0,2}?"
    r"(?:paper|study|work|article|survey|benchmark|review)\b"
)
_PAGE = re.compile(
    r"\b(?:(?:this|last|past|the) (?:week|month|day|page|digest|issue|overview|list|period|collection|selection)(?:'s)?"
    r"|(?:listed|presented|shown|here|above|below)"
    r"|(?:of|among|between) (?:the|these|those|all|both)(?: \w+){0,3} (?:papers|works|methods|models|approaches|studies)"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|\d+) (?:\w+ ){0,3}papers)\b"
    r"|本周|本月|本期|本页|本次|本日|今日|这些|上述|所有论文|各篇|几篇论文|篇论文中"
)
"""The page, or papers of it."""
_DISTINGUISHES = re.compile(
    r"\b(?:unlike|in contrast|contrary|different(?:ly)? from|differs|as opposed|instead of|whereas|only|sole|solely|alone|unique(?:ly)?"
    r"|more|less|most|least|better|worse|best|worst|ahead|\w{3,}(?<!oth)(?<!numb)er than|\w{3,}est)\b"
    r"|不同于|不像|相比|相较|比|最|唯一|独有|更|优于|高于|低于|强于|快于|慢于|超过|不如|领先|不同|仅有|只有"
)


def _compares_with_the_page(text: Statement, whole: Statement, *, alone: bool) -> bool:
    """Sets its papers apart from others of the page without naming them."""
    if any(found[0] not in whole.small for found in _OTHERS.finditer(text.small)):
        return True
    page = any(found[0] not in whole.small for found in _PAGE.finditer(text.small))
    if page and _DISTINGUISHES.search(text.small):
        return True
    if alone and any(found[0] not in whole.small for found in _OTHER_PAPER.finditer(text.small)):
        return True
    # "Less data than the grasping paper"
    sides = [one.other for one in text.comparisons]
    return any(
        tells(word) and word.word[0].isalpha() and not _has(whole, word) for side in sides for word in side
    )


# ---------------------------------------------------------------- overclaims


_STRONG = re.compile(
    r"\b(?:prov(?:es?|ed|en|ing)|unnecessary|obsolete|redundant|eliminat\w+|guarantee\w*|perfect\w*|complete(?:ly)?|fully|always|never|every(?:where|thing)?|any|solv\w+"
    r"|state[- ]of[- ]the[- ]art|sota|best|unprecedented|revolution\w*|breakthrough|first(?= (?:to\b|(?:\w+[ -]){0,3}(?:benchmark|method|model|system|approach|study|work|data ?set|framework|survey|paper|attempt)\b))"
    r"|all(?= (?:previous|existing|prior|other|known|current|methods|models|evaluations|data|languages)))\b"
    r"|证明|保证|完美|彻底|完全|总是|永远|从不|所有|全面|首个|首次|首创|最先进|最佳|最优|最好|突破|革命|任何|任意|绝对|一切"
)


def _overclaims(text: Statement, whole: Statement, papers: int) -> bool:
    """Claims more than the statements: proof, all, always, the first or the best."""
    if any(found[0] not in whole.small for found in _STRONG.finditer(text.small)):
        return True
    if papers == 1 and "first" not in whole.small and re.search(r"\bfirst\b", text.small):
        return True
    if text.says(superlatives()) and not whole.says(any_superlatives()):
        return True
    return text.says(universals()) and not whole.says(universals()) and papers == 1


# ---------------------------------------------------------------- what is said of which paper


@dataclass(frozen=True, slots=True)
class _Part:
    """What a sentence says of some of its papers."""

    owners: tuple[Source, ...]
    text: str


def _parts(text: str, named: Sequence[Source]) -> list[_Part]:
    """The sentence by the papers that each part is about; all of it for a sentence that names one, or calls none by name."""
    if len(named) == 1:
        return [_Part((named[0],), text)]
    found = sorted(
        {(match.start(), match.end(), one.id) for one in named for match in _mentions(text, one, named)}
    )
    by_id = {one.id: one for one in named}
    groups: list[tuple[int, int, list[Source]]] = []
    for start, end, name in found:
        if groups and start < groups[-1][1]:
            continue
        if groups and _GLUE.fullmatch(text, groups[-1][1], start):
            groups[-1] = (groups[-1][0], end, [*groups[-1][2], by_id[name]])
        else:
            groups.append((start, end, [by_id[name]]))
    order = list(dict.fromkeys(one.id for _, _, owners in groups for one in owners))
    for match in _ORDINAL.finditer(text):
        place = 0 if match["first"] else -1
        if len(order) == 2 and not any(start <= match.start() < end for start, end, _ in groups):
            groups.append((match.start(), match.end(), [by_id[order[place]]]))
    groups.sort(key=lambda group: group[0])
    if not groups:
        return [_Part(tuple(named), text)]
    # "Hair is poor in A, and profiles in B": names that end their parts.
    behind = not text[groups[-1][1] :].strip(" .。)）") and len(groups) > 1
    if behind:
        starts = [0, *(end for _, end, _ in groups[:-1])]
        parts = [
            _Part(tuple(owners), text[start:at])
            for start, (at, _, owners) in zip(starts, groups, strict=True)
        ]
    else:
        ends = [*(start for start, _, _ in groups[1:]), len(text)]
        parts = [_Part(tuple(named), text[: groups[0][0]])] + [
            _Part(tuple(dict.fromkeys(owners)), text[end:stop])
            for (_, end, owners), stop in zip(groups, ends, strict=True)
        ]
    nameless = tuple(one for one in named if one.id not in order)
    return [piece for part in parts for piece in _shared_out(part, nameless)] if nameless else parts


def _shared_out(part: _Part, nameless: tuple[Source, ...]) -> Iterator[_Part]:
    """A part by its clauses, each of which may be about a paper that the sentence does not call by name."""
    if len(part.owners) > 1:
        yield part
        return
    for clause in clauses(part.text):
        text = Statement(clause)
        own = max(_shared(text, one.whole) for one in part.owners)
        best = max(nameless, key=lambda one: _shared(text, one.whole))
        yield _Part((best,) if _shared(text, best.whole) > own else part.owners, clause)


def _mentions(text: str, one: Source, named: Sequence[Source]) -> list[re.Match[str]]:
    for pattern in one.names:
        # What two of them are calls neither.
        shared = any(
            other is not one and any(theirs.pattern == pattern.pattern for theirs in other.names)
            for other in named
        )
        if not shared and (matches := list(pattern.finditer(text))):
            return matches
    return []


_GLUE = re.compile(
    r"\s*(?:(?:,|，|、|\band\b|\bor\b|与|和|及|以及|&|\bas well as\b|\bboth\b|\bthe\b|\ba\b)\s*)+"
)
_ORDINAL = re.compile(
    r"(?P<first>\bthe (?:former|first)\b(?! (?:to|time|of)\b)|\bone(?=\b.*\bthe other\b)|前者|一[个篇种](?=.*另一))"
    r"|\bthe (?:latter|second|other\b(?! \w+s\b))\b|后者|另一[个篇种]"
)


def _fault_of_part(part: _Part, named: Sequence[Source], *, compared: bool) -> ReasonCode | None:
    """Whether a part says of its papers what only another named paper is said to do, or the opposite."""
    text = Statement(part.text)
    if len(part.owners) < len(named):
        own = Statement("\n".join(one.whole.plain for one in part.owners))
        others = [one.whole for one in named if one not in part.owners]
        if _belongs_elsewhere(text, own, others, numbers=not compared):
            return ReasonCode.CONTRADICTED
    if _out_of_order(text, part.owners):
        return ReasonCode.CONTRADICTED
    if len(part.owners) > 1 and len(part.owners) == len(named):
        return None
    for owner in part.owners:
        for clause in clauses(text.plain):
            if wrong := _fault_of_clause(Statement(clause), owner):
                return wrong
    return None


def _out_of_order(text: Statement, owners: Sequence[Source]) -> bool:
    """Gives papers each other's numbers, in a list of as many ("A and B run at 42 and 210 frames")."""
    numbers = [one for one in text.numbers if not one.in_words]
    if len(owners) < 2 or len(numbers) != len(owners):
        return False
    pairs = zip(numbers, owners, strict=True)
    return not all(any(one.states(other) for other in owner.said.numbers) for one, owner in pairs)


def _fault_of_clause(clause: Statement, owner: Source) -> ReasonCode | None:
    """Whether the statement that a clause has most in common with says something else."""
    if _of_another_name(clause, owner):
        return ReasonCode.CONTRADICTED
    clause = Statement(_plainly(clause.plain))
    # A title says what a paper is about, not what came out.
    scored = [_shared(clause, one) * (0.6 if one.plain in owner.title else 1) for one in owner.each]
    best = max(scored, default=0)
    if best < _ABOUT * _shared(clause, clause):
        return None
    denies = _NO.search(clause.small) is not None
    near = [
        one
        for score, one in zip(scored, owner.each, strict=True)
        # What is denied may be denied in another statement on the same thing.
        if score == best or (denies and score >= 0.6 * best and _NO.search(one.small))
    ]
    faults = [_disagreement(clause, one, owner) for one in near]
    return faults[0] if all(faults) else None


def _plainly(text: str) -> str:
    """A clause without idioms that have a direction or a denial of their own."""
    for pattern, instead in _IDIOMS:
        text = pattern.sub(instead, text)
    return text


_IDIOMS = (
    (
        re.compile(
            r"\bas (?:little|few|much|many) as |\b(?:only|just|merely) (?=\d)|(?:只|仅)(?:需|要|用|凭)?(?=\s?\d)"
        ),
        "",
    ),
    (
        re.compile(
            r"\bwithout (?:losing|sacrificing|hurting|degrading|(?:a |any )?loss (?:of|in))\b|(?:且|而)?(?:不|没有)(?:损失|降低|牺牲|影响)"
        ),
        "at the same",
    ),
    (re.compile(r"\byet to\b|\bremains? to\b"), "not"),
    (re.compile(r"\b([a-z]+)-free\b"), r"without \1"),
)
_ABOUT = 0.4
"""Share of a clause that a statement has, if it is about the same."""


def _disagreement(clause: Statement, stated: Statement, owner: Source) -> ReasonCode | None:
    passage = Passage(stated.plain, owner.whole.plain, owner.whole.plain, owner.title)
    wrong = disagreement(clause.plain, passage)
    if wrong in _ELSEWHERE:
        wrong = None
    rules = (_turned, _replaced, _reversed, _correlated, _flipped, _denied, _of_another_clause)
    if wrong is None and any(rule(clause, stated) for rule in rules):
        return ReasonCode.CONTRADICTED
    return wrong


_ELSEWHERE = frozenset({ReasonCode.FAR_NUMBERS, ReasonCode.UNRELATED, ReasonCode.OVERSTATED})
"""Reasons that other rules of this module decide."""


def _shared(clause: Statement, stated: Statement) -> float:
    """How much a clause has in common with a statement."""
    numbers = sum(any(one.states(other) for other in stated.numbers) for one in clause.numbers)
    words: float = sum(_has(stated, word) for word in clause.words)
    # Of two that have the same content, the one that says it in the same words.
    words += sum(_repeats(stated, word) for word in clause.tokens if word.word not in BETWEEN) * 0.4
    return 2 * numbers + words + len(_pairs_of_han(clause.plain) & _pairs_of_han(stated.plain)) / 2


def _repeats(text: Statement, word: Word) -> bool:
    return any(word.is_same(one) for one in text.tokens)


def _pairs_of_han(text: str) -> set[str]:
    return {found[1] for found in re.finditer("(?=([\u4e00-\u9fff]{2}))", text)}


_UP = re.compile(
    r"\b(?:improv\w+|increas\w+|gain\w*|rais\w+|rises?|rising|rose|risen|higher|grow\w*|adds?)\b|提高|提升|增加|上升|升至|升到|升高|高出|高于|改善|比[^，。]{1,20}高"
)
_DOWN = re.compile(
    r"\b(?:lower\w*|drop\w*|reduc\w+|decreas\w+|falls?|falling|fell|los(?:es?|t|ing|s)|cuts?|below|shrinks?)\b|降低|降至|降到|下降|减少|降为|低于|逊于|变差|比[^，。]{1,20}低"
)


def _turned(clause: Statement, stated: Statement) -> bool:
    """A number that falls in the statement rises in the clause, or the other way round."""
    if not any(one.states(other) for one in clause.numbers for other in stated.numbers):
        return False
    mine, theirs = (
        (_UP.search(one.small) is not None, _DOWN.search(one.small) is not None) for one in (clause, stated)
    )
    return sum(mine) == 1 and sum(theirs) == 1 and mine != theirs


_REPLACES = re.compile(r"\b(?:replac|substitut|swap|prefer)\w*|取代|替换|代替|替代|优于|逊于")
_REPLACED_BY = re.compile(
    r"\b(?:replaced|preferred|substituted) (?:by|over)\b|\bsubstitut\w+ [\w. ]+ for\b|被"
)


def _replaced(clause: Statement, stated: Statement) -> bool:
    """What replaces the other in the statement is replaced in the clause."""
    if not (_REPLACES.search(clause.small) and _REPLACES.search(stated.small)):
        return False
    if _REPLACED_BY.search(clause.small) or _REPLACED_BY.search(stated.small):
        return False
    mine, theirs = ({next(iter(name.keys)): name.at for name in one.names} for one in (clause, stated))
    both = [key for key in mine if key in theirs]
    return any(
        (mine[one] < mine[other]) != (theirs[one] < theirs[other])
        for place, one in enumerate(both)
        for other in both[place + 1 :]
    )


_RANKS = re.compile(
    r"\b(?:below|above|behind|ahead of|under|after|before)\b|不如|优于|逊于|好于|差于|领先于|落后于"
)


def _reversed(clause: Statement, stated: Statement) -> bool:
    """What stands before a word such as "below" in the statement stands behind it in the clause."""
    here, there = _RANKS.search(clause.small), _RANKS.search(stated.small)
    if here is None or there is None or here[0] != there[0]:
        return bool(_preferred(clause)) and _preferred(clause) == _preferred(stated)[::-1]
    sides = [
        (text.between(0, found.start()), text.between(found.end(), len(text.small)))
        for text, found in ((clause, here), (stated, there))
    ]
    (left, right), (before, after) = sides

    def crossed(side: Sequence[Word], other: Sequence[Word], same: Sequence[Word]) -> bool:
        return any(
            any(word.is_same(one) for one in other) and not any(word.is_same(one) for one in same)
            for word in side
        )

    return crossed(left, after, before) and crossed(right, before, after)


def _preferred(text: Statement) -> tuple[str, str] | tuple[()]:
    """What people preferred, and to what, by their letters; empty where a text does not say so."""
    for pattern in _PREFERRED:
        if found := pattern.search(text.plain):
            return folded(found["winner"]), folded(found["loser"])
    return ()


_PREFERRED = (
    re.compile(
        r"(?P<winner>[A-Z][\w-]+) (?:was|were|is|are)(?: \w+)? preferred (?:to|over) (?P<loser>[\w-]+)"
    ),
    re.compile(r"(?<!was )(?<!were )(?<!is )prefer\w* (?P<winner>[\w-]+) (?:to|over) (?P<loser>[\w-]+)"),
)
_STRONGLY = re.compile(r"(?:高度|强|显著|密切|紧密|很强的?)相关")
_WEAKLY = re.compile(r"(?:弱|微弱|几乎不|较弱的?)相关")


def _of_another_name(clause: Statement, owner: Source) -> bool:
    """Gives the paper a number of something that it names, or that a number of its own."""
    numbers = [one for one in clause.numbers if not one.in_words]
    if not numbers:
        return False
    own = folded_latin(owner.name or "")
    others = [name for name in clause.names if own not in name.keys or not own]
    for name in others:
        said = [one for one in owner.each if _prints(one, name) and one.numbers]
        if said and not any(mine.states(two) for one in said for mine in numbers for two in one.numbers):
            return True
    if others or not any(own in name.keys for name in clause.names):
        return False
    for one in numbers:
        # The smallest parts that have the number.
        said = [part for part in owner.each if any(one.states(two) for two in part.numbers)]
        least = [
            part
            for part in said
            if not any(other is not part and other.plain in part.plain for other in said)
        ]
        if least and all(_opens_with_other(part, own) for part in least):
            return True
    return False


def _opens_with_other(text: Statement, own: str) -> bool:
    names = text.names
    return bool(names) and names[0].at < _OPENING and all(own not in name.keys for name in names)


_OPENING = 12
"""Characters in which the subject of a clause begins."""


def _flipped(clause: Statement, stated: Statement) -> bool:
    """One has "more" where the other has "less", of the same things."""
    sides = [
        {key for one in text.comparisons for word in one.other for key in word.keys}
        for text in (clause, stated)
    ]
    if all(sides) and not sides[0] & sides[1]:
        # "B is worse than A" says that A is better.
        return False
    return any(
        one.search(clause.small)
        and not other.search(clause.small)
        and other.search(stated.small)
        and not one.search(stated.small)
        for pair in _FLIPS
        for one, other in (pair, pair[::-1])
    )


_FLIPS = tuple(
    tuple(re.compile(rf"\b(?:{side})\b" if side.isascii() else side) for side in pair.split("/"))
    for pair in (
        "more/less|fewer",
        "higher/lower",
        "better/worse",
        "faster/slower",
        "stronger/weaker",
        "strong|strongly/weak|weakly",
        "easy|easier/hard|harder|difficult",
        "well|good/poor|poorly|badly",
        "gains?/loss|losses",
        "更多/更少",
        "比[^，。]{1,14}[快高大多强好]/比[^，。]{1,14}[慢低小少弱差]",
        "更高/更低",
        "更快/更慢",
        "更大/更小",
        "更强/更弱",
        "更好/更差|较差",
        "提高|提升|增加|升至|升到/降低|下降|减少|降至|降到",
    )
)


def _denied(clause: Statement, stated: Statement) -> bool:
    """The statement denies what the clause says without any denial."""
    return (
        _shared(clause, clause) > _ONE_WORD
        and _NO.search(stated.small) is not None
        and not _ANY_NO.search(clause.small)
        and _shared(clause, stated) >= _DENIED * _shared(clause, clause)
    )


_DENIED = 0.6
"""Share of a clause that a statement has, if it denies it."""
_ONE_WORD = 1.5
"""What a clause of one word has in common with itself."""
_NO = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot)\b|n['’]t\b|不(?![同过仅断佳足到])|没有|未(?!来)|无法|无需|均无"
)
_ANY_NO = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|free|lacks?|avoids?|fails?|un\w+|instead|hardly|poor\w*|out|remains?)\b|n['’]t\b|[不没未无非难免]"
)


def _of_another_clause(clause: Statement, stated: Statement) -> bool:
    """Gives something the number of another clause of the statement ("A reaches 83%, while B reaches 47%")."""
    parts = [Statement(part) for part in clauses(stated.plain)]
    with_numbers = [part for part in parts if part.numbers]
    if len(with_numbers) < 2:
        return False
    own = {
        place
        for place, part in enumerate(with_numbers)
        if any(one.states(other) for one in clause.numbers for other in part.numbers)
    }
    if len(own) != 1:
        return False
    kept = astray = 0.0
    for word in clause.words:
        places = {place for place, part in enumerate(with_numbers) if _repeats(part, word)}
        if len(places) == 1:
            kept += places == own
            astray += places != own
    pairs = [_pairs_of_han(part.plain) for part in with_numbers]
    for pair in _pairs_of_han(clause.plain):
        places = {place for place, found in enumerate(pairs) if pair in found}
        if len(places) == 1:
            kept += (places == own) / 2
            astray += (places != own) / 2
    return astray > kept


def _correlated(clause: Statement, stated: Statement) -> bool:
    return any(
        one.search(clause.small) and other.search(stated.small)
        for one, other in ((_STRONGLY, _WEAKLY), (_WEAKLY, _STRONGLY))
    )


def _belongs_elsewhere(
    text: Statement, own: Statement, others: Sequence[Statement], *, numbers: bool
) -> bool:
    """Numbers, names or most words are another paper's."""
    for one in text.numbers if numbers else ():
        mine = any(one.states(two) for two in own.numbers)
        if (
            not mine
            and not one.in_words
            and any(one.states(two) for other in others for two in other.numbers)
        ):
            return True
    for name in text.names:
        if not mentions(own, name) and any(mentions(other, name) for other in others):
            return True
    words = [word for word in text.words if not word.is_name and tells(word)]
    foreign = [word for word in words if not _has(own, word) and any(_has(other, word) for other in others)]
    kept = [word for word in words if _has(own, word)]
    if len(foreign) >= 2 and len(foreign) > len(kept):
        return True
    pairs, ours = _pairs_of_han(text.plain), _pairs_of_han(own.plain)
    astray = {pair for other in others for pair in pairs & _pairs_of_han(other.plain)} - ours
    return len(astray) >= 3 and len(astray) > len(pairs & ours)


def _has(text: Statement, word: Word) -> bool:
    return has(text, word) or has_synonym(text, word)


# ---------------------------------------------------------------- comparisons between named papers


@dataclass(frozen=True, slots=True)
class _Compared:
    subject: Source
    other: Source
    up: bool | None
    """Whether the subject has more; None where that is not known."""


def _comparisons(text: Statement, named: Sequence[Source]) -> list[_Compared]:
    """The comparisons of a sentence between two of its papers."""
    found = []
    for one in text.comparisons:
        sides = [_paper_of(side, text, named) for side in (one.subject, one.other)]
        if sides[0] is not None and sides[1] is not None and sides[0] is not sides[1]:
            found.append(_Compared(sides[0], sides[1], one.sign.up if one.sign else None))
    return found


def _paper_of(words: Sequence[Word], text: Statement, named: Sequence[Source]) -> Source | None:
    places = {word.at for word in words}
    return next(
        (
            one
            for one in named
            for pattern in one.names
            for match in pattern.finditer(text.plain)
            if any(match.start() <= at < match.end() for at in places)
        ),
        None,
    )


def _bears_out(one: _Compared) -> bool:
    """Whether numbers of both papers in the same unit show that the comparison is right."""
    if one.up is None:
        return False
    pairs = [
        (mine.value, theirs.value, mine.units & theirs.units)
        for mine in one.subject.said.numbers
        for theirs in one.other.said.numbers
        if mine.units & theirs.units & _MORE_IS_MORE
    ]
    return bool(pairs) and all((mine > theirs) == one.up and mine != theirs for mine, theirs, _ in pairs)


_MORE_IS_MORE = frozenset({"frame", "fps"})
"""Units of speed, in which the faster has more."""
