"""A dataset that gongkai wrote, as pandas frames."""

import os
from pathlib import Path

from outputs.frames import Dataset, read_dataset

__all__ = ["Dataset", "open_dataset"]


def open_dataset(directory: str | os.PathLike[str]) -> Dataset:
    """Return the dataset in a directory; its tables are frames, each read when it is first asked for.

    Raises DatasetError when the directory holds no dataset, or when a run was stopped while it put its files
    into place.
    """
    return read_dataset(Path(directory))
