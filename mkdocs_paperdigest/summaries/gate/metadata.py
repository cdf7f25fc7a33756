"""Gate rules on facts that arXiv states better: links, ids, author names, and what is said to be missing."""

import re

from rapidfuzz import fuzz

from mkdocs_paperdigest.summaries.gate.paper import KnownPaper, compact

URL = re.compile(
    r"(?:https?://|www\.)[^\s<>()（）\[\]，。；、“”\"'》】]+|\b(?:github|gitlab|huggingface)\.(?:com|co|io)/[^\s<>()（），。；\]]+",
    re.IGNORECASE,
)
ARXIV_ID = re.compile(
    r"(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?!\d)|\b[a-z-]{2,9}(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?\b"
)
_EMAIL = re.compile(r"[\w.+{},-]+@[\w-]+(?:\.[\w-]+)+")


def foreign_links(text: str, known: KnownPaper) -> bool:
    """Links, e-mail addresses and arXiv ids that are neither the paper's own nor in its text."""
    own = known.paper.id
    ids = (re.sub(r"v\d+$", "", match[0]) for match in ARXIV_ID.finditer(text))
    if any(id_ != own and id_ not in known.front and id_ not in known.body for id_ in ids):
        return True
    if "." not in text:
        return False
    links = [match[0] for match in URL.finditer(text)]
    if "@" in text:
        links += _EMAIL.findall(text)
    return any(not _is_own(link, known) for link in links)


def _is_own(link: str, known: KnownPaper) -> bool:
    if known.paper.id in link and "arxiv.org" in link:
        return True
    # A stop of the sentence around it gets into a link, at times percent-encoded (%E3%80%82).
    bare = re.sub(r"^(?:https?://)?(?:www\.)?|%E3%80%82.*$|[.,;:!?/]+$", "", link)
    return known.mentions(compact(bare))


_RENDERED = re.compile(
    "([A-Z][\\w’'.\\-]+(?:[ \u00a0][A-Z][\\w’'.\\-]*){1,4})\\s*[（(]\\s*"
    "([\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\u0400-\u04ff\u00b7 ]{2,12})\\s*[)）]"
)
_INTRODUCED = re.compile(
    "(?:第[一二三四五]作者|通讯作者|(?<![他余])作者(?=[:：是为]))(?:[:：]|是|为|包括)?\\s*"
    "([\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{1,8}\u00b7[\u4e00-\u9fff\u00b7]{1,8}?)"
    "(?=来自|隶属|属于|所属|和第|和|与|、|，|,|等|的|是|为|在|（|\\(|[:：])"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳"
    "史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛狄米贝明臧计伏成戴宋茅庞熊纪舒屈项祝"
    "董梁杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍万卢莫房裘解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程邢裴陆"
    "荣翁荀羊惠甄封储靳段焦侯温谭黎易武刘叶白蒲卓池乔阴苍闻翟申欧戈廖庾简饶曾关游竺权巫聂晁冷"
)
_SUBJECT = re.compile(
    f"(?:^|[：:，,。；;、\\n和与由中])\\s*(?:其中)?([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
    f"(?=(?:等人?|为|是|和[{_SURNAMES}]|、[{_SURNAMES}]|，[{_SURNAMES}]|来自|隶属|就职|任职|在)(?:[^。]|$))"
)
_NO_NAME = re.compile(
    "大学|学院|研究|公司|实验|中心|学校|系$|所$|院$|部$|机构|团队|科技|单位|医院|企业|学部|作者|成员|同上|联合|合作|等人"
    "|其他|其余|共同|先生|教授|本文|该|来自|隶属|分别|均|都|的|是|为|和|与"
)


def foreign_names(text: str, field: str, known: KnownPaper) -> bool:
    """Author names that arXiv does not have: other people, or names rendered in another script.

    A rendering, such as Chinese characters for a name that the paper prints in Latin letters, is a guess.
    """
    for match in _RENDERED.finditer(text):
        rendered = match[2].strip()
        if (
            not _NO_NAME.search(rendered)
            and _is_author(match[1], known)
            and not known.prints(rendered)
        ):
            return True
    patterns = (_INTRODUCED, _SUBJECT) if field == "affiliation" else (_INTRODUCED,)
    names = (match[1] for pattern in patterns for match in pattern.finditer(text))
    return any(not _NO_NAME.search(name) and not known.prints(name) for name in names)


def _is_author(name: str, known: KnownPaper) -> bool:
    return any(fuzz.token_sort_ratio(name, author) >= 85 for author in known.paper.authors)


def unprinted(text: str, known: KnownPaper) -> bool:
    """An institution of which most words, in Latin letters, stand nowhere in a paper that was read."""
    words = {compact(word) for word in _NAME_WORD.findall(text)} - _OF_ANY_PLACE
    missing = [word for word in words if not known.mentions(word)]
    return known.is_read and 2 * len(missing) > len(words)


_NAME_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{4,}")
_OF_ANY_PLACE = frozenset(
    re.findall(
        r"\w+",
        "university universities universite universitat universidad institute institut department school college faculty "
        "laboratory laboratories research center centre academy science sciences technology engineering computer national "
        "group with from",
    )
)


def other_title(text: str, known: KnownPaper) -> bool:
    """A translated title that quotes an original title which is not the paper's."""
    own = compact(known.paper.title)
    for run in _LATIN_TITLE.findall(text):
        quoted = compact(run)
        if len(run.split()) >= 4 and quoted not in own and fuzz.ratio(quoted, own) < 90:
            return True
    return False


_LATIN_TITLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,:;'’\-]{20,}[A-Za-z0-9]")

_NO_CODE = re.compile(
    r"(?:未|没有|缺少|缺乏|无法)(?:能|有|明确|具体的?|公开的?|提供|给出|找到|获取|附上?|公布|任何|可用的?|其|源代码和|代码的|论文链接和|论文|详细的?|的|关于|相关|直接|充足的?|作者和?){0,6}(?:[Gg]it[Hh]ub|代码)[^。，；\n]{0,8}(?:链接|仓库|地址|库)"
    r"|(?:[Gg]it[Hh]ub|代码)[^。，；\n]{0,4}(?:链接|仓库|地址|库)[^。，；\n]{0,8}(?:未|没有|缺失|无法|尚未|不可用|暂无|不明)"
    r"|(?:[Gg]it[Hh]ub|代码)(?:尚未|未|没有)(?:公开|开源|发布)"
    r"|\b(?:no|without|lacks?|missing|not provide)\b[^.\n]{0,20}\b(?:code|github|repository) (?:link|url|repository|is)"
)
_NO_FACTS = re.compile(
    r"(?:未|没有|缺少|缺乏|不知道?)[^。，；\n]{0,10}(?:论文链接|文章链接|作者信息|作者的?(?:归属|所属|隶属|单位|机构))"
    r"|(?:论文链接|作者信息|作者的?(?:归属|所属|隶属|单位|机构)[^。，；\n]{0,8}(?:信息)?)[^。，；\n]{0,10}(?:未|没有|缺失|不明)"
    r"|\b(?:author (?:information|names?|list)|authors?) (?:is|are|was|were) (?:not (?:provided|given|available|known)|unknown|missing)"
)
_CODE = re.compile(
    r"https?://|github|gitlab|\bcode\b[^.]{0,40}\b(?:available|released|public|at)\b|project page",
    re.IGNORECASE,
)


def denies_metadata(text: str, known: KnownPaper) -> bool:
    """Says that author, affiliation or link are missing, which is a fact about the prompt and not the paper."""
    return bool(_NO_FACTS.search(text) or (_NO_CODE.search(text) and _CODE.search(known.front)))
