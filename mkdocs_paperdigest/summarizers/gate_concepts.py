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


@cache
def _stems(term: str) -> re.Pattern[str]:
    return re.compile(_CONCEPTS[term])


_MENTION = re.compile("|".join(sorted(_CONCEPTS, key=len, reverse=True)))


def concepts(text: str) -> frozenset[str]:
    """The Chinese technical terms of this table that a text mentions."""
    return frozenset(_MENTION.findall(text))


def occurs(concept: str, english: str) -> bool:
    """Whether an English text in small letters speaks of the concept."""
    return bool(_stems(concept).search(english))
