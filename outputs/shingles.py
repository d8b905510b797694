"""Runs of characters of a text as numbers: what near-copies are found by, and which of them are boilerplate."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from outputs.prose import bare

Hashes = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.uint32]

SIZE = 8
"""Characters of a shingle, figures masked and marks left out."""

COMMON_SHARE = 0.05
COMMON_AGENCIES = 10
"""A shingle that stands in the reports of more than this share of all agencies, and of more than so many of them, is
boilerplate: labels of the forms, headings, sentences of the law. It counts for no likeness."""

_SLOTS = 1 << 24
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def hashes(text: str) -> Hashes:
    """Sorted hashes of all shingles of a text, each once; none where it is shorter than a shingle.

    Figures are masked and marks left out before. 64 bits, the same in every run; with a thousand million shingles one
    pair in 40 is likely to share a hash.
    """
    return np.unique(runs(bare(text), SIZE))


def runs(plain: str, size: int) -> Hashes:
    """Hash of each run of `size` characters, in the order of the text: a fixed polynomial, mixed as splitmix64 does."""
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    total = np.zeros(max(0, len(codes) - size + 1), dtype=np.uint64)
    for place in range(size):
        total = total * _MULTIPLIER + codes[place : place + len(total)]
    total ^= total >> np.uint64(30)
    total *= np.uint64(0xBF58476D1CE4E5B9)
    total ^= total >> np.uint64(27)
    total *= np.uint64(0x94D049BB133111EB)
    total ^= total >> np.uint64(31)
    return total


class Boilerplate:
    """Counts in how many agencies' reports a shingle stands, in 64 MB however many there are.

    Shingles share slots of the count, so a shingle may be taken for commoner than it is, never for rarer. With a
    hundred million different shingles a slot holds six; what decides there is a share of thousands of agencies.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Begin to count, or go on with what was saved: processes that read one file share its memory."""
        # the last one counts the agencies
        self._counts = np.zeros(_SLOTS + 1, dtype=np.uint32) if path is None else np.load(path, mmap_mode="r")

    def save(self, path: Path) -> None:
        """Write the count to a file."""
        np.save(path, self._counts)

    def add(self, slots: Slots) -> None:
        """Take the slots of all shingles of one agency."""
        self._counts[slots] += np.uint32(1)
        self._counts[_SLOTS] += np.uint32(1)

    def without(self, shingles: Hashes) -> Hashes:
        """The shingles that are no boilerplate."""
        most = max(COMMON_AGENCIES, COMMON_SHARE * int(self._counts[_SLOTS]))
        return shingles[self._counts[_slots(shingles)] <= most]


def slots_of(shingles: Hashes) -> Slots:
    """The slots in which an agency's shingles are counted, each once."""
    return np.unique(_slots(shingles)).astype(np.uint32)


def _slots(shingles: Hashes) -> npt.NDArray[np.int64]:
    return (shingles % np.uint64(_SLOTS)).astype(np.int64)
