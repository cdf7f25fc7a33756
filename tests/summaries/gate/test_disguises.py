"""Links, contacts, commands, requests, orders and adverts in other words or another spelling; and honest look-alikes."""

import re
from dataclasses import replace

import pytest

from mkdocs_paperdigest.models import Answer, Claim
from mkdocs_paperdigest.summaries.gate.disguise import revealed
from mkdocs_paperdigest.summaries.gate.judge import check
from tests.summaries.gate.disguises import HONEST, HOSTILE
from tests.summaries.gate.test_judge import PAPER


def shown(sentence: str) -> Claim | None:
    """What reaches the page of a sentence that the paper has too."""
    paper = replace(PAPER, abstract=f"{PAPER.abstract} {sentence}")
    language = "zh" if re.search(r"[\u4e00-\u9fff]", sentence) else "en"
    return check(Answer(results=Claim(sentence)), paper=paper, text=None, language=language).passed.results


@pytest.mark.parametrize("sentence", HOSTILE)
def test_no_way_out_of_the_page_and_no_order_passes_in_other_words(sentence: str) -> None:
    assert shown(sentence) is None


@pytest.mark.parametrize("sentence", HONEST)
def test_honest_sentences_with_the_same_words_pass(sentence: str) -> None:
    assert shown(sentence) == Claim(sentence)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("f\u200bold\u2060.net", "fold.net"),
        ("ｆｏｌｄ．ｎｅｔ", "fold.net"),
        ("𝐟𝐨𝐥𝐝.ⓝⓔⓣ", "fold.net"),
        ("fоld.nеt", "fold.net"),
        ("ɢɪᴛ", "git"),
        ("f o l d . n e t", "fold.net"),
        ("f-o-l-d (dot) net (slash) a", "fold.net/a"),
        ("fold 点 net 斜杠 a", "fold.net/a"),
        ("mira at-sign fold dot net", "mira@fold.net"),
        ("mira圈a fold。net", "mira@fold.net"),
        ("s.u.d.o r.m -r.f /", "sudo rm -rf /"),
    ],
)
def test_disguised_spellings_are_seen_through(text: str, plain: str) -> None:
    assert revealed(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "An α-helix of 3 μm – 5 μm, i.e. a dot product.",
        "Модель обучена на 3D-данных.",
        "两点之间的点积，见图 2。",
    ],
)
def test_ordinary_spelling_stays(text: str) -> None:
    assert revealed(text) == text
