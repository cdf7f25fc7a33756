"""Gate rules that compare a text with the paper: names, ids, links, numbers, terms, and what the abstract states."""

import re
import unicodedata
from functools import cached_property

from rapidfuzz import fuzz

from mkdocs_paperdigest.models import FullText, Paper
from mkdocs_paperdigest.summarizers.gate_concepts import concepts, occurs
from mkdocs_paperdigest.summarizers.numerals import all_numbers, stated_numbers

ABSTRACT_ONLY = frozenset({"summary", "takeaways"})
"""Fields that have to rest on title and abstract: a term from elsewhere is foreign there."""


class KnownFacts:
    """What is known of a paper, in the forms that the rules look things up in; nothing is built before it is asked for."""

    def __init__(self, paper: Paper, text: FullText | None) -> None:
        self.paper = paper
        stated = (paper.title, paper.abstract, paper.comment or "", paper.journal_ref or "")
        self.abstract = " ".join(stated)
        self.has_text = text is not None and bool(text.sections or text.pages)
        self._text = text

    @cached_property
    def body(self) -> str:
        """The text of the paper beyond its abstract, or nothing."""
        if self._text is None:
            return ""
        sections = [f"{section.title}\n{section.text}" for section in self._text.sections]
        return "\n".join((*self._text.pages, *sections))

    @cached_property
    def abstract_key(self) -> str:
        """Title and abstract in small letters and digits only."""
        return compact(self.abstract)

    @cached_property
    def body_key(self) -> str:
        """The rest of the text in the same form."""
        return compact(self.body)

    @cached_property
    def abstract_lower(self) -> str:
        """Title and abstract in small letters."""
        return self.abstract.lower()

    @cached_property
    def body_lower(self) -> str:
        """The rest of the text in small letters."""
        return self.body.lower()

    @cached_property
    def abstract_numbers(self) -> frozenset[str]:
        """Numbers that title and abstract state."""
        return all_numbers(self.abstract)

    @cached_property
    def body_numbers(self) -> frozenset[str]:
        """Numbers of the rest of the text."""
        return all_numbers(self.body)

    @cached_property
    def initials(self) -> str:
        """First letters of the words of title and abstract: holds acronyms that are not spelt out there."""
        return "".join(word[0] for word in re.findall(r"[A-Za-z]+", self.abstract)).lower()

    def says(self, wording: str) -> bool:
        """Whether the paper uses this very wording as a word of its own."""
        pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(wording)}(?![A-Za-z0-9])")
        return bool(pattern.search(self.abstract) or pattern.search(self.body))

    def knows(self, term: str) -> bool:
        """Whether a term occurs anywhere in the paper, plural and hyphens apart."""
        key = compact(term)
        stem = key.removesuffix("s") if len(key) > 3 else key
        if stem in self.abstract_key or stem in self.body_key:
            return True
        return term.isupper() and 3 <= len(key) <= 6 and key in self.initials


def compact(text: str) -> str:
    """Small letters and digits only, compatible forms folded, accents removed."""
    folded = unicodedata.normalize("NFKD", text.lower()) if not text.isascii() else text.lower()
    return _NOT_PLAIN.sub("", folded)


_NOT_PLAIN = re.compile(r"[^a-z0-9]+")

# ---------------------------------------------------------------- numbers


def invented_numbers(text: str, facts: KnownFacts) -> tuple[str, ...]:
    """Numbers of a text that occur nowhere in the paper.

    Small whole numbers count things ("two stages") and years date them; neither is a result.
    """
    missing = []
    for number in stated_numbers(_without_ids(text)):
        if _is_harmless(number, facts.paper):
            continue
        if not _occurs(number, facts.abstract_numbers) and not _occurs(number, facts.body_numbers):
            missing.append(number)
    return tuple(missing)


def _occurs(number: str, numbers: frozenset[str]) -> bool:
    """Whether a source has this number, or one more exact that rounds to it."""
    if number in numbers:
        return True
    places = len(number.partition(".")[2])
    return places > 0 and any(
        len(other) > len(number)
        and other.startswith(number[:-1])
        and f"{float(other):.{places}f}" == number
        for other in numbers
    )


def _is_harmless(number: str, paper: Paper) -> bool:
    if "." in number:
        return False
    value = int(number)
    return value <= 10 or value in (100, 360) or 1950 <= value <= paper.updated.year + 1


def _without_ids(text: str) -> str:
    return _URL.sub(" ", _ARXIV_ID.sub(" ", text))


# ---------------------------------------------------------------- terms

_TERM = re.compile(r"[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*(?:[-+][A-Za-z0-9]+)*\+?")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "ai ml dl nlp cv llm llms vlm gpu gpus cpu cnn cnns rnn mlp gan gans vae rgb rgbd 2d 3d 4d 1d api pdf arxiv github sota "
        "psnr ssim lpips fid clip iou miou map f1 auc roc mse rmse mae bleu rouge wer fps acc l1 l2 sgd adam relu svd pca sfm slam "
        "nerf nerfs unet transformer pytorch tensorflow sd bert gpt ok vs qa id url usa uk ieee cvpr iccv eccv neurips icml iclr "
        "acl emnlp aaai siggraph acm innovation performance workload",
    )
)
"""Names of measures, tools and venues that a reader of full texts may well bring along."""


def terms(text: str) -> tuple[str, ...]:
    """Names and acronyms in Latin letters: with two capitals or with a digit, once each."""
    bare = _URL.sub(" ", text)
    found = (match[0] for match in _TERM.finditer(bare))
    return tuple(dict.fromkeys(term for term in found if _is_name(term)))


def _is_name(term: str) -> bool:
    if len(term) < 2 or len(term) > 40:
        return False
    capitals = sum(char.isupper() for char in term)
    digits = sum(char.isdigit() for char in term)
    letters = sum(char.isalpha() for char in term)
    return capitals >= 2 or (digits > 0 and capitals > 0 and letters >= 2)


def foreign_terms(text: str, field: str, facts: KnownFacts) -> bool:
    """Names methods, data or measures that the paper never mentions.

    One is enough where only the abstract can be the source. Elsewhere, with the full text at hand, most of
    the names have to be unknown; without it, nearly all of at least four.
    """
    named = terms(text)
    unknown = [term for term in named if not facts.knows(term)]
    if field in ABSTRACT_ONLY:
        return any(not _is_common(term) for term in unknown) or any(
            compact(term) in _COMMON and compact(term) not in _TRIVIAL
            for term in unknown
            if term.isupper()
        )
    telling = [term for term in unknown if not _is_common(term)]
    known = len(named) - len(unknown)
    if facts.has_text:
        return len(telling) >= 2 and len(telling) > known
    return len(unknown) >= 5 and len(unknown) > 3 * known


FIELDS_ON_THE_WORK = frozenset({"summary", "takeaways", "approach", "methods", "results"})
"""Fields that tell what the paper itself does; the others may bring in the world around it."""


def foreign_concepts(text: str, field: str, facts: KnownFacts) -> bool:
    """Speaks in Chinese of a thing that the paper has no word for ("polar coordinates")."""
    if field not in FIELDS_ON_THE_WORK:
        return False
    return any(
        not occurs(concept, facts.abstract_lower) and not occurs(concept, facts.body_lower)
        for concept in concepts(text)
    )


_SURVEY = re.compile(
    r"\b(?:survey|review|overview|tutorial|perspective|position paper)\b", re.IGNORECASE
)
_OWN_METHOD = re.compile(
    r"(?:本文|文章|论文|作者|该文|研究)(?:首次|创新性地|还)?(?:提出|设计|开发)了?(?:一种|一个|一套|新的?)[^。，；\n]{0,30}(?:方法|模型|算法|网络)"
    r"|\b(?:paper|authors?|we|work|study) (?:propos|present|introduc|develop)\w* (?:a|an) (?:new |novel )?[^.,;]{0,40}\b(?:method|model|algorithm|network)\b",
    re.IGNORECASE,
)


def invented_method(text: str, facts: KnownFacts) -> bool:
    """Credits a survey with a method of its own."""
    return bool(_SURVEY.search(facts.paper.title) and _OWN_METHOD.search(text)) and not re.search(
        r"\b(?:we|paper) (?:also |further )?(?:propos|introduc)",
        facts.paper.abstract,
        re.IGNORECASE,
    )


_TRIVIAL = frozenset(
    re.findall(
        r"\w+",
        "ai ml dl gpu gpus cpu 2d 3d api sota vs id llm llms cnn rgb innovation performance workload",
    )
)


def _is_common(term: str) -> bool:
    return compact(term) in _COMMON


# ---------------------------------------------------------------- what the paper does state

_CODE_DENIED = re.compile(
    r"(?:未|没有|缺少|缺乏|无|不)(?:有|能|具体的?|明确|公开|提供|给出|附上|附带|公布|任何|可用的?|[^。，；\n]){0,10}(?:GitHub|代码)[^。，；\n]{0,6}(?:链接|仓库|地址|库)"
    r"|(?:GitHub|代码)[^。，；\n]{0,4}(?:链接|仓库|地址|库)[^。，；\n]{0,8}(?:未|没有|缺失|无法|尚未|不可|暂无|不明)"
    r"|(?:GitHub|代码)[^。，；\n]{0,4}(?:尚未|未|没有)(?:公开|开源|发布)"
    r"|\b(?:no|without|lacks?|missing|does not provide|not provide)\b[^.\n]{0,20}\b(?:code|github|repository) (?:link|url|repository|is)",
    re.IGNORECASE,
)
_FACTS_DENIED = re.compile(
    r"(?:未|没有|缺少|缺乏|无|不知道?)[^。，；\n]{0,10}(?:论文链接|作者信息|作者(?:的)?(?:归属|所属|隶属|单位|机构)|文章链接|标题信息)"
    r"|(?:论文链接|作者信息|作者(?:的)?(?:归属|所属|隶属|单位|机构)[^。，；\n]{0,8}(?:信息)?)[^。，；\n]{0,10}(?:未|没有|缺失|不明)"
    r"|\b(?:author (?:information|names?|list)|authors?) (?:is|are|was|were) (?:not (?:provided|given|available|known)|unknown|missing)",
    re.IGNORECASE,
)
_RESULTS_DENIED = re.compile(
    r"(?:未|没有|缺少|缺乏)(?:能|充分|明确|详细|具体|直接|提供|给出|说明|提及|阐述|展示|进行|足够的?|与|将|更多的?|现有|其他|先进|方法|的|和|有|、|关于|具体的|充足的?|任何){0,8}(?:实验数据|实验结果|实验证明|性能数据|性能评估指标|评估指标|性能指标|性能表现|对比结果|对比实验|对比分析|详细对比|比较实验|定量结果|数据和(?:对比)?结果|实验的?具体数据)"
    r"|(?:未|没有)(?:与|和|将)[^。，；\n]{0,14}(?:进行)?(?:对比|比较)"
    r"|\b(?:does not|doesn['’]t|did not|do not) (?:provide|report|give|present|include|contain) (?:any |specific |detailed |enough |sufficient )*(?:experiment\w*|results?|comparisons?|quantitative|numbers|metrics)"
    r"|\b(?:no|lacks?(?: of)?|without) (?:any |specific |detailed |quantitative )*(?:experimental (?:data|results?|evidence)|comparisons? with)",
    re.IGNORECASE,
)
_RESULTS_STATED = re.compile(
    r"experiment|outperform|state[- ]of[- ]the[- ]art|\bSOTA\b|benchmark|evaluat|compar|superior|surpass|\bresults?\b|validat|demonstrat|improve",
    re.IGNORECASE,
)
_CODE_STATED = re.compile(
    r"https?://|github|gitlab|\bcode\b[^.]{0,40}\b(?:available|released|public|at)\b|project page",
    re.IGNORECASE,
)


def contradicted(text: str, facts: KnownFacts) -> str | None:
    """Denies what arXiv or the abstract states: links to code, authors, results."""
    if _FACTS_DENIED.search(text) and facts.paper.authors:
        return "metadata"
    if _CODE_DENIED.search(text) and _CODE_STATED.search(facts.abstract):
        return "metadata"
    if _RESULTS_DENIED.search(text) and _RESULTS_STATED.search(facts.abstract):
        return "ungrounded"
    return None


# ---------------------------------------------------------------- links, ids, names

_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>()（）\[\]，。；、“”\"'》】]+|\b(?:github|gitlab|huggingface)\.(?:com|co|io)/[^\s<>()（），。；\]]+",
    re.IGNORECASE,
)
_ARXIV_ID = re.compile(
    r"(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?!\d)|\b[a-z-]{2,9}(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?\b"
)
_EMAIL = re.compile(r"[\w.+{},-]+@[\w-]+(?:\.[\w-]+)+")


def foreign_links(text: str, facts: KnownFacts) -> bool:
    """Links, e-mail addresses and arXiv ids that are neither the paper's own nor in its text."""
    own = facts.paper.id
    for match in _ARXIV_ID.finditer(text):
        bare = re.sub(r"v\d+$", "", match[0])
        if bare != own and bare not in facts.abstract and bare not in facts.body:
            return True
    for match in (*_URL.finditer(text), *_EMAIL.finditer(text)):
        link = match[0].rstrip(".,;:!?。，、/")
        if own in link and "arxiv.org" in link:
            continue
        key = compact(re.sub(r"^(?:https?://)?(?:www\.)?", "", link))
        if key not in facts.abstract_key and key not in facts.body_key:
            return True
    return False


_INSTITUTION = re.compile(
    "大学|学院|研究|公司|实验|中心|学校|系$|所$|院$|部$|机构|团队|科技|单位|医院|企业|学部|作者|成员|同上|联合|合作|等人|其他|其余|共同|先生|教授|本文|该|来自|隶属|分别|均|都|的|是|为|和|与"
)
_RENDERED = re.compile(
    "([A-Z][\\w’'.\\-]+(?:[ \u00a0][A-Z][\\w’'.\\-]*){1,4})\\s*[（(]\\s*([\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\u0400-\u04ff\u00b7 ]{2,12})\\s*[)）]"
)
_NAMED_AUTHOR = re.compile(
    "(?:第[一二三四五六]作者|通讯作者|(?<![他余])作者(?=[:：是为]))(?:[:：]|是|为|包括)?\\s*"
    "([\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{1,8}\u00b7[\u4e00-\u9fff\u00b7]{1,8}?)(?=来自|隶属|属于|所属|和第|和|与|、|，|,|等|的|是|为|在|（|\\(|[:：])"
)
_SURNAME = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛狄米贝明臧计伏成戴宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍万卢莫房裘解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程邢裴陆荣翁荀羊惠甄封储靳段焦侯温谭黎易武刘叶白蒲卓池乔阴胥苍闻翟申欧戈廖庾简饶曾关游竺权巫聂晁冷"
_SUBJECT = re.compile(
    f"(?:^|[：:，,。；;、\\n和与由中])\\s*(?:其中)?([{_SURNAME}][\u4e00-\u9fff]{{1,2}})(?=(?:等人?|为|是|和[{_SURNAME}]|、[{_SURNAME}]|，[{_SURNAME}]|来自|隶属|就职|任职|在)(?:[^。]|$))"
)


def foreign_names(text: str, field: str, facts: KnownFacts) -> bool:
    """Author names that arXiv does not have: other people, or names rendered in another script.

    A rendering such as a Chinese spelling for a name in Latin letters is a guess, unless the paper prints it.
    """
    for match in _RENDERED.finditer(text):
        if (
            _is_author(match[1], facts.paper)
            and not _INSTITUTION.search(match[2])
            and not _printed(match[2], facts)
        ):
            return True
    spoken = list(_NAMED_AUTHOR.finditer(text))
    if field == "affiliation":
        spoken += _SUBJECT.finditer(text)
    return any(
        not _INSTITUTION.search(match[1]) and not _printed(match[1], facts) for match in spoken
    )


def _printed(name: str, facts: KnownFacts) -> bool:
    bare = name.strip()
    return (
        any(bare in author for author in facts.paper.authors)
        or bare in facts.abstract
        or bare in facts.body
    )


def _is_author(name: str, paper: Paper) -> bool:
    return any(fuzz.token_sort_ratio(name, author) >= 85 for author in paper.authors)
