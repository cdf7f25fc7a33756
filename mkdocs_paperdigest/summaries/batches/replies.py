"""Replies that finished batches have brought, as they stand in the store."""

from dataclasses import dataclass

from mkdocs_paperdigest.models import Usage
from mkdocs_paperdigest.summaries.llm.calls import Reply
from mkdocs_paperdigest.summaries.llm.outcomes import ModelCallError, Outcome


@dataclass(frozen=True, slots=True)
class BatchReply:
    """The model's reply to a question of a batch, or its refusal to reply."""

    text: str
    usage: Usage
    truncated: bool = False
    outcome: Outcome | None = None

    def opened(self) -> Reply:
        """The reply.

        Raises:
            ModelCallError: The model refused to reply.
        """
        if self.outcome is not None:
            raise ModelCallError(self.outcome, self.text, usage=self.usage)
        return Reply(self.text, self.usage, self.truncated)
