"""What was read of the pages of a shard, in one packed file: each page is found by a key of its own, not by its place.

So a page serves again wherever it turns up: under other forms, and in another shard than the one it was read with.
The file is a row of packed blocks and, at its end, an index of their keys: one page is found without the others.
"""

import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import pyarrow as pa

_BLOCK_BYTES = 2**20
"""Of some 20 pages before they are packed: alone they would take twice the room, as they have most words in common."""

_END = b"gkreads1"
"""The last bytes of a whole file, behind the length of its index."""

_LENGTH_BYTES = 8


class _Block(msgspec.Struct, frozen=True, array_like=True):
    """Where a block is, how long it is packed and unpacked, a check sum of it, and the keys of its pages."""

    at: int
    size: int
    unpacked: int
    crc: int
    keys: tuple[bytes, ...]


class _Index(msgspec.Struct, frozen=True, array_like=True):
    """What is in a file, and the forms that its pages were last laid under."""

    forms: str
    blocks: tuple[_Block, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was kept of a page; `forms` are those that it was last laid under."""

    kept: bytes
    forms: str


@dataclass(slots=True)
class ReadingsWriter:
    """Writes a file, a block in memory at a time."""

    file: Path
    forms: str
    _blocks: list[_Block] = field(default_factory=list)
    _pages: dict[bytes, bytes] = field(default_factory=dict)
    _n_bytes: int = 0

    def __enter__(self) -> Self:
        self.file.write_bytes(b"")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._end_block()
            index = msgspec.msgpack.encode(_Index(self.forms, tuple(self._blocks)))
            self._append(index + len(index).to_bytes(_LENGTH_BYTES) + _END)

    def add(self, key: bytes, kept: bytes) -> None:
        """Take what is kept of a page."""
        self._pages[key] = kept
        self._n_bytes += len(kept)
        if self._n_bytes >= _BLOCK_BYTES:
            self._end_block()

    def _end_block(self) -> None:
        if self._pages:
            data = msgspec.msgpack.encode(self._pages)
            packed = pa.compress(data, codec="zstd", asbytes=True)
            at = self._append(packed)
            self._blocks.append(_Block(at, len(packed), len(data), zlib.crc32(packed), tuple(self._pages)))
            self._pages, self._n_bytes = {}, 0

    def _append(self, data: bytes) -> int:
        with self.file.open("ab") as file:
            at = file.tell()
            file.write(data)
        return at


class Readings:
    """Finds pages in such files, the indexes and one block in memory at a time.

    A page that is in several files is taken from one that was last laid under `forms`, if there is one. A file that is
    no such file, is damaged, or goes away meanwhile, has no pages.
    """

    def __init__(self, files: Iterable[Path], forms: str) -> None:
        self._places: dict[bytes, tuple[Path, str, _Block]] = {}
        self._opened: tuple[Path, _Block] | None = None
        self._pages: dict[bytes, bytes] = {}
        for file in files:
            if index := _index(file):
                for block in index.blocks:
                    for key in block.keys:
                        if key not in self._places or self._places[key][1] != forms:
                            self._places[key] = file, index.forms, block

    def find(self, key: bytes) -> Reading | None:
        """Return what was kept of a page, None where nothing was."""
        place = self._places.get(key)
        if place is None:
            return None
        file, forms, block = place
        if self._opened != (file, block):
            self._opened, self._pages = (file, block), _pages(file, block)
        kept = self._pages.get(key)
        return None if kept is None else Reading(kept, forms)


def _index(file: Path) -> _Index | None:
    with suppress(OSError, ValueError), file.open("rb") as stream:
        end = stream.seek(0, 2) - _LENGTH_BYTES - len(_END)
        stream.seek(max(end, 0))
        length, mark = int.from_bytes(stream.read(_LENGTH_BYTES)), stream.read()
        if mark == _END and length <= end:
            stream.seek(end - length)
            return msgspec.msgpack.decode(stream.read(length), type=_Index)
    return None


def _pages(file: Path, block: _Block) -> dict[bytes, bytes]:
    with suppress(OSError, ValueError), file.open("rb") as stream:
        stream.seek(block.at)
        packed = stream.read(block.size)
        if zlib.crc32(packed) == block.crc:
            data = pa.decompress(packed, block.unpacked, codec="zstd", asbytes=True)
            return msgspec.msgpack.decode(data, type=dict[bytes, bytes])
    return {}
