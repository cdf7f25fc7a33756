"""Finds fences and links that mean papers, by the site's own rules for fences, and puts the papers there."""

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape as escape_html
from typing import Any, Self
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from mkdocs_paperdigest.markdown import LANGUAGE, PAPERS, SCHEME
from mkdocs_paperdigest.markdown.papers import Papers, PapersError, read_papers
from mkdocs_paperdigest.markdown.place import Place, find_fence, line_of, place_of, registered
from mkdocs_paperdigest.markdown.wanted import FenceError, Wanted, read_fence
from mkdocs_paperdigest.text import printable

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


class PapersExtension(Extension):
    """Shows papers in fences of the language `paperdigest`, and leads links such as `paper:2410.13726` to them.

    What is a fence is for the site's own extension to say: pymdownx.superfences, or fenced_code. A mistake is one
    warning with file and line; what can be shown is shown.
    """

    def __init__(self, **options: Any) -> None:
        self.config = {
            "papers": ["", "Path of papers.json; default: digests/papers.json in the folder of the pages"]
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Registers the steps; which fences a site has is known only when it converts a page."""
        page = _Page(md, str(self.getConfig("papers") or ""))
        # Before all others, which change lines.
        md.preprocessors.register(_Lines(page), "paperdigest_lines", 1000)
        # Just before fences (25).
        md.preprocessors.register(_Fences(md), "paperdigest_fences", 25.5)
        # After attribute lists (8) and abbreviations (7), which would read titles; before MkDocs resolves links (0).
        md.treeprocessors.register(_Links(page), "paperdigest_papers", 4)
        # Just before raw HTML gets back to its place (30).
        md.postprocessors.register(_Blocks(page), "paperdigest_blocks", 31)


class Block(str):
    """What stands in the place of a fence until its papers are put there; its value is the fence as code."""

    source: str
    options: Sequence[str]
    """Names of options in the fence's first line, which has none."""

    def __new__(cls, source: str, options: Sequence[str] = ()) -> Self:
        """A block for the text of a fence."""
        block = super().__new__(cls, f"<pre><code>{escape_html(source)}</code></pre>")
        block.source, block.options = source, options
        return block


class _Page:
    """What the steps share while a page is converted."""

    def __init__(self, md: Markdown, papers: str) -> None:
        self.md = md
        self.lines: list[str] = []
        self._papers = papers

    @property
    def place(self) -> Place:
        """Where the page stands."""
        return place_of(self.md)

    def papers(self) -> Papers:
        """The papers of the site; raises `PapersError`."""
        place = self.place
        return read_papers(place.root / self._papers if self._papers else place.docs / "digests" / PAPERS)

    def warn(self, problem: object, line: int | None) -> None:
        """One line in the log, with the file where it is known; `line` counts from 0 in the page's Markdown."""
        place = self.place
        where = [place.uri or ""]
        if line is not None and line < len(self.lines):
            where.append(f"line {line_of(line, self.lines, place.read())}")
        log.warning("%s", printable(f"{', '.join(filter(None, where)) or 'a page'}: {problem}"))


class _Lines(Preprocessor):
    """Notes the page's lines while they are still those that people wrote."""

    def __init__(self, page: _Page) -> None:
        super().__init__()
        self._page = page

    def run(self, lines: list[str]) -> list[str]:
        """Changes nothing."""
        self._page.lines = lines
        return lines


class _Fences(Preprocessor):
    """Puts blocks in the place of fences, or has pymdownx.superfences put them there."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines, with placeholders for our fences alone."""
        superfences = getattr(registered(self.md.preprocessors, "fenced_code_block"), "extension", None)
        if superfences is None:
            return self._without_fences(lines) if any(LANGUAGE in line for line in lines) else lines
        # A fence of this name that the site's own `custom_fences` has is kept.
        if all(fence["name"] != LANGUAGE for fence in superfences.superfences):
            superfences.extend_super_fences(LANGUAGE, _format, _accept, None)
        return lines

    def _without_fences(self, lines: list[str]) -> list[str]:
        """Follows fenced_code through the page: a fence within a longer one is none."""
        text, start = "\n".join(lines), 0
        while found := _FENCE.search(text, start):
            start = found.end()
            if found["attrs"] is not None and "}" in found["attrs"]:
                # As fenced_code does: this is no fence, and the next one may begin below.
                start = found.end("attrs")
            elif _language(found) == LANGUAGE:
                placeholder = self.md.htmlStash.store(Block(found["code"]))
                before = f"{text[: found.start()]}\n{placeholder}\n"
                text, start = before + text[found.end() :], len(before)
        return text.split("\n")


_FENCE = FencedBlockPreprocessor.FENCED_BLOCK_RE
_CLASS = re.compile(r"(?:^|\s)\.([^\s}]+)")


def _language(fence: re.Match[str]) -> str | None:
    if fence["attrs"] is None:
        return fence["lang"]
    found = _CLASS.search(fence["attrs"])
    return found[1] if found else None


def _accept(_language: str, inputs: Mapping[str, object], options: dict[str, Any], *_: object) -> bool:
    """Takes a fence with whatever its first line has, as a validator of pymdownx.superfences."""
    options["given"] = tuple(inputs)
    return True


def _format(*, src: str, options: Mapping[str, Any], **_: object) -> Block:
    """The block of a fence, as a formatter of pymdownx.superfences."""
    return Block(src, options["given"])


def _wanted(block: Block) -> Wanted:
    if block.options:
        raise FenceError(f"`{block.options[0]}` stands beside ```{LANGUAGE}; write options below it", -1)
    return read_fence(block.source)


class _Links(Treeprocessor):
    """Leads links to papers to the sources of their pages, which MkDocs then checks and resolves as any other."""

    def __init__(self, page: _Page) -> None:
        super().__init__(page.md)
        self._page = page

    def run(self, root: Element) -> None:
        """Changes the links; one to an unknown paper becomes text."""
        seen: Counter[str] = Counter()
        for element in [link for link in root.iter("a") if link.get("href", "").lower().startswith(SCHEME)]:
            href = element.attrib["href"]
            try:
                self._lead(element, unquote(href[len(SCHEME) :]).strip())
            except (FenceError, PapersError) as error:
                element.tag = "span"
                del element.attrib["href"]
                self._page.warn(error, self._line(href, seen[href]))
            seen[href] += 1

    def _lead(self, element: Element, id_: str) -> None:
        papers = self._page.papers()
        paper = papers.find(id_)
        page, anchor = (paper.page, paper.anchor) if paper else (papers.named_on(id_), "")
        if page is None:
            raise FenceError(papers.unknown(id_))
        from mkdocs_paperdigest.markdown.cards import plain_title, source_of

        element.set("href", self._page.place.link(source_of(page, anchor)))
        if not element.text and not len(element):
            # What looks like an entity would become one.
            element.text = AtomicString((plain_title(paper) if paper else id_).replace("&", "&amp;"))

    def _line(self, href: str, before: int) -> int | None:
        """The line of a link that was preceded by so many with the same address."""
        written = re.compile(re.escape(href) + r"(?![\w./-])")
        places = [number for number, line in enumerate(self._page.lines) for _ in written.finditer(line)]
        return places[before] if before < len(places) else None


def _reached(text: str, stash: Sequence[object]) -> set[int]:
    """Numbers of the blocks of a stash that stand in a text, or in a block that does.

    Not the whole stash is searched: Markdown asks for each heading, and a page may have thousands of blocks.
    """
    reached: set[int] = set()
    unread = [text]
    while unread:
        named = map(int, HTML_PLACEHOLDER_RE.findall(unread.pop()))
        found = {number for number in named if number < len(stash)} - reached
        reached |= found
        unread += [str(stash[number]) for number in found]
    return reached


class _Blocks(Postprocessor):
    """Puts papers in the place of blocks that Markdown has left as fences: not of those in indented code."""

    def __init__(self, page: _Page) -> None:
        super().__init__(page.md)
        self._page = page

    def run(self, text: str) -> str:
        """Changes the stash of raw HTML, which is put into the text next."""
        stash, last = self._page.md.htmlStash.rawHtmlBlocks, 0
        for number in sorted(_reached(text, stash)):
            if isinstance(block := stash[number], Block):
                stash[number], last = self._shown(block, last)
        return text

    def _shown(self, block: Block, last: int) -> tuple[str, int]:
        """The papers of a fence, or its text as code, and the line to look for the next fence from."""
        line = find_fence(block.source, self._page.lines, last)
        try:
            html, problem = self._papers(_wanted(block))
        except FenceError as error:
            html, problem = str(block), error
        except PapersError as error:
            html, problem = str(block), FenceError(str(error), -1)
        if problem:
            self._page.warn(problem, None if line is None else line + 1 + problem.line)
        return html, last if line is None else line + 1

    def _papers(self, wanted: Wanted) -> tuple[str, FenceError | None]:
        """The papers that were found, and what is wrong with those that were not."""
        papers, place = self._page.papers(), self._page.place
        chosen = papers.choose(wanted)
        unknown = [
            number for number, id_ in enumerate(wanted.ids) if not (papers.find(id_) or papers.named_on(id_))
        ]
        problem = "; ".join(papers.unknown(wanted.ids[number]) for number in unknown)
        if not chosen:
            return "", FenceError(problem, wanted.lines[unknown[0]]) if unknown else None
        from mkdocs_paperdigest.markdown.cards import papers_html
        from mkdocs_paperdigest.pages.labels import load_language

        language = load_language(papers.language)
        html = papers_html(chosen, wanted.style, language, lambda source: place.resolve(place.link(source)))
        return html, FenceError(problem, wanted.lines[unknown[0]]) if unknown else None
