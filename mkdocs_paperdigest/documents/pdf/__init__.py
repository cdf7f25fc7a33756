"""The text of a PDF: glyphs, lines, headings, sections."""
