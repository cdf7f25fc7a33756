"""`topics.yml` of an archive: when the sources of each topic were last asked."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from mkdocs_paperdigest.archive.strict_yaml import read_field, write_yaml
from mkdocs_paperdigest.files import write_whole
from mkdocs_paperdigest.models import in_utc

TOPICS = "topics.yml"
SCHEMA = 1
"""Version of the file's shape."""


def read_topics(path: Path) -> dict[str, datetime]:
    """When the sources of each topic were last asked, by its slug; nothing where there is no file.

    Raises:
        ConfigurationError: The file is wrong; its line is named.
    """
    asked = read_field(path, "asked", dict[str, datetime], newest=SCHEMA) or {}
    return {slug: in_utc(at) for slug, at in asked.items()}


def write_topics(as_of: Mapping[str, datetime], path: Path) -> None:
    """Writes the file, if that changes it; times to the second."""
    moments = {slug: at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for slug, at in sorted(as_of.items())}
    content = write_yaml({"schema": SCHEMA, "asked": moments})
    write_whole(path, f"{_HEADING}{content}".encode())


_HEADING = """\
# When the sources of each topic were last asked. A topic that stands here is shown from the records
# beside this file; written by `paperdigest update`.
"""
