"""Measures which ways of escaping bring hostile text through Python-Markdown unchanged.

usage: measure_escaping.py > escaping.json        (about two minutes)

Random texts of hostile fragments are escaped in several ways, put into several places of a page,
converted with the extensions that a Material site usually has, and read back from the HTML.
"""

import html
import json
import random
import re
import string
import sys
import time
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.metadata import version
from typing import ClassVar

import markdown

SEED = 20261122
TEXTS = 1000
EXTENSIONS = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc",
    "pymdownx.arithmatex", "pymdownx.betterem", "pymdownx.caret", "pymdownx.critic",
    "pymdownx.details", "pymdownx.emoji", "pymdownx.highlight", "pymdownx.inlinehilite",
    "pymdownx.keys", "pymdownx.mark", "pymdownx.smartsymbols",
    "pymdownx.snippets", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist", "pymdownx.tilde",
]  # fmt: skip
CONFIGS = {"pymdownx.arithmatex": {"generic": True}, "pymdownx.tabbed": {"alternate_style": True}}

FRAGMENTS = {
    "emphasis": ["__init__", "2*3*4", "**bold**", "_x_"],
    "links": ["[a](http://b.example)", "[x][y]", "![i](j.png)", "<http://c.example>"],
    "html": ["<script>f()</script>", "<s>", "x<y>z", "</div>", "<!-- c -->"],
    "entities": ["&lt;", "&amp;", "AT&T", "&#42;"],
    "blocks": ["# one", "- two", "> three", "1986. Four", "==="],
    "tables": ["a | b", "|---|"],
    "attributes": ["{: onclick=g() }", "{#id}", "{ .c }"],
    "admonitions": ["!!! note", "??? tip", '=== "tab"', ":   def"],
    "footnotes": ["[^1]", "[^1]: note", "*[HTML]: x"],
    "math": ["$5-$10", "$x_1$", "\\(a\\)", "\\[b\\]"],
    "code": ["`code`", "```", "~~~"],
    "marks": ["H~2~O", "x^2^", "==m==", "{--d--}", ":smile:", "++ctrl++"],
    "symbols": ["1/2", "(c)", "+/-", "-->"],
    "inclusion": ['--8<-- "notes.txt"', "--8<--"],
    "backslashes": ["\\_", "\\*", "\\%", "C:\\temp"],
    "words": ["the", "loss", "of", "C++,", "is", "0.3%", "(p", "<", "0.05)", "it's", '"q"'],
}

CORE = r"*_`[]<>{}#$\|~^=+!&:@"


def unchanged(text: str) -> str:
    """The text as it came."""
    return text


def html_escape(text: str) -> str:
    """The standard library's escape for HTML."""
    return html.escape(text)


def backslashes(text: str) -> str:
    """A backslash before every character that Markdown lets one escape."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>])", r"\\\1", text)


def html_then_backslashes(text: str) -> str:
    """Both of them."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|])", r"\\\1", html.escape(text))


def core_entities(text: str) -> str:
    """Character references for the punctuation that looks dangerous."""
    return text.translate({ord(c): f"&#{ord(c)};" for c in CORE})


def all_entities(text: str) -> str:
    """Character references for all ASCII punctuation but the comma."""
    return text.translate({ord(c): f"&#{ord(c)};" for c in string.punctuation if c != ","})


POLICIES: dict[str, Callable[[str], str]] = {
    "nothing": unchanged,
    "html.escape": html_escape,
    "backslashes": backslashes,
    "html + backslashes": html_then_backslashes,
    "core entities": core_entities,
    "all entities": all_entities,
}

PLACES = {
    "paragraph": "{}\n",
    "after a word": "See {}\n",
    "list item": "- {}\n",
    "heading": "## {} {{ #h }}\n",
    "table cell": "| a | b |\n|---|---|\n| {} | end |\n",
    "summary": '<details markdown="1"><summary>{}</summary>\n\nbody\n\n</details>\n',
    "image alt": "![{}](figure.png)\n",
}


class Reader(HTMLParser):
    """What a browser would show of the one element that the text was put into."""

    WANTED: ClassVar[dict[str, str]] = {
        "paragraph": "p", "after a word": "p", "list item": "li", "heading": "h2",
        "table cell": "td", "summary": "summary", "image alt": "img",
    }  # fmt: skip

    def __init__(self, place: str) -> None:
        super().__init__(convert_charrefs=True)
        self.place = place
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if self.place == "image alt" and tag == "img":
            self.texts.append(dict(attrs).get("alt") or "")
        elif tag == self.WANTED[self.place]:
            self.depth += 1
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == self.WANTED[self.place]

    def handle_data(self, data: str) -> None:
        if self.depth > 0 and self.texts:
            self.texts[-1] += data


def make_texts(rng: random.Random) -> list[tuple[str, frozenset[str]]]:
    """Random texts with the families of the fragments in them."""
    kinds = [kind for kind in FRAGMENTS if kind != "words"]
    texts = []
    for _ in range(TEXTS):
        hostile = rng.sample(kinds, rng.randint(1, 3))
        parts = [rng.choice(FRAGMENTS[kind]) for kind in hostile]
        parts += rng.choices(FRAGMENTS["words"], k=rng.randint(1, 5))
        rng.shuffle(parts)
        texts.append((" ".join(parts), frozenset(hostile)))
    return texts


def survives(text: str, escape: Callable[[str], str], place: str, skeleton: list[str]) -> str:
    """`same`, `changed` or `crash`: what became of one text in one place."""
    source = PLACES[place].format(escape(text))
    try:
        page = markdown.markdown(source, extensions=EXTENSIONS, extension_configs=CONFIGS)
    except Exception as error:  # noqa: BLE001  # any crash is a result here
        print(f"{place}: {type(error).__name__}: {text}", file=sys.stderr)
        return "crash"
    reader = Reader(place)
    reader.feed(page)
    shown = " ".join(" ".join(reader.texts[:1]).split())
    wanted = " ".join(("See " + text if place == "after a word" else text).split())
    return "same" if shown == wanted and reader.tags == skeleton else "changed"


def main() -> None:
    """Runs the experiment and prints its counts as JSON."""
    texts = make_texts(random.Random(SEED))
    result: dict = {
        "texts": TEXTS,
        "seed": SEED,
        "extensions": len(EXTENSIONS),
        "same": {},
        "crash": {},
        "family": {},
    }
    for name in ("Markdown", "pymdown-extensions"):
        result[name] = version(name)
    for policy, escape in POLICIES.items():
        same, crash, kept, seen = Counter(), Counter(), Counter(), Counter()
        began = time.perf_counter()
        for place in PLACES:
            plain = Reader(place)
            plain.feed(
                markdown.markdown(
                    PLACES[place].format("word"), extensions=EXTENSIONS, extension_configs=CONFIGS
                )
            )
            for text, families in texts:
                outcome = survives(text, escape, place, plain.tags)
                same[place] += outcome == "same"
                crash[place] += outcome == "crash"
                seen.update(families)
                kept.update(families if outcome == "same" else ())
        result["same"][policy] = {place: same[place] for place in PLACES}
        result["crash"][policy] = sum(crash.values())
        result["family"][policy] = {
            family: [kept[family], seen[family]] for family in FRAGMENTS if family != "words"
        }
        print(f"{policy}: {sum(same.values())} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    began = time.perf_counter()
    for text, _ in texts:
        all_entities(text)
    result["escape_microseconds"] = round((time.perf_counter() - began) / TEXTS * 1e6, 2)
    result["growth"] = round(sum(len(all_entities(t)) for t, _ in texts) / sum(len(t) for t, _ in texts), 2)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
