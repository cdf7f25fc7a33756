"""Writes the packages and modules, each with the first line of its docstring, in place of `<!-- tree -->`."""

import ast
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

MARKER = "<!-- tree -->"
PACKAGE = Path(__file__).parents[2] / "mkdocs_paperdigest"

# From the top floor to the bottom one: each imports only what stands below it.
TOWER = (
    "cli", "plugin", "pipeline", "markdown", "summaries", "pages", "archive", "sources", "documents", "storage",
    "options", "arxiv", "errors", "models", "reasons", "addresses", "text", "files", "network", "encoding",
)  # fmt: skip


def on_page_markdown(markdown: str, /, **_: object) -> str:
    """Fills in the tree where a page asks for it."""
    return markdown.replace(MARKER, "\n".join(tree(PACKAGE))) if MARKER in markdown else markdown


def tree(package: Path) -> Iterator[str]:
    """The Markdown of the tree, line by line: one heading for each package and loose module."""
    parts = {path.stem: path for path in _parts(package)}
    for name in sorted(parts, key=lambda name: (TOWER.index(name) if name in TOWER else 99, name)):
        path = parts[name]
        yield f"### {_name(path)} {{ #tree-{name} }}\n"
        yield f"{_about(path)}\n"
        yield from _below(path, depth=0)
        yield ""


def _below(path: Path, depth: int) -> Iterator[str]:
    for part in _parts(path) if path.is_dir() else ():
        yield f"{'    ' * depth}- `{_name(part)}`: {_about(part)}"
        yield from _below(part, depth + 1)


def _parts(folder: Path) -> list[Path]:
    """The packages and modules right below a folder, packages last."""
    found = (path for path in folder.iterdir() if path.suffix == ".py" or _is_package(path))
    return sorted(
        (path for path in found if not path.name.startswith("__")),
        key=lambda path: (path.is_dir(), path.name),
    )


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").is_file()


def _name(path: Path) -> str:
    return f"{path.name}/" if path.is_dir() else path.name


def _about(path: Path) -> str:
    """The first line of the docstring, as Markdown."""
    source = path / "__init__.py" if path.is_dir() else path
    docstring = ast.get_docstring(ast.parse(source.read_text("utf-8"))) or ""
    first = docstring.partition("\n\n")[0].replace("\n", " ")
    # Code keeps its characters; around it an angle bracket would begin an element.
    texts = re.split(r"(`[^`]*`)", first)
    return "".join(part if part.startswith("`") else escape(part, quote=False) for part in texts)
