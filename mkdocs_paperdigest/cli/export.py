"""`paperdigest export`: the pages for generators that do not know this plugin."""

import os
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from mkdocs_paperdigest.cli.options import as_json, config_file, load_site
from mkdocs_paperdigest.cli.output import UNDONE, plain_errors, print_json
from mkdocs_paperdigest.text import printable


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
@as_json
def export(folder: Path, config_file: Path, offline: bool, plain: bool, as_json: bool) -> None:
    """Write the digest pages and their images into FOLDER as plain files.

    They are what a build would show, as Markdown with front matter, for generators that do not know
    this plugin, such as Zensical: export into its `docs` folder before each build. Files that are
    already there and were not written by an export are left alone. A later export rewrites what has
    changed and deletes what is gone.

    Prints the navigation, style sheet, script and, but for --plain, Markdown extensions that the pages
    need, to be copied into the other generator's mkdocs.yml; the same stands in `nav.yml` beside the
    pages.
    """
    from mkdocs_paperdigest.pages.export.export import export as export_files
    from mkdocs_paperdigest.pages.export.export import snippet
    from mkdocs_paperdigest.pipeline.run import open_run
    from mkdocs_paperdigest.pipeline.site import build_site
    from mkdocs_paperdigest.plugin.feeds import address_of

    options, config = load_site(config_file)
    if offline:
        options = replace(options, offline=True)
    with plain_errors():
        with open_run(options, now=datetime.now(UTC), environ=os.environ) as run:
            site = build_site(run, address_of(config, options))
        done = export_files(site.files, folder, options, plain=plain)
    if as_json:
        print_json({**asdict(done), "snippet": snippet(options, plain=plain)})
    else:
        for uri in done.kept:
            click.echo(f"{printable(uri)}: not written by paperdigest; left as it is", err=True)
        click.echo(
            f"{folder}: {done.written} files written, {done.unchanged} unchanged, {done.deleted} deleted",
            err=True,
        )
        click.echo(snippet(options, plain=plain), nl=False)
    nothing = not site.report.shown and any(digest.topic.trouble for digest in site.report.digests)
    sys.exit(UNDONE if nothing else 0)
