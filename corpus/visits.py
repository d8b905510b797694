"""What must be known of all that was read before the last lines of a run can be written.

A revisit says that a page was unchanged: it is no line of its own where its page is in any of the files, before it or
behind. An address that a manifest lists is missed only where nothing that was read answers it. Both are known at the
end; until then each stretch of reading leaves a small record, its *rest*, which `Visits.take` packs and corpus.rest
resolves.

A visit is known by 64 bits of its digest and of its address and moment, 8 to 16 bytes for each record. Chance takes one
visit for another once in some 300,000 archives of ten million records.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from corpus.captures import Capture, ManifestEntry
from corpus.failures import Failure

_MANY = 20_000  # visits and captures in memory, some 4 MB; a stretch that holds more leaves more than one record


class Waiting(msgspec.Struct, array_like=True, frozen=True):
    """A revisit whose page was not met yet: where it stands, what its page is known by, and the failure it is else."""

    file_uri: str
    place: int
    marks: list[int]
    source_uri: str
    captured_at: str
    media_type: str
    charset: str
    failure: Failure
    entry: ManifestEntry | None

    @property
    def capture(self) -> Capture:
        """The failure that the revisit is when its page is nowhere."""
        about = (self.source_uri, b"", self.captured_at, self.media_type, self.charset)
        return Capture(*about, self.entry, self.failure)


class Rest(msgspec.Struct, array_like=True, frozen=True):
    """What one stretch of reading leaves: `met` and `passed` are numbers of 8 bytes, one behind the other.

    `met` are marks of visits; `passed` addresses that were met and give no capture; `heard` the address and the moment
    of every capture; `waiting` the revisits that wait.
    """

    met: bytes
    passed: bytes
    heard: list[tuple[int, str]]
    waiting: list[Waiting]


@dataclass(slots=True)
class Visits:
    """What was met in a stretch of reading."""

    _met: set[int] = field(default_factory=set)
    _passed: set[int] = field(default_factory=set)
    _heard: set[tuple[int, str]] = field(default_factory=set)
    _waiting: list[Waiting] = field(default_factory=list)

    def add(self, marks: Iterable[str]) -> None:
        """Enter a visit under all that a revisit may know it by."""
        self._met.update(map(number, marks))

    def knows(self, marks: Iterable[str]) -> bool:
        """Tell whether a visit was met that bears one of these marks."""
        return any(number(mark) in self._met for mark in marks)

    def pass_over(self, source_uri: str) -> None:
        """Hear of a record that gives no capture."""
        self._passed.add(number(source_uri))

    def hear(self, capture: Capture) -> None:
        """Hear of a capture that is given."""
        self._heard.add((number(capture.source_uri), capture.captured_at))

    def wait(self, marks: Iterable[str], revisit: Capture, file_uri: str, place: int) -> None:
        """Keep the failure of a revisit until all is read: its page may come yet."""
        assert revisit.failure is not None
        about = (revisit.source_uri, revisit.captured_at, revisit.media_type, revisit.charset)
        self._waiting.append(
            Waiting(file_uri, place, [number(mark) for mark in marks], *about, revisit.failure, revisit.manifest)
        )

    @property
    def is_full(self) -> bool:
        """Whether so much was met that it should be taken."""
        return len(self._met) + len(self._passed) + len(self._heard) + len(self._waiting) > _MANY

    def take(self) -> bytes:
        """Return the record of what was met, and begin anew; what was taken is not known any more."""
        rest = Rest(_packed(self._met), _packed(self._passed), sorted(self._heard), self._waiting)
        data = msgspec.msgpack.encode(rest)
        self._met, self._passed, self._heard, self._waiting = set(), set(), set(), []
        return data


def number(text: str) -> int:
    """Return 64 bits of a mark or an address."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).digest())


def _packed(numbers: set[int]) -> bytes:
    return b"".join(one.to_bytes(8) for one in sorted(numbers))
