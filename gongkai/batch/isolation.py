"""Pages read one by one in a process of their own, so that exactly the page that is to blame gets the outcome."""

from collections.abc import Callable

from corpus.captures import Capture
from corpus.failures import Failure
from gongkai.batch.guard import Died, Guard
from gongkai.batch.pages import REPORT_IT, PageAnswer, ReadPage

_MORE_TIME = (
    "Allow more time (--page-seconds) if the page is needed, and report it: a page takes far less than a second."
)
_MORE_MEMORY = "Allow more memory (--page-memory-mb) if the page is needed, and report it."


def isolated(pages: Guard, alive: Callable[[], None]) -> ReadPage:
    """Return a way to read pages in the process of the guard; `alive` is called while one is read."""

    def read(capture: Capture, *, keeping: bool) -> PageAnswer:
        for is_last in (False, True):
            try:
                answer = pages.ask((capture, keeping), looking=alive)
            except Died as died:
                # a process may be killed by somebody, and the page not be to blame: only twice is sure
                if is_last or died.how != "death":
                    return PageAnswer(None, failure_of(died), limited=True)
            else:
                assert isinstance(answer, PageAnswer)
                return answer
        raise AssertionError

    return read


def failure_of(died: Died) -> Failure:
    """Return the outcome of a page that a reading process came to its end with."""
    if died.how == "time":
        return "timeout", died.words, _MORE_TIME
    if died.how == "memory":
        return "too_large", died.words, _MORE_MEMORY
    return "crashed", died.words, REPORT_IT
