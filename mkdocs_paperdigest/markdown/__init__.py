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
    # Looked for as plain bytes first: a build asks this of each page, and small letters of bytes are found faster.
    found = markdown.encode("utf-8", "surrogatepass").lower()
    words = (LANGUAGE.encode(), SCHEME.encode())
    return any(word in found for word in words) and _SHOWS_PAPERS.search(markdown.lower()) is not None
