"""A paper as the context object of an empty span, by which Zotero and others save it from the page.

The format is COinS (https://en.wikipedia.org/wiki/COinS): the keys of an OpenURL, ANSI/NISO Z39.88-2004, in the
attribute `title` of `span.Z3988`.
"""

from urllib.parse import quote_plus

from markupsafe import Markup

from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.pages.render.bibtex import kind_of
from mkdocs_paperdigest.pages.render.ris import address_of, doi_of, name_parts, pages_of, plain_field
from mkdocs_paperdigest.text import publishable

_FORMATS = {
    "article": ("journal", "article"), "talk": ("book", "proceeding"), "chapter": ("book", "bookitem"),
    "book": ("book", "book"), "local": ("book", "report"), "thesis": ("dissertation", ""),
}  # fmt: skip
"""Format and genre by the kind of a library's entry; everything else is Dublin Core with a type of Zotero's."""
_TYPES = {"dataset": "dataset", "software": "computerProgram", "online": "webpage", "patent": "patent"}
_WITHIN = frozenset({"article", "talk", "chapter"})
"""Kinds whose title is one within another."""
_PREPRINTS = ("arxiv", "corr")


def coins(paper: Paper) -> Markup:
    """The value of the attribute: keys and percent-encoded values, which hold nothing but letters, digits and `%+-._`.

    A paper of arXiv is a preprint, unless the lab's library cites it from a journal or a conference.
    """
    fields = paper.citation.fields if paper.citation else {}
    venue = next(
        (plain_field(fields[name]) for name in ("journal", "journaltitle", "booktitle") if name in fields), ""
    )
    kind = kind_of(paper)
    if paper.on_arxiv and (kind not in _WITHIN or not venue or venue.lower().startswith(_PREPRINTS)):
        kind = "preprint"
    form, genre = _FORMATS.get(kind, ("dc", ""))
    within = kind in _WITHIN
    facts = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form}")]
    facts.append(("rft.genre", genre))
    if form == "dc":
        facts.append(("rft.type", _TYPES.get(kind, kind)))
    facts.append(("rft.atitle" if within else "rft.btitle" if form == "book" else "rft.title", paper.title))
    # A comma, also at the end of a group's name, says where the family name ends.
    facts += [("rft.au", _name(name)) for name in paper.authors]
    facts.append(("rft.date", paper.date))
    if kind == "preprint":
        facts.append(("rft.pub", "arXiv"))
    else:
        first, last = pages_of(paper)
        facts += [("rft.jtitle" if form == "journal" else "rft.btitle", venue if within else "")]
        facts += [(f"rft.{name}", plain_field(fields.get(name, ""))) for name in ("volume", "issn", "isbn")]
        facts += [
            ("rft.issue", plain_field(fields.get("number", ""))),
            ("rft.spage", first),
            ("rft.epage", last),
        ]
        publisher = next(
            (plain_field(fields[name]) for name in ("publisher", "school") if name in fields), ""
        )
        facts.append(("rft.inst" if kind == "thesis" else "rft.pub", publisher or paper.institution or ""))
    doi = doi_of(paper)
    facts += [("rft_id", f"info:doi/{doi}" if doi else ""), ("rft_id", address_of(paper))]
    written = [f"{key}={quote_plus(value)}" for key, text in facts if (value := publishable(text))]
    return Markup("&amp;".join(written).replace("~", "%7E"))  # noqa: S704 - every special character is encoded


def _name(name: str) -> str:
    family, given, suffix = name_parts(name)
    return (
        f"{family}, {' '.join(filter(None, (given, suffix)))}".rstrip() if given or " " in family else family
    )
