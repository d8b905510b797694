"""Reads a plan in shards, as a run does: each from a copy that travelled, false cuts mended, captures in order."""

import pickle
from dataclasses import dataclass

from corpus.archive import MAX_PAGE_BYTES
from corpus.shards import ShardReader, cut_plan, joined, resolve_rest


@dataclass
class Part:
    """What came of a shard."""

    shard: object
    placed: list
    rest: bytes
    next_offset: int | None
    known: list
    digest: str
    changed: bool


@dataclass
class Whole:
    """What came of all."""

    captures: list
    parts: list

    @property
    def known(self):
        return [part.known for part in self.parts]

    @property
    def digests(self):
        return {part.digest for part in self.parts}


def read_shard(shard, limit=MAX_PAGE_BYTES):
    with ShardReader(pickle.loads(pickle.dumps(shard)), max_page_bytes=limit) as reader:
        placed = list(reader.captures())
        return Part(shard, placed, reader.rest, reader.next_offset, reader.known, reader.digest, reader.changed)


def read_sharded(plan, sizes=None, known=(), limit=MAX_PAGE_BYTES):
    shards, done = list(cut_plan(plan, known, sizes=sizes)), {}
    while new := [shard for shard in shards if shard not in done]:
        done |= {shard: read_shard(shard, limit) for shard in new}
        shards = joined([(shard, done[shard].next_offset) for shard in shards])
    parts = [done[shard] for shard in shards]
    placed = sorted((one for part in parts for one in part.placed), key=lambda one: (one.file_uri, one.place))
    rests = [part.rest for part in parts]
    return Whole([one.capture for one in placed] + list(resolve_rest(plan, lambda: rests)), parts)
