"""What reads the pages: versions of gongkai, of its knowledge, of the libraries a result depends on."""

import hashlib
import platform
from functools import cache
from importlib import metadata, resources

_LIBRARIES = (
    "beautifulsoup4",
    "datasketch",
    "duckdb",
    "fastwarc",
    "jieba",
    "lxml",
    "OpenCC",
    "pyarrow",
    "rapidfuzz",
    "regex",
)
"""Libraries that take part in reading a page or in writing the files."""

_DIGEST_LENGTH = 12


def gongkai_version() -> str:
    """Return the version of the installed package."""
    return metadata.version("gongkai")


def libraries() -> tuple[tuple[str, str], ...]:
    """Return (name, version) of Python and of the libraries, sorted by name."""
    found = [(name.lower(), metadata.version(name)) for name in _LIBRARIES]
    return tuple(sorted([*found, ("python", platform.python_version())]))


@cache
def forms_digest() -> str:
    """Return a digest of the forms, labels and registries: it changes when a page may be read differently."""
    digest = hashlib.sha256()
    files = resources.files("corpus.data").iterdir()
    for file in sorted(files, key=lambda entry: entry.name):
        if file.name.endswith((".csv", ".txt")):
            content = file.read_bytes()
            digest.update(f"{file.name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:_DIGEST_LENGTH]
