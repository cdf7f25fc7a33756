"""What a fence asks for: the YAML between ```` ```paperdigest ```` and its end."""

import difflib
from dataclasses import dataclass
from typing import Literal

import yaml

Style = Literal["cards", "list"]
NEWEST = 5
"""How many papers a fence without a choice shows."""
_KEYS = ("latest", "ids", "topic", "style")


class FenceError(Exception):
    """A mistake in a fence: fault and cure, and the line of the fence's text that has it, from 0."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.line = line


@dataclass(frozen=True, slots=True)
class Wanted:
    """The papers that a fence asks for, and how they are shown."""

    latest: int | None = None
    """The most papers, the newest first; None for all that are asked for."""
    ids: tuple[str, ...] = ()
    topic: str | None = None
    """Slug of a topic."""
    style: Style = "cards"
    lines: tuple[int, ...] = ()
    """For each of `ids`, its line in the fence's text, from 0; for a topic, its line alone."""


def read_fence(text: str) -> Wanted:
    """Reads a fence's text; without a choice of papers it asks for the newest 5.

    Raises:
        FenceError: It is not YAML, has unknown keys or values, or asks for two things at once.
    """
    try:
        # Nodes in place of values: YAML reads the id 2410.10000 as the number 2410.1.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it has characters that YAML forbids"
        raise FenceError(
            f"this is not YAML ({problem}); write `latest: 5`", mark.line if mark else 0
        ) from error
    except RecursionError as error:
        raise FenceError("this is nested too deeply; write `latest: 5`") from error
    if node is None:
        return Wanted(latest=NEWEST)
    if not isinstance(node, yaml.MappingNode):
        raise FenceError("this is not a mapping; write `latest: 5`", node.start_mark.line)
    given = _given(node)
    ids = _ids(given["ids"]) if "ids" in given else []
    topic = _text(given["topic"], "topic", "the `slug` of a topic") if "topic" in given else None
    latest = _count(given["latest"]) if "latest" in given else None
    style = _style(given["style"]) if "style" in given else "cards"
    if ids and (topic or latest):
        other = "topic" if topic else "latest"
        raise FenceError(
            f"`ids` and `{other}` exclude each other; leave one out", given[other].start_mark.line
        )
    if not ids and not topic and latest is None:
        latest = NEWEST
    lines = tuple(line for _, line in ids) or ((given["topic"].start_mark.line,) if topic else ())
    return Wanted(latest, tuple(id_ for id_, _ in ids), topic, style, lines)


def _given(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    given: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name, line = key.value if isinstance(key, yaml.ScalarNode) else None, key.start_mark.line
        if name not in _KEYS:
            near = difflib.get_close_matches(str(name), _KEYS, 1)
            cure = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(_KEYS)}"
            raise FenceError(f"unknown key `{name or '...'}`; {cure}", line)
        if name in given:
            raise FenceError(f"`{name}` stands here twice; leave one out", line)
        given[name] = value
    return given


def _ids(node: yaml.Node) -> list[tuple[str, int]]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    ids = [
        (_text(item, "ids", "ids of papers, such as [2410.13726]"), item.start_mark.line) for item in items
    ]
    if not ids:
        raise FenceError("`ids` is empty; write ids of papers, such as [2410.13726]", node.start_mark.line)
    return ids


def _text(node: yaml.Node, key: str, what: str) -> str:
    text = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
    if not text:
        raise FenceError(f"`{key}` needs {what}", node.start_mark.line)
    return text


def _count(node: yaml.Node) -> int:
    text = _text(node, "latest", "a number of papers, such as `latest: 5`")
    # More digits are no number of papers, and Python refuses to read 5,000 of them.
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text)):
        raise FenceError(
            f"`latest: {text}` is not a number of papers; write `latest: 5`", node.start_mark.line
        )
    return int(text)


def _style(node: yaml.Node) -> Style:
    text = _text(node, "style", "`cards` or `list`")
    if text not in ("cards", "list"):
        raise FenceError(f"`style: {text}` is unknown; write `cards` or `list`", node.start_mark.line)
    return "cards" if text == "cards" else "list"
