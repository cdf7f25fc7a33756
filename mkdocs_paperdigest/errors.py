"""Every error that this package raises on purpose.

    PaperDigestError
    ├── ConfigurationError      the user's mistake: always ends the build
    ├── SourceError             a source of papers gave no usable answer
    │   └── SourceRefusedError       it told us to stay away; nothing more is asked of it in this build
    ├── DocumentError           a paper's file could not be had or read
    ├── ClusterError            other machines that should read papers do not
    ├── StoreError              the cache or the archive cannot be read or written
    └── ModelError              a language model gave no usable answer

`ConfigurationError` and `StoreError` end a build. The others are the world's trouble, which never ends one that has
something to show. A message says what went wrong, where (topic, paper, option, file) and, where one
can, how to mend it; it never contains a key.
"""

from mkdocs_paperdigest.reasons import Reason, ReasonCode
from mkdocs_paperdigest.text import printable


class PaperDigestError(Exception):
    """Base of all errors of this package; its text is meant for the reader of a build log.

    Arguments:
        message: May quote what others wrote: it is made printable here, for every log and terminal.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class ConfigurationError(PaperDigestError):
    """An option, a library file or an archive record is wrong, and only its author can mend it."""


class SourceError(PaperDigestError):
    """A source of papers could not be asked, or what it answered cannot be trusted.

    Arguments:
        reason: Which may stand on a page.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class SourceRefusedError(SourceError):
    """A source denied access (HTTP 403); asking again would be read as an attack."""


class DocumentError(PaperDigestError):
    """A paper's file is missing, broken, too large or took too long to read.

    Arguments:
        reason: Which may stand on a page.
        passing: Whether a later build may have more luck (a network fault), so that the fault must
            not be remembered as the truth about the paper.
    """

    def __init__(self, reason: Reason, *, passing: bool = False) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.passing = passing


class ClusterError(PaperDigestError):
    """A cluster cannot be reached, or does not do what it is asked for.

    It ends a command that cannot begin; later, papers are read on this machine instead.
    """


class StoreError(PaperDigestError):
    """A disk is full, a folder must not be written, or another program holds it: no work can be kept.

    It ends a build, because work that is not kept would be paid for again.
    """


class ModelError(PaperDigestError):
    """A language model did not answer in a usable way, after all retries that made sense."""

    @property
    def reason(self) -> Reason:
        """What a page may say of it; the message may hold what a server sent."""
        return Reason(ReasonCode.GARBLED)
