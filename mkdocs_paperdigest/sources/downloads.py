"""Downloads a paper's PDF, HTML and HTML images from arXiv, each completely and only once."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from mkdocs_paperdigest.errors import DocumentError, SourceError
from mkdocs_paperdigest.files import UNFINISHED_NAME, write_whole
from mkdocs_paperdigest.models import Paper
from mkdocs_paperdigest.options.options import Options
from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.sources.request import Answer, BadAnswerError, OversizeError
from mkdocs_paperdigest.sources.session import PoliteSession

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

MAX_PDF_BYTES = 64 << 20
MAX_HTML_BYTES = 32 << 20
MAX_IMAGE_BYTES = 20 << 20
ASK_AGAIN_FOR_HTML = timedelta(days=7)
"""arXiv converts a paper to HTML hours or days after announcing it, or never."""

PDF_NAME, HTML_NAME, NO_HTML_NAME = "paper.pdf", "paper.html", "no-html"
"""Files in a paper's folder of the cache; `no-html` holds the time at which arXiv had no HTML of it."""
FILE_NAME = re.compile(
    rf"{PDF_NAME}|{HTML_NAME}|{NO_HTML_NAME}|image-[0-9a-f]{{16}}|{UNFINISHED_NAME.pattern}"
)
"""Matches the names of all files in such a folder, finished or not."""


def download_pdf(paper: Paper, options: Options, session: PoliteSession | None) -> Path:
    """The PDF of this version of a paper, downloaded unless the cache has it.

    Arguments:
        paper: A paper on arXiv, or one with a local `pdf`, whose path is returned.
        options: Give the cache folder and the address of arXiv.
        session: For requests to arXiv; None when offline.

    Raises:
        DocumentError: There is no PDF, or (passing) it could not be downloaded now.
    """
    if paper.pdf is not None:
        return paper.pdf
    if not paper.on_arxiv:
        raise DocumentError(Reason(ReasonCode.NO_PDF_NAMED))
    path = _folder(paper, options) / PDF_NAME
    if _is_kept(path, _PDF):
        return path
    body = _fetch(_PDF, arxiv_address("pdf", paper, options), options, session)
    if body is None:
        raise DocumentError(Reason(ReasonCode.NO_PDF, Reason(ReasonCode.NOT_AVAILABLE)))
    _write(path, body)
    return path


def download_html(
    paper: Paper, options: Options, session: PoliteSession | None, *, now: datetime | None = None
) -> Path | None:
    """The HTML that arXiv made of this version of a paper, or None if it made none.

    If there is none, arXiv is asked again after `ASK_AGAIN_FOR_HTML`.

    Arguments:
        paper: Any paper; one that is not on arXiv has no HTML.
        options: Give the cache folder and the address of arXiv.
        session: For requests to arXiv; None when offline.
        now: The time in UTC; by default that of the system clock.

    Raises:
        DocumentError: It could not be downloaded now (passing), or it is too large.
    """
    if not paper.on_arxiv:
        return None
    path = _folder(paper, options) / HTML_NAME
    if _is_kept(path, _HTML):
        return path
    now = now or datetime.now(UTC)
    missing = path.with_name(NO_HTML_NAME)
    if _asked_lately(missing, now):
        return None
    body = _fetch(_HTML, arxiv_address("html", paper, options), options, session)
    if body is None or not _ARTICLE.search(body):
        _write(missing, now.isoformat().encode())
        return None
    _write(path, body)
    missing.unlink(missing_ok=True)
    return path


def download_image(address: str, paper: Paper, options: Options, session: PoliteSession | None) -> Path:
    """An image from the HTML of this version of a paper, downloaded unless the cache has it.

    Arguments:
        address: Absolute URL, as in `HtmlFigure.images`.
        paper: The paper that shows the image.
        options: Give the cache folder and the address of arXiv.
        session: For requests to arXiv; None when offline.

    Raises:
        DocumentError: It is missing or not an image, or (passing) it could not be downloaded now.
    """
    # An author's HTML must not make us request anything but parts of arXiv's HTML papers.
    inside = address.startswith(f"{options.arxiv_url.rstrip('/')}/html/")
    if not inside or "/.." in unquote(address):
        raise DocumentError(Reason(ReasonCode.IMAGE_ELSEWHERE))
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    path = _folder(paper, options) / f"image-{name}"
    if path.is_file() and _IS_IMAGE.match(path.read_bytes()):
        return path
    body = _fetch(_IMAGE, address, options, session)
    if body is None:
        raise DocumentError(Reason(ReasonCode.ARXIV_HAS_NONE))
    if not _IS_IMAGE.match(body):
        raise DocumentError(Reason(ReasonCode.IMAGE_DAMAGED))
    _write(path, body)
    return path


def arxiv_address(kind: str, paper: Paper, options: Options) -> str:
    """The URL that a build requests for this version of a paper; `kind` is `abs`, `pdf` or `html`."""
    # Without `.pdf`, which arXiv redirects; with the version, because its files do not change.
    return f"{options.arxiv_url.rstrip('/')}/{kind}/{paper.key}"


def downloads_left(paper: Paper, options: Options) -> int:
    """The largest number of requests that a paper's PDF and HTML still need, not counting retries."""
    if not paper.on_arxiv:
        return 0
    folder = _folder(paper, options)
    has_html = (folder / HTML_NAME).is_file() or (folder / NO_HTML_NAME).is_file()
    return (not has_html) + (not (folder / PDF_NAME).is_file())


def _folder(paper: Paper, options: Options) -> Path:
    return options.cache_dir / "papers" / paper.file_stem


def _asked_lately(marker: Path, now: datetime) -> bool:
    try:
        asked = datetime.fromisoformat(marker.read_text("ascii"))
        return timedelta() <= now - asked < ASK_AGAIN_FOR_HTML
    except (OSError, ValueError, TypeError):
        return False


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file: how to request it and how to check what arrived."""

    accept: str
    max_bytes: int
    check: Callable[[Answer], None]
    soon: bool = True
    """Whether to download it before files of papers that are not begun: it completes a begun paper."""


def _is_kept(path: Path, kind: _Kind) -> bool:
    """Whether the file is there and complete; a power cut or a partial copy may have cut it short."""
    try:
        kind.check(Answer(url=str(path), status=200, body=path.read_bytes()))
    except FileNotFoundError:
        return False
    except (OSError, BadAnswerError) as error:
        log.debug("%s: not taken from the cache: %s", path, error)
        return False
    return True


def _fetch(kind: _Kind, url: str, options: Options, session: PoliteSession | None) -> bytes | None:
    """The file's content, or None if arXiv says that there is no such file."""
    if session is None or options.offline:
        raise _not_downloaded(Reason(ReasonCode.OFFLINE))
    try:
        answer = session.fetch(
            url, accept=kind.accept, max_bytes=kind.max_bytes, check=kind.check, soon=kind.soon
        )
    except OversizeError as error:
        raise DocumentError(error.reason) from error
    except SourceError as error:
        raise _not_downloaded(error.reason) from error
    if answer.status == 200:
        return answer.body
    if answer.status in _GONE:
        return None
    raise _not_downloaded(Reason(ReasonCode.ARXIV_ANSWERED, status=answer.status))


def _not_downloaded(because: Reason) -> DocumentError:
    return DocumentError(Reason(ReasonCode.NOT_DOWNLOADED, because), passing=True)


def _check_pdf(answer: Answer) -> None:
    # arXiv sends no Content-Length, and a block page may come with status 200.
    if b"%PDF-" not in answer.body[:1024]:
        raise BadAnswerError(Reason(ReasonCode.NOT_A_PDF))
    if b"%%EOF" not in answer.body.rstrip(b"\0\r\n ")[-4096:]:
        raise BadAnswerError(Reason(ReasonCode.HALF_PDF))


def _check_html(answer: Answer) -> None:
    # A larger page that LaTeXML did not make is HTML that the authors submitted themselves.
    if not _ARTICLE.search(answer.body) and len(answer.body) < _LARGEST_BLOCK_PAGE:
        raise BadAnswerError(Reason(ReasonCode.NOT_A_PAPER))
    if b"</html>" not in answer.body[-4096:].lower():
        raise BadAnswerError(Reason(ReasonCode.HALF_PAGE))


def _check_image(answer: Answer) -> None:
    # Only a block page is worth another request; anything else is what the authors submitted.
    if _IS_PAGE.match(answer.body):
        raise BadAnswerError(Reason(ReasonCode.NOT_AN_IMAGE))


_ARTICLE = re.compile(rb"<article\b[^>]{0,1000}\bltx_document\b")
_IS_PAGE = re.compile(rb"\s*<(?:!doctype html|html)\b", re.IGNORECASE)
_IS_IMAGE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP", re.DOTALL)
_LARGEST_BLOCK_PAGE = 16_384
# 403 here means that a paper's files are not public; the session raises an error when arXiv denies access.
_GONE = frozenset({403, 404, 410})
_PDF = _Kind("application/pdf", MAX_PDF_BYTES, _check_pdf)
_HTML = _Kind("text/html", MAX_HTML_BYTES, _check_html, soon=False)
_IMAGE = _Kind("image/png, image/jpeg, image/gif, image/webp", MAX_IMAGE_BYTES, _check_image)


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        why = Reason(ReasonCode.OTHER, text=error.strerror)
        reason = Reason(ReasonCode.CANNOT_BE_WRITTEN, why, file=path)
        raise DocumentError(reason, passing=True) from error
