"""Asks a model whether the quotations of a summary say what its statements say: one call, without the paper."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from mkdocs_paperdigest.models import Claim, Omission, Paper, Summary, Usage
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.answer.fields import values_of

if TYPE_CHECKING:
    from mkdocs_paperdigest.summaries.llm.calls import LanguageModel

Verdict = Literal["supported", "contradicted", "not said"]


@dataclass(frozen=True, slots=True)
class ClaimChecks:
    """What a model has said of the statements about one paper and their quotations."""

    verdicts: dict[str, Verdict] = field(default_factory=dict, hash=False)
    """By `pair_key`."""
    attempts: int = 0
    """Builds in a row that asked and were left without some verdict."""
    at: datetime | None = None
    """When the last of them asked."""


def unchecked(summary: Summary, known: Mapping[str, Verdict]) -> tuple[Claim, ...]:
    """The marked statements of a model that have no verdict yet, in the order of the page.

    A statement without a mark has no quotation that was found, so there is nothing to judge it by.
    """
    if summary.checked:
        return ()
    pairs = {pair_key(claim): claim for claim in _marked(summary)}
    return tuple(claim for name, claim in pairs.items() if name not in known)


def check_claims(
    paper: Paper, claims: Sequence[Claim], options: Options, model: "LanguageModel"
) -> tuple[dict[str, Verdict], Usage]:
    """What the model says of each pair of statement and quotation, by `pair_key`; a pair may be left out.

    Raises:
        ConfigurationError: A template of the user cannot be rendered.
        ModelCallError: There is no answer, or not yet.
    """
    from mkdocs_paperdigest.summaries.answer.decode import decode
    from mkdocs_paperdigest.summaries.prompts.prompts import build_check_prompt

    prompt = build_check_prompt(paper, claims, SCHEMA, templates_dir=options.templates_dir)
    reply = model.ask(prompt)
    said = decode(reply.text, ("verdicts",)).fields.get("verdicts")
    return _read(said, claims), reply.usage


def with_verdicts(summary: Summary, verdicts: Mapping[str, Verdict]) -> Summary:
    """The summary without its contradicted statements; those of which a quotation says nothing lose their mark.

    A field of which nothing is left is named in the omissions. Statements without a verdict stay as they are.
    """
    if summary.checked:
        return summary
    whole = not unchecked(summary, verdicts)
    marked = set(map(pair_key, _marked(summary)))
    said = {name: verdict for name, verdict in verdicts.items() if name in marked}
    if not said:
        return replace(summary, checked=whole and bool(marked))
    changed: dict[str, Any] = {}
    lost = []
    for name, value in values_of(summary).items():
        if name in summary.extracted or not _has_claims(value):
            continue
        kept = _judged(value if isinstance(value, tuple) else (value,), said)
        changed[name] = kept if isinstance(value, tuple) else next(iter(kept), None)
        if not kept:
            lost.append(Omission(name, ReasonCode.CONTRADICTED))
    return replace(summary, **changed, omissions=(*summary.omissions, *lost), checked=whole)


def pair_key(claim: Claim) -> str:
    """A name for a statement with its quotation, which any change of either changes."""
    return hashlib.sha256(f"{claim.text}\0{claim.quote}".encode("utf-8", "replace")).hexdigest()[:16]


SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "verdicts": {
            "type": "array",
            "description": "One verdict for each numbered pair.",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer", "description": "Number of the pair."},
                    "verdict": {"type": "string", "enum": list(get_args(Verdict))},
                },
                "required": ["number", "verdict"],
            },
        }
    },
    "required": ["verdicts"],
}


def _marked(summary: Summary) -> list[Claim]:
    """The statements with a mark that come from a language model."""
    if summary.model == "extractive":
        return []
    own = replace(summary, takeaways=()) if "takeaways" in summary.extracted else summary
    return [claim for claim in own.claims if claim.marked]


def _read(said: object, claims: Sequence[Claim]) -> dict[str, Verdict]:
    """The verdicts that the answer gives; one that names a pair twice and differently says nothing of it."""
    found: dict[int, set[Verdict]] = {}
    for one in said if isinstance(said, list) else ():
        number, verdict = (one.get("number"), one.get("verdict")) if isinstance(one, dict) else (None, None)
        number = int(number) if isinstance(number, str) and number.isdecimal() else number
        known = (
            _VERDICTS.get(" ".join(verdict.lower().replace("_", " ").split()))
            if isinstance(verdict, str)
            else None
        )
        if type(number) is int and 1 <= number <= len(claims) and known:
            found.setdefault(number, set()).add(known)
    return {pair_key(claims[number - 1]): next(iter(one)) for number, one in found.items() if len(one) == 1}


_VERDICTS: Mapping[str, Verdict] = {verdict: verdict for verdict in get_args(Verdict)}


def _has_claims(value: object) -> bool:
    return isinstance(value, Claim) or (isinstance(value, tuple) and isinstance(value[0], Claim))


def _judged(claims: Sequence[Claim], verdicts: Mapping[str, Verdict]) -> tuple[Claim, ...]:
    judged = [(claim, verdicts.get(pair_key(claim)) if claim.verified else None) for claim in claims]
    return tuple(
        replace(claim, verified=False, page=None) if verdict == "not said" else claim
        for claim, verdict in judged
        if verdict != "contradicted"
    )
