"""Reports → a dataset directory, however many: the rows of each shard go to disk, and all are merged at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.captures import Capture
from outputs.derive import derive
from outputs.describe import package_text
from outputs.directory import PACKAGE_FILE, RUN_FILE, Working, working_folders, writing
from outputs.excel import write_excel_csv
from outputs.merge import merge
from outputs.parts import PART_PAGES, Parts, PartWriter
from outputs.run import Run, file_digests, run_text
from outputs.summary import Summary, summarise
from parsers.records import Report


def write_dataset(working: Working, shards: Sequence[Path], run: Run, *, hands: int = 2) -> Summary:
    """Merge the folders that outputs.parts.PartWriter filled, derive the other tables, publish; return what came of it.

    `hands` is how many threads write tables, and how many processes derive them; it makes no difference to their bytes.
    Raises DatasetError (`duplicate_key`, `cannot_write`), with the old dataset as it was.
    """
    with writing(working.name):
        merge(Parts(shards), working.ready, working.scratch, hands=hands)
        derive(working.ready, working.scratch, workers=hands)
        summary = summarise(working.ready)
        if run.excel:
            write_excel_csv(working.ready)
        _describe(working, run, summary)
        working.publish()
    return summary


@contextmanager
def dataset_writer(directory: Path, run: Run, *, part_pages: int = PART_PAGES) -> Iterator["DatasetWriter"]:
    """Hold the directory for a run of one shard and yield its writer; until `finish()` the old dataset stays as it was.

    Raises outputs.errors.DatasetError when the directory cannot be used or written.
    """
    with working_folders(directory) as working:
        yield DatasetWriter(working, run, part_pages)


class DatasetWriter:
    """Takes pages one by one, and writes the dataset when told that there are no more."""

    def __init__(self, working: Working, run: Run, part_pages: int) -> None:
        self._working, self._run = working, run
        self._shard = working.parts / "0"
        self._rows = PartWriter(self._shard, run.versions, part_pages=part_pages)
        self._n_pages = 0

    def add(self, capture: Capture, report: Report) -> None:
        """Take a page that was read.

        Raises outputs.contract.ContractError, with nothing written, when the report breaks a rule of the
        dataset.
        """
        with writing(self._working.name):
            self._rows.add(capture, report, "", self._n_pages)
        self._n_pages += 1

    def add_failure(self, capture: Capture, failure: tuple[str, str, str]) -> None:
        """Take a page that could not be read: (outcome, detail, next step)."""
        with writing(self._working.name):
            self._rows.add_failure(capture, failure, "", self._n_pages)
        self._n_pages += 1

    def finish(self) -> Summary:
        """Write all files, put them into place together, and return what is in them.

        Raises DatasetError (`duplicate_key`, `cannot_write`), with the old dataset as it was.
        """
        with writing(self._working.name):
            self._rows.finish()
        return write_dataset(self._working, [self._shard], self._run)


def _describe(working: Working, run: Run, summary: Summary) -> None:
    ready = working.ready
    package = package_text(file_digests(ready), run.versions.gongkai, excel=run.excel)
    (ready / PACKAGE_FILE).write_text(package, encoding="utf-8", newline="\n")
    text = run_text(run, summary, file_digests(ready))
    # under another name first: its presence says that all finished files are complete
    unnamed = working.scratch / RUN_FILE
    unnamed.write_text(text, encoding="utf-8", newline="\n")
    unnamed.replace(ready / RUN_FILE)
