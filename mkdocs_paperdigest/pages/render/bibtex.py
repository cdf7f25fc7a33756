"""Papers as BibTeX, in the form that arXiv offers for citing them."""

import re
from collections.abc import Iterable

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.pages.escaping.tex import balanced
from mkdocs_paperdigest.text import publishable

_SPECIAL = re.compile(r"(?<!\\)([&%#_])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MATH_PART = re.compile(r"(\$[^$]*\$)")
# Commands with which TeX reads or writes files, runs programs, redefines commands or ends the text.
# `\begin{input}` works like `\input`, and `^^5c` like a backslash.
_ACTING = re.compile(
    r"\\(?=[a-z@]*(?:input|includ|import|write|openin|openout|csname|code(?![a-z])|lua|shell|special|scantok|expand"
    r"|command|environment|declare|package|require|file|href|hyper|exec)"
    r"|(?:[gex]?def|let|futurelet|global|long|outer|read|immediate|begin|end|loop|every[a-z]*|font|message|typeout"
    r"|dump|batchmode|makeatletter|newread|newif|advance|the|meaning|jobname)(?![a-z]))",
    re.IGNORECASE,
)


def bibtex(paper: Paper) -> str:
    """One entry: `@misc` with `eprint` for arXiv papers, `@techreport` for local ones.

    The fields follow https://info.arxiv.org/help/hypertex/bibstyles/index.html.
    """
    fields = {
        "title": f"{{{_tex(paper.title)}}}",
        "author": " and ".join(_author(name) for name in paper.authors),
        "institution": _tex(paper.institution or ""),
        "year": str(paper.published.year),
    }
    if paper.on_arxiv:
        fields["eprint"] = _plain(paper.id)
        fields["archivePrefix"] = "arXiv"
        if paper.categories:
            fields["primaryClass"] = _plain(paper.categories[0])
        fields["url"] = _plain(f"https://arxiv.org/abs/{paper.id}")
    else:
        if paper.date_precision != "year":
            fields["month"] = _MONTHS[paper.published.month - 1]
        fields["url"] = _plain(paper.url or "")
    if paper.doi:
        fields["doi"] = _plain(paper.doi)
    if paper.journal_ref:
        fields["note"] = _tex(paper.journal_ref)
    kind = "misc" if paper.on_arxiv else "techreport"
    lines = [
        # Months are macros, which each BibTeX style replaces by its own words.
        f"  {name:<13} = {value}," if name == "month" else f"  {name:<13} = {{{value}}},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@{kind}{{{_citation_key(paper)},", *lines, "}"])


def bibliography(papers: Iterable[Paper]) -> str:
    """A BibTeX file with one entry for each paper, in the given order."""
    return "\n\n".join(bibtex(paper) for paper in papers) + "\n"


def _citation_key(paper: Paper) -> str:
    """The key to cite the paper by: its arXiv id, or the BibTeX key of a local report."""
    return re.sub(r"[^\w:.+/-]", "", paper.id) or "paper"


def _author(name: str) -> str:
    """One name, in braces if BibTeX would read it as several names or as `Last, First`."""
    written = _tex(name)
    return f"{{{written}}}" if re.search(r"\band\b|,", written, re.IGNORECASE) else written


def _tex(text: str) -> str:
    """Text for a field: special characters outside formulas are escaped, braces dropped if unbalanced."""
    text = _inert(publishable(text))
    # BibTeX itself counts escaped braces too; most other readers do not.
    if not (balanced(re.findall(r"[{}]", text)) and balanced(re.findall(r"(?<!\\)[{}]", text))):
        text = _plain(text)
    text = text.rstrip("\\ ")
    parts = _MATH_PART.split(text) if text.count("$") % 2 == 0 else [text.replace("$", r"\$")]
    return "".join(part if part.startswith("$") else _escaped(part) for part in parts if part)


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", text)
    text = re.sub(r"(?<!\\)\^", r"\\^{}", text)
    return re.sub(r"(?<!\\)~", r"\\textasciitilde{}", text)


def _plain(text: str) -> str:
    return _inert(publishable(text)).replace("{", "").replace("}", "").rstrip("\\ ")


def _inert(text: str) -> str:
    """The text with all commands that do more than typesetting made inactive."""
    return _ACTING.sub(r"\\textbackslash ", text.replace("^^", "^ ^"))
