"""What pages need of the site around them: Markdown extensions, a style sheet and a script."""

from importlib import resources
from pathlib import Path

from mkdocs_paperdigest.models import SiteFile

MARKDOWN_EXTENSIONS = ("attr_list", "md_in_html")
STYLE_SHEET = "assets/paperdigest/paperdigest.css"
SCRIPT = "assets/paperdigest/paperdigest.js"


def asset_files() -> tuple[SiteFile, ...]:
    """The style sheet and the script, as they lie in this package."""
    folder = resources.files("mkdocs_paperdigest.pages") / "assets"
    uris = (STYLE_SHEET, SCRIPT)
    return tuple(SiteFile(uri, Path(str(folder / Path(uri).name))) for uri in uris)
