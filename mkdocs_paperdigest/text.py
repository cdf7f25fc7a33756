"""Other people's text: made harmless for each place it goes to, folded for comparison, its characters and addresses.

Where text goes decides what is dropped from it:

| function | for | lines |
|---|---|---|
| `plain_text` | what sources say of a paper, before it is stored | joined |
| `pdf_text` | the text of a PDF's pages | kept |
| `caption_text` | a caption that was put together from pieces of a page | joined |
| `without_controls` | what a model answered, before the gate judges it | kept |
| `publishable` | pages; `harmless` keeps the lines | joined |
| `printable` | terminals and logs | joined |

Most patterns are text, which `re` compiles at its first use and keeps: a warm build needs only those of pages.
"""

import re
import unicodedata

# ---------------------------------------------------------------- cleaned


def plain_text(text: str) -> str:
    """`text` in NFC with single spaces; control characters count as spaces."""
    return " ".join(
        re.sub(_NOT_TEXT, " ", re.sub(_DIRECTION, "", unicodedata.normalize("NFC", text))).split()
    )


_NOT_TEXT = "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
# Overrides of the writing direction would let a title rearrange the page around it.
_DIRECTION = "[\u202a-\u202e\u2066-\u2069\ufeff]"


def without_controls(text: str) -> str:
    """`text` without control characters; tabs and line feeds stay.

    Nothing else is dropped: broken and invisible characters are signs by which the gate knows gibberish.
    """
    return re.sub(_CONTROLS, "", text)


_CONTROLS = "[\x00-\x08\x0b-\x1f\x7f]"


def pdf_text(text: str) -> str:
    """`text` without control characters and what PDFium writes for glyphs that have no character."""
    return re.sub(_NO_CHARACTER, "", without_controls(text))


_NO_CHARACTER = "[\ud800-\udfff\ufeff\ufffd]"


def caption_text(text: str) -> str:
    """`text` with single spaces, plain letters for mathematical ones, and no unknown characters."""
    # PDFium gives characters beyond the first plane in two halves.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    plain = "".join(
        unicodedata.normalize("NFKC", char) if re.match(_PRESENTATION, char) else char
        for char in whole
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cn", "Co", "Cs"}
    )
    return " ".join(plain.replace("\N{REPLACEMENT CHARACTER}", "").split())


_PRESENTATION = "[\ufb00-\ufb06\U0001d400-\U0001d7ff]"
"""Ligatures, and letters of formulas in a typeface of their own."""


def publishable(text: str, *, keep_edges: bool = False) -> str:
    """The text on one line, without characters that could not stand in a page or would harm it.

    Arguments:
        text: Anything at all.
        keep_edges: Leave a space at either end where the text has one: it goes between other texts.
    """
    line = _SPACE.sub(" ", harmless(text))
    return line if keep_edges else line.strip()


def harmless(text: str) -> str:
    """Like `publishable`, with the white space that the text has."""
    text = _HARMFUL.sub("", text)
    return text if text.isascii() else _PILE.sub(r"\1", text)


_SPACE = re.compile(r"\s+")
# Control characters (two of them are Python-Markdown's own placeholders), lone surrogates, which have
# no UTF-8 form, non-characters, the marks that turn the direction of all text that follows, and
# characters that hide text: annotations and tags (Unicode's technical report 36).
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Marks that pile up over the lines above; no script has more than four of them on one letter.
_MARKS = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_PILE = re.compile(f"({_MARKS}{{4}}){_MARKS}+")


def printable(text: str) -> str:
    """The text on one line, with a space in place of what a terminal would act on.

    Escape sequences move the cursor, retitle the window or write to the clipboard; a line of its own
    could pass for one of the log's, or for a command to the CI that reads it (`::add-mask::`).
    """
    return re.sub(UNPRINTABLE, " ", text)


UNPRINTABLE = (
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)
"""Control characters, lone surrogates, and marks that turn the direction of all text that follows."""

# ---------------------------------------------------------------- folded for comparison


def folded(text: str) -> str:
    """Letters and digits of `text` only: no case, accents, ligatures, hyphens, spaces or signs (NFKD).

    Without spaces and hyphens a word that was broken at a line's end is whole again.
    """
    if text.isascii():
        return re.sub(_NOT_LETTER, "", text.lower())
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return re.sub(
        _NOT_LETTER, "", "".join(char for char in decomposed if not unicodedata.combining(char))
    )


_LIGATURES = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ı": "i"})
_NOT_LETTER = r"[\W_]+"


def folded_latin(text: str) -> str:
    """The letters a to z and digits of `text` only, in lower case, with accents removed (NFKD).

    For terms and names in Latin letters, whatever script stands around them.
    """
    lower = text.lower()
    return re.sub(
        r"[^a-z0-9]+", "", lower if lower.isascii() else unicodedata.normalize("NFKD", lower)
    )


def squeezed(text: str) -> str:
    """`text` in lower case without spaces and punctuation; accents stay.

    For runs of text that must be the same in both.
    """
    return re.sub(r"\W+", "", text.lower())


# ---------------------------------------------------------------- Chinese, Japanese and Korean

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
KANA = "\u3041-\u30ff"
HANGUL = "\uac00-\ud7af"
UNSPACED = f"{KANA}{HAN}"
"""Of Chinese and Japanese, which put no spaces between words: a word is about two characters."""
CJK = f"{UNSPACED}{HANGUL}"
"""Of the three: each character counts as a unit of writing."""

# ---------------------------------------------------------------- addresses of the web

CODE_HOSTS = (
    "github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "huggingface.co",
)  # fmt: skip
BARE_HOST = r"(?:github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|[\w-]{1,60}\.github\.io)"
"""Hosts whose addresses papers print without `https://`."""
_DELIMITERS = r"\s<>\"'{}|\\^`\[\]"
"""What no address holds (RFC 3986, appendix C), quotation marks included."""
ADDRESS = rf"https?://[^{_DELIMITERS}，。；、）（：！？【】《》「」『』“”‘’…]+"
"""In prose of any language: it ends before Chinese punctuation, which follows without a space."""
PRINTED_ADDRESS = rf"(?:https?://|(?<![\w./@-])(?={BARE_HOST}/))[^{_DELIMITERS}]{{4,300}}"
"""In a paper's text, where code hosts need no `https://`."""
SAID_ADDRESS = (
    r"(?:https?://|www\.)[^\s<>()（）\[\]，。；、“”\"'》】]+"
    r"|\b(?:github|gitlab|huggingface)\.(?:com|co|io)/[^\s<>()（），。；\]]+"
)
"""In a model's answer, where an address ends before any bracket."""
UNSPLIT_ADDRESS = r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]}]"
"""In a sentence that must not end within it, but may end right behind it."""


def without_closing_marks(address: str, *, also: str = "") -> str:
    """An address without the punctuation of the sentence around it.

    Arguments:
        address: As it was found in the sentence.
        also: More characters that cannot end an address there.
    """
    marks = _CLOSING_MARKS + also
    address = address.rstrip(marks)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(marks)
    return address


_CLOSING_MARKS = ".,;:!?*_'’”\"…†‡∗"
