"""The errors that users of gongkai meet: one base class, a stable `code`, and what, where, next step in each."""

from corpus.errors import CorpusError as GongkaiError
from corpus.errors import SourceError
from outputs.errors import DatasetError

__all__ = ["DatasetError", "GongkaiError", "SourceError"]
