"""Where things stand in an archive folder, and what its own files are called.

`*.warc.gz` hold what was fetched; `index.cdxj` and `manifest.csv` are made from them and from the catalogue;
`.fetch/` holds what a run needs to go on. Readers of pages pass over names that begin with a dot.
"""

import re
from pathlib import Path

FETCH_FOLDER = ".fetch"
INDEX_NAME = "index.cdxj"
WARC_NAME = re.compile(r"(?i).+\.warc(?:\.gz)?")
OWN_NAME = re.compile(r"gongkai-[0-9]{14}-[0-9]{5,}\.warc\.gz")
"""Files that this package wrote; only such are ever cut back or taken away."""

_CATALOGUE_NAME = "catalogue.sqlite"
_LOCK_NAME = "lock"


def catalogue_path(folder: Path) -> Path:
    """Return where the catalogue of an archive is kept."""
    return folder / FETCH_FOLDER / _CATALOGUE_NAME


def lock_path(folder: Path) -> Path:
    """Return the file whose lock says that a run writes into the archive."""
    return folder / FETCH_FOLDER / _LOCK_NAME


def warc_names(folder: Path) -> list[str]:
    """Return the names of the WARC files that stand in the folder itself, sorted."""
    return sorted(path.name for path in folder.iterdir() if WARC_NAME.fullmatch(path.name) and path.is_file())


def own_name(started: str, file_no: int) -> str:
    """Return the name of a WARC file: the time its session began, and its number in the archive.

    >>> own_name("2026-03-01T02:03:04Z", 7)
    'gongkai-20260301020304-00007.warc.gz'
    """
    return f"gongkai-{re.sub('[^0-9]', '', started)[:14]}-{file_no:05}.warc.gz"
