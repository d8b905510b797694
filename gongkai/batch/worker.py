"""A worker: it has shards read in a process of its own, and whatever becomes of the process, the shard is read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Self

from gongkai.batch.guard import Died, Guard
from gongkai.batch.records import Heard, Limits, ShardResult, ShardSpec
from gongkai.errors import BatchError

_TRIES = 2
"""A process may be killed by somebody; twice in a row over the same shard says that the shard is the cause."""


class Worker:
    """Reads one shard after the other. To be used by one thread, and closed."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._fast = Guard("shard", limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the reading process, so that it is ready when the first shard is."""
        self._fast.start()

    def close(self) -> None:
        """End the reading process at once."""
        self._fast.close()

    def run(self, spec: ShardSpec, heard: Heard, looking: Callable[[], None] | None = None) -> ShardResult:
        """Have a shard read; a page that the process dies of is read again apart from the others.

        `looking` is called now and then; if it raises, the process is ended. Raises BatchError (`reader_died`) when the
        process dies outside of a page, time and again, and what run_shard raises.
        """
        try:
            return self._asked(self._fast, spec, heard, looking)
        except Died:
            return self._run_carefully(spec, heard, looking)

    def _run_carefully(self, spec: ShardSpec, heard: Heard, looking: Callable[[], None] | None) -> ShardResult:
        words = ""
        for no in range(_TRIES):
            # at last also without what was kept of pages, lest laying that under the forms be the cause
            asked = spec if no + 1 < _TRIES else replace(spec, reusing=False)
            with Guard("careful", self.limits) as guard:
                try:
                    return self._asked(guard, asked, heard, looking)
                except Died as died:
                    words = died.words
        files = ", ".join(dict.fromkeys(span.file.uri for span in spec.shard.spans[:3]))
        raise BatchError(
            "reader_died",
            f"a file cannot be read, and not for the sake of one page ({words})",
            files + (" and others" if len(spec.shard.spans) > 3 else ""),
            "Get it again or leave it out; what else was read is kept, and the next run goes on from there.",
        )

    @staticmethod
    def _asked(guard: Guard, spec: ShardSpec, heard: Heard, looking: Callable[[], None] | None) -> ShardResult:
        result = guard.ask(spec, heard, looking)
        assert isinstance(result, ShardResult)
        return result
