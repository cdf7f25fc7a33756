"""Tells padding that would fit any paper from prose that says something about this one."""

import re

_STOCK = (
    "一个 一定 一种 三个 上 下 不 不仅 不够 不足 与 专家 且 两个 严谨 个 中 丰富 丰富了 为 "
    "主要 也 了 于 人们 人员 介绍 仍 仍然 从 他们 以 以及 价值 任务 优异 优点 优秀 优缺点 "
    "优越性 但 但是 体现 作出 作品 作用 作者 使用 例如 促进 借鉴 值得 做出 充分 全面 关注 "
    "关键 其 其次 具体 具有 内容 冗余 冗长 出色 分析 创新 创新性 创新点 前景 动机 包括 参考 "
    "及 发展 发现 取得 可以 可能 可行性 可靠 合理 同时 后续 启示 和 因为 因此 在 地 基于 "
    "基础 填补 处理 复杂 大量 奠定 好 如 存在 学术 学者 它 完善 实现 实用 实用性 实践 实际 "
    "实验 对 对于 对比 局限 局限性 层面 展示 工作 工作量 并 广度 广泛 广阔 应用 强 当前 影响 "
    "很 得 得到 思路 性能 总体 总的 总结 意义 成果 我们 或 所 所述 技术 指出 挑战 探索 探讨 "
    "推动 描述 提供 提出 提升 提高 揭示 支持 收集 改进 效果 效率 数据 文中 文献 文献综述 文章 "
    "新 新的 新颖 方向 方法 方面 无 明确 是 显著 更 最 最后 有 有价值 有效 有效性 期待 未来 "
    "本 本文 条件 来说 某些 样本 核心 梳理 模型 此 此外 步骤 比如 比较 水平 涉及 深入 深度 "
    "清晰 潜力 然而 特定 独特 环境 现实 现有 理解 理论 理论基础 由于 的 目标 目的 相关 相对 "
    "着 研究 研究者 社会 种 科学 程度 空白 空间 突出 突破 等 简略 算法 细节 结构 结果 结论 "
    "绩效 维度 综上 缺点 而且 背景 能 能够 良好 范围 获得 补充 表明 表现 被 观点 规模 视角 "
    "角度 解决 认为 讨论 论 论文 设计 证据 证明 评价 评估 该 详细 说明 说服力 读者 调研 贡献 "
    "质量 较为 较大 达到 过于 过程 还 还有 这个 这些 这种 这篇 这项 进一步 进行 通过 逻辑 "
    "部分 采用 重要 重要性 针对 问题 阐述 需要 非常 领域 领域内 首先 验证 高 "
)
"""What Chinese reviews of no paper in particular are made of; collected from template answers."""
_STOCK_WORD = re.compile("|".join(sorted(_STOCK.split(), key=len, reverse=True)))
_HAN = re.compile("[\u4e00-\u9fff]")
_FOREIGN = re.compile(r"[A-Za-z0-9]+")

_LEAST = 0.125
"""Share of a text that is not stock phrases; in 75 entries read by hand no honest judgement was below 0.17."""


def hollow(text: str) -> bool:
    """Whether a Chinese text consists of stock phrases ("is of great value to the field") and little else."""
    characters = len(_HAN.findall(text))
    if characters < 20:
        return False
    # A name or number weighs like a word of three characters.
    named = 3 * len(_FOREIGN.findall(text))
    least = _LEAST * (characters + named)
    return named < least and named + len(_HAN.findall(_STOCK_WORD.sub("", text))) < least
