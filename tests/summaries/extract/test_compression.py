import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_paperdigest.summaries.extract.compression import cleaned, is_cut_list, variants


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("In this paper, we propose heads.", "We propose heads."),
        ("However, we find that heads nod.", "We find that heads nod."),
        ("To address this issue, we train a head on speech.", "We train a head on speech."),
        ("We therefore propose a new head.", "We propose a new head."),
        ("We solve it in this paper by talking.", "We solve it by talking."),
        ("Extensive experiments show that heads talk better now.", "Heads talk better now."),
        ("mRNA heads are used [12, 13] by many (Smith et al., 2016).", "mRNA heads are used by many."),
        ("heads talk to heads", "Heads talk to heads."),
        ("To the best of our knowledge, this is the first head.", "This is the first head."),
        (r"We use \emph{talking} heads, {\it i.e.} 5\% of $\emph{x}$.", r"We use talking heads, i.e. 5% of $\emph{x}$."),
        ("Methods: We steer heads by voice alone.", "We steer heads by voice alone."),
        ("We steer ``heads'' by voice alone.", "We steer “heads” by voice alone."),
        ("In addition, the 3.5 dB of heads grow .", "The 3.5 dB of heads grow."),
        ("Finally a short film of heads is shown.", "A short film of heads is shown."),
        ("TL;DR Steer heads by voice..", "Steer heads by voice."),
        ("As a solution, we propose heads.", "We propose heads."),
        ("In conclusion we propose heads.", "We propose heads."),
        ("In particular we propose heads.", "We propose heads."),
        ("In the specific, heads nod to speech.", "Heads nod to speech."),
        ("In more detail, heads nod to speech.", "Heads nod to speech."),
        ("We proceed to film heads.", "We film heads."),
        ("Heads can then be applied to necks.", "Heads can be applied to necks."),
        ("The heads are then filmed in Oslo.", "The heads are filmed in Oslo."),
        ("Based on the study, we propose heads.", "We propose heads."),
        (r"We use a \q{counterfactual} head \cite{smith} of $\cal{Mod}$.", r"We use a counterfactual head of $\cal{Mod}$."),
    ],
)  # fmt: skip
def test_a_cleaned_sentence_stands_alone(sentence: str, expected: str) -> None:
    assert cleaned(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "To align long videos, we propose a head.",
        "Experiments on HDTF show that heads talk better.",
        "The method presented in this paper draws heads.",
        "Results show that they nod.",
        "In vivo experiments are rare for heads.",
        "If heads nod, they can then be filmed.",
        "Heads are smaller then than now.",
    ],
)
def test_what_informs_stays(sentence: str) -> None:
    assert cleaned(sentence) == sentence


def test_variants_drop_asides_frames_and_what_trails() -> None:
    found = variants(
        "We show that our talking head generator (THG) follows speech closely, while prior work follows nothing."
    )
    assert "We show that our talking head generator follows speech closely." in found
    assert "Our talking head generator (THG) follows speech closely." in found


def test_an_opening_that_names_a_thing_is_not_cut_from_its_pronoun() -> None:
    sentence = "Given a film of a head, we are able to quickly take it apart into skulls, necks and speech."
    assert not [text for text in variants(sentence) if "it" in text.split() and "film" not in text]


def test_what_orders_a_sentence_goes_with_its_opening() -> None:
    found = variants("For all films of Oslo, we first compare the new talking heads with three old ones.")
    assert "We compare the new talking heads with three old ones." in found
    assert not [text for text in found if text.startswith("We first")]


@pytest.mark.parametrize(
    "sentence",
    [
        "We present films that help the synthesis of talking heads in areas where speech is rare.",
        "We present a head which helps speech, reduces noise, and ensures via necks that it is followed.",
        "Our heads follow speech in the setting in which no other head nods at all.",
    ],
)
def test_a_word_that_needs_its_clause_is_no_end(sentence: str) -> None:
    ends = [text.rstrip(".").rpartition(" ")[2] for text in variants(sentence)]
    assert not {"areas", "ensures", "setting"} & set(ends)


def test_coordinated_clauses_keep_their_subject() -> None:
    found = variants("We propose a new kind of talking head, and show that it follows any speech closely.")
    assert "We propose a new kind of talking head." in found
    assert "We show that it follows any speech closely." in found


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        ("We propose a talking head model that is able to speak from audio.", "able."),
        ("We list heads that nod often: (1) the first kind and (2) the last kind.", "(1) the first kind."),
        ("Can a talking head learn to speak well, while it listens?", "speak well."),
        ("We let $a, while b$ be the heads that talk a lot.", "$a."),
        ("We show that necks improve the heads of films; for example, a head with a neck nods more.", "example."),
        ("We study the pose of an unknown talking head relative to the camera of a film.", "relative."),
        ("The last part demonstrates that talking head generation using bones beats air.", "head generation."),
        ("Our novelty is the neck field, a function that determines, for each head, how likely it is to nod.", "determines."),
        ("We design a new clinical talking head for parsing films, a neck for turning heads, and a network for bones.", "talking head."),
        ("We present a talking head combining the skull of fast films, with the necks of slow ones.", "fast films."),
        ("We name heads (talking ones, while silent ones rest) of any kind.", "talking ones."),
    ],
)  # fmt: skip
def test_no_variant_is_left_hanging(sentence: str, never: str) -> None:
    assert not any(variant.endswith(never) for variant in variants(sentence))


@given(st.text(max_size=400))
def test_every_variant_is_made_of_the_sentence(text: str) -> None:
    whole = cleaned(text)
    found = variants(whole)
    assert found[0] == whole
    assert len(set(found)) == len(found)
    assert all(len(variant) <= len(whole) + 20 for variant in found)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2) We train heads to nod in time.", "We train heads to nod in time."),
        ("Heads, however, remain stiff.", "Heads remain stiff."),
        ("Stiff necks~(SN) take ~25 ms.", "Stiff necks (SN) take ~25 ms."),
        ("In films, however, heads remain stiff.", "In films, heads remain stiff."),
        ("We first train heads to nod.", "We train heads to nod."),
        ("Methods and materials: We train heads to nod.", "We train heads to nod."),
        ("Our results show that heads can nod and that necks can turn.", "Heads can nod and necks can turn."),
        ("Necks also play a role in films.", "Necks play a role in films."),
        ("Not only heads but also necks turn.", "Not only heads but also necks turn."),
    ],
)
def test_what_ties_a_sentence_to_others_goes(sentence: str, expected: str) -> None:
    assert cleaned(sentence) == expected


def test_a_list_that_goes_on_elsewhere_goes_with_what_announces_it() -> None:
    sentence = (
        "We propose a model of talking heads with two key contributions: First, we train it on stiff necks."
    )
    assert is_cut_list(sentence)
    assert "We propose a model of talking heads." in variants(sentence)
    assert is_cut_list("The result is: Given heads and necks of one size.")
    assert not is_cut_list("We do two things: first, we turn the head, and then we turn the neck.")


def test_a_subject_keeps_its_pointer() -> None:
    found = variants("While these methods fail for necks, they work well for heads of all kinds.")
    assert not any(variant.startswith("While methods") for variant in found)
    found = variants("Although films are long, these methods have failed to turn the heads of giraffes.")
    assert not any(", methods" in variant for variant in found)
    assert (
        len(variants("We show that networks trained on these data achieve better results than giraffes."))
        == 2
    )


def test_a_formula_keeps_its_brackets() -> None:
    sentence = "We find a map $u(x,y,z)$ that turns heads (and necks) by $v=(f^1,f^2,f^3)$ in all films."
    assert all("$u(x,y,z)$" in variant for variant in variants(sentence))
    assert any("(and necks)" not in variant for variant in variants(sentence))


def test_a_noun_may_stay_without_its_pointer() -> None:
    assert "We study the tension between head and neck in talking heads." in variants(
        "We study this tension between head and neck in talking heads."
    )
    assert "We train deep networks on stiff necks of talking heads." in variants(
        "We train such deep networks on stiff necks of talking heads."
    )
    assert "We steer talking heads by turning long necks of giraffes." in variants(
        "We steer talking heads by turning these long necks of giraffes."
    )


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "We address these issues by proposing a neck that turns talking heads.",
            "We propose a neck that turns talking heads.",
        ),
        (
            "This work bridges this gap by introducing a neck that turns talking heads.",
            "This work introduces a neck that turns talking heads.",
        ),
        (
            "We propose HeadTurner, an innovative method for turning heads to address these challenges.",
            "We propose HeadTurner, an innovative method for turning heads.",
        ),
    ],
)
def test_a_purpose_that_needs_another_sentence_is_left_out(sentence: str, expected: str) -> None:
    assert expected in variants(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Dominant turns of the heads of films may be represented through angles of the neck.",
        "The density of heads is found under the assumption that, in the dark, necks turn more than heads do.",
    ],
)
def test_a_passive_and_an_aside_are_never_left_open(sentence: str) -> None:
    assert not any(variant.endswith((" represented.", " in the dark.")) for variant in variants(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "We use three key sources: the scene image, the depth map, and the text prompt of the user.",
        "We outline three key objectives for heads: fast films, stiff necks and warm skulls of many people.",
        "Our head combines two networks that turn, a neck that nods, and a mouth that speaks aloud.",
        "Central to our talking heads of films are the concepts: a neck, and a mouth that speaks aloud.",
        "We turn real heads across seven films, generate necks from five giraffes, and count them all.",
    ],
)
def test_a_list_is_never_cut(sentence: str) -> None:
    assert variants(sentence) == (sentence,)


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("We steer an ensemble of (In,Ga)As heads by voice (and film) in every one of the films.", "(In,Ga)As"),
        ("We decompose sl(n), so(2n+1), so(2n) and sp into heads (and necks) of all kinds.", "so(2n+1), so(2n)"),
    ],
)  # fmt: skip
def test_a_bracket_that_is_part_of_a_word_stays(sentence: str, kept: str) -> None:
    found = variants(sentence)
    assert all(kept in variant for variant in found)
    assert any("(and" not in variant for variant in found)
    assert not is_cut_list(sentence)


def test_a_name_with_an_index_stays_whole() -> None:
    found = variants("We study heads, called H_{k,1}, and necks of giraffes in films.")
    assert found == ("We study heads, called H_{k,1}, and necks of giraffes in films.",)


def test_a_citation_that_is_a_noun_stays() -> None:
    assert (
        cleaned("We prove a remark made in [3] on heads [4, 5].") == "We prove a remark made in [3] on heads."
    )


@pytest.mark.parametrize(
    "text",
    ["Our main contributions are threefold.", "The contribution of this paper is two-fold.", "Followed by two necks for heads."],
)  # fmt: skip
def test_a_count_of_contributions_and_a_part_of_a_list_say_nothing_alone(text: str) -> None:
    assert is_cut_list(text)


def test_a_comment_of_the_source_is_no_sentence() -> None:
    assert cleaned("%and $B$ (Neck function).") == ""
    assert cleaned("5% of heads nod.") == "5% of heads nod."


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        ("We show that in both silent and talking films, our heads turn to the left.", "films."),
        ("We show that the steady training with a fast film, when necks rest, turns heads.", "film."),
        ("Not only do we turn the heads of films, but we turn the necks of giraffes.", "heads of films."),
        ("We design the new talking head model equipped with necks for films.", "equipped."),
        ("The data of heads, necks and mouths of giraffes are fairly, and in all films, well explained.", "fairly."),
    ],
)  # fmt: skip
def test_a_clause_keeps_its_verb(sentence: str, never: str) -> None:
    assert not any(variant.endswith(never) for variant in variants(sentence))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "We tackle this challenge by characterizing the necks of talking heads.",
            "We characterize the necks of talking heads.",
        ),
        (
            "We use this opportunity to propose a new neck for talking heads.",
            "We propose a new neck for talking heads.",
        ),
        ("In this short paper, we propose a neck.", "We propose a neck."),
    ],
)
def test_what_is_done_stays_without_the_occasion(sentence: str, expected: str) -> None:
    assert expected in variants(cleaned(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "By proving that as the load of the rope increases, the neck of the crane follows, we bound the load.",
        "Recently, steam lifting (SL) by independent pulleys (IP) has been used to solve these problems.",
    ],
)
def test_a_part_without_its_main_clause_is_no_sentence(sentence: str) -> None:
    for one in variants(sentence)[1:]:
        assert " we bound" in one or not one.startswith("By")
        assert not one.endswith("been used.")
