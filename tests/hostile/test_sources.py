"""What arXiv, HTML and redirects could make us read or ask for."""

from pathlib import Path

import pytest

from mkdocs_paperdigest.documents.html.paper import parse_html
from mkdocs_paperdigest.errors import SourceError
from mkdocs_paperdigest.options.options import Options, Topic
from mkdocs_paperdigest.sources.feed import search
from mkdocs_paperdigest.sources.session import polite_session
from tests.conftest import PAPER
from tests.fakes import printing
from tests.fakes.arxiv import FakeArxiv
from tests.hostile.payloads import PAYLOADS
from tests.hostile.sources import html, in_xml

TOPIC = Topic("Gates", "gates", phrases=("gate",))


def found(arxiv: FakeArxiv, cache: Path) -> str:
    """All that a search brings, as one text."""
    options = Options((TOPIC,), cache_dir=cache, arxiv_url=arxiv.url, request_interval_s=0.01)
    with polite_session(options) as session:
        return repr(search('all:"gate"', 10, options, session))


@pytest.mark.parametrize(
    "entity",
    ['SYSTEM "file://{}"', 'PUBLIC "x" "file://{}"', '"a lot"', '"&b;&b;&b;"> <!ENTITY b "&c;&c;"> <!ENTITY c "x"'],
)  # fmt: skip
def test_entities_of_a_feed_bring_no_file_in(
    entity: str, arxiv: FakeArxiv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    honest = printing.feed

    def feed(*papers: object, **page: int) -> str:
        head, body = honest(*papers, **page).split("\n", 1)  # type: ignore[arg-type]
        kind = f"<!DOCTYPE feed [<!ENTITY e {entity.format(secret)}>]>"
        return f"{head}\n{kind}{body.replace('<title>Gate', '<title>&e; Gate')}"

    monkeypatch.setattr(printing, "feed", feed)
    try:
        told = found(arxiv, tmp_path / "cache")
    except SourceError as error:
        told = str(error)
    assert "the secret" not in told


def test_a_redirect_to_another_host_is_told_and_not_followed(arxiv: FakeArxiv, tmp_path: Path) -> None:
    with FakeArxiv() as other:
        arxiv.fail("redirect", location=f"{other.url}/api/query", times=None)
        with pytest.raises(SourceError, match="redirects to another host, 127"):
            found(arxiv, tmp_path)
        assert other.requests == []


def test_a_redirect_to_no_address_is_trouble_like_any_other(arxiv: FakeArxiv, tmp_path: Path) -> None:
    arxiv.fail("redirect", location="http://[bad", times=None)
    with pytest.raises(SourceError, match="not an address"):
        found(arxiv, tmp_path)


def test_images_of_a_page_are_asked_of_its_own_host_alone() -> None:
    base = "https://export.arxiv.org/html/2410.13786v1"
    for payload in PAYLOADS:
        text = in_xml(payload.text).replace("<", "").replace("&", "")
        page = html(PAPER, [payload.text] * 10).decode().replace("x1.png", f"{text}.png")
        for attack in (f'<base href="{text}">', f'<base href="https://evil.example/{text}">'):
            whole = page.replace("<head>", f"<head>{attack}").encode()
            for figure in parse_html(whole, base_url=base).figures:
                for address in figure.images:
                    assert address.startswith("https://export.arxiv.org/"), (payload.name, address)
