"""The command line, as a user or a CI runs it: in a process of its own."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mkdocs_paperdigest.storage.migrations import STORE_STEPS
from mkdocs_paperdigest.storage.store import Store
from tests.conftest import gate_papers
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import Call, honest_answer
from tests.plugin.building import build, environment, write_site
from tests.processes import run_python

SECRET = "AIza-never-to-be-seen"
PROGRAM = "from mkdocs_paperdigest.cli.main import main; main(prog_name='paperdigest')"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(gate_papers(3, "Gate number {} [for] text")) as fake:
        yield fake


Site = Callable[..., Path]


@pytest.fixture
def site(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> Site:
    def write(**options: object) -> Path:
        whole = {
            "topics": [{"title": "Gates", "phrases": ["gate"]}],
            "arxiv_url": arxiv.url,
            "model": "gemini/gemini-3.5-flash-lite",
            "model_url": gemini.url,
            "overview": False,
            "figures": False,
        }
        return write_site(tmp_path, whole | options)

    return write


def run(root: Path, *arguments: str, key: str = SECRET, **variables: str) -> Ended:
    done = run_python(
        ["-c", PROGRAM, *arguments],
        cwd=root,
        env=environment(GEMINI_API_KEY=key, **variables),
        encoding=variables.get("PYTHONIOENCODING", "utf-8"),
    )
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)


def test_update_does_the_work_of_the_next_build(site: Site, gemini: FakeGemini) -> None:
    root = site()
    done = run(root, "update")
    assert (done.code, done.out) == (0, "")
    lines = done.err.splitlines()
    assert lines[0] == "papers to work on: 3"
    assert [line.split()[0] for line in lines[1:4]] == ["[1/3]", "[2/3]", "[3/3]"]
    assert lines[4].startswith("3 papers shown (3 new, 0 cached), 0 waiting, 0 failed")
    assert len(lines) == 5
    again = run(root, "update", "--json")
    assert (again.json["new"], again.json["calls"]) == (0, 0)
    assert again.json["topics"][0]["counts"] == {"shown": 3}
    assert len(gemini.calls) == 3


def test_a_dry_run_tells_the_price_and_spends_nothing(
    site: Site, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    told = run(site(), "update", "--dry-run", "--limit", "2", "--json").json
    assert (told["papers"], told["waiting"]) == (2, 1)
    assert (told["arxiv_requests"], told["calls"]) == (4, 2)
    assert (told["input_tokens"], told["output_tokens"]) == (32_000, 5_000)
    assert told["dollars"] == pytest.approx(2 * (16_000 * 0.30 + 2_500 * 2.50) / 1e6)
    assert [request.kind for request in arxiv.requests] == ["api"]
    assert not gemini.calls


def test_a_dry_run_offline_expects_no_requests(site: Site) -> None:
    run(site(), "update", "--dry-run")
    told = run(site(offline=True), "update", "--dry-run", "--json").json
    assert told["papers"] == 3
    assert (told["arxiv_requests"], told["seconds"], told["calls"]) == (0, 0, 0)


def test_a_dry_run_learns_from_what_was_spent(site: Site) -> None:
    root = site()
    run(root, "update", "--limit", "1")
    told = run(root, "update", "--dry-run", "--json").json
    assert (told["papers"], told["calls"]) == (2, 2)
    assert (told["input_tokens"], told["output_tokens"]) == (200, 100)


def test_an_update_can_be_narrowed(site: Site, gemini: FakeGemini) -> None:
    root = site(topics=[{"title": "Gates", "phrases": ["gate"]}, {"title": "None", "phrases": ["zzz"]}])
    since = run(root, "update", "--topic", "Gates", "--since", "2024-10-03", "--json").json
    assert (since["new"], since["waiting"]) == (1, 2)
    assert [topic["slug"] for topic in since["topics"]] == ["gates"]
    limited = run(root, "update", "--limit", "1", "--json").json
    assert (limited["new"], limited["waiting"]) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["update", "--topic", "nix"], "--topic nix: there is no such topic; known: gates"),
        (["update", "--since", "soon"], "--since soon is neither a date nor an age"),
        (["update", "--limit", "-1"], "-1 is not in the range"),
        (["status", "-f", "other.yml"], "other.yml"),
        (["unknown"], "No such command 'unknown'"),
    ],
)
def test_a_users_mistake_is_one_line_and_code_2(site: Site, arguments: list[str], told: str) -> None:
    done = run(site(), *arguments)
    assert done.code == 2
    assert told in done.err


@pytest.mark.parametrize("command", ["update", "status", "doctor", "export x", "cache verify"])
def test_a_mistake_in_the_options_is_code_2_everywhere(site: Site, command: str) -> None:
    root = site(topics=[{"title": "Gates", "phrases": ["gate"], "since": "soon"}])
    done = run(root, *command.split())
    assert done.code == 2
    said = done.out if command == "doctor" else done.err
    assert command == "doctor" or len(said.splitlines()) == 1
    assert "Aborted" not in said
    assert "topic 'Gates': `since: soon` is neither a date nor an age" in said


def test_a_date_that_no_calendar_has_is_told_in_one_line(site: Site) -> None:
    root = site()
    config = root / "mkdocs.yml"
    config.write_text(config.read_text() + "\nextra:\n  since: 2024-13-01\n")
    done = run(root, "status")
    assert done.code == 2
    assert "mkdocs.yml: month must be in 1..12" in done.err


def test_status_does_not_call_a_topic_empty_that_could_not_be_fetched(site: Site, arxiv: FakeArxiv) -> None:
    root = site()
    arxiv.fail("403", times=None)
    assert run(root, "update").code == 1
    assert run(root, "status").out.startswith("Gates: nothing fetched yet")


def test_trouble_of_the_world_is_code_1_and_status_tells_why(site: Site, gemini: FakeGemini) -> None:
    root = site()
    gemini.default = "429_daily"
    assert run(root, "update").code == 1
    told = run(root, "status").out
    assert "3 papers returned: 3 shown" in told
    assert "[for]" in told
    ledger = run(root, "status", "--json").json["topics"][0]["ledger"]
    assert {line["reason"][:40] for line in ledger} == {"the daily limit of the language model is"}


def test_an_archive_that_is_a_file_is_a_mistake_in_the_options(site: Site) -> None:
    root = site(archive_dir="archive")
    (root / "archive").write_text("a file in the way")
    done = run(root, "update")
    assert done.code == 2
    assert done.err.startswith("Error: `archive_dir: archive` is a file")


def test_the_counts_of_status_add_up_and_the_spending_is_known(site: Site) -> None:
    root = site(max_new_papers=1)
    assert run(root, "status").out.startswith("Gates: nothing fetched yet")
    run(root, "update")
    told = run(root, "status", "--json").json
    (topic,) = told["topics"]
    assert topic["counts"] == {"shown": 1, "waiting": 2}
    assert sum(topic["counts"].values()) == topic["papers"] == len(topic["ledger"]) == 3
    assert told["cache"]["bytes"]["store"] > 0
    (spent,) = told["spent"]
    assert (spent["usage"]["input_tokens"], spent["usage"]["output_tokens"]) == (100, 50)
    assert spent["usage"]["calls"] == 1
    assert spent["dollars"] == pytest.approx((100 * 0.30 + 50 * 2.50) / 1e6)
    assert told["batches"] == []


def test_status_tells_when_and_what_next_and_what_was_left_out(
    site: Site, arxiv: FakeArxiv, gemini: FakeGemini
) -> None:
    def answer(call: Call) -> str:
        return json.dumps(honest_answer(call) | {"innovation": {"text": "xxx", "quote": "xxx"}})

    gemini.default = answer
    root = site(max_new_papers=2)
    assert run(root, "status", "--json").json["topics"][0]["as_of"] is None
    run(root, "update")
    told = run(root, "status", "--json").json
    (topic,) = told["topics"]
    as_of, due = (datetime.fromisoformat(topic[name]) for name in ("as_of", "next_refresh"))
    assert due - as_of == timedelta(hours=20)
    assert (topic["state"], topic["trouble"], told["waiting"]) == ("fresh", None, 1)
    left_out = {line["paper"]: line["left_out"] for line in topic["ledger"]}
    assert left_out["2410.00001v1"] == []
    for key in ("2410.00003v1", "2410.00002v1"):
        assert {"field": "innovation", "reason": "placeholder"} in left_out[key]
    count = sum(map(len, left_out.values()))
    shown = run(root, "status", COLUMNS="160").out
    assert f"  last updated: {as_of:%Y-%m-%d %H:%M} UTC; next refresh: {due:%Y-%m-%d %H:%M} UTC\n" in shown
    assert f"  left out by the gate: {count} fields of 2 papers\n" in shown
    assert "innovation (placeholder)" in " ".join(shown.split())
    assert "next: 1 paper waits for a later build or update (`max_new_papers: 2`)\n" in shown

    # arXiv's trouble, which pages keep from readers.
    site(max_new_papers=2, refresh="0.001m")
    arxiv.fail("403", times=None)
    assert run(root, "update").code == 1
    stale = run(root, "status", "--json").json["topics"][0]
    assert (stale["state"], stale["as_of"]) == ("stale", topic["as_of"])
    assert stale["trouble"] == "arXiv denied access (403)"
    shown = run(root, "status").out
    assert "next refresh: the next build\n" in shown
    assert "  not up to date: arXiv denied access (403)\n" in shown


def test_a_dry_run_with_nothing_to_do_says_so(site: Site) -> None:
    root = site()
    run(root, "update")
    done = run(root, "update", "--dry-run")
    assert (done.code, done.out) == (0, "Nothing to do: all 3 papers are up to date.\n")
    told = run(root, "update", "--dry-run", "--json").json
    assert (told["listed"], told["papers"], told["waiting"]) == (3, 0, 0)
    site(topics=[{"title": "None", "phrases": ["zzz"]}])
    assert run(root, "update", "--dry-run").out == "Nothing to do: the topics have no papers.\n"
    # What is left is not nothing.
    site(topics=[{"title": "Gates", "phrases": ["gate"]}], language="zh")
    done = run(root, "update", "--dry-run", "--limit", "0")
    assert done.out.startswith("papers to work on: 0; 3 more would wait\n")
    assert "3 papers will be summarized again, because `language` changed" in done.err


def test_a_batch_is_sent_told_of_and_fetched_by_a_build(site: Site, gemini: FakeGemini) -> None:
    root = site()
    sent = run(root, "update", "--batch", "--since", "2024-10-02", "--limit", "1", "--topic", "gates")
    assert (sent.code, sent.out) == (0, "")
    assert "0 failed, 1 in a batch; model calls: 0" in sent.err
    assert sent.err.endswith("1 paper sent in a batch; run again to pick up the results\n")
    (batch,) = run(root, "status", "--json").json["batches"]
    assert (batch["papers"], batch["name"]) == (1, gemini.batches.jobs[0].name)
    gemini.batches.end()
    built = build(root, GEMINI_API_KEY=SECRET)
    assert built.code == 0, built.log
    assert "batch of 1 paper finished" in built.log
    assert len(gemini.batches.sent) == 1
    # The two that were not sent are asked about at once.
    assert len(gemini.calls) == 2
    assert run(root, "status", "--json").json["batches"] == []


@pytest.mark.parametrize("command", [["-c", PROGRAM, "update"], ["-m", "mkdocs", "build"]])
def test_a_terminal_shows_a_bar(site: Site, gemini: FakeGemini, command: list[str]) -> None:
    root = site()
    gemini.default = "bad_key"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        env=environment(GEMINI_API_KEY=SECRET, TERM="xterm", COLUMNS="120"),
        stderr=theirs,
        stdout=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    process.wait(300)
    os.close(ours)
    assert "━".encode() in shown
    assert b"[1/3]" not in shown
    # What is told meanwhile stands on lines of its own.
    before = shown[: shown.index(b"key of the language model")]
    assert "━".encode() not in re.split(rb"[\r\n]", before)[-1]


def test_doctor_finds_a_missing_key_and_an_unreachable_model(site: Site, arxiv: FakeArxiv) -> None:
    root = site(model_url="http://127.0.0.1:9", language="zh")
    done = run(root, "doctor", "--json", key="")
    found = {one["about"]: (one["state"], one["text"]) for one in done.json}
    assert done.code == 2
    assert found["key"][0] == "problem"
    assert "GEMINI_API_KEY or GOOGLE_API_KEY" in found["key"][1]
    assert found["model"] == (
        "problem",
        "http://127.0.0.1:9 cannot be reached; does it run, and is `model_url` right?",
    )
    assert found["arXiv"][0] == "ok"
    assert len(arxiv.requests) == 1
    assert found["formulas"][0] == "warning"


MODELS = [
    ("gemini/gemini-3.5-flash-lite", "GEMINI_API_KEY or GOOGLE_API_KEY"),
    ("google-generativeai/gemini-3.5-flash-lite", "GEMINI_API_KEY or GOOGLE_API_KEY"),
    ("openai/gpt-4o-mini", "OPENAI_API_KEY"),
]


@pytest.mark.parametrize(("model", "variables"), MODELS)
def test_an_update_without_the_key_of_its_model_asks_nothing(
    site: Site, arxiv: FakeArxiv, model: str, variables: str
) -> None:
    root = site(model=model, model_url=None)
    done = run(root, "update", key=" ")
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert f"`model: {model}` needs a key; set {variables}" in line
    assert not arxiv.requests
    # Nothing would be asked.
    site(model=model, model_url=None, offline=True)
    assert run(root, "update", key="").code != 2


@pytest.mark.parametrize(("model", "variables"), MODELS)
def test_a_build_without_the_key_of_its_model_says_so_once_and_shows_extracts(
    site: Site, gemini: FakeGemini, model: str, variables: str
) -> None:
    root = site(model=model, model_url=None)
    built = build(root)
    assert built.code == 0, built.log
    (line,) = [line for line in built.log.splitlines() if "no key" in line]
    assert line.startswith("INFO")
    assert f"set {variables}" in line
    assert "3 papers shown (3 new, 0 cached), 0 waiting, 0 failed; model calls: 0" in built.log
    page = built.page("digests/gates/index.html")
    assert len(page.cssselect(".pd-quotes")) == 1
    assert " key " not in page.text_content()
    assert not gemini.calls


def test_a_key_that_comes_later_has_the_papers_summarized(site: Site, gemini: FakeGemini) -> None:
    root = site()
    assert build(root).code == 0
    assert run(root, "update", "--json").json["calls"] == 3
    assert run(root, "status", "--json").json["model"]["missing_key"] is None
    # A build of a fork, without the key, shows what was paid for.
    said = run(root, "status", key="").out
    assert "model gemini/gemini-3.5-flash-lite: no key, so it is not asked; set GEMINI_API_KEY or" in said
    built = build(root)
    assert "3 papers shown (0 new, 3 cached)" in built.log
    assert "Gemini" in built.page("digests/gates/index.html").text_content().title()


def test_a_server_of_ones_own_needs_no_key(site: Site) -> None:
    root = site(model="openai/qwen", model_url="http://127.0.0.1:9/v1", max_new_papers=0)
    assert run(root, "update", key="").code == 0
    found = {one["about"]: one["state"] for one in run(root, "doctor", "--json", key="").json}
    assert found["key"] == "ok"


def test_doctor_does_not_call_a_missing_key_refused(site: Site) -> None:
    done = run(site(), "doctor", key="")
    assert (done.code, done.out.count("FAIL")) == (2, 1)
    assert "skip  model: " in done.out


def test_doctor_is_content_with_a_sound_site(site: Site) -> None:
    done = run(site(archive_dir="archive"), "doctor")
    assert done.code == 0
    assert "ok    key: GEMINI_API_KEY is set" in done.out
    assert "warn  archive:" in done.out


def test_doctor_runs_although_the_configuration_does_not_load(site: Site) -> None:
    root = site()
    config = root / "mkdocs.yml"
    config.write_text(config.read_text().replace("topics:", "topic:"))
    done = run(root, "doctor")
    assert done.code == 2
    assert "FAIL  configuration: " in done.out
    assert "did you mean `topics`" in done.out
    assert "ok    versions: Python" in done.out
    assert done.err == ""


def test_doctor_tells_that_arxiv_refuses(site: Site, arxiv: FakeArxiv) -> None:
    arxiv.fail("403", times=None)
    done = run(site(), "doctor")
    assert done.code == 1
    assert "FAIL  arXiv:" in done.out


@pytest.mark.parametrize("status", ["429", "503"])
def test_doctor_tells_that_a_model_has_no_time(site: Site, status: str) -> None:
    with FakeArxiv([]) as busy:
        busy.fail(status, times=None)
        done = run(site(model_url=busy.url), "doctor")
    assert f"warn  model: {busy.url} is there, but busy or out of order ({status})" in done.out
    assert done.code == 0


def test_prune_deletes_what_no_topic_lists_any_more(site: Site, gemini: FakeGemini) -> None:
    root = site()
    never = run(root, "cache", "prune")
    assert never.code == 1
    assert "never listed" in never.err
    run(root, "update")
    # Nothing that was paid for: no question.
    assert run(root, "cache", "prune").code == 0
    papers = root / ".cache/plugin/paperdigest/papers"
    assert len(list(papers.iterdir())) == 3
    site(topics=[{"title": "Gates", "phrases": ["gate"], "max_papers": 1}])
    refused = run(root, "cache", "prune")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "Error: Delete the summaries of 2 papers that no topic lists? To make them again takes about 2 model calls, "
        "300 tokens, about $0.00. Nothing was deleted; run it in a terminal, or with --yes\n"
    )
    assert len(list(papers.iterdir())) == 3
    assert run(root, "cache", "prune", "--yes", "--json").json["folders"] == 2
    assert [path.name for path in papers.iterdir()] == ["2410.00003v1"]
    paid = len(gemini.calls)
    assert run(root, "update", "--json").json["new"] == 0
    assert len(gemini.calls) == paid
    assert run(root, "status", "--json").json["spent"][0]["usage"]["calls"] == 3


@pytest.mark.parametrize(("answer", "left"), [(b"n\n", 3), (b"y\n", 1)])
def test_prune_asks_at_a_terminal(site: Site, answer: bytes, left: int) -> None:
    root = site()
    run(root, "update")
    # Without a model now, the summaries cost what they have cost.
    site(topics=[{"title": "Gates", "phrases": ["gate"], "max_papers": 1}], model="extractive")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "cache", "prune"],
        cwd=root,
        env=environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    os.write(ours, answer)
    _, said = process.communicate(timeout=300)
    os.close(ours)
    assert b"Delete the summaries of 2 papers that no topic lists?" in said
    assert b"about 2 model calls, 300 tokens" in said
    assert len(list((root / ".cache/plugin/paperdigest/papers").iterdir())) == left


def test_clear_asks_first_and_leaves_what_is_not_ours(site: Site) -> None:
    root = site()
    run(root, "update")
    folder = root / ".cache/plugin/paperdigest"
    (folder / "mine.txt").write_text("mine")
    refused = run(root, "cache", "clear")
    assert (refused.code, "with --yes" in refused.err) == (2, True)
    assert (folder / "store").is_dir()
    assert run(root, "cache", "clear", "--yes").code == 0
    assert not (folder / "store").exists()
    assert (folder / "mine.txt").read_text() == "mine"


def test_verify_finds_damage(site: Site) -> None:
    root = site(archive_dir="archive")
    run(root, "update")
    assert run(root, "cache", "verify").code == 0
    cache = root / ".cache/plugin/paperdigest"
    pdf = cache / "papers/2410.00001v1/paper.pdf"
    pdf.write_bytes(b"%PDF-1.7 half of")
    image = cache / "figures/2410.00001v1/2/fig-1.webp"
    image.parent.mkdir(parents=True, exist_ok=True)
    image.write_bytes(b"RIFF")
    record = root / "archive/2410.00001.yaml"
    record.write_text(record.read_text().replace("hidden: false", "hidden: no way"))
    done = run(root, "cache", "verify", "--json")
    assert done.code == 1
    assert [problem.split(": ")[-1][:12] for problem in done.json] == [
        "is neither t",
        "not a whole ",
        "not an image",
    ]


def test_a_newer_version_on_the_same_cache_is_told_and_loses_nothing(site: Site, gemini: FakeGemini) -> None:
    root = site()
    run(root, "update")
    folder = root / ".cache/plugin/paperdigest/store"
    newer = Store(folder, steps=(*STORE_STEPS, lambda kind, value: value))
    newer.put("summary:a:b", {"of": "a later version"})
    newer.close()
    told = run(root, "status", "--json")
    assert (told.json["cache"]["schema"], told.json["cache"]["newest_schema"]) == (2, 3)
    (line,) = told.err.splitlines()
    assert "newer version of mkdocs-paperdigest (schema 3, this one has 2)" in line
    assert "warn  cache:" in run(root, "doctor").out
    assert run(root, "cache", "prune").code == 0
    assert run(root, "update", "--json").json["calls"] == 0
    newer = Store(folder, steps=(*STORE_STEPS, lambda kind, value: value))
    assert newer.get("summary:a:b", dict) == {"of": "a later version"}
    newer.close()


def test_the_key_is_in_no_file(site: Site, gemini: FakeGemini) -> None:
    root = site(archive_dir="archive", model_concurrency=1)
    # The service repeats a key that it refuses.
    gemini.script("bad_key", "401")
    assert [run(root, "update").code for _ in range(3)] == [1, 1, 0]
    assert run(root, "export", "out").code == 0
    assert "https://lab.example/digests/gates/feed.xml" in (root / "out/digests/gates/feed.xml").read_text(
        "utf-8"
    )
    assert any(call.key == SECRET for call in gemini.calls)
    files = [path for path in root.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "variables",
    [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["latin-1", "C"],
)
def test_any_terminal_and_locale_will_do(site: Site, variables: dict[str, str]) -> None:
    root = site(topics=[{"title": "门 “é” 🙂", "slug": "gates", "phrases": ["gate"]}])
    variables |= {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "20"}
    told = run(root, "status", "--json", **variables)
    assert told.json["topics"][0]["title"] == "门 “é” 🙂"
    shown = run(root, "status", **variables)
    assert shown.code == 0
    assert ": nothing fetched yet" in shown.out


def test_file_names_that_the_locale_cannot_hold_are_told_with_the_cure(site: Site) -> None:
    root = site(topics=[{"title": "门", "slug": "门", "phrases": ["gate"]}])
    variables = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(root, "export", "out", **variables)
    assert done.code == 1
    assert done.err.splitlines()[-1] == (
        "Error: names of files cannot hold '\\u95e8' in this locale; set PYTHONUTF8=1"
    )


def test_an_output_that_cannot_be_written_is_one_line(site: Site) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "status", "--json"],
            cwd=site(),
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "Error: No space left on device\n")


def test_a_reader_that_leaves_early_is_no_trouble(site: Site) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "status", "--json"],
        cwd=site(topics=[{"title": f"t{n}", "phrases": ["x"]} for n in range(600)]),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.read(1) == b"{"
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(300) in (0, 1)


def test_images_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4")
    done = run(tmp_path, "figures", "paper.pdf", "--out", "file/images")
    assert (done.code, done.err) == (1, "Error: file/images: Not a directory\n")


def test_without_a_site_the_cure_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "status")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: there is no mkdocs.yml; go to the folder of the site, or name it with --config-file\n"
    )


def test_the_other_name_of_the_configuration_will_do(site: Site) -> None:
    root = site()
    (root / "mkdocs.yml").rename(root / "mkdocs.yaml")
    assert run(root, "status").code == 0
    assert run(root, "cache", "size").code == 0
    # As MkDocs has it.
    (root / "mkdocs.yml").write_text("site_name: Lab\n")
    done = run(root, "status")
    assert (done.code, done.err) == (2, "Error: mkdocs.yml: `plugins` has no `paperdigest`\n")


def test_help_needs_no_site(tmp_path: Path) -> None:
    done = run(tmp_path, "update", "--help")
    assert done.code == 0
    assert "Exit codes:" in done.out


def test_an_export_is_checked_cleaned_and_followed_by_a_command(site: Site) -> None:
    root = site(model="extractive")
    python = f'"{sys.executable}" -c'
    assert run(root, "export", "out", "--check").code == 1
    assert not (root / "out").exists()
    first = run(
        root, "export", "out", "--then", f"{python} 'import sys; print(sys.argv); sys.exit(7)' a 'b c'"
    )
    assert (first.code, first.out) == (7, "['-c', 'a', 'b c']\n")
    current = run(root, "export", "out", "--check")
    assert (current.code, current.out) == (0, "")
    assert current.err.splitlines()[-1] == "out: the export is current"
    (root / "out/digests/index.md").write_text("changed")
    changed = run(root, "export", "out", "--check", "--then", f"{python} 'raise SystemExit(8)'")
    assert (changed.code, changed.out) == (1, "")
    assert "digests/index.md: not as it would be exported\n" in changed.err
    told = run(root, "export", "out", "--check", "--json").json
    assert (told["current"], told["outdated"]) == (False, ["digests/index.md"])
    cleaned = run(root, "export", "out", "--clean", "--json", "--then", f"{python} 'print(1)'")
    assert (cleaned.code, cleaned.json["unchanged"]) == (0, 0)
    assert cleaned.err.splitlines()[-1] == "1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--check", "--clean"], "--check writes nothing, and --clean deletes"),
        (["--then", ""], "--then: there is no command"),
        (["--then", "a 'b"], '--then "a \'b": no closing quotation'),
        (["--then", "no-such-program x"], "--then: no-such-program: No such file or directory"),
    ],
)
def test_mistakes_in_the_options_of_an_export(site: Site, options: list[str], message: str) -> None:
    done = run(site(model="extractive"), "export", "out", *options)
    assert done.code == 2
    assert done.err.splitlines()[-1].startswith(f"Error: {message}")


def test_an_export_of_nothing_leaves_the_earlier_one(site: Site) -> None:
    assert run(site(model="extractive"), "export", "out").code == 0
    root = site(model="extractive", cache_dir="other", offline=True)
    before = {path: path.read_bytes() for path in (root / "out").rglob("*") if path.is_file()}
    done = run(root, "export", "out", "--then", "no-such-program")
    assert done.code == 1
    assert "there is nothing to show; the earlier export stays" in done.err
    assert {path: path.read_bytes() for path in (root / "out").rglob("*") if path.is_file()} == before
    assert run(root, "export", "fresh").code == 1
    assert (root / "fresh/digests/index.md").exists()
