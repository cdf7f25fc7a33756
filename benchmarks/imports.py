"""What loading the plugin costs after MkDocs, and what a warm build does without: `python -m benchmarks.imports`."""

import argparse
import statistics
import subprocess
import sys

MKDOCS = "import mkdocs.__main__, mkdocs.commands.build"
"""What has been loaded when MkDocs comes to its plugins."""
LIBRARIES = {
    "the plugin": "mkdocs_paperdigest.plugin.plugin",
    "msgspec": "msgspec",
    "arxiv, requests, lxml": "arxiv, requests, lxml.html",
    "pypdfium2, pillow, numpy": "pypdfium2, PIL.Image, numpy",
    "rapidfuzz": "rapidfuzz.fuzz, rapidfuzz.distance",
    "pybtex, pylatexenc": "pybtex.database.input.bibtex, pylatexenc.latex2text",
    "rich": "rich.console, rich.logging, rich.progress",
}


def main() -> None:
    """Prints what each import takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=9)
    for line in report(parser.parse_args().times):
        print(line)


def report(times: int) -> list[str]:
    """Lines of a table: medians over fresh interpreters, taken in turns."""
    costs: dict[str, list[float]] = {name: [] for name in LIBRARIES}
    for _ in range(times):
        for name, modules in LIBRARIES.items():
            costs[name].append(_milliseconds(modules))
    return [f"{name:26} {statistics.median(taken):4.0f} ms cpu" for name, taken in costs.items()]


def _milliseconds(modules: str) -> float:
    """Processor time of importing modules after MkDocs."""
    code = (
        f"from time import process_time; {MKDOCS}; begin = process_time(); import {modules}; "
        "print((process_time() - begin) * 1000)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
