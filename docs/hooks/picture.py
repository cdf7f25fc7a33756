"""Publishes the README's picture beside the pages, so that the repository holds it once."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

PICTURE = Path(__file__).parents[2] / ".github" / "digest-page.png"


def on_files(files: Files, /, *, config: MkDocsConfig) -> Files:
    """Adds the picture."""
    files.append(File.generated(config, PICTURE.name, abs_src_path=str(PICTURE)))
    return files
