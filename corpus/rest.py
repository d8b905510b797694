"""The last captures of a run: what the plan could not find, what nothing answered, revisits without a page.

`resolve_rest` is the entry. It looks through the records that `corpus.visits` left several times, and has in memory 8
bytes for each mark of a revisit that waits (80 MB for ten million), never those of all visits.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Self

import msgspec
import numpy as np
import numpy.typing as npt

from corpus.captures import Capture
from corpus.sources import SourcePlan, answers
from corpus.visits import Rest, Waiting, number

_SPOOL_BYTES = 4 * 2**20  # records of some 100,000 pages in memory; more go to the disk
_LENGTH_BYTES = 8

_Numbers = npt.NDArray[np.uint64]


def resolve_rest(plan: SourcePlan, rests: Callable[[], Iterable[bytes]]) -> Iterator[Capture]:
    """Yield what is known at the end only: unresolved revisits, failures of the plan, addresses awaited in vain.

    `rests` begins anew, at each call, to give the records of all that was read; in any order.
    """
    answered = _Answered(plan.awaited)
    for rest in map(_unpacked, rests()):
        answered.hear(rest)
    for capture in _unresolved(rests, answered):
        answered.hear_one(number(capture.source_uri), capture.captured_at)
        yield capture
    yield from plan.failures
    yield from answered.missing()


class RestStore:
    """Keeps records while a plan is read in one go; more than a few MB of them on the disk. To be closed."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_SPOOL_BYTES)  # noqa: SIM115  closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, rest: bytes) -> None:
        """Keep one more record; all are kept before any is looked at."""
        self._file.write(len(rest).to_bytes(_LENGTH_BYTES) + rest)

    def __call__(self) -> Iterator[bytes]:
        """Yield the records in their order."""
        self._file.seek(0)
        while head := self._file.read(_LENGTH_BYTES):
            yield self._file.read(int.from_bytes(head))


class _Answered:
    """The addresses that a manifest lists without a file of their own, and which of them were met."""

    def __init__(self, awaited: Iterable[Capture]) -> None:
        self._awaited: dict[int, list[Capture]] = defaultdict(list)
        for capture in awaited:
            self._awaited[number(capture.source_uri)].append(capture)
        self._order = list(self._awaited)
        self._passed: set[int] = set()

    def hear(self, rest: Rest) -> None:
        """Hear of what one record says; nothing of it is looked at where nothing is awaited."""
        if self._order:
            for about, captured_at in rest.heard:
                self.hear_one(about, captured_at)
            self._passed.update(one for one in _numbers(rest.passed).tolist() if one in self._awaited)

    def hear_one(self, about: int, captured_at: str) -> None:
        """Hear of one capture."""
        if waiting := self._awaited.get(about):
            self._awaited[about] = [one for one in waiting if not answers(captured_at, one)]

    def pass_over(self, source_uri: str) -> None:
        """Hear of an address that was met and gives no capture."""
        self._passed.add(number(source_uri))

    def missing(self) -> Iterator[Capture]:
        """Yield what nothing answered, in the order in which it is awaited."""
        return chain.from_iterable(self._awaited[about] for about in self._order if about not in self._passed)


def _unresolved(rests: Callable[[], Iterable[bytes]], answered: _Answered) -> Iterator[Capture]:
    """Yield the failures of the revisits whose page was not met anywhere, ordered by file and by place in it."""
    known = _Known(rests)
    for waiting in _waiting_in_order(rests):
        if known.holds(waiting.marks):
            answered.pass_over(waiting.source_uri)
        else:
            yield waiting.capture


class _Known:
    """Which of the marks that revisits wait for were met."""

    def __init__(self, rests: Callable[[], Iterable[bytes]]) -> None:
        marks = [
            np.fromiter(chain.from_iterable(one.marks for one in rest.waiting), np.uint64)
            for rest in map(_unpacked, rests())
            if rest.waiting
        ]
        self._marks: _Numbers = np.unique(np.concatenate(marks)) if marks else np.empty(0, np.uint64)
        del marks
        self._is_met = np.zeros(len(self._marks), np.bool_)
        if len(self._marks):
            for rest in map(_unpacked, rests()):
                self._meet(_numbers(rest.met))

    def _meet(self, met: _Numbers) -> None:
        at = np.minimum(np.searchsorted(self._marks, met), len(self._marks) - 1)
        self._is_met[at[self._marks[at] == met]] = True

    def holds(self, marks: list[int]) -> bool:
        """Tell whether one of these marks, of a revisit that waits, was met."""
        return bool(self._is_met[np.searchsorted(self._marks, np.array(marks, np.uint64))].any())


def _waiting_in_order(rests: Callable[[], Iterable[bytes]]) -> Iterator[Waiting]:
    """Yield the revisits that wait by file and place; records in another order are sorted, in memory."""
    last = ("", 0)
    in_order = True
    for rest in map(_unpacked, rests()):
        for one in rest.waiting:
            in_order, last = in_order and last <= (one.file_uri, one.place), (one.file_uri, one.place)
    found = (one for rest in map(_unpacked, rests()) for one in rest.waiting)
    return found if in_order else iter(sorted(found, key=lambda one: (one.file_uri, one.place)))


def _unpacked(data: bytes) -> Rest:
    return msgspec.msgpack.decode(data, type=Rest)


def _numbers(packed: bytes) -> _Numbers:
    return np.frombuffer(packed, ">u8").astype(np.uint64)
