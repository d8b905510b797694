"""What was read of the pages of a shard, in one packed file, page after page: kept for other forms."""

from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

_LENGTH_BYTES = 4


class ReadingsWriter:
    """Writes the file; b'' stands for a page of which nothing is kept."""

    def __init__(self, file: Path) -> None:
        self._file = pa.CompressedOutputStream(str(file), "zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, kept: bytes) -> None:
        """Take what is kept of the next page."""
        self._file.write(len(kept).to_bytes(_LENGTH_BYTES))
        self._file.write(kept)


def read_readings(file: Path | None) -> Generator[bytes]:
    """Yield what is kept of the pages in their order, and b'' for ever behind the last, or where it is damaged."""
    if file is not None:
        try:
            with pa.CompressedInputStream(str(file), "zstd") as stream:
                while head := stream.read(_LENGTH_BYTES):
                    yield stream.read(int.from_bytes(head))
        except (OSError, pa.ArrowException):
            pass
    while True:
        yield b""
