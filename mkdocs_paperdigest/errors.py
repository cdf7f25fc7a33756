"""All errors that this package raises on purpose.

    PaperDigestError
    ├── ConfigurationError      the user's mistake: always ends the build
    ├── SourceError             a source of papers gave no usable answer
    │   └── SourceRefusedError       it denied access; this build does not ask it again
    ├── DocumentError           a paper's file could not be fetched or read
    ├── ClusterError            the cluster that should read papers cannot be used
    ├── StoreError              the cache or the archive cannot be read or written
    └── ModelError              a language model gave no usable answer

`ConfigurationError` and `StoreError` end a build. The others are faults of the outside world, which never end
a build that has something to show. A message names the place (topic, paper, option, file), the fault and,
where there is one, the cure; it never contains a key.
"""

from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.text import printable


class PaperDigestError(Exception):
    """Base of all errors of this package; its message is written for the reader of a build log.

    Arguments:
        message: May quote other people's text, because it is made printable here.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class ConfigurationError(PaperDigestError):
    """An option, a library file or an archive record is wrong; only the user can correct it."""


class SourceError(PaperDigestError):
    """A source of papers could not be asked, or its answer cannot be trusted.

    Arguments:
        reason: What happened, in a form that a page may show.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class SourceRefusedError(SourceError):
    """A source denied access (HTTP 403); it might take another request for an attack."""


class DocumentError(PaperDigestError):
    """A paper's file is missing, broken, too large or took too long to read.

    Arguments:
        reason: What happened, in a form that a page may show.
        passing: Whether a later build may succeed (after a network fault, for example); such a fault
            must not be stored as a fact about the paper.
    """

    def __init__(self, reason: Reason, *, passing: bool = False) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.passing = passing


class ClusterError(PaperDigestError):
    """A cluster cannot be reached, or does not do its work.

    It ends a command that has not begun its work; later, papers are read on this machine instead.
    """


class StoreError(PaperDigestError):
    """No work can be stored: the disk is full, the folder is read-only, or another program holds it.

    It ends the build, because work that is not stored would be paid for again.
    """


class ModelError(PaperDigestError):
    """A language model gave no usable answer, after all retries that made sense."""

    @property
    def reason(self) -> Reason:
        """What a page may say about it; the message itself may quote a server."""
        return Reason(ReasonCode.GARBLED)
