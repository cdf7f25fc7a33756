from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mkdocs_paperdigest.models import FullText, Paper, Section
from mkdocs_paperdigest.summaries.gate import metadata as gate_metadata
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper

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
    "text",
    [
        "代码见 https://github.com/mirah/foldnet。",
        "[代码](https://github.com/mirah/foldnet%E3%80%82)",
        "arXiv:2403.01234v2",
        "https://arxiv.org/abs/2403.01234",
        "an extension of 2301.00077",
        "www.cloth.example/data or mira@fold.example",
        "在 12.5 毫米处，比 1234.5 更好。",
    ],
)
def test_links_of_the_paper_pass(text: str) -> None:
    assert not gate_metadata.foreign_links(text, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "代码见 https://github.com/other/foldnet。",
        "github.com/other/tool",
        "arXiv:2402.09999",
        "https://arxiv.org/abs/2402.09999",
        "see hep-th/9901001",
        "contact someone@else.example",
    ],
)
def test_links_from_elsewhere_do_not(text: str) -> None:
    assert gate_metadata.foreign_links(text, KNOWN)


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
    assert gate_metadata.denies_metadata(text, KNOWN)


def test_a_paper_without_code_may_be_said_to_have_none() -> None:
    plain = KnownPaper(replace(PAPER, abstract="Folding cloth is hard."), None)
    assert not gate_metadata.denies_metadata("文章未提供GitHub代码链接。", plain)
    assert not gate_metadata.denies_metadata("现有方法没有公开的评估协议，代码库难以安装。", KNOWN)


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


@pytest.mark.parametrize("text", ["Stanford University", "Department of Physics, Princeton University, USA"])
def test_an_institution_that_the_paper_does_not_print_is_not_its_own(text: str) -> None:
    assert gate_metadata.unprinted(text, AT_OSLO)
    assert not gate_metadata.unprinted(text, KnownPaper(PAPER, None))


@pytest.mark.parametrize(
    "text", ["Universitat Oslo", "奥斯陆大学", "University of Oslo, Robotics", "Institute of Technology"]
)
def test_an_institution_in_the_words_of_the_paper_passes(text: str) -> None:
    assert not gate_metadata.unprinted(text, AT_OSLO)
