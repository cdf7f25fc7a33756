"""Papers, readings and sites of any size for the benchmarks, the same in every run."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config import load_config

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import Claim, Document, Figure, License, Paper, Summary
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.pipeline.run import Run
from mkdocs_paperdigest.pipeline.shelves import StoredAnswer
from mkdocs_paperdigest.plugin.plugin import PaperDigestPlugin, plugin_options
from mkdocs_paperdigest.sources.query import build_query
from mkdocs_paperdigest.storage.layout import images_folder
from mkdocs_paperdigest.storage.store import Store
from mkdocs_paperdigest.summaries import JUDGEMENT_VERSION

MODEL = "openai/benchmark"
QUERY = "all:benchmark"
FIRST_DAY = datetime(2020, 1, 1, 12, tzinfo=UTC)
CC = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")

# Sizes of a page like those of published digests: 12 papers with abstract, some twelve statements in
# Chinese on each with quotations, and its first figures.
PAPERS_A_PAGE = 12
FIGURES = 4

_WORDS = [
    "a",
    "the",
    "of",
    "in",
    "and",
    "to",
    "for",
    "on",
    "with",
    "by",
    "from",
    "over",
    "under",
    "method",
    "model",
    "network",
    "gesture",
    "speech",
    "audio",
    "video",
    "portrait",
    "motion",
    "latent",
    "diffusion",
    "transformer",
    "attention",
    "baseline",
    "dataset",
    "accuracy",
    "training",
    "inference",
    "alignment",
    "synchronisation",
    "identity",
    "semantic",
    "consistency",
    "branch",
    "encoder",
    "decoder",
    "manifold",
    "posture",
    "expression",
    "sequence",
    "frame",
    "avatar",
    "generation",
    "synthesis",
    "evaluation",
]
_HAN = "提出基于语义一致性增强的语音驱动手势生成方法显著升效果通过广泛实验文章展示了所在自然保真度面有能够学习音频和姿态联合流形空间利用两者之间内关"


def papers(count: int, a_day: float = PAPERS_A_PAGE) -> tuple[Paper, ...]:
    """Papers of consecutive days, newest first."""
    made = []
    for number in range(count):
        chance = random.Random(number)
        day = FIRST_DAY + timedelta(days=int(number // a_day), minutes=int(number % a_day))
        made.append(
            Paper(
                id=f"{day:%y%m}.{number % 100_000:05d}",
                version=1,
                title=_sentence(chance, 11).rstrip("."),
                authors=tuple(_name(chance) for _ in range(chance.randint(3, 10))),
                abstract=" ".join(_sentence(chance, 24) for _ in range(7)),
                published=day,
                updated=day,
                categories=("cs.CV", "cs.SD"),
                comment="Accepted, 14 pages, 9 figures",
            )
        )
    return tuple(reversed(made))


def document(paper: Paper, figures_each: int = FIGURES) -> Document:
    """What was found in a paper: text, a licence, and figures with captions."""
    chance = random.Random(paper.id)
    figures = tuple(
        Figure(f"Figure {n}", " ".join(_sentence(chance, 18) for _ in range(2)), n + 1, f"fig-{n}.webp", 1200, 700)
        for n in range(1, figures_each + 1)
    )  # fmt: skip
    return Document(
        "pdf", figures, CC, ("https://github.com/lab/code",), text_hash=paper.id, reader=DOCUMENT_VERSION
    )


def summary(paper: Paper, now: datetime) -> Summary:
    """A reading in Chinese, every claim with a quotation from the abstract."""
    chance = random.Random(paper.id)
    quotes = paper.abstract.split(". ")

    def claim(length: int) -> Claim:
        return Claim(_han(chance, length), chance.choice(quotes), chance.randint(1, 12), True)

    return Summary(
        model=MODEL,
        language="zh",
        made_at=now,
        basis="pdf",
        judged=JUDGEMENT_VERSION,
        summary=_han(chance, 40),
        takeaways=tuple(claim(25) for _ in range(5)),
        title_translation=_han(chance, 24),
        keywords=("手势生成", "语音驱动", "语义一致性", "扩散模型"),
        affiliation="上海交通大学（Shanghai Jiao Tong University）",
        background=claim(70),
        prior_work=claim(90),
        approach=claim(90),
        results=claim(70),
        methods=tuple(claim(60) for _ in range(2)),
        significance=claim(60),
        relevance=9,
    )


def options(count: int, **changes: Any) -> dict[str, Any]:
    """Options of a site that shows the newest `count` papers, day by day, without a request."""
    topic = {"title": "Benchmark", "query": QUERY, "max_papers": count}
    return {
        "topics": [topic],
        "period": "day",
        "language": "zh",
        "model": MODEL,
        "model_url": "http://127.0.0.1:9/v1",
        "arxiv_url": "http://127.0.0.1:9",
        "refresh": "52w",
        "overview": False,  # a model would be asked
        **changes,
    }


def fill(
    options: Options,
    known: tuple[Paper, ...],
    *,
    listed: tuple[Paper, ...] | None = None,
    figures_each: int = FIGURES,
) -> None:
    """Puts papers with their readings and figures into a site's cache, as a build would have done.

    Arguments:
        options: The site's.
        known: Papers to put in.
        listed: What arXiv's stored answers have, newest first, dealt to the topics; the same where it is not given.
        figures_each: Figures of each paper.
    """
    now = datetime.now(UTC)
    store = Store(options.cache_dir / "store")
    listed = known if listed is None else listed
    with Run(options, store, now, {}) as run:
        for number, topic in enumerate(options.topics):
            # From the oldest on, so that a new paper changes one topic alone.
            found = listed[::-1][number :: len(options.topics)][::-1]
            run.shelves.search.put(StoredAnswer(found, now, max_papers=topic.max_papers), build_query(topic))
        for paper in known:
            read = document(paper, figures_each)
            run.shelves.document.put(read, paper)
            run.shelves.summary.put(summary(paper, now), paper, read)
            folder = images_folder(options.cache_dir, paper, DOCUMENT_VERSION)
            folder.mkdir(parents=True, exist_ok=True)
            for figure in read.figures:
                (folder / figure.image).write_bytes(_IMAGE)
            for figure in read.figures[:1]:
                (folder / figure.cover).write_bytes(_IMAGE[:2700])
    store.close()


def options_of_site(root: Path) -> Options:
    """What the plugin makes of a site's mkdocs.yml."""
    config = load_config(str(root / "mkdocs.yml"))
    plugin = config.plugins["paperdigest"]
    assert isinstance(plugin, PaperDigestPlugin)
    return plugin_options(plugin.config, config)


def write_site(root: Path, plugins: list[Any], **changes: Any) -> None:
    """A site of one page with Material and these plugins."""
    (root / "docs").mkdir(parents=True)
    (root / "docs/index.md").write_text("# Lab\n", encoding="utf-8")
    config = {
        "site_name": "Run",
        "site_url": "https://lab.example/",
        "theme": {"name": "material", "language": "zh"},
        "markdown_extensions": MARKDOWN_EXTENSIONS,
        "plugins": plugins,
        **changes,
    }
    text = yaml.safe_dump(config, allow_unicode=True)
    (root / "mkdocs.yml").write_text(text, encoding="utf-8")


MARKDOWN_EXTENSIONS: list[Any] = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", {"toc": {"permalink": True}},
    {"pymdownx.arithmatex": {"generic": True}}, "pymdownx.details", "pymdownx.highlight", "pymdownx.inlinehilite",
    "pymdownx.superfences", {"pymdownx.tabbed": {"alternate_style": True}},
]  # fmt: skip
"""What Material's own documentation recommends for technical sites."""

_PIXELS = bytes(range(256)) * 120
_IMAGE = b"RIFF" + (len(_PIXELS) + 4).to_bytes(4, "little") + b"WEBP" + _PIXELS
"""Of the length that it states; its content is never looked at."""


def _sentence(chance: random.Random, words: int) -> str:
    return f"{' '.join(chance.choices(_WORDS, k=words)).capitalize()}."


def _han(chance: random.Random, characters: int) -> str:
    return f"{''.join(chance.choices(_HAN, k=characters))}。"


def _name(chance: random.Random) -> str:
    return " ".join(word.capitalize() for word in chance.choices(_WORDS[12:], k=2))
