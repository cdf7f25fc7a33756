"""`paperdigest figures`: the figures and tables in a PDF of one's own."""

from pathlib import Path

import click

from mkdocs_paperdigest.cli.output import print_json
from mkdocs_paperdigest.errors import DocumentError
from mkdocs_paperdigest.text import printable


@click.command()
@click.argument("pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON: page (from 0), label, bbox, caption.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write the images into this folder."
)
def figures(pdf: Path, as_json: bool, out: Path | None) -> None:
    """Print the figures and tables that are found in a PDF.

    A box is in PDF points from the page's top left corner, tight around the figure or the table with its notes.
    """
    from mkdocs_paperdigest.documents.sandbox.reader import PdfReader

    if out:
        out.mkdir(parents=True, exist_ok=True)
    try:
        with PdfReader() as reader:
            found = reader.figures(pdf)
            if out and found:
                reader.read(pdf, out, figures_max=len(found))
    except DocumentError as error:
        raise click.ClickException(f"{pdf}: {error}") from error
    if as_json:
        rows = [
            {"page": figure.page, "label": figure.label, "bbox": figure.bbox, "caption": figure.caption}
            for figure in found
        ]
        print_json(rows)
        return
    for figure in found:
        box = ", ".join(f"{value:.0f}" for value in figure.bbox)
        click.echo(printable(f"page {figure.page + 1}: {figure.label} [{box}] {figure.caption}"))
    if not found:
        click.echo("no figures or tables found")
