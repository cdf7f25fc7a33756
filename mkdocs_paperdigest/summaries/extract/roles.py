"""Splits an abstract into sentences and finds what each states: background, a problem, a method, a result or a resource."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mkdocs_paperdigest.summaries.extract.compression import cleaned
from mkdocs_paperdigest.summaries.extract.words import stems
from mkdocs_paperdigest.summaries.sentences import split_sentences

Role = Literal["background", "problem", "method", "result", "resource", "pointer", "other"]
"""`pointer`: only says where code, data or a page is, or is not a statement."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an abstract."""

    verbatim: str
    text: str
    """Cleaned, so that it can stand alone."""
    stems: tuple[str, ...]
    role: Role


def read_sentences(abstract: str) -> tuple[Sentence, ...]:
    """The sentences of an abstract that contain a word."""
    said = []
    for piece in split_sentences(abstract):
        verbatim = piece.strip()
        own = stems(verbatim)
        text = cleaned(verbatim)
        if own and text:
            said.append((verbatim, text, own))
    roles = roles_of([verbatim for verbatim, _, _ in said])
    return tuple(Sentence(*parts, role) for parts, role in zip(said, roles, strict=True))


def roles_of(sentences: Sequence[str]) -> tuple[Role, ...]:
    """Roles of the sentences of one English abstract, by their usual phrases.

    Sentences before the first contribution are about other people's work: a problem or mere background. If an
    abstract has no first person, all of it is about its own work, so a sentence without another role is a method.
    """
    first = next((at for at, text in enumerate(sentences) if _CONTRIBUTION.search(text)), None)
    found: list[Role] = []
    for at, text in enumerate(map(str.lower, sentences)):
        if _points_elsewhere(text):
            found.append("pointer")
        elif first is not None and at < first:
            found.append("problem" if _TURN.search(text) else "background")
        else:
            found.append(_role(text, default="method" if first is None else "other"))
    return tuple(found)


def _role(text: str, *, default: Role) -> Role:
    """The first role whose pattern matches the lower-case text: a resource before a result before a method."""
    return next((role for role, pattern in _PATTERNS if pattern.search(text)), default)


_CONTRIBUTION = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|[Tt]his (?:paper|work|article|study|letter|report|survey|thesis|note)|I (?!\w+ ?[=<>])|"
    r"is (?:proposed|presented|introduced|investigated|studied))\b"
)
_TURN = re.compile(
    r"\b(?:however|despite|although|unfortunately|nevertheless|challeng\w*|difficult\w*|limit\w*|suffer\w*|lack\w*|fail\w*|"
    r"costly|expensive|struggl\w*|remains?|unclear|hinder\w*)\b"
)

_PATTERNS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "resource",
        re.compile(
            r"\b(?:code|codes|models?|data|datasets?|demos?|videos?|project page|website|implementation|source)\b[^.]{0,60}"
            r"\b(?:available|released?|open[- ]sourced?|found at|public(?:ly)?)\b"
            r"|\bwe (?:will )?(?:also )?(?:release|open[- ]source|make (?:our |the )?\w+ public)|https?://"
        ),
    ),
    (
        "result",
        re.compile(
            r"\b(?:experiments?|results?|evaluations?|ablations?|simulations?|user stud(?:y|ies)|tests?)\b[^.]{0,80}"
            r"\b(?:show|demonstrate|indicate|suggest|reveal|confirm|validate|verif|prove|highlight|illustrate|corroborate)"
            r"|\b(?:we|i) (?:\w+ly |also |further |then )?(?:show|find|found|demonstrate|prove|disprove|observe|achieve|obtain|confirm|report|conclude|establish)"
            r"|\b(?:outperform|surpass|achiev|exceed|improv)\w*\b[^.]{0,60}\b(?:by|over|than|state[- ]of[- ]the[- ]art|baselines?|existing|previous|prior|results?|performance|accuracy)\b"
            r"|\bour (?:results?|findings?|experiments?|evaluations?|analys[ie]s)\b|\b\d+(?:\.\d+)?\s?(?:%|\\%|percent)"
        ),
    ),
    (
        "method",
        re.compile(
            r"\b(?:we|i) \w+|\bour (?:\w+ ){0,3}(?:method|approach|model|framework|algorithm|system|network|architecture|pipeline|solution|strategy|contribution)"
            r"|\bthis (?:paper|work|article|study|letter|thesis|survey|report|note|manuscript)\b|\b(?:is|are) (?:proposed|introduced|presented|developed|designed|studied|investigated|employed)\b"
            r"|\bthe (?:proposed|resulting) "
        ),
    ),
    (
        "problem",
        re.compile(
            r"\b(?:however|despite|although|unfortunately|nevertheless)\b|\b(?:challeng|difficult|limit(?:ed|ation)|suffer|lack|fail|problem|costly|expensive|"
            r"remains?|struggl|bottleneck|hinder|poor|open question|little is known|unclear|overlook|prone|inefficien|restrict)"
        ),
    ),
)


def _points_elsewhere(text: str) -> bool:
    linked = "http" in text and len(text.split()) < _LINKED_FEWEST
    if linked or text.endswith((":", "?")) or _POINTER.match(text) or _HOPE.match(text):
        return True
    return (
        any(sign in text for sign in _SIGNS)
        and _RELEASES.search(text) is not None
        and len(_OF_RELEASES.sub("", text).split()) < _RELEASED_FEWEST
    )


_LINKED_FEWEST = 14
"""Words; a sentence with an address that has this many says more than where something is."""

_POINTER = re.compile(
    r"(?:(?:our |the |all )?(?:source )?(?:code|codes|project|data|models?|demo|website|webpage|videos?)\b[^.]{0,90}"
    r"\b(?:available|found|released|accessible|at|page)\b"
    r"|(?:project|web|home|demo|code)\s?(?:page|site|url)?\s?:|content (?:advisory|warning)|(?:disclaimer|warning|keywords?|comments?)\b ?:"
    r"|sections? [\divx, and]+ (?:is|are|has|have) (?:\w+ )?(?:unchanged|changed|corrected|revised|rewritten|added)\b"
    r"|(?:changes|differences|corrections?) [^.]{0,40}\bversion\b|in (?:this|the) (?:\w+ )?version\b"
    r"|see https?:|more (?:results|details|information)\b|https?:)"
)

_HOPE = re.compile(
    r"(?:(?:finally|overall|lastly|in summary), )?(?:(?:we|i) (?:\w+ly |also |will )?(?:hope|wish|plan|intend|envision|look forward|welcome|invite|thank|"
    r"(?:believe|expect|anticipate|think)(?: that)? (?:this|our|these|the proposed)\b)|(?:our |the )?(?:future|ongoing) (?:work|research)\b|"
    r"in (?:the )?future\b|it is (?:our hope|hoped))"
)
"""Wishes and plans, which say nothing of what was found."""

_SIGNS = ("releas", "availab", "publi", "open", "can be ", "may be ", "upon", "located ")
_RELEASES = re.compile(
    r"\b(?:releas(?:e|es|ed|ing)|available|public(?:ly)?|open[- ]?sourc\w+|(?:can|may) be (?:found|accessed|downloaded|viewed|seen)|"
    r"upon (?:acceptance|publication)|located (?:at|on|in))\b"
)
_OF_RELEASES = re.compile(
    r"\\url\{[^}]*\}|https?://\S+|\b(?:we|our|the|all|source|codes?|models?|data|datasets?|benchmarks?|will|be|is|are|made|make|public|publicly|available|"
    r"releas\w*|open|open-sourc\w*|sourced?|upon|on|after|once|acceptance|accepted|publication|published|soon|at|and|or|can|may|found|with|this|that|"
    r"paper|for|research\w*|community|future|to|facilitate|foster|support|encourage|promote|reproducib\w*|further|also|plan|videos?|demos?|results?|"
    r"project|pages?|websites?|web|here|github|repository|supplementary|materials?|additional|more|please|visit|see|accessed|access|accessible|"
    r"located|online|freely|via|from|it|its|in|trained|training|pre-?trained|weights|checkpoints?|implementation|visuali[sz]ations?|inference|of|work|"
    r"study|studies|scripts?|full|complete|entire|both|related|resources?|advancements?|field|area|advance|benefit|test|evaluation|dataset's|an?|downloaded|viewed|seen|provided|generated|examples?|samples?)\b"
    r"|[^\w\s]"
)
_RELEASED_FEWEST = 2
"""Words besides those of any release; with as many, a sentence says what is released."""
