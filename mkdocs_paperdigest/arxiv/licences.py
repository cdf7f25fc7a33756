"""Reads a paper's licence from the words and addresses that arXiv shows for it.

Answers of arXiv's search name no licence. HTML papers show a label (`License: CC BY 4.0`), and abstract
pages a link (`.abs-license a`). The labels and addresses are listed at
https://info.arxiv.org/help/license/index.html.
"""

import re

from mkdocs_paperdigest.models import License

ARXIV = License("arXiv non-exclusive", "https://arxiv.org/licenses/nonexclusive-distrib/1.0/license.html")
"""arXiv's own licence; it does not let readers republish anything."""

ARXIV_ASSUMED = License("arXiv assumed (1991-2003)", "https://arxiv.org/licenses/assumed-1991-2003")
"""The licence that arXiv assumes for papers submitted before 2004."""

CC0 = License("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
PUBLIC_DOMAIN = License("Public domain mark 1.0", "https://creativecommons.org/publicdomain/mark/1.0/")

_CC_TERMS = frozenset({"by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"})
_CC_LABEL = re.compile(r"\bCC[ -]BY((?:-(?:NC|ND|SA))*)(?: (\d\.\d))?(?![\w-])", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://(?:www\.|export\.)?(creativecommons\.org|arxiv\.org)(/[^?#]*)")
_CC_PATH = re.compile(r"/licenses/(by(?:-nc)?(?:-nd|-sa)?)(?:/(\d\.\d))?(?:/|$)")


def license_from_label(label: str) -> License | None:
    """The licence that a label such as `License: CC BY 4.0` names, or None if it names no known licence."""
    text = " ".join(label.split())[:200]
    lowered = text.casefold()
    if "http://" in lowered or "https://" in lowered:
        return license_from_url(lowered[lowered.index("http") :])
    if match := _CC_LABEL.search(text):
        return _creative_commons("by" + match[1].lower(), match[2])
    if re.search(r"\bcc[ -]?(zero|0)\b|\bcc0\b", lowered):
        return CC0
    if "public domain" in lowered:
        return PUBLIC_DOMAIN
    if "assumed" in lowered and "arxiv" in lowered:
        return ARXIV_ASSUMED
    if "arxiv" in lowered and re.search(r"non-?exclusive", lowered):
        return ARXIV
    return None


def license_from_url(url: str) -> License | None:
    """The licence at an address, or None if it is not the address of a known licence."""
    address = _ADDRESS.match(url.strip().lower())
    if address is None:
        return None
    host, path = address.groups()
    if host == "creativecommons.org":
        if path.startswith("/publicdomain/zero"):
            return CC0
        if path.startswith(("/publicdomain/mark", "/licenses/publicdomain")):
            return PUBLIC_DOMAIN
        match = _CC_PATH.match(path)
        return _creative_commons(match[1], match[2]) if match else None
    if path.startswith("/licenses/nonexclusive-distrib"):
        return ARXIV
    return ARXIV_ASSUMED if path.startswith("/licenses/assumed-1991") else None


def license_from_abstract_page(html: bytes) -> License | None:
    """The licence that arXiv's abstract page (`/abs/ID`) links to, or None if it links to no known licence."""
    import lxml.etree
    import lxml.html

    try:
        page = lxml.html.document_fromstring(
            html[:2_000_000], parser=lxml.html.HTMLParser(encoding="utf-8", no_network=True)
        )
    except (lxml.etree.LxmlError, ValueError):
        return None
    boxes = page.xpath("//*[contains(concat(' ', @class, ' '), ' abs-license ')]//a/@href")
    found = (license_from_url(str(address)) for address in boxes)
    return next((license_ for license_ in found if license_ is not None), None)


def _creative_commons(terms: str, version: str | None) -> License | None:
    if terms not in _CC_TERMS:
        return None
    if version is None:
        return License(f"CC {terms.upper()}")
    return License(
        f"CC {terms.upper()} {version}", f"https://creativecommons.org/licenses/{terms}/{version}/"
    )
