"""How values that older versions of this package have written become what this version reads.

A step leads from one version of the stored shapes to the next: the first from 1 to 2. To change a shape in
`models` is to append one; steps that were released stay as they are. A new field with a default that is
true of all older values needs none.
"""

import json
from collections.abc import Callable
from typing import Any

StoreStep = Callable[[str, Any], Any]
"""From the kind of a key in the store (`summary`, `document`, ...) and its JSON to the JSON of the next
version; None for what cannot be kept."""

RecordStep = Callable[[dict[str, Any]], dict[str, Any]]
"""From the content of a record of the archive, all of its scalars still text, to that of the next version."""

STORE_STEPS: tuple[StoreStep, ...] = ()
"""Of the store, whose version is 1 more than their number."""
RECORD_STEPS: tuple[RecordStep, ...] = ()
"""Of the archive's records, whose version is 1 more than their number."""
STORE_SCHEMA, RECORD_SCHEMA = len(STORE_STEPS) + 1, len(RECORD_STEPS) + 1
"""The versions that this package writes."""


def migrate(kind: str, text: str, steps: tuple[StoreStep, ...]) -> str | None:
    """A stored value brought up to date; None for one that cannot be kept, or is not what it should be."""
    try:
        value = json.loads(text)
        for step in steps:
            value = step(kind, value)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        # The cache may come from anywhere: what a step stumbles over is no value of ours.
        return None
    return None if value is None else json.dumps(value)
