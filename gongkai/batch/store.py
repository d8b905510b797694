"""Finished shards of an output: each under the name of its input and its way of reading, whole or not there at all.

A shard is a folder with the files of outputs.parts and a note in JSON, which is written last. What was read of its
pages lies beside it, under a name without the forms, as long as somebody wants it for other forms. All of it may be
deleted at any time: then it is made again.
"""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import fsspec

from corpus.manifest import is_web_address
from outputs.directory import writing

STORE = ".gongkai-shards"
"""The folder in the output where finished shards are kept."""

_NOTE = "note.json"
_KEPT = ".kept"
_UNFINISHED = ".unfinished-"


class Store(Protocol):
    """Where finished shards are. Names are those of gongkai.batch.naming; DatasetError where it cannot be written."""

    def note(self, name: str) -> dict[str, Any] | None:
        """Return the note of a finished shard, None where there is none."""

    def notes(self) -> list[dict[str, Any]]:
        """Return the notes of all finished shards, ordered by their names."""

    def kept(self, name: str, scratch: Path) -> Path | None:
        """Return the file with what was read of a shard, on this machine; None where it is not kept."""

    def add(self, name: str, folder: Path, note: dict[str, Any]) -> None:
        """Take in a finished shard; the folder is on the disk of `scratch` and is moved away."""

    def add_kept(self, name: str, file: Path) -> None:
        """Take in what was read of a shard."""

    def folder(self, name: str, scratch: Path) -> Path:
        """Return the folder of a finished shard on this machine."""

    def keep_only(self, names: Collection[str]) -> None:
        """Remove all shards but these, and what was read of others."""

    def scratch(self) -> Any:
        """Yield a folder on this machine for a shard that is being made."""


def open_store(place: str) -> Store:
    """Return the store in a folder or at an address that fsspec knows."""
    return _FarStore(place) if is_web_address(place) else _NearStore(Path(place))


class _NearStore:
    """In a folder: a shard is made under another name and renamed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, name: str) -> dict[str, Any] | None:
        try:
            return _noted((self._folder / name / _NOTE).read_bytes())
        except OSError:
            return None

    def notes(self) -> list[dict[str, Any]]:
        names = sorted(path.parent.name for path in self._folder.glob(f"*/{_NOTE}"))
        return [note for name in names if (note := self.note(name))]

    def kept(self, name: str, scratch: Path) -> Path | None:  # noqa: ARG002  a store elsewhere needs it
        file = self._folder / (name + _KEPT)
        return file if file.exists() else None

    def add(self, name: str, folder: Path, note: dict[str, Any]) -> None:
        with writing(self._folder):
            (folder / _NOTE).write_text(json.dumps(note), encoding="utf-8")
            try:
                folder.rename(self._folder / name)
            except OSError:
                # another worker was quicker, with the same bytes; or one that was killed left half of it
                if self.note(name) is None:
                    shutil.rmtree(self._folder / name, ignore_errors=True)
                    folder.rename(self._folder / name)

    def add_kept(self, name: str, file: Path) -> None:
        with writing(self._folder):
            file.replace(self._folder / (name + _KEPT))

    def folder(self, name: str, scratch: Path) -> Path:  # noqa: ARG002  as above
        return self._folder / name

    def keep_only(self, names: Collection[str]) -> None:
        for path in self._folder.iterdir() if self._folder.exists() else ():
            if path.name.removesuffix(_KEPT) in names:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        if not names:
            shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        folder = self._folder / f"{_UNFINISHED}{os.getpid()}-{secrets.token_hex(4)}"
        with writing(self._folder):
            folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _FarStore:
    """At an address: files are copied there, the note last."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._system, self._root = fsspec.url_to_fs(self._address)

    def note(self, name: str) -> dict[str, Any] | None:
        try:
            return _noted(self._system.cat_file(f"{self._root}/{name}/{_NOTE}"))
        except OSError:
            return None

    def notes(self) -> list[dict[str, Any]]:
        self._system.invalidate_cache()
        paths = self._system.glob(f"{self._root}/*/{_NOTE}")
        found = self._system.cat(paths, on_error="omit") if paths else {}
        return [note for path in sorted(found) if (note := _noted(found[path]))]

    def kept(self, name: str, scratch: Path) -> Path | None:
        file = scratch / (name + _KEPT)
        try:
            self._system.get_file(f"{self._root}/{name}{_KEPT}", str(file))
        except OSError:
            file.unlink(missing_ok=True)
            return None
        return file

    def add(self, name: str, folder: Path, note: dict[str, Any]) -> None:
        with writing(self._address):
            self._system.makedirs(f"{self._root}/{name}", exist_ok=True)
            for file in sorted(folder.iterdir()):
                self._system.put_file(str(file), f"{self._root}/{name}/{file.name}")
            self._system.pipe_file(f"{self._root}/{name}/{_NOTE}", json.dumps(note).encode())

    def add_kept(self, name: str, file: Path) -> None:
        with writing(self._address):
            self._system.makedirs(self._root, exist_ok=True)
            self._system.put_file(str(file), f"{self._root}/{name}{_KEPT}")

    def folder(self, name: str, scratch: Path) -> Path:
        folder = scratch / name
        with writing(scratch):
            folder.mkdir(parents=True, exist_ok=True)
        for path in self._system.ls(f"{self._root}/{name}", detail=False):
            file = folder / path.rsplit("/", 1)[-1]
            if file.name != _NOTE:
                self._system.get_file(path, str(file))
        return folder

    def keep_only(self, names: Collection[str]) -> None:
        self._system.invalidate_cache()
        for path in self._system.ls(self._root, detail=False) if self._system.exists(self._root) else ():
            if path.rstrip("/").rsplit("/", 1)[-1].removesuffix(_KEPT) not in names:
                self._system.rm(path, recursive=True)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
            yield Path(folder)


def _noted(data: bytes) -> dict[str, Any] | None:
    try:
        note = json.loads(data)
    except ValueError:  # cut by a machine that went down
        return None
    return note if isinstance(note, dict) else None
