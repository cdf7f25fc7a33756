"""Keeps the theme's templates as they were compiled over the rebuilds of `mkdocs serve`.

MkDocs makes a new environment in each build, for which Jinja compiles some forty templates again. That takes longer
than all our pages.
"""

from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from jinja2.ext import Extension

_NOT_COMPILED = {"bytecode_cache", "cache", "extensions", "globals", "loader"}
"""Attributes of an environment that have no effect on what a template is compiled to, or one of their own."""


class Templates(BytecodeCache):
    """The code of templates, in memory: code from a file would be run by whoever can write the file."""

    def __init__(self) -> None:
        self._setup: object = None
        self._codes: dict[str, tuple[str, CodeType | None]] = {}
        """The hash of the text of each template, and its code."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives a template its code if neither its text nor anything that compiling depends on has changed."""
        setup = _setup(bucket.environment)
        if setup != self._setup:
            self._setup, self._codes = setup, {}
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the code of a template."""
        self._codes[bucket.key] = (bucket.checksum, bucket.code)


def _setup(environment: Environment) -> tuple[type, dict[str, Any], dict[str, type]]:
    """What compiling depends on: filters, because Jinja applies them to constants; extensions; all settings."""
    settings = {
        name: value
        for name, value in vars(environment).items()
        # Extensions put methods of their own there.
        if name not in _NOT_COMPILED and not isinstance(getattr(value, "__self__", None), Extension)
    }
    extensions = {name: type(extension) for name, extension in environment.extensions.items()}
    return type(environment), settings, extensions
