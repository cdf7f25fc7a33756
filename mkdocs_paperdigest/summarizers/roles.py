"""What a sentence of an abstract does: state a problem, a method, a result or a resource."""

import re
from typing import Literal

Role = Literal["problem", "method", "result", "resource", "other"]


def role_of(sentence: str) -> Role:
    """The role of an English sentence by its usual phrases; `other` where none of them occurs.

    A resource outranks a result and a result a method: "Experiments show that our method ..." is a result.
    """
    for role, pattern in _PATTERNS:
        if pattern.search(sentence):
            return role
    return "other"


_PATTERNS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "resource",
        re.compile(
            r"\b(?:code|codes|models?|data|datasets?|demos?|videos?|project page|website|implementation|source)\b[^.]{0,60}"
            r"\b(?:available|released?|open[- ]sourced?|found at|public(?:ly)?)\b"
            r"|\bwe (?:will )?(?:also )?(?:release|open[- ]source|make (?:our |the )?\w+ public)|https?://",
            re.IGNORECASE,
        ),
    ),
    (
        "result",
        re.compile(
            r"\b(?:experiments?|results?|evaluations?|ablations?|simulations?|user stud(?:y|ies)|tests?)\b[^.]{0,80}"
            r"\b(?:show|demonstrate|indicate|suggest|reveal|confirm|validate|verif|prove|highlight|illustrate|corroborate)"
            r"|\b(?:we|i) (?:\w+ly |also |further |then )?(?:show|find|found|demonstrate|prove|disprove|observe|achieve|obtain|confirm|report|conclude|establish)"
            r"|\b(?:outperform|surpass|achiev|exceed|improv)\w*\b[^.]{0,60}\b(?:by|over|than|state[- ]of[- ]the[- ]art|baselines?|existing|previous|prior|results?|performance|accuracy)\b"
            r"|\bour (?:results?|findings?|experiments?|evaluations?|analys[ie]s)\b|\b\d+(?:\.\d+)?\s?(?:%|\\%|percent)",
            re.IGNORECASE,
        ),
    ),
    (
        "method",
        re.compile(
            r"\b(?:we|i) \w+|\bour (?:\w+ ){0,3}(?:method|approach|model|framework|algorithm|system|network|architecture|pipeline|solution|strategy|contribution)"
            r"|\bthis (?:paper|work|article|study|letter|thesis|survey|report|note|manuscript)\b|\b(?:is|are) (?:proposed|introduced|presented|developed|designed|studied|investigated|employed)\b"
            r"|\bthe (?:proposed|resulting) ",
            re.IGNORECASE,
        ),
    ),
    (
        "problem",
        re.compile(
            r"\b(?:however|despite|although|unfortunately|nevertheless)\b|\b(?:challeng|difficult|limit(?:ed|ation)|suffer|lack|fail|problem|costly|expensive|"
            r"remains?|struggl|bottleneck|hinder|poor|open question|little is known|unclear|overlook|prone|inefficien|restrict)",
            re.IGNORECASE,
        ),
    ),
)


def points_elsewhere(sentence: str) -> bool:
    """Whether a sentence only says where code, data or a page is; links stand elsewhere on the page."""
    linked = "http" in sentence and len(sentence.split()) < _LINKED_FEWEST
    return linked or _POINTER.search(sentence) is not None


_LINKED_FEWEST = 14
"""Words from which a sentence with an address says more than where something is."""


_POINTER = re.compile(
    r"^(?:(?:our |the |all )?(?:source )?(?:code|codes|project|data|models?|demo|website|webpage|videos?)\b[^.]{0,90}"
    r"\b(?:available|found|released|accessible|at|page)\b"
    r"|(?:project|web|home|demo|code)\s?(?:page|site|url)?\s?:|content (?:advisory|warning)|(?:disclaimer|warning|keywords?|comments?)\b ?:"
    r"|see https?:|more (?:results|details|information)\b|https?:)|:$",
    re.IGNORECASE,
)
