"""HTML in one form, whoever wrote it: Markdown orders attributes and sets line breaks inside its own elements."""

import re
from copy import deepcopy

import lxml.html


def canonical(element: lxml.html.HtmlElement) -> str:
    """The HTML of an element without the text behind it."""
    element = deepcopy(element)
    element.tail = None
    for node in element.iter():
        attributes = {name: "" if value == name else value for name, value in sorted(node.attrib.items())}
        node.attrib.clear()
        node.attrib.update(attributes)
    return re.sub(
        r"\s+", " ", re.sub(r"\s*([<>])\s*", r"\1", lxml.html.tostring(element, encoding="unicode"))
    )
