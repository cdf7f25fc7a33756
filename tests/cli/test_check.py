"""`paperdigest check`: what a build would make of claims, and of a model's answer."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from mkdocs_paperdigest.cli.main import main
from mkdocs_paperdigest.summaries import evidence

ABSTRACT = (
    "Folding cloth with robots is hard because fabric deforms freely. We present FoldNet, which predicts creases from "
    "a single image. On 1,250 garments it succeeds in 93.5% of all trials, and it outperforms ClothFlow by 7.3%."
)
RECORD = {
    "id": "2410.13786",
    "title": "FoldNet: Origami Priors for Cloth Folding",
    "authors": ["Mira Halvorsen"],
}
QUOTE = "On 1,250 garments it succeeds in 93.5% of all trials"


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    canvas = Canvas(str(tmp_path / "paper.pdf"), pagesize=A4)
    lines = [
        "FoldNet: Origami Priors for Cloth Folding",
        "Mira Halvorsen",
        "Abstract",
        *wrapped(ABSTRACT),
        "1 Introduction",
    ]
    lines += wrapped(
        "Shirts are folded along creases that the camera sees in every image of the garment. " * 8
    )
    text = canvas.beginText(72, 780)
    text.textLines(lines)
    canvas.drawText(text)
    canvas.save()
    return tmp_path / "paper.pdf"


def wrapped(text: str, width: int = 80) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


def judge(pdf: Path, *claims: dict[str, str]) -> list[dict[str, Any]]:
    file = pdf.with_name("claims.jsonl")
    file.write_text("\n".join(json.dumps(claim) for claim in claims), "utf-8")
    done = run(pdf, "--claims", file, "--json")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_each_claim_has_one_line(pdf: Path) -> None:
    true, far, altered, invented = judge(
        pdf,
        {"claim": "FoldNet在1250件衣物上的成功率为93.5%。", "quote": QUOTE, "lang": "zh"},
        {"claim": "It succeeds in 7.3% of the trials.", "quote": QUOTE, "lang": "en"},
        {
            "claim": "It succeeds in 93.5% of the trials.",
            "quote": QUOTE.replace("succeeds", "fails"),
            "lang": "en",
        },
        {"claim": "It succeeds in 41.7% of the trials.", "quote": QUOTE, "lang": "en"},
    )
    assert true == {"marked": True, "shown": True, "page": 1, "reason": None}
    assert far == {"marked": False, "shown": True, "page": None, "reason": "far_numbers"}
    assert altered == {"marked": False, "shown": True, "page": None, "reason": "unverified"}
    assert invented == {"marked": False, "shown": False, "page": None, "reason": "numbers"}


def test_people_read_words(pdf: Path) -> None:
    file = pdf.with_name("claims.jsonl")
    file.write_text(json.dumps({"claim": "It succeeds in 93.5% of the trials.", "quote": QUOTE}))
    assert run(pdf, "--claims", file).output == "marked, page 1: It succeeds in 93.5% of the trials.\n"


def test_a_claim_that_is_left_out_is_not_judged(pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    real = evidence.judge
    monkeypatch.setattr(
        evidence, "judge", lambda claim, paper: judged.append(claim.text) or real(claim, paper)
    )
    shown = {"claim": "It succeeds in 93.5% of the trials.", "quote": QUOTE}
    judge(pdf, shown, {"claim": "It succeeds in 41.7% of the trials.", "quote": QUOTE})
    assert judged == [shown["claim"]]


def answer_of(folder: Path, answer: object, *options: str | Path) -> dict[str, dict[str, Any]]:
    (folder / "record.json").write_text(json.dumps(RECORD | {"abstract": ABSTRACT, "comment": None, "x": 1}))
    (folder / "answer.json").write_text(answer if isinstance(answer, str) else json.dumps(answer))
    done = run(*options, "--paper", folder / "record.json", "--answer", folder / "answer.json", "--json")
    assert done.exit_code == 0, done.output
    fields: dict[str, dict[str, Any]] = json.loads(done.output)["fields"]
    return fields


ANSWER = {
    "summary": "FoldNet predicts creases of cloth from one image and folds 93.5% of garments.",
    "takeaways": [
        {"text": "FoldNet succeeds in 93.5% of all trials.", "quote": QUOTE},
        {"text": "FoldNet outperforms ClothFlow by 7.3%.", "quote": ""},
        {"text": "Folding cloth with robots is hard.", "quote": ""},
    ],
    "keywords": ["cloth folding", "creases", "robots"],
    "background": {"text": "xxx", "quote": ""},
    "results": {"text": "As an AI language model, I cannot access the paper.", "quote": ""},
    "relevance": 7,
}


@pytest.mark.parametrize("with_pdf", [False, True])
def test_each_field_of_an_answer_is_shown_or_has_a_reason(pdf: Path, with_pdf: bool) -> None:
    fields = answer_of(pdf.parent, ANSWER, *([pdf] if with_pdf else []))
    assert fields["summary"] == {"shown": ANSWER["summary"], "reason": None}
    assert fields["takeaways"]["shown"] == [takeaway["text"] for takeaway in ANSWER["takeaways"]]  # type: ignore[index,attr-defined]
    assert fields["keywords"] == {"shown": ANSWER["keywords"], "reason": None}
    assert fields["background"] == {"shown": None, "reason": "placeholder"}
    assert fields["results"] == {"shown": None, "reason": "refusal"}
    assert fields["approach"] == {"shown": None, "reason": "not_given"}
    assert fields["relevance"] == {"shown": "7", "reason": None}


def test_an_answer_is_judged_in_the_language_that_it_should_have(pdf: Path) -> None:
    fields = answer_of(pdf.parent, ANSWER, "--language", "zh")
    assert fields["summary"] == {"shown": None, "reason": "language"}


def test_an_answer_that_is_not_json_is_no_error_of_the_user(pdf: Path) -> None:
    assert answer_of(pdf.parent, "Sorry.")["summary"] == {"shown": None, "reason": "bad_json"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "claims.jsonl, line 2: not JSON"),
        ("[]", "claims.jsonl, line 2: not a JSON object"),
        ('{"quote": "x"}', 'line 2: "claim" and "quote" have to be text'),
        ('{"claim": "x", "lang": 7}', 'line 2: "lang" has to be a language code'),
    ],
)
def test_a_wrong_line_is_named(pdf: Path, line: str, said: str) -> None:
    file = pdf.with_name("claims.jsonl")
    file.write_text(f'{{"claim": "x", "quote": "y"}}\n{line}\n')
    done = run(pdf, "--claims", file, "--json")
    assert done.exit_code == 2
    assert said in done.output


def test_a_wrong_record_is_named(pdf: Path) -> None:
    (pdf.parent / "record.json").write_text('{"authors": "Mira"}')
    (pdf.parent / "answer.json").write_text("{}")
    done = run("--paper", pdf.parent / "record.json", "--answer", pdf.parent / "answer.json")
    assert done.exit_code == 2
    assert '"authors" has to be a list of names' in done.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "give either"),
        (("--claims", "PDF"), "--claims needs the PDF"),
        (("--answer", "PDF"), "needs --paper"),
    ],
)
def test_what_is_missing_is_said(pdf: Path, options: tuple[str, ...], said: str) -> None:
    done = run(*(pdf if option == "PDF" else option for option in options))
    assert done.exit_code == 2
    assert said in done.output


def test_a_pdf_that_cannot_be_read_is_trouble_outside(pdf: Path) -> None:
    pdf.write_bytes(b"no PDF")
    file = pdf.with_name("claims.jsonl")
    file.write_text('{"claim": "x"}')
    done = run(pdf, "--claims", file)
    assert done.exit_code == 1
    assert "the PDF is broken" in done.output
