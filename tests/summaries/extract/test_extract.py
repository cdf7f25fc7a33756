import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.models import Omission, Paper
from mkdocs_paperdigest.reasons import ReasonCode
from mkdocs_paperdigest.summaries.extract.extract import joined, summarize_abstract
from mkdocs_paperdigest.summaries.extract.ranker import Ranker
from mkdocs_paperdigest.summaries.extract.roles import read_sentences

NOW = datetime(2024, 10, 19, tzinfo=UTC)
TITLE = "HeadTurner: Steering Talking Heads with Bone Conduction"
ABSTRACT = (
    "Talking heads are widely used in video calls and films. However, heads are difficult to steer, and existing models "
    "suffer from stiff necks. In this paper, we propose HeadTurner, a method that steers talking heads with "
    "bone-conducted speech, while prior work listens to air. To this end, we train a small network on skull vibrations. "
    "Extensive experiments show that HeadTurner outperforms four baselines on two datasets by 12.5%. "
    "Our code is available at https://example.org/headturner."
)


def paper(title: str = TITLE, abstract: str = ABSTRACT) -> Paper:
    return Paper("2410.00001", 1, title, ("A. Author",), abstract, NOW, NOW)


def test_the_summary_is_what_the_paper_contributes() -> None:
    made = summarize_abstract(paper(), now=NOW)
    assert made.summary is not None
    assert made.summary.startswith("We propose HeadTurner, a method that steers talking heads")
    assert made.summary.endswith(".")
    assert (made.model, made.basis, made.made_at, made.omissions) == ("extractive", "abstract", NOW, ())


def test_takeaways_quote_the_abstract_in_its_order() -> None:
    made = summarize_abstract(paper(), now=NOW)
    assert 3 <= len(made.takeaways) <= 7
    places = [ABSTRACT.index(claim.quote) for claim in made.takeaways]
    assert places == sorted(places)
    assert all(claim.verified for claim in made.takeaways)
    assert any("outperforms four baselines" in claim.text for claim in made.takeaways)


def test_a_paper_without_an_abstract_says_so() -> None:
    made = summarize_abstract(paper(abstract=""), now=NOW)
    assert made.summary is None
    assert Omission("summary", ReasonCode.NO_ABSTRACT) in made.omissions
    assert made.takeaways == ()


def test_keywords_that_a_library_states_are_taken_as_they_are() -> None:
    report = replace(paper(), id="report", version=0, categories=("rate limiting", "file locks"))
    assert summarize_abstract(report, now=NOW).keywords == ("rate limiting", "file locks")
    many = tuple(f"topic {number}" for number in range(300))
    assert summarize_abstract(replace(report, categories=many), now=NOW).keywords == many[:8]
    found = summarize_abstract(replace(report, categories=()), now=NOW).keywords
    assert found == summarize_abstract(paper(), now=NOW).keywords


@settings(max_examples=60)
@given(st.text(max_size=200), st.text(max_size=600))
def test_no_text_breaks_it(title: str, abstract: str) -> None:
    made = summarize_abstract(paper(title, abstract), now=NOW)
    assert all(claim.quote in abstract for claim in made.takeaways)
    assert made.summary is None or made.summary.strip()


def test_background_is_no_takeaway_where_there_is_better() -> None:
    made = summarize_abstract(paper(), now=NOW)
    assert not any(claim.text.startswith("Talking heads are widely used") for claim in made.takeaways)


def test_a_pointer_to_the_code_is_no_takeaway() -> None:
    made = summarize_abstract(paper(), now=NOW)
    assert not any("example.org" in claim.text for claim in made.takeaways)


def test_one_sentence_gives_a_summary_and_says_why_there_is_no_more() -> None:
    made = summarize_abstract(paper(abstract="We draw talking heads from speech."), now=NOW)
    assert made.summary == "We draw talking heads from speech."
    assert made.takeaways == ()
    assert Omission("takeaways", ReasonCode.ABSTRACT_TOO_SHORT) in made.omissions


def test_a_summary_does_not_refer_to_what_the_reader_cannot_see() -> None:
    text = (
        "Stiff necks trouble talking heads. We propose a neck controller for talking heads. "
        "This method solves these issues of talking heads with a neck controller."
    )
    made = summarize_abstract(paper("A Neck Controller for Talking Heads", text), now=NOW)
    assert made.summary == "We propose a neck controller for talking heads."


def test_a_reference_is_left_out_where_no_sentence_is_without_one() -> None:
    text = (
        "Stiff necks trouble talking heads. We address these issues by proposing a controller that turns necks. "
        "It turns them by hearing."
    )
    made = summarize_abstract(paper("Necks", text), now=NOW)
    assert made.summary == "We propose a controller that turns necks."


@pytest.mark.parametrize(
    "line",
    [
        "We will release code upon acceptance.",
        "We hope that heads encourage research on necks.",
        "We welcome contributions of heads from any neck.",
        "How do heads of films turn without a neck?",
        "Additional videos can be found on the project page: \\url{https://example.org/a-very-long-address}.",
        "This is achieved by hearing bones.",
        "We will open-source the related resources at https://example.org/a to foster advancements in this field.",
        "Its novelty is the neck.",
        "The key insights on heads are two-fold: 1) We turn the neck first.",
        "We turn heads " + ", and we turn them slowly with great care" * 6 + ".",
    ],
)
def test_a_takeaway_says_something_by_itself(line: str) -> None:
    text = ABSTRACT.replace("Our code is available at https://example.org/headturner.", line)
    made = summarize_abstract(paper(abstract=text), now=NOW)
    assert len(made.takeaways) >= 3
    assert line not in [claim.text for claim in made.takeaways]
    assert all(len(claim.text.split()) <= 40 for claim in made.takeaways)


def test_a_name_that_only_the_papers_tex_knows_is_no_summary() -> None:
    text = r"We present \\name{} for talking heads of all kinds. We train a network that turns the necks of heads."
    made = summarize_abstract(paper("Necks", text.replace("\\\\", "\\")), now=NOW)
    assert made.summary == "We train a network that turns the necks of heads."


def test_a_purpose_without_its_clause_is_no_summary() -> None:
    text = (
        "To provide the users of talking heads with new necks. A programme turns the necks of talking heads."
    )
    made = summarize_abstract(paper("Necks for Talking Heads", text), now=NOW)
    assert made.summary == "A programme turns the necks of talking heads."


def test_a_long_takeaway_ends_after_a_clause() -> None:
    kept = "Experiments on four collections of films show that HeadTurner halves the error of the neck"
    text = ABSTRACT.replace(
        "Our code is available at https://example.org/headturner.", f"{kept}, which {'truly ' * 30}helps."
    )
    made = summarize_abstract(paper(abstract=text), now=NOW)
    assert f"{kept}." in [claim.text for claim in made.takeaways]


def test_a_chinese_abstract_is_quoted_as_chinese() -> None:
    text = "说话人头部生成很难。本文提出一种新方法，用语音驱动头部。实验表明该方法优于现有方法。代码已公开。"
    made = summarize_abstract(paper("语音驱动的头部", text), now=NOW)
    assert made.language == "zh"
    assert made.summary is not None
    assert made.summary in text
    assert len(made.takeaways) == 3


@pytest.mark.parametrize(
    "unit", ["We show that a, while b, ", ". ", "...a", "([$", " ", "www.", "A (", "to x ", "（。", "$x$", "how ", "1) a"]
)  # fmt: skip
def test_hostile_abstracts_take_no_time(unit: str) -> None:
    begin = time.process_time()
    summarize_abstract(paper(unit * 500, unit * 100_000), now=NOW)
    assert time.process_time() - begin < 5


def test_the_same_paper_gives_the_same_summary() -> None:
    assert summarize_abstract(paper(), now=NOW) == summarize_abstract(paper(), now=NOW)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("We propose heads.", "We show that heads nod.", "We propose heads; we show that heads nod."),
        ("We propose heads.", "HeadTurner beats necks.", "We propose heads; HeadTurner beats necks."),
        ("We propose heads.", "Gauss turned heads.", None),  # may be a name or a word
        ("We propose heads.", "Necks turn heads.", "We propose heads; necks turn heads."),
        ("We propose heads, e.g. old ones.", "We show that heads nod.", None),
        ("Do heads nod?", "We show that heads nod.", None),
        ("We propose heads.", "We show two things; heads nod.", None),
        ("We propose heads.", "We first show that heads nod.", "We propose heads; we show that heads nod."),
        ("We propose heads.", "We further film necks.", "We propose heads; we film necks."),
        ("We propose heads.", "We proceed to film necks.", "We propose heads; we film necks."),
        ("We propose heads.", "I prove that heads nod.", "We propose heads; I prove that heads nod."),
        ("We propose heads.", "Polish necks nod.", None),
        ("We propose heads.", "Rust programs nod.", None),
        ("We propose heads.", "Turkey and Mexico nod.", None),
        ("We propose heads.", "Turkey necks nod.", "We propose heads; turkey necks nod."),
        ("We beat the heads of Necker et al.", "We show that heads nod.", None),
        ("We film heads in the U.S.", "We show that heads nod.", None),
        ("We film heads, necks, etc.", "We show that heads nod.", None),
    ],
)
def test_two_sentences_become_one(first: str, second: str, expected: str | None) -> None:
    sentences = read_sentences(
        "Stiff necks turn i times with polish inside. They nod for Polish films. Stiff turkey necks eat rust there."
    )
    assert joined(first, second, sentences) == expected


def test_a_summary_from_two_sentences_leaves_both_out_of_the_takeaways(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Ranker, "gain", lambda *_: 1.0)
    extra = "We also film 900 skulls. We prove that necks are convex."
    made = summarize_abstract(paper(abstract=f"{ABSTRACT} {extra}"), now=NOW)
    assert made.summary is not None
    first, _, second = made.summary.rstrip(".").partition("; ")
    assert second
    assert len(made.summary.split()) <= 40
    for half in (first, second):
        assert not any(half[1:] in claim.text for claim in made.takeaways)


def test_a_second_half_that_adds_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ranker, "gain", lambda *_: -0.001)
    made = summarize_abstract(paper(), now=NOW)
    assert made.summary is not None
    assert ";" not in made.summary


OTHERS = "Skulls were filmed by a camera in Oslo. Bone conducts speech at 2 kHz. Stiff joints are rare in the films of 1911."


@pytest.mark.parametrize(
    "last",
    [
        "Speech Sampling.",
        "Heads of the talking kind, and a controller for their necks.",
        "A version of talking heads extended from the neck model.",
        "In Oslo zeigen wir, dass die Arme der Figuren was anderes tun.",
    ],
)
def test_only_a_sentence_is_half_of_a_summary(last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ranker, "gain", lambda *_: 1.0)  # the last half that may be is taken
    others = f"{OTHERS} Our neck controller turns the heads of skulls."
    made = summarize_abstract(
        paper("Necks", f"We propose a neck controller for heads. {others} {last}"), now=NOW
    )
    assert made.summary == (
        "We propose a neck controller for heads; our neck controller turns the heads of skulls."
    )


def test_two_sentences_are_joined_only_where_the_takeaways_need_neither(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Ranker, "gain", lambda *_: 1.0)
    text = (
        "We propose a neck controller for talking heads. We show that the necks of talking heads nod twice."
    )
    for others in (OTHERS, OTHERS.partition(". ")[2]):
        made = summarize_abstract(paper("Necks", f"{text} {others}"), now=NOW)
        assert made.summary is not None
        assert ("; " in made.summary) == (others == OTHERS)
        halves = made.summary.rstrip(".").split("; ")
        if len(halves) > 1:
            assert not [claim for claim in made.takeaways for half in halves if half[1:] in claim.text]


def test_a_proposal_stands_before_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ranker, "gain", lambda *_: 1.0)
    text = "Our method turns the necks of talking heads. We propose a neck controller for talking heads."
    made = summarize_abstract(paper("Necks", f"{text} {OTHERS}"), now=NOW)
    assert made.summary == (
        "We propose a neck controller for talking heads; our method turns the necks of talking heads."
    )


@pytest.mark.parametrize(
    "planted",
    [
        "HeadTurner runs at head-turner dot site for all readers.",
        "HeadTurner is sold by mail to turn@heads.example.",
    ],
)
def test_no_contact_of_an_abstract_becomes_a_line(planted: str) -> None:
    abstract = f"We propose HeadTurner, a method that steers heads. {planted} It outperforms four baselines by 12.5%."
    made = summarize_abstract(paper(abstract=abstract), now=NOW)
    lines = [made.summary or "", *(claim.quote for claim in made.takeaways)]
    assert made.summary
    assert not any("head-turner" in line or "turn@" in line for line in lines)


def test_an_abstract_of_nothing_but_an_address_says_why_there_is_no_summary() -> None:
    made = summarize_abstract(
        paper(abstract="All necks are kept at https://heads.example for all readers."), now=NOW
    )
    assert made.summary is None
    assert {(one.field, one.reason) for one in made.omissions} >= {
        ("summary", "metadata"),
        ("takeaways", "metadata"),
    }
