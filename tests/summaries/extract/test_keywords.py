import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.summaries.extract.keywords import find_keywords

ABSTRACT = (
    "Neural radiance fields (NeRF) render talking heads, but NeRF needs many views. We propose a diffusion model that "
    "steers gesture generation from speech. Gesture generation with our diffusion model improves lip synchronization, "
    "and lip synchronization is what people look at. The diffusion model uses Gaussian splatting of the head."
)
TITLE = "Steering Gesture Generation: A Diffusion Model with Lip Synchronization"


def test_title_phrases_come_first_in_the_spelling_of_the_abstract() -> None:
    found = find_keywords(TITLE, ABSTRACT)
    assert found[0] == "diffusion model"
    assert {"gesture generation", "lip synchronization"} <= set(found)


def test_an_acronym_comes_once_with_what_it_stands_for() -> None:
    found = find_keywords(TITLE, ABSTRACT)
    assert "Neural radiance fields (NeRF)" in found or "neural radiance fields (NeRF)" in found
    assert "NeRF" not in found


def test_no_keyword_lies_within_another() -> None:
    words = [set(keyword.lower().split()) for keyword in find_keywords(TITLE, ABSTRACT)]
    assert not any(a <= b for at, a in enumerate(words) for b in words[:at] + words[at + 1 :])


def test_verbs_and_filler_are_no_keywords() -> None:
    text = (
        "We achieve superior synthesis. We achieve superior synthesis. It improves results on several tasks."
    )
    assert not any("achieve" in keyword for keyword in find_keywords("Making Heads Talk", text))


def test_names_keep_their_capitals_where_titles_lose_theirs() -> None:
    found = find_keywords("Fast Gaussian Splatting for Talking Heads", "Talking heads are slow. We help.")
    assert "fast Gaussian splatting" in found or "Gaussian splatting" in found
    assert "talking heads" in {keyword.lower() for keyword in found}


def test_formulas_and_addresses_are_no_keywords() -> None:
    found = find_keywords(
        "A Note on $\\mathcal{N}=4$ Theories", "See https://example.org/a $x+y$ and https://example.org/a."
    )
    assert not any("example" in keyword or "$" in keyword or "mathcal" in keyword for keyword in found)


def test_a_single_common_word_is_no_keyword() -> None:
    text = "Avatars move. The avatar is driven by a garment, and GarDiff drives the garment of the avatar. GarDiff is fast."
    found = find_keywords("GarDiff: An Avatar and its Garment", text)
    assert "GarDiff" in found
    assert not {"avatar", "garment", "avatars"} & {keyword.lower() for keyword in found}


def test_a_part_of_a_compound_is_inside_it() -> None:
    text = "Image generation is slow. We propose SLAM for image generation. Hi-SLAM is fast, and Hi-SLAM beats SLAM."
    found = find_keywords("Hi-SLAM: SLAM for Text-to-Image Generation", text)
    assert "text-to-image generation" in found
    assert "image generation" not in found
    assert not {"SLAM", "Hi-SLAM"} <= set(found)


def test_what_someone_does_is_no_part_of_a_term() -> None:
    found = find_keywords(
        "Navigating Stiff Necks for Resolving Class Imbalance", "Stiff necks hurt. Class imbalance hurts."
    )
    assert found[:2] == ("stiff necks", "class imbalance")


def test_words_cut_by_formulas_or_accents_are_no_keywords() -> None:
    text = r"We grow CeAg$_2$Ge$_2$ on a K\"ahler manifold after Koll\'ar. CeAg$_2$Ge$_2$ and the injectivity theorem rest."
    found = find_keywords(r"The injectivity theorem of Koll\'ar and CeAg$_2$Ge$_2$", text)
    assert "injectivity theorem" in found
    assert not any(word in keyword for keyword in found for word in ("Koll", "ahler", "CeAg"))


@settings(max_examples=100)
@given(st.text(max_size=150), st.text(max_size=600))
def test_any_text_gives_at_most_eight_distinct_keywords(title: str, abstract: str) -> None:
    found = find_keywords(title, abstract)
    assert len(found) <= 8
    assert len(set(found)) == len(found)
    assert all(keyword.strip() for keyword in found)


def test_ten_thousand_words_in_a_row_take_no_time() -> None:
    begin = time.process_time()
    find_keywords("word " * 10_000, "(ABC) " * 2_000)
    assert time.process_time() - begin < 5


def test_a_power_of_ten_is_no_keyword() -> None:
    found = find_keywords(
        "Cranes", "The load is 4 x 10^(-22) and 5 x 10^(-7) newtons for D4D cranes of steel."
    )
    assert "x 10" not in found


def test_a_citation_is_no_keyword() -> None:
    found = find_keywords(
        "Cranes", "We extend the left crane [Tester 2006] of Tester 2006 with the right crane."
    )
    assert found
    assert not any("2006" in one for one in found)


@pytest.mark.parametrize(
    ("sentence", "never", "term"),
    [
        ("Heads unify ground states, which unify ground states of necks.", "unify ground states", "ground states"),
        ("Heads optimize bone scores, as they optimize bone scores of necks.", "optimize bone scores", "bone scores"),
        ("Heads violate physical laws, as they violate physical laws of necks.", "violate physical laws", "physical laws"),
        ("Deep learning heads nod, as deep learning heads do.", "learning heads", "Deep learning heads"),
        ("Sine transforms are not regularly discontinuous, but sine transforms are regularly discontinuous.", "regularly discontinuous", "Sine transforms"),
        ("The guidance of Song et al. beats the guidance of Song et al. for talking heads.", "Song et", "talking heads"),
    ],
)  # fmt: skip
def test_a_term_is_a_noun_with_its_attributes(sentence: str, never: str, term: str) -> None:
    found = [keyword.lower() for keyword in find_keywords("Cranes", sentence)]
    assert never.lower() not in found
    assert term.lower() in found


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        ("Theatres such as Globex ask their guests for films of cranes that a guest controls.", "Globex ask"),
        ("Theatres ask for one film at a time, over all cranes that a guest controls.", "guest controls"),
        ("Bridge cranes lift the heads.", "cranes lift"),
        ("Here a left crane drops its heads over a right neck.", "crane drops"),
    ],
)
def test_a_subject_with_its_verb_is_no_keyword(sentence: str, never: str) -> None:
    assert not any(never.lower() in one.lower() for one in find_keywords("Films", sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "In the latent space the heads nod.",
        "We find an inductive bias of necks.",
        "With neural necks the heads nod.",
        "We call a head motion its nod.",
    ],
)
def test_a_noun_before_an_article_stays_a_keyword(sentence: str) -> None:
    found = find_keywords("Films", sentence)
    assert any(one in ("latent space", "inductive bias", "neural necks", "head motion") for one in found)
