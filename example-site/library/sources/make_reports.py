"""Makes the reports' charts and PDFs again from the measurements in this folder.

usage: make_reports.py        (needs: pip install -r requirements.txt; no network)

The same measurements and the same versions give the same bytes: typst uses only the fonts that it
and matplotlib bring along, and every date is fixed.
"""

from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl
import typst
from charts import draw_charts
from pixels import defect_mosaic, draw_ink_maps, requests_in_flight

SOURCES = Path(__file__).parent
LIBRARY = SOURCES.parent
BUILD = SOURCES / "build"
REPORTS = ("publish-gate", "figure-extraction", "escaping", "request-gate")
MADE = datetime(2026, 11, 22, tzinfo=UTC)


def main() -> None:
    """Draws, typesets, and says how large the results are."""
    BUILD.mkdir(exist_ok=True)
    draw_charts(BUILD)
    defect_mosaic(BUILD)
    requests_in_flight(BUILD)
    for report in REPORTS:
        typeset(report)
        if report == "publish-gate":
            # The second report shows how a page of the first one is read.
            draw_ink_maps(LIBRARY / "publish-gate.pdf", 1, BUILD)
    for report in REPORTS:
        print(f"{report}.pdf: {(LIBRARY / report).with_suffix('.pdf').stat().st_size:,} bytes")


def typeset(report: str) -> None:
    """Compiles one report into the library's folder."""
    typst.compile(
        SOURCES / f"{report}.typ",
        output=LIBRARY / f"{report}.pdf",
        root=SOURCES,
        font_paths=[Path(mpl.get_data_path(), "fonts", "ttf")],
        ignore_system_fonts=True,
        timestamp=int(MADE.timestamp()),
    )


if __name__ == "__main__":
    main()
