"""`run.json`: what was read, with what, and what came of it; no clock, no machine, no absolute path."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import Any

from outputs.directory import MADE_BY
from outputs.rows import Versions
from outputs.summary import Reused, Summary

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Run:
    """What a run was given.

    `libraries` are (name, version) pairs; `max_page_bytes` the limit of one page; `excel` says that the CSV files are
    meant for spreadsheets, see outputs.excel; `reused` what an earlier run had read already, None where nobody counted.
    """

    versions: Versions
    libraries: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    max_page_bytes: int
    excel: bool = False
    reused: Reused | None = None


def run_text(run: Run, summary: Summary, files: dict[str, dict[str, Any]]) -> str:
    """Return `run.json`. `files` holds `bytes` and `sha256` of each file by its name."""
    content = {
        "made_by": MADE_BY,
        "versions": {
            "gongkai": run.versions.gongkai,
            "parser": run.versions.parser,
            "forms": run.versions.forms,
            **dict(run.libraries),
        },
        "sources": [_source_name(source) for source in run.sources],
        "max_page_bytes": run.max_page_bytes,
        "excel": run.excel,
        **({"reused": asdict(run.reused)} if run.reused else {}),
        "rows": dict(summary.rows),
        "cells_mapped": summary.cells_mapped,
        "outcomes": _outcomes(summary),
        "checks": dict(summary.verdicts),
        "reports": [asdict(entry) for entry in summary.reports],
        "findings": [asdict(entry) for entry in summary.findings],
        "files": files,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def file_digests(folder: Path) -> dict[str, dict[str, Any]]:
    """Return size and SHA-256 of every file in the folder, by name."""
    return {path.name: _digest(path) for path in sorted(folder.iterdir())}


def _digest(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _source_name(source: str) -> str:
    """Source as given; of an absolute path its last part, so that the same run elsewhere gives the same."""
    path = PurePath(source)
    return path.name if path.is_absolute() else path.as_posix()


def _outcomes(summary: Summary) -> dict[str, int]:
    counts = {failure.outcome: failure.count for failure in summary.failures}
    return {"ok": summary.count("coverage") - sum(counts.values()), **dict(sorted(counts.items()))}
