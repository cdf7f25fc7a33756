"""Draws the pixel pictures of the reports."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pypdfium2
from chart_style import KIND_COLOURS, POLICY_COLOURS, measurement
from PIL import Image


def defect_mosaic(folder: Path) -> None:
    """One column an entry, one row a field, coloured by the gravest defect: a pixel picture."""
    data = measurement("defects")
    grid = np.array(sorted(data["grid"], key=lambda row: (sum(map(bool, row)), row))).T
    palette = ["#f4f6f8", *KIND_COLOURS]
    colours = (np.array([mpl.colors.to_rgb(c) for c in palette]) * 255).astype(np.uint8)
    cell, gap = 16, 2
    tall, wide = grid.shape
    picture = np.full((tall * (cell + gap), wide * (cell + gap), 3), 255, np.uint8)
    for y in range(tall):
        for x in range(wide):
            top, left = y * (cell + gap), x * (cell + gap)
            picture[top : top + cell, left : left + cell] = colours[grid[y, x]]
    Image.fromarray(picture).save(folder / "defect-mosaic.png", optimize=True)


def draw_ink_maps(report: Path, page: int, folder: Path) -> None:
    """A page, its ink, and its ink with every glyph erased, side by side (108 dpi, ink below 248)."""
    with pypdfium2.PdfDocument(report) as pdf:
        sheet = pdf[page]
        scale = 108 / 72
        grey = np.array(sheet.render(scale=scale, grayscale=True).to_pil())
        ink = grey < 248
        graphics = ink.copy()
        text, height = sheet.get_textpage(), sheet.get_height()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            rows = slice(int((height - top) * scale) - 1, int((height - bottom) * scale) + 2)
            graphics[rows, max(0, int(left * scale) - 1) : int(right * scale) + 2] = False
    maps = [grey, np.where(ink, 32, 255).astype(np.uint8), np.where(graphics, 32, 255).astype(np.uint8)]
    space = np.full((grey.shape[0], 40), 255, np.uint8)
    framed = [np.pad(m, 2, constant_values=150) for m in maps]
    space = np.pad(space, ((2, 2), (0, 0)), constant_values=255)
    Image.fromarray(np.hstack([framed[0], space, framed[1], space, framed[2]])).save(
        folder / "ink-maps.png", optimize=True
    )


def requests_in_flight(folder: Path) -> None:
    """A pixel picture: one row a run, one column 20 ms, darker for more requests at once."""
    data = measurement("request-gate")
    step, end = 0.02, 9.6
    rows, bands = [], []
    for policy, runs in data["runs"].items():
        rgb = np.array(mpl.colors.to_rgb(POLICY_COLOURS[policy]))
        for run in runs:
            times = np.arange(0, end, step)
            busy = sum(((times >= a) & (times < b)).astype(int) for a, b, _ in run)
            depth = np.minimum(busy, 6)[:, None] / 6
            shade = np.where(depth > 0, 0.25 + 0.75 * depth, 0)
            rows.append((255 * (1 - shade * (1 - rgb))).astype(np.uint8))
        bands.append(len(rows))
    picture = np.repeat(np.repeat(np.array(rows), 15, axis=0), 3, axis=1)
    for band in bands[:-1]:
        picture[band * 15 - 2 : band * 15 + 2] = 255
    Image.fromarray(picture).save(folder / "requests-in-flight.png", optimize=True)
