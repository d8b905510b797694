"""Write `index.cdxj`: a line for each answer that can be shown, by address and time, as pywb and its like read it."""

import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from scraper.records import Stored
from scraper.store import visits
from scraper.store.catalogue import Catalogue
from scraper.store.layout import FETCH_FOLDER, INDEX_NAME
from scraper.store.warcfiles import writing


def write_index(folder: Path, catalogue: Catalogue) -> None:
    """Write the index anew, in the place of the old one at once. FetchError `archive_unwritable`."""
    path = folder / INDEX_NAME
    part = folder / FETCH_FOLDER / f"{INDEX_NAME}.part"
    with writing(path):
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in index_lines(catalogue))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def index_lines(catalogue: Catalogue) -> Iterator[str]:
    """Yield the lines of the index in the order of their bytes, without their ends."""
    for _, visits_of_moment in groupby(visits.indexed_rows(catalogue), key=lambda row: row[:2]):
        # Two answers of one address within a second are told apart by the rest of the line.
        yield from sorted(f"{key} {time} {_fields(stored)}" for key, time, stored in visits_of_moment)


def _fields(stored: Stored) -> str:
    """Return the JSON of a line; what a record does not have is left out."""
    fields = {
        "url": stored.url,
        "mime": "warc/revisit" if stored.record == "revisit" else stored.media_type,
        "status": "" if stored.status is None else str(stored.status),
        "digest": f"sha256:{stored.digest}" if stored.digest else "",
        "length": str(stored.length),
        "offset": str(stored.offset),
        "filename": stored.warc,
    }
    return json.dumps({name: value for name, value in fields.items() if value})
