"""Which summarizers there are, where their keys are looked for, and which one `model: auto` means."""

from collections.abc import Mapping

from mkdocs_paperdigest.errors import ConfigurationError

DEFAULT_GEMINI_MODEL = "gemini-3.5-flash-lite"
"""Generally available in v1 and v1beta, no shutdown date; its aliases move without notice."""

_GEMINI_KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY")

KEY_NAMES: Mapping[str, tuple[str, ...]] = {
    "gemini": _GEMINI_KEYS,
    "openai": ("OPENAI_API_KEY",),
    "google-generativeai": _GEMINI_KEYS,
}
"""By what may stand before the slash of `model`: environment variables that may hold the key, in the order
in which they are looked at."""

NO_GEMINI_KEY = f"no key: set {' or '.join(_GEMINI_KEYS)}"


def is_language_model(model: str) -> bool:
    """Whether `provider/name` is meant, rather than `extractive` or `none`: one that costs calls."""
    return "/" in model


def api_key(provider: str, environ: Mapping[str, str]) -> str | None:
    """The key that a provider is asked with, or None where there is none."""
    keys = (environ.get(name, "").strip() for name in KEY_NAMES[provider])
    return next(filter(None, keys), None)


def resolve_model(value: str, environ: Mapping[str, str]) -> str:
    """The summarizer that `model` means: `none`, `extractive` or `provider/name`.

    Raises:
        ConfigurationError: Where there is no such summarizer.
    """
    if value == "auto":
        return f"gemini/{DEFAULT_GEMINI_MODEL}" if api_key("gemini", environ) else "extractive"
    provider, _, name = value.partition("/")
    if value in ("none", "extractive") or (
        provider in KEY_NAMES and name.strip() and " " not in name
    ):
        return value
    raise ConfigurationError(
        f"`model: {value}` is not a summarizer; write auto, none, extractive, "
        f"gemini/{DEFAULT_GEMINI_MODEL}, openai/NAME or google-generativeai/NAME"
    )
