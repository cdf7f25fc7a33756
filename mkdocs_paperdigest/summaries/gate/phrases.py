"""What unread, unfilled and chatty answers say, as patterns; `gate_wording` applies them.

Every pattern needs an address ("you"), a self-reference ("the above summary") or the form of an instruction:
a topic word alone ("refusal", "prompt", "error") never counts, since papers are about such things. The patterns
are general forms of what some 1,700 published entries say, and of what assistants are known to say.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

CJK = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_HAS_CJK = re.compile(f"[{CJK}]")
_HAS_LATIN_PROSE = re.compile(
    r"[A-Za-z]{2,}[ ,]+[A-Za-z']+[ ,]+[A-Za-z]|^\W*[A-Za-z]+[!,]", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Alternatives by script, so that a text is only searched for what can stand in it."""

    cjk: re.Pattern[str]
    spaced: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """The first phrase in `text`."""
        has_cjk, is_spaced = _scripts(text)
        found = self.cjk.search(text) if has_cjk else None
        return self.spaced.search(text) if found is None and is_spaced else found


@lru_cache(maxsize=4)
def _scripts(text: str) -> tuple[bool, bool]:
    """Whether a text holds Chinese, Japanese or Korean, and whether it holds prose with spaces."""
    # Every text is searched several times in a row.
    has_cjk = _HAS_CJK.search(text) is not None
    return has_cjk, not has_cjk or _HAS_LATIN_PROSE.search(text) is not None


def _phrases(*, cjk: tuple[str, ...], spaced: tuple[str, ...]) -> Phrases:
    # Chinese has no case, and matching is much faster where case counts.
    return Phrases(
        re.compile("|".join(cjk), re.MULTILINE),
        re.compile("|".join(spaced), re.IGNORECASE | re.MULTILINE),
    )


STAGE_DIRECTIONS = _phrases(
    cjk=(
        r"[\[【<{] ?(?:论文|文章|项目|代码|[Gg]it[Hh]ub|插入|此处|在此|请|填写|待|作者)[^\]】>}\n]{0,30}[\]】>}]",
        r"[(（](?:注[:：]?|注意[:：]?)?[^()（）\n]{0,12}请(?:根据|填|在此|在这里|替换|补充|自行|严格|确保|按|参照|查|保持)[^()（）\n]*[)）]",
        r"[(（][^()（）\n]{0,40}(?:此处|这里|此部分|这部分|该部分|本部分)(?:应|需|要|请|填|可以|可|输出|省略|内容|回答|是|强调|涉及|未)[^()（）\n]*[)）]",
        r"[(（][^()（）\n]{0,20}(?:填写|填入|待续|待补充|省略具体|如果可用|若可用|如有的话|根据实际)[^()（）\n]{0,40}[)）]",
        r"请(?:您)?(?:根据|按照|结合)[^。\n]{0,30}(?:填写|填充|填入|补充|替换|修改|撰写|完善)",
        r"(?:此处|这里)(?:需要|需|应该|应|请|可以?|填)(?:根据|结合|填|插入|补充|写|提供|简要|详细|描述|列)",
        r"具体(?:意义|内容|的?评价|细节)?需要(?:根据|结合)(?:文章|论文|作品)的?(?:实际)?(?:内容|主题)",
        r"(?:继续|自行)(?:填写|填充|补充)|未完待续",
        r"待(?:查阅|补充|查询|确认|填写)[^。\n]{0,12}(?:文献|原文|论文|补充|填写)",
    ),
    spaced=(
        r"[\[<{] ?(?:insert|your|enter|fill|paste|link to|paper link|add)\b[^\]>}\n]{0,40}[\]>}]",
        r"[\[<{] ?(?:methods?|summary|conclusions?|title|authors?|background|results?|placeholder) ?[\]>}]",
        r"\bto be (?:filled|completed|added|inserted) (?:in|later|here|by)\b",
        r"\b(?:fill|insert|add|write) (?:in )?(?:the |your )?(?:actual |specific )?[a-z ]{0,30} here\b",
        r"\blorem ipsum\b",
    ),
)

REFUSALS = _phrases(
    cjk=(
        r"(?:^|[。！？，,\s])(?:非常|很|十分)?(?:抱歉|对不起|遗憾)[，,：:！!。]",
        r"我(?:们)?(?:并?(?:无法|不能|没有办法|未能|没能|没有|不具备|暂时|目前)+)[^。\n]{0,14}(?:访问|查看|阅读|打开|获取|提供|回答|确定|确认|得知|总结|浏览|看到|给出|满足|查阅)",
        r"作为(?:一个|一名)?[^。，\n]{0,10}(?:AI|人工智能|语言模型|智能)[^。，\n]{0,6}[，,]?[^。，\n]{0,10}(?:我|无法|不能)",
        r"(?:由于|因为|鉴于|因)[^。\n]{0,12}(?:无法|不能|没有|未能|缺少|缺乏|未)(?:直接)?(?:访问|查看|阅读|获取|获得|打开|看到|提供|具体的?|完整的?|给出)[^。\n]{0,12}(?:论文|文章|原文|全文|正文|文献|链接|上下文|具体内容|详细内容|外部)[^。\n]*(?:无法|不能|难以|仅|只能|可能|我|不)",
        r"请(?:您)?(?:再)?(?:提供|上传|给出|确保(?:您|你)|输入|发送|分享)[^。\n]{0,20}(?:论文|文章|内容|信息|文本|细节|部分|原文|材料)",
        r"(?:您|你)(?:还|并)?(?:没有|未)(?:提供|给出|上传)",
        r"无法(?:直接)?(?:访问|查看|阅读|打开|浏览|获取到?|看到)[^。\n]{0,10}(?:论文|原文|文章|全文|链接|PDF|互联网|外部|文献|正文)",
        r"(?:总结|回答|内容|分析)是?基于假设",
        r"申し訳(?:ありません|ございません)|(?:論文|本文|情報)[にを]?(?:アクセス|閲覧|確認)(?:することが)?できません",
        r"죄송합니다|(?:논문|본문)[을를에]? ?(?:접근|확인|열람)할 수 없",
    ),
    spaced=(
        r"\bI(?:['’]m| am)\s+(?:so |very |really )?(?:sorry|afraid|unable|not able)\b",
        r"\bI\s+(?:cannot|can['’]?t|can not|could not|couldn['’]t|do not|don['’]t|am not able to|was(?: not|n['’]t) able to)\s+(?:\w+ )?(?:access|see|read|view|open|provide|have|find|answer|summari[sz]e|comply|fulfil|help|assist|browse|determine|verify|generate)\b",
        r"\bas an? (?:AI|artificial intelligence|language model|large language model|assistant)\b[^.\n]{0,30}\bI\b",
        r"\b(?:paper|text|article|content|document|abstract|full text|excerpt)\b[^.\n]{0,20}\b(?:was|were|is|has|have)(?: not|n['’]t) (?:been )?(?:provided|supplied|included|given|attached|accessible) (?:to me|in (?:the|your) (?:prompt|input|request|message))",
        r"\bplease (?:provide|upload|share|supply|paste|send)\b[^.\n]{0,40}\b(?:paper|text|article|content|document|abstract|pdf|details|information)\b",
        r"^\W*(?:no|not enough|insufficient) (?:text|content|information|context|paper|full text)\b[^.\n]{0,30}(?:provided|given|available|supplied)",
        r"\bthe (?:provided|given|supplied) (?:text|abstract|excerpt|content|document|context) (?:does not|doesn['’]t|did not) (?:contain|include|mention|provide|specify|state|give)",
        r"\bes tut mir leid\b|\bich kann (?:leider )?(?:nicht|keine)\b|\bals ki-(?:sprach)?modell\b",
        r"\bje suis désolé|^\W*désolé|\bje ne (?:peux|suis) pas\b|\ben tant qu['’](?:ia|intelligence|modèle)",
        r"\blo siento\b|\bno puedo (?:acceder|proporcionar|leer|ver)\b|\bcomo modelo de lenguaje\b",
        r"\bизвините\b|\bя не могу\b|\bкак языковая модель\b",
    ),
)

GUESSES = _phrases(
    cjk=(
        r"(?:根据|基于|依据|从|仅|凭)[^。\n]{0,24}(?:标题|题目|题名|摘要|关键词|常识|经验|背景知识|已知信息|已有信息|提供的(?:信息|内容|文本))[^。\n]{0,12}(?:推测|推断|猜测|猜想|推理|推论|假设|假定)",
        r"(?:以上|上述|[此这本该](?:内容|总结|回答|描述|步骤|结论|部分))[^。\n]{0,16}(?:推测|猜测|臆测)",
        r"合理的?(?:推测|推断|猜测|想象|假设)(?:和|与|得|，|。|而|、|补充)",
        r"可推测[为是其]|据推测|推测(?:可能|应该|该)|我(?:们)?(?:猜测|推测)",
        r"(?:作者|文章|论文|本文|研究(?:者|人员|团队)?|这|其中|此|过程中?|步骤|流程|阶段|实现(?:上|过程)?|设计|具体|此外|还|另外|中)[，,]?(?:还|也|很)?可能(?:还|会|也|是)*(?:使用|采用|包括|涉及)",
        r"(?:^|[。；])[还也]?可能(?:还|会|也)?(?:使用|采用|包括|涉及)",
        r"[在于]?(?:所提供的|给定的?|该|本)?摘要中?[并尚也还]?(?:未|没有)(?:明确|具体|详细|直接)?(?:提及|提到|说明|给出|提供|涉及|描述)",
        r"(?:无法|不能|难以)从(?:所?提供|给出|给定|现有|已有|摘要)[^。\n]{0,8}(?:信息|内容|文本|中)",
        r"需要?(?:进一步)?(?:查阅|参阅|参考|阅读|查看)(?:论文)?的?(?:原文|全文|正文|论文|完整|实验部分)",
        r"读者(?:需要?|应|可)?(?:自行|进一步)(?:查阅|阅读|查看|参考)",
        r"(?:从|根据|仅)(?:论文|文章)?摘要(?:中|来看)*[，,]?并?(?:无法|不能|难以|未)",
        r"未知具体|可能(?:涉及|来自|属于|隶属于?|为|是)[^。\n]{0,14}(?:大学|学院|研究所)",
        r"具体的?[^。\n]{0,16}(?:取决于|视)(?:实验条件|具体情况|实际情况)",
        r"(?:おそらく|恐らく)[^。\n]{0,20}(?:使用|用い)|추측(?:됩니다|할 수)",
    ),
    spaced=(
        r"\b(?:presumably|it (?:can|may) be (?:inferred|assumed|presumed)|one (?:can|may) assume|I (?:assume|guess|suppose|infer|suspect)|we can (?:only )?(?:guess|speculate|assume that the))\b",
        r"\b(?:based|judging|going) (?:only |solely |purely |just )?(?:on|from|by) (?:only )?(?:the |its )?(?:title|abstract|keywords)(?: alone| only)?,? (?:it |this |the (?:paper|authors?|method) )?(?:likely|probably|presumably|may|might|seems?|appears?|I|we)\b",
        r"\b(?:paper|authors?) (?:likely|probably|presumably|most likely|possibly|may have|might have) (?:use|uses|used|employ\w*|rel(?:y|ies|ied)|involv\w*|includ\w*|adopt\w*|leverag\w*|appl\w+|build\w*|train\w*|compar\w*)\b",
        r"\b(?:is|are|was|were) not (?:mentioned|specified|described|stated|given|provided|detailed) in the (?:abstract|provided text|given text|excerpt)\b",
        r"\bes ist anzunehmen\b|\bvermutlich (?:verwend|nutz)\w+|\bon (?:peut|pourrait) supposer\b|\bse puede suponer\b|\bможно предположить\b",
    ),
)

CHATTER = _phrases(
    cjk=(
        r"您",
        r"^\W*(?:好的|当然|没问题|明白了?|收到|了解)(?:[，,。！!：:]|$)",
        r"^\W*希望(?:以上|上述|这(?:些|个|份|篇|段|样)?|此|本次|我的|能|可以|对|符合|有所|有助|满足|该?(?:回答|总结|摘要|概括|内容|答案))[^。\n]{0,30}(?:要求|需求|期望|帮助|帮到|满意|参考|符合|有用|你)",
        r"^\W*(?:以上|上述)(?:就|便|即|均|皆|都|仅|只|大致|内容|回答|答案|总结|概括|摘要|整理|结论|步骤|描述|评价|介绍|信息|部分|分析|论述|要点|解读|概述|中文部分)*(?:是|为|仅|均|都|严格|遵循|根据|按照|基于|只|对|由|来自|旨在|详细|简要|系|供|符合|涵盖|已)",
        r"^\W*(?:以下|下面)(?:就)?(?:是|为|给出|将|我)?[^。\n]{0,24}(?:回答|总结(?!了)|概括|按照|根据|你的?要求|修改|摘要内容|中文(?:版|翻译)|格式|详细解读|的(?:评价|解读|翻译|解释|描述))",
        r"^\W*(?:如果|如|若|假如|倘若)(?:有(?:任何|其他|其它|什么|需要|更多|疑问|问题|不|错)|还有|需要?(?:更|进一步|我|其他|修改|了解|查看|获取|深入|补充)|你|想)[^。\n]{0,50}(?:告知|告诉|联系|提问|随时|请|建议|说明|咨询)",
        r"^\W*(?:请注意|请留意|注意|注|备注|温馨提示|需要注意的是|需要说明的是|说明|提示|声明|免责声明)[:：，,]?[^。\n]{0,24}(?:以上|上述|本(?:回答|总结|摘要|段)|此(?:回答|总结|摘要|处)|这(?:个|份|段|些|里)?(?:只?是)?(?:总结|回答|摘要|概括|内容|概述|仅|基于)|具体的?(?:细节|内容|步骤|信息|技术|实现|评价|论文)|由于|实际(?:内容|论文|总结|情况|操作)|请|回答|格式|篇幅|翻译|避免|尊重)",
        r"^\W*(?:具体|更多|详细|详情)[^。\n]{0,24}(?:请|可|需|建议)(?:自行)?(?:参考|查阅|参阅|阅读|参见|查看|见)(?:相关)?(?:论文|原文|文章|全文|正文|文献|原始)",
        r"建议(?:读者)?(?:直接|进一步|仔细)?(?:查阅|参考|阅读|核对|参阅|查看)(?:完整|原始|相关|该|论文)?的?(?:原文|论文|文献|文章|全文|内容)",
        r"仅供参考|谨慎参考|仅作参考|敬请(?:谅解|期待|指正)|请(?:予以)?谅解|感谢(?:理解|阅读|你|提问|支持)|请(?:放心|知悉|理解)",
        r"(?:按照|根据|遵循|依据|符合)了?(?:你|题目|你所)的?(?:要求|需求|指示|指令|格式|提示)",
        r"(?:按照|根据|遵循|依据)了?(?:上述|以上|给定|提供)的?(?:要求|指示|指令|格式)(?:进行|来|，|。|完成|回答)",
        r"(?:随时|尽管)(?:告知|告诉|联系|提问|咨询|与我|向我)",
        r"我(?:会|将|已|已经|可以|能|来|尽|所|的回答|在此|无法)[^。\n]{0,12}(?:按照|根据|回答|总结|提供|为|尽|帮|概括|翻译|整理|描述|解答|解释|调整)",
        r"(?:^|[。！，\s])(?:谢谢|祝(?:好|你))(?:[！!。，,]|$)",
        r"哦[！!）)]|哟[！!]",
        r"^\W*(?:はい、|承知(?:し|いた)|かしこまりました|もちろん|以下[はにが][^。\n]{0,24}(?:要約|回答|翻訳|まとめ))",
        r"お役に立て|ご(?:参考|不明|質問|確認|了承|注意)[^。\n]{0,12}(?:ください|幸い|ば)|お知らせください",
        r"^\W*(?:물론(?:입니다|이죠)|알겠습니다|네,|다음은)|도움이 되[었기시]|알려 ?주(?:세요|십시오)|참고(?:하시기|해) ?(?:바랍니다|주세요)",
    ),
    spaced=(
        r"^\W*(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|got it|understood|great(?: question)?|no problem|happy to help|alright)[,!.:](?:\s|$)",
        r"\b(?:I )?hope (?:this|that|these|the above|it) (?:summary |answer |information |overview |response |analysis )?(?:helps?|is helpful|was helpful|meets|answers|satisf|assists|clarif|provides)",
        r"\b(?:let me know if|feel free to|don['’]t hesitate to)\b",
        r"^\W*if you (?:have|need|would like|want|require|wish|are interested|['’]d like)\b[^.\n]*\b(?:ask|question|clarif|help|further|more|adjust|assist|contact|reach)",
        r"^\W*(?:here(?:['’]s| is| are)|below (?:is|are)|the following (?:is|are)) (?:the |a |an |my |your )?(?:\w+ ){0,4}(?:summar\w+|answers?|translations?|response|json|output|takeaways|points|overview|breakdown|explanation|analysis)\b",
        r"^\W*(?:please )?note(?: that|:)[^.\n]{0,20}(?:this|the above|my|these) (?:summary|answer|response|analysis|overview|translation|is based on|are based on)",
        r"^\W*please (?:note that (?:I|this summary|the above)|refer to|consult|verify|see) [^.\n]*(?:paper|original|article|source|I )",
        r"\bthe above (?:summary|answer|response|content|overview)\b",
        r"\bI(?:['’]ve| have)? (?:summari[sz]ed|provided|followed|translated|included|tried to|kept) ",
        r"\b(?:as (?:you )?requested|as per your (?:request|instructions?)|(?:according to|per|following) your (?:request|instructions?|requirements?)|you (?:asked|requested|provided|gave) )",
        r"\bI(?:['’]ll| will| would be happy| can(?: also)?) (?:now |try |do |gladly )?(?:summari[sz]e|provide|explain|help|translate|describe|elaborate|follow|adjust|be happy)",
        r"^\W*(?:gerne|natürlich|selbstverständlich|hier (?:ist|sind|kommt))[!,: ]|\bich hoffe,? (?:das|dies|diese)\b|\blassen sie (?:es )?mich wissen\b|\bbitte beachten sie\b|^\W*wenn sie (?:weitere |noch )?fragen\b",
        r"^\W*(?:bien sûr|voici|avec plaisir)[!,: ]|\bj['’]espère que (?:cela|ce|cette)\b|\bn['’]hésitez pas\b|\bveuillez noter\b|\bsi vous avez (?:d['’]autres |des )?questions\b",
        r"^\W*(?:claro|por supuesto|aquí (?:tienes|está|tiene))[!,: ]|\bespero que (?:esto|este|esta)\b|\bno dudes? en\b|\bsi tienes? (?:más |alguna )?(?:preguntas?|dudas?)\b",
        r"^\W*(?:certamente|ecco|com certeza|claro que sim|aqui está)[!,: ]|\bspero che (?:questo|questa)\b|\bespero que isso\b",
        r"^\W*(?:конечно|разумеется|вот)[!,:]? |\bнадеюсь,? (?:это|что)\b|\bдайте мне знать\b|^\W*если у вас\b",
    ),
)

LEAKS = _phrases(
    cjk=(
        r"[(（](?:仅|只)?(?:输出|带|含|附|使用|用)?(?:中文|英文|英语|中译|英译|汉语)(?:翻译|译文|译名|回答|表达|标注|输出|填写|标题)?[)）]",
        r"(?:中文|英文|英语|对应英文|标题)(?:翻译|译文|译名)(?:标题)?\**[:：]",
        r"[(（](?:专有名词|关键词)?(?:需要?|请|使用|用)[^()（）\n]{0,6}(?:中文|英文|英语)[^()（）\n]{0,8}[)）]",
        r"专有名词[^。\n]{0,10}英[文语]|使用英[文语]标记专有名词|(?:使用|用)了?中文回答",
        r"(?:务必|一定要|严格)(?:严格)?(?:按照|遵循|遵守)[^。\n]{0,8}(?:格式|要求|指示)",
        r"(?:对应的?|相应的?)内容输出到|按照换行|[.…。]{5,}表示",
        r"(?:方法|模型)在(?:什么|哪些|何种)任务上?[^。\n]{0,10}(?:什么|怎样的?|何种|哪些|如何)[^。\n]{0,4}(?:性能|成果|结果|表现)",
        r"(?:动机|性能|方法)(?:是否|能否|能不能|可否)[^。\n]{0,12}[?？]|(?:动机|理由)(?:充分|合理)吗|是否(?:能)?支[持撑]其?目标(?:[?？：:]|，?\s*$)",
        r"(?:意义|重要性|问题|贡献|优缺点|创新点|背景)(?:是什么|有哪些|如何)[?？]?\s*(?:\n|答|[:：])",
        r"^\W*[问答]\s*[:：]",
        r"[(（](?:客观|详细|简要|阐述|体现|总结|强调|突出|表明|注重|保持)[^()（）\n]{14,}[)）]",
        r"[(（]注意?[:：][^()（）\n]{6,}[)）]",
        r"(?:这是|以上为|此为)(?:一个)?(?:示例|样例|模板)|仅为示例|示例性的?(?:总结|回答)",
        r"(?:如果|如|若)[^。，\n]{0,8}(?:可用|没有|无)[^。\n]{0,8}[，,](?:则|请)?(?:填写|标注|标记)",
    ),
    spaced=(
        r"\b(?:respond|answer|reply|write) (?:only )?in (?:valid )?(?:json|the language)\b|\breturn (?:only )?(?:a )?(?:valid )?json\b",
        r"\b(?:my instructions|the instructions (?:I was|given to me))\b",
        r"</?(?:paper|document|abstract|instructions?|system|user|assistant|think|answer)\b[^>\n]{0,40}>|<\|[a-z_]+\|>|\[/?INST\]",
        r"^\s*[{\[]\s*\"(?:text|summary|takeaways|quote)\"|\"(?:text|quote)\"\s*:\s*\"",
        r"^\W*[QA]\s*:\s",
    ),
)
