"""A Python-Markdown extension that shows papers of the digests in people's own pages.

It knows neither MkDocs nor the pipeline: all it needs is `papers.json`, which a build or an export writes.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs_paperdigest.markdown.extension import PapersExtension

NAME = __name__
"""Of the extension in `markdown_extensions`."""
LANGUAGE = "paperdigest"
"""Of a fence that shows papers."""
SCHEME = "paper:"
"""Of a link that leads to a paper's entry."""
PAPERS = "papers.json"
"""Name of the file with all papers, in the folder of the digests."""
_SHOWS_PAPERS = re.compile(rf"(?:`{{3}}|~{{3}}).*{LANGUAGE}|{SCHEME}")


def makeExtension(**options: Any) -> "PapersExtension":  # noqa: N802 - Markdown's name
    """The extension, for `markdown_extensions: [mkdocs_paperdigest.markdown]`; see `PapersExtension`."""
    # The plugin needs only the names above, also where it is switched off.
    from mkdocs_paperdigest.markdown.extension import PapersExtension

    return PapersExtension(**options)


def shows_papers(markdown: str) -> bool:
    """Whether a page may show papers or link to them, so that it changes with them."""
    # Looked for as plain text first: pages of a hundred papers are long, and a build asks this of each.
    text = markdown.lower()
    return (LANGUAGE in text or SCHEME in text) and _SHOWS_PAPERS.search(text) is not None
