"""The prompt for a model, from Jinja templates that users may replace."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import Claim, FullText, Omission, Paper
from mkdocs_paperdigest.options.options import Topic
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.answer.fields import FIELDS, schema
from mkdocs_paperdigest.summaries.llm.calls import Prompt
from mkdocs_paperdigest.summaries.prompts.excerpt import excerpt

if TYPE_CHECKING:
    from jinja2 import Environment

    from mkdocs_paperdigest.summaries.overview.sources import Source

MAX_OVERVIEW_TOKENS = 4_096
"""Room for five sentences in any language, and for a little thinking."""
MAX_CHECK_TOKENS = 4_096
"""Room for a verdict on each statement of a paper, and for a little thinking."""
MAX_OUTPUT_TOKENS = 8_192
"""Room for an answer with all fields in any language, and for a little thinking."""


def build_prompt(
    paper: Paper,
    text: FullText | None,
    topic: Topic,
    names: Collection[str],
    *,
    language: str,
    templates_dir: Path | None = None,
    text_budget: int,
    complaints: Sequence[Omission] = (),
) -> Prompt:
    """The prompt that asks for the fields `names`; the same arguments give the same bytes.

    Arguments:
        paper: The paper; title, abstract and categories are sent, since arXiv knows the rest better.
        text: Its text, or None if only the abstract is known.
        topic: What `relevance` is judged against.
        names: Fields to ask for.
        language: BCP 47 code of the answer's language.
        templates_dir: The user's templates; `prompts/system.jinja` and `prompts/paper.jinja` replace ours.
            They can use `language`, `fields`, `topic`, `paper`, `text`, `complaints`, and the filter `data`,
            through which all text that is not ours has to pass.
        text_budget: Most characters of the text to send.
        complaints: What was wrong with these fields in an earlier answer.

    Raises:
        ConfigurationError: A template of the user cannot be rendered.
    """
    sent = excerpt(text, text_budget) if text else ""
    words = {
        "complaints": _grouped(complaints),
        "fields": names,
        "language": language_name(language),
        "paper": paper,
        "text": sent,
        "topic": topic,
    }
    system, user = _rendered(templates_dir, ("system.jinja", "paper.jinja"), words)
    return Prompt(
        system=system,
        user=user,
        schema=schema(names),
        instructions="\n".join((system, *(field.about for field in FIELDS if field.name in names))),
        max_output_tokens=MAX_OUTPUT_TOKENS,
        paper=paper.key,
        characters=len(sent),
    )


def build_check_prompt(
    paper: Paper, claims: Sequence[Claim], schema: Mapping[str, Any], *, templates_dir: Path | None = None
) -> Prompt:
    """The prompt that asks whether quotations support statements; the same arguments give the same bytes.

    Arguments:
        paper: Which paper they are about; it is not sent.
        claims: Statements with their quotations.
        schema: JSON schema of the answer.
        templates_dir: The user's templates; `prompts/check_system.jinja` and `prompts/check.jinja` replace
            ours. They can use `claims` and the filter `data`.

    Raises:
        ConfigurationError: A template of the user cannot be rendered.
    """
    system, user = _rendered(templates_dir, ("check_system.jinja", "check.jinja"), {"claims": claims})
    return Prompt(system, user, schema, system, MAX_CHECK_TOKENS, paper.key)


def build_overview_prompt(
    name: str,
    papers: Sequence["Source"],
    schema: Mapping[str, Any],
    *,
    language: str,
    templates_dir: Path | None = None,
) -> Prompt:
    """The prompt that asks for the overview of a page; the same arguments give the same bytes.

    Arguments:
        name: Identifies the page; it is not sent.
        papers: What the page says of each paper.
        schema: JSON schema of the answer.
        language: BCP 47 code of the answer's language.
        templates_dir: The user's templates; `prompts/overview_system.jinja` and `prompts/overview.jinja` replace
            ours. They can use `language`, `papers` and the filter `data`.

    Raises:
        ConfigurationError: A template of the user cannot be rendered.
    """
    words = {"language": language_name(language), "papers": papers}
    system, user = _rendered(templates_dir, ("overview_system.jinja", "overview.jinja"), words)
    return Prompt(system, user, schema, system, MAX_OVERVIEW_TOKENS, name)


def language_name(code: str) -> str:
    """English name of a language, `Chinese (Simplified)` for `zh`; the code itself if it is unknown."""
    from babel import Locale, UnknownLocaleError

    tag = _SCRIPTS.get(code.replace("_", "-").lower(), code)
    try:
        return Locale.parse(tag.replace("-", "_")).english_name or code
    except (UnknownLocaleError, ValueError):
        return code


_SCRIPTS = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant"}
_COMPLAINTS: Mapping[ReasonCode, str] = {
    ReasonCode.MISSING: "it was missing.",
    ReasonCode.SHAPE: "it was too short, too long or not of the schema's type.",
    ReasonCode.BAD_JSON: "the answer was not valid JSON; escape every backslash and every quotation mark.",
    ReasonCode.BAD_SHAPE: "the answer did not follow the schema.",
    ReasonCode.TRUNCATED: "it was cut off; be briefer.",
    ReasonCode.MALFORMED: "the answer was malformed.",
    ReasonCode.RECITATION: "the answer repeated published text at length; use your own words, quotes of at most ten words.",
    ReasonCode.LANGUAGE: "it was in the wrong language.",
    ReasonCode.CHATTER: "it spoke to the reader or about the task.",
    ReasonCode.DEGENERATE: "it repeated itself or ran on.",
    ReasonCode.ECHO: "it repeated the instructions.",
    ReasonCode.LEAK: "it contained text that is not about the paper.",
    ReasonCode.METADATA: "it had an address or contact, or a name, number or identifier that is not the paper's.",
    ReasonCode.NUMBERS: "it had numbers that the paper does not have.",
    ReasonCode.PLACEHOLDER: "a part of it was left to be filled in.",
    ReasonCode.REFUSAL: "it refused to answer; answer null if the paper does not say.",
    ReasonCode.UNGROUNDED: "it did not speak of this paper.",
    ReasonCode.UNVERIFIED: "a quote was not found in the paper; copy a passage exactly, or leave the quote empty.",
}


def _grouped(complaints: Sequence[Omission]) -> list[tuple[list[str], str]]:
    """Fields with the same fault, and what was wrong with them in words."""
    fields: dict[ReasonCode, list[str]] = {}
    for omission in complaints:
        fields.setdefault(omission.reason, []).append(omission.field)
    unknown = "the answer was not usable."
    return [(names, _COMPLAINTS.get(reason, unknown)) for reason, names in fields.items()]


def _environment(templates_dir: Path | None) -> "Environment":
    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

    ours = PackageLoader("mkdocs_paperdigest.summaries.prompts", "templates")
    theirs = [FileSystemLoader(templates_dir / "prompts")] if templates_dir else []
    environment = Environment(  # noqa: S701  # plain text, not HTML
        loader=ChoiceLoader([*theirs, ours]), undefined=StrictUndefined, keep_trailing_newline=False
    )
    environment.filters["data"] = _as_data
    return environment


def _rendered(templates_dir: Path | None, names: Sequence[str], words: Mapping[str, object]) -> Iterator[str]:
    from jinja2 import TemplateError, TemplateSyntaxError

    environment = _environment(templates_dir)
    for name in names:
        try:
            yield environment.get_template(name).render(words)
        except TemplateError as error:
            where = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
            raise ConfigurationError(f"template prompts/{name}{where}: {error}") from error
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"template prompts/{name}: not in UTF-8; save it in UTF-8") from error


def _as_data(text: str) -> str:
    """Text that can neither close the fence around it nor open a turn of a chat template."""
    return _FENCE.sub("‹", text)


_FENCE = re.compile(r"<(?=\s*/?\s*paper\b|\||/?(?:start|end)_of_turn|/?think)", re.IGNORECASE)
