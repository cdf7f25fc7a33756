"""Draws the charts of the reports from the measurements beside this file."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from chart_style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    POLICY_COLOURS,
    RED,
    SETTINGS,
    TEAL,
    heat_map,
    measurement,
    save,
)
from matplotlib import pyplot as plt


def draw_charts(folder: Path) -> None:
    """Writes every chart that needs no report to exist."""
    mpl.use("Agg")
    with mpl.rc_context(SETTINGS):
        for chart in (
            pattern_counts,
            defects_by_field,
            patterns_against_labels,
            extractor_scores,
            speed_against_score,
            figure_kinds,
            escape_by_place,
            escape_by_family,
            request_timelines,
            gap_distribution,
        ):
            chart(folder)


def pattern_counts(folder: Path) -> None:
    """How many published entries carry what a script can find."""
    data = measurement("readings")
    rows = [
        (
            "author line names none\nof the paper's authors",
            data["of these, none of the paper's authors named"],
            1172,
        ),
        ("no summary at all", data["no summary at all"], data["entries"]),
        ("apology or refusal", data["apology or refusal"], data["entries"]),
        ("chatter to the user", data["chatter to the user"], data["entries"]),
        ("template left unfilled", data["template left unfilled (xxx)"], data["entries"]),
    ]
    figure, axes = plt.subplots(figsize=(3.3, 1.75))
    shares = [100 * count / of for _, count, of in rows]
    axes.barh(range(len(rows)), shares, color=[ORANGE, BLUE, BLUE, BLUE, BLUE], height=0.62)
    for y, ((_, count, of), share) in enumerate(zip(rows, shares, strict=True)):
        axes.text(share + 0.25, y, f"{count} of {of:,}", va="center", fontsize=6)
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.set_xlim(0, 19)
    axes.set_xticks([0, 5, 10, 15])
    axes.set_xlabel("share of entries (%)")
    save(figure, folder / "pattern-counts.svg")


def defects_by_field(folder: Path) -> None:
    """Counts of labels by field and kind."""
    counts = measurement("defects")["by_field"]
    kinds = list(next(iter(counts.values())))
    grid = np.array([[counts[field][kind] for kind in kinds] for field in counts])
    figure, axes = plt.subplots(figsize=(3.3, 2.9))
    heat_map(axes, grid, list(counts), kinds, limit=40)
    save(figure, folder / "defects-by-field.pdf")


def patterns_against_labels(folder: Path) -> None:
    """How many of the entries with a kind of defect a literal pattern for it finds."""
    kinds = measurement("defects")["patterns"]["by_kind"]
    names = [name for name in kinds if name != "missing"]
    figure, axes = plt.subplots(figsize=(3.3, 1.9))
    places = np.arange(len(names))
    axes.bar(
        places, [kinds[n]["labelled"] for n in names], color=PALE, width=0.74, label="labelled by a reader"
    )
    found = [kinds[n]["found_by_own_pattern"] for n in names]
    axes.bar(places, found, color=TEAL, width=0.74, label="found by a pattern for this kind")
    for place, name, hits in zip(places, names, found, strict=True):
        axes.text(
            place,
            kinds[name]["labelled"] + 0.8,
            f"{hits}/{kinds[name]['labelled']}",
            ha="center",
            fontsize=5.6,
        )
    axes.set_xticks(places, names, rotation=40, ha="right")
    axes.set_ylabel("entries (of 75)")
    axes.set_ylim(0, 66)
    axes.legend(loc="upper right", fontsize=6)
    save(figure, folder / "patterns-against-labels.pdf")


def extractor_scores(folder: Path) -> None:
    """F1 of eight extractors on development and held-out papers."""
    rows = measurement("extractors")["extractors"]
    figure, axes = plt.subplots(figsize=(5.4, 2.35))
    places = np.arange(len(rows))
    for offset, part, colour, label in (
        (0.2, "f1_dev", BLUE, "38 papers for development"),
        (-0.2, "f1_held_out", ORANGE, "26 papers held out"),
    ):
        strict = [row[part][0] for row in rows]
        axes.barh(places + offset, strict, height=0.36, color=colour, label=label)
        loose = [row[part][1] for row in rows]
        axes.plot(loose, places + offset, "|", color=INK, markersize=7, markeredgewidth=1)
        for place, value in zip(places, strict, strict=True):
            axes.text(
                value - 0.008,
                place + offset,
                f"{value:.3f}",
                va="center",
                ha="right",
                fontsize=5.4,
                color="white",
            )
    axes.plot([], [], "|", color=INK, markersize=7, label="the same at IoU 0.5")
    axes.set_yticks(places, [row["name"] for row in rows])
    axes.set_xlim(0, 1)
    axes.set_xlabel("F1 at IoU 0.8")
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=3, fontsize=6)
    save(figure, folder / "extractor-scores.pdf")


def speed_against_score(folder: Path) -> None:
    """Time a page against F1 over both sets."""
    rows = measurement("extractors")["extractors"]
    figure, axes = plt.subplots(figsize=(4.4, 1.9))
    offsets = {
        "clustered drawings + images": (-4, -11),
        "caption-anchored, PyMuPDF": (34, -11),
        "7 MB layout model in a wheel": (-40, 7),
        "PyMuPDF layout + captions": (28, 7),
        "large layout model": (6, -11),
        "YOLO layout model in a wheel": (14, -11),
    }
    for row in rows:
        free = row["licence"] == "permissive"
        score = (row["f1_dev"][0] * 207 + row["f1_held_out"][0] * 176) / 383
        axes.plot(row["seconds"], score, "o" if free else "s", color=TEAL if free else GREY, markersize=5)
        offset = offsets.get(row["name"], (0, 7))
        axes.annotate(
            row["name"],
            (row["seconds"], score),
            offset,
            textcoords="offset points",
            fontsize=5.6,
            ha="center",
        )
    axes.plot([], [], "o", color=TEAL, label="permissive licence")
    axes.plot([], [], "s", color=GREY, label="AGPL, or needs an AGPL library")
    axes.set_xscale("log")
    axes.set_xlim(0.0025, 2.5)
    axes.set_ylim(0, 1.08)
    axes.set_xlabel("seconds a page")
    axes.set_ylabel("F1 at IoU 0.8")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=6)
    save(figure, folder / "speed-against-score.svg")


def figure_kinds(folder: Path) -> None:
    """What the labelled figures are made of."""
    counts = measurement("extractors")["figures"]
    figure, axes = plt.subplots(figsize=(5.2, 0.62))
    left = 0
    for name, colour in (("vector", BLUE), ("raster", ORANGE), ("mixed", TEAL)):
        axes.barh(0, counts[name], left=left, color=colour, height=0.7)
        inside = counts[name] > 30
        axes.text(
            left + counts[name] / 2, 0 if inside else 0.62, f"{name} {counts[name]}", ha="center", va="center", fontsize=6.4,
            color="white" if inside else INK,
        )  # fmt: skip
        left += counts[name]
    axes.set_ylim(-0.4, 0.8)
    axes.set_xlim(0, left)
    axes.set_yticks([])
    axes.set_xlabel("figures (383)")
    axes.spines["left"].set_visible(False)
    save(figure, folder / "figure-kinds.svg")


def escape_by_place(folder: Path) -> None:
    """Share of texts that come through unchanged, by way of escaping and place."""
    data = measurement("escaping")
    policies, places = list(data["same"]), list(next(iter(data["same"].values())))
    grid = np.array([[100 * data["same"][p][q] / data["texts"] for q in places] for p in policies])
    figure, axes = plt.subplots(figsize=(4.6, 1.65))
    heat_map(axes, np.floor(grid * 10) / 10, policies, places, limit=100)
    save(figure, folder / "escape-by-place.pdf")


def escape_by_family(folder: Path) -> None:
    """Share of texts with a family of fragments in them that come through, over all places."""
    data = measurement("escaping")["family"]
    families = list(next(iter(data.values())))
    figure, axes = plt.subplots(figsize=(5.2, 2.3))
    marks = zip(data, ["x", "v", "s", "D", "^", "o"], [GREY, RED, ORANGE, "#d9c25f", BLUE, TEAL], strict=True)
    for policy, mark, colour in marks:
        shares = [100 * data[policy][f][0] / data[policy][f][1] for f in families]
        axes.plot(shares, range(len(families)), mark, color=colour, markersize=4, label=policy)
    axes.set_yticks(range(len(families)), families)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.invert_yaxis()
    axes.set_xlabel("texts unchanged in all seven places together (%)")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=6)
    save(figure, folder / "escape-by-family.svg")


def request_timelines(folder: Path) -> None:
    """When each request of six clients was being answered, in the first run of each way."""
    data = measurement("request-gate")
    figure, rows = plt.subplots(3, 1, figsize=(6.9, 3.1), sharex=True)
    for axes, (policy, runs) in zip(rows, data["runs"].items(), strict=True):
        clients = sorted({name for _, _, name in runs[0]})
        for arrived, left, name in runs[0]:
            axes.barh(
                clients.index(name), left - arrived, left=arrived, height=0.7, color=POLICY_COLOURS[policy]
            )
        axes.set_yticks(range(len(clients)), [f"process {c[0]}, thread {c[2]}" for c in clients], fontsize=5)
        axes.set_title(policy, loc="left", fontsize=7, pad=2)
        axes.set_xlim(-0.05, 9.6)
    rows[-1].set_xlabel("seconds since the first request arrived")
    figure.subplots_adjust(hspace=0.32)
    save(figure, folder / "request-timelines.pdf")


def gaps(runs: list) -> np.ndarray:
    """Seconds from the end of the latest earlier answer to the next arrival; below zero: overlap."""
    return np.sort(
        [
            run[number][0] - max(left for _, left, _ in run[:number])
            for run in runs
            for number in range(1, len(run))
        ]
    )


def gap_distribution(folder: Path) -> None:
    """Cumulative distribution of the pauses that the server sees."""
    data = measurement("request-gate")
    figure, axes = plt.subplots(figsize=(3.3, 2.0))
    for policy, runs in data["runs"].items():
        pauses = gaps(runs)
        axes.step(
            pauses,
            np.arange(1, len(pauses) + 1) / len(pauses),
            color=POLICY_COLOURS[policy],
            label=policy,
            where="post",
        )
    axes.axvline(data["interval_s"], color=INK, linewidth=0.7, linestyle=":")
    axes.text(data["interval_s"] - 0.018, 0.5, "asked for", fontsize=6, rotation=90)
    axes.axvspan(-0.2, 0, color=PALE, linewidth=0, zorder=0)
    axes.text(-0.19, 0.93, "overlapping", fontsize=6)
    axes.set_xlim(-0.2, 0.24)
    axes.set_xlabel("pause before a request arrives (s)")
    axes.set_ylabel("share of requests")
    axes.legend(
        loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3, fontsize=6, columnspacing=1, handlelength=1.4
    )
    save(figure, folder / "gap-distribution.svg")
