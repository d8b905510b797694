"""What an explorer of a dataset needs, made ready before its first page; what is made is made once for a dataset."""

from collections.abc import Sequence
from pathlib import Path

from gongkai.counting import IndexCount, counting
from gongkai.shelf import PageShelf, open_shelf
from outputs.explorer.index import open_index


def prepare(dataset: Path, archives: Sequence[Path]) -> PageShelf:
    """Find the archived pages of a dataset and make its index, telling on stderr how far that is; return the pages.

    Raises DatasetError and SourceError as these do.
    """
    with counting("Keeping the archived pages, once for this dataset", "pages") as count:
        shelf = open_shelf(dataset, archives, watch=count)
    with counting("Making the index, once for this dataset", "rows") as count:
        open_index(dataset, watch=IndexCount(count))
    return shelf
