"""The errors that users meet: one base class, and in each a stable code, what, where, and the next step."""

from corpus.errors import CorpusError as GongkaiError
from corpus.errors import SourceError
from outputs.errors import DatasetError
from scraper.errors import FetchError

__all__ = ["DatasetError", "FetchError", "GongkaiError", "SourceError"]
