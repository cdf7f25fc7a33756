"""Writes the reference of the command line from click's own help in place of `<!-- commands -->`."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from inspect import cleandoc

import click

MARKER = "<!-- commands -->"


def on_page_markdown(markdown: str, /, **_: object) -> str:
    """Fills in the reference where a page asks for it."""
    if MARKER not in markdown:
        return markdown
    (script,) = entry_points(group="console_scripts", name="paperdigest")
    return markdown.replace(MARKER, "\n".join(reference(script.load(), "paperdigest")))


def reference(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[str]:
    """The Markdown of a command and of all commands below it, line by line."""
    context = command.context_class(command, info_name=name, parent=parent, **command.context_settings)
    path = context.command_path
    yield f"## {path} {{ #{path.replace(' ', '-')} data-toc-label='{name}' }}\n"
    yield f"{_text(command.help)}\n"
    usage = " ".join((path, *command.collect_usage_pieces(context)))
    yield f"```text\n{usage}\n```\n"
    yield "| option | meaning |\n| --- | --- |"
    for option in command.get_params(context):
        if record := option.get_help_record(context):
            names, meaning = record
            yield f"| `{names}` | {meaning.replace('|', '&#124;')} |"
    yield ""
    if command.epilog and parent is None:
        yield f"```text\n{_text(command.epilog)}\n```\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            if (found := command.get_command(context, below)) and not found.hidden:
                yield from reference(found, below, context)


def _text(written: str | None) -> str:
    # A line of \b alone keeps click from wrapping a paragraph.
    return cleandoc(written or "").replace("\b\n", "").strip()
