"""What editors know of the options is what the plugin knows."""

import json
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft7Validator

from mkdocs_paperdigest.options.declaration import declared
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.plugin.config import DeclaredConfig, PaperDigestConfig, TopicConfig

SCHEMA = json.loads(resources.files("mkdocs_paperdigest").joinpath("schema.json").read_text("utf-8"))
KINDS = {"paperdigest": PaperDigestConfig, "topic": TopicConfig}
OPTIONS = [(kind, name) for kind, cls in KINDS.items() for name, _ in cls._schema if name != "topics"]
TOPIC = {"title": "Heads", "phrases": ["talking head"]}
VALUES: list[Any] = [
    True, False, -1, 0, 0.5, 1, 2.5, 10, 11, 64, 65, 100, 101, 2000, 2001, "week", "day", "sometimes", "all", "open",
    "info", "none", "20h", "30d", "1.5 W", "2024-10-01", "https://lab.example/a", "ftp://lab.example", "hep-th/9901001",
    ["cs.CV"], [], [["cs.CV"]], {}, {"a": 1}, 3, 4.5, 99, "debug", "warning", "month", "auto", "extractive",
    "Summary", "true", "3", "20", "h", "-3d", " 2 w ", "digests", "zh", "a@b.example",
    ["a", "b"], [True], [{}], [None],
]  # fmt: skip


def properties(kind: str) -> dict[str, dict[str, Any]]:
    return SCHEMA["definitions"][kind]["properties"]


def accepted_by_editor(kind: str, name: str, value: object) -> bool:
    return Draft7Validator(properties(kind)[name]).is_valid(value)


def accepted_by_plugin(kind: str, name: str, value: object) -> bool:
    options: DeclaredConfig = KINDS[kind]()
    options.load_dict({"topics": [TOPIC], name: value} if kind == "paperdigest" else {name: value})
    return not options.validate()[0]


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("kind", "group"), [("paperdigest", Options), ("topic", Topic)])
def test_it_has_every_option_with_its_meaning(kind: str, group: type) -> None:
    described = {name: entry["description"] for name, entry in properties(kind).items()}
    assert list(described) == [option.name for option in declared(group)]
    for option in declared(group):
        assert described[option.name].startswith(option.meaning)


@pytest.mark.parametrize(("kind", "name"), OPTIONS)
def test_it_has_the_defaults(kind: str, name: str) -> None:
    default = dict(KINDS[kind]._schema)[name].default
    assert properties(kind)[name].get("default") == (None if default in ("", ()) else default)


@pytest.mark.parametrize(("kind", "name"), OPTIONS)
def test_it_takes_what_the_plugin_takes(kind: str, name: str) -> None:
    """All of it for numbers, words and ages; of texts it need not know what they mean."""
    entry = properties(kind)[name]
    means_more = "string" in entry.get("type", ()) and "pattern" not in entry
    for value in VALUES:
        editor = accepted_by_editor(kind, name, value)
        plugin = accepted_by_plugin(kind, name, value)
        if type(value) in {int, float} and (means_more or entry.get("type") == "boolean"):
            continue  # `title: 2024` is taken as it is written, and 1 is True to Python
        assert editor == plugin or (means_more and editor), value


@pytest.mark.parametrize(
    ("plugins", "right"),
    [
        (["search", {"paperdigest": {"topics": [TOPIC]}}, {"tags": {}}], True),
        ({"search": {}, "paperdigest": {"topics": [TOPIC]}}, True),
        ([{"paperdigest": {"topics": [{"title": "Heads"}]}}], False),
        ([{"paperdigest": {"topics": [TOPIC], "perod": "day"}}], False),
        ({"paperdigest": {"topics": []}}, False),
    ],
)
def test_it_reads_a_whole_mkdocs_yml(plugins: object, right: bool) -> None:
    written = {"site_name": "Wiki", "theme": "material", "plugins": plugins}
    assert Draft7Validator(SCHEMA).is_valid(written) is right
