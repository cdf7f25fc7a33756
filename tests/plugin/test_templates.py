"""The theme's templates are compiled once in `serve`, and again as soon as anything about them changes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_paperdigest.plugin.templates import Templates
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import write_site
from tests.plugin.conftest import TOPIC

TEXTS = {
    "base.html": "<h1>{% block title %}{% endblock %}</h1>",
    "main.html": "{% extends 'base.html' %}{% block title %}{{ 'Lab'|loud }} {% trans %}of{% endtrans %} {{ name }}{% endblock %}",
}


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the templates that were compiled since."""
    names: list[str] = []
    compile_one = jinja2.Environment.compile

    def noting(self: jinja2.Environment, source: Any, name: Any = None, *rest: Any, **more: Any) -> Any:
        names.append(name)
        return compile_one(self, source, name, *rest, **more)

    monkeypatch.setattr(jinja2.Environment, "compile", noting)
    return names


def loud(text: str) -> str:
    return text.upper()


def quiet(text: str) -> str:
    return text.lower()


def rendered(
    templates: Templates,
    texts: dict[str, str] = TEXTS,
    filter_: Callable[[str], str] = loud,
    translated: str = "of",
    **settings: Any,
) -> str:
    """What a new environment makes of the texts, as in a rebuild."""
    environment = jinja2.Environment(loader=jinja2.DictLoader(texts), **settings)
    environment.filters["loud"] = filter_
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda _: translated, lambda *_: translated, newstyle=True
    )
    environment.bytecode_cache = templates
    return environment.get_template("main.html").render(name="<Ada>")


def test_what_stays_the_same_is_not_compiled_again(compiled: list[str]) -> None:
    templates = Templates()
    assert rendered(templates) == "<h1>LAB of <Ada></h1>"
    assert sorted(compiled) == ["base.html", "main.html"]
    assert rendered(templates, translated="von") == "<h1>LAB von <Ada></h1>"
    assert len(compiled) == 2


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"texts": TEXTS | {"base.html": "<b>{% block title %}{% endblock %}</b>"}}, "<b>LAB of <Ada></b>"),
        ({"filter_": quiet}, "<h1>lab of <Ada></h1>"),
        ({"filter_": lambda _: "LABS"}, "<h1>LABS of <Ada></h1>"),
        ({"autoescape": True}, "<h1>LAB of &lt;Ada&gt;</h1>"),
    ],
)
def test_a_change_of_text_filters_or_settings_counts(change: dict[str, Any], shown: str) -> None:
    templates = Templates()
    before = rendered(templates)
    assert rendered(templates, **change) == shown
    assert rendered(templates) == before


def test_a_rebuild_compiles_only_what_was_edited(
    known: Path, lasting_arxiv: FakeArxiv, tmp_path: Path, compiled: list[str]
) -> None:
    shutil.copytree(known, tmp_path / ".cache")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/main.html").write_text("{% extends 'base.html' %}")
    theme = {"name": "mkdocs", "custom_dir": "theme"}
    write_site(tmp_path, {"topics": [TOPIC], "offline": True, "arxiv_url": lasting_arxiv.url}, theme=theme)
    dict(MkDocsConfig._schema)["plugins"].plugin_cache.clear()

    def built(*, first: bool = False) -> str:
        config = load_config(str(tmp_path / "mkdocs.yml"))
        if first:
            config.plugins.on_startup(command="serve", dirty=False)
        compiled.clear()
        mkdocs_build(config)
        return (tmp_path / "site/digests/index.html").read_text("utf-8")

    before = built(first=True)
    assert {"main.html", "base.html"} <= set(compiled)
    assert built() == before
    assert "base.html" not in compiled
    (tmp_path / "theme/main.html").write_text(
        "{% extends 'base.html' %}{% block htmltitle %}edited{% endblock %}"
    )
    assert "edited" in built()
    assert "main.html" in compiled
    assert "base.html" not in compiled
