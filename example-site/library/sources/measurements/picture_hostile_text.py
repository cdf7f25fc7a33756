"""Takes the picture of one hostile abstract on two pages: as it came, and escaped.

usage: picture_hostile_text.py        (needs Chromium; writes ../pictures/hostile-text.png)
"""

import io
import sys
from pathlib import Path

import markdown
from measure_escaping import CONFIGS, EXTENSIONS, all_entities
from PIL import Image
from playwright.sync_api import sync_playwright

ABSTRACT = (
    "1986. A decade later, __init__.py still costs $5-$10 a run. We compare [A][b] with C++ | Rust "
    "for <MASK> tokens x<y>z, find H~2~O at 2*3*4 degrees (p < 0.05), and report ==two== losses "
    "that {--nobody--} expected. # of runs: 1/2 of [^1]. Code: ![logo](x.png) {: .big } "
    "<details><summary>more</summary> AT&amp;T said :smile: <b>and everything after is bold."
)
STYLE = """
body { font: 17px/1.5 'DejaVu Serif', serif; margin: 0; padding: 18px 22px; width: 420px; background: white }
h2 { font: bold 14px 'DejaVu Sans', sans-serif; color: #3565a9; margin: 0 0 10px }
mark { background: #ffe27a } del { color: #b5404a } table { border-collapse: collapse }
"""


def page(title: str, text: str) -> str:
    """One page with a fixed heading."""
    body = markdown.markdown(text, extensions=EXTENSIONS, extension_configs=CONFIGS)
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><h2>{title}</h2>{body}"


def main(chromium: str) -> None:
    """Renders both pages and joins them."""
    pages = [page("as it came", ABSTRACT), page("escaped", all_entities(ABSTRACT))]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shots = []
        for content in pages:
            tab = browser.new_page(viewport={"width": 464, "height": 330}, device_scale_factor=1.5)
            tab.set_content(content)
            shots.append(Image.open(io.BytesIO(tab.screenshot())).convert("RGB"))
        browser.close()
    gap = 18
    joined = Image.new("RGB", (shots[0].width * 2 + gap, shots[0].height), "#8a94a0")
    joined.paste(shots[0], (0, 0))
    joined.paste(shots[1], (shots[0].width + gap, 0))
    joined.quantize(64).save(Path(__file__).parent.parent / "pictures" / "hostile-text.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")
