"""gongkai (公开, "to disclose"): Chinese annual reports on government information disclosure as one dataset.

>>> import gongkai
>>> report = gongkai.parse("report.html")  # doctest: +SKIP
>>> report.facts  # doctest: +SKIP
>>> dataset = gongkai.open_dataset("dataset")  # doctest: +SKIP
>>> dataset.reports[dataset.reports.is_current]  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gongkai.dataset import Dataset, open_dataset
    from gongkai.errors import DatasetError, GongkaiError, SourceError
    from gongkai.parsed import ParsedReport, parse

    __version__: str

__all__ = [
    "Dataset",
    "DatasetError",
    "GongkaiError",
    "ParsedReport",
    "SourceError",
    "__version__",
    "open_dataset",
    "parse",
]

_HOMES = {
    "Dataset": "gongkai.dataset",
    "DatasetError": "gongkai.errors",
    "GongkaiError": "gongkai.errors",
    "ParsedReport": "gongkai.parsed",
    "SourceError": "gongkai.errors",
    "open_dataset": "gongkai.dataset",
    "parse": "gongkai.parsed",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: pandas and lxml take longer to load than a page to read."""
    if name == "__version__":
        return import_module("gongkai.versions").gongkai_version()
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'gongkai' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
