"""What pages need from the site around them: Markdown extensions, a style sheet and a script."""

from pathlib import Path

from mkdocs_paperdigest.models import SiteFile

MARKDOWN_EXTENSIONS = ("attr_list", "md_in_html")
STYLE_SHEET = "assets/paperdigest/paperdigest.css"
SCRIPT = "assets/paperdigest/paperdigest.js"
LATER = ("assets/paperdigest/later.css", "assets/paperdigest/later.js")
"""`SCRIPT` loads them when a reader does what needs them: opens a figure, copies, presses a key."""


def asset_files() -> tuple[SiteFile, ...]:
    """The style sheets and the scripts, from this folder."""
    folder = Path(__file__).parent
    return tuple(SiteFile(uri, folder / Path(uri).name) for uri in (STYLE_SHEET, SCRIPT, *LATER))
