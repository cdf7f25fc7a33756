"""BibTeX that was made to cost time or memory: it is read all the same, and the entry after it is shown."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

N = 200_000
"""Characters of each flood."""
MOST_S = 30.0
"""Processor time for each; the slowest takes a tenth of it, and work that grows with the square minutes."""
LAUGHS = "@string{m0 = {xxxxxxxxxx}}\n" + "".join(
    f"@string{{m{n} = m{n - 1} # m{n - 1}}}\n" for n in range(1, 61)
)
FLOODS = {
    "braces in braces": "@misc{a, title = {" + "{" * N + "}" * N + "}, year = 2024}",
    "braces that are never closed": "@misc{a, title = {" + "{" * N,
    "braces that were never opened": "}" * N,
    "a macro that doubles itself 60 times": LAUGHS + "@misc{a, title = m60, year = 2024}",
    "macros in many entries": LAUGHS + "".join(f"@misc{{a{n}, title = m{n % 20}}}\n" for n in range(N // 40)),
    "entries that take from each other": "".join(
        f"@misc{{a{n}, crossref = {{a{n + 1}}}, title = {{T}}}}\n" for n in range(N // 50)
    ),
    "an entry that takes from itself": "@misc{a, crossref = {a}, xdata = {a}, title = {T}, year = 2024}",
    "containers of containers": "".join(
        f"@xdata{{x{n}, xdata = {{{','.join(f'x{m}' for m in range(40))}}}, f{n} = {{{'y' * 500}}}}}\n" for n in range(40)
    )
    + "".join(f"@misc{{a{n}, xdata = {{x1}}, year = 2024, title = {{T}}}}\n" for n in range(N // 50)),
    "ats": "@" * N,
    "ats in lines": "@\n" * (N // 2),
    "beginnings of entries": "@a{" * (N // 3),
    "beginnings of entries in lines": "@a{\n" * (N // 4),
    "comments that are never closed": "@comment{" * (N // 3),
    "macros that are never closed": "@string{a = " * (N // 12),
    "comment signs": "%@a\n" * (N // 4),
    "a long key": "@misc{" + "k" * N + ", title = {T}, year = 2024}",
    "a long key of words": "@misc{" + "k " * (N // 2) + ", title = {T}, year = 2024}",
    "a long name of a field": "@misc{a, " + "k" * N + " = {x}, title = {T}, year = 2024}",
    "a long type": "@" + "m" * N + "{a, title = {T}, year = 2024}",
    "a long title": "@misc{a, title = {" + "t" * N + "}, year = 2024}",
    "a title of spaces": "@misc{a, title = {" + " " * N + "x}, year = 2024}",
    "a title of lines": "@misc{a, title = {" + "\n" * N + "x}, year = 2024}",
    "a title of commands": "@misc{a, title = {" + "\\'{" * (N // 3) + "}" * (N // 3) + "}, year = 2024}",
    "a name that is long": "@misc{a, author = {" + "A" * N + "}, title = {T}, year = 2024}",
    "many names": "@misc{a, author = {" + "x and " * (N // 6) + "y}, title = {T}, year = 2024}",
    "a name of commas": "@misc{a, author = {" + "," * N + "}, title = {T}, year = 2024}",
    "pieces": "@misc{a, title = " + "{x} # " * (N // 6) + "{y}, year = 2024}",
    "fields": "@misc{a, title = {T}, year = 2024, " + "".join(f"f{n} = {{x}}, " for n in range(N // 12)) + "}",
    "keywords again and again": "@misc{a, title = {T}, " + "".join(f"keywords = {{{n}}}, " for n in range(N // 20)) + "}",
    "commas": "@misc{a, title = {T}, year = 2024" + "," * N + "}",
    "quotation marks": '@misc{a, title = "' + '{"' * (N // 2),
    "one key": "@misc{a, title = {T}, year = 2024}\n" * (N // 36),
    "files": "@misc{a, title = {T}, year = 2024, file = {" + "a;" * (N // 2) + "b.pdf}}",
    "a year": "@misc{a, title = {T}, year = {" + "1" * N + "}}",
    "dollars": "@misc{a, title = {T}, year = 2024, abstract = {" + "$" * N + "}}",
    "statements of arXiv": "@misc{a, title = {T}, year = 2024, note = {" + "arxiv: " * (N // 7) + "}}",
}  # fmt: skip
READ = """
import json, resource, sys, time
from pathlib import Path
from mkdocs_paperdigest.sources.library import read_library
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
library = read_library(Path(sys.argv[1]), topic="T")
found = {paper.id: len(paper.title) for paper in library.papers}
print(json.dumps({"shown": found.get("good"), "longest": max(found.values()), "s": time.process_time()}))
"""
GOOD = "@book{good, title = {A good one}, year = 2024}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of memory there")
@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_costs_little_and_no_other_entry(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(f"{FLOODS[name]}\n{GOOD}")
    # In a process of its own, with 1 GiB of memory.
    command = [sys.executable, "-c", READ, str(tmp_path / "x.bib"), str(int(MOST_S))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stderr == ""
    result = json.loads(done.stdout)
    assert result["shown"] == len("A good one")
    assert result["longest"] <= 50_000


@pytest.mark.parametrize("year", ["0", "0000", "0001", "0999", "9999", "10000", "-1", "2024-13-45"])
@pytest.mark.parametrize("more", ["", "month = 13, ", "month = jan, day = 32, ", "month = {0}, "])
def test_odd_dates_leave_out_one_entry_at_most(year: str, more: str, tmp_path: Path) -> None:
    from mkdocs_paperdigest.models import YEARS
    from mkdocs_paperdigest.pages.plan.periods import span_of
    from mkdocs_paperdigest.sources.library import read_library

    for field in ("year", "date"):
        (tmp_path / "x.bib").write_text(f"@book{{a, title = {{T}}, {more}{field} = {{{year}}}}}\n{GOOD}")
        library = read_library(tmp_path / "x.bib", topic="T")
        assert "good" in [paper.id for paper in library.papers]
        assert len(library.papers) + len(library.left_out) == 2
        for paper in library.papers:
            assert paper.published.year in YEARS
            assert span_of(paper.published, "week").name
