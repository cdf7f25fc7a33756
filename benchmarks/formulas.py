"""How many formulas of real titles and abstracts are typeset: `python -m benchmarks.formulas FILE...`.

A file holds records with `title` and `abstract`, as JSON or as JSON lines. Text commands (links, characters) are
counted apart: they become their text, as they should.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs_paperdigest.pages.escaping.mathematics import typeset

_TEXT = re.compile(r"\$?\\(?:href|url|unicode|text(?:bf|it|tt|sc|sf|rm)?|emph|cite|ref|footnote)\b[^$]*\$?")
_LEFT = re.compile(r"(?<!\\)\$[^$]{1,1000}(?<!\\)\$|\\\(.{1,1000}?\\\)|\\\[.{1,1000}?\\\]")
_SPAN = re.compile(r'<span class="arithmatex">.*?</span>')


def main() -> None:
    """Prints one line a file, and each formula that is shown as text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    for path in parser.parse_args().files:
        records = list(_records(path.read_text("utf-8")))
        formulas = shown = texts = 0
        for record in records:
            for text in (record["title"], record["abstract"]):
                typeset_here = len(_SPAN.findall(typeset(text)))
                for source in _LEFT.findall(text):
                    if _SPAN.search(typeset(source)):
                        continue
                    if _TEXT.fullmatch(source):
                        texts += 1
                    elif "\\" in source or "^" in source or "_" in source:
                        shown += 1
                        print(f"    {source[:160]}")
                formulas += typeset_here
        print(
            f"{path.name}: {len(records)} records, {formulas} formulas typeset, {shown} shown as text"
            f" ({shown / max(formulas + shown, 1):.2%}), {texts} text commands"
        )


def _records(text: str) -> Iterator[dict[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    yield from _with_abstract(found)


def _with_abstract(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and isinstance(value.get("abstract"), str):
        yield {"title": "", **value}
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _with_abstract(part)


if __name__ == "__main__":
    main()
