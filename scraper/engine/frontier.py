"""The targets that come next: a window on the archive's frontier, so that every host is kept busy and memory is not.

The catalogue gives pending targets in the order in which they were added: often a hundred thousand of one host, then
the next. Hosts are asked side by side and each of them slowly, so a window of each host's next targets is held in
memory, and what does not fit stays in the catalogue until the window has room again.
"""

from collections import deque
from collections.abc import Collection, Iterator
from itertools import islice
from urllib.parse import urlsplit

from scraper.archive import Archive
from scraper.records import Target

_PER_HOST = 500
"""Targets of one host in memory: a quarter of an hour at two seconds a page."""

_IN_ALL = 20_000
"""Targets in memory: some 10 MB."""

_STEP = 2_000
"""Targets that are looked at in one go: some milliseconds, in which no answer is read."""


class Frontier:
    """Gives pending targets host by host. The archive stays the truth; this holds only what is next."""

    def __init__(
        self, archive: Archive, *, per_host: int = _PER_HOST, in_all: int = _IN_ALL, step: int = _STEP
    ) -> None:
        self._archive = archive
        self._per_host, self._in_all, self._step = per_host, in_all, step
        self._queues: dict[str, deque[Target]] = {}
        self._held: set[tuple[str, str]] = set()  # in a queue, or taken and not yet done
        self._queued = 0
        self._scan: Iterator[Target] | None = archive.pending()
        self._passed: set[str] = set()  # hosts of which targets had no room

    def __bool__(self) -> bool:
        """True while a target may still be taken."""
        return bool(self._queued or self._scan or self._passed)

    def take(self, busy: Collection[str]) -> Target | None:
        """The next target of a host that is not busy; None where there is none at the moment.

        Hosts take turns. Where no host is busy at all, None means that nothing is pending.
        """
        while True:
            self._fill()
            for host in list(self._queues):
                if host not in busy and (target := self._next(host)):
                    return target
            if busy or not self:
                return None

    def offer(self, targets: Collection[Target]) -> None:
        """Hear of targets that were just added to the archive."""
        for target in targets:
            self._hold(target)

    def done(self, target: Target) -> None:
        """Forget a target that was taken: it is settled, or stays pending for another run."""
        self._held.discard(_key(target))

    def _next(self, host: str) -> Target | None:
        """Take a host's first target that is still pending, and put the host behind the others."""
        queue = self._queues.pop(host)
        while queue:
            target = queue.popleft()
            self._queued -= 1
            if self._archive.settled(target.url, target.captured_at) is not None:
                self._held.discard(_key(target))  # was read from the catalogue just before it was settled
                continue
            if queue:
                self._queues[host] = queue
            return target
        return None

    def _fill(self) -> None:
        """Go on through the archive's pending targets while there is room."""
        if self._scan is None and self._has_room():
            self._scan = self._archive.pending()
            self._passed.clear()
        if self._scan is None or self._queued >= self._in_all:
            return
        step = list(islice(self._scan, self._step))
        for target in step:
            self._hold(target)
        if len(step) < self._step:
            self._scan = None

    def _has_room(self) -> bool:
        """Whether another walk through the catalogue is worth its time: a window that was too small is half empty."""
        return self._queued <= self._in_all // 2 and any(
            len(self._queues.get(host, ())) <= self._per_host // 2 for host in self._passed
        )

    def _hold(self, target: Target) -> None:
        key, host = _key(target), host_of(target.url)
        if key in self._held:
            return
        if self._queued >= self._in_all or len(self._queues.get(host, ())) >= self._per_host:
            self._passed.add(host)
            return
        self._held.add(key)
        self._queues.setdefault(host, deque()).append(target)
        self._queued += 1


def host_of(url: str) -> str:
    """The host that an address names, in small letters; '' where it names none.

    >>> host_of("https://WWW.Example.gov.cn:8443/a")
    'www.example.gov.cn'
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a stray bracket: the address is refused later, with words
        return ""


def _key(target: Target) -> tuple[str, str]:
    return target.url, target.captured_at
