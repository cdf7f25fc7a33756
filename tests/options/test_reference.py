"""The schema and the tables of the reference are made from the declared options."""

import subprocess
import sys
from pathlib import Path

import pytest

from mkdocs_paperdigest.options.declaration import Option, declared
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.options.reference import schema, with_tables

ROOT = Path(__file__).parents[2]
OPTIONS = [*declared(Topic), *declared(Options)]
MADE_BY = "run `python -m mkdocs_paperdigest.options`"


def test_the_committed_schema_is_up_to_date() -> None:
    assert (ROOT / "mkdocs_paperdigest/schema.json").read_text("utf-8") == schema(), MADE_BY


def test_the_committed_tables_are_up_to_date() -> None:
    page = (ROOT / "docs/options.md").read_text("utf-8")
    assert with_tables(page) == page, MADE_BY
    assert [f"\n| `{option.name}` | " in page for option in OPTIONS] == [True] * len(OPTIONS)


def test_only_what_stands_between_the_comments_is_made_again() -> None:
    page = "a\n<!-- options: topic -->\nobsolete\n<!-- /options -->\nb <!-- /options -->\n"
    before, _, rest = with_tables(page).partition("| option | default | meaning |\n")
    table, _, after = rest.partition("<!-- /options -->")
    assert (before, after) == ("a\n<!-- options: topic -->\n", "\nb <!-- /options -->\n")
    assert "\n| `title` | required | What the topic is called on its pages. |\n" in table
    assert "obsolete" not in table


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_meaning_is_plain_text_for_one_cell(option: Option) -> None:
    assert option.meaning.endswith(".")
    assert not set("|\n") & set(option.meaning)
    assert all(f"`{word}`" in option.meaning for word in option.check.schema.get("enum", []))


def test_the_options_need_neither_mkdocs_nor_babel() -> None:
    code = "import sys, mkdocs_paperdigest.options.reference as _; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"mkdocs", "babel"} & set(done.stdout.split())
