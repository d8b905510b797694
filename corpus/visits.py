"""Which visits of a web archive were met, so that a revisit of any file finds the page that it repeats.

A visit is known by 64 bits of its digest and of its address and moment: 24 to 48 bytes for each record, 32 MB for a
million. Chance takes one visit for another once in some 300,000 archives of ten million records. Revisits that are
met before their page wait in a temporary file.
"""

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from tempfile import SpooledTemporaryFile
from typing import Self

from corpus.captures import Capture, ManifestEntry

_FIRST_SLOTS = 1 << 12
_SPOOL_BYTES = 4 * 2**20  # some 8,000 waiting revisits in memory; more go to the disk


class Visits:
    """The visits of one plan. To be closed: revisits that wait may lie in a temporary file."""

    def __init__(self, awaited: Iterable[str] = ()) -> None:
        """Begin with nothing met; `awaited` are addresses of which `silent` is to tell."""
        self.silent: set[str] = set()
        """Awaited addresses that were met and give no capture: data of a list, or a page that is another's again."""
        self._awaited = frozenset(awaited)
        self._met = _Marks()
        self._waiting = SpooledTemporaryFile(_SPOOL_BYTES, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115  closed by close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.close()

    def add(self, marks: Iterable[str]) -> None:
        """Enter a visit under all that a revisit may know it by."""
        for mark in marks:
            self._met.add(_number(mark))

    def knows(self, marks: Iterable[str]) -> bool:
        """Tell whether a visit was met that bears one of these marks."""
        return any(_number(mark) in self._met for mark in marks)

    def pass_over(self, uri: str) -> None:
        """Hear of a record that gives no capture."""
        if uri in self._awaited:
            self.silent.add(uri)

    def wait(self, marks: Iterable[str], revisit: Capture) -> None:
        """Keep the failure of a revisit until all is read: its page may come yet."""
        entry = astuple(revisit.manifest) if revisit.manifest else None
        about = (revisit.source_uri, revisit.captured_at, revisit.media_type, revisit.charset, revisit.failure)
        self._waiting.write(json.dumps([list(marks), *about, entry]) + "\n")

    def unresolved(self) -> Iterator[Capture]:
        """Yield the failures of the revisits whose page was not met anywhere, in the order they came."""
        self._waiting.seek(0)
        for line in self._waiting:
            marks, uri, captured_at, media_type, charset, failure, entry = json.loads(line)
            if self.knows(marks):
                self.pass_over(uri)
            else:
                manifest = ManifestEntry(*entry) if entry else None
                yield Capture(uri, b"", captured_at, media_type, charset, manifest, tuple(failure))


def _number(mark: str) -> int:
    """64 bits of a mark; never 0, which is a free slot."""
    data = mark.encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest()) or 1


class _Marks:
    """A set of numbers of 64 bits in one array; a `set` of them would take three times the memory."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _FIRST_SLOTS))
        self._count = 0

    def __contains__(self, number: int) -> bool:
        return self._slots[self._place(number)] == number

    def add(self, number: int) -> None:
        """Enter a number, once."""
        place = self._place(number)
        if self._slots[place] != number:
            self._slots[place] = number
            self._count += 1
            if 3 * self._count > 2 * len(self._slots):
                self._grow()

    def _place(self, number: int) -> int:
        """Where the number stands, or the free slot where it would."""
        slots, last = self._slots, len(self._slots) - 1
        place = number & last
        while slots[place] not in (0, number):
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        held, self._slots = self._slots, array("Q", bytes(16 * len(self._slots)))
        for number in held:
            if number:
                self._slots[self._place(number)] = number
