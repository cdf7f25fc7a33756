"""Why something is missing, late or left out: a code with parameters, and its English words for logs.

The words on pages are in `pages/locales`, by code. A code without words there is for the log alone: it may
quote a server, or name a path or an address.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from mkdocs_paperdigest.text import printable


class ReasonCode(StrEnum):
    """Every reason that this package gives, with its English words for logs; parameters are in braces.

    A code without words is printed as it is: the gate's codes, and those that a newer version has stored.
    Codes are stored, so renaming one needs a step in `migrations`.
    """

    english: str

    def __new__(cls, code: str, english: str = "") -> Self:
        """Makes a code with its English words."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.english = english or code
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = member.english = value
        return member

    OTHER = "other", "{text}"
    """Anything unforeseen, such as the words of a server; for logs only."""

    # Why a listed paper is not shown, or not summarized.
    HIDDEN = "hidden", "hidden in its record"
    HIDDEN_IN_TOPIC = "hidden_in_topic", "hidden by the topic's `hide`"
    NOT_ON_ARXIV = "not_on_arxiv", "arXiv has no paper of this id"
    DUPLICATE = "duplicate", "of {paper}"
    TOO_OLD = "too_old", "before {day}"
    BEYOND_NEWEST = "beyond_newest", "beyond the newest {count}"
    BEYOND_CLOSEST = "beyond_closest", "beyond the closest {count}"
    BEYOND_NEW = "beyond_new", "more new papers than `max_new_papers`"
    LOW_RELEVANCE = "low_relevance", "relevance {score} of 10"
    NOT_READ = "not_read", "not read"
    WITHDRAWN = "withdrawn", "withdrawn by its authors"
    TEXT_LOST = "text_lost", "not summarized: its text cannot be read again now"

    # Why an entry of a library is not shown.
    BIB_UNREADABLE = (
        "bib_unreadable",
        "the entry in line {line} cannot be read; look for a missing brace or comma",
    )
    BIB_TWICE = "bib_twice", "its key is there twice, again in line {line}; rename or delete one"
    BIB_NO_KEY = "bib_no_key", "the entry in line {line} has no key with letters or digits; add one"
    BIB_NO_TITLE = "bib_no_title", "`title` is missing; add one"
    BIB_NO_YEAR = ("bib_no_year", "`year` is missing; add one such as 2024, or `date = {2024-10-19}`")
    # What is wrong with an entry that is shown.
    BIB_MACROS = "bib_macros", "the library defines no @string {names}"
    BIB_FILE_OUTSIDE = (
        "bib_file_outside",
        "its PDF {file} lies outside the folder of the library; move it there",
    )
    BIB_FILE_MISSING = "bib_file_missing", "there is no PDF {file}; add it or correct `file`"

    # How a source of papers failed.
    OFFLINE = "offline", "offline"
    ARXIV_NOT_ASKED = "arxiv_not_asked", "arXiv was not asked"
    ARXIV_DENIED = "arxiv_denied", "arXiv denied access ({status})"
    ARXIV_ANSWERED = "arxiv_answered", "arXiv answered {status}"
    ARXIV_PAUSE = ("arxiv_pause", "arXiv answered {status} and asked for a pause of {seconds} s")
    ARXIV_LEFT_ALONE = ("arxiv_left_alone", "arXiv asked for a pause, of which {seconds} s are left")
    ARXIV_BUSY = "arxiv_busy", "other builds kept arXiv busy for {seconds} s"
    ARXIV_LOCK = (
        "arxiv_lock",
        "arXiv is not asked, because {file} cannot be locked ({error}); put `cache_dir` on a local drive",
    )
    ARXIV_UNREACHABLE = "arxiv_unreachable", "arXiv could not be reached"
    ARXIV_SILENT = "arxiv_silent", "arXiv did not answer in time"
    ARXIV_BROKE_OFF = "arxiv_broke_off", "arXiv broke off in the middle of an answer"
    ARXIV_UNUSABLE = "arxiv_unusable", "arXiv's answer could not be used"
    ARXIV_FINDS_NOTHING = ("arxiv_finds_nothing", "arXiv finds nothing where it found papers before")
    ARXIV_HAS_NONE = "arxiv_has_none", "arXiv has none"
    EMPTY_PAGE = "empty_page", "arXiv sent an empty page"
    HALF_PAGE = "half_page", "arXiv sent half a page"
    HALF_FEED = "half_feed", "arXiv sent something that is not a whole feed"
    NOT_A_FEED = "not_a_feed", "arXiv sent something that is not a feed"
    ANOTHER_PAGE = "another_page", "arXiv sent another page than the one asked for"
    WRONG_COUNT = "wrong_count", "arXiv sent {papers} papers on a page of {expected}"
    FEED_WITHOUT = "feed_without", "arXiv sent a feed without <{element}>"
    PAPER_WITHOUT = "paper_without", "arXiv sent a paper without <{element}>"
    PAPER_WRONG = "paper_wrong", "arXiv sent a paper whose <{element}> is {text}"
    PAPER_UNREADABLE = "paper_unreadable", "arXiv sent an entry that is not valid XML"
    HALF_PDF = "half_pdf", "arXiv sent half a PDF"
    NOT_A_PDF = "not_a_pdf", "arXiv sent something that is not a PDF"
    NOT_A_PAPER = "not_a_paper", "arXiv sent something that is not a paper in HTML"
    NOT_AN_IMAGE = "not_an_image", "arXiv sent a page in place of an image"
    REDIRECT_CIRCLE = "redirect_circle", "arXiv redirects in a circle"
    REDIRECT_NOWHERE = "redirect_nowhere", "arXiv redirects to something that is not an address"
    REDIRECT_ELSEWHERE = ("redirect_elsewhere", "arXiv redirects to another host, {host}; check `arxiv_url`")
    OVERSIZE = "oversize", "{url} has more than {size} MiB"
    BUILD_ENDED = "build_ended", "the build has ended"

    # What is missing from a paper.
    NO_HTML = "no_html", "no HTML"
    NO_PDF = "no_pdf", "no PDF"
    NO_FIGURES = "no_figures", "no figures"
    HTML_FIGURES = "html_figures", "figures from the HTML only"
    SOME_FIGURES = "some_figures", "some figures are missing"
    FIGURE_MISSING = "figure_missing", "a figure is missing: {figure}"
    TABLE_MISSING = "table_missing", "a table is missing: {table}"
    ABSTRACT_ONLY = "abstract_only", "text from the abstract only"
    # Why it is missing.
    NOT_DOWNLOADED = "not_downloaded", "not downloaded"
    NOT_AVAILABLE = "not_available", "withdrawn or not available"
    NO_PDF_NAMED = "no_pdf_named", "the library names no PDF"
    LICENCE_UNKNOWN = "licence_unknown", "the licence is not known"
    LICENCE_NOT_NAMED = "licence_not_named", "its abstract page names none"
    LICENCE_FORBIDS = ("licence_forbids", "the licence ({licence}) does not allow showing them again")
    CANNOT_BE_READ = "cannot_be_read", "{file} cannot be read"
    CANNOT_BE_WRITTEN = "cannot_be_written", "{file} cannot be written"
    HTML_EMPTY = "html_empty", "the HTML holds no paper"
    HTML_CUT_OFF = "html_cut_off", "the HTML was cut off"
    HTML_OVERSIZE = "html_oversize", "the HTML has {bytes} bytes, more than {most}"
    HTML_TOO_LARGE = "html_too_large", "the HTML is larger than any paper"
    HTML_TOO_DEEP = "html_too_deep", "the HTML is nested too deeply"
    HTML_UNREADABLE = "html_unreadable", "the HTML cannot be read"
    HTML_SHELL = "html_shell", "the HTML holds only {characters} characters of the paper's text"
    HTML_LOSSY = "html_lossy", "its conversion lost parts of the paper"
    HTML_PARTS = "html_parts", "the HTML splits them into parts"
    PDF_NOT_FOUND = "pdf_not_found", "there is no such PDF"
    PDF_ENCRYPTED = "pdf_encrypted", "the PDF is encrypted"
    PDF_BROKEN = "pdf_broken", "the PDF is broken, or not a PDF"
    PDF_TEXTLESS = "pdf_textless", "the PDF holds no text"
    PDF_PAGES = "pdf_pages", "the PDF has {pages} pages; 1 to {most} are read"
    PDF_SLOW = "pdf_slow", "the pages of the PDF take too long to draw"
    PDF_LATE = "pdf_late", "reading the PDF took longer than {seconds} s"
    PDF_MEMORY = "pdf_memory", "the PDF needs more memory than allowed"
    PDF_CRASH = "pdf_crash", "the PDF crashed its reader (exit code {exit_code})"
    PDF_UNREADABLE = "pdf_unreadable", "the PDF could not be read ({error})"
    IMAGE_LATE = "image_late", "reading the image took longer than {seconds} s"
    IMAGE_MEMORY = "image_memory", "the image needs more memory than allowed"
    IMAGE_CRASH = "image_crash", "the image crashed its reader (exit code {exit_code})"
    IMAGE_UNREADABLE = "image_unreadable", "the image could not be read ({error})"
    IMAGE_ELSEWHERE = "image_elsewhere", "the image is not part of the HTML"
    IMAGE_DAMAGED = "image_damaged", "the image is damaged or of an unknown kind"
    IMAGE_BLANK = "image_blank", "the image is blank"
    IMAGE_TOO_SMALL = ("image_too_small", "the image is too small or too narrow to be a figure")
    IMAGE_TOO_LARGE = "image_too_large", "the image has more than {pixels} pixels"
    TABLE_FONTS = "table_fonts", "no font on this machine has its characters"
    TABLE_TOO_LARGE = "table_too_large", "it would not be legible as one picture"
    TABLE_UNDRAWN = "table_undrawn", "drawing it failed"
    READER_DEAD = "reader_dead", "the PDF reader did not start"
    IMAGES_UNWRITABLE = "images_unwritable", "images cannot be written"

    # How a call of a language model failed: the values of `Outcome`.
    RATE_LIMITED = "rate_limited", "the language model is busy"
    OVERLOADED = "overloaded", "the language model is busy"
    TIMEOUT = "timeout", "the language model took too long"
    NETWORK = "network", "the language model could not be reached"
    SETUP = "setup", "the language model cannot be reached from this machine"
    GARBLED = "garbled", "the language model gave no usable answer"
    DAILY_QUOTA = "daily_quota", "the daily limit of the language model is used up"
    AUTH = "auth", "the key of the language model is missing or was refused"
    MODEL_NOT_FOUND = "model_not_found", "there is no such language model"
    WRONG_PATH = "wrong_path", "`model_url` does not lead to a language model"
    BAD_REQUEST = "bad_request", "the language model rejected the request"
    TOO_LONG = "too_long", "the question is longer than the language model can read"
    BATCHED = "batched", "waits for a batch of the language model"
    POSTPONED = "postponed", "waits for a later build"
    # Outcomes that are about the paper: its fields are left out.
    BAD_JSON = "bad_json"
    BAD_SHAPE = "bad_shape"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    RECITATION = "recitation"
    BLOCKED = "blocked"
    EMPTY = "empty"

    # Other reasons why a field of a summary is left out or asked for again.
    NOT_GIVEN = "not_given"
    """The paper does not say; the field is not asked for again."""
    MISSING = "missing"
    """The model left out a required field."""
    SHAPE = "shape"
    """Not the shape that was asked for, or too short or too long."""
    NO_ABSTRACT = "no_abstract"
    ABSTRACT_TOO_SHORT = "abstract_too_short"
    PLACEHOLDER = "placeholder"
    CHATTER = "chatter"
    REFUSAL = "refusal"
    ECHO = "echo"
    LEAK = "leak"
    DEGENERATE = "degenerate"
    LANGUAGE = "language"
    METADATA = "metadata"
    UNGROUNDED = "ungrounded"
    NUMBERS = "numbers"
    UNVERIFIED = "unverified"
    """The quote was not found in the paper."""

    # Other reasons why a statement is shown without a mark.
    NO_QUOTE = "no_quote"
    FAR_NUMBERS = "far_numbers"
    """A number of the statement is not in or near the quote with the same unit, or belongs to another thing."""
    CONTRADICTED = "contradicted"
    """The quote says otherwise: another direction, a negation, other names.

    Where a second look of the model found it, the field is left out and not asked for again.
    """
    OVERSTATED = "overstated"
    """The statement says more than the quote: a cause, or that something holds for all."""
    UNRELATED = "unrelated"
    """The quote is about something else."""


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """A code with its parameters, and the reason behind it.

    Arguments:
        code: What is wrong.
        because: The reason for it: no figures, because the PDF is encrypted.
        values: The parameters of the code, by name.
    """

    code: ReasonCode
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Strings, so that a reason read from YAML equals the one that was written."""
    because: "Reason | None" = None

    def __init__(self, code: ReasonCode, because: "Reason | None" = None, **values: object) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "because", because)
        object.__setattr__(self, "values", {name: str(one) for name, one in values.items()})

    def __str__(self) -> str:
        """The English words for logs, on one line, from the general to the particular."""
        return ": ".join(printable(one.worded(one.code.english)) for one in self.chain())

    def chain(self) -> Iterator["Reason"]:
        """This reason and those behind it, from the general to the particular."""
        one: Reason | None = self
        while one is not None:
            yield one
            one = one.because

    def due_to(self, cause: "Reason") -> "Reason":
        """This reason with `cause` added at the end of its chain."""
        because = self.because.due_to(cause) if self.because else cause
        return Reason(self.code, because, **self.values)

    def worded(self, text: str) -> str:
        """`text` with its `{names}` replaced by the parameters."""
        return _PARAMETER.sub(lambda name: self.values.get(name[1], name[0]), text)


def worded(reasons: Iterable[Reason]) -> str:
    """The English words of several reasons, on one line."""
    return "; ".join(map(str, reasons))


_PARAMETER = re.compile(r"\{(\w+)\}")
