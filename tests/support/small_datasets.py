"""A dataset of reports made by hand, with the tables that a test is about; all other derived tables are empty.

A whole run derives everything from everything, which takes seconds; a test of one step need not wait for it.
"""

import json

from corpus.indicators import load_indicators
from outputs import schema
from outputs.collect import Collector
from outputs.merge import merge
from outputs.parts import Parts
from outputs.rows import Rows


def write_dataset(folder, run, pages, *steps, whole=False):
    """Write the pages, (capture, report) each, and what the steps (`write_changes`) derive; return the folder.

    `whole`: with all other tables, empty, so that it can be opened as a dataset.
    """
    scratch = folder.parent / f"{folder.name}-scratch"
    for made in (folder, scratch, scratch / "parts"):
        made.mkdir(parents=True)
    rows = Rows(run.versions, frozenset(load_indicators()))
    for no, (capture, report) in enumerate(pages):
        rows.add(no, capture, report)
    parts = Parts(scratch / "parts")
    parts.write(rows.tables())
    merge(parts, folder)
    for step in steps:
        step(folder, scratch)
    for table in schema.TABLES if whole else ():
        if not (folder / f"{table.name}.parquet").exists():
            with Collector(folder, scratch / "empty", table.name):
                pass
    files = {path.name: {} for path in folder.iterdir()}
    (folder / "run.json").write_text(json.dumps({"made_by": "gongkai", "files": files}), encoding="utf-8")
    return folder
