"""Papers as BibTeX: as the lab's library cites them, else in the form that arXiv offers."""

import re
from collections.abc import Iterable, Mapping

from mkdocs_paperdigest.models import Citation, Paper
from mkdocs_paperdigest.pages.escaping.tex import balanced
from mkdocs_paperdigest.text import publishable

_SPECIAL = re.compile(r"(?<!\\)([&%#_])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What macros of months stand for.
_MONTH_NAMES = frozenset(
    {
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    }
)  # fmt: skip
# Formulas and addresses, which need no escapes.
_VERBATIM_PART = re.compile(r"((?<!\\)\$(?:\\.|[^$\\])*\$|\\url\{[^{}$\s]*\}|\\ensuremath\{[^{}$]*\})")
_VERBATIM = frozenset({"doi", "eprint", "url"})
# The commands that people put around an address, also where styles add them.
_ADDRESS = re.compile(r"\\href\s*\{+([^{}]*)\}.*|\\(?:url|path|nolinkurl)\s*\{([^{}]*)\}", re.DOTALL)
_FIELD_NAME = r"[a-z_][\w:.+-]{0,60}"
_KINDS = {
    "article": "article", "periodical": "article", "suppperiodical": "article",
    "conference": "talk", "inproceedings": "talk", "presentation": "talk", "poster": "talk",
    "proceedings": "book", "book": "book", "mvbook": "book", "collection": "book", "booklet": "book", "manual": "book",
    "incollection": "chapter", "inbook": "chapter", "inreference": "chapter", "bookinbook": "chapter",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
    "dataset": "dataset", "software": "software", "online": "online", "electronic": "online", "www": "online",
    "patent": "patent",
}  # fmt: skip
"""Types of BibTeX and biblatex whose name says what they are; `misc` and reports are the lab's own."""
_NO_TYPES = frozenset({"comment", "preamble", "string"})
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
    """One entry: as the lab's library has it, else `@misc` with `eprint` for arXiv papers.

    The fields of the latter follow https://info.arxiv.org/help/hypertex/bibstyles/index.html.
    """
    if paper.citation is not None:
        return _as_in_library(paper.citation)
    fields = {
        "title": f"{{{_tex(paper.title)}}}",
        "author": " and ".join(_author(name) for name in paper.authors),
        "institution": _tex(paper.institution or ""),
        "year": str(paper.published.year),
    }
    month = ""
    if paper.on_arxiv:
        fields["eprint"] = _plain(paper.id)
        fields["archivePrefix"] = "arXiv"
        if paper.categories:
            fields["primaryClass"] = _plain(paper.categories[0])
        fields["url"] = _plain(f"https://arxiv.org/abs/{paper.id}")
    else:
        if paper.date_precision != "year":
            month = _MONTHS[paper.published.month - 1]
        fields["url"] = _plain(paper.url or "")
    if paper.doi:
        fields["doi"] = _plain(paper.doi)
    if paper.journal_ref:
        fields["note"] = _tex(paper.journal_ref)
    return _entry("misc" if paper.on_arxiv else "techreport", paper.id, fields, month)


def bibliography(papers: Iterable[Paper]) -> str:
    """A BibTeX file with one entry for each paper, in the given order."""
    return "\n\n".join(bibtex(paper) for paper in papers) + "\n"


def kind_of(paper: Paper) -> str:
    """What a paper that is not on arXiv is, as its label's key in a locale: `article`, `thesis`, `local`, ..."""
    return _KINDS.get(paper.citation.type if paper.citation else "", "local")


def _as_in_library(citation: Citation) -> str:
    fields, month = {}, ""
    for name, value in citation.fields.items():
        if not re.fullmatch(_FIELD_NAME, name) or _leads_elsewhere(name, value):
            continue
        if name == "month" and value in _MONTH_NAMES:
            month = value[:3].lower()
        else:
            fields[name] = (
                _plain(_ADDRESS.sub(r"\1\2", value)) if name in _VERBATIM else _tex(value, is_latex=True)
            )
    is_type = re.fullmatch("[a-z]{1,40}", citation.type) and citation.type not in _NO_TYPES
    return _entry(citation.type if is_type else "misc", citation.key, fields, month)


def _leads_elsewhere(name: str, value: str) -> bool:
    """Whether a field is an address that is not of the web, which a program might open."""
    scheme = re.match(r"\W*([a-z][a-z0-9+.-]*):", value, re.IGNORECASE)
    is_address = name.endswith(("url", "uri")) or name.startswith("bdsk-url")
    return bool(is_address and scheme and scheme[1].lower() not in ("http", "https", "ftp", "doi"))


def _entry(kind: str, key: str, fields: Mapping[str, str], month: str) -> str:
    lines = [f"  {name:<13} = {{{value}}}," for name, value in fields.items() if value]
    if month:
        # Months are macros, which each BibTeX style replaces by its own words.
        lines.append(f"  {'month':<13} = {month},")
    return "\n".join([f"@{kind}{{{_citation_key(key)},", *lines, "}"])


def _citation_key(key: str) -> str:
    """The key without characters that end it or that TeX acts on; keys of ADS contain `&`."""
    return re.sub(r"[^\w:.+/&'*!?;=()|-]", "", key)[:200] or "paper"


def _author(name: str) -> str:
    """One name, in braces if BibTeX would read it as several names or as `Last, First`."""
    written = _tex(name)
    return f"{{{written}}}" if re.search(r"\band\b|,", written, re.IGNORECASE) else written


def _tex(text: str, *, is_latex: bool = False) -> str:
    """Text for a field: special characters outside formulas are escaped, braces dropped if unbalanced.

    Arguments:
        text: Plain text with formulas, or what a library has.
        is_latex: Whether `~` is a space in it, and its commands were meant for TeX.
    """
    text = publishable(text)
    if is_latex:
        text = re.sub(r"\\href\s*\{[^{}]*\}\s*(?=\{)", "", text)
    text = _inert(text)
    # BibTeX itself counts escaped braces too; most other readers do not.
    if not (balanced(re.findall(r"[{}]", text)) and balanced(re.findall(r"(?<!\\)[{}]", text))):
        text = _plain(text)
    text = text.rstrip("\\ ")
    if len(re.findall(r"(?<!\\)\$", text)) % 2:
        text = re.sub(r"(?<!\\)\$", r"\\$", text)
    parts = _VERBATIM_PART.split(text)
    return "".join(
        part if number % 2 else _escaped(part, is_latex=is_latex) for number, part in enumerate(parts)
    )


def _escaped(text: str, *, is_latex: bool) -> str:
    text = _SPECIAL.sub(r"\\\1", text)
    text = re.sub(r"(?<!\\)\^", r"\\^{}", text)
    return text if is_latex else re.sub(r"(?<!\\)~", r"\\textasciitilde{}", text)


def _plain(text: str) -> str:
    return _inert(publishable(text)).replace("{", "").replace("}", "").rstrip("\\ ")


def _inert(text: str) -> str:
    """The text with all commands that do more than typesetting made inactive."""
    return _ACTING.sub(r"\\textbackslash ", text.replace("^^", "^ ^"))
