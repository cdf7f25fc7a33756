"""Beside the plugins that people use, with hostile text in every field: nothing breaks, nothing runs."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
import yaml

from tests.fakes.arxiv import FakeArxiv
from tests.fakes.gemini import FakeGemini
from tests.plugin.building import Build, build, environment, write_site

# Every construct that some Markdown extension, plugin or template engine is known to act on.
HOSTILE = (
    '[A][b] *x* __init__ {{ boom }} {% if %} {# c #} <script>alert(1)</script> --8<-- "nope.md" '
    '@smith2020 [@bob] [x](http://[bad) | c | \\bibliography C++ {: onclick=x } 5 < 6 & "q" \x02 '
    "1986. $5-$10 it's\"x onerror=alert(2) \"' >zz <img src=x onerror=alert(3)> {{ read_csv('x') }} "
    "javascript:alert(4) ]]> <!-- more --> &lt;b&gt; \u202egnp.exe"
)
IN_XML = HOSTILE.replace("\x02", "")
TOPIC = {"title": "Gates & <b>walls</b>", "phrases": ["gate"], "description": HOSTILE, "min_relevance": 0}


@pytest.fixture
def arxiv(make_paper) -> Iterator[FakeArxiv]:
    papers = [
        make_paper(
            id=f"2410.1378{number}",
            title=f"Gate {number} {IN_XML}",
            abstract=f"We propose a gate. {IN_XML} It works on 97 % of all texts. We test it on data.",
            authors=(f"Eve <script>alert(5)</script> {number}", "Bob {{ x }}"),
            comment=IN_XML,
        )
        for number in range(3)
    ]
    with FakeArxiv(papers) as fake:
        yield fake


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    claim = {"text": f"The gate works on all texts {HOSTILE}.", "quote": f"We propose a gate. {HOSTILE}"}
    answer = {
        "summary": f"The gate works on all texts {HOSTILE}.",
        "takeaways": [
            claim,
            claim | {"text": f"We test it {HOSTILE}."},
            claim | {"text": f"A gate {HOSTILE}."},
        ],
        "title_translation": None,
        "keywords": [HOSTILE, "gate", "text"],
        "affiliation": HOSTILE,
        **dict.fromkeys(["background", "prior_work", "approach", "results"], claim),
        "methods": [claim],
        **dict.fromkeys(["significance", "innovation", "performance", "workload"], claim),
        "relevance": 9,
    }
    with FakeGemini(json.dumps(answer)) as fake:
        yield fake


def make_site(
    root: Path, arxiv: FakeArxiv, gemini: FakeGemini, plugins: list[object], **config: object
) -> Path:
    subprocess.run(["git", "init", "-q", root], check=True)
    options = {
        "topics": [TOPIC],
        "arxiv_url": arxiv.url,
        "model": "gemini/gemini-3.5-flash-lite",
        "model_url": gemini.url,
        "overview": False,
    }
    write_site(root, options, plugins=plugins, **config)
    (root / "docs/blog/posts").mkdir(parents=True)
    (root / "docs/blog/index.md").write_text("# Blog\n")
    (root / "docs/blog/posts/first.md").write_text("---\ndate: 2024-01-01\n---\n# First\n\nText\n")
    (root / "docs/tags.md").write_text("# Tags\n\n<!-- material/tags -->\n")
    (root / "refs.bib").write_text("@misc{known, title={Known}, author={A}, year={2020}}\n")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, "add", "docs"], cwd=root, check=True)
    subprocess.run(["git", *identity, "commit", "-qm", "Start"], cwd=root, check=True)
    return root


def harm(built: Build) -> list[str]:
    """Scripts, handlers and script links that no theme or plugin put there."""
    found = []
    for path in built.pages:
        for element in lxml.html.parse(built.site / path).getroot().iter():
            if not isinstance(element.tag, str):
                continue
            if element.tag == "script" and "alert(" in (element.text or ""):
                found.append(f"{path}: script {element.text}")
            for name, value in element.attrib.items():
                if name.lower().startswith("on") or value.strip().lower().startswith("javascript:"):
                    found.append(f"{path}: <{element.tag} {name}={value!r}>")
    return found


def check(built: Build) -> None:
    assert built.code == 0, built.log
    assert "digests/gates-b-walls-b/2024-10-17/index.html" in built.pages
    assert harm(built) == []
    page = built.page("digests/gates-b-walls-b/2024-10-17/index.html")
    assert len(page.cssselect("article h2[id^='2410.']")) == 3
    text = " ".join(page.text_content().split())
    for words in ("{{ boom }}", "<script>alert(1)</script>", "[@bob]", "{: onclick=x }", '--8<-- "nope.md"'):
        assert words in text, words
    for image in page.cssselect("details.pd-figures img"):
        assert (built.site / "digests/gates-b-walls-b/2024-10-17" / image.get("src")).resolve().is_file()


EXTENSIONS = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "meta", "tables", {"toc": {"permalink": True}},
    {"pymdownx.arithmatex": {"generic": True}}, "pymdownx.betterem", "pymdownx.caret", "pymdownx.critic", "pymdownx.details",
    "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.mark", "pymdownx.smartsymbols",
    {"pymdownx.snippets": {"check_paths": True}}, "pymdownx.superfences", {"pymdownx.tabbed": {"alternate_style": True}},
    {"pymdownx.tasklist": {"custom_checkbox": True}}, "pymdownx.tilde",
]  # fmt: skip


def test_all_of_them_together(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> None:
    plugins = [
        "search", "tags", "blog", "meta", {"macros": {"on_error_fail": True}}, {"bibtex": {"bib_file": "refs.bib"}}, "table-reader",
        "autorefs", "glightbox", {"git-revision-date-localized": {"enable_creation_date": True}}, "rss",
        {"minify": {"minify_html": True}}, "awesome-nav",
    ]  # fmt: skip
    root = make_site(tmp_path, arxiv, gemini, plugins, markdown_extensions=EXTENSIONS)
    check(build(root, GEMINI_API_KEY="not-a-real-key"))
    feed = (root / "site/feed_rss_created.xml").read_text(encoding="utf-8")
    assert "Gates &" in feed
    assert "<script" not in feed


def test_under_properdocs(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> None:
    root = make_site(tmp_path, arxiv, gemini, ["search", "macros", "autorefs", "glightbox"])
    check(build(root, program="properdocs", GEMINI_API_KEY="not-a-real-key"))


def test_with_static_i18n(tmp_path: Path, arxiv: FakeArxiv, gemini: FakeGemini) -> None:
    languages = [
        {"locale": "en", "name": "English", "default": True, "build": True},
        {"locale": "zh", "name": "中文", "build": True},
    ]
    root = make_site(
        tmp_path, arxiv, gemini, ["search", {"i18n": {"docs_structure": "suffix", "languages": languages}}]
    )
    built = build(root, GEMINI_API_KEY="not-a-real-key")
    check(built)
    assert len({request.path for request in arxiv.requests}) == len(arxiv.requests)


def test_pages_that_moved_can_be_redirected(tmp_path: Path, arxiv: FakeArxiv) -> None:
    options = {"topics": [{"title": "Gates", "phrases": ["gate"]}], "arxiv_url": arxiv.url}
    root = write_site(tmp_path, options | {"period": "week"})
    assert build(root).code == 0
    built = build(write_site(tmp_path, options | {"period": "month"}))
    gone = re.search(r"INFO .*pages? of the last build (?:is|are) gone: ([^;]*);", built.log)
    assert gone, built.log
    pages = gone[1].split(", ")
    assert "digests/gates/2024-w42.md" in pages
    moved = dict.fromkeys(pages, "digests/gates/2024-10.md")
    built = build(
        write_site(
            tmp_path,
            options | {"period": "month"},
            plugins=["search", {"redirects": {"redirect_maps": moved}}],
        )
    )
    assert built.code == 0, built.log
    assert "../2024-10/" in (built.site / "digests/gates/2024-w42/index.html").read_text("utf-8")
    assert "are gone" not in built.log


@pytest.mark.parametrize("first", [True, False])
def test_plugins_that_collect_or_drop_files_may_stand_before_or_after(
    tmp_path: Path, first: bool, arxiv: FakeArxiv
) -> None:
    others = [
        {"redirects": {"redirect_maps": {"old.md": "digests/index.md"}}},
        {"exclude": {"glob": ["digests/walls/*"]}},
        {"llmstxt": {"full_output": "all.txt", "sections": {"Digests": ["digests/gates/*.md"]}}},
    ]
    topics = [{"title": title, "phrases": ["gate"]} for title in ("Gates", "Walls")]
    root = write_site(tmp_path, {"topics": topics, "arxiv_url": arxiv.url}, plugins=["search", *others])
    if not first:
        configuration = yaml.safe_load((root / "mkdocs.yml").read_text("utf-8"))
        search, *plugins, ours = configuration["plugins"]
        configuration["plugins"] = [search, ours, *plugins]
        (root / "mkdocs.yml").write_text(yaml.safe_dump(configuration), "utf-8")
    # Links to what `exclude` drops are the site's own doing.
    built = build(root, "--no-strict")
    assert built.code == 0, built.log
    assert "redirects plugin" not in built.log
    assert "digests/" in (built.site / "old/index.html").read_text("utf-8")
    assert "digests/gates/2024-10-17/index.html" in built.pages
    assert not [path for path in built.pages if "walls" in path]
    assert "https://lab.example/digests/gates/2024-10-17/" in (built.site / "llms.txt").read_text("utf-8")
    read = (built.site / "all.txt").read_text("utf-8")
    assert read.count("Key takeaways") == 3, "the newest period stands on two pages"
    assert "@misc" not in read
    assert built.page("digests/gates/2024-10-17/index.html").cssselect("details.pd-bibtex")


def test_a_save_in_serve_asks_nobody(tmp_path: Path, arxiv: FakeArxiv) -> None:
    root = write_site(tmp_path, {"topics": [TOPIC], "arxiv_url": arxiv.url})
    assert build(root).code == 0
    address = f"127.0.0.1:{free_port()}"
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "mkdocs", "serve", "--livereload", "-a", address],
        cwd=root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for("Serving on", server)
        asked = len(arxiv.requests)
        assert asked
        (root / "docs/index.md").write_text("# Lab, changed\n")
        wait_for("Documentation built", server)
        configuration = yaml.safe_load((root / "mkdocs.yml").read_text())
        configuration["plugins"][-1]["paperdigest"]["period"] = "month"
        (root / "mkdocs.yml").write_text(yaml.safe_dump(configuration))
        log = wait_for("Documentation built", server)
        assert "from the cache alone" in log
        assert len(arxiv.requests) == asked
    finally:
        server.terminate()
        server.communicate(timeout=120)


@pytest.mark.parametrize("deleted", ["", "pages", "figures"])
def test_a_server_recovers_when_its_cache_is_deleted(tmp_path: Path, arxiv: FakeArxiv, deleted: str) -> None:
    root = write_site(tmp_path, {"topics": [TOPIC], "arxiv_url": arxiv.url})
    assert build(root).code == 0
    address = f"127.0.0.1:{free_port()}"
    log = tmp_path / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-u", "-m", "mkdocs", "serve", "--livereload", "-a", address],
            cwd=root,
            env=environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    cache = root / ".cache/plugin/paperdigest"
    try:
        wait_until_home_has("Lab", address, log)
        before = shown_at(address)
        asked = len(arxiv.requests)
        shutil.rmtree(cache / deleted)
        for number in range(2):
            (root / "docs/index.md").write_text(f"# Lab, changed {number}\n")
            wait_until_home_has(f"changed {number}", address, log)
            assert shown_at(address) == before
        assert "Traceback" not in log.read_text()
        # Whoever deletes everything wants a new start; the rest is made again from the store.
        assert (len(arxiv.requests) > asked) == (not deleted)
        assert list(cache.rglob("fig-*.webp"))
    finally:
        server.terminate()
        server.wait(timeout=120)


def wait_until_home_has(words: str, address: str, log: Path) -> None:
    give_up = time.monotonic() + 120
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{address}/", timeout=60) as answer:
            if words in answer.read().decode():
                return
        assert time.monotonic() < give_up, log.read_text()
        time.sleep(0.1)


def shown_at(address: str) -> tuple[str, bytes]:
    """What a topic's page says, and one of its images."""
    page = f"http://{address}/digests/gates-b-walls-b/"
    with urllib.request.urlopen(page, timeout=60) as answer:
        article = lxml.html.document_fromstring(answer.read()).cssselect("article")[0]
    image = article.cssselect("figure img")[0].get("src")
    with urllib.request.urlopen(urllib.parse.urljoin(page, image), timeout=60) as answer:
        return article.text_content(), answer.read()


def wait_for(words: str, server: "subprocess.Popen[str]") -> str:
    assert server.stdout is not None
    read = []
    # A line that never comes is a failure, which shows those that came.
    give_up = threading.Timer(120, server.kill)
    give_up.start()
    try:
        for line in server.stdout:
            read.append(line)
            if words in line:
                return "".join(read)
    finally:
        give_up.cancel()
    raise AssertionError(f"the server ended without {words!r}: {''.join(read)}")


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
