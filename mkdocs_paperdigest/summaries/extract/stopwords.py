"""English words that a key phrase does not contain, start with, end with or consist of: `stopwords.yml`."""

from importlib import resources

import yaml

_FILE = resources.files("mkdocs_paperdigest.summaries.extract") / "stopwords.yml"
_GROUPS: dict[str, str] = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)

STOP = frozenset(_GROUPS["stop"].split())
"""Function words, and the verbs and adjectives that any abstract uses."""
NEVER_FIRST = frozenset(_GROUPS["never_first"].split())
"""Verbs that open titles and clauses; a phrase starts after them."""
NEVER_LAST = frozenset(_GROUPS["never_last"].split())
"""Adjectives and verbs at the end of a phrase whose noun is missing."""
NEVER_ALONE = frozenset(_GROUPS["never_alone"].split())
"""Nouns, in the singular, that mean too little without another word."""
EPONYMS = frozenset(_GROUPS["eponyms"].split())
"""Names in scientific terms, which keep their capital."""
FIELDS = frozenset(_GROUPS["fields"].split())
"""Words in -ing that name a field or a process rather than what someone does."""
