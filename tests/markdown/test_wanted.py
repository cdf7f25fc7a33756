"""What a fence asks for, and what is wrong with one that cannot be read."""

import pytest

from mkdocs_paperdigest.markdown.wanted import FenceError, Wanted, read_fence


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Wanted(latest=5)),
        ("# a comment alone\n", Wanted(latest=5)),
        ("style: list", Wanted(latest=5, style="list")),
        ("latest: 12\nstyle: cards", Wanted(latest=12)),
        ("topic: talking-heads", Wanted(topic="talking-heads", lines=(0,))),
        ("latest: 3\ntopic: 'heads'", Wanted(latest=3, topic="heads", lines=(1,))),
        # As a number it would lose its last digit.
        ("ids: [2410.10000, hep-th/9901001v2]", Wanted(ids=("2410.10000", "hep-th/9901001v2"), lines=(0, 0))),
        ("ids:\n  - 2410.13726\n  - 1e3\n", Wanted(ids=("2410.13726", "1e3"), lines=(1, 2))),
        ("ids: 2410.13726", Wanted(ids=("2410.13726",), lines=(0,))),
    ],
)
def test_what_is_asked_for(text: str, wanted: Wanted) -> None:
    assert read_fence(text) == wanted


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("latest: 5\nlates: 6", 1, "unknown key `lates`; did you mean `latest`?"),
        ("colour: red", 0, "unknown key `colour`; known: latest, ids, topic, style"),
        ("[a]: 1", 0, "unknown key"),
        ("? {a: b}\n: 1", 0, "unknown key"),
        ("latest: 5\nlatest: 6", 1, "`latest` stands here twice"),
        ("latest: five", 0, "`latest: five` is not a number of papers"),
        ("latest: -1", 0, "not a number"),
        ("latest: 0", 0, "not a number"),
        ("latest: ٣", 0, "not a number"),
        (f"latest: {'9' * 5000}", 0, "not a number"),
        ("latest: [5]", 0, "`latest` needs a number"),
        ("latest:", 0, "`latest` needs a number"),
        ("style: grid", 0, "`style: grid` is unknown; write `cards` or `list`"),
        ("ids: []", 0, "`ids` is empty"),
        ("ids: [{a: b}]", 0, "`ids` needs ids"),
        ("ids:\n- 2410.13726\n-\n", 2, "`ids` needs ids"),
        ("topic: [heads]", 0, "`topic` needs the `slug`"),
        ("ids: [2410.13726]\n\nlatest: 5", 2, "`ids` and `latest` exclude each other"),
        ("topic: x\nids: [2410.13726]", 0, "`ids` and `topic` exclude each other"),
        ("- latest", 0, "not a mapping"),
        ("just words", 0, "not a mapping"),
        ("latest: 5\n\t- x", 1, "not YAML"),
        ("latest: [5", 0, "not YAML"),
        ("ids: *nothing", 0, "not YAML"),
        ("a: \x00", 0, "not YAML"),
        ("latest: 1\n---\nlatest: 2", 1, "not YAML"),
        ("[" * 500, 0, "nested too deeply"),
    ],
)
def test_a_mistake_names_its_line_and_its_cure(text: str, line: int, words: str) -> None:
    with pytest.raises(FenceError) as caught:
        read_fence(text)
    assert words in str(caught.value)
    assert caught.value.line == line
    assert "\n" not in str(caught.value)
