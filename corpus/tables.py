"""The data files beside this package, as rows of strings."""

import csv
from importlib import resources


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of `corpus/data/NAME` (CSV, UTF-8, one header line), each a mapping from column to text.

    Raises FileNotFoundError when the package was installed without its data.
    """
    with resources.files("corpus.data").joinpath(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
