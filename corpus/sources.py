"""Find the files of an archive: what to read, in which order, under which names, with which manifest.

The order and the names follow from the sources alone, not from the order they are given in or the file
system's. Every real file is read once, however many links or sources lead to it; a link that leads back up is
thereby harmless and gives nothing. What cannot be looked into becomes a failed capture.
"""

import os
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from corpus.captures import Capture, ManifestEntry
from corpus.errors import SourceError
from corpus.failures import Failure, failure_of_system
from corpus.manifest import MANIFEST_NAME, Manifest, ManifestLink, file_key, is_web_address, read_manifest
from corpus.places import Listed, Place, Status, exists, full_name, has_folders, is_local, listing, look, real_name
from corpus.sniff import name_role


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    `uri` is its name in the dataset, `size` its bytes, `given` whether it was named (as a source or in a
    manifest) rather than found in a folder; `entry` is what a manifest says of its path, `manifests` those
    that may know addresses inside it, the nearest first. `stamp` is another text once it was written anew.
    """

    path: Place
    uri: str
    size: int
    given: bool
    entry: ManifestEntry | None
    manifests: tuple[ManifestLink, ...]
    stamp: str = ""

    def entry_for(self, source_uri: str, captured_at: str) -> ManifestEntry | None:
        """Return what the nearest manifest says of an address, else what is said of the file."""
        for manifest in self.manifests:
            if entry := manifest.entry_for(source_uri, captured_at):
                return entry
        return self.entry


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What is to be read.

    `files` in reading order; `failures` for what cannot be; `awaited` the failures that hold unless a capture
    turns up that `answers` them (addresses that a manifest lists without a file of their own); `total_bytes` of
    the files.
    """

    files: tuple[SourceFile, ...]
    failures: tuple[Capture, ...]
    awaited: tuple[Capture, ...]
    total_bytes: int


def answers(captured_at: str, awaited: Capture) -> bool:
    """Tell whether a capture of an awaited address, of that moment, is what was awaited.

    Any capture is, unless the manifest tells what a collector met in place of that one moment's.
    """
    entry = awaited.manifest
    if entry is None or not (entry.outcome and entry.captured_at):
        return True
    return captured_at.startswith(entry.captured_at)


def plan_sources(sources: Sequence[Place]) -> SourcePlan:
    """Plan the reading of files, folders and archives.

    SourceError: `source_missing`, `nothing_to_read`, `manifest_as_source`, and what `read_manifest` raises.
    """
    walk = _Walk()
    labels = _labels(sorted(set(sources), key=str))
    for source, label in labels.items():
        walk.add(source, label)
    walk.follow_links()
    absent, awaited = walk.unmatched()
    failures = sorted([*walk.failures, *absent], key=lambda capture: capture.source_uri)
    if not (walk.files or failures or awaited):
        raise SourceError(
            "nothing_to_read",
            "no page and no archive was found",
            ", ".join(labels.values()) or "no source was given",
            "Give files or folders with HTML, MHTML, text or WARC.",
        )
    files = sorted(walk.files, key=lambda file: (file.uri, str(file.path)))
    return SourcePlan(tuple(files), tuple(failures), tuple(awaited), sum(file.size for file in files))


def _labels(sources: Sequence[Place]) -> dict[Place, str]:
    """Name every source: by its own name, or by its path as given where names meet.

    Two names meet when they are the same, or one is a folder on the way to the other.
    """
    full = {source: _text(full_name(source)) for source in sources}
    labels = {source: _text(source.name or PurePosixPath(real_name(source)).name) for source in sources}
    while True:
        count = Counter(labels.values())
        above = {name: [str(up) for up in PurePosixPath(name).parents if str(up) in count] for name in count}
        meet = {name for name in count if count[name] > 1 or above[name]}
        meet |= {up for name in meet for up in above[name]}
        better = {source: full[source] for source, name in labels.items() if name in meet}
        if all(labels[source] == name for source, name in better.items()):
            return labels
        labels |= better


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder on the walk: path, name in the dataset, real path, the manifests of it and above, inner first.

    A manifest comes with the name of its own folder.
    """

    path: Place
    uri: str
    real: str
    manifests: tuple[tuple[Manifest, str], ...]

    def entry(self, uri: str) -> ManifestEntry | None:
        """Return what the nearest manifest that lists the path says of it."""
        for manifest, folder in self.manifests:
            if entry := manifest.by_file.get(file_key(uri.removeprefix(folder))):
                return entry
        return None


@dataclass(slots=True)
class _Walk:
    """The walk over all sources, and what it found so far."""

    files: list[SourceFile] = field(default_factory=list)
    failures: list[Capture] = field(default_factory=list)
    _seen: dict[str, str] = field(default_factory=dict)  # real path to the name it is known by
    _names: set[str] = field(default_factory=set)
    _links: list[tuple[str, Place, _Folder]] = field(default_factory=list)
    _manifests: dict[str, tuple[tuple[Manifest, str], ...]] = field(default_factory=dict)
    _walked: list[tuple[Manifest, str]] = field(default_factory=list)

    def add(self, source: Place, label: str) -> None:
        """Take in one source; SourceError where there is none."""
        try:
            status = look(source)
        except FileNotFoundError as error:
            raise SourceError(
                "source_missing",
                "the source does not exist",
                str(source),
                "Check the path.",
            ) from error
        except OSError as error:
            if not is_local(source):
                raise _unreachable(source, error) from error
            self._fail(label, failure_of_system(error), None)
            return
        real = real_name(source)
        if status.kind == "folder":
            self._tree(_Folder(source, label, real, ()))
        elif source.name == MANIFEST_NAME:
            raise SourceError(
                "manifest_as_source",
                "a manifest is no page",
                str(source),
                "Give the folder that it stands in.",
            )
        else:
            uri = label.removesuffix(_text(source.name)).rstrip("/")
            folder = _Folder(source.parent, uri, "", self._manifest(source.parent, uri))
            self._file(folder, source, label, real, status, given=True)

    def follow_links(self) -> None:
        """Take in what symbolic links lead to, last of all, so that a real path wins over a link to it."""
        while self._links:
            batch, self._links = sorted(self._links, key=lambda link: link[0]), []
            for uri, path, folder in batch:
                try:
                    status, real = look(path), real_name(path)
                except OSError as error:
                    if _is_wanted(folder, uri):
                        self._fail(uri, failure_of_system(error), folder.entry(uri))
                    continue
                if status.kind == "folder":
                    self._tree(_Folder(path, uri, real, folder.manifests))
                elif _is_wanted(folder, uri):
                    self._file(folder, path, uri, real, status, given=False)

    def unmatched(self) -> tuple[list[Capture], list[Capture]]:
        """Return the failures for manifest rows without a page: certain, and waiting for an address."""
        absent: dict[str, Capture] = {}
        awaited: dict[str, Capture] = {}
        for manifest, folder in self._walked:
            for row in manifest.rows:
                path = f"{folder}/{row.file}"
                uri = row.entry.source_uri if is_web_address(row.entry.source_uri) else path
                capture = _absent(uri, row.entry, f"{manifest.name}, line {row.line}")
                if row.file and path not in self._names:
                    absent.setdefault(f"{path} {uri}", capture)
                elif row.inside or not row.file:
                    moment = row.entry.captured_at if row.entry.outcome else ""
                    awaited.setdefault(f"{uri} {moment}", capture)
        return list(absent.values()), list(awaited.values())

    def _tree(self, top: _Folder) -> None:
        """Take in a folder and all below it."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            if folder.real in self._seen:
                continue
            self._seen[folder.real] = folder.uri
            try:
                entries = listing(folder.path)
            except OSError as error:
                self._fail(folder.uri, failure_of_system(error), None)
                continue
            own = self._manifest(folder.path, folder.uri)
            self._walked += own
            waiting += self._entries(_Folder(folder.path, folder.uri, folder.real, own + folder.manifests), entries)

    def _entries(self, folder: _Folder, entries: Sequence[Listed]) -> Iterator[_Folder]:
        """Take in the files of a folder and yield the folders in it."""
        for entry in entries:
            path, uri = folder.path / entry.name, f"{folder.uri}/{_text(entry.name)}"
            if _is_clutter(entry.name):
                continue
            if entry.is_link:
                self._links.append((uri, path, folder))
            elif entry.is_folder:
                yield _Folder(path, uri, f"{folder.real}/{entry.name}", folder.manifests)
            elif _is_wanted(folder, uri):
                try:
                    status = entry.status or look(path)
                except OSError as error:
                    self._fail(uri, failure_of_system(error), folder.entry(uri))
                    continue
                self._file(folder, path, uri, f"{folder.real}/{entry.name}", status, given=False)

    def _file(
        self,
        folder: _Folder,
        path: Place,
        uri: str,
        real: str,
        status: Status,
        *,
        given: bool,
    ) -> None:
        """Take in one file, the first time that something leads to it."""
        self._names.add(uri)
        entry = folder.entry(uri)
        known = self._seen.setdefault(real, uri)
        if known != uri:
            # Read under its other name; only a line of a manifest would be lost without a word.
            if entry:
                self._fail(uri, ("duplicate", f"the same file as {known}", "Nothing to do."), entry)
        elif status.kind != "file":
            failure = ("crashed", "a device, pipe or socket, not a file", "Give the page as a file.")
            self._fail(uri, failure, entry)
        else:
            manifests = tuple(manifest.link for manifest, _ in folder.manifests if manifest.by_uri)
            given = given or entry is not None
            self.files.append(SourceFile(path, uri, status.size, given, entry, manifests, status.stamp))

    def _manifest(self, folder: Place, uri: str) -> tuple[tuple[Manifest, str], ...]:
        """Return the manifest of a folder with the folder's name in the dataset, or nothing."""
        key = f"{folder} {uri}"
        if key not in self._manifests:
            path = folder / MANIFEST_NAME
            name = f"{uri}/{MANIFEST_NAME}".lstrip("/")
            there = has_folders(path) and exists(path)
            self._manifests[key] = ((read_manifest(path, name), uri),) if there else ()
        return self._manifests[key]

    def _fail(self, uri: str, failure: Failure, entry: ManifestEntry | None) -> None:
        self._names.add(uri)
        self.failures.append(Capture(uri, b"", manifest=entry, failure=failure))


def _unreachable(source: Place, error: OSError) -> SourceError:
    """Say that another place does not let us look: nothing of it can be read, so that the run need not begin."""
    words = error.strerror or str(error)
    if isinstance(error, PermissionError):
        step = "Check the credentials of that place, and what they allow."
        return SourceError("place_forbidden", f"the place does not let us in ({words})", str(source), step)
    step = "Check the address, the network and the settings of that place."
    return SourceError("place_unreachable", f"the place cannot be reached ({words})", str(source), step)


def _is_wanted(folder: _Folder, uri: str) -> bool:
    """Tell whether a file in a folder is to be read: what serves pages is not, unless a manifest lists it."""
    return name_role(uri) not in ("side", "image") or folder.entry(uri) is not None


_ADD_PAGE = "Add the page, or correct or remove the line; the column file names the path of a page."


def _absent(uri: str, entry: ManifestEntry, where: str) -> Capture:
    """Return the failure for a page that is listed but not there: what its collector met, if the manifest says it.

    A manifest that calls it `ok` speaks of a page that was there once.
    """
    met = entry.outcome if entry.outcome != "ok" else ""
    detail = (met and entry.detail) or f"listed in {where}, but no such file"
    step = (met and entry.next_step) or _ADD_PAGE
    failure = (met or "empty", detail, step)
    return Capture(uri, b"", entry.captured_at, manifest=entry, failure=failure, absent=True)


def _is_clutter(name: str) -> bool:
    """Tell what systems and programs leave in folders: hidden files, thumbnails, lock files, the manifest."""
    return name.startswith((".", "~$")) or name in (MANIFEST_NAME, "__MACOSX", "Thumbs.db", "desktop.ini")


def _text(name: str) -> str:
    """Return a file name as text: composed, and read as GB18030 where its bytes are no UTF-8.

    Archives unpacked from Chinese systems carry such names; as they are they could not be written to a table.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        data = os.fsencode(name)
        try:
            name = data.decode("gb18030")
        except UnicodeDecodeError:
            name = data.decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", name)
