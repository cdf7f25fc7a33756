"""The summarizers that `model` can name, which one `auto` means, and where their keys are."""

from collections.abc import Mapping

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

NO_GEMINI_KEY = f"no key: set {' or '.join(_GEMINI_KEYS)}"


def is_language_model(model: str) -> bool:
    """Whether a summarizer is a model of a provider, whose calls cost money: not `extractive` or `none`."""
    return "/" in model


def api_key(provider: str, environ: Mapping[str, str]) -> str | None:
    """The key for a provider, or None."""
    keys = (environ.get(name, "").strip() for name in KEY_NAMES[provider])
    return next(filter(None, keys), None)


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
    raise ConfigurationError(
        f"`model: {value}` is not a summarizer; write auto, none, extractive, "
        f"gemini/{DEFAULT_GEMINI_MODEL}, openai/NAME or google-generativeai/NAME"
    )
