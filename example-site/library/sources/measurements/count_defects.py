"""Counts the defects of labelled generated readings, and what literal patterns alone find of them.

usage: count_defects.py labelled.jsonl > defects.json

A line of `labelled.jsonl` is one published entry: `summary`, `takeaways` and `deep` hold what a
language model wrote, `defects` maps a field to the list of defects that a person saw in it. The
entries are other people's texts and not part of this repository; only the counts are.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

KINDS = (
    "missing",
    "placeholder",
    "leak",
    "chatter",
    "refusal",
    "metadata",
    "ungrounded",
    "degenerate",
    "truncated",
    "language",
)
FIELDS = (
    "summary",
    "takeaways",
    "title",
    "authors",
    "affiliation",
    "keywords",
    "links",
    "background",
    "past",
    "approach",
    "results",
    "methods",
    "conclusion",
)
PROSE = ("summary", "takeaways", "background", "past", "approach", "results", "methods", "conclusion")

# Written from the definitions of the kinds, not fitted to the entries.
PATTERNS = {
    "placeholder": r"x{3,}|\[[^\]\n]*(?:链接|link|url)[^\]\n]*\]|此处|<[^>\n]*(?:链接|url|link)[^>\n]*>",
    "leak": r"如可用|如果可用|如果不可用|if available|请填写|用中文|不要|务必|格式",
    "chatter": r"希望以上|希望这|请注意|如需|请随时|满足您|以上(?:内容|回答|总结|是)|您的要求",
    "refusal": r"抱歉|对不起|无法(?:提供|访问|回答|确定|获取)|作为(?:一个|AI|人工智能)|sorry|as an ai",
}


def count(entries: list[dict]) -> dict:
    """Counts by field and kind, per entry, and of what the patterns find."""
    by_field = {field: Counter() for field in FIELDS}
    for entry in entries:
        for field, kinds in entry["defects"].items():
            by_field[field].update(kinds)
    return {
        "entries": len(entries),
        "defective": sum(any(entry["defects"].values()) for entry in entries),
        "defective_prose": sum(any(entry["defects"].get(f) for f in PROSE) for entry in entries),
        "by_field": {field: {kind: by_field[field][kind] for kind in KINDS} for field in FIELDS},
        "grid": [[worst(entry["defects"].get(field, [])) for field in FIELDS] for entry in entries],
        "patterns": patterns(entries),
    }


def worst(kinds: list[str]) -> int:
    """The first of the field's defects in the order of `KINDS`, from 1; 0 where there is none."""
    return min((KINDS.index(kind) + 1 for kind in kinds), default=0)


def patterns(entries: list[dict]) -> dict:
    """What literal patterns find, entry by entry."""
    texts = [" ".join(str(e.get(part) or "") for part in ("summary", "takeaways", "deep")) for e in entries]
    labels = [{kind for kinds in entry["defects"].values() for kind in kinds} for entry in entries]
    found = [{k for k, p in PATTERNS.items() if re.search(p, text, re.I)} for text in texts]
    written = [kinds - {"missing"} for kinds in labels]
    return {
        "by_kind": {
            kind: {
                "labelled": sum(kind in kinds for kinds in labels),
                "found_by_own_pattern": sum(
                    kind in a and kind in b for a, b in zip(labels, found, strict=True)
                ),
                "found_by_any_pattern": sum(
                    kind in a and bool(b) for a, b in zip(labels, found, strict=True)
                ),
            }
            for kind in KINDS
        },
        "written_defects": sum(map(bool, written)),
        "written_defects_found": sum(bool(a) and bool(b) for a, b in zip(written, found, strict=True)),
        "false_alarms": {
            kind: sum(kind in b and kind not in a for a, b in zip(labels, found, strict=True))
            for kind in PATTERNS
        },
    }


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    print(json.dumps(count([json.loads(line) for line in lines]), indent=1))
