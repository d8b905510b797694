"""A dataset of reports made by hand, with the tables that a test is about; all other derived tables are empty.

A whole run derives everything from everything, which takes seconds; a test of one step need not wait for it.
"""

import json

from outputs import schema
from outputs.derive import derive
from outputs.files import write_files
from outputs.merge import merge
from outputs.parts import Parts, PartWriter


def write_shard(folder, versions, pages, file_uri="", first=0):
    """Write pages, (capture, report or failure) each, as a shard of a run; return its folder."""
    with PartWriter(folder, versions) as writer:
        for place, (capture, result) in enumerate(pages, first):
            add = writer.add_failure if isinstance(result, tuple) else writer.add
            add(capture, result, file_uri, place)
        writer.finish()
    return folder


def empty_tables(folder, *_, **__):
    """Write the tables that are not there yet, without rows: in place of `derive` where derived rows do not matter."""
    for table in schema.TABLES:
        if not (folder / f"{table.name}.parquet").exists():
            write_files(folder, table.name, [])


def write_dataset(folder, run, pages, *steps, whole=False):
    """Write the pages, (capture, report) each, and what the steps (`CHANGES`) derive; return the folder.

    `whole`: with all other tables, empty, so that it can be opened as a dataset.
    """
    scratch = folder.parent / f"{folder.name}-scratch"
    for made in (folder, scratch):
        made.mkdir(parents=True)
    merge(Parts([write_shard(scratch / "parts", run.versions, pages)]), folder, scratch)
    if steps:
        derive(folder, scratch, steps=steps)
    if whole:
        empty_tables(folder)
    files = {path.name: {} for path in folder.iterdir()}
    (folder / "run.json").write_text(json.dumps({"made_by": "gongkai", "files": files}), encoding="utf-8")
    return folder
