"""Chinese technical terms with what an English paper calls them, to see whether a Chinese text speaks of the same things."""

import re
from functools import cache

_CONCEPTS = {
    # learning
    "生成对抗网络": "gan|adversarial",
    "对抗网络": "gan|adversarial",
    "判别器": "discriminat|critic",
    "扩散模型": "diffus|score|ddpm|ddim",
    "自编码器": "autoencod|vae|encod",
    "归一化流": "flow",
    "卷积神经网络": "convol|cnn|resnet|u-?net",
    "循环神经网络": "recurren|rnn|lstm|gru",
    "图神经网络": "graph|gnn|gcn",
    "强化学习": "reinforce|\\brl\\b|policy|reward|agent",
    "联邦学习": "federat",
    "迁移学习": "transfer|adapt|fine-?tun|pre-?train",
    "对比学习": "contrast",
    "知识蒸馏": "distill",
    "主动学习": "active",
    "持续学习": "continual|lifelong|incremental|forget",
    "决策树": "tree|forest|boost",
    "随机森林": "forest|ensemble",
    "支持向量机": "support vector|svm",
    "聚类": "cluster|k-?means|group|partition",
    "贝叶斯": "bayes|posterior|prior",
    "蒙特卡洛": "monte|mcmc|sampl",
    "遗传算法": "genetic|evolution",
    "大语言模型": "language model|llm|gpt|chat",
    "大型语言模型": "language model|llm|gpt|chat",
    "知识图谱": "knowledge graph|knowledge base|ontolog|graph",
    "提示工程": "prompt",
    "检索增强": "retriev|\\brag\\b",
    "推荐系统": "recommend|collaborative",
    "协同过滤": "collaborative|recommend",
    # vision and graphics
    "神经辐射场": "radiance|nerf",
    "高斯溅射": "gaussian|splat|gs\\b",
    "高斯泼溅": "gaussian|splat|gs\\b",
    "点云": "point|lidar|gaussian|splat|3d",
    "光流": "optical flow|flow|motion",
    "极坐标": "polar|spher|angul|azimuth",
    "超分辨率": "resolution|upsampl|upscal",
    "目标检测": "detect|locali|object",
    "目标跟踪": "track",
    "人脸识别": "fac(?:e|ial)|recogn|identit",
    "指纹": "finger",
    "虹膜": "iris",
    "遥感": "remote|satellite|aerial|earth|imag",
    "医学图像": "medic|clinic|ct\\b|mri|x-?ray|radio|ultraso|biomed|patholog|polyp|tumor|endosc|patient",
    "医学影像": "medic|clinic|ct\\b|mri|x-?ray|radio|ultraso|biomed|patholog|polyp|tumor|endosc|patient|mr\\b",
    "内窥镜": "endosc|surg|colono",
    "语音合成": "speech|voice|tts|audio|talk",
    "语音识别": "speech|asr|voice|audio|transcri",
    "机器翻译": "translat",
    "情感分析": "sentiment|emotion|affect",
    "问答系统": "question|answer|qa\\b",
    "无人机": "drone|uav|aerial|unmanned|quadrotor|flight",
    "机械臂": "robot|manipulat|arm|grasp",
    # sciences
    "区块链": "blockchain|ledger|crypto|bitcoin|ethereum",
    "量子计算": "quantum|qubit",
    "物联网": "iot|internet of things|sensor|edge|wireless",
    "黑洞": "black hole|horizon|accret",
    "星系": "galax|cosmo|redshift",
    "暗物质": "dark matter|wimp|halo|axion",
    "超导": "supercond",
    "蛋白质": "protein|peptide|amino|enzyme|antibod",
    "基因": "gene|genom|dna|rna|crispr|mutat",
    "催化剂": "cataly",
    "新冠": "covid|sars|coronavirus|pandemic",
    "文学作品": "litera|novel|fiction|poe[mt]|stor(?:y|ies)|narrat|text",
    "文学": "litera|novel|fiction|poe[mt]|writer",
    "文献综述法": "review|survey|literature",
    "随机对照试验": "randomi[sz]ed|trial|placebo|clinical",
    "社会现象": "social|societ|cultur|politic",
    "股票": "stock|financ|market|trad|invest|portfolio",
    "法律": "legal|law|court|regulat|copyright|right",
}


_TOPICS = {
    "图像": "imag|visual|photo|pictur|vision",
    "视频": "video|frame|movie|film|clip",
    "文本": "text|languag|prompt|caption|word",
    "语音": "speech|voice|audio|talk|speak",
    "音频": "audio|sound|speech|music|acoust",
    "音乐": "music|song|melod",
    "三维": "3d|three-dim|depth|scene|mesh|geometr|gaussian|nerf|point",
    "点云": "point|lidar",
    "网格": "mesh|grid|voxel|topolog",
    "渲染": "render|view synth|splat|radiance|relight",
    "重建": "reconstruct|recover|restor|inver",
    "新视角": "view|nerf|radiance",
    "分割": "segment|mask|partition|split",
    "检测": "detect|locali|anomal|identif",
    "跟踪": "track|slam|odometr",
    "扩散": "diffus|score|denois",
    "高斯": "gaussian|splat|gs\\b",
    "辐射场": "radiance|nerf|neural field|field",
    "人脸": "fac(?:e|ial)|portrait|head|avatar|talk|identit",
    "化身": "avatar|human|head|body|portrait",
    "语言模型": "language model|llm|gpt|languag",
    "编辑": "edit|manipulat|inpaint|customi|control|modif",
    "压缩": "compress|compact|quanti|storage|memory|coding|codec|prun",
    "量化": "quanti|bit|low-precision",
    "攻击": "attack|adversar|poison|backdoor|secur|robust|threat|jailbreak",
    "隐私": "privacy|private|leak|memori|unlearn|membership|anonym",
    "水印": "watermark|copyright|steganograph",
    "推荐": "recommend|collaborat|user",
    "因果": "caus",
    "分子": "molec|drug|chem|protein",
    "相机": "camera|pose|view|photo|lidar|calibrat",
    "姿态": "pose|postur|skelet|orientation|gestur|camera",
    "光照": "light|illumin|relight|shad|lumin|expos|brdf",
    "材质": "material|brdf|reflect|textur|svbrdf",
    "纹理": "textur|appearance|detail|material|pattern",
    "去噪": "denois|noise|diffus",
    "超分辨率": "resolution|upsampl|upscal|super",
    "去模糊": "blur",
    "修复": "inpaint|restor|repair|complet|recover",
    "风格": "styl|artis|appearance",
    "试穿": "try-on|tryon|garment|cloth|fashion",
    "服装": "garment|cloth|fashion|wear|try-on|dress",
    "翻译": "translat",
    "检索": "retriev|search|match",
    "数学": "math|theor|proof|equat",
    "对话": "dialog|convers|chat|talk",
    "时间序列": "time series|temporal|forecast|sequence",
    "卫星": "satellit|remote|aerial|earth|orbit|space",
    "遥感": "remote|satellit|aerial|earth|multispectral|hyperspectral",
    "手势": "gestur|hand",
    "头发": "hair",
    "水下": "water",
    "台风": "typhoon|cyclone|storm|weather",
    "气象": "weather|climat|atmospher|meteo|typhoon",
    "指纹": "finger|biometr",
    "地图": "map|layout|slam|terrain|game",
    "文学": "litera|novel|fiction|poe[mt]",
}
"""What papers are about; for the question whether a text and a paper have anything in common."""


def strays(text: str, english: str) -> bool:
    """Whether a Chinese text speaks of three or more topics, and the English paper of few or none of them."""
    topics = [topic for topic in _TOPICS if topic in text]
    if len(topics) < 3:
        return False
    shared = sum(_stems(topic).search(english) is not None for topic in topics)
    return shared <= 0.25 * len(topics)


@cache
def _stems(term: str) -> re.Pattern[str]:
    return re.compile(_CONCEPTS.get(term) or _TOPICS[term])


_MENTION = re.compile("|".join(sorted(_CONCEPTS, key=len, reverse=True)))


def concepts(text: str) -> frozenset[str]:
    """The Chinese technical terms of this table that a text mentions."""
    return frozenset(_MENTION.findall(text))


def occurs(concept: str, english: str) -> bool:
    """Whether an English text in lower case speaks of the concept."""
    return bool(_stems(concept).search(english))
