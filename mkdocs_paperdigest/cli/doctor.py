"""`paperdigest doctor`: why something does not work."""

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from mkdocs_paperdigest.cli.options import as_json, config_file, load_site
from mkdocs_paperdigest.cli.output import UNDONE, plain_errors, print_json
from mkdocs_paperdigest.text import printable

MARKS = {"ok": "ok  ", "warning": "warn", "problem": "FAIL", "skipped": "skip"}


@click.command()
@config_file
@as_json
def doctor(config_file: Path, as_json: bool) -> None:
    """Look for what keeps the site from working.

    Checks options, versions, Markdown extensions, cache, archive and key, and asks arXiv and the
    model's endpoint one question each that costs nothing. Never prints a key. Exits with 1 if there is
    a problem (FAIL); a warning (warn) is not a problem.
    """
    from mkdocs_paperdigest.cli.examination import examine

    options, config = load_site(config_file)
    with plain_errors():
        findings = []
        for finding in examine(
            options,
            extensions=config.markdown_extensions,
            plugins=tuple(config.plugins),
            environ=os.environ,
        ):
            findings.append(finding)
            if not as_json:
                click.echo(f"{MARKS[finding.state]}  {finding.about}: {printable(finding.text)}")
    if as_json:
        print_json([asdict(one) for one in findings])
    sys.exit(UNDONE if any(one.state == "problem" for one in findings) else 0)
