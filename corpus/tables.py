"""The data files beside this package, as rows of strings."""

import csv
import io
from importlib import resources


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of `corpus/data/NAME` (CSV, UTF-8, one header line), each a mapping from column to text.

    Raises FileNotFoundError when the package was installed without its data.
    """
    text = resources.files("corpus.data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))
