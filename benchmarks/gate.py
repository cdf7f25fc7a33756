"""How well the publish gate tells labelled entries apart: `python benchmarks/gate.py LABELLED.jsonl [--show]`.

Each line of the file is one published entry as JSON: arXiv's `id`, `title`, `authors`, `abstract` and `comment`,
the generated `summary` (text), `takeaways` (a numbered list) and `deep` (a numbered reading: 1 title, 3 affiliation,
4 keywords, 6 summary with (1)-(4), 7 methods, 8 conclusion with (1)-(2)), and `defects`: for each part a list of what is
wrong with it, empty where nothing is. The entry's own words are given to the gate as if a model had just sent them.

A defective part *reaches a page* when any of its text passes, unless what the gate cut off or dropped has the label's
kind: a chatty sentence that was trimmed cures the label "chatter", but not "ungrounded" beside it. A labelled part
that this program cannot find in the entry counts as published. A clean part is *wrongly rejected* when the gate drops
any field of it. `--half a` and `--half b` judge a fixed half of the entries, to write rules with one and report on the
other.
"""

import argparse
import hashlib
import html
import json
import re
import statistics
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mkdocs_paperdigest.models import Answer, Claim, Paper
from mkdocs_paperdigest.summaries.gate.judge import Verdict, check

PARTS = {
    "summary": ("summary",),
    "takeaways": ("takeaways",),
    "background": ("background",),
    "past": ("prior_work",),
    "approach": ("approach",),
    "results": ("results",),
    "methods": ("methods",),
    "conclusion": ("significance", "performance"),
    "title": ("title_translation",),
    "affiliation": ("affiliation",),
    "keywords": ("keywords",),
}
"""The labels' names of parts, and the fields of an answer that hold them."""
SHORT = frozenset({"title", "affiliation", "keywords"})
"""Parts that are not prose; counted apart."""
INTOLERABLE = frozenset({"placeholder", "chatter", "refusal", "leak", "degenerate", "truncated", "language"})
"""Defects of which none may reach a page."""
CURES = (
    frozenset({"placeholder", "chatter", "refusal", "leak", "echo"}),
    frozenset({"ungrounded", "numbers", "metadata"}),
)
"""Kinds that labels and reasons do not keep apart: a cut for one of them cures the others."""


def main() -> None:
    """Judge every entry and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("entries", type=Path)
    parser.add_argument("--language", default="zh", help="of the entries without `lang`")
    parser.add_argument("--half", choices=["a", "b"], help="judge only this half of the entries")
    parser.add_argument("--show", action="store_true", help="print what went wrong, with its text")
    options = parser.parse_args()
    tally = Tally(show=options.show)
    for line in options.entries.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if options.half not in (None, half_of(entry["id"])):
            continue
        answer, paper = answer_of(entry), paper_of(entry)
        start = time.process_time()
        verdict = check(answer, paper=paper, text=None, language=entry.get("lang", options.language))
        tally.milliseconds.append(1000 * (time.process_time() - start))
        tally.add(entry, answer, verdict)
    tally.report()


def half_of(paper_id: str) -> str:
    """Which of two fixed halves an entry belongs to: "a" or "b"."""
    return "ab"[hashlib.sha256(paper_id.encode()).digest()[0] % 2]


class Tally:
    """Counts of what the gate did, against the labels."""

    def __init__(self, *, show: bool) -> None:
        self.show = show
        self.milliseconds: list[float] = []
        self.given: Counter[tuple[str, str]] = Counter()
        self.reached: Counter[tuple[str, str]] = Counter()
        self.clean: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.codes: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, entry: dict[str, Any], answer: Answer, verdict: Verdict) -> None:
        """Count one entry."""
        reasons = {omission.field: omission.reason for omission in verdict.failed}
        for part, fields in PARTS.items():
            defects = [defect for defect in entry["defects"].get(part, []) if defect != "missing"]
            kind = "short" if part in SHORT else "prose"
            present = [name for name in fields if getattr(answer, name)]
            for name in present:
                if name in reasons:
                    self.codes[reasons[name]]["right" if defects else "wrong"] += 1
            if defects:
                self._defective(entry, kind, part, _left(defects, fields, answer, verdict), defects)
            else:
                for name in present:
                    self.clean[kind] += 1
                    if name in reasons:
                        self.rejected[kind] += 1
                        self._say("rejected", entry, name, reasons[name], getattr(answer, name))

    def _defective(
        self, entry: dict[str, Any], kind: str, part: str, left: list[str], defects: list[str]
    ) -> None:
        for defect in defects:
            self.given[kind, defect] += 1
            self.reached[kind, defect] += defect in left
        self.given[kind, "any"] += 1
        self.reached[kind, "any"] += bool(left)
        if left:
            self._say(kind + " published", entry, part, "+".join(left), entry.get("notes"))

    def _say(self, what: str, entry: dict[str, Any], name: str, why: str, text: object) -> None:
        if self.show:
            print(f"{what} {entry['id']} {name} ({why}): {str(text)[:300]}\n")

    def report(self) -> None:
        """Print the tables and the two goals."""
        for kind in ("prose", "short"):
            print(f"{kind} parts\n  {'defect':<13}{'labelled':>9}{'published':>10}{'recall':>8}")
            for _, defect in sorted(key for key in self.given if key[0] == kind):
                given, reached = self.given[kind, defect], self.reached[kind, defect]
                print(f"  {defect:<13}{given:>9}{reached:>10}{1 - reached / given:>8.3f}")
        print(f"gate's reason  {'on defective':>13}{'on clean':>10}{'precision':>10}")
        for code, counts in sorted(self.codes.items()):
            right, wrong = counts["right"], counts["wrong"]
            print(f"  {code:<13}{right:>13}{wrong:>10}{right / (right + wrong):>10.3f}")
        intolerable = sum(self.reached["prose", defect] for defect in INTOLERABLE)
        print(
            f"defective prose that reaches a page: {_share(self.reached['prose', 'any'], self.given['prose', 'any'])}"
        )
        print(f"  of it with a defect that is never tolerated: {intolerable}")
        print(f"clean prose fields rejected: {_share(self.rejected['prose'], self.clean['prose'])}")
        print(f"clean short fields rejected: {_share(self.rejected['short'], self.clean['short'])}")
        times = sorted(self.milliseconds)
        print(
            f"processor time for one paper: median {statistics.median(times):.1f} ms, longest {times[-1]:.1f} ms"
        )


def _left(defects: list[str], fields: tuple[str, ...], answer: Answer, verdict: Verdict) -> list[str]:
    """The labelled defects of a part that the gate did not take away."""
    if any(getattr(answer, name) for name in fields):
        if not any(getattr(verdict.passed, name) for name in fields):
            return []
        gone = {omission.reason for omission in (*verdict.failed, *verdict.cut) if omission.field in fields}
        kinds = gone.union(*(alike for alike in CURES if alike & gone))
        return [defect for defect in defects if defect not in kinds]
    return defects


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / max(whole, 1):.2f} %)"


def paper_of(entry: dict[str, Any]) -> Paper:
    """The facts that arXiv states about the entry's paper."""
    number, _, version = entry["id"].rpartition("v")
    submitted = datetime(2000 + int(number[:2]), int(number[2:4]), 1, tzinfo=UTC)
    return Paper(
        id=number,
        version=int(version),
        title=entry["title"],
        authors=tuple(entry["authors"]),
        abstract=entry["abstract"] or "",
        published=submitted,
        updated=submitted,
        comment=entry.get("comment"),
    )


def answer_of(entry: dict[str, Any]) -> Answer:
    """The entry's texts in the fields of an answer."""
    deep = _plain(entry.get("deep"))
    reading = _numbered_parts(deep)
    digest, verdict = _bracketed(reading.get(6, "")), _bracketed(reading.get(8, ""))
    steps = [text for _, text in sorted(_bracketed(reading.get(7, "")).items())]
    if entry["defects"].get("methods") and steps:
        # The defect may stand before the first step.
        steps.insert(0, reading[7][: reading[7].index(steps[0])].rstrip(" (（1)）:："))
    whole_verdict = None if verdict else reading.get(8)
    keywords = [word.strip() for word in re.split(r"[、,，;；\n]", reading.get(4, ""))]
    listed = re.split(r"(?m)^\s*(?:[-*•]|\d{1,2}[.、)）])\s*", _plain(entry.get("takeaways")))
    # What the labels call a part's defect may stand in text without any heading: the opening, or one long block.
    rest = {part: text for part in PARTS if (text := _unheaded(part, entry, deep))}
    return Answer(
        summary=(entry.get("summary") or "").strip() or None,
        takeaways=_claims(listed),
        title_translation=reading.get(1) or rest.get("title"),
        keywords=tuple(filter(None, keywords)) or tuple(filter(None, (rest.get("keywords"),))),
        affiliation=reading.get(3) or rest.get("affiliation"),
        background=_claim(digest.get(1) or rest.get("background")),
        prior_work=_claim(digest.get(2) or rest.get("past")),
        approach=_claim(digest.get(3) or rest.get("approach")),
        results=_claim(digest.get(4) or rest.get("results")),
        methods=_claims(steps or [reading.get(7) or rest.get("methods", "")]),
        significance=_claim(verdict.get(1) or whole_verdict or rest.get("conclusion")),
        performance=_claim(verdict.get(2)),
    )


def _unheaded(part: str, entry: dict[str, Any], deep: str) -> str:
    """The text that a label speaks of where the reading has no heading for the part."""
    if not any(defect != "missing" for defect in entry["defects"].get(part, [])):
        return ""
    if part in ("background", "past", "approach", "results"):
        return _between(deep, 0, 7)
    if part == "conclusion":
        return _between(deep, 7, 9)
    return _between(deep, 0, 6) if part in SHORT else _between(deep, 6, 8)


def _between(text: str, first: int, last: int) -> str:
    """What stands after the last part up to `first` has begun and before the first from `last` on begins."""
    openings = _openings(text)
    begin = max((start for number, start, _ in openings if number <= first), default=0)
    end = min((start for number, start, _ in openings if number >= last and start > begin), default=len(text))
    return text[begin:end].strip()


def _claim(text: str | None) -> Claim | None:
    return Claim(text.strip()) if text and text.strip() else None


def _claims(texts: list[str]) -> tuple[Claim, ...]:
    return tuple(claim for claim in map(_claim, texts) if claim is not None)


def _plain(markup: str | None) -> str:
    """Text without HTML; list items come out as numbered lines, as far as a reading has parts."""
    text = re.sub(r"(?i)<br\s*/?>|</(?:p|li|ol|ul)>", "\n", markup or "")
    count = 0

    def numbered(tag: re.Match[str]) -> str:
        nonlocal count
        if tag[1]:
            count = int(tag[1]) - 1
            return "\n"
        count += 1
        return f"\n{count}. " if count <= 8 else "\n"

    text = re.sub(r"(?i)<ol start=\"(\d)\">|<li[^>]*>", numbered, text)
    return html.unescape(re.sub(r"<[^>\n]{1,200}>", "", text)).replace("\r", "")


_PART = re.compile(r"(?m)^[ \t>*#]*([1-8])[ \t]*[.、:：．][ \t]*(?=\D)")
_BARE = re.compile(
    r"(?mi)^[ \t>*#\-]*(?=(?:论文)?(?:[\w\u4e00-\u9fff]{2,4}|<\w+>)\**\s*[:：(]|some error for method)"
)
_HEADINGS = {
    1: "题目|标题|论文标题|论文题目|文章标题|中文标题|title",
    2: r"作者(?!的?(?:所属|隶属|单位|机构|所在))|authors?\b(?! affil)",
    3: r"第一作者|作者的?(?:所属|隶属|单位|机构|所在)|单位|机构|隶属|所属|(?:the )?(?:first )?(?:author.?s? )?affiliation",
    4: "关键词|关键字|keywords?",
    5: "链接|网址|urls?|论文链接|url",
    6: "摘要|总结|概述|summary|内容|概要|论文摘要|文章摘要",
    7: "方法论?|研究方法|<?methods?>?|methodology|some error for method",
    8: "结论|总结|<?conclusions?>?",
}


def _numbered_parts(text: str) -> dict[int, str]:
    """Parts 1-8 of a reading. A line opens one when its words are that part's heading, or any part's with a colon."""
    openings = _openings(text)
    parts: dict[int, str] = {}
    ends = [*(start for _, start, _ in openings), len(text)][1:]
    for (number, _, start), end in zip(openings, ends, strict=True):
        heading = rf"(?i)^\**\s*({_HEADINGS[number]})[^:：\n]{{0,30}}?\**\s*[:：]?\**\s*"
        body = text[start:end].strip()
        if not body.lower().startswith(("some error", "<")):
            body = re.sub(heading, "", body, count=1).strip()
        before = parts.get(number)
        if before is None or 0 < len(before) < min(4, len(body)):
            parts[number] = body
    return parts


def _openings(text: str) -> list[tuple[int, int, int]]:
    """Number, beginning and end of each heading; one without its number counts where no numbered one is."""
    numbered = [opening for mark in _PART.finditer(text) if (opening := _opening(text, mark, int(mark[1])))]
    known = {number for number, _, _ in numbered}
    bare = [opening for mark in _BARE.finditer(text) if (opening := _opening(text, mark, 0))]
    first: dict[int, tuple[int, int, int]] = {}
    for opening in bare:
        if opening[0] not in known:
            first.setdefault(opening[0], opening)
    return sorted([*numbered, *first.values()], key=lambda opening: opening[1])


def _opening(text: str, mark: re.Match[str], number: int) -> tuple[int, int, int] | None:
    words = text[mark.end() : mark.end() + 24].lower().strip("* ")
    if number and re.match(rf"\**\s*({_HEADINGS[number]})", words):
        return number, mark.start(), mark.end()
    for other, heading in _HEADINGS.items():
        if re.match(rf"\**\s*({heading})\**\s*[:：]", words):
            # A summary under a later number is the conclusion.
            return 8 if other == 6 and number > 6 else other, mark.start(), mark.end()
        if not number and other == 7 and words.startswith("some error"):
            return other, mark.start(), mark.end()
    return None


def _bracketed(text: str) -> dict[int, str]:
    """What follows (1), (2), (3) and (4), or 一、 to 四、 at the beginning of a line."""
    marks = list(re.finditer(r"[(（][ ]*([1-4])[ ]*[)）][ ]*[:：.、]?", text))
    if not marks:
        marks = list(re.finditer(r"(?m)^[ \t*#]*([一二三四])、", text))
    ends = [*(mark.start() for mark in marks), len(text)][1:]
    parts: dict[int, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        number = int(mark[1]) if mark[1].isdecimal() else "一二三四".index(mark[1]) + 1
        parts.setdefault(number, text[mark.end() : end].strip(" \n-*:："))
    return parts


if __name__ == "__main__":
    main()
