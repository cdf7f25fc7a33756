"""Keys stand in no log, cache, archive, page, feed or export, even where an endpoint repeats them."""

from itertools import count
from pathlib import Path

import pytest

from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.fakes.replies import FAULTS, Call, Reply
from tests.plugin.building import environment, write_site
from tests.processes import CLI, run_python

KEYS = {"GEMINI_API_KEY": "gemini-secret-8f2c1d", "OPENAI_API_KEY": "openai-secret-77aa90"}
GOOGLE_KEY = "google-secret-51be3f"


def echo(call: Call, numbers: "count[int]") -> Reply:
    """Errors of all kinds that repeat the key in their words, details, pages and headers."""
    key = call.key
    headers = {"X-Your-Key": key, "Set-Cookie": f"key={key}", "WWW-Authenticate": f'Bearer realm="{key}"'}  # fmt: skip
    told = f"The key {key} ({key.upper()}, ?key={key}, Bearer {key}) is not welcome"
    answers = [
        Reply({"error": {"code": 500, "message": told, "status": key, "details": [{"reason": key}]}}, 500, headers),
        Reply(f"<html><title>{told}</title><body>{key}</body></html>".encode(), 502, headers),
        Reply({"error": told}, 422, headers),
        Reply(b"", 307, headers | {"Location": f"http://127.0.0.1:9/?key={key}"}),
        Reply(f"no JSON but {key}".encode(), 200, headers),
        FAULTS["bad_key"](call),
    ]  # fmt: skip
    return answers[next(numbers) % len(answers)]


def run(root: Path, *command: str) -> str:
    variables = environment(**KEYS, GOOGLE_API_KEY=GOOGLE_KEY)
    return run_python(command, cwd=root, env=variables, stderr_apart=False).stdout


@pytest.mark.parametrize("provider", ["gemini", "openai"])
def test_a_key_that_is_repeated_is_nowhere(provider: str, arxiv: FakeArxiv, tmp_path: Path) -> None:
    numbers = count()
    with FakeGemini(lambda call: echo(call, numbers)) as model:
        options = {
            "topics": [{"title": "Gates", "phrases": ["gate"]}],
            "arxiv_url": arxiv.url,
            "archive_dir": "archive",
            "model": f"{provider}/a-model",
            "model_url": model.url if provider == "gemini" else model.openai_url,
            "model_concurrency": 1,
            "figures": False,
        }
        write_site(tmp_path, options, plugins=["search", {"rss": {"use_git": False}}])
        logs = [
            run(tmp_path, *CLI, "update"),
            run(tmp_path, "-m", "mkdocs", "build", "-v"),
            run(tmp_path, *CLI, "doctor", "--json"),
        ]
        if provider == "gemini":
            # What is kept is the same whoever was asked.
            logs += [run(tmp_path, *CLI, "status", "--json"), run(tmp_path, *CLI, "export", "out")]
        calls = [call.key for call in model.calls]
    own = KEYS["GEMINI_API_KEY" if provider == "gemini" else "OPENAI_API_KEY"]
    assert set(calls) == {own}
    files = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any("archive" in name for name in files)
    assert any("/out/" in name for name in files) == (provider == "gemini")
    for secret in (*KEYS.values(), GOOGLE_KEY):
        for form in (secret, secret.upper()):
            assert [log for log in logs if form in log] == []
            assert [name for name, content in files.items() if form.encode() in content] == []
            assert form not in str([request.headers for request in arxiv.requests])
