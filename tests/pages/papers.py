"""Papers, summaries and digests for tests of pages: ordinary ones, and the worst that arXiv can send."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mkdocs_paperdigest.documents import DOCUMENT_VERSION
from mkdocs_paperdigest.models import (
    Claim,
    Digest,
    Document,
    Entry,
    Figure,
    License,
    Omission,
    Paper,
    Summary,
    TopicState,
)
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.storage.layout import images_folder

NOW = datetime(2024, 10, 20, 6, 15, tzinfo=UTC)

HOSTILE = (
    "[A][b] *x* __init__ {{ boom }} {% if %} {# c #} <script>window.pwned=1</script> "
    '--8<-- "nope.md" @smith2020 [@bob] [x](http://[bad) ![y](javascript:alert(1)) | c | \\bibliography '
    '{: onclick=x } 5 < 6 & "q" \x02 1986. $5-$10 it\'s"x onerror=alert(2) "\' >zz \u202eevil '
    "<img src=x onerror=window.pwned=2> $\\href{javascript:window.pwned=3}{click}$ \ud800 `code` ~~~ ''' #1 ==m== :smile:"
)


def options(folder: Path, **changes: object) -> Options:
    """Options for a cache in a folder."""
    return replace(Options(topics=(Topic("A topic", "a-topic"),), cache_dir=folder), **changes)


def digest(*entries: Entry, slug: str = "topic", title: str = "Topic") -> Digest:
    """A topic with these entries."""
    return Digest(TopicState(title, slug, as_of=NOW), entries)


def day(text: str) -> datetime:
    """Noon of that day, in UTC."""
    return datetime.fromisoformat(f"{text}T12:00:00+00:00")


DAWN = Paper(
    id="2410.13726",
    version=2,
    title="DAWN: Dynamic Frame Avatar with Non-autoregressive Diffusion Framework for Talking Head Video Generation",
    authors=(
        "Hanbo Cheng", "Limin Lin", "Chenyu Liu", "Pengcheng Xia", "Pengfei Hu", "Jiefeng Ma", "Jun Du", "Jia Pan",
    ),
    abstract=(
        "Talking head generation intends to produce vivid and realistic talking head videos from a single portrait "
        "and speech audio clip. Although significant progress has been made in diffusion-based talking head "
        "generation, almost all methods rely on autoregressive strategies, which suffer from limited context "
        "utilization beyond the current generation step, error accumulation, and slower generation speed. To address "
        "these challenges, we present DAWN (Dynamic frame Avatar With Non-autoregressive diffusion), a framework that "
        "enables all-at-once generation of dynamic-length video sequences at $O(n \\log n)$ cost. Specifically, it "
        "consists of two main components: (1) audio-driven holistic facial dynamics generation in the latent motion "
        "space, and (2) audio-driven head pose and blink generation. Our code will be publicly at "
        "https://github.com/Hanbo-Cheng/DAWN-pytorch."
    ),
    published=day("2024-10-17"),
    updated=day("2024-10-18"),
    categories=("cs.CV", "cs.SD", "eess.AS"),
    comment="Accepted by ICLR 2025, 14 pages, 9 figures; project page https://hanbo-cheng.github.io/DAWN/",
    doi="10.48550/arXiv.2410.13726",
)  # fmt: skip

SALIENT = Paper(
    id="2410.13786",
    version=1,
    title="Emphasizing Semantic Consistency of Salient Posture for Speech-Driven Gesture Generation",
    authors=(
        "Fengqi Liu", "Hexiang Wang", "Jingyu Gong", "Ran Yi", "Qianyu Zhou", "Xuequan Lu", "Jiangbo Lu", "Lizhuang Ma",
        "María-José Ñandú O'Neill", "Søren Ångström", "李小龙", "Zhang Wei",
    ),
    abstract=(
        "Speech-driven gesture generation aims at synthesizing a gesture sequence synchronized with the input speech "
        "signal. Previous methods leverage neural networks to directly map a compact audio representation to the "
        "gesture sequence, ignoring the semantic association of different modalities and failing to deal with salient "
        "gestures. We learn a joint manifold $\\mathcal{M} \\subset \\mathbb{R}^{d}$ of audio and body pose and "
        "minimize $\\mathcal{L} = \\lambda_1 \\mathcal{L}_{c} + \\lambda_2 \\mathcal{L}_{s}$. It costs $5-$10 to train."
    ),
    published=day("2024-10-18"),
    updated=day("2024-10-18"),
    categories=("cs.CV",),
)  # fmt: skip

OLD = Paper(
    id="hep-th/9901001",
    version=1,
    title="Black holes at $\\sqrt{s} = 14$ TeV and the $AdS_5 \\times S^5$ correspondence",
    authors=tuple(f"Physicist {chr(65 + number // 26)}. {chr(65 + number % 26)}son" for number in range(60)),
    abstract="We compute $\\alpha_s(M_Z)$ to three loops.",
    published=day("2024-10-02"),
    updated=day("2024-10-02"),
    categories=("hep-th", "gr-qc"),
    journal_ref="Phys. Rev. D 59 (1999) 106001",
)  # fmt: skip

WITHDRAWN = Paper(
    id="2410.00007",
    version=3,
    title="A Proof That P Equals NP",
    authors=("A. Nonymous",),
    abstract="We prove it.",
    published=day("2024-10-16"),
    updated=day("2024-10-19"),
    categories=("cs.CC",),
    comment="This paper has been withdrawn by the author due to a crucial error in Lemma 2",
)

EVIL = Paper(
    id="2410.06666",
    version=1,
    title=HOSTILE,
    authors=(HOSTILE, "Robert'); DROP TABLE papers;--"),
    abstract=HOSTILE + " https://evil.example/\"onmouseover=alert(1) http://[bad https://ok.example/a_b?x=1&y=(2)",
    published=day("2024-10-15"),
    updated=day("2024-10-15"),
    categories=("cs.CR",),
    comment=HOSTILE,
    journal_ref=HOSTILE,
)  # fmt: skip

REPORT = Paper(
    id="lab/report 2024:{x}",
    version=0,
    title="An Internal Report on Lip Reading",
    authors=("Jane Doe", "John Roe"),
    abstract="We report on lip reading in our own lab.",
    published=day("2024-09-01"),
    updated=day("2024-09-01"),
    url="https://lab.example/reports/1",
)
WAITING = Paper(
    id="2410.00002",
    version=1,
    title="Quiet Lattices",
    authors=("Wanda Aiting",),
    abstract="We show that lattices are quiet.",
    published=day("2024-10-03"),
    updated=day("2024-10-03"),
    categories=("math.CO",),
)


def claim(text: str, quote: str = "", page: int | None = None) -> Claim:
    """A claim, verified where it has a quote."""
    return Claim(text, quote, page, verified=bool(quote))


def full_summary(language: str = "en", **changes: object) -> Summary:
    """A model's summary of DAWN."""
    if language == "zh":
        made = Summary(
            model="gemini/gemini-3.5-flash-lite",
            language="zh",
            made_at=NOW,
            basis="pdf",
            summary="DAWN 用非自回归扩散模型，从单张肖像和语音一次性生成任意长度的说话人视频，速度更快、误差不累积。",
            takeaways=(
                claim("现有方法大多依赖自回归策略，上下文利用有限、误差累积且速度慢。", "almost all methods rely on autoregressive strategies", 1),
                claim("DAWN 以 $O(n \\log n)$ 的代价一次性生成动态长度的视频序列。", "a framework that enables all-at-once generation", 1),
                claim("由潜在运动空间的面部动态生成，以及头部姿态与眨眼生成两部分组成。", "it consists of two main components", 2),
                claim("代码已公开。"),
            ),
            title_translation="DAWN：基于非自回归扩散框架的动态帧化身说话人视频生成",
            keywords=("说话人视频生成", "扩散模型", "非自回归", "talking head"),
            affiliation="中国科学技术大学（University of Science and Technology of China）",
            background=claim("虚拟会议、游戏和电影制作需要由单张肖像和语音生成真实的说话人视频。", "vivid and realistic talking head videos", 1),
            prior_work=claim("以往方法多为自回归或半自回归，存在误差累积和速度慢的问题。"),
            approach=claim("提出非自回归扩散框架 DAWN，将面部动态与头部姿态分开建模。", "Non-autoregressive diffusion", 3),
            results=claim("在 CREMA 与 HDTF 上取得更好的唇形同步，速度更快。", "strong extrapolation capabilities", 7),
            methods=(
                claim("用光流估计器把视频帧编码到潜在运动空间。", "latent motion space", 4),
                claim("用 PBNet 生成头部姿态与眨眼序列。", "head pose and blink generation", 5),
                claim("两阶段课程学习延长可生成的视频长度。"),
            ),
            significance=claim("为说话人生成引入非自回归路线。"),
            innovation=claim("首个一次性生成动态长度说话人视频的扩散模型。"),
            performance=claim("唇形同步与速度均优于以往方法。", "faster", 7),
            relevance=9,
            omissions=(Omission("workload", ReasonCode.PLACEHOLDER),),
        )  # fmt: skip
    else:
        made = Summary(
            model="gemini/gemini-3.5-flash-lite",
            language="en",
            made_at=NOW,
            basis="pdf",
            summary="DAWN generates talking-head videos of any length from one portrait and speech in a single pass of a non-autoregressive diffusion model, faster and without accumulated errors.",
            takeaways=(
                claim("Most diffusion methods are autoregressive and suffer from error accumulation and slow generation.", "almost all methods rely on autoregressive strategies, which suffer from limited context utilization beyond the current generation step, error accumulation, and slower generation speed", 1),
                claim("DAWN generates sequences of dynamic length all at once, at $O(n \\log n)$ cost.", "a framework that enables all-at-once generation of dynamic-length video sequences", 1),
                claim("It separates facial dynamics in a latent motion space from head pose and blinks.", "it consists of two main components", None),
                claim("The code is public."),
            ),
            keywords=("talking head generation", "diffusion model", "non-autoregressive", "facial dynamics"),
            affiliation="University of Science and Technology of China",
            background=claim("Virtual meetings, games and films need realistic talking heads from one portrait and speech.", "vivid and realistic talking head videos", 1),
            prior_work=claim("Autoregressive and semi-autoregressive methods use little context, accumulate errors and are slow."),
            approach=claim("A non-autoregressive diffusion framework that models facial dynamics and head pose apart.", "Non-autoregressive diffusion", 3),
            results=claim("Better lip sync than previous methods on CREMA and HDTF, and faster.", "strong extrapolation capabilities", 7),
            methods=(
                claim("A flow estimator encodes frames into the latent motion space.", "latent motion space", 4),
                claim("PBNet generates head pose and blink sequences.", "head pose and blink generation", 5),
                claim("Two-stage curriculum learning extends the length of videos."),
            ),
            significance=claim("Brings a non-autoregressive route to talking-head generation."),
            innovation=claim("The first diffusion model that generates talking heads of dynamic length in one pass."),
            performance=claim("Lip sync and speed are better than those of previous methods.", "faster", 7),
            relevance=9,
            omissions=(Omission("workload", ReasonCode.PLACEHOLDER),),
        )  # fmt: skip
    return replace(made, **changes)


def extracted_summary() -> Summary:
    """A summary made without a model."""
    return Summary(
        model="extractive",
        language="en",
        made_at=NOW,
        basis="abstract",
        summary="Speech-driven gesture generation aims at synthesizing a gesture sequence synchronized with the input speech signal.",
        takeaways=(
            claim("Previous methods ignore the semantic association of different modalities.", "ignoring the semantic association of different modalities"),
            claim("We learn a joint manifold $\\mathcal{M} \\subset \\mathbb{R}^{d}$ of audio and body pose.", "We learn a joint manifold"),
        ),
        keywords=("gesture generation",),
    )  # fmt: skip


def hostile_summary() -> Summary:
    """A summary with hostile text in every field."""
    bad = Claim(HOSTILE, HOSTILE, 3, verified=True)
    return Summary(
        model="gemini/<b>x</b>",
        language="zh",
        made_at=NOW,
        basis="html",
        summary=HOSTILE,
        takeaways=(bad, bad, bad),
        title_translation=HOSTILE,
        keywords=(HOSTILE,),
        affiliation=HOSTILE,
        background=bad,
        methods=(bad, bad),
        omissions=(Omission("results", ReasonCode("</p><script>window.pwned=4</script>")), Omission("<b>", ReasonCode.NUMBERS)),
    )  # fmt: skip


CAPTIONS = (
    "Overview of the framework. The audio encoder maps speech to features $a_{1:T}$, from which the two branches generate facial dynamics and head pose; both are decoded in one pass.",
    "Comparison with previous methods on HDTF. Ours keeps identity over 600 frames.",
    "Error accumulation over time: lower is better.",
    "Ablation of the latent motion space.",
    "Failure cases.",
)  # fmt: skip
SIZES = ((1600, 620), (900, 900), (1200, 700), (700, 1100), (1500, 400))


def figures(count: int = 5, captions: tuple[str, ...] = CAPTIONS) -> tuple[Figure, ...]:
    """Figures of a document; `paint` makes their images."""
    return tuple(
        Figure(f"Figure {number + 1}", captions[number % len(captions)], number + 2, f"fig-{number + 1}.webp", *SIZES[number % len(SIZES)], None if SIZES[number % len(SIZES)][0] < 720 else f"fig-{number + 1}-small.webp")
        for number in range(count)
    )  # fmt: skip


def paint(paper: Paper, shown: tuple[Figure, ...], cache_dir: Path) -> None:
    """Draws the images of a paper's figures in the paper's folder: white, like most figures."""
    from PIL import Image, ImageDraw

    from mkdocs_paperdigest.documents.images.images import write_cover

    folder = images_folder(cache_dir, paper, DOCUMENT_VERSION)
    folder.mkdir(parents=True, exist_ok=True)
    for number, figure in enumerate(shown):
        image = Image.new("RGB", (figure.width, figure.height), "white")
        draw = ImageDraw.Draw(image)
        for box in range(4):
            left = figure.width * (box * 2 + 1) // 9
            top = figure.height // 4 + 20 * ((box + number) % 3)
            colour = ("#4c78a8", "#f58518", "#54a24b", "#b279a2")[(box + number) % 4]
            draw.rounded_rectangle(
                (left, top, left + figure.width // 7, top + figure.height // 3), 18, outline=colour, width=6
            )
            draw.text((left + 12, top + 12), f"block {box}", fill="black", font_size=28)
        draw.line((20, figure.height - 60, figure.width - 20, figure.height - 60), fill="black", width=3)
        image.save(folder / figure.image)
        if figure.small:
            image.thumbnail((640, 640))
            image.save(folder / figure.small)
    write_cover(folder / shown[0].files[-1], folder / shown[0].cover)


def blank(paper: Paper, shown: tuple[Figure, ...], cache_dir: Path) -> None:
    """Puts stub files in place of the images of a paper's figures, for tests that do not decode them."""
    folder = images_folder(cache_dir, paper, DOCUMENT_VERSION)
    folder.mkdir(parents=True, exist_ok=True)
    for figure in shown:
        for name in (*figure.files, shown[0].cover):
            (folder / name).write_bytes(b"RIFF")


def talking_heads(
    cache_dir: Path | None = None,
    language: str = "en",
    draw: Callable[[Paper, tuple[Figure, ...], Path], None] = blank,
) -> Digest:
    """A topic with a paper of each kind over several weeks; with a cache, the figures are drawn."""
    cc = License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
    shown = figures()
    few = figures(2)
    evil = figures(1, (HOSTILE,))
    if cache_dir is not None:
        draw(DAWN, shown, cache_dir)
        draw(SALIENT, few, cache_dir)
        draw(EVIL, evil, cache_dir)
    return Digest(
        TopicState(
            title="Talking head generation" if language == "en" else "说话人视频生成",
            slug="talking-head-generation",
            description="Driving a portrait with speech or video." if language == "en" else "用语音或视频驱动人像。",
            as_of=NOW,
        ),
        entries=(
            Entry(
                SALIENT,
                Document("abstract", few, License("arXiv non-exclusive", "https://arxiv.org/licenses/nonexclusive-distrib/1.0/"), notes=(Reason(ReasonCode.NO_FIGURES, Reason(ReasonCode.PDF_ENCRYPTED)),), final=True, reader=DOCUMENT_VERSION),
                extracted_summary(),
            ),
            Entry(DAWN, Document("pdf", shown, cc, ("https://github.com/Hanbo-Cheng/DAWN-pytorch",), reader=DOCUMENT_VERSION), full_summary(language)),
            Entry(WITHDRAWN, None, None),
            Entry(EVIL, Document("html", evil, License(HOSTILE, "javascript:alert(1)"), (HOSTILE, "javascript:alert(1)"), reader=DOCUMENT_VERSION), hostile_summary(), trouble=(Reason(ReasonCode.OTHER, text=HOSTILE), Reason(ReasonCode.ARXIV_ANSWERED, status=HOSTILE))),
            Entry(OLD, None, None, trouble=(Reason(ReasonCode.OTHER, text="the model answered too late"),)),
            Entry(REPORT, Document("pdf"), replace(extracted_summary(), summary="We report on lip reading in our own lab.", takeaways=())),
        ),
        set_aside=(Entry(replace(SALIENT, id="2410.00001", title="Speech Codecs for Talking Drums"), None, full_summary(relevance=1)),),
    )  # fmt: skip


def other_topics() -> tuple[Digest, ...]:
    """Topics in unfortunate states: stale, never fetched, empty, all waiting."""

    def topic(title: str, slug: str, **state: Any) -> TopicState:
        return replace(TopicState(title, slug, as_of=NOW), **state)

    return (
        Digest(
            topic("Speech", "speech", state="stale", trouble=Reason(ReasonCode.ARXIV_ANSWERED, status=503), as_of=day("2024-10-18")),
            entries=(Entry(DAWN, Document("abstract"), full_summary()),),
        ),
        Digest(topic("Nothing yet", "nothing-yet", state="never", as_of=None, trouble=Reason(ReasonCode.ARXIV_UNREACHABLE))),
        Digest(topic("Quiet field", "quiet-field", description="Where nothing <b>happens</b>.")),
        Digest(topic("Only waiting", "only-waiting"), entries=(Entry(WAITING, trouble=(Reason(ReasonCode.BEYOND_NEW),)),)),
    )  # fmt: skip
