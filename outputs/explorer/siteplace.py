"""Where a static site is written: nobody's files are overwritten, and its folder is exchanged as a whole."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from outputs.directory import MADE_BY
from outputs.errors import ExplorerError

SITE_FILE = ".gongkai-site.json"
"""In the folder of a site: who made it, and which files are its own."""


def check_place(target: Path, outside: Iterable[Path]) -> None:
    """Raise ExplorerError unless the folder is missing, empty, or a site by gongkai; it must lie in none of `outside`.

    Names that begin with a dot are the system's (`.git`, `.nojekyll`) and are left alone.
    """
    for folder in outside:
        if target.resolve().is_relative_to(folder.resolve()):
            raise ExplorerError(
                "inside_dataset",
                f"the site would be written into {folder}, which is read for it",
                str(target),
                "Name a folder outside of it with -o.",
            )
    if not target.exists():
        return
    if not target.is_dir():
        raise ExplorerError("not_a_folder", "the output is a file", str(target), "Name a folder for the site with -o.")
    own = _own_files(target)
    foreign = sorted(name for name in _files(target) if name not in own)
    if foreign:
        named = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3:,} more" if len(foreign) > 3 else "")
        raise ExplorerError(
            "foreign_files",
            "the output folder holds files that are no part of a site by gongkai",
            f"{target} ({named})",
            "Name an empty or new folder with -o, or move them away.",
        )


@contextmanager
def exchanging(target: Path) -> Iterator[Path]:
    """Yield a new folder beside the target, which takes its place when the `with` block ends well.

    What was there before then stays. Raises ExplorerError (`cannot_write`) where the system does not let it be.
    """
    place = target.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{place.name}-gongkai-", dir=place.parent))
        try:
            (work / "new").mkdir()
            yield work / "new"
            _exchange(work, place)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise ExplorerError(
            "cannot_write",
            f"the site cannot be written ({error.strerror or error})",
            str(target),
            "Make room or name another folder with -o; what was there is as it was.",
        ) from error


def sign(work: Path, files: Iterable[str]) -> None:
    """Write down which files are the site's own."""
    told = {"made_by": MADE_BY, "files": sorted(files)}
    (work / SITE_FILE).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _exchange(work: Path, place: Path) -> None:
    old = work / "old"
    if place.exists():
        place.rename(old)
    try:
        (work / "new").rename(place)
    except OSError:
        with suppress(OSError):
            old.rename(place)
        raise
    if old.exists():
        for kept in old.iterdir():
            if kept.name.startswith(".") and kept.name != SITE_FILE:
                kept.rename(place / kept.name)


def _own_files(target: Path) -> frozenset[str]:
    try:
        told = json.loads((target / SITE_FILE).read_text(encoding="utf-8"))
        return frozenset(map(str, told["files"])) if told["made_by"] == MADE_BY else frozenset()
    except (OSError, ValueError, LookupError, TypeError):
        return frozenset()


def _files(target: Path) -> Iterator[str]:
    """Names of all files below a folder, but for what lies in it under a name with a dot."""
    for folder, folders, files in os.walk(target):
        at_top = Path(folder) == target
        if at_top:
            folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (
            Path(folder, name).relative_to(target).as_posix() for name in files if not (at_top and name.startswith("."))
        )
