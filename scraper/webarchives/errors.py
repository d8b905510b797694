"""What goes wrong with one address or capture of a web archive: an outcome of its target, never the end of a run."""

from corpus.errors import CorpusError
from scraper.records import Reading


class CaptureMissedError(CorpusError):
    """A web archive does not give what was asked for; `code` is the outcome."""

    def reading(self) -> Reading:
        """What the target's outcome is."""
        return Reading(self.code, self.what, self.next_step)


class NoAnswerError(CaptureMissedError):
    """The archive itself did not answer, which says nothing of the capture; several in a row end the run."""
