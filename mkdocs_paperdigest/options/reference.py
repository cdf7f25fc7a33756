"""What is made from the declared options: the JSON schema for editors, and the tables of the reference."""

import json
import re
from typing import Any

from mkdocs_paperdigest.options.declaration import Option, declared
from mkdocs_paperdigest.options.options import SOURCES, Options, Topic

_TABLES = {"topic": Topic, "site": Options}
"""By the name in `<!-- options: NAME -->`, the comment before a table; `<!-- /options -->` follows it."""


def schema() -> str:
    """The JSON schema of a mkdocs.yml that has the plugin."""
    topics = _group(Topic, "One item of `topics`.")
    topics["anyOf"] = [{"required": [name]} for name in SOURCES]
    options = _group(
        Options, "Digest pages: the new papers of a field, with checked summaries and their figures."
    )
    options["properties"]["topics"]["items"] = {"$ref": "#/definitions/topic"}
    plugin = {"paperdigest": {"$ref": "#/definitions/paperdigest"}}
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "mkdocs.yml with paperdigest",
        "type": "object",
        # MkDocs takes a list of plugins, or a mapping.
        "properties": {"plugins": {"items": {"properties": plugin}, "properties": plugin}},
        "definitions": {"paperdigest": options, "topic": topics},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def with_tables(page: str) -> str:
    """The text of a page with all tables between its comments made again."""
    return re.sub(
        r"(<!-- options: (\w+) -->\n).*?(?=<!-- /options -->)",
        lambda match: match[1] + _table(_TABLES[match[2]]),
        page,
        flags=re.DOTALL,
    )


def _group(group: type, description: str) -> dict[str, Any]:
    options = declared(group)
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "required": [option.name for option in options if option.is_required],
        "properties": {option.name: _property(option) for option in options},
    }


def _property(option: Option) -> dict[str, Any]:
    stated = {"description": option.meaning, **option.check.schema}
    if option.default_text and not option.is_required:
        stated["description"] += f" Default: {option.default_text}."
    if option.default not in _NOT_GIVEN:
        stated["default"] = option.default
    return stated


def _table(group: type) -> str:
    rows = ["| option | default | meaning |", "| --- | --- | --- |"]
    for option in declared(group):
        fixed = "none" if option.default in _NOT_GIVEN else f"`{_yaml(option.default)}`"
        rows.append(f"| `{option.name}` | {option.default_text or fixed} | {option.meaning} |")
    return "".join(f"{row}\n" for row in rows)


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_NOT_GIVEN: tuple[object, ...] = (None, "", ())
