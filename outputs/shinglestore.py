"""Lists of numbers beside the rows of a scratch table: shingles of texts, kept as arrays from end to end."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from outputs.scratch import ScratchTable

_PORTION_NUMBERS = 1 << 19
_BATCH_ROWS = 256


class ArrayTable(ScratchTable):
    """A scratch table whose last column is a list of numbers, each given as an array of numpy."""

    def __init__(self, folder: Path, fields: pa.Schema, name: str) -> None:
        super().__init__(folder, fields, name)
        self._n_numbers = 0

    def add(self, row: Sequence[Any]) -> None:
        """Take one row."""
        super().add(row)
        self._n_numbers += len(row[-1])
        if self._n_numbers >= _PORTION_NUMBERS and self._held:
            self._write()

    def _write(self) -> None:
        super()._write()
        self._n_numbers = 0

    def _array(self, values: Sequence[Any], field: pa.Field) -> pa.Array:
        if not pa.types.is_list(field.type):
            return super()._array(values, field)
        ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
        numbers = np.concatenate([*values, np.empty(0, dtype=field.type.value_type.to_pandas_dtype())])
        return pa.ListArray.from_arrays(pa.array(ends), pa.array(numbers, field.type.value_type))


def array_rows(folder: Path, name: str = "*") -> Iterator[tuple[Any, ...]]:
    """The rows of an array table in the order they were added, of the writer of this name or of all."""
    for path in sorted(folder.glob(f"{name}.parquet")):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH_ROWS, use_threads=False):
                *columns, lists = batch.columns
                ends = lists.offsets.to_numpy()
                numbers = lists.values.to_numpy()
                arrays = [numbers[start:end] for start, end in pairwise(ends)]
                yield from zip(*(column.to_pylist() for column in columns), arrays, strict=True)
