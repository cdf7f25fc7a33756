"""Reasons: their words in logs, their form in storage, their parameters."""

import ast
import re
from pathlib import Path

import mkdocs_paperdigest
from mkdocs_paperdigest.encoding import decode, encode, from_plain, to_plain
from mkdocs_paperdigest.reasons import Reason, ReasonCode, worded
from mkdocs_paperdigest.summaries.llm.outcomes import Outcome

SLOW = Reason(ReasonCode.PDF_LATE, seconds="60")


def test_a_reason_goes_from_the_general_to_the_particular() -> None:
    reason = Reason(ReasonCode.NO_FIGURES, Reason(ReasonCode.LICENCE_UNKNOWN)).due_to(
        Reason(ReasonCode.ARXIV_DENIED, status=403)
    )
    assert str(reason) == "no figures: the licence is not known: arXiv denied access (403)"
    assert worded([reason, SLOW]) == f"{reason}; reading the PDF took longer than 60 s"


def test_quoted_text_stays_on_one_line_and_fills_no_parameter() -> None:
    said = Reason(ReasonCode.OTHER, text="{status}\n\x1b[2J{text}")
    assert str(Reason(ReasonCode.ARXIV_ANSWERED, said, status=400)) == (
        "arXiv answered 400: {status} [2J{text}"
    )


def test_a_stored_reason_is_read_as_it_was() -> None:
    reason = Reason(ReasonCode.NO_FIGURES, SLOW)
    stored = to_plain(reason)
    assert stored == {"code": "no_figures", "because": {"code": "pdf_late", "values": {"seconds": "60"}}}
    assert from_plain(stored, Reason) == reason
    assert len({reason, from_plain(stored, Reason), SLOW}) == 2


def test_a_code_of_a_newer_version_is_kept() -> None:
    reason = decode('{"code": "of_a_newer_version", "values": {"n": "1"}}', Reason)
    assert str(reason) == "of_a_newer_version"
    assert decode(encode(reason), Reason) == reason
    assert reason.code not in ReasonCode


def test_a_missing_parameter_leaves_its_name() -> None:
    assert str(Reason(ReasonCode.ARXIV_ANSWERED)) == "arXiv answered {status}"


def test_every_reason_in_the_code_has_the_parameters_of_its_words() -> None:
    root = Path(mkdocs_paperdigest.__file__).parent
    given = set()
    for path in root.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            match call:
                case ast.Call(ast.Name("Reason"), [ast.Attribute(ast.Name("ReasonCode"), name), *_]):
                    values = {keyword.arg for keyword in call.keywords}
                    wanted = set(re.findall(r"\{(\w+)\}", ReasonCode[name].english))
                    assert values == wanted, f"{path}, line {call.lineno}"
                    given.add(name)
    assert len(given) > 70


def test_every_outcome_of_a_call_is_a_reason() -> None:
    assert set(Outcome) <= set(ReasonCode)
