"""Makes the pairs of opposites with which marks compare statements with quotations.

`python benchmarks/train_opposites.py WORDNET ABSTRACTS.json... > opposites.tsv`

WORDNET is a folder with the database files of WordNet 3.0 (`data.adj` and so on; https://wordnet.princeton.edu, WordNet
licence). ABSTRACTS are lists of records with `title` and `abstract`: a pair stays if papers have one of its words, or the
general language has both.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from mkdocs_paperdigest.summaries.agreement.patterns import signs_in
from mkdocs_paperdigest.summaries.agreement.words import empty_words
from mkdocs_paperdigest.summaries.gate.words import all_words
from mkdocs_paperdigest.summaries.lexicon import base_of, is_common

PREFIXES = all_words().opposite_prefixes


def main() -> None:
    """Print each word with its opposites."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wordnet", type=Path)
    parser.add_argument("abstracts", type=Path, nargs="+")
    options = parser.parse_args()
    used: set[str] = set()
    for path in options.abstracts:
        for record in json.loads(path.read_text(encoding="utf-8")):
            used.update(re.findall("[a-z-]+", f"{record['title']} {record['abstract']}".lower()))
    found: dict[str, set[str]] = defaultdict(set)
    for pair in antonyms(options.wordnet):
        one, other = sorted(pair)
        known = any({word, base_of(word)} & empty_words() or signs_in(word) for word in pair)
        # Other rules know these by their prefixes.
        prefixed = any(pair[0] == prefix + pair[1] or pair[1] == prefix + pair[0] for prefix in PREFIXES)
        common = not used.isdisjoint(pair) or all(map(is_common, pair))
        if one != other and common and not known and not prefixed:
            found[one].add(other)
    print(
        "# English words with their opposites, from WordNet 3.0, Copyright 2006 by Princeton University (see LICENSE)."
    )
    print("# Made by benchmarks/train_opposites.py.")
    for word, opposites in sorted(found.items()):
        print(word, " ".join(sorted(opposites)), sep="\t")


def antonyms(folder: Path) -> Iterator[tuple[str, str]]:
    """Pairs of single words that WordNet calls antonyms."""
    words: dict[tuple[str, str], list[str]] = {}
    pointers: list[tuple[tuple[str, str], tuple[str, str], str]] = []
    for name, part in (("verb", "v"), ("adj", "a"), ("adv", "r")):
        for line in (folder / f"data.{name}").read_text(encoding="latin-1").splitlines():
            fields = line.partition(" | ")[0].split()
            if line.startswith(" "):
                continue
            count = int(fields[3], 16)
            place = (part, fields[0])
            words[place] = [re.sub(r"\(.*\)", "", word).lower() for word in fields[4 : 4 + 2 * count : 2]]
            rest = fields[5 + 2 * count :]
            for at in range(0, 4 * int(fields[4 + 2 * count]), 4):
                symbol, offset, other, ends = rest[at : at + 4]
                if symbol == "!" and ends != "0000":
                    pointers.append((place, (other.replace("s", "a"), offset), ends))
    for source, target, ends in pointers:
        pair = words[source][int(ends[:2], 16) - 1], words[target][int(ends[2:], 16) - 1]
        if not any("_" in word or len(word) < 3 for word in pair):
            yield pair


if __name__ == "__main__":
    main()
