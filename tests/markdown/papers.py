"""A `papers.json` for tests, as an export writes it."""

import json
from pathlib import Path
from typing import Any

DAWN: dict[str, Any] = {
    "id": "2410.13726",
    "title": "DAWN: talking heads in $O(n^2)$ & <more>",
    "page": "digests/heads/2024-w42.md",
    "anchor": "2410.13726",
    "date": "2024-10-17",
    "authors": ["Hanbo Cheng", "Limin Lin", "Chenyu Liu"],
    "topics": [
        {"slug": "heads", "title": "Heads", "page": "digests/heads/2024-w42.md", "anchor": "2410.13726"}
    ],
    "summary": "It makes videos all at once.",
    "made": {"model": "extractive", "language": "en"},
    "thumbnail": "digests/assets/2410.13726v1/fig-1-cover.webp",
}
OLD: dict[str, Any] = {
    **DAWN,
    "id": "hep-th/9901001",
    "title": "Old strings",
    "page": "digests/heads/1999-w01.md",
    "anchor": "hep-th-9901001",
    "date": "1999",
    "authors": ["A. Elder", "B. Elder"],
    "summary": None,
    "made": None,
    "thumbnail": None,
}
REPORT: dict[str, Any] = {
    **DAWN,
    "id": "2410.10000",
    "title": "Gates for text",
    "page": "digests/gates/index.md",
    "anchor": "2410.10000",
    "date": "2024-10-12",
    "topics": [{"slug": "gates", "title": "Gates"}],
}
TOPICS: list[dict[str, Any]] = [
    {"slug": "heads", "page": "digests/heads/index.md", "set_aside": ["2411.00009"]},
    {"slug": "gates", "page": "digests/gates/index.md", "set_aside": ["2411.00008"]},
    {"slug": "empty", "page": "digests/empty/index.md", "set_aside": []},
]


def write_papers(path: Path, *papers: dict[str, Any], **others: Any) -> Path:
    """Writes the file; without papers, the three above."""
    whole = {
        "version": 1,
        "language": "en",
        "topics": TOPICS,
        "papers": papers or (DAWN, REPORT, OLD),
        **others,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path
