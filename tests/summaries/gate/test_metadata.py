from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mkdocs_paperdigest.models import FullText, Paper, Section
from mkdocs_paperdigest.summaries.gate import metadata as gate_metadata
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.phrases import Phrases

PAPER = Paper(
    id="2403.01234",
    version=2,
    title="FoldNet: Origami Priors for Robotic Cloth Folding",
    authors=("Mira Halvorsen", "Wei Zhang", "José Ortega"),
    abstract="Folding cloth is hard. Code is available at https://github.com/mirah/foldnet. It extends arXiv:2301.00077.",
    published=datetime(2024, 3, 2, tzinfo=UTC),
    updated=datetime(2024, 3, 9, tzinfo=UTC),
)
KNOWN = KnownPaper(
    PAPER, FullText((Section("Introduction", "Data: www.cloth.example/data, mira@fold.example, 张伟."),))
)


@pytest.mark.parametrize(
    "text", ["arXiv:2403.01234v2", "an extension of 2301.00077", "在 12.5 毫米处，比 1234.5 更好。"]
)
def test_ids_of_the_paper_pass(text: str) -> None:
    assert not gate_metadata.foreign_ids(text, KNOWN)


@pytest.mark.parametrize("text", ["arXiv:2402.09999", "see hep-th/9901001"])
def test_ids_from_elsewhere_do_not(text: str) -> None:
    assert gate_metadata.foreign_ids(text, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "代码见 https://github.com/mirah/foldnet。",
        "www.cloth.example/data",
        "write to mira@fold.example",
        "mira [at] fold [dot] org",
        "github.com/other/tool",
        "the page folding-cloth.net has more",
        "hxxps://fold.example",
        "javascript:alert(1)",
        "follow @foldnet_news",
        "call +49 30 1234 5678",
        "(212) 555-0199 or 212-555-0199",
        "微信 13912345678",
        "pay 0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B",
        "pay bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh",
        "pay 1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "DE89 3704 0044 0532 0130 00",
        "run wget -q fold.sh",
        "curl -fsSL x.sh | sh",
        "sudo apt install fold",
        "rm -rf /data",
        "install it by pip install foldnet",
        "python train.py runs it",
        "docker run fold/net",
        "powershell -c fold",
    ],
)
def test_no_way_out_of_the_page_is_shown_even_if_the_paper_prints_it(text: str) -> None:
    assert gate_metadata.contact(text, PAPER.abstract)


@pytest.mark.parametrize(
    "text",
    [
        "mAP@0.5 and Recall@10 rise, pass@k does not.",
        "GPT-4o, ResNet-50 and v2.0 are compared, e.g. on COCO.",
        "Reviews of Booking.com are classified.",
        "The set has 1,380,000,000 tokens and 13800000000 pairs.",
        "We study curl of a vector field, the wget tool, and pip.",
        "Users of sudo rights are watched; rm is logged; e-mail is not.",
        "The ratio 10:1 and the range 100-200-300 hold at 3.14 rad.",
        "Node.js和Vue.js的依赖图",
        "2024-11-28 10:30:00",
    ],
)
def test_measures_names_and_tools_are_no_contacts(text: str) -> None:
    assert not gate_metadata.contact(text, "We classify reviews of Booking.com.")


@pytest.mark.parametrize(
    "text",
    [
        "第一作者哈米拉来自某大学。",
        "Mira Halvorsen（米拉·哈尔沃森）",
        "黄建来自浙江大学。",
        "作者：李明、王强",
    ],
)
def test_other_names_for_the_authors_are_seen(text: str) -> None:
    assert gate_metadata.foreign_names(text, "affiliation", KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "挪威科技大学机器人系",
        "第一作者Mira Halvorsen来自挪威科技大学。",
        "Mira Halvorsen（挪威科技大学）",
        "Wei Zhang（张伟）",
        "第一作者单位为挪威科技大学。",
        "Department of Robotics, NTNU",
    ],
)
def test_institutions_and_printed_names_pass(text: str) -> None:
    assert not gate_metadata.foreign_names(text, "affiliation", KNOWN)


def test_a_name_in_prose_is_only_judged_where_it_is_called_an_author() -> None:
    assert not gate_metadata.foreign_names("周期为十的折叠在此得到验证。", "results", KNOWN)


def test_a_translated_title_may_quote_the_original_only() -> None:
    assert not gate_metadata.other_title("折纸先验（Origami Priors for Robotic Cloth Folding）", KNOWN)
    assert not gate_metadata.other_title("FoldNet：机器人折叠布料", KNOWN)
    assert gate_metadata.other_title("折纸先验（Knitting Patterns for Industrial Textile Robots）", KNOWN)


@pytest.mark.parametrize(
    "text", ["由于缺少作者信息，难以评价。", "文章未提供GitHub代码链接。", "代码仓库的链接未给出。"]
)
def test_what_arxiv_states_cannot_be_missing(text: str) -> None:
    assert gate_metadata.denies_metadata(text, KNOWN, Phrases(text))


def test_a_paper_without_code_may_be_said_to_have_none() -> None:
    plain = KnownPaper(replace(PAPER, abstract="Folding cloth is hard."), None)
    for text, known in (
        ("文章未提供GitHub代码链接。", plain),
        ("现有方法没有公开的评估协议，代码库难以安装。", KNOWN),
    ):
        assert not gate_metadata.denies_metadata(text, known, Phrases(text))


@pytest.mark.parametrize(
    "announcement",
    ["The code will be released upon acceptance.", "No code is available.", "The code is not public yet."],
)
def test_code_that_the_abstract_does_not_have_may_be_said_to_be_missing(announcement: str) -> None:
    known = KnownPaper(replace(PAPER, abstract=f"Folding cloth is hard. {announcement}"), None)
    assert not gate_metadata.denies_metadata("代码尚未公开。", known, Phrases("代码尚未公开。"))
    open_source = KnownPaper(replace(PAPER, abstract="Folding cloth is hard. Our code is released."), None)
    assert gate_metadata.denies_metadata("代码尚未公开。", open_source, Phrases("代码尚未公开。"))


def test_terms_are_known_whatever_their_accents_hyphens_and_plural() -> None:
    assert KNOWN.knows("Fold-Nets")
    assert KNOWN.knows("OPRCF")
    assert not KNOWN.knows("KnitNet")


def test_a_stub_does_not_count_as_the_paper() -> None:
    assert not KNOWN.is_read
    whole = FullText(
        pages=("Folding cloth is hard and available code extends robotic origami priors. " * 20,)
    )
    assert KnownPaper(PAPER, whole).is_read


AT_OSLO = KnownPaper(
    PAPER,
    FullText(
        pages=(
            "Mira Halvorsen, Universit\u00e4t Oslo, Cloth Robotics Group. "
            + (PAPER.abstract + " Folding. ") * 4,
        )
    ),
)


@pytest.mark.parametrize(
    "text", ["Stanford University", "奥斯陆大学", "Department of Physics, Princeton University, USA"]
)
def test_an_institution_that_the_paper_does_not_print_is_not_its_own(text: str) -> None:
    assert gate_metadata.unprinted(text, AT_OSLO)
    assert not gate_metadata.unprinted(text, KnownPaper(PAPER, None))


@pytest.mark.parametrize(
    "text", ["Universitat Oslo", "University of Oslo, Robotics", "Institute of Technology"]
)
def test_an_institution_in_the_words_of_the_paper_passes(text: str) -> None:
    assert not gate_metadata.unprinted(text, AT_OSLO)


def test_a_keyword_has_to_occur_in_the_paper() -> None:
    read = KnownPaper(PAPER, FullText(pages=("Folding planners estimate creases of garments. " * 40,)))
    for term in ("cloth folding", "Origami", "crease estimation", "机器人折叠", "FoldNet"):
        assert not gate_metadata.unused(term, "zh", read)
    for term in ("quantum chromodynamics", "cheap watches", "Best paper award"):
        assert gate_metadata.unused(term, "zh", read)
        assert gate_metadata.unused(term, "en", read)
    # In another language of the same script, a keyword is a translation.
    assert not gate_metadata.unused("Faltung von Stoffen", "de", read)
