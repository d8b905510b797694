"""A dataset as pandas frames, read from its Parquet files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from outputs import schema
from outputs.directory import RUN_FILE, check_on_disk, files_of, is_unfinished
from outputs.errors import DatasetError

_PANDAS: dict[pa.DataType, Callable[[], Any]] = {
    pa.string(): pd.StringDtype,
    pa.int32(): pd.Int32Dtype,
    pa.bool_(): pd.BooleanDtype,
    pa.float64(): pd.Float64Dtype,
}


_NAMES = tuple(table.name for table in schema.TABLES)


class Dataset:
    """The tables of a dataset directory, each read when it is first asked for.

    Columns are those of docs/dataset.md; text is `string`, counts are `Int32`, values `Float64`, all
    nullable: what a page does not print is `<NA>`, never 0 and never ''.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return the table of that name (see docs/dataset.md) as a frame, read once."""
        if name not in _NAMES:
            raise AttributeError(f"a dataset has no table {name!r}; it has {', '.join(_NAMES)}")
        frame = to_frame(pq.read_table(self.directory / f"{name}.parquet"))
        setattr(self, name, frame)
        return frame

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *_NAMES]

    def __repr__(self) -> str:
        return f"Dataset({str(self.directory)!r})"


def read_dataset(directory: Path) -> Dataset:
    """Return the dataset in a directory that gongkai wrote.

    Raises DatasetError (`not_on_disk`, `not_a_dataset`, `unfinished`).
    """
    check_on_disk(directory)
    if is_unfinished(directory):
        raise DatasetError(
            "unfinished",
            "a run was stopped while it put its files into place",
            str(directory),
            "Run gongkai build for this folder again: it begins with putting them into place.",
        )
    missing = [table.name for table in schema.TABLES if not (directory / f"{table.name}.parquet").is_file()]
    if missing or not files_of(directory / RUN_FILE):
        lacks = ", ".join(f"{name}.parquet" for name in missing[:3]) or f"a {RUN_FILE} by gongkai"
        raise DatasetError(
            "not_a_dataset",
            f"no dataset of gongkai is here (it lacks {lacks})",
            str(directory),
            "Name a folder that gongkai build wrote with -o.",
        )
    return Dataset(directory)


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Return an Arrow table of the dataset as a frame with nullable types; decimals become 64-bit floats."""
    fields = [field.with_type(pa.float64()) if pa.types.is_decimal(field.type) else field for field in table.schema]

    def pandas_type(kind: pa.DataType) -> Any:
        return _PANDAS[kind]()

    frame: pd.DataFrame = table.cast(pa.schema(fields)).to_pandas(types_mapper=pandas_type)
    return frame
