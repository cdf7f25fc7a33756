"""What loading the plugin costs and which libraries a warm build does without: `python -m benchmarks.imports`."""

import argparse
import sys
from pathlib import Path

from benchmarks.measure import medians, run

LIBRARIES = {
    "nothing": "pass",
    "mkdocs": "import mkdocs.commands.build",
    "mkdocs and the plugin": "import mkdocs.commands.build, mkdocs_paperdigest.plugin.plugin",
    "google-genai": "import google.genai",
    "arxiv and requests": "import arxiv, requests",
    "pypdfium2, pillow, numpy": "import pypdfium2, PIL.Image, numpy",
}


def main() -> None:
    """Prints what each import takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    for line in report(parser.parse_args().times):
        print(line)


def report(times: int) -> list[str]:
    """Lines of a table."""
    imports = {
        name: lambda code=code: run([sys.executable, "-c", code], Path.cwd())
        for name, code in LIBRARIES.items()
    }
    costs = medians(imports, times)
    nothing = costs["nothing"].cpu
    lines = [
        f"import {name:26} {(cost.cpu - nothing) * 1000:6.0f} ms cpu"
        for name, cost in costs.items()
        if name != "nothing"
    ]
    plugin = (costs["mkdocs and the plugin"].cpu - costs["mkdocs"].cpu) * 1000
    return [*lines, f"the plugin itself {plugin:.0f} ms cpu"]


if __name__ == "__main__":
    main()
