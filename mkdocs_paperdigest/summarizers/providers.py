"""Which summarizers there are, and which one `model: auto` means."""

from collections.abc import Mapping

from mkdocs_paperdigest.errors import ConfigurationError

DEFAULT_GEMINI_MODEL = "gemini-3.5-flash-lite"
"""Generally available in v1 and v1beta, no shutdown date; its aliases move without notice."""

GEMINI_KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
"""Environment variables that may hold the key, in the order in which they are looked at."""

PROVIDERS = ("gemini", "openai", "google-generativeai")
"""What may stand before the slash of `model`."""


def gemini_key(environ: Mapping[str, str]) -> str | None:
    """The key that Gemini is asked with, or None where there is none."""
    keys = (environ.get(name, "").strip() for name in GEMINI_KEYS)
    return next(filter(None, keys), None)


def resolve_model(value: str, environ: Mapping[str, str]) -> str:
    """The summarizer that `model` means: `none`, `extractive` or `provider/name`.

    Raises:
        ConfigurationError: Where there is no such summarizer.
    """
    if value == "auto":
        return f"gemini/{DEFAULT_GEMINI_MODEL}" if gemini_key(environ) else "extractive"
    provider, _, name = value.partition("/")
    if value in ("none", "extractive") or (
        provider in PROVIDERS and name.strip() and " " not in name
    ):
        return value
    raise ConfigurationError(
        f"`model: {value}` is not a summarizer; write auto, none, extractive, "
        f"gemini/{DEFAULT_GEMINI_MODEL}, openai/NAME or google-generativeai/NAME"
    )
