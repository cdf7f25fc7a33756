"""What several papers of a page say together: a model writes a few sentences, each checked against what it names."""

from mkdocs_paperdigest.summaries import JUDGEMENT_VERSION

OVERVIEW_JUDGED = 100 * JUDGEMENT_VERSION + 1
"""Version of the checks, with that of the gate which they use: what is stored is judged again by a newer one."""
FEWEST_SENTENCES = 2
"""Fewer are no overview."""
MOST_PAPERS = 40
"""Papers of one page that stand in a prompt, in the order of the page."""
