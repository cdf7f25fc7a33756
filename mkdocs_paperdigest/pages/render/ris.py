"""Papers as RIS, the format that every reference manager imports, and as one line of plain text."""

import re
from collections.abc import Iterable

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.pages.escaping.escape import safe_address
from mkdocs_paperdigest.pages.render.bibtex import kind_of
from mkdocs_paperdigest.text import publishable

_TYPES = {
    "article": "JOUR", "talk": "CONF", "book": "BOOK", "chapter": "CHAP", "thesis": "THES", "dataset": "DATA",
    "software": "COMP", "online": "ELEC", "patent": "PAT",
}  # fmt: skip
"""By the kind of a library's entry; a paper of arXiv is `UNPB`, other reports are `RPRT`."""
_FIELDS = {
    "T2": ("journal", "journaltitle", "booktitle"), "VL": ("volume",), "IS": ("number",),
    "PB": ("publisher", "school"), "SN": ("issn", "isbn"),
}  # fmt: skip
_GROUP = re.compile(
    r"\b(collaboration|consortium|team|group|committee|project|lab|laboratory)\b", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")
_MOST_AUTHORS = 20
"""How many authors a citation names in the style of APA; of more, the first 19 and the last."""


def ris(paper: Paper, *, abstract: bool = False) -> str:
    """One reference, from `TY` to `ER`, each tag on its own line.

    The tags are those of https://en.wikipedia.org/wiki/RIS_(file_format), the format as Research Information
    Systems published it. No text can begin a line, so none can end a reference or begin another.

    Arguments:
        paper: Any paper.
        abstract: Whether to state the abstract as well.
    """
    facts = [
        ("TI", paper.title),
        *(("AU", ", ".join(filter(None, name_parts(name)))) for name in paper.authors),
    ]
    moment = paper.published
    parts = {"year": "", "month": f"/{moment:%m}//", "day": f"/{moment:%m/%d}/"}[paper.date_precision]
    facts.append(("PY", f"{moment.year}"))
    facts.append(("DA", f"{moment.year}{parts}" if parts else f"{moment.year}///"))
    if paper.on_arxiv:
        facts += [("PB", "arXiv"), ("AN", f"arXiv:{paper.id}")]
    elif paper.citation is not None:
        fields = paper.citation.fields
        for tag, names in _FIELDS.items():
            facts.append((tag, next((plain_field(fields[name]) for name in names if name in fields), "")))
        facts += zip(("SP", "EP"), pages_of(paper), strict=True)
    if paper.institution and not paper.on_arxiv:
        facts.append(("PB", paper.institution))
    facts += [("N1", paper.journal_ref or ""), ("DO", doi_of(paper)), ("UR", address_of(paper))]
    if abstract:
        facts.append(("AB", paper.abstract))
    kind = "UNPB" if paper.on_arxiv else _TYPES.get(kind_of(paper), "RPRT")
    lines = [f"{tag}  - {value}" for tag, text in facts if (value := publishable(text))]
    return "\n".join([f"TY  - {kind}", *lines, "ER  - "])


def references(papers: Iterable[Paper]) -> str:
    """A RIS file with one reference for each paper, in the given order; lines end as the format asks."""
    return "".join(f"{ris(paper, abstract=True)}\n\n" for paper in papers).replace("\n", "\r\n")


def citation(paper: Paper) -> str:
    """One line of plain text, close to the style of APA's 7th edition."""
    names = [_cited(name) for name in paper.authors]
    if len(names) > _MOST_AUTHORS:
        authors = f"{', '.join(names[: _MOST_AUTHORS - 1])}, … {names[-1]}"
    else:
        authors = ", & ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    title = re.sub(r"[.\s]+$", "", publishable(paper.title))
    source = paper.journal_ref or (f"arXiv:{paper.id}" if paper.on_arxiv else paper.institution or "")
    sentences = [authors, f"({paper.published.year})", title, re.sub(r"[.\s]+$", "", publishable(source))]
    line = " ".join(
        sentence if sentence.endswith(".") else f"{sentence}." for sentence in sentences if sentence
    )
    return publishable(f"{line} {address_of(paper)}")


def name_parts(name: str) -> tuple[str, str, str]:
    """Family name, given names and suffix; the name of a group, or one that has no spaces, is all family name."""
    name = publishable(name)
    if "," in name:
        family, given, *rest = [part.strip() for part in name.split(",")]
        return family, given, " ".join(rest)
    words = name.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2 or _GROUP.search(name):
        return name.replace(",", " "), "", ""
    # Particles, as in "van der Waals", belong to the family name.
    first = len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
    return " ".join(words[first:]), " ".join(words[:first]), suffix


def _cited(name: str) -> str:
    family, given, suffix = name_parts(name)
    initials = " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in given.split())
    return ", ".join(filter(None, [family, initials, suffix]))


def pages_of(paper: Paper) -> tuple[str, str]:
    """First and last page, as the lab's library has them; empty where it does not."""
    fields = paper.citation.fields if paper.citation else {}
    first, _, last = re.sub("[-–]+", "-", plain_field(fields.get("pages", ""))).partition("-")
    return first, last


def doi_of(paper: Paper) -> str:
    """Its DOI, else the one of the preprint; empty where neither is known."""
    # arXiv has registered one for each of its papers: https://info.arxiv.org/help/doi.html
    return paper.doi or (f"10.48550/arXiv.{paper.id}" if paper.on_arxiv else "")


def address_of(paper: Paper) -> str:
    """The page of the paper on the web; empty where it is not known."""
    return f"https://arxiv.org/abs/{paper.id}" if paper.on_arxiv else safe_address(paper.url or "") or ""


def plain_field(latex: str) -> str:
    """A field of a library as plain text; empty if it takes TeX to read it."""
    text = re.sub(r"\\([&%#_$])", r"\1", latex).replace("{", "").replace("}", "").replace("~", " ")
    return "" if "\\" in text or "$" in text else text
