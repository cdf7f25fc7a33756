"""Makes the dictionary with which marks compare Chinese statements with English quotations.

`python benchmarks/train_lexicon.py CEDICT.txt.gz FREQUENCIES.txt ABSTRACTS.json... > lexicon.tsv`

CEDICT is CC-CEDICT (https://cc-cedict.org, CC BY-SA 4.0). FREQUENCIES has a Chinese word and its count on each line, as
the dictionary of jieba has (MIT). ABSTRACTS are lists of records with `title` and `abstract` (arXiv's metadata, CC0): a
rare word stays if papers have its meanings.
"""

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from mkdocs_paperdigest.summaries.gate.words import cjk_words
from mkdocs_paperdigest.summaries.lexicon import stem_of

HAN = re.compile(r"[\u4e00-\u9fff]+")
ENTRY = re.compile(r"\S+ (\S+) \[([^\]]*)\] /(.*)/")
NO_MEANING = re.compile(
    r"CL:|variant of|old variant|see |erhua|surname|abbr"
    r"|\(?idiom|\(?old\)|\(?archaic|\(?literary|\(?Buddh|\(?slang|\(?dialect|\(Tw|\(bound"
)
SMALL = frozenset(
    [
        *("the", "and", "for", "with", "from", "one", "also", "used", "not", "very", "more", "etc", "into"),
        *(
            "that",
            "this",
            "person",
            "people",
            "thing",
            "things",
            "usu",
            "name",
            "term",
            "kind",
            "such",
            "other",
        ),
        *(
            "who",
            "which",
            "his",
            "her",
            "its",
            "their",
            "are",
            "was",
            "has",
            "have",
            "any",
            "all",
            "per",
            "via",
        ),
        *("get", "give", "make", "take", "out", "off", "over", "down", "upon", "about", "some", "become"),
    ]
)
MOST_MEANINGS = 4
COMMON = {2: 300, 3: 1000}
"""Characters of a word, and how often it has to be counted to stay whatever it means."""
LEAST_COUNT = 10
LEAST_PAPERS = 2


def main() -> None:
    """Print the dictionary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cedict", type=Path)
    parser.add_argument("frequencies", type=Path)
    parser.add_argument("abstracts", type=Path, nargs="+")
    options = parser.parse_args()
    lines = options.frequencies.read_text("utf-8").splitlines()
    counts = {word: int(count) for word, count, *_ in map(str.split, lines)}
    papers: Counter[str] = Counter()
    for path in options.abstracts:
        for record in json.loads(path.read_text("utf-8")):
            text = f"{record['title']} {record['abstract']}".lower()
            papers.update({stem_of(word) for word in re.findall("[a-z]{3,}", text)})
    ours = dict(cjk_words().terms)
    print(
        "# Chinese words with English stems that they may stand for, from CC-CEDICT (https://cc-cedict.org), licensed under"
    )
    print("# CC BY-SA 4.0; so is this file. Made by benchmarks/train_lexicon.py.")
    for word, stems in sorted(meanings(options.cedict)):
        count = counts.get(word, 0)
        technical = count >= LEAST_COUNT and all(papers[stem] >= LEAST_PAPERS for stem in stems[:2])
        if word not in ours and (technical or count >= COMMON.get(len(word), count + 1)):
            print(word, " ".join(stems), sep="\t")


def meanings(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Simplified words with the stems of their short meanings, the surest first."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = ENTRY.match(line)
            if (
                not entry
                or len(entry[1]) not in COMMON
                or not HAN.fullmatch(entry[1])
                or entry[2][0].isupper()
            ):
                continue
            for meaning in entry[3].split("/"):
                if NO_MEANING.match(meaning):
                    continue
                for part in re.split("[;,]", re.sub(r"\([^)]*\)", "", meaning)):
                    words = [word for word in re.findall("[a-z]{3,}", part.lower()) if word not in SMALL]
                    for word in words if len(words) <= 2 else ():
                        found[entry[1]][stem_of(word)] += 1
    return ((word, [stem for stem, _ in stems.most_common(MOST_MEANINGS)]) for word, stems in found.items())


if __name__ == "__main__":
    main()
