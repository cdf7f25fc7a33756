"""`paperdigest export`: the pages for generators that do not know this plugin."""

import os
import shlex
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_paperdigest.cli.options import as_json, config_file, load_site
from mkdocs_paperdigest.cli.output import UNDONE, end, plain_errors, print_json
from mkdocs_paperdigest.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs_paperdigest.options.options import Options
    from mkdocs_paperdigest.pages.export.export import Difference
    from mkdocs_paperdigest.pages.plan.contents import SiteAddress
    from mkdocs_paperdigest.pipeline.site import Site


@click.command(short_help="Write the digest pages as plain files, for other generators.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@config_file
@click.option("--offline", is_flag=True, help="Use what the cache or the archive has; make no requests.")
@click.option(
    "--plain",
    is_flag=True,
    help="CommonMark and HTML, without Python-Markdown's extensions. The generator has to let raw HTML "
    "through and resolve links to .md files.",
)
@click.option(
    "--clean",
    is_flag=True,
    help="First delete everything that earlier exports wrote into FOLDER, and no other file.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; end with exit code 1 unless FOLDER holds just what an export would write.",
)
@click.option(
    "--then",
    "command",
    metavar="COMMAND",
    help="After a good export run COMMAND, such as 'zensical build', and end with its exit code.",
)
@as_json
def export(
    folder: Path,
    config_file: Path,
    offline: bool,
    plain: bool,
    clean: bool,
    check: bool,
    command: str | None,
    as_json: bool,
) -> None:
    """Write the digest pages and their images into FOLDER as plain files.

    They are what a build would show, as Markdown with front matter, for generators that do not know
    this plugin, such as Zensical: export into its `docs` folder before each build. Files that are
    already there and were not written by an export are left alone. A later export rewrites what has
    changed and deletes what is gone. Where nothing can be shown, because no source could be asked,
    an earlier export stays as it is.

    Prints the navigation, style sheet, script and, but for --plain, Markdown extensions that the pages
    need, to be merged into the other generator's mkdocs.yml; not with --check or --then.
    """
    from mkdocs_paperdigest.pages.export.export import MANIFEST, compare
    from mkdocs_paperdigest.plugin.feeds import address_of

    if check and clean:
        end("--check writes nothing, and --clean deletes; give one of them")
    arguments = _arguments(command)
    options, config = load_site(config_file)
    if offline:
        options = replace(options, offline=True)
    with plain_errors():
        site = _site(options, address_of(config, options))
        nothing = not site.report.shown and any(digest.topic.trouble for digest in site.report.digests)
        if check:
            difference = compare(site.files, folder, plain=plain)
            _show(difference, folder, as_json=as_json)
            undone = nothing or not difference.current
        elif nothing and (folder / MANIFEST).exists():
            end(
                f"{folder}: there is nothing to show; the earlier export stays. `paperdigest status` says why",
                UNDONE,
            )
        else:
            _write(site, folder, options, plain=plain, clean=clean, as_json=as_json, routine=bool(arguments))
            undone = nothing
    if undone or not arguments:
        sys.exit(UNDONE if undone else 0)
    sys.exit(_run(arguments, to_stderr=as_json))


def _site(options: "Options", address: "SiteAddress | None") -> "Site":
    from mkdocs_paperdigest.pipeline.run import open_run
    from mkdocs_paperdigest.pipeline.site import build_site

    with open_run(options, now=datetime.now(UTC), environ=os.environ) as run:
        return build_site(run, address)


def _write(
    site: "Site", folder: Path, options: "Options", *, plain: bool, clean: bool, as_json: bool, routine: bool
) -> None:
    from mkdocs_paperdigest.pages.export.export import export as export_files
    from mkdocs_paperdigest.pages.export.export import snippet

    done = export_files(site.files, folder, plain=plain, clean=clean)
    if as_json:
        print_json({**asdict(done), "snippet": snippet(options, plain=plain)})
        return
    _name(done.kept, "not written by paperdigest; left as it is")
    click.echo(
        f"{folder}: {done.written} files written, {done.unchanged} unchanged, {done.deleted} deleted",
        err=True,
    )
    if not routine:
        click.echo(snippet(options, plain=plain), nl=False)


def _show(difference: "Difference", folder: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"current": difference.current, **asdict(difference)})
        return
    _name(difference.missing, "missing")
    _name(difference.outdated, "not as it would be exported")
    _name(difference.gone, "no longer belongs here")
    _name(difference.kept, "not written by paperdigest; left out of account")
    state = "is current" if difference.current else "is not current; run `paperdigest export` again"
    click.echo(f"{folder}: the export {state}", err=True)


def _name(uris: "Iterable[str]", what: str) -> None:
    for uri in uris:
        click.echo(f"{printable(uri)}: {what}", err=True)


def _arguments(command: str | None) -> list[str]:
    """The words of a command, as a shell would divide them."""
    try:
        arguments = shlex.split(command or "", posix=os.name != "nt")
    except ValueError as error:
        end(f"--then {command!r}: {str(error).lower()}")
    if command is not None and not arguments:
        end("--then: there is no command; write for example --then 'zensical build'")
    return arguments


def _run(arguments: list[str], *, to_stderr: bool) -> int:
    """Runs a command and returns its exit code, as a shell counts it."""
    sys.stdout.flush()
    try:
        code = subprocess.run(  # noqa: S603 - the user asked for it
            arguments, stdout=sys.stderr if to_stderr else None, check=False
        ).returncode
    except OSError as error:
        end(f"--then: {arguments[0]}: {error.strerror or error}")
    return code if code >= 0 else 128 - code
