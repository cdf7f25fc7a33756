"""Other people's text: cleaning it for each place it goes to, folding it for comparison, finding addresses in it.

What is dropped from a text depends on where it goes:

| function | for | lines |
|---|---|---|
| `plain_text` | what sources say about a paper, before it is stored | joined |
| `pdf_text` | text of PDF pages | kept |
| `caption_text` | captions, assembled from pieces of a page | joined |
| `without_controls` | answers of models, before the gate judges them | kept |
| `publishable` | pages; `harmless` keeps the lines | joined |
| `printable` | terminals and logs | joined |

Most patterns are strings, which `re` compiles when they are first used: a warm build needs only those for pages.
"""

import re
import unicodedata

# ---------------------------------------------------------------- counted


def counted(number: int, thing: str) -> str:
    """`1 paper`, `2 papers`: for messages in English."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


# ---------------------------------------------------------------- cleaned


def plain_text(text: str) -> str:
    """`text` in NFC with single spaces; control characters count as spaces. Beyond `LONGEST` it is cut."""
    composed = unicodedata.normalize("NFC", text[:LONGEST])
    return " ".join(re.sub(_NOT_TEXT, " ", re.sub(_DIRECTION, "", composed)).split())


LONGEST = 50_000
"""Characters of one field; no abstract is longer, and some work takes long for each character."""


_NOT_TEXT = "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
# Overrides of the writing direction would let a title rearrange the text around it.
_DIRECTION = "[\u202a-\u202e\u2066-\u2069\ufeff]"


def without_controls(text: str) -> str:
    """`text` without control characters; tabs and line feeds stay.

    Nothing else is dropped, because the gate recognizes gibberish by its broken and invisible characters.
    """
    return re.sub(_CONTROLS, "", text)


_CONTROLS = "[\x00-\x08\x0b-\x1f\x7f]"


def pdf_text(text: str) -> str:
    """`text` without control characters and without what PDFium writes for glyphs that have no character."""
    return re.sub(_NO_CHARACTER, "", without_controls(text))


_NO_CHARACTER = "[\ud800-\udfff\ufeff\ufffd]"


def caption_text(text: str) -> str:
    """`text` with single spaces, with plain letters for mathematical ones, without unknown characters."""
    # PDFium returns characters outside the Basic Multilingual Plane as two surrogates.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    plain = "".join(
        unicodedata.normalize("NFKC", char) if re.match(_PRESENTATION, char) else char
        for char in whole
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cn", "Co", "Cs"}
    )
    return " ".join(plain.replace("\N{REPLACEMENT CHARACTER}", "").split())


_PRESENTATION = "[\ufb00-\ufb06\U0001d400-\U0001d7ff]"
"""Ligatures and mathematical alphabets."""


def publishable(text: str, *, keep_edges: bool = False) -> str:
    """The text on one line, without characters that a page cannot hold or that would harm it.

    Arguments:
        text: Any string.
        keep_edges: Whether to keep a space at either end, for text that goes between other texts.
    """
    line = _SPACE.sub(" ", harmless(text))
    return line if keep_edges else line.strip()


def harmless(text: str) -> str:
    """Like `publishable`, but white space stays as it is."""
    text = _HARMFUL.sub("", text)
    return text if text.isascii() else _MARKS.sub(_without_pile, text)


def _without_pile(found: re.Match[str]) -> str:
    """A run of marks without those that would pile up over the lines above."""
    kept, height = [], 0
    for char in found[0]:
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            height += 1
            if height > _MOST_MARKS.get(unicodedata.name(char, "").partition(" ")[0], 4):
                continue
        elif category != "Cf":  # format characters, such as joiners, end no pile
            height = 0
        kept.append(char)
    return "".join(kept)


_SPACE = re.compile(r"\s+")
# Control characters (two of them are Python-Markdown's own placeholders), lone surrogates, which have
# no UTF-8 form, non-characters, marks that change the direction of all text that follows, and
# characters that hide text: annotations and tags (Unicode Technical Report 36).
_HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Combining marks, and everything else that is neither a letter nor a space.
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{4,}")
# Scripts have no more on one letter; a vocalised Hebrew letter may bear a dot, a vowel, an accent and a meteg.
_MOST_MARKS = {"HEBREW": 5, "ARABIC": 3, "SYRIAC": 3, "THAI": 3, "LAO": 3}


def printable(text: str) -> str:
    """The text on one line, with a space in place of everything that a terminal would act on.

    Escape sequences move the cursor, rename the window or write to the clipboard. A new line could pass
    for a line of the log, or for a command to the CI that reads the log (`::add-mask::`).
    """
    return re.sub(UNPRINTABLE, " ", text)


UNPRINTABLE = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
"""Control characters, lone surrogates, and marks that change the direction of all text that follows."""

# ---------------------------------------------------------------- folded for comparison


def folded(text: str) -> str:
    """Only the letters and digits of `text`, without case, accents and ligatures (NFKD).

    Dropping spaces and hyphens rejoins words that were broken at the end of a line.
    """
    if text.isascii():
        return re.sub(_NOT_LETTER, "", text.lower())
    small = text.casefold()
    for ligature, letters in _LIGATURES:
        small = small.replace(ligature, letters)
    # No combining mark counts as a letter.
    return re.sub(_NOT_LETTER, "", unicodedata.normalize("NFKD", small))


_LIGATURES = ("æ", "ae"), ("œ", "oe"), ("ø", "o"), ("ł", "l"), ("ı", "i")
_NOT_LETTER = r"[\W_]+"
_NO_LATIN = re.compile(r"[^a-z0-9]+")
_NO_WORD = re.compile(r"\W+")


def folded_latin(text: str) -> str:
    """Only the letters a to z and the digits of `text`, in lower case, without accents (NFKD).

    For terms and names in Latin letters within text of any script.
    """
    lower = text.lower()
    return _NO_LATIN.sub("", lower if lower.isascii() else unicodedata.normalize("NFKD", lower))


def squeezed(text: str) -> str:
    """`text` in lower case without spaces and punctuation; accents stay.

    For finding the same run of words in two texts.
    """
    return _NO_WORD.sub("", text.lower())


# ---------------------------------------------------------------- Chinese, Japanese and Korean

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
KANA = "\u3041-\u30ff"
HANGUL = "\uac00-\ud7af"
UNSPACED = f"{KANA}{HAN}"
"""Characters of Chinese and Japanese, which put no spaces between words; a word has about two characters."""
CJK = f"{UNSPACED}{HANGUL}"
"""Characters of all three languages; each counts as one unit of length."""

# ---------------------------------------------------------------- addresses of the web

CODE_HOSTS = (
    "github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "huggingface.co", "gist.github.com",
    "git.sr.ht", "gitlab.inria.fr", "framagit.org", "gitcode.com", "modelscope.cn",
)  # fmt: skip
"""Hosts where code has an address of an owner and a name."""
BARE_HOST = r"(?:github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|[\w-]{1,60}\.github\.io)"
"""Hosts whose addresses papers often print without `https://`."""
_DELIMITERS = r"\s<>\"'{}|\\^`\[\]，。；、）（：！？【】《》「」『』“”‘’…"
"""Characters that no address holds (RFC 3986, appendix C), including quotation marks, and the
punctuation of Chinese, which follows without a space."""
PRINTED_ADDRESS = rf"(?:https?://|(?<![\w./@-])(?={BARE_HOST}/))[^{_DELIMITERS}]{{4,300}}"
"""An address in a paper's text, where code hosts need no `https://`."""
SAID_ADDRESS = (
    r"(?:https?://|www\.)[^\s<>()（）\[\]，。；、“”\"'》】]+"
    r"|\b(?:github|gitlab|huggingface)\.(?:com|co|io)/[^\s<>()（），。；\]]+"
)
"""An address in a model's answer; any bracket ends it."""
UNSPLIT_ADDRESS = r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]}]"
"""An address for sentence splitting: a sentence never ends inside it, but may end right after it."""


def without_closing_marks(address: str, *, also: str = "") -> str:
    """An address without the punctuation of the sentence around it.

    Arguments:
        address: As found in the sentence.
        also: Further characters that cannot end an address.
    """
    marks = _CLOSING_MARKS + also
    address = address.rstrip(marks)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(marks)
    return address


_CLOSING_MARKS = ".,;:!?*_'’”\"…†‡∗"
