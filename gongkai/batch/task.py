"""The task: one shard is read, and its rows are put into the store under their name. Done twice, it is done once."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpus.captures import Capture
from corpus.shards import Placed, ShardReader
from gongkai.batch.naming import reading_name
from gongkai.batch.pages import PageAnswer, ReadPage, crash_of, page_key, remap_page
from gongkai.batch.readings import Readings, ReadingsWriter
from gongkai.batch.records import Beat, Heard, Limits, ShardResult, ShardSpec
from gongkai.batch.store import Store, open_store
from outputs.contract import ContractError
from outputs.directory import writing
from outputs.parts import PartWriter

REST_FILE = "rest"
"""Beside the rows of a shard: what the end of a run needs to know of it (corpus.rest)."""

_ROWS, _READINGS = "rows", "readings"
_COUNTS = ("n_pages", "n_bytes", "n_read", "n_reused", "n_remapped", "n_limited", "next_offset")


def run_shard(spec: ShardSpec, read: ReadPage, heard: Heard) -> ShardResult:
    """Read a shard, unless the store has it, and return what came of it in counts.

    A page that was read before, with this shard or a former one, is not read again: what was kept of it is laid under
    the forms as they are now. `heard` hears of every page that begins and ends. Raises DatasetError (`cannot_write`).
    """
    store = open_store(spec.store)
    with ShardReader(spec.shard, max_page_bytes=spec.max_page_bytes) as reader:
        reading, name = _names(spec, reader)
        for found in (name, _limited(name, spec.limits)):
            if note := store.note(found):
                return _former(note, found, spec, changed=reader.changed)
        with store.scratch() as scratch:
            readings = Readings(_kept(store, reading, spec, scratch), spec.versions.forms)
            result = _Making(spec, reader, scratch, readings).run(read, heard)
            reading, name = _names(spec, reader)  # bytes behind the shard may have had a say
            result = replace(result, name=_limited(name, spec.limits) if result.n_limited else name)
            if spec.keeping:
                store.add_kept(reading, scratch / _READINGS)
            store.add(result.name, scratch / _ROWS, asdict(result) | _about(spec, reader))
    return result


def _names(spec: ShardSpec, reader: ShardReader) -> tuple[str, str]:
    """The name of what is read of a shard, and that of its rows, which the forms have a say in."""
    reading = reading_name(reader.digest, spec.reading)
    return reading, f"{reading}-{spec.versions.forms}"


def _about(spec: ShardSpec, reader: ShardReader) -> dict[str, Any]:
    """What the note of a shard says beside the counts: who made it, how it was read, and of what."""
    return {"run": spec.run, "reading": spec.reading, "spans": reader.known}


def _kept(store: Store, reading: str, spec: ShardSpec, scratch: Path) -> Iterator[Path]:
    """Yield the files with what was read of the shard itself, and of former ones that held its files."""
    for name in dict.fromkeys((reading, *spec.former)) if spec.reusing else ():
        if file := store.kept(name, scratch):
            yield file


def _limited(name: str, limits: Limits) -> str:
    """The name of a shard with a page that met a limit: with other limits it is to be read again."""
    return f"{name}-{limits.seconds:g}s-{limits.memory_mb}mb"


def _former(note: dict[str, Any], name: str, spec: ShardSpec, *, changed: bool) -> ShardResult:
    """What came of a shard that is in the store: perhaps of this very run, when a worker was lost after its work."""
    counts = {key: note[key] for key in _COUNTS}
    return ShardResult(spec.no, name, **counts, changed=changed, is_former=note["run"] != spec.run)


@dataclass(slots=True)
class _Making:
    """A shard that is being made, and what came of it so far."""

    spec: ShardSpec
    reader: ShardReader
    scratch: Path
    former: Readings
    n_pages: int = 0
    n_bytes: int = 0
    n_read: int = 0
    n_reused: int = 0
    n_remapped: int = 0
    n_limited: int = 0

    def run(self, read: ReadPage, heard: Heard) -> ShardResult:
        with (
            writing(self.spec.store),
            PartWriter(self.scratch / _ROWS, self.spec.versions) as rows,
            ReadingsWriter(self.scratch / _READINGS, self.spec.versions.forms) as readings,
        ):
            for placed in self.reader.captures():
                key = page_key(placed.capture, self.spec.reading)
                answer = self._answer(placed.capture, key, read, heard)
                _add(rows, placed, answer)
                if answer.kept:
                    readings.add(key, answer.kept)
                self.n_pages += 1
                self.n_bytes += len(placed.capture.data)
                heard(Beat(self.n_pages, self.n_bytes, in_page=False))
            rows.finish()
            (self.scratch / _ROWS / REST_FILE).write_bytes(self.reader.rest)
        return ShardResult(
            self.spec.no,
            "",
            self.n_pages,
            self.n_bytes,
            self.n_read,
            self.n_reused,
            self.n_remapped,
            self.n_limited,
            self.reader.next_offset,
            self.reader.changed,
        )

    def _answer(self, capture: Capture, key: bytes, read: ReadPage, heard: Heard) -> PageAnswer:
        if capture.failure is not None:
            return PageAnswer(None, capture.failure)
        heard(Beat(self.n_pages, self.n_bytes, in_page=True))
        if (former := self.former.find(key)) and (answer := remap_page(capture, former.kept)):
            is_as_it_was = former.forms == self.spec.versions.forms
            self.n_reused += is_as_it_was
            self.n_remapped += not is_as_it_was
            return answer
        answer = read(capture, keeping=self.spec.keeping)
        self.n_read += 1
        self.n_limited += answer.limited
        return answer


def _add(rows: PartWriter, placed: Placed, answer: PageAnswer) -> None:
    where = (placed.file_uri, placed.place)
    if answer.report is None:
        assert answer.failure is not None
        rows.add_failure(placed.capture, answer.failure, *where)
        return
    try:
        rows.add(placed.capture, answer.report, *where)
    except ContractError as error:
        rows.add_failure(placed.capture, crash_of(error), *where)
