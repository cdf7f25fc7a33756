"""Templates of the user: a mistake in one is an error with its place, and never lets markup through."""

import html
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from mkdocs_paperdigest.errors import ConfigurationError
from mkdocs_paperdigest.models import SiteFile
from mkdocs_paperdigest.pages.publish import build_pages
from tests.pages import papers


def build(folder: Path, templates: dict[str, str]) -> list[SiteFile]:
    mine = folder / "templates"
    mine.mkdir(exist_ok=True)
    for name, text in templates.items():
        (mine / name).write_text(text)
    options = papers.options(folder / "cache", templates_dir=mine)
    return build_pages((papers.talking_heads(folder / "cache"),), options, now=papers.NOW)


def text_of(files: list[SiteFile], name: str = "2024-w42.md") -> str:
    return next(file.path for file in files if file.uri.endswith(name)).read_text("utf-8")


def test_a_template_of_the_user_wins_over_ours(tmp_path: Path) -> None:
    files = build(tmp_path, {"entry.md.j2": "## {{ item.paper.title }}\n\nMine.\n\n"})
    assert text_of(files).count("Mine.") == 4
    assert "pd-meta" not in text_of(files)


def test_a_changed_template_changes_the_pages(tmp_path: Path) -> None:
    build(tmp_path, {"entry.md.j2": "first\n"})
    assert "second thoughts" in text_of(build(tmp_path, {"entry.md.j2": "second thoughts\n"}))


@pytest.mark.parametrize(
    "template",
    [
        "{{ item.paper.title }}",
        "{{ item.paper.title | upper }}",
        "{{ item.paper.title ~ '!' }}",
        "{{ item.paper.authors | join(', ') }}",
        '<p title="{{ item.paper.comment }}">{{ item.paper.comment }}</p>',
        "{{ item.entry.summary }}",
        "{% set x = item.paper.title %}{{ x }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(item.paper.title) }}",
        "{{ '%s' | format(item.paper.title) }}",
    ],
)
def test_a_template_that_forgets_its_filters_is_plain_not_dangerous(template: str, tmp_path: Path) -> None:
    body = text_of(build(tmp_path, {"entry.md.j2": template + "\n"})).split("---\n", 2)[2]
    for danger in ("<script", "<SCRIPT", "<img", "<IMG", "{{", "{%", "--8<--", "[x](", "[X](", "`code`"):
        assert danger not in body


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("line one\n{% if %}\n", "entry.md.j2, line 2"),
        ("a\nb\n{{ item.paper.titel }}\n", "entry.md.j2, line 3"),
        ("{{ nothing.at.all }}\n", "'nothing' is undefined"),
        ("\n{{ 1 / 0 }}\n", "entry.md.j2, line 2: ZeroDivisionError"),
        ('{% include "other.md.j2" %}\n', "other.md.j2"),
        ("{{ item.paper.title | shout }}\n", "shout"),
        ('\n{{ label("no.such") }}\n', "entry.md.j2, line 2: KeyError"),
    ],
)
def test_a_mistake_in_a_template_is_an_error_with_its_place(
    template: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as error:
        build(tmp_path, {"entry.md.j2": template})
    assert problem in str(error.value)
    assert "templates_dir" in str(error.value)


@pytest.mark.parametrize(
    ("template", "place"),
    [
        (b"\xff\xfe", "entry.md.j2, line 1: not in UTF-8"),
        (b"fine\n{# caf\xe9 #}\n", "entry.md.j2, line 2: not in UTF-8"),
    ],
)
def test_a_template_in_another_encoding_is_an_error_with_its_place(
    template: bytes, place: str, tmp_path: Path
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "entry.md.j2").write_bytes(template)
    with pytest.raises(ConfigurationError) as error:
        build(tmp_path, {"other.md.j2": "fine\n"})
    assert f"templates_dir {tmp_path / 'templates'}: {place}" in str(error.value)


def test_a_failed_build_leaves_the_last_pages_as_they_were(tmp_path: Path) -> None:
    before = text_of(build(tmp_path, {"entry.md.j2": "fine\n"}))
    with pytest.raises(ConfigurationError):
        build(tmp_path, {"entry.md.j2": "{{"})
    page = tmp_path / "cache" / "pages" / "digests" / "talking-head-generation" / "2024-w42.md"
    assert page.read_text("utf-8") == before
    assert not list(page.parent.glob(".new-*"))


def test_front_matter_is_ours_whatever_the_template(tmp_path: Path) -> None:
    text = text_of(build(tmp_path, {"period.md.j2": "{{ page.title }}\n"}))
    assert text.startswith('---\ntitle: "Talking head generation: Week 42, 14–20 October 2024"\n')
    assert "render_macros: false\n" in text


def test_texts_of_the_front_matter_are_quoted_and_its_day_is_a_day(tmp_path: Path) -> None:
    for file in build(tmp_path, {}):
        if file.path.suffix != ".md":
            continue
        head = file.path.read_text("utf-8").split("---\n")[1]
        meta = yaml.safe_load(head)
        assert isinstance(meta["date"], date)
        texts = re.findall(r"(?m)^(?:title: |description: |- )(.*)$", head)
        assert [yaml.safe_load(text) for text in texts] == [meta["title"], meta["description"], *meta["tags"]]
        assert all(text[0] == text[-1] == '"' for text in texts)


@pytest.mark.parametrize(
    "template",
    [
        '<p title="{{ words }}">x</p>',
        "<p title='{{ words }}'>x</p>",
        '<p title="{% if words %}by {{ words | upper }}{% endif %}">x</p>',
        '{% set credit %}{{ words }}{% endset %}<p title="{{ credit }}">x</p>',
        '{% macro m() %}{{ words }}{% endmacro %}<p title="{{ m() }}">x</p>',
        'x {: title="{{ words ~ "!" }}" }',
    ],
)
def test_no_template_can_put_marks_of_html_into_an_attribute(template: str, tmp_path: Path) -> None:
    words = "{% set words = '<img src=x>&lt;b&gt;' %}"
    body = text_of(build(tmp_path, {"entry.md.j2": f"{words}{template}\n"})).split("---\n", 2)[2]
    title = html.unescape(re.search("title=([\"'])(.*?)\\1", body)[2])
    assert title.casefold().removeprefix("by ").rstrip("!") == "＜img src=x＞＆lt;b＆gt;"


def test_what_follows_an_attribute_is_text_as_before(tmp_path: Path) -> None:
    template = """<p title="{{ 'a' }}" lang='{{ "b" }}'>{{ words }}</p>\n"""
    body = text_of(build(tmp_path, {"entry.md.j2": "{% set words = '1 < 2' %}" + template}))
    assert """<p title="a" lang='b'>1 &#60; 2</p>""" in body
