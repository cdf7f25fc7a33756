"""Every command of README and docs is one that the command line takes as it is written."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click
import mkdocs.__main__
import pytest
import yaml
from click.testing import CliRunner

from tests.docs.blocks import PAGES, ROOT, blocks

(SCRIPT,) = entry_points(group="console_scripts", name="paperdigest")
PROGRAMS: dict[str, click.Group] = {"mkdocs": mkdocs.__main__.cli, "paperdigest": SCRIPT.load()}


def scripts() -> Iterator[tuple[str, str]]:
    """Everything that a shell runs, by its place: also the steps of the CI recipes, and commands in prose."""
    for page in PAGES:
        for command in re.findall(
            r"`((?:\.venv/bin/)?(?:mkdocs|paperdigest) [^`]+)`", page.read_text("utf-8")
        ):
            yield page.name, command
    for block in blocks("sh"):
        yield block.place, block.text
    for block in blocks("yaml"):
        yield from ((block.place, script) for script in _steps(yaml.safe_load(block.text)))


def _steps(item: Any, key: str = "") -> Iterator[str]:
    if isinstance(item, dict):
        for name, value in item.items():
            yield from _steps(value, name)
    elif isinstance(item, list):
        for value in item:
            yield from _steps(value, key)
    elif key in ("run", "script"):
        yield item


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each simple command as words, by its place."""
    for place, script in scripts():
        for line in script.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            words: list[str] = []
            for word in [*lexer, ";"]:
                if not re.fullmatch(r"[();<>|&]+", word):
                    words.append(word)
                elif words:
                    yield place, words
                    words = []


def name(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)


COMMANDS = [(place, [words[0].removeprefix(".venv/bin/"), *words[1:]]) for place, words in commands()]
OURS = [(place, words) for place, words in COMMANDS if words[0] in PROGRAMS]
INSTALLED = [(place, words) for place, words in COMMANDS if words[:2] == ["pip", "install"]]


@pytest.mark.parametrize(("place", "words"), OURS, ids=name)
def test_a_command_is_parsed(
    place: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = PROGRAMS[words[0]]
    monkeypatch.chdir(tmp_path)
    for word in words:
        if word.endswith((".yml", ".pdf", ".json", ".jsonl")):
            Path(word).parent.mkdir(parents=True, exist_ok=True)
            Path(word).touch()
    for command in below(program):
        monkeypatch.setattr(command, "callback", lambda **_: None)
    done = CliRunner().invoke(program, words[1:])
    assert done.exit_code == 0, f"{place}: {done.output}"


def below(command: click.Command) -> Iterator[click.Command]:
    yield command
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        yield from below(one)


def test_every_command_of_ours_has_an_example() -> None:
    shown = {words[1] for _, words in OURS if words[0] == "paperdigest"}
    assert shown == set(PROGRAMS["paperdigest"].commands)


@pytest.mark.parametrize(("place", "words"), INSTALLED, ids=name)
def test_only_extras_that_exist_are_installed(place: str, words: list[str]) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    named = re.findall(r"(?:mkdocs-paperdigest|\.)\[([\w-]+)\]", " ".join(words))
    assert named or "mkdocs-paperdigest" in words
    assert set(named) <= extras.keys(), place
