"""The pages of a PDF, each read and rendered once, for its figures and its tables."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from mkdocs_paperdigest.documents.figures.ink import Ink
from mkdocs_paperdigest.documents.figures.sheets import Sheet, read_ink, read_sheet
from mkdocs_paperdigest.documents.pdf.pdfium import page_text

KEPT = 100
"""Pages whose ink is kept at once, at most: 100 MB."""


class Pages:
    """The pages that may have captions, and the text of all pages.

    Arguments:
        document: PDFium's document.
        words: How captions begin; pages without are not read.
        stop: Called before each page; once it returns true, the remaining pages are left out.
    """

    def __init__(self, document: Any, words: Sequence[re.Pattern[str]], stop: Callable[[], bool]) -> None:
        self._document = document
        self._inks: dict[int, Ink] = {}
        self._sheets: list[Sheet] = []
        texts: list[str] = []
        for number in range(len(document)):
            if stop():
                break
            page = document[number]
            text_page = page.get_textpage()
            texts.append(page_text(text_page))
            if any(word.search(texts[-1]) for word in words):
                self._sheets.append(read_sheet(page, text_page, number))
            text_page.close()
            page.close()
        self._texts = texts

    @property
    def text(self) -> str:
        """The text of all pages."""
        return "\n".join(self._texts)

    def sheets(self, word: re.Pattern[str] | None = None) -> list[Sheet]:
        """The pages that were read; with a word that begins captions, those that have it."""
        return [sheet for sheet in self._sheets if word is None or word.search(self._texts[sheet.number])]

    def ink(self, sheet: Sheet) -> Ink:
        """The ink of a page, kept for the next question."""
        if sheet.number not in self._inks:
            if len(self._inks) >= KEPT:
                self._inks.pop(next(iter(self._inks)))
            page = self._document[sheet.number]
            self._inks[sheet.number] = read_ink(page, sheet)
            page.close()
        return self._inks[sheet.number]
