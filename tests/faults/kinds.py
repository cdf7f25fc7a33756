"""Every way in which arXiv and a model can fail: those that the fakes know, by name."""

from typing import Any

Fault = tuple[str, dict[str, Any]]
"""The kind of a fault of `FakeArxiv`, and how it goes."""

ANY_REQUEST: dict[str, Fault] = {
    "429": ("429", {}),
    "429, 7 s": ("429", {"retry_after": 7}),
    "429, an hour": ("429", {"retry_after": 3600}),
    "429, nonsense": ("429", {"retry_after": "soon"}),
    "503": ("503", {}),
    "503, 30 s": ("503", {"retry_after": 30}),
    "403": ("403", {}),
    "404": ("404", {}),
    "418": ("418", {}),
    "500": ("500", {}),
    "502": ("502", {}),
    "a block page": ("block page", {}),
    "a redirect elsewhere": ("redirect", {"location": "http://127.0.0.1:9/"}),
    "a redirect in a circle": ("redirect", {"location": "/api/query?round"}),
    "a redirect to nowhere": ("redirect", {"location": "http://["}),
    **{
        kind: (kind, {})
        for kind in (
            "no bytes", "cut", "short", "long", "hang", "stall", "drip", "reset", "reset later", "drop"
        )
    },
}  # fmt: skip
"""What can happen to any request."""

SEARCH_ONLY: dict[str, Fault] = {
    **{
        kind: (kind, {})
        for kind in ("empty page", "nothing", "few", "repeat", "shuffle", "not xml", "not text")
    },
    "too large a total": ("total", {"total": 9999}),
    "too small a total": ("total", {"total": 1}),
    **{
        f"no <{name}>": ("without", {"name": name})
        for name in ("id", "title", "summary", "published", "updated")
    },
}
"""What can be wrong with a list of papers."""

ARXIV = {**ANY_REQUEST, **SEARCH_ONLY}
HELD_BACK = {"hang", "stall", "drip"}
"""Kinds of faults in which no whole answer comes, and nothing else does."""
HARMLESS = {"shuffle", "not text"}
"""What costs nothing: the order of papers is not arXiv's to say, and a control character is no text of a paper."""

UNFINISHED = {"hang", "drip"}
"""Faults of `FakeGemini` in which no whole answer comes, and nothing else does."""
OUTCOMES = {
    "no answer": "503",
    "no answer any more": "429_daily",
    "a refused question": "400",
    "silence about the paper": "safety",
    "an answer of no use": "bad_json",
    "an answer cut short": "max_tokens",
    "an honest answer": "thoughts",
}
"""A fault of `FakeGemini` for each class of outcome of a call, the worst first."""
