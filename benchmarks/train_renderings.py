"""Makes the gate's tables of how Chinese renders the words of English abstracts, and of how common those words are.

`python benchmarks/train_renderings.py CEDICT.txt.gz ABSTRACTS.json... --readings READINGS.jsonl > renderings.tsv`
`python benchmarks/train_renderings.py ABSTRACTS.json... > commonness.tsv`

CEDICT is CC-CEDICT (https://cc-cedict.org, CC BY-SA 4.0), which gives the words. ABSTRACTS are lists of records with
`title` and `abstract` (arXiv's metadata, CC0), which give the share of abstracts that have a word. READINGS are generated
Chinese readings with the abstracts they were made from; they only give counts: how often a reading of an abstract with
the word has one of its Chinese words. Nothing of their text is kept.
"""

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from mkdocs_paperdigest.summaries.gate.renderings import stems_of, words_of

HAN = re.compile(r"[\u4e00-\u9fff]+")
LONGEST = 7
"""Characters of a word."""
SMALL = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "from",
        "one",
        "also",
        "used",
        "not",
        "very",
        "more",
        "etc",
        "into",
        "that",
        "this",
        "person",
        "people",
        "thing",
    ]
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="[CEDICT] ABSTRACTS")
    parser.add_argument("--readings", type=Path, help="without them, print how common each stem is")
    parser.add_argument(
        "--without", type=Path, nargs="*", default=[], help="labelled entries that are left out"
    )
    options = parser.parse_args()
    if options.readings is None:
        print_commonness([record for path in options.files for record in json.loads(path.read_text())])
        return
    cedict, *abstracts = options.files
    lexicon = dict(glosses(cedict))
    fronts = [stems(record) for path in abstracts for record in json.loads(path.read_text())]
    held_out = {json.loads(line)["id"] for path in options.without for line in path.read_text().splitlines()}
    frequency = Counter(stem for front in fronts for stem in front)
    words: Counter[str] = Counter()
    given: Counter[str] = Counter()
    rendered: Counter[str] = Counter()
    for line in options.readings.read_text().splitlines():
        entry = json.loads(line)
        if entry["id"] in held_out or not entry.get("abstract") or not entry.get("deep"):
            continue
        text = re.sub(r"<[^>]+>", " ", entry["deep"])
        said = segments(text, lexicon)
        words.update(said)
        meanings = stems_of(text).union(*(lexicon[word] for word in said))
        for stem in stems(entry):
            given[stem] += 1
            rendered[stem] += stem in meanings
    by_stem = defaultdict(list)
    for word, count in words.most_common():
        for stem in lexicon[word] if count >= 3 else ():
            by_stem[stem].append(word)
    for stem in sorted(given):
        share = (rendered[stem] + 0.5) / (given[stem] + 1)
        common = frequency[stem] / len(fronts)
        if given[stem] >= 5 and share >= 0.5 and common < 0.3 and by_stem[stem]:
            print(stem, round(100 * common, 1), round(100 * share), *by_stem[stem][:8], sep="\t")


def print_commonness(records: list[dict[str, str]]) -> None:
    """Print the stems that at least one abstract of a hundred has, by how many of a hundred have them."""
    fronts = [words_of(f"{record['title']} {record['abstract']}") for record in records if record["abstract"]]
    frequency = Counter(stem for front in fronts for stem in front)
    by_percent = defaultdict(list)
    for stem in sorted(frequency):
        if 100 * frequency[stem] >= len(fronts):
            by_percent[round(100 * frequency[stem] / len(fronts))].append(stem)
    print("# Percent of abstracts of arXiv that have a word, and the stems of such words.")
    print("# Made by benchmarks/train_renderings.py.")
    for percent, found in sorted(by_percent.items()):
        print(percent, " ".join(found), sep="\t")


def stems(record: dict[str, str]) -> frozenset[str]:
    """The beginnings of the words of title and abstract."""
    return stems_of(f"{record['title']} {record['abstract']}")


def glosses(path: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Simplified words with the beginnings of the English words in their glosses."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = re.match(r"\S+ (\S+) \[[^\]]*\] /(.*)/", line)
            if entry and 2 <= len(entry[1]) <= LONGEST and HAN.fullmatch(entry[1]):
                meanings = (re.sub(r"\([^)]*\)", "", meaning) for meaning in entry[2].split("/"))
                plain = (
                    m
                    for m in meanings
                    if not re.match(r"CL:|variant of|old variant|see |erhua|surname|abbr", m)
                )
                found[entry[1]].update(english(plain))
    return ((word, frozenset(beginnings)) for word, beginnings in found.items() if beginnings)


def english(meanings: Iterable[str]) -> Iterator[str]:
    """The beginnings of the words that carry meaning."""
    for word in re.findall(r"[a-z]{3,}", " ".join(meanings).lower()):
        if word not in SMALL:
            yield word[:5]


def segments(text: str, lexicon: dict[str, frozenset[str]]) -> set[str]:
    """The longest words of the lexicon, from left to right."""
    found = set()
    for run in HAN.findall(text):
        place = 0
        while place < len(run):
            sizes = range(min(LONGEST, len(run) - place), 1, -1)
            word = next((w for size in sizes if (w := run[place : place + size]) in lexicon), "")
            if word:
                found.add(word)
            place += len(word) or 1
    return found


if __name__ == "__main__":
    main()
