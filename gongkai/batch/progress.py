"""How far all workers are together: pages and bytes, each counted once however often a shard is begun."""

import threading
from collections.abc import Callable

from gongkai.batch.records import Beat, Heard, ShardResult


class Tally:
    """Adds up signs of life of many workers; `told` hears of pages and bytes as they come, in one thread at a time."""

    def __init__(self, told: Callable[[int, int], None] | None = None) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._counted: dict[int, tuple[int, int]] = {}

    def of(self, shard_no: int) -> Heard:
        """Return what is to hear the signs of life of one shard."""

        def heard(beat: Beat) -> None:
            self._count(shard_no, beat.n_pages, beat.n_bytes)

        return heard

    def done(self, result: ShardResult) -> None:
        """Hear that a shard is done."""
        self._count(result.no, result.n_pages, result.n_bytes)
        with self._lock:
            self._counted.pop(result.no, None)

    def _count(self, shard_no: int, n_pages: int, n_bytes: int) -> None:
        with self._lock:
            pages, size = self._counted.get(shard_no, (0, 0))
            if self._told and n_pages > pages:
                self._told(n_pages - pages, max(n_bytes - size, 0))
            self._counted[shard_no] = (max(n_pages, pages), max(n_bytes, size))
