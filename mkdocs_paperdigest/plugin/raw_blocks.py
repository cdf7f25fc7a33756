"""Puts blocks of raw HTML aside before Markdown reads them tag by tag to find where they end.

That search takes a third or more of the time that Markdown needs for our pages. The end of our own blocks is
known from the templates.
"""

import re
from typing import Any

from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor


class RawBlocks(Extension, Preprocessor):
    """A Markdown extension for pages of our own templates; the HTML comes out the same."""

    def extendMarkdown(self, md: Any) -> None:  # noqa: N802 - Markdown's name
        """Registers itself after fenced code (25) and MkDocs' own look at raw HTML (21.5)."""
        self.md = md
        md.preprocessors.register(self, "paperdigest_raw_blocks", 21)

    def run(self, lines: list[str]) -> list[str]:
        """Leaves in the place of each block what Markdown would leave there (`html_block`, 20)."""
        return _BLOCK.sub(self._placeholder, "\n".join(lines)).split("\n")

    def _placeholder(self, block: re.Match[str]) -> str:
        return f"{self.md.htmlStash.store(block[0])}\n"


# Text is escaped, so the first such line ends the block. Our other blocks have the attribute `markdown`:
# Markdown has work to do inside them.
_BLOCK = re.compile(
    r'(?<=\n\n)<(details|div|ol) class="pd-(?:abstract|meta|reading|takeaways)\b'
    r"(?:(?!.*\bmarkdown=).+\n)+?</\1>\n(?=\n)"
)
