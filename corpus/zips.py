"""ZIP containers: what can go wrong with one, and which kind of document it is."""

import io
import struct
import zipfile
import zlib

from corpus.failures import Failure, failure_of_bytes, failure_of_document
from corpus.sniff import Sniffed, zip_words

# RuntimeError for passwords and for methods that zipfile does not know.
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError)
"""What zipfile raises on damaged containers."""


def failure_of_container(words: str) -> Failure:
    """Return the failure of a container that holds no WARC file, by what `zip_words` says of it."""
    if words.startswith(("ZIP", "WACZ")):
        return failure_of_bytes(Sniffed("zip", words), named_page=False) or failure_of_document(words)
    return failure_of_document(words)


def failure_of_zip(data: bytes) -> Failure:
    """Return the failure of a page that is a container: an office document as a rule."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            return failure_of_container(zip_words(box.namelist()))
    except ZIP_ERRORS:
        return failure_of_container("ZIP archive, damaged")
