"""Puts blocks of raw HTML aside, which Markdown reads tag by tag to find where they end.

That takes a third or more of the time that Markdown needs for our pages. Where ours end we know: see the
templates.
"""

import re
from typing import Any

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor


class RawBlocks(Extension, Preprocessor):
    """A Markdown extension for pages of our own templates; the HTML comes out the same."""

    def extendMarkdown(self, md: Any) -> None:  # noqa: N802 - Markdown's name
        """Takes its place: after fenced code (25) and what MkDocs looks for in raw HTML (21.5)."""
        self.md = md
        md.preprocessors.register(self, "paperdigest_raw_blocks", 21)

    def run(self, lines: list[str]) -> list[str]:
        """Leaves in the place of each block what Markdown would leave there (`html_block`, 20)."""
        return _BLOCK.sub(self._placeholder, "\n".join(lines)).split("\n")

    def _placeholder(self, block: re.Match[str]) -> str:
        return f"{self.md.htmlStash.store(block[0])}\n"


# Text is escaped, so that the first such line ends the block. With the attribute `markdown`, which is in
# the other blocks of ours, there is something to do in it.
_BLOCK = re.compile(
    r'(?<=\n\n)<(details|div|ol) class="pd-(?:abstract|meta|reading|takeaways)\b'
    r"(?:(?!.*\bmarkdown=).+\n)+?</\1>\n(?=\n)"
)
