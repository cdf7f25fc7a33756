"""Shorter readings of a sentence: without its connective, its asides, or what follows its main clause."""

import re


def cleaned(sentence: str) -> str:
    """`sentence` as it can stand alone: no connective, no citation, a capital and a full stop.

    What it says is left as it is. The result is empty where nothing but punctuation was given.
    """
    text = " ".join(_CITATION.sub("", sentence).split())
    text = _SPACE_BEFORE_MARK.sub(r"\1", text)
    for _ in range(3):
        shorter = _CONNECTIVE.sub("", text, count=1)
        if shorter == text or len(shorter) < 20:
            break
        text = shorter
    return finished(text)


def readings(sentence: str) -> tuple[str, ...]:
    """Grammatical shorter readings of a cleaned sentence, itself first, without doubles.

    Each is made of the sentence's own words in their order: asides in brackets go, `we show that` goes, a trailing
    clause after a complete main clause goes, or a coordinated clause stands alone with the subject of the first.
    The rules are syntactic surface patterns; they refuse a cut that leaves an open bracket, quote or formula,
    fewer than five words, or no verb.
    """
    found = [sentence]
    for text in (sentence, _without_asides(sentence)):
        found.append(text)
        found.extend(_main_clauses(text))
    for text in tuple(found):
        found.extend(_trimmed(text))
    found.extend(_without_frame(text) for text in tuple(found))
    return tuple(dict.fromkeys(finished(text) for text in found if _stands_alone(text)))


def finished(text: str) -> str:
    """`text` with a capital first letter and a full stop; words such as `mRNA` keep their first letter."""
    text = text.strip().lstrip(",;:.-–— ").rstrip(" ,;:-–—")
    if not text:
        return ""
    first = text.split(maxsplit=1)[0]
    if first[:1].islower() and not re.search(r"[A-Z0-9_$\\]", first):
        text = text[0].upper() + text[1:]
    if text[-1] not in ".!?…。！？" and not re.search(r"[.!?…。！？][\"'”’»)\]」』）]+$", text):
        text += "."
    return text


_NAME = r"[A-Z][\w'’-]+"
_CITATION = re.compile(
    rf"\s*\((?:(?:see|cf\.|e\.g\.,?|following)\s)?{_NAME}(?:,? (?:and|&|et al\.?,?)? ?(?:{_NAME})?){{0,3}},? ?\(?(?:19|20)\d\d[a-z]?\)?"
    rf"(?:; [^()$]{{3,60}}(?:19|20)\d\d[a-z]?)*\)"
    r"|\s*\[\d+(?:[,–-] ?\d+)*\]"
    r"|\s*~?\\cite[pt]?\{[^{}]*\}"
)
_SPACE_BEFORE_MARK = re.compile(r"(?<=\w) +([.,;:!?])(?=\s|$)")

_WORK = r"(?:(?:present|current|our|same) )?(?:paper|work|article|study|letter|report|thesis|note|survey|manuscript|contribution|research|project|review|chapter)"
_CONNECTIVE = re.compile(
    r"^(?:"
    rf"(?:in|through|with|throughout|within) (?:this|the present|our|the current) {_WORK}(?: here)?,? (?=(?:we|i|the authors?|it|an?|the|our|for the first time)\b)"
    r"|(?:however|moreover|furthermore|additionally|finally|therefore|thus|hence|consequently|accordingly|specifically|particularly|lastly|"
    r"nevertheless|nonetheless|besides|also|then|here|herein|instead|meanwhile|notably|importantly|interestingly|remarkably|surprisingly|crucially|"
    r"indeed|overall|concretely|conversely|similarly|likewise|subsequently|second|secondly|third|thirdly|first|firstly|fourth|next|"
    r"further|otherwise|again|still|yet|briefly|ultimately|as such|and|but|so|to begin with),? (?=we\b)"
    r"|(?:however|moreover|furthermore|additionally|finally|therefore|thus|hence|consequently|accordingly|specifically|lastly|"
    r"nevertheless|nonetheless|besides|meanwhile|notably|importantly|interestingly|remarkably|crucially|indeed|overall|concretely|secondly|thirdly|firstly|"
    r"similarly|likewise|subsequently|first|second|third|next|in contrast|on the other hand|on the contrary|as a result|as a consequence|for this reason), "
    r"|in (?:addition|particular|summary|short|conclusion|turn|brief|this (?:way|context|regard|setting|direction|respect|vein|light|view)|other words|fact|practice), "
    r"|(?:to this end|to that end|with this in mind|for this purpose|for example|for instance|in response|as a first step|more (?:specifically|precisely|importantly|concretely|generally)|"
    r"at the same time|last but not least|that is|to do so|to do this|in doing so|as such|building on this|along the way|to (?:our|the best of our) (?:best )?knowledge), "
    r"|to (?:address|tackle|overcome|solve|alleviate|mitigate|resolve|remedy|handle|meet|fill|bridge|close|combat|achieve|answer|circumvent|deal with|cope with|approach) "
    r"(?:this|these|those|such|the above|the aforementioned|the)(?: \w+){0,3}? ?(?:issues?|problems?|challenges?|limitations?|gaps?|shortcomings?|drawbacks?|goals?|questions?|difficult(?:y|ies)|concerns?|needs?|this|these|bottlenecks?|obstacles?|weakness(?:es)?), (?=\w)"
    r"|(?:motivated|inspired|guided|encouraged) by (?:this|these|that|the above|such)(?: \w+){0,2}, "
    r"|based on (?:this|these|the above|such)(?: \w+){0,2}, "
    r")",
    re.IGNORECASE,
)

_FRAME = re.compile(
    r"^(?:[^,;:$]{0,90}\b(?:experiments?|results?|evaluations?|analys[ie]s|stud(?:y|ies)|findings?|simulations?|comparisons?|observations?)\b[^,;:]{0,90}? |"
    r"(?:we|i)(?: \w+ly| also| further| then| first| finally)? |it is |this (?:paper|work) )"
    r"(?:shows?|showed|shown|demonstrates?|demonstrated|finds?|found|indicates?|suggests?|reveals?|revealed|proves?|proved|confirms?|confirmed|observes?|observed|argues?|verify|verifies|illustrates?|establish(?:es)?|report|conclude|see|note|validate)"
    r"(?: (?:empirically|theoretically|experimentally|clearly|both \w+ and \w+))? that (?=\w)",
    re.IGNORECASE,
)

_ASIDE = re.compile(r"\s*\((?!\d?\w\))[^()$]{2,120}\)")
_LEADING = re.compile(
    r"^(?:while|although|though|unlike|despite|as|since|because|given|by|to|for|with|in|on|based|motivated|inspired|building|using|from|when|if|"
    r"inspired|drawing|compared|rather|instead|under|at|leveraging|following|considering|aiming|due|through|toward|towards|here|different)\b"
    r"[^;:]{3,200}?, (?=(?:we|this (?:paper|work|study|article)|our)\b)",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r",? (?:while|whereas|thus|thereby|hence|therefore|allowing|enabling|leading|resulting|making|showing|demonstrating|achieving|yielding|"
    r"providing|outperforming|improving|reducing|without|even (?:when|if|though|in|with|without)|although|though|since|because|where|in which|"
    r"so that|such that|such as|including|especially|particularly|in particular|as well as|in contrast to|compared (?:to|with)|"
    r"instead of|rather than|unlike|based on|using|by \w+ing|via|through|when|in order to|under|on (?:a|the|several|various|multiple|many|both|two|three|four|five)|"
    r"across|in terms of|with respect to|due to|with(?: a| an| the| no| only)?|for|from|towards?|whenever|after|before|until|to \w+) "
    r"|, (?:which|whose|who|and|but|or|i\.e\.,?|e\.g\.,?|that is|namely|both|with|being|\w+ing|\w+ly \w+ing|a|an|the)\b "
    r"|[;:] | [–—] |—| - | -- "
)
_CLAUSE = re.compile(
    r"(?:;|,)? (?:and|but)(?: (?:then|also|further|finally|subsequently|thus|therefore|empirically|theoretically))? "
    r"(?=(?:we |i )?(?:show|demonstrate|propose|present|introduce|develop|prove|provide|find|use|apply|evaluate|study|describe|design|"
    r"derive|analy[sz]e|investigate|establish|discuss|train|build|achieve|obtain|observe|explore|report|argue|extend|compare|"
    r"validate|suggest|illustrate|verify|release|collect|construct|learn|characterize|examine|identify|construct|improve|give|test|conduct)\b)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^(?:we|i|this (?:paper|work|study|article))\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|must|should|do|does|did|cannot|"
    r"(?:show|propose|present|introduce|demonstrate|achieve|outperform|improve|provide|allow|enable|learn|use|require|lead|make|"
    r"give|produce|yield|generate|perform|reduce|increase|capture|consist|combine|predict|obtain|exploit|leverage|suggest|indicate|reveal|"
    r"prove|study|develop|describe|discuss|address|apply|find|investigate|explore|consider|offer|remain|suffer|rely|depend|work|need|exist|"
    r"follow|help|support|contain|employ|extend|train|adopt|adapt|design|examine|analyze|establish|argue|tackle|focus|aim|build|derive|formulate|revisit|"
    r"evaluate|compare|construct|create|define|identify|release|report|solve|unify|utilize|incorporate|integrate|proceed|arise|become|contribute|converge|exhibit|"
    r"generalize|grow|scale|matter|occur|operate|represent|result|run|serve|surpass|take|tend|transfer|vary|encode|decompose|observe)(?:s|es|ed|d)?)\b",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"(?:\b(?:a|an|the|of|to|in|on|for|with|by|and|or|but|that|which|as|at|from|is|are|was|be|been|can|will|not|than|both|either|"
    r"such|its|their|our|this|these|more|most|very|between|into|via|using|we|also|only|if|when|while|where|how|what|whether|"
    r"show|propose|introduce|demonstrate|provide|use|achieve|including|following|follows|prove|further|then|each|one|some|no|two kinds|even|"
    r"well|e\.g|i\.e|et al|cf|vs)|[,:;(–—-])\.?$",
    re.IGNORECASE,
)


def _without_asides(text: str) -> str:
    return _ASIDE.sub("", text)


def _without_frame(text: str) -> str:
    return _FRAME.sub("", text, count=1)


def _main_clauses(text: str) -> list[str]:
    """The sentence without what leads to its main clause, and its coordinated clauses one by one."""
    main = _LEADING.sub("", text, count=1)
    found = [main]
    subject = _SUBJECT.match(main)
    if subject is None:
        return found
    parts = _CLAUSE.split(main)
    if len(parts) > 1:
        found.append(parts[0])
        found.extend(part if _SUBJECT.match(part) else f"{subject[0]} {part}" for part in parts[1:])
    return found


def _trimmed(text: str) -> list[str]:
    return [text[: cut.start()] for cut in _TRAILING.finditer(text, 20)][-8:]


def _stands_alone(text: str) -> bool:
    """Whether a cut left a sentence: balanced, with a verb, not ending in a word that wants another."""
    words = text.split()
    if len(words) < 5 or _DANGLING.search(text.rstrip(" .")):
        return False
    if any(text.count(a) != text.count(b) for a, b in ("()", "[]", "“”", "{}")):
        return False
    if text.count("$") % 2 or text.count('"') % 2:
        return False
    return _VERB.search(text) is not None
