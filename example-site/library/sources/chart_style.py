"""What the reports' charts have in common: colours, fonts, how they are read and written."""

import json
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

MEASUREMENTS = Path(__file__).with_name("measurements")
INK, GREY, PALE = "#1f2933", "#8a94a0", "#e4e8ed"
BLUE, ORANGE, TEAL, RED = "#3565a9", "#c8703c", "#3c8d83", "#b5404a"
BLUES = LinearSegmentedColormap.from_list("blues", ["#f7f9fc", "#9db8dc", BLUE, "#1b3459"])
KIND_COLOURS = ["#c9ced6", ORANGE, "#e0a96d", "#d9c25f", RED, BLUE, "#6a4c93", TEAL, "#8cb369", INK]

SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "legend.frameon": False,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "paperdigest",
    "text.color": INK,
    "xtick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.color": INK,
    "ytick.major.width": 0.6,
}

POLICY_COLOURS = {"sleep per client": RED, "spaced starts": ORANGE, "gate from the end": TEAL}


def measurement(name: str) -> dict:
    """One file of measurements."""
    return json.loads((MEASUREMENTS / f"{name}.json").read_text(encoding="utf-8"))


def save(figure: Figure, path: Path) -> None:
    """Writes a figure without the moment of its making in it."""
    dates = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}, ".png": {}}
    figure.savefig(path, bbox_inches="tight", pad_inches=0.02, dpi=220, metadata=dates[path.suffix])
    plt.close(figure)


def heat_map(axes: Axes, grid: np.ndarray, rows: list[str], columns: list[str], *, limit: float) -> None:
    """A table of numbers on coloured cells, drawn as vectors."""
    axes.pcolormesh(grid, cmap=BLUES, vmin=0, vmax=limit, edgecolors="white", linewidth=0.8)
    for (y, x), value in np.ndenumerate(grid):
        if value:
            colour = "white" if value > 0.55 * limit else INK
            axes.text(x + 0.5, y + 0.5, f"{value:g}", ha="center", va="center", fontsize=6, color=colour)
    axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
    axes.set_xticks(np.arange(len(columns)) + 0.5, columns, rotation=40, ha="right")
    axes.invert_yaxis()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
