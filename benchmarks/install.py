"""What an installation weighs, package by package: `python -m benchmarks.install` (it downloads packages)."""

import argparse
import subprocess
import sys
import tempfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
OF_PIP = {"pip", "setuptools", "wheel"}
"""What every new environment has."""


def main() -> None:
    """Prints the packages of a fresh environment, the largest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", default="material", help="empty for none")
    for line in report(parser.parse_args().extra):
        print(line)


def report(extra: str) -> list[str]:
    """Lines of a table: bytes of files, and the part that Python has compiled from the rest."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin/python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        wanted = f"{ROOT}[{extra}]" if extra else str(ROOT)
        subprocess.run([python, "-m", "pip", "install", "--quiet", wanted], check=True)
        (packages,) = Path(folder).glob("lib/python*/site-packages")
        found = [one for one in distributions(path=[str(packages)]) if one.name not in OF_PIP]
        sizes = sorted(((*_size(one), one.name) for one in found), reverse=True)
    total, compiled = (sum(size[place] for size in sizes) / 1e6 for place in (0, 1))
    return [
        f"{len(sizes)} packages, {total:.0f} MB of files, {compiled:.0f} MB of them compiled modules",
        *(f"{size / 1e6:6.1f} MB {name}" for size, _, name in sizes),
    ]


def _size(package: Distribution) -> tuple[int, int]:
    """Bytes of a package's files, and of those among them that are compiled modules."""
    files = [(Path(str(package.locate_file(file))), file.suffix) for file in package.files or ()]
    sizes = [(path.stat().st_size, suffix == ".pyc") for path, suffix in files if path.is_file()]
    return sum(size for size, _ in sizes), sum(size for size, compiled in sizes if compiled)


if __name__ == "__main__":
    main()
