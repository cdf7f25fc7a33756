from mkdocs_paperdigest.summaries.extract.roles import read_sentences, roles_of
from mkdocs_paperdigest.summaries.extract.takeaways import choose_takeaways, takeaway_lines


def test_what_comes_before_the_contribution_is_background() -> None:
    assert roles_of(
        [
            "Deep networks achieve good results by talking.",
            "However, heads remain a challenge.",
            "We propose a new head.",
            "Experiments show that it outperforms all others by 3%.",
            "We release a dataset of spoken heads.",
            "Code is available at https://example.org/a.",
        ]
    ) == ("background", "problem", "method", "result", "resource", "pointer")


def test_an_abstract_without_a_first_person_tells_its_own_story() -> None:
    roles = roles_of(
        [
            "Crystals were grown by the floating zone method.",
            "Zero resistance is reached below 80 K.",
            "Its origin remains unclear.",
        ]
    )
    assert roles == ("method", "method", "problem")


def test_background_fills_up_to_three() -> None:
    sentences = read_sentences(
        "Heads are popular in films. However, heads remain stiff. We propose a neck. "
        "The neck outperforms four baselines by 12%."
    )
    assert tuple(
        choose_takeaways(sentences, [0.1, 0.0, 0.3, 0.2], sources={2}, lines=takeaway_lines(sentences))
    ) == (0, 1, 3)


def test_what_was_said_is_not_said_again() -> None:
    sentences = read_sentences(
        "We propose a neck for heads. We train a neck that turns talking heads slowly. "
        "We train a neck that turns talking heads very slowly. We find fewer headaches in users. "
        "We count all cervical vertebrae of giraffes. We measure the noise of old hinges."
    )
    chosen = choose_takeaways(
        sentences, [0.9, 0.5, 0.4, 0.3, 0.2, 0.1], sources={0}, lines=takeaway_lines(sentences)
    )
    assert tuple(chosen) == (1, 3, 4, 5)


def test_what_changed_in_a_version_is_no_statement() -> None:
    notes = [
        "Sections 1 and 2 are unchanged, except for a proof.",
        "Changes in this version: Section 4 was revised.",
    ]
    assert roles_of(["We lift cranes.", *notes]) == ("method", "pointer", "pointer")
