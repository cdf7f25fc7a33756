"""The summarizers that `model` can name, which one `auto` means, and where their keys are."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from mkdocs_paperdigest.errors import ConfigurationError

DEFAULT_GEMINI_MODEL = "gemini-3.5-flash-lite"
"""Generally available in v1 and v1beta, with no shutdown date; the aliases of models change without notice."""

_GEMINI_KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY")

KEY_NAMES: Mapping[str, tuple[str, ...]] = {
    "gemini": _GEMINI_KEYS,
    "openai": ("OPENAI_API_KEY",),
    "google-generativeai": _GEMINI_KEYS,
}
"""Environment variables that may hold a provider's key, in the order in which they are tried."""

_KEY = re.compile(r"[!-~]+")

NO_GEMINI_KEY = f"no key: set {' or '.join(_GEMINI_KEYS)}"


def is_language_model(model: str) -> bool:
    """Whether a summarizer is a model of a provider, whose calls cost money: not `extractive` or `none`."""
    return "/" in model


def api_key(provider: str, environ: Mapping[str, str]) -> str | None:
    """The key for a provider, or None."""
    keys = (environ.get(name, "").strip() for name in KEY_NAMES[provider])
    return next(filter(None, keys), None)


def key_fault(provider: str, environ: Mapping[str, str]) -> str | None:
    """Why the key for a provider cannot be one, in words that name its variable and hold nothing of it; or None.

    Keys go into a header of HTTP, whose values are visible ASCII (RFC 9110, 5.5), and none holds a space.
    """
    key = api_key(provider, environ) or ""
    name = next((name for name in KEY_NAMES[provider] if environ.get(name, "").strip() == key), "")
    if not key or (_KEY.fullmatch(key) and not (key[0] == key[-1] and key[0] in "\"'`")):
        return None
    odd = (
        "quotation marks around it"
        if key.isascii() and key.isprintable() and " " not in key
        else ("characters that no key has, such as a line break, a space or a typographic quotation mark")
    )
    return f"{name} has {odd}; copy the key again"


def missing_key(model: str, model_url: str | None, environ: Mapping[str, str]) -> str | None:
    """The variables that could hold the key that a model needs, as `A or B`; None where there is one or none is needed.

    An endpoint of one's own with OpenAI's interface may need none.
    """
    provider = model.partition("/")[0]
    if not is_language_model(model) or api_key(provider, environ):
        return None
    own = provider == "openai" and model_url and urlsplit(model_url).hostname != "api.openai.com"
    return None if own else " or ".join(KEY_NAMES[provider])


def resolve_model(value: str, environ: Mapping[str, str]) -> str:
    """The summarizer that `model` means: `none`, `extractive` or `provider/name`.

    Raises:
        ConfigurationError: There is no such summarizer.
    """
    if value == "auto":
        return f"gemini/{DEFAULT_GEMINI_MODEL}" if api_key("gemini", environ) else "extractive"
    provider, _, name = value.partition("/")
    if value in ("none", "extractive") or (provider in KEY_NAMES and name.strip() and " " not in name):
        return value
    cure = (
        f"did you mean gemini/{value}?"
        if value.startswith(("gemini-", "gemma-"))
        else f"did you mean openai/{value}?"
        if _NAME_OF_A_MODEL.fullmatch(value)
        else f"write auto, none, extractive, gemini/{DEFAULT_GEMINI_MODEL}, openai/NAME or google-generativeai/NAME"
    )
    raise ConfigurationError(f"`model: {value}` is not a summarizer; {cure}")


_NAME_OF_A_MODEL = re.compile(r"[\w.:-]+/?[\w.:-]*\d[\w.:-]*")
"""Names of models have a version or a size: `gpt-4o`, `qwen3:8b`, `meta-llama/Llama-3.1-8B`."""
