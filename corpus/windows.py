"""A part of a file as it was read once: what is parsed is what was digested, whatever becomes of the file meanwhile."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

_CHUNK = 1024 * 1024
_IN_MEMORY = 4 * 2**20  # of what was read behind the window; more goes to the disk


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes of a file from `start` on, kept in a store from `base` on: `size` of them, `at_end` to the file's end."""

    base: int
    start: int
    size: int
    at_end: bool


def keep(source: IO[bytes], store: IO[bytes], start: int, most: int | None) -> Iterator[bytes]:
    """Yield the bytes of a file from `start` on, at most so many, when they are in the store."""
    source.seek(start)
    left = most
    while left is None or left > 0:
        data = source.read(_CHUNK if left is None else min(left, _CHUNK))
        if not data:
            return
        store.write(data)
        left = None if left is None else left - len(data)
        yield data


class Window(io.RawIOBase):
    """A file of which the kept bytes come from the store, and what is behind them from the file, read once.

    What is in front of them cannot be read. `file_size` is told where the end is asked for and was not reached.
    """

    def __init__(
        self, kept: Kept, store: IO[bytes], opened: Callable[[], AbstractContextManager[IO[bytes]]], file_size: int
    ) -> None:
        self._kept = kept
        self._store = store
        self._opened = opened
        self._file_size = file_size
        self._more: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  closed by close()
        self._n_more = 0
        self._at_end = kept.at_end
        self._source: IO[bytes] | None = None
        self._closing = ExitStack()
        self._at = 0

    @property
    def has_grown(self) -> bool:
        """Whether more was read than was kept."""
        return self._n_more > 0

    def behind(self, offset: int) -> Iterator[bytes]:
        """Yield what was read from an offset on, and at last whether it is the end of the file."""
        kept, skipped = self._kept, offset - self._kept.start
        self._store.seek(kept.base + skipped)
        yield self._store.read(max(kept.size - skipped, 0))
        self._more.seek(0)
        while data := self._more.read(_CHUNK):
            yield data
        yield b"end" if self._at_end else b"more"

    @property
    def size(self) -> int:
        """The size of the file, as far as it is known."""
        read_to = self._kept.start + self._kept.size + self._n_more
        return read_to if self._at_end else max(read_to, self._file_size)

    def readinto(self, buffer: Any) -> int:
        """Read as many bytes as there is room for, or fewer."""
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _read(self, size: int) -> bytes:
        at, kept = self._at - self._kept.start, self._kept
        assert at >= 0, "what is in front of the window was not kept"
        if at < kept.size:
            self._store.seek(kept.base + at)
            return self._store.read(min(size, kept.size - at))
        behind = at - kept.size
        self._grow(behind + size)
        self._more.seek(behind)
        return self._more.read(size)

    def _grow(self, wanted: int) -> None:
        """Read more of the file, until so many bytes of it are there."""
        while self._n_more < wanted and not self._at_end:
            if self._source is None:
                self._source = self._closing.enter_context(self._opened())
                self._source.seek(self._kept.start + self._kept.size)
            data = self._source.read(_CHUNK)
            self._more.seek(self._n_more)
            self._more.write(data)
            self._n_more += len(data)
            self._at_end = not data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on at another place of the file."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        return self._at

    def tell(self) -> int:
        """Return which byte of the file is read next."""
        return self._at

    def readable(self) -> bool:
        """It is read."""
        return True

    def seekable(self) -> bool:
        """It can be read from any place on, but for what is in front of the window."""
        return True

    def close(self) -> None:
        """Let go of the file and of what was read behind the window."""
        if not self.closed:
            self._closing.close()
            self._more.close()
        super().close()
