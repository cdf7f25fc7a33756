"""Writes what is made from the declared options: `python -m mkdocs_paperdigest.options`, in a clone.

mkdocs_paperdigest/schema.json   what editors know of the options
docs/options.md                  the tables between `<!-- options: ... -->` and `<!-- /options -->`
"""

from pathlib import Path

from mkdocs_paperdigest.options.reference import schema, with_tables


def main() -> None:
    """Writes both files."""
    package = Path(__file__).parent.parent
    page = package.parent / "docs" / "options.md"
    (package / "schema.json").write_text(schema(), "utf-8")
    page.write_text(with_tables(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
