"""What pages need from the site around them: Markdown extensions, a style sheet and a script."""

from pathlib import Path

from mkdocs_paperdigest.models import SiteFile

MARKDOWN_EXTENSIONS = ("attr_list", "md_in_html")
STYLE_SHEET = "assets/paperdigest/paperdigest.css"
SCRIPT = "assets/paperdigest/paperdigest.js"
LIGHTBOX = ("assets/paperdigest/lightbox.css", "assets/paperdigest/lightbox.js")
"""`SCRIPT` loads them when a figure is opened."""


def asset_files() -> tuple[SiteFile, ...]:
    """The style sheets and the scripts, from this folder."""
    folder = Path(__file__).parent
    return tuple(SiteFile(uri, folder / Path(uri).name) for uri in (STYLE_SHEET, SCRIPT, *LIGHTBOX))
