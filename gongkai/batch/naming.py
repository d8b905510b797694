"""Names of finished shards: the same input, read in the same way, has the same name in every run and everywhere."""

import hashlib
import platform
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable

from gongkai.versions import forms_digest, gongkai_version
from outputs.parts import layout_digest
from outputs.rows import Versions
from parsers.keeping import MAPPING_FILES
from parsers.report import PARSER_VERSION

_LIBRARIES = (
    "beautifulsoup4",
    "fastwarc",
    "jieba",
    "lxml",
    "msgspec",
    "OpenCC",
    "pyarrow",
    "rapidfuzz",
    "regex",
    "rjieba",
)
"""Libraries that take part in reading a page or in writing its rows; one that is not installed takes no part."""

_ROW_MODULES = ("arrow.py", "contract.py", "parts.py", "rows.py")
"""Modules of `outputs` that make the rows of a page."""

_DATA = (".csv", ".txt")
_DIGEST_LENGTH = 32


def stamp() -> Versions:
    """Return what every report is stamped with."""
    return Versions(gongkai_version(), PARSER_VERSION, forms_digest())


def reading_name(shard_digest: str, reading: str) -> str:
    """Return the name of what was read of a shard, whatever the forms: from its input and from what read it."""
    return hashlib.sha256(f"{shard_digest} {reading}".encode()).hexdigest()[:_DIGEST_LENGTH]


@cache
def reading_digest() -> str:
    """Return a digest of all that decides what is read of a page, but for the forms (parsers.keeping).

    It is the code itself that is digested, not a version: what somebody changed must never be taken for what it was.
    """
    digest = hashlib.sha256(f"{layout_digest()} {platform.python_version()} {_libraries()}\n".encode())
    for name, content in sorted(_files()):
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGEST_LENGTH]


def _libraries() -> str:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return repr(sorted(found.items()))


def _files() -> list[tuple[str, bytes]]:
    """The modules and the data that a page is read with, by name."""
    outputs, schema = resources.files("outputs"), resources.files("outputs.schema")
    files = [*_code("corpus"), *_code("parsers"), *_code("gongkai.batch")]
    files += [(f"outputs/{name}", (outputs / name).read_bytes()) for name in _ROW_MODULES]
    files += [(f"schema/{file.name}", file.read_bytes()) for file in schema.iterdir() if file.name.endswith(".py")]
    files += [
        (f"data/{file.name}", file.read_bytes())
        for file in resources.files("corpus.data").iterdir()
        if file.name.endswith(_DATA) and file.name not in MAPPING_FILES
    ]
    return files


def _code(package: str) -> list[tuple[str, bytes]]:
    folder: Traversable = resources.files(package)
    return [(f"{package}/{file.name}", file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".py")]
