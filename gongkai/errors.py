"""The errors that users meet: one base class, and in each a stable code, what, where, and the next step."""

from corpus.errors import CorpusError as GongkaiError
from corpus.errors import SourceError
from outputs.errors import DatasetError
from scraper.errors import FetchError

__all__ = ["BatchError", "DatasetError", "FetchError", "GongkaiError", "SourceError"]


class BatchError(GongkaiError):
    """A run cannot go on; what it has read is kept, and the next run goes on from there.

    Codes: `reader_died` (outside of any page), `source_changed`, `no_dask`, `no_cluster`, `worker_lost`,
    `versions_differ`, `not_shared`.
    """
