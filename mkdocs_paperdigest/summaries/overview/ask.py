"""Asks a model for the overview of one page: one call, from the statements of the page alone."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mkdocs_paperdigest.models import Overview, OverviewSentence, Paper, Usage
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.summaries.answer.decode import decode
from mkdocs_paperdigest.summaries.answer.normalise import repaired
from mkdocs_paperdigest.summaries.llm.calls import LanguageModel
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome
from mkdocs_paperdigest.summaries.overview import MOST_PAPERS, OVERVIEW_JUDGED
from mkdocs_paperdigest.summaries.overview.check import supported
from mkdocs_paperdigest.summaries.overview.sources import Source
from mkdocs_paperdigest.summaries.prompts.prompts import build_overview_prompt
from mkdocs_paperdigest.text import without_controls

_MOST_GIVEN = 20
"""Sentences of an answer that are read."""


def write_overview(
    name: str,
    sources: Sequence[Source],
    options: Options,
    model: LanguageModel,
    *,
    paper: Paper,
    now: datetime,
    attempts: int = 0,
) -> tuple[Overview, Usage]:
    """What the model writes of a page, and what it cost.

    Arguments:
        name: Identifies the page; batches keep it.
        sources: All papers of the page, in its order.
        options: Language, model and templates.
        model: Is asked once.
        paper: Any of the page.
        now: The time, in UTC.
        attempts: How often a model was asked before.

    Raises:
        ConfigurationError: A template of the user cannot be rendered.
        ModelCallError: There is no answer, or not yet.
    """
    prompted = [source for source in sources if source.statements][:MOST_PAPERS]
    prompt = build_overview_prompt(
        name, prompted, SCHEMA, language=options.language, templates_dir=options.templates_dir
    )
    reply = model.ask(prompt)
    decoded = decode(reply.text, ("sentences",))
    given = tuple(_read(decoded.fields.get("sentences"), [source.id for source in prompted]))
    if not given:
        trouble = Outcome.TRUNCATED if reply.truncated else decoded.trouble or Outcome.BAD_SHAPE
        raise ModelCallError(trouble, "no sentences", usage=reply.usage)
    made = Overview(
        model.name,
        options.language,
        now,
        given=given,
        instructions=prompt.instructions,
        attempts=attempts + 1,
    )
    return judged(made, sources, paper), reply.usage


def judged(overview: Overview, sources: Sequence[Source], paper: Paper) -> Overview:
    """The overview with those of its sentences that may be shown, as this version judges them."""
    kept = supported(
        overview.given,
        {source.id: source for source in sources},
        language=overview.language,
        paper=paper,
        instructions=overview.instructions,
    )
    return replace(overview, sentences=kept, judged=OVERVIEW_JUDGED)


def _read(said: object, ids: Sequence[str]) -> Iterator[OverviewSentence]:
    """The sentences of an answer; ids with a version or a prefix are those of the page."""
    for one in said[:_MOST_GIVEN] if isinstance(said, list) else ():
        text, papers = (one.get("text"), one.get("papers")) if isinstance(one, dict) else (None, None)
        papers = [papers] if isinstance(papers, str) else papers
        if isinstance(text, str) and isinstance(papers, list):
            named = (_id(name, ids) for name in papers if isinstance(name, str))
            shown = repaired(without_controls(text)).strip()
            yield OverviewSentence(shown, tuple(dict.fromkeys(named)))


def _id(name: str, ids: Sequence[str]) -> str:
    bare = re.sub(r"^arxiv:\s*", "", name.strip(), flags=re.IGNORECASE)
    if bare in ids:
        return bare
    unversioned = re.sub(r"v\d+$", "", bare)
    return unversioned if unversioned in ids else name


SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "description": "Three to five sentences.",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "One sentence."},
                    "papers": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "Identifiers of all papers that it is about.",
                    },
                },
                "required": ["text", "papers"],
            },
        }
    },
    "required": ["sentences"],
}
