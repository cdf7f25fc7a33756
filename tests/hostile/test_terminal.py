"""What others wrote moves no cursor, sets no title and writes no line of its own in logs and terminals."""

import json
import re
from dataclasses import replace
from pathlib import Path

from mkdocs_paperdigest.archive.records import Record, write_record
from mkdocs_paperdigest.cli.output import json_text
from mkdocs_paperdigest.errors import PaperDigestError
from mkdocs_paperdigest.text import printable
from tests.hostile.papers import paper
from tests.hostile.payloads import PAYLOADS
from tests.plugin.building import environment, write_site
from tests.processes import CLI, run_python

ACTING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
KINDS = {"terminal", "unicode"}


def test_every_text_and_error_is_one_line_that_does_nothing() -> None:
    for payload in PAYLOADS:
        for text in (printable(payload.text), str(PaperDigestError(payload.text))):
            assert not ACTING.search(text), payload.name
            assert "\n" not in text, payload.name
            text.encode()


def test_json_says_the_same_and_does_nothing() -> None:
    for payload in PAYLOADS:
        written = json_text({payload.text: [payload.text, 1, None]})
        assert not ACTING.search(written), payload.name
        assert json.loads(written) == {payload.text: [payload.text, 1, None]}


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = run_python(arguments, cwd=root, env=environment(), stderr_apart=False)
    return done.returncode, done.stdout


def test_status_lists_hidden_papers_as_text(tmp_path: Path) -> None:
    options = {"topics": [{"title": "Gates", "phrases": ["x"]}], "archive_dir": "archive"}
    write_site(tmp_path, options | {"model": "none", "arxiv_url": "http://127.0.0.1:9"})
    folder = tmp_path / "archive"
    folder.mkdir()
    attacks = [payload for payload in PAYLOADS if payload.kind in KINDS]
    for payload in attacks:
        title = payload.text.encode("utf-8", "replace").decode()
        record = Record(replace(paper("x", payload.number), title=title), hidden=True)
        content = write_record(replace(record, topics=("gates",)))
        assert content is not None
        (folder / f"{record.paper.slug}.yaml").write_bytes(content)
    (folder / "topics.yml").write_text("asked:\n  gates: 2024-12-31T08:30:00Z\n")
    code, told = run(tmp_path, "-m", "mkdocs", "build", "-v")
    assert code == 0, told
    assert not ACTING.search(told)
    code, told = run(tmp_path, *CLI, "status")
    assert code == 0
    assert f"{len(attacks)} papers returned" in told
    assert not ACTING.search(told)
    code, told = run(tmp_path, *CLI, "status", "--json")
    assert not ACTING.search(told)
    assert len(json.loads(told)["topics"][0]["ledger"]) == len(attacks)
    name = folder / "\x1b[31m\x1b]0;pwned\x07.yaml"
    name.write_text('hidden: "\\e[31mmaybe"\n"\\e[2J": x\n')
    code, told = run(tmp_path, *CLI, "status")
    assert code == 2
    assert not ACTING.search(told)
