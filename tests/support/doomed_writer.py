"""Writes a dataset in a process that meets its end in the middle: `python doomed_writer.py FOLDER FAULT`."""

import os
import resource
import signal
import sys
from pathlib import Path
from unittest import mock

from small_datasets import empty_tables

from corpus.captures import Capture
from outputs import merge, writer
from outputs.errors import DatasetError
from outputs.rows import Versions
from outputs.run import Run

RUN = Run(Versions("0.0.0", "1", "f0"), (("lxml", "6.0"),), ("archive",), 1000)


def write(folder, word):
    """Write a dataset of some pages that could not be read; derived tables are empty."""
    with mock.patch.object(writer, "derive", empty_tables), writer.dataset_writer(folder, RUN) as dataset:
        for no in range(2000):
            dataset.add_failure(Capture(f"{word}-{no}.html", b""), ("blocked", f"{word} " * 20, "Look."))
        dataset.finish()


def killing(function, n_calls):
    """The function, which does not come back from the n-th call, nor does anything else of this process."""
    calls = []

    def called(*arguments, **options):
        calls.append(arguments)
        if len(calls) == n_calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)

    return called


def main(folder, fault):
    """Die of SIGKILL in the merge or while files are put into place, or meet the end of the disk."""
    if fault == "merging":
        merge.write_files = killing(merge.write_files, 7)
    elif fault == "publishing":
        Path.replace = killing(Path.replace, 9)
    else:
        # as of a full disk, the system refuses to write on
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        write(folder, "new")
    except DatasetError as error:
        print(error.code, error)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
