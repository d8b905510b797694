"""What can go wrong with a dataset directory."""

from corpus.errors import CorpusError


class DatasetError(CorpusError):
    """A directory cannot be written as a dataset, or read as one.

    Codes: `foreign_files` (it holds files that gongkai did not make), `not_a_folder`, `busy` (another run
    writes there), `inside_source` (it lies in a folder that is read), `cannot_write` (disk full, no right to
    write), `duplicate_key` (two rows share a key, a defect), `not_a_dataset` and `unfinished` (when reading).
    """
