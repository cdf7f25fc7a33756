"""A lab's site as its readers meet it: 60 invented papers of 12 weeks in two topics, from a fake arXiv."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from mkdocs_paperdigest.models import Paper
from tests.browser.server import serving
from tests.fakes import printing
from tests.fakes.arxiv import FakeArxiv
from tests.plugin.building import build_here, write_site

WEEKS, A_WEEK = 12, 5
FIRST_DAY = datetime(2024, 7, 29, 12, tzinfo=UTC)
SIGNS, ICE = "sign-language-translation", "sea-ice-forecasting"
FULLEST = f"digests/{SIGNS}/2024-w41/"

TOPICS = {
    "en": (("Sign language translation", "From signing to text and back, without glosses where possible."),
           ("Sea ice forecasting", "Ice edge, thickness and drift, from days to seasons.")),
    "zh": (("手语翻译", "手语与文字之间的互译，尽可能不依赖词目标注。"), ("海冰预报", "海冰边缘、厚度与漂移，从几天到几个季度。")),
}  # fmt: skip
SCHEMES = [
    {"media": f"(prefers-color-scheme: {light})", "scheme": scheme}
    for light, scheme in (("light", "default"), ("dark", "slate"))
]
THEMES: dict[str, dict[str, Any]] = {
    "material": {"name": "material", "font": False, "palette": SCHEMES},
    "materialx": {"name": "materialx", "font": False, "palette": SCHEMES},
    "readthedocs": {"name": "readthedocs"},
    "mkdocs": {"name": "mkdocs", "color_mode": "auto"},
}
"""Themes and their options; `mkdocs` and both Materials follow the system's scheme, `readthedocs` has one."""

_WORDS = {
    "sign language": {
        "names": ["Handspan", "MuteSwan", "Fingerwork", "SilentVerse", "Glossless", "PalmReader", "Kinesis-ST", "Deixis"],
        "goals": ["Gloss-Free Sign Language Translation", "Continuous Sign Language Recognition", "Sign Language Production from Text", "Retrieval in Large Sign Language Archives"],
        "means": ["Contrastive Pretraining on Broadcast Video", "Handshape Codebooks", "Temporal Alignment of Mouthing and Manual Cues", "a Frozen Language Model", "Signer-Independent Pose Tokens"],
        "gaps": ["Annotations at the level of glosses are scarce, and most signed languages have none at all", "Present systems read the hands and ignore face and gaze, where much of the grammar lives", "Models that are trained on weather reports fail as soon as two signers talk about anything else"],
        "ways": ["We align clips with the subtitles of broadcasts by optimal transport", "We learn a codebook of handshapes from unlabelled video and let a small decoder compose them", "We split a signer's motion into a lexical and a prosodic stream that attend to each other"],
        "score": ("BLEU-4 on How2Sign", 14, 23), "kinds": ("cs.CV", "cs.CL"),
    },
    "sea ice": {
        "names": ["Floeline", "Polynya", "IceLoom", "Brashwork", "NilasNet", "Pressure Ridge", "Tidewrack", "Leadfinder"],
        "goals": ["Probabilistic Sea Ice Forecasts at the Scale of Floes", "Seasonal Prediction of the Sea Ice Edge", "Sea Ice Thickness from Sparse Altimetry", "Sea Ice Drift under Cyclones"],
        "means": ["Latent Diffusion", "Graph Networks on Irregular Meshes", "an Ensemble of Neural Emulators", "Physics-Constrained Transformers", "Assimilation in a Learned State Space"],
        "gaps": ["Numerical models resolve neither leads nor ridges, and their ensembles are too small to tell likely from possible", "Satellites see the ice edge every day but its thickness once a month", "Learned forecasts blur the ice edge after a week, which is when a captain needs it"],
        "ways": ["We train a generative model on forty years of reanalysis and draw hundreds of futures in a minute", "We let a graph network exchange momentum along the cracks of a deforming mesh", "We constrain a transformer to conserve area and volume at every step"],
        "score": ("the integrated ice edge error in percent", 9, 31), "kinds": ("physics.ao-ph", "cs.LG"),
    },
}  # fmt: skip
_PEOPLE = [
    "Amara Okonkwo", "Lena Brandt", "Yuki Tanabe", "Tomás Herrera", "Ingrid Solberg", "Wei Zhang", "Priya Raghavan", "Mateusz Zieliński",
    "Chloé Fournier", "Ibrahim Saleh", "Hana Novotná", "Jun-ho Park", "Sofia Lindqvist",
]  # fmt: skip


def invented_papers() -> list[Paper]:
    """The papers, oldest first, by turns of both topics; no two have the same title."""
    return [_paper(number) for number in range(WEEKS * A_WEEK)]


def _paper(number: int) -> Paper:
    phrase = ("sign language", "sea ice")[number % 2]
    words, turn = _WORDS[phrase], number // 2

    def one(kind: str, stride: int = 1) -> str:
        return words[kind][turn * stride % len(words[kind])]

    name = one("names") + ("" if turn < 8 else f" {turn // 8 + 1}")
    day = FIRST_DAY + timedelta(days=7 * (number // A_WEEK) + number % A_WEEK)
    measure, least, most = words["score"]
    score = least + (most - least) * turn / 30
    abstract = (
        f"{one('gaps')}. This paper presents {name}, a method for work on {phrase} that learns from what is "
        f"already there. {one('ways', 2)}. A second stage corrects what the first one got wrong, and says how sure "
        f"it is. Over {3 + turn % 4} public benchmarks, {name} reaches {score:.1f} for {measure}, and it needs "
        f"{2 + turn % 7} hours on one graphics card. An ablation shows that the second stage matters most where data "
        f"are few, with fewer than {200 * (1 + turn % 5)} samples."
    )
    if number % 3 == 0:
        abstract += f" Code: https://github.com/{_PEOPLE[turn % 13].split()[-1].lower()}-lab/{name.replace(' ', '-').lower()}"
    return Paper(
        id=f"{day:%y%m}.{11000 + 137 * number}",
        version=1 + (number % 7 == 6),
        title=f"{name}: {one('goals')} with {one('means', 3)}",
        authors=tuple(islice(cycle(_PEOPLE), turn % 13, turn % 13 + 1 + number % 9)),
        abstract=abstract,
        published=day,
        updated=day,
        categories=words["kinds"],
        comment=f"Accepted at {('ICLR', 'NeurIPS', 'CVPR')[turn % 3]} 2025; 12 pages, 5 figures" if number % 4 == 1 else None,
    )  # fmt: skip


class Lab:
    """The sites, each built when it is first asked for; all of them share a cache.

    Attributes:
        address: Of the server's root; the pages of a site are below `{address}{theme}-{language}/`.
    """

    def __init__(self, root: Path, address: str, arxiv: FakeArxiv) -> None:
        self.address = address
        self._root = root
        self._arxiv = arxiv

    def site(self, theme: str = "material", language: str = "en") -> str:
        """The address of the site's home page."""
        name = f"{theme}-{language}"
        if not (self._root / "sites" / name).exists():
            self._build(self._root / name, theme, language)
        return f"{self.address}{name}/"

    def _build(self, root: Path, theme: str, language: str) -> None:
        topics = [
            {"title": title, "slug": slug, "description": text, "phrases": [phrase]}
            for (title, text), slug, phrase in zip(TOPICS[language], (SIGNS, ICE), _WORDS, strict=True)
        ]
        (root / "docs").mkdir(parents=True)
        links = "\n".join(f"- [{topic['title']}](digests/{topic['slug']}/index.md)" for topic in topics)
        (root / "docs/index.md").write_text(
            f"# Lab wiki\n\nWhat we read:\n\n{links}\n- [arXiv](digests/index.md)\n"
        )
        write_site(
            root,
            {
                "topics": topics,
                "arxiv_url": self._arxiv.url,
                "cache_dir": str(self._root / "cache"),
                "language": language,
                "max_new_papers": WEEKS * A_WEEK,
                "period": "week",
            },
            site_name="Lab wiki",
            site_url=f"{self.address}{root.name}/",
            site_dir=str(self._root / "sites" / root.name),
            theme=THEMES[theme] | ({"language": language} if theme.startswith("material") else {}),
        )  # fmt: skip
        build_here(root)


@contextmanager
def open_lab(root: Path) -> Iterator[Lab]:
    """Serves the sites from a folder."""
    (root / "sites").mkdir(parents=True)
    papers = invented_papers()
    # All papers have the same plot. In the same file it is read once.
    pdf = printing.pdf(papers[0])
    pdfs = {paper.key: pdf for paper in papers}
    with FakeArxiv(papers, pdf=pdfs) as arxiv, serving(root / "sites") as address:
        yield Lab(root, address, arxiv)
