"""Gate rules on facts that arXiv states better: links, ids, author names, and what is said to be missing."""

import re

from rapidfuzz import fuzz

from mkdocs_paperdigest.summaries.gate.disguise import revealed
from mkdocs_paperdigest.summaries.gate.paper import KnownPaper
from mkdocs_paperdigest.summaries.gate.phrases import Phrases, needed
from mkdocs_paperdigest.summaries.gate.words import either, from_words
from mkdocs_paperdigest.text import CJK, SAID_ADDRESS, folded, folded_latin

ADDRESS = re.compile(SAID_ADDRESS, re.IGNORECASE)
ARXIV_ID = re.compile(
    r"(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?!\d)|\b[a-z-]{2,9}(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?\b"
)


def foreign_ids(text: str, known: KnownPaper) -> bool:
    """Whether it has ids of arXiv that are neither the paper's own nor in its text."""
    if _FOUR_DIGITS.search(text) is None:
        return False
    ids = (re.sub(r"v\d+$", "", match[0]) for match in ARXIV_ID.finditer(text))
    return any(id_ != known.paper.id and id_ not in known.front and id_ not in known.body for id_ in ids)


_FOUR_DIGITS = re.compile(r"\d{4}")


def contact(text: str, front: str = "") -> bool:
    """A way out of the page: an address, e-mail, handle, telephone number, account, or shell command.

    Links come from arXiv, never from a model, and a paper's text may plant any of these in an answer, so it does not
    matter whether the paper prints them.

    Arguments:
        text: What a model wrote.
        front: Title and abstract, whose names may look like hosts (`Booking.com`).
    """
    # Cheap signs first: most texts have none, and the patterns are slow.
    if any(sign in text for sign in _ADDRESS_SIGNS) and _ADDRESS_FORM.search(text):
        return True
    if any(sign in text for sign in _REMNANT_SIGNS) and _REMNANT.search(text):
        return True
    if _LONG_RUN.search(text) and _NUMBER_FORM.search(text):
        return True
    if not _COMMAND_WORDS.isdisjoint(_LATIN.findall(text.lower())) and _COMMAND.search(text):
        return True
    if not _DOTTED.search(text):
        return False
    return bool(_HAN_HOST.search(text)) or any(_is_host(match, front) for match in _HOST.finditer(text))


def leads_away(text: str) -> bool:
    """Whether a text has a contact, also in plain spelling."""
    return any(map(contact, {text, revealed(text)}))


def _is_host(found: re.Match[str], front: str) -> bool:
    """Whether names with dots are an address on the web rather than software, a file or a company of the paper."""
    name, last, rest = found["name"], found["last"], found["rest"]
    if name[0].isupper() and found[0] in front:
        return False
    if _DOMAIN.fullmatch(last):
        return True
    if rest or _FILE_END.fullmatch(last):
        return not _FILE_END.fullmatch(last)
    before, behind = found.string[max(0, found.start() - 80) : found.start()], found.string[found.end() :]
    if _UNDER.search(before) or "-" in name.split(".")[-2]:
        return True
    led_to = _LEADS_TO.search(before) or _LED_TO.match(behind)
    return led_to is not None and _ACCESS.search(f"{before} {behind[:80]}") is not None


_ADDRESS_FORM = re.compile(
    r"(?:https?|hxxps?|s?ftp|ssh|file|ipfs)://|\b(?:javascript|mailto|magnet):\S|\btel:\+?\d|\bdata:\w+/\w"
    r"|h ?t ?t ?p ?s? ?: ?/ ?/"
    r"|\bwww\.[\w-]"
    r"|\b(?:github|gitlab|huggingface|bitbucket)\.(?:com|co|io|org)\b"
    r"|(?<=[\w+-])@[\w-]{1,64}\.[A-Za-z]{2}"
    r"|[\[(]at[\])] ?\w|\[\.\]|(?<=[A-Za-z0-9])\(\.\)(?=[a-z])|(?:\[dot\]|\(dot\)) ?[a-z]{2,10}\b"
    r"|(?<![\w.@])@[A-Za-z_][\w.]{2,}|(?<!\w)#[\w-]+:(?:[\w-]+\.)+[a-z]{2}",
    re.ASCII,
)
_ADDRESS_SIGNS = (
    "://", ": / /", ":/ /", "javascript:", "mailto:", "magnet:", "tel:", "data:", "www.", "github.", "gitlab.", "huggingface.", "bitbucket.",
    "@", "#", "(at", "[at", "[.]", "(.)", "dot)", "dot]",
)  # fmt: skip
"""Decimals such as `mAP@0.5` and names such as `pass@k` are no handles."""
# One set of characters for the first one: then those of Chinese are skipped quickly.
_LONG_RUN = re.compile(
    r"[A-Za-z0-9](?:(?<=\d)[\d ().\-]{7}|[A-Za-z0-9]{15}|(?<=[A-Z])[A-Z]\d\d ?\d{4})", re.ASCII
)
_NUMBER_FORM = re.compile(
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{2,5}\b|/[A-Za-z])|(?<![\w+])\+\d{1,3}[ (.\-]{1,2}\d[\d ().\-]{6,16}\d"
    r"|\(\d{3}\) ?\d{3}[ \-]\d{4}\b|(?<![\d\-])\d{3}-\d{3}-\d{4}(?![\d\-])"
    r"|(?<![\d.,])1[3-9]\d{9}(?<!0000)(?![\d.,])"
    r"|\b0x[0-9a-fA-F]{16,}|\b(?:bc1|ltc1)[0-9a-z]{20,}"
    r"|\b(?=[A-Za-z]*\d)(?=\w*[A-Z])(?=\w*[a-z])(?=(?:\w*\d){4})[A-Za-z0-9]{26,}\b"
    r"|\b[A-Z]{2}\d{2}(?: ?\d{4}){3,6}\b",
    re.ASCII,
)
"""Telephone numbers, wallets, bank accounts, numeric hosts."""
_REMNANT_SIGNS = ("//", "](", "<", "xn--", "localhost:")
_REMNANT = re.compile(
    r"(?<![\w:/])//(?:[\w-]{1,63}\.)+[a-z]{2}|\]\([^()\s]{0,99}[./#][^()\s]"
    r"|<(?:a|img|form|i?frame|script|link|svg|object|embed)\s[^<>]*=|\bxn--\w|\blocalhost:\d",
    re.ASCII,
)
"""Links without a scheme, in Markdown and in HTML."""
_COMMAND_WORDS = frozenset((
    "curl", "wget", "sudo", "rm", "sh", "bash", "zsh", "dash", "chmod", "dd", "pip", "pip3", "pipx",
    "uv", "conda", "mamba", "npm", "pnpm", "yarn", "apt", "brew", "gem", "cargo", "go", "snap", "choco",
    "winget", "git", "docker", "powershell", "cmd", "invoke", "iex", "python", "python2", "python3",
    "source", "ssh", "nc", "base64", "table", "iwr", "irm", "certutil", "bitsadmin", "mshta", "regsvr32",
    "schtasks", "crontab", "netsh", "setenforce", "reg", "set", "start", "os", "nohup", "systemctl",
    "mkfs",
))  # fmt: skip
_LATIN = re.compile(r"[a-z0-9]{2,}")
_HOST = re.compile(
    r"(?<![\w.@/\-])(?P<name>(?:[A-Za-z0-9][A-Za-z0-9\-]{0,62}\.)+)(?P<last>[a-z][a-z0-9]{1,23})\b(?!\.?\w|\-)"
    r"(?P<rest>(?::\d{2,5})?/[A-Za-z0-9~]\S*|:\d{2,5}\b)?",
    re.ASCII,
)
_DOTTED = re.compile(r"\.[a-z\u4e00-\u9fff]{2}")
_HAN_HOST = re.compile(r"[\u4e00-\u9fff]\.(?:com|cn|net|org|top|xyz|icu|中国|公司|网络|网址)(?![A-Za-z])")
_DOMAIN = re.compile(
    r"com|net|org|info|me|cn|ru|xyz|app|dev|ly|gg|tk|top|site|online|shop|link|click|biz|example|test|"
    r"co|edu|gov|cc|tv|de|uk|jp|fr|eu|us|page|cloud|tech|space|club|live|store|onion|eth|icu|ooo|pw|"
    r"lol|ovh|sbs|cfd|cyou|wtf|hk|tw|kr|mobi|vip"
)
"""Ends of names that are hosts wherever they stand; all others, such as `fast.ai` and `torch.nn`, are hosts only with a
path or where words around them send a reader there."""
_FILE_END = re.compile(
    r"py|js|ts|jsx|tsx|mjs|css|md|json|jsonl|yaml|yml|toml|txt|csv|tsv|pdf|png|jpg|jpeg|svg|gif|html|"
    r"htm|xml|ini|cfg|conf|sh|bat|exe|dll|so|h|cpp|cu|hpp|java|rs|rb|go|php|ipynb|pt|pth|onnx|bin|zip|"
    r"gz|tar|xz|tex|bib|log|lock|npz|npy|pkl|db|sql|parquet|mat|nii|obj|ply|stl|fits|hdf5|wav|mp3|mp4|"
    r"mov|doc|docx|xls|xlsx|ppt|pptx"
)
_LEADS_TO = re.compile(
    r"\b(?:at|on|from|under|via|to|see|visit|browse|open|type|ftp|is|are|page|site|website|address|domain|url)\W{1,3}$|[见于在到至为是从问开址链接用览口][:：]?\W{0,2}$",
    re.IGNORECASE,
)
_UNDER = re.compile(r"\b(?:at|under|visit|browse) $|[见于址] ?$")
_LED_TO = re.compile(r"\W{0,3}(?:[上中]?(?:提供|可|下载|获取|查看|浏览|找到|播放|免费|在线|体验))")
_ACCESS = re.compile(
    r"\b(?:visit|brows|hosted|serv(?:ed|es)|mirror|lives?\b|kept|reach(?:ed|able)|access(?:ible|ed)|available|download|stream(?:s|ed)?\b|home ?page|site\b|website"
    r"|demo|url\b|domain|tried|play(?:ed)?\b|upload|online|published at|released at|found (?:at|on)|moved to|address bar|ftp\b|resid(?:es?|ing)|relocat|deposit(?:ed)? at|stored (?:at|on)|archived|listen|watch|released on|appears? at)"
    r"|下载|访问|托管|镜像|网址|域名|主页|网站|网页|官网|演示|地址|点开|打开|上传|迁至|查看|获取|体验|在线|浏览|入口|发布于|部署于|[可详参]见|放在|存于|存放|移到|改放|为准|查询|试听|移至|公布|改由|播放|新址",
    re.IGNORECASE,
)
"""Words of sentences that send a reader to an address."""
_COMMAND = re.compile(
    r"\b(?:curl|wget)\s+(?:-\w|\S*[./]\w)"
    r"|\bsudo\s+(?:\w+\s+)?(?:-|/|apt|bash|sh\b|rm\b|pip|make|install|curl|su\b|dnf|yum|chmod|systemctl)"
    r"|\brm\s+-\w|\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\bchmod\s+[+\dau]|\bdd\s+if="
    r"|\b(?:pip3?|pipx|uv|conda|mamba|npm|pnpm|yarn|apt|apt-get|brew|gem|cargo|go|snap|choco|winget)\s+(?:install|add|i)\s+(?!(?:a|all|and|as|for|from|in|is|missing|of|on|or|the|their|to|when|with)\b)[\w@./\-]"
    r"|\bgit\s+clone\s+\S*[:/.]|\bdocker\s+(?:run|pull|exec)\s+\S"
    r"|\bpowershell(?:\.exe)?\s+-\w|\bcmd(?:\.exe)?\s+/[ck]\b|\bInvoke-[A-Z]\w+|\biex\s*\("
    r"|\bpython[\d.]*\s+(?:-[mc]\b|\S+\.py\b)|\b(?:ba|z)?sh\s+(?:-c\b|\S+\.sh\b)|\bsource\s+\S+\.sh\b"
    r"|\b(?:iwr|irm|certutil|bitsadmin|mshta|regsvr32|schtasks|netsh|setenforce|nohup|mkfs\S*)\s+[-/\w.]|\bcrontab\s+-"
    r"|\breg\s+(?:add|delete|import)\b|\bSet-[A-Z][a-z]+[A-Z]\w+|\bStart-Process\b|\bos\.(?:system|popen|remove)\s?\(\s?\S"
    r"|\bsystemctl\s+(?:start|stop|enable|disable|restart)\s+\w|\b(?:by|with|via|using|simply) (?:curl|wget)\b[^.\n]{0,20}\b(?:piped|into)\b"
    r"|\bssh\s+\S+@|\bnc\s+-\w|\bbase64\s+-|\b(?:DROP|TRUNCATE)\s+TABLE\b",
    re.ASCII,
)


_RENDERED = re.compile(
    "([A-Z][\\w’'.\\-]+(?:[ \u00a0][A-Z][\\w’'.\\-]*){1,4})\\s*[（(]\\s*"
    f"([{CJK}\u0400-\u04ff\u00b7 ]{{2,12}})\\s*[)）]"
)
_INTRODUCED = from_words(lambda words: [re.compile(pattern) for pattern in words.author_introductions])
_INTRODUCTION_SIGNS = from_words(
    lambda words: {sign for pattern in words.author_introductions for sign in needed(pattern)[0]}
)
"""Words of which each text that introduces an author has one."""
_SUBJECT = from_words(
    lambda words: [
        re.compile(pattern.replace("<surname>", f"(?:{either(words.surnames)})"))
        for pattern in words.author_subjects
    ]
)
"""Both hold the name as their first group."""
_NO_NAME = from_words(lambda words: re.compile(either(words.not_names)))


def foreign_names(text: str, field: str, known: KnownPaper) -> bool:
    """Author names that arXiv does not have: other people, or names rendered in another script.

    A rendering, such as Chinese characters for a name that the paper prints in Latin letters, is a guess.
    """
    for match in _RENDERED.finditer(text) if "(" in text or "（" in text else ():
        rendered = match[2].strip()
        if not _NO_NAME().search(rendered) and _is_author(match[1], known) and not known.prints(rendered):
            return True
    patterns = list(_SUBJECT()) if field == "affiliation" else []
    if any(sign in text for sign in _INTRODUCTION_SIGNS()):
        patterns += _INTRODUCED()
    names = (match[1] for pattern in patterns for match in pattern.finditer(text))
    return any(not _NO_NAME().search(name) and not known.prints(name) for name in names)


def _is_author(name: str, known: KnownPaper) -> bool:
    return any(fuzz.token_sort_ratio(name, author) >= 85 for author in known.paper.authors)


def unprinted(text: str, known: KnownPaper) -> bool:
    """An institution that the paper, if it was read, does not print: one in another script, or most of its words."""
    if not known.is_read:
        return False
    if any(not known.prints(run) for run in _CJK_NAME.findall(text)):
        return True
    words = {folded_latin(word) for word in _NAME_WORD.findall(text)} - _INSTITUTION_WORDS()
    missing = [word for word in words if not known.mentions(word)]
    return 2 * len(missing) > len(words)


_CJK_NAME = re.compile(f"[{CJK}]{{2,}}")


def unused(term: str, language: str, known: KnownPaper) -> bool:
    """A keyword that the paper does not use: half of its words or more have no word of the same stem there.

    Terms in the script of another language than the paper's are translations and cannot be looked up.
    """
    translated = not language.lower().startswith(("en", "zh", "ja", "ko"))
    words = _KEYWORD.findall(folded(term))
    if translated or not words or not known.is_in_english or known.knows(term):
        return False
    stems = known.stems
    missing = sum(word[:_STEM] not in stems and not known.knows(word) for word in words)
    return 2 * missing >= len(words)


_KEYWORD = re.compile(r"[a-z0-9]{2,}")
_STEM = 5


_NAME_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{4,}")
_INSTITUTION_WORDS = from_words(lambda words: frozenset(words.institution_words))


def other_title(text: str, known: KnownPaper) -> bool:
    """A translated title that is a sentence, or that quotes another original title than the paper's."""
    if _SENTENCE.match(text):
        return True
    own = folded_latin(known.paper.title)
    for run in _LATIN_TITLE.findall(text):
        quoted = folded_latin(run)
        if len(run.split()) >= 4 and quoted not in own and fuzz.ratio(quoted, own) < 90:
            return True
    return False


_SENTENCE = re.compile(
    r"\W*(?:(?:本|该)(?:文|论文|研究|工作)|我们|作者)(?:首次)?(?:提出|介绍|研究了|探讨了|给出|设计了|开发了)"
)
_LATIN_TITLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,:;'’\-]{20,}[A-Za-z0-9]")

_CODE = from_words(
    lambda words: re.compile(rf"https?://|github|gitlab|{either(words.code_announcements)}", re.IGNORECASE)
)


def denies_metadata(text: str, known: KnownPaper, phrases: Phrases) -> bool:
    """Says that author, affiliation or link are missing, which is true of the prompt and not of the paper."""
    if phrases.stand_in(text, "no_facts"):
        return True
    return phrases.stand_in(text, "no_code") and _CODE().search(known.front) is not None
