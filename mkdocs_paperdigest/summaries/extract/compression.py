"""Shortens a sentence: removes its connective, its asides, or what follows its main clause."""

import re
from collections.abc import Iterator


def cleaned(sentence: str) -> str:
    """`sentence` in a form that can stand alone: no connective, no citation, a capital and a full stop.

    Its meaning stays the same. The result is empty if the sentence is nothing but punctuation.
    """
    text = _COMMENT.sub("", " ".join(sentence.split()))
    if "\\" in text or "``" in text:
        text = _TEX.sub(_as_text, text)
    if "(" in text or "[" in text or "\\cite" in text:
        text = _CITATION.sub(_unless_noun, text)
    if "~" in text:
        text = _TIE.sub(" ", text)
    if any(mark in text for mark in _SPACED_MARKS):
        text = _SPACE_BEFORE_MARK.sub(r"\1", text)
    text = _LABEL.sub("", _ITEM.sub("", text, count=1), count=1)
    if ", " in text:
        text = _LINK_INSIDE.sub("," if _FRONTED.match(text) else "", text, count=1)
    for _ in range(3):
        shorter = _CONNECTIVE.sub("", text, count=1)
        if shorter == text or len(shorter) < 12:
            break
        text = shorter
    if " this " in text:
        text = _IN_THIS_PAPER.sub("", text)
    text = without_order(text)
    text = _THEN.sub(r"\1 ", text, count=1)
    text = _HERE_WE.sub("we ", text, count=1)
    if " also " in text and " not " not in text and "but " not in text:
        text = _ALSO.sub(" ", text, count=1)
    text = _without_frame(_EXPERIMENTS_SHOW, text)
    return finished(text)


def without_order(text: str) -> str:
    """`text` without the word that orders it among other sentences: `We first show` becomes `We show`."""
    return _ADVERB.sub(r"\1 ", text, count=1)


def variants(sentence: str) -> tuple[str, ...]:
    """A cleaned English sentence and its shorter variants that are grammatical, without duplicates.

    Each variant has the sentence's own words in their order. It leaves out asides in brackets, `we show that`, or
    what follows a complete main clause, or it is a coordinated clause with the subject of the first one, or what
    `we solve these issues by` doing, or it speaks of `heads` where the sentence speaks of `such heads`. The rules
    are surface patterns (as in Clarke and Lapata 2008, section 2, without a parser). They refuse a cut that leaves
    an open bracket, quote or formula, fewer than seven words, no verb, or a last word that needs another.
    """
    if sentence.endswith("?") or len(sentence) > _LONGEST:
        return (sentence,)
    whole = [
        sentence,
        _ASIDE.sub(_unless_formula, sentence) if " (" in sentence else sentence,
        _BY_DOING.sub(_done, sentence),
        _NAMING.sub("", sentence),
        _TO_PROPOSE.sub(r"\1 ", sentence),
    ]
    if ":" in sentence:
        whole.append(_LISTED.sub("", sentence))
    if any(word in sentence for word in _POINTERS):
        whole += [_PURPOSE.sub("", sentence), _POINTER.sub(_without_pointer, sentence)]
    clauses = [clause for text in dict.fromkeys(whole) for clause in _clauses(text)]
    cuts = [cut for text in dict.fromkeys([*whole, *clauses]) for cut in _cuts(text)]
    found = dict.fromkeys([*whole, *clauses, *cuts])
    found |= dict.fromkeys([_without_frame(_FRAME, text) for text in found])
    shorter = [finished(text) for text in found if text != sentence and _stands_alone(text)]
    if _LEADING.match(sentence):
        shorter = [text for text in shorter if not _OWNERLESS.match(text)]
    return tuple(dict.fromkeys([sentence, *shorter]))


def is_cut_list(text: str) -> bool:
    """Whether `text` numbers the first item of a list without the second, or announces a list and ends."""
    if text.rstrip(" .")[-1:] == ":":
        return True
    if ")" in text and any(one.search(text) and not two.search(text) for one, two in _ENUMERATIONS):
        return True
    return (": " in text and _FIRST_OF_SEVERAL.search(text) is not None) or _COUNTED.match(text) is not None


_FIRST_OF_SEVERAL = re.compile(
    r": (?:(?:first|firstly|at first|the first|on the one hand)\b(?!.*\b(?:second|secondly|then|on the other)\b)|"
    r"(?:given|let|suppose|assume)\b(?!.*\bthen\b))",
    re.IGNORECASE,
)
"""What a colon announces and the sentence does not finish."""


_COUNTED = re.compile(
    r"(?:our|the|its) (?:[\w-]+ ){0,2}(?:contributions?|novelty|aims?|goals?|objectives?|purpose|advantages?) (?:of [^.]{1,40})?(?:is|are) "
    r"(?:two|three|four|many|several|manifold|(?:two|three|four)-?\s?fold)\W*$|followed by ",
    re.IGNORECASE,
)
"""A count of what other sentences list: `Our contributions are threefold`; a list item without its verb."""


def _without_frame(frame: re.Pattern[str], text: str) -> str:
    """`text` without `experiments show that`, and without the second `that` that belonged to it."""
    if " that " not in text:
        return text
    shorter = frame.sub("", text, count=1)
    return text if shorter == text else shorter.replace(" and that ", " and ")


def finished(text: str) -> str:
    """`text` with a capital first letter and a full stop; words such as `mRNA` keep their first letter."""
    text = text.strip().lstrip(",;:.-–— ").rstrip(" ,;:-–—")
    if not text:
        return ""
    first = text.split(maxsplit=1)[0]
    if first[:1].islower() and not re.search(r"[A-Z0-9_$\\]", first):
        text = text[0].upper() + text[1:]
    if text[-1] not in _STOPS and not _FINISHED.search(text):
        text += "."
    return _TWO_STOPS.sub(".", text) if text.endswith("..") else text


_TEX = re.compile(
    r"(?P<formula>\$[^$]{1,400}\$)"
    r"|\\(?:text(?:it|bf|tt|sc|sf|rm)?|emph|mbox|underline)\s?\{(?P<argument>[^{}]{0,200})\}"
    r"|\\(?!cite|math|operator|cal|url|href|path|label|foot|thanks|\w*ref\b)[A-Za-z]+\{(?P<own>[A-Za-z][a-z]{2,}[^{}\\$_^]{0,200})\}"
    r"|\{\\(?:em|it|bf|tt|sc|sl|rm)(?:shape|series|family)?\b\s?(?P<group>[^{}]{0,200})\}"
    r"|\\(?P<char>[%&#_])"
    r"|``(?P<quoted>[^`']{1,200})''"
)


def _as_text(tex: re.Match[str]) -> str:
    """Plain text for text markup; formulas do not change."""
    if tex["formula"]:
        return tex["formula"]
    if tex["quoted"]:
        return f"“{tex['quoted']}”"
    return tex["argument"] or tex["own"] or tex["group"] or tex["char"] or ""


_STOPS = ".!?…。！？｡"
_FINISHED = re.compile(rf"[{_STOPS}][\"'”’»)\]」』）]*$")

_TWO_STOPS = re.compile(r"(?<=\w)\.\.$")

_NAME = r"[A-Z][\w'’-]+"
_CITATION = re.compile(
    rf"\s*\((?:(?:see|cf\.|e\.g\.,?|following)\s)?{_NAME}(?:,? (?:and|&|et al\.?,?)? ?(?:{_NAME})?){{0,3}},? ?\(?(?:19|20)\d\d[a-z]?\)?"
    rf"(?:; [^()$]{{3,60}}(?:19|20)\d\d[a-z]?)*\)"
    r"|\s*\[\d+(?:[,–-] ?\d+)*\]"
    r"|\s*~?\\cite[pt]?\{[^{}]*\}"
)
_COMMENT = re.compile(r"^%(?=\D).*")
"""A line that TeX would not print."""


def _unless_noun(citation: re.Match[str]) -> str:
    """A citation without a noun before it is one: `the remark made in [3]`; others are dropped."""
    before = citation.string[: citation.start()].rpartition(" ")[2].lower()
    return citation[0] if before in _BEFORE_NOUNS else ""


_BEFORE_NOUNS_WORDS = "in of by from with to see following on and than via for as at after using the"
_BEFORE_NOUNS = frozenset(_BEFORE_NOUNS_WORDS.split())
_TIE = re.compile(r"(?<=[\w.,)])~(?=[\w(\\])")
_SPACED_MARKS = tuple(f" {mark}" for mark in ".,;:!?")
_SPACE_BEFORE_MARK = re.compile(r"(?<=\w) +([.,;:!?])(?=\s|$)")

_WORK = (
    r"(?:(?:present|current|our|same) )?(?:paper|work|article|study|letter|report|thesis|note|survey|manuscript|"
    r"contribution|research|project|review|chapter)"
)
_LABEL = re.compile(
    r"^(?:abstract|background|introduction|motivation|context|purpose|objectives?|aims?|goals?|(?:materials and )?methods?(?: and materials)?|"
    r"methodology|approach|results?|findings|conclusions?|discussion|significance|summary|tl;?dr) ?(?::|[.—–-](?= [A-Z])) ?(?=\w)"
    r"|^tl;?dr (?=\w)",
    re.IGNORECASE,
)
"""The headings of a structured abstract."""

_ITEM = re.compile(r"^(?:\(?(?:\d|[ivx]{1,4}|[a-e])\)|[-*•]) +(?=\w)")
"""The number of an item whose list other sentences continue."""

_LINK_INSIDE = re.compile(
    r", (?:however|therefore|thus|hence|in contrast|by contrast|on the other hand|moreover|furthermore|in turn|"
    r"consequently|nevertheless|additionally|for example|for instance),(?= )"
)
_FRONTED = re.compile(
    r"(?:in|for|by|with|on|at|to|from|under|while|when|given|although|as|after|unlike|compared|using|among|if)\b",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"(?<! can) also (?!known|called|dubbed|termed|named|referred|denoted|as\b|the|an?\b|in|for|with|to\b)"
)

_CONNECTIVE = re.compile(
    r"^(?:"
    rf"(?:in|through|with|throughout|within) (?:this|the present|present|our|the current) (?:short |brief |extended |present |preliminary |theoretical |empirical |position |technical |first |follow-up )?{_WORK}(?: here)?"
    r"(?:, | (?=(?:we|i|the authors?|it|an?|our)\b))"
    r"|(?:then|here|herein|instead|also|further|next|thus|again|still|yet|briefly|so|and|but|first|firstly|second|"
    r"secondly|third|thirdly|finally|lastly|hence|therefore),? (?=we\b)"
    r"|(?:however|moreover|furthermore|additionally|finally|therefore|thus|hence|consequently|accordingly|specifically|"
    r"concretely|lastly|nevertheless|nonetheless|besides|meanwhile|notably|importantly|interestingly|remarkably|crucially|"
    r"indeed|overall|secondly|thirdly|firstly|similarly|likewise|subsequently|ultimately|surprisingly|particularly|"
    r"conversely|as such|also|here|first|second|third|next|in contrast|on the other hand|on the contrary|as a result|"
    r"as a consequence|for this reason|for this purpose|to begin with|in response|at the same time|last but not least|"
    r"that is|along the way|to be (?:more )?(?:specific|precise)|(?:to|in) (?:do|doing) (?:so|this)|building on this|with this in mind|for example|for instance|"
    r"in (?:the )?specific|in (?:more )?details?|to (?:this|that) end|as an? (?:first step|solution|remedy|alternative|result)|more (?:specifically|precisely|importantly|concretely|generally)|"
    r"to (?:our|the best of our) (?:best )?knowledge), "
    r"|(?:finally|additionally|moreover|furthermore|lastly) (?=(?:an?|the|our|some)\b)"
    r"|(?:and|but),? "
    r"|in (?:addition|conclusion|summary|short|particular) (?=we\b)"
    r"|in (?:addition|particular|summary|short|conclusion|turn|brief|other words|fact|practice|"
    r"this (?:way|context|regard|setting|direction|respect|vein|light|view)), "
    r"|to (?:address|tackle|overcome|solve|alleviate|mitigate|resolve|remedy|handle|meet|fill|bridge|close|combat|achieve|"
    r"answer|circumvent|deal with|cope with|approach) (?:this|these|those|such|the above|the aforementioned|the)"
    r"(?: (?!of )\w+){0,4}, "
    r"|to (?:address|tackle|overcome|solve|alleviate|handle|cope with|deal with|achieve|do|remedy|mitigate|counter|combat|fix) (?:it|them|this|these|that|so)(?: \w+)?, "
    r"|(?:(?:motivated|inspired|guided|encouraged) by|addressing|tackling|considering|given) (?:this|these|that|the above|such)(?: \w+){0,2}, "
    r"|based on (?:(?:this|these|the above|such)(?: \w+){0,2}|the (?:study|analysis|observations?|insights?|findings?|results?)), "
    r")(?=[\w$(\\])",
    re.IGNORECASE,
)
_IN_THIS_PAPER = re.compile(
    r"(?<!ed),? (?:in|throughout) this (?:paper|work|study|article),?(?=[. ])", re.IGNORECASE
)
_HERE_WE = re.compile(r"(?<=, )(?:here|in this (?:paper|work|study|article)),? we ", re.IGNORECASE)
_ADVERB = re.compile(
    r"^(we|this (?:paper|work)),? (?:therefore|thus|also|further|furthermore|hence|then|additionally|finally|consequently|"
    r"next|here|moreover|subsequently|lastly|instead|accordingly|first|firstly|proceed to),? ",
    re.IGNORECASE,
)
_THEN = re.compile(r"^([^,;:]{1,80} (?:can|could|will|may|is|are|was|were)) then (?=be |\w+ed\b)")
"""A clause without a condition, which only the sentence before it has."""
_EXPERIMENTS_SHOW = re.compile(
    r"^(?:(?:our|the|extensive|comprehensive|numerous|thorough|detailed|various|experimental|empirical|quantitative|qualitative|numerical|"
    r"both|and|further|additional|obtained|these|many|large-scale|simulation|evaluation) ){1,5}"
    r"(?:experiments?|results?|evaluations?|analys[ie]s|studies|findings|simulations?|comparisons?) "
    r"(?:also |further |clearly |consistently )?(?:shows?|showed|demonstrates?|demonstrated|indicates?|indicated|reveals?|revealed|confirms?|confirmed|verify|"
    r"suggests?|suggested|validates?|validated|prove) that (?!(?:it|they|this|these|that)\b)(?=\w)",
    re.IGNORECASE,
)

_ASIDE = re.compile(r"\s+\((?!(?:\w|\d+|[ivx]+)\))[^()$]{2,120}\)(?!\w)")
"""Not a bracket that is part of a word: `so(2n)`, `an (In,Ga)As dot`."""


def _unless_formula(aside: re.Match[str]) -> str:
    return aside[0] if aside.string.count("$", 0, aside.start()) % 2 else ""


_FRAME = re.compile(
    r"^(?:[^,;:$]{0,90}\b(?:experiments?|results?|evaluations?|analys[ie]s|stud(?:y|ies)|findings?|simulations?|comparisons?|observations?)\b[^,;:]{0,90}? |"
    r"(?:we|i)(?: \w+ly| also| further| then| first| finally)? |it is |this (?:paper|work) )"
    r"(?:shows?|showed|shown|demonstrates?|demonstrated|finds?|found|indicates?|suggests?|reveals?|revealed|proves?|proved|confirms?|confirmed|"
    r"observes?|observed|argues?|verify|verifies|illustrates?|establish(?:es)?|report|conclude|see|note|validate)"
    r"(?: (?:empirically|theoretically|experimentally|clearly|both \w+ and \w+))? that (?=\w)",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r",? (?:with|in|by|through|via|of|including|based on|from) (?:\w+ )?(?:two|three|four|five|several|the following|key|main) (?:[\w-]+ ){0,3}[\w-]+s: .*$"
)
"""A list, and the words that announce it."""
_NAMING = re.compile(
    r", (?:which we (?:call|name|term|refer to as)|(?:called|named|dubbed|termed|namely|denoted(?: as)?|referred to as)) [^,.;:{}]{2,60},"
)
_POINTERS = (" these ", " those ", " this ", " the above", " the aforementioned ", " such ", " both ")
_PURPOSE = re.compile(
    r",? (?:(?:(?:in order |designed |aiming )?to|thereby|thus|while|aimed at|aiming at) \w+(?: \w+)?|"
    r"(?<!result )(?<!results )(?<!resulting )(?:in|for|towards?)) "
    r"(?:these|those|this|the above(?:-mentioned)?|the aforementioned|such|both)(?: (?!paper|work|article|study|letter|and\b)[\w-]+){1,3}"
    r"(?:, respectively)?(?=[.;]|, \w+ing\b)"
)
"""A clause that names what the sentence is for with words of another sentence: `to address these challenges`."""
_BEFORE_SUBJECTS = frozenset(
    {
        "while",
        "although",
        "though",
        "that",
        "when",
        "where",
        "because",
        "since",
        "as",
        "if",
        "and",
        "but",
        "how",
        "whether",
    }
)
_POINTER = re.compile(
    r"(?<!,) (?:such (?=an? |(?!as\b|that\b)[\w-]+ [\w-]+s\b)|these (?=[\w-]+ (?:[\w-]+ )?[\w-]+s\b)"
    r"(?!(?:\w+ ){0,2}(?:issues|problems|challenges|limitations|gaps|questions|difficulties|drawbacks|shortcomings|obstacles|"
    r"two|three|four|are|is|was|has|does)\b)|(?P<this>this) (?=(?:\w+ )?[\w-]+ (?:of|between) ))"
)


def _without_pointer(found: re.Match[str]) -> str:
    """`the tension between` for `this tension between`; of `such heads` and `these heads` only the noun stays.

    Not in a subject: `while these methods fail` does not mean that methods fail.
    """
    before = found.string[: found.start()].lower().split()
    if len(before) < 2 or before[-1] in _BEFORE_SUBJECTS:
        return found[0]
    return " the " if found["this"] else " "


_LEADING = re.compile(
    r"^(?:while|although|though|unlike|despite|as|since|because|given|by|to|for|with|in|on|based|motivated|inspired|building|using|from|when|if|"
    r"drawing|compared|rather|instead|under|at|leveraging|following|considering|aiming|due|through|towards?|different)\b"
    r"[^;:]{3,200}?, (?=(?:we|this (?:paper|work|study|article)|our)\b)",
    re.IGNORECASE,
)
_OWNERLESS = re.compile(r"we [^,;:]*\b(?:it|they|them)\b", re.IGNORECASE)
"""`We can decompose it`, where the opening that was cut has named the thing."""
_SUBJECT = re.compile(r"^(?:we|i|this (?:paper|work|study|article))\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?:;|,)? (?:and|but)(?: (?:then|also|further|finally|subsequently|thus|therefore|empirically|theoretically))? "
    r"(?=(?:we |i )?(?:show|demonstrate|propose|present|introduce|develop|prove|provide|find|use|apply|evaluate|study|describe|"
    r"derive|analy[sz]e|investigate|establish|discuss|train|build|achieve|obtain|observe|explore|report|argue|extend|compare|"
    r"validate|suggest|illustrate|verify|release|collect|construct|learn|characterize|examine|identify|improve|give|test|conduct)\b)",
    re.IGNORECASE,
)


def _clauses(text: str) -> Iterator[str]:
    """The sentence without what comes before its main clause, and each of its coordinated clauses."""
    main = _LEADING.sub("", text, count=1)
    if main != text:
        main = without_order(main)
    yield main
    subject = _SUBJECT.match(main)
    if subject is None:
        return
    first, *others = _CLAUSE.split(main)
    if others:
        yield first
        for clause in others:
            yield clause if _SUBJECT.match(clause) else f"{subject[0]} {clause}"


_CUT = re.compile(
    r", (?:which|whose|who|where|in which|while|whereas|thus|thereby|hence|but|yet|such as|even|although|though|since|because|"
    r"as well as|unlike|compared|instead|rather|based|by|via|through|when|so that|i\.e\.|e\.g\.|that is|namely|with|without|"
    r"as|an?|the|for|without|especially|particularly|in (?:particular|contrast|terms|order)|including|\w+ing(?! \w+,)|\w+ly \w+ing|and (?:thus|hence|therefore|thereby)) "
    r"| (?:while|whereas|without|by \w+ing|via|using|based on|in order to|so that|because|since|through|when|such as|including|"
    r"as well as|compared (?:to|with)|instead of|rather than|in terms of|with respect to|even (?:when|if|though|in|with)|thereby|thus|where|in which) "
    r"|: |; | [–—-]{1,3} |—"
    r"|(?P<loose> (?:for|to [a-z]+|that|from|which|with|on|in|under|across) )"
)
_MAKES = re.compile(
    r"^(?:we|i|this (?:paper|work|study|article|thesis)) (?:propos|present|introduc|develop|describ|design|provid|stud(?:y|ies)|investigat|"
    r"explor|consider|analy[sz]|address|releas|construct|build|devis|formulat|deriv|train|creat|offer|examin|tackl)\w*",
    re.IGNORECASE,
)
_LINK = re.compile(
    r" (?:that|which|who|whose|where|when|how|why|whether|if|to|is|are|can|be|and|by|in|on|for|with|from) "
)
_CLAUSE_LINK = re.compile(r" (?:that|which|who|whose|where|when|how|why|whether|if|is|are|can|so|such) ")
_LOOSE_HEADS = """
    ability able approach attempt attempts aim aims basis capable capacity designed effort efforts effect effects enough framework
    how impact likely method methods model need needs necessary order potential problem problems relation task tasks tendency
    used way ways role responsible conditions challenge challenges due interest likelihood mapping need reason bounds bound
    difference differences increase progress improvement improvements changes transition conditioned algorithm technique
    techniques approaches system models algorithms relative prior subject similar equivalent equal close adjacent amenable applicable
    comparable invariant specific common relevant susceptible vulnerable sensitive resilient faithful
"""


def _cuts(text: str) -> Iterator[str]:
    """Beginnings of a sentence that may replace it."""
    makes = _MAKES.match(text)
    for cut in _CUT.finditer(text, 20):
        kept = text[: cut.start()]
        if (
            ": " in kept
            or _cuts_a_list(kept, text[cut.start() :])
            or kept.rpartition(",")[0].endswith(_BEFORE_ASIDES)
            or (cut[0] in _RELATIVES and kept.endswith(_PLACES))
        ):
            continue
        if cut[0][0] == " " and kept.endswith(_PARTICIPLES) and _PASSIVE.search(kept):
            continue
        if cut["loose"] and not (
            makes and _is_whole_object(kept[makes.end() :], relative=cut["loose"] == " that ")
        ):
            continue
        yield kept


_RELATIVES = frozenset({" where ", " in which ", ", where ", ", in which "})
_PLACES = ("areas", "regions", "cases", "settings", "scenarios", "situations", "environments", "places", " way", " ways", " area",
    " region", " case", " setting", " scenario", " situation", " environment")  # fmt: skip
"""Words that need the clause after them: `the synthesis of areas [where views are few]`."""
_BEFORE_ASIDES = (" that", " which", " and", " but", " where", " if", " when", " because")
"""What stands after `that,` and before the next comma is no end of a sentence."""
_PASSIVE = re.compile(r"\b(?:be|been|being|is|are|was|were) (?:\w+ly )?\w+$")
_PARTICIPLES = ("ed", "en", "wn", "ne", "lt")
"""What is done may need more words: `can be represented [through ...]`."""


def _cuts_a_list(kept: str, rest: str) -> bool:
    """Whether `rest` has the items that `kept` announces, or further ones."""
    if rest[0] in ":;" and _ANNOUNCES.search(kept):
        return True
    before, _, last = kept.rpartition(", ")
    if before and last.partition(" ")[0] in _BASE_VERBS:
        return True  # `we collect heads, turn necks[, and count them]`
    if rest[0] == " " and _LATER_ITEMS.search(rest):
        return True  # `we design a head [for films, a neck for heads, and a skull]`
    item = _ITEMS.match(rest)
    return item is not None and item["word"].lower() not in _VERBS


_NUMBERS = "two|three|four|five|six|seven|eight|several|many|various|multiple|following|main|key|major|novel|different"
_ANNOUNCES = re.compile(
    rf"\b(?:(?:{_NUMBERS}) (?:[\w-]+ ){{0,3}}[\w-]+s(?: (?:for|of|in|on|to|behind) [^,;:]{{1,40}})?|(?:two|three|four)-?\s?fold|includ\w+|are|is|namely|follow\w*|"
    r"(?:are|is|includes?|comprises?|contains?) (?:the |our )?(?:[\w-]+ ){0,2}[\w-]+s)$",
    re.IGNORECASE,
)
_LATER_ITEMS = re.compile(r", an? [^,;:]{1,120}, and an? ")
_ITEMS = re.compile(r", (?:an?|the) [^,;:]{1,100}, (?:and|or) (?P<word>\w+)")


def _is_whole_object(text: str, *, relative: bool) -> bool:
    """Whether the object of `we propose` is complete, because it is a plain noun phrase.

    Before a relative clause it may be longer: `a framework for text-to-speech [that ...]`.
    """
    words = text.split()
    link = _CLAUSE_LINK if relative else _LINK
    return (
        len(words) > 3
        and words[-1] not in _HEADS
        and not words[-1].endswith(_PARTICIPLE)
        and link.search(text + " ") is None
    )


_PARTICIPLE = ("ed", "consisting", "starting", "depending", "relying", "focusing", "aiming", "resulting")
"""`A head equipped [with a neck]`, `a film consisting [of heads]`."""
_HEADS = frozenset(_LOOSE_HEADS.split())

_VERB_FORMS = """
    uses used leads led offers captures captured is are was were has have had can could may might will would must should do does did cannot
"""
_VERB_STEMS = """
    show propose present introduce demonstrate achieve outperform improve provide allow enable learn  require  make give produce
    yield generate perform reduce increase  consist combine predict obtain exploit leverage suggest indicate reveal prove develop
    describe discuss address apply find investigate explore consider  remain suffer rely depend   exist follow
     contain employ extend adopt adapt examine analyze establish argue tackle   build derive
    revisit evaluate compare construct create define identify release solve unify utilize incorporate integrate become
    contribute converge exhibit generalize   occur operate represent   serve surpass take tend vary encode
    decompose observe
"""
_VERBS = frozenset(_VERB_FORMS.split()) | {
    stem + ending for stem in _VERB_STEMS.split() for ending in ("", "s", "d", "es", "ed")
}
_BASE_VERBS = frozenset(_VERB_STEMS.split())
_DANGLING_WORDS = """
    a an the of to in on for with by and or that which as at from is are was be been can will not than both either such its
    their our this these more most very between into via using we also only if when while where how what whether show shows propose
    introduce demonstrate provide use achieve including following follows prove further then each one some no even well e.g i.e
    al cf vs two three four five several based followed caused given called named together along rather instead them it was were
    within without upon over under through about has have had may might could would should do does due according respect
    ensure ensures ensuring enable enables enabling allow allows allowing require requires requiring making
"""
_DANGLING = frozenset(_DANGLING_WORDS.split())


_BY_DOING = re.compile(
    r"^(?P<subject>(?:we|i|this (?:paper|work|study|article)))(?: \w+ly)? (?:address|tackle|overcome|solve|bridge|fill|alleviate|mitigate|remedy|"
    r"resolve|achieve|do|accomplish|close|approach|answer|attack|handle|realize|meet|relax|improve(?: up)?on|mitigate|combat|circumvent|avoid|eliminate)(?:e?s)? (?:this|these|the|such|it|that|both)\b"
    r"(?: [\w-]+){0,4}? (?:by|through) (?:\w+ly )?(?P<doing>\w+ing) ",
    re.IGNORECASE,
)
_DONE_STEMS = """
    use leverage train learn employ design formulate model optimize integrate represent augment regularize replace decompose
    encourage enforce estimate treat view cast apply minimize maximize modify add fine-tune
    characterize combine integrate generate extract sample select transform map embed align match merge fuse split separate
    reformulate rewrite reduce relax restrict constrain penalize reweight adjust adapt tune inject augment enrich condition
    exploit harness reuse share transfer distill prune quantize compress simulate model measure compute calculate test
    verify prove show demonstrate exhibit impose require assume interpret recast reframe connect relate link couple
    decouple disentangle factorize cluster group rank score attend aggregate pool propagate initialize randomize perturb
    parameterize parametrize approximate bound control guide steer plan search explore maintain track detect segment render
    reconstruct synthesize translate project deform animate predict forecast infer
"""
_DONE = {
    (stem.removesuffix("e") if not stem.endswith("ee") else stem) + "ing": stem
    for stem in (*_VERB_STEMS.split(), *_DONE_STEMS.split())
}


def _done(found: re.Match[str]) -> str:
    """`We propose ` for `We address these issues by proposing `; the match itself for a verb that is not known."""
    verb = _DONE.get(found["doing"].lower())
    if verb is None:
        return found[0]
    third = (
        ""
        if found["subject"].lower() in ("we", "i")
        else "es"
        if verb.endswith(("s", "sh", "ch", "x"))
        else "s"
    )
    return f"{found['subject']} {verb}{third} "


_TO_PROPOSE = re.compile(
    r"^(we|i) (?:use|leverage|exploit|build (?:up)?on|apply|employ|draw on|utilize|take advantage of|make use of) "
    r"(?:this|these|such|those)(?: (?!to\b)[\w-]+){1,3} to (?=(?:propose|develop|construct|derive|introduce|design|build|prove|obtain|train|learn|create|present|define)\b)",
    re.IGNORECASE,
)
"""What `we use this opportunity to propose`, where only another sentence says which opportunity."""


_LONGEST = 1200
"""Characters; a longer text was not split into sentences, and has too many places to cut."""
_FEWEST = 7
"""Words; a shorter variant says too little for a summary."""
_NAMED_FEWEST = 11
"""Words of a variant that ends in a mere name: `a new framework called X`."""
_ENUMERATIONS = tuple(
    (re.compile(rf"(?:^|[\s(]){one}\)"), re.compile(rf"(?:^|[\s(]){two}\)"))
    for one, two in (("1", "2"), ("i", "ii"), ("a", "b"))
)
"""Numbers of first and second items; not the bracket of `so(2n+1)`."""


_SUBORDINATE = re.compile(r".* (?:how|whether|why|when|while|where|if|because|although) (.*)", re.IGNORECASE)
"""The text after the last word that needs a verb after it."""


_SAID = re.compile(
    r".{1,120}?\b(?:show|find|prove|argue|observe|demonstrate|indicate|suggest|reveal|confirm)s? that (.*?)\.?$",
    re.IGNORECASE,
)
_MAY_BE_VERB = re.compile(r"\w(?:s|ed|en)\b")
"""A verb in the third person or the past, or the plural noun before one in the present."""
_AUXILIARIES = frozenset(
    {"is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "can", "will", "not"}
)
"""An adverb after one of these belongs to a word that was cut: `are fairly [well explained]`."""
_THAT_WITHOUT_CLAUSE = re.compile(
    r" that,? (?:in|for|with|on|under|by|when|if|within|using|through|despite|without|at|given|across|from|among|after|compared|unlike)\b[^,]*$",
    re.IGNORECASE,
)
"""`We show that in both settings`, whose clause began after the phrase."""


def says_something(text: str) -> bool:
    """Whether an English `text` has a verb, and so is no heading or list item."""
    if _SUBJECT.match(text) or _WITH_OBJECT.search(text):
        return True
    words = text.lower().rstrip(" .").split()
    return any(
        word in _VERBS and not (word.endswith("ed") and after in _AFTER_PARTICIPLES)
        for word, after in zip(words, [*words[1:], ""], strict=True)
    )


_WITH_OBJECT = re.compile(r"[a-z]{2}(?:s|ed) (?:the|an?|its|their|our|that|how|us|all|both|up|out) ")
"""A verb of any kind before its object: `turns the head`."""
_AFTER_PARTICIPLES = frozenset(
    {"by", "from", "with", "on", "in", "to", "for", "as", "through", "via", "using"}
)
"""What makes a form of the past a part of its noun: `a version extended from`."""


_ONE_OF_TWO = re.compile(
    r"\b(?:combin|coupl|pair|unit|merg|bridg|reconcil)(?:e|es|ed|ing)\b(?!.*\b(?:with|and|into|to|both)\b)",
    re.IGNORECASE,
)
"""What is combined, without what it is combined with."""


_NO_MAIN_CLAUSE = re.compile(
    r"(?:By \w+ing|While|When|Although|Though|Because|If|Unlike|Instead of) [^,]*$"
    # What it was used for has been cut off.
    r"|.*\b(?:has|have) been (?:\w+ly )?(?:used|applied|employed)\.?$"
)


def _stands_alone(text: str) -> bool:
    """Whether a cut left a sentence: with balanced brackets, a verb, and a last word that needs no other."""
    words = text.lower().rstrip(" .").split()
    if len(words) < _FEWEST or words[-1] in _DANGLING or words[-1][-1] in ",:;(–—-":
        return False
    if words[-2] in ("that", "which", "who") or (words[-1] in ("example", "instance") and words[-2] == "for"):
        return False
    if any(text.count(one) != text.count(two) for one, two in ("()", "[]", "{}")):
        return False
    if text.count("$") % 2 or text.count('"') % 2 or text.count("“") != text.count("”"):
        return False
    if len(words) < _NAMED_FEWEST and words[-2] in ("named", "called", "dubbed", "termed"):
        return False
    clause = _SUBORDINATE.match(text)
    if clause is not None and _VERBS.isdisjoint(clause[1].split()) and "ing " not in clause[1]:
        return False
    if is_cut_list(text) or _ONE_OF_TWO.search(text) or _NO_MAIN_CLAUSE.match(text):
        return False
    if " that" in text and _THAT_WITHOUT_CLAUSE.search(text):
        return False
    if words[-1].endswith("ly") and words[-2] in _AUXILIARIES:
        return False
    if "not only " in text.lower() and " but " not in text:
        return False
    said = _SAID.match(text) if " that " in text else None
    if said is not None and _VERBS.isdisjoint(said[1].split()) and _MAY_BE_VERB.search(said[1]) is None:
        return False
    return _SUBJECT.match(text) is not None or not _VERBS.isdisjoint(words)
