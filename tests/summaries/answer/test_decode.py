"""What models really send, and which fields can be read from it."""

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mkdocs_paperdigest.summaries.answer import tex_escapes as tex
from mkdocs_paperdigest.summaries.answer.decode import MAX_LENGTH, decode
from mkdocs_paperdigest.summaries.llm.outcomes import Outcome

NAMES = (tex._ANYWHERE + tex._BETWEEN_DOLLARS).split()
LOOK_ALIKES = [{"n": "\n", "t": "\t"}[name[0]] + name[1:] for name in NAMES]
# Text that looks the same in JSON and in TeX with one backslash is read as TeX.
AMBIGUOUS = re.compile(rf"[\b\f\r][A-Za-z]|\$[^$]*\t[A-Za-z]|(?:{'|'.join(LOOK_ALIKES)})(?![A-Za-z])")
PLAIN_TEXT = (st.text() | st.text(st.sampled_from("\n\t\r\b$\\\"' not next e i a ,:}]"))).filter(
    lambda text: not AMBIGUOUS.search(text)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | PLAIN_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXT, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
SOME = "alpha beta bar bf begin frac forall flat theta times text textbf tau tilde nu nabla neq not rho right rangle rm"
COMMANDS = [*SOME.split(), "upsilon", "underline", "sum", "delta", "mathbf", "varepsilon", "ell"]


def fields(text: str, *names: str) -> Any:
    return decode(text, names).fields


@given(st.dictionaries(PLAIN_TEXT, JSON, min_size=1, max_size=6), st.booleans(), st.none() | st.just(2))
def test_correct_json_is_read_as_it_is(answer: dict[str, Any], ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(answer, ensure_ascii=ascii_only, indent=indent)
    decoded = decode(text, list(answer))
    assert decoded.fields == answer
    assert decoded.trouble is None


@given(
    st.dictionaries(PLAIN_TEXT, JSON, min_size=1, max_size=4),
    st.sampled_from(["", "Sure! Here it is:\n\n", "```json\n", "<think>\n{a, b} or 5?\n</think>\n"]),
    st.sampled_from(["", "\n```", "\n\nI hope this helps {really}!", "\n}"]),
)
def test_what_stands_around_the_object_does_not_matter(
    answer: dict[str, Any], before: str, after: str
) -> None:
    decoded = decode(f"{before}{json.dumps(answer)}{after}", list(answer))
    assert decoded.fields == answer


@given(
    st.lists(st.sampled_from([*(f"\\{name}" for name in COMMANDS), " ", "$", "{x}", "^2", "word", "é", "字"]))
)
def test_tex_with_one_backslash_survives(pieces: list[str]) -> None:
    said = " ".join(pieces)
    assume(said.strip())
    raw = '{"summary": "' + said + '", "keywords": ["' + said + '"]}'
    assert fields(raw, "summary", "keywords") == {"summary": said, "keywords": [said]}


@given(st.lists(st.sampled_from([f"\\{name}" for name in COMMANDS] + ["a b", '"', "\\\\", "$x$"])))
def test_tex_with_two_backslashes_survives(pieces: list[str]) -> None:
    answer = {"summary": " ".join(pieces)}
    assert fields(json.dumps(answer), "summary") == answer


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        (r"a \"quoted\" word", 'a "quoted" word'),
        (r"one\nNext line", "one\nNext line"),
        (r"one\nnext line\nnumber two\nnot \not", "one\nnext line\nnumber two\nnot \\not"),
        (r"one\n\n- two\ttabbed", "one\n\n- two\ttabbed"),
        (r"caf\u00e9 \ud83d\ude00", "café 😀"),
        (r"lone \ud83d end", "lone � end"),
        (r"C:\\dir \/ x", "C:\\dir / x"),
        (r"$a \ne b \to c$", r"$a \ne b \to c$"),
        (r"cost \$5 and $a\\b$", r"cost \$5 and $a\b$"),
        ("first:\\ni.e. this, \\tan example", "first:\ni.e. this, \tan example"),
        (r"Poincar\'e, Schr\"odinger, don\'t", "Poincar\\'e, Schr\"odinger, don't"),
        (r"\romannumeral1 $\relu(x), \tx$ and\tx", "\\romannumeral1 $\\relu(x), \\tx$ and\tx"),
        (r"one\r\ntwo", "one\r\ntwo"),
        (r"$\bx$ and \beta-VAE and \frac{1}{2}", r"$\bx$ and \beta-VAE and \frac{1}{2}"),
        (r"\(x\) \[y\] \% \_ \{ \}", r"\(x\) \[y\] \% \_ \{ \}"),
        (r"\underline{u}, \upsilon, \u12", r"\underline{u}, \upsilon, \u12"),
        ("raw\nline\tbreak", "raw\nline\tbreak"),
    ],
)
def test_escapes_mean_what_the_model_meant(raw: str, meant: str) -> None:
    assert fields('{"summary": "' + raw + '"}', "summary") == {"summary": meant}


def test_every_listed_command_survives_between_dollars() -> None:
    for name in NAMES:
        said = f"$x \\{name} y$"
        assert fields('{"summary": "' + said + '"}', "summary") == {"summary": said}


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ('{"a": [1, 2,], "b": {"c": 1,},}', {"a": [1, 2], "b": {"c": 1}}),
        ('{“a”: “x”, "b": „y“}', {"a": "x", "b": "y"}),
        ("{'a': 'it isn't', 'b': True}", {"a": "it isn't", "b": True}),
        ('{"a": NaN, "b": [Infinity, -Infinity, -1.5e3]}', {"a": None, "b": [None, None, -1500.0]}),
        ('{"a": "the "best" one, really", "b": 1}', {"a": 'the "best" one, really', "b": 1}),
        ('{"answer": {"a": 1, "b": 2}}', {"a": 1, "b": 2}),
        ('[{"a": 1, "b": 2}]', {"a": 1, "b": 2}),
        ('draft {"a": 1} final {"a": 1, "b": 2}', {"a": 1, "b": 2}),
        ('draft {"a": 1, "b": 0} final {"a": 1, "b": 2}', {"a": 1, "b": 2}),
        ('with $\\frac{1}{2}$ and {x}: {"a": 1, "b": 2}', {"a": 1, "b": 2}),
        ('<think>{"a": 0, "b": 0}</think>{"a": 1}', {"a": 1}),
    ],
)
def test_near_misses_of_json_are_read(raw: str, meant: dict[str, Any]) -> None:
    assert fields(raw, "a", "b") == meant


SPARSE = 'It draws "sparse", "small" marks.'
QUOTED = [
    SPARSE,
    'It draws "sparse" marks, "small" too.',
    '"Sparse", "small", "dense": it draws all.',
    'It draws "sparse", "small".',
    'Sets such as {"a", "b"} are drawn.',
    'Lists ["a", "b"] are drawn.',
    'It says "yes", and stops.',
    'It calls it "a": "b" in one table.',
    'From "one" to "two", "three" is left.',
]


@pytest.mark.parametrize("said", QUOTED)
@pytest.mark.parametrize(
    "around",
    [
        '{"a": "%s", "b": 1}',
        '{"b": 1, "a": "%s"}',
        '{"b": 1,\n "a": "%s"\n}\n```',
        '{"b": 1, "a": {"text": "%s", "quote": "x"}}',
        '{"b": 1, "a": {"quote": "x", "text": "%s"}}',
        '{"b": 1, "a": [{"text": "%s", "quote": "x"}, {"text": "y", "quote": "%s"}]}',
        '{"b": 1, "a": ["%s", "x"]}',
        '{"b": 1, "a": ["x", "%s"]}',
    ],
)
def test_unescaped_quotation_marks_never_halve_a_sentence(said: str, around: str) -> None:
    decoded = decode(around.replace("%s", said), ["a", "b"])
    whole = json.loads(around.removesuffix("\n```").replace("%s", said.replace('"', '\\"')))
    assert decoded.fields["b"] == 1
    if "a" in decoded.fields:
        assert decoded.fields["a"] == whole["a"]
    else:
        assert decoded.trouble is Outcome.BAD_JSON
    if said is SPARSE:
        assert decoded.fields == whole


@given(st.sampled_from(QUOTED), st.integers(0, 200))
def test_no_cut_halves_a_sentence_with_quotation_marks(said: str, length: int) -> None:
    decoded = decode(('{"b": "x", "a": "' + said + '", "c": 1}')[:length], ["a", "b", "c"])
    assert decoded.fields.get("a", said) == said


def test_a_string_that_may_have_ended_too_early_is_asked_for_again() -> None:
    decoded = decode('{"a": "a 5" screen", "b": 1}', ["a", "b"])
    assert (decoded.fields, decoded.trouble) == ({"b": 1}, Outcome.BAD_JSON)


@pytest.mark.parametrize(
    "reasoning",
    [
        "<think>%s</think>",
        "<thinking>%s</thinking>",
        "%s\n</think>\n\n",
        "[THINK]%s[/THINK]",
        "◁think▷%s◁/think▷",
        "<seed:think>%s</seed:think>",
        "<|channel|>analysis<|message|>%s<|end|><|start|>assistant<|channel|>final<|message|>",
    ],
)
def test_reasoning_is_no_answer(reasoning: str) -> None:
    draft = 'Okay. {"a": 0, "b": 0} looks right, or {"a": 5}?'
    assert fields(reasoning.replace("%s", draft) + '{"a": 1}', "a", "b") == {"a": 1}


def test_an_answer_may_write_about_marks_of_reasoning() -> None:
    answer = {"a": "Models end their thoughts with </think>.", "b": 1}
    for before in ("", "```json\n", "Here it is: ", "<think>Well.</think>"):
        assert fields(before + json.dumps(answer), "a", "b") == answer


def test_reasoning_without_an_end_holds_no_answer_but_at_its_end() -> None:
    assert fields('<think>\n{"a": 1}', "a") == {"a": 1}
    assert not fields('<think>Perhaps {"a": 1}, or perhaps', "a")


def test_an_answer_that_was_cut_keeps_what_is_complete() -> None:
    text = '{"a": "whole", "b": [{"text": "x"}, {"text": "cut her'
    decoded = decode(text, ["a", "b", "c"])
    assert decoded.fields == {"a": "whole"}
    assert decoded.trouble is Outcome.TRUNCATED


@given(st.data())
def test_no_cut_ever_invents_or_damages_a_value(data: st.DataObject) -> None:
    answer = {"a": 'one, "two"', "b": [{"text": "x", "quote": ""}], "c": 10, "d": None}
    whole = json.dumps(answer)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    decoded = decode(cut, list(answer))
    assert decoded.trouble is not None
    assert decoded.fields.items() <= answer.items()


@pytest.mark.parametrize("text", ["", "Sorry, I cannot.", "{", "[1, 2]", "{}}", "null", "{1: 2}"])
def test_no_object_is_no_answer(text: str) -> None:
    decoded = decode(text, ["a"])
    assert not decoded.fields
    assert decoded.trouble is not None


def test_an_object_of_other_fields_differs_from_no_object() -> None:
    assert decode('{"unexpected": [1, 2]}', ["a"]).trouble is Outcome.BAD_SHAPE
    assert decode("I cannot.", ["a"]).trouble is Outcome.BAD_JSON
    assert decode('{"unfin', ["a"]).trouble is Outcome.TRUNCATED
    assert decode('{"a": [{"text": "whole"}, {"text": "cu', ["a"]).trouble is Outcome.TRUNCATED


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from("{}[]\",:\\ntu$a1“”' \n"), max_size=200))
def test_nothing_makes_it_fail(text: str) -> None:
    decode(text, ["a", "t"])


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 5_000,
        "[" * 100_000,
        '{"a": "' + '"' * MAX_LENGTH,
        '{"a": "' + "\\n" * (MAX_LENGTH // 2),
        '{"a": "$' + "\\ne " * (MAX_LENGTH // 4),
        "{" * MAX_LENGTH,
        '{"a": ' + "9" * MAX_LENGTH,
        '{"a" ' + " " * MAX_LENGTH + ": 1}",
    ],
    ids=range(8),
)
def test_hostile_answers_end_soon(text: str) -> None:
    decode(text, ["a"])
