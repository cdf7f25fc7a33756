"""Names the sections of the navigation that MkDocs makes of our folders, in the site's language."""

from collections.abc import Callable
from pathlib import PurePosixPath

from mkdocs.structure.files import Files
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page
from mkdocs.utils import dirname_to_title


def name_sections(files: Files, is_ours: Callable[[Page], bool]) -> None:
    """Gives a section the title of our index in it, unless the user has named the section.

    Arguments:
        files: All files of the site, whose pages know their titles already.
        is_ours: Whether this plugin made a page.
    """
    for file in files.documentation_pages():
        page = file.page
        if page is None or file.name != "index" or not is_ours(page):
            continue
        section, folder = page.parent, PurePosixPath(file.src_uri).parent.name
        if isinstance(section, Section) and section.title == dirname_to_title(folder):
            section.title = page.title or section.title
