"""The files of words: what they may hold, and that a new language needs nothing else."""

import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from mkdocs_paperdigest.summaries.gate import words
from mkdocs_paperdigest.summaries.gate.words import Words, cjk_words, either, languages

GROUPS = [group.name for group in fields(Words)]
FILES = sorted(words.FOLDER.glob("*.yml"))
SUMMARIES = words.FOLDER.parents[1]


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_has_words_and_a_rule(group: str) -> None:
    assert any(getattr(languages()[code], group) for code in ("en", "zh"))
    modules = [path for path in SUMMARIES.rglob("*.py") if path.parent != words.FOLDER]
    assert any(re.search(rf"[.\"]{group}\b", path.read_text(encoding="utf-8")) for path in modules)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_holds_known_groups_of_text(file: Path) -> None:
    groups = yaml.safe_load(file.read_text(encoding="utf-8"))
    parts = groups.pop("parts", {})
    assert set(groups) <= set(GROUPS)
    assert all(
        sum(f"<{part}>" in pattern for pattern in [*groups["orders"], *groups["requests"]]) > 1
        for part in parts
    )
    for name, content in groups.items():
        # YAML takes a bare `no` or `null` for something else than a word.
        assert isinstance(content, str | dict) or all(isinstance(word, str) for word in content)
        for word in getattr(languages()[file.stem], name):
            text = word if isinstance(word, str) else word[0]
            assert text == "" or re.compile(text.replace("<surname>", "."))
            assert not any(f"<{part}>" in text for part in parts)


def test_a_group_that_no_rule_uses_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tlh.yml").write_text("refusal:\n  - jIQoS\n")
    done = judge("", tmp_path)
    assert done.returncode == 1
    assert "refusal" in done.stderr


def test_a_third_language_is_a_file(tmp_path: Path) -> None:
    shutil.copytree(words.FOLDER, tmp_path, dirs_exist_ok=True)
    text = "jIQoS. ghItlh vIlaDlaHbe', vIlaD vIneH."
    assert judge(text, tmp_path).stdout == "()\n"
    (tmp_path / "tlh.yml").write_text("refusals:\n  - \\bjIQoS\\b\n")
    assert "refusal" in judge(text, tmp_path).stdout


def judge(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the gate has against a text, with the word files of another folder."""
    code = f"""
from datetime import UTC, datetime
from pathlib import Path
from mkdocs_paperdigest.models import Claim, Paper
from mkdocs_paperdigest.models import Answer
from mkdocs_paperdigest.summaries.gate import words
from mkdocs_paperdigest.summaries.gate.judge import check

assert words.languages.cache_info().currsize == 0, "read before there was anything to judge"
words.FOLDER = Path({str(folder)!r})
day = datetime(2024, 3, 2, tzinfo=UTC)
paper = Paper("2403.01234", 1, "Origami", ("Mira Halvorsen",), "We fold shirts.", day, day)
print(check(Answer(results=Claim({text!r})), paper=paper, text=None, language="tlh").failed)
"""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )


def test_no_words_match_nothing() -> None:
    assert re.search(either(()), "any text") is None


def test_signs_of_chinese_and_japanese_begin_with_one_of_their_characters() -> None:
    # The pattern for all of them looks for such a character first.
    for pattern, _ in cjk_words().signs:
        outside = re.sub(r"\([^()]*\)|\[[^\]]*\]", "", pattern)
        assert not any(way[:1].isascii() and way for way in outside.split("|")), pattern
