"""Which finished shards held the files of a shard: where its pages may have been read before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from corpus.shards import Shard, Span


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a WARC that was read, and the shard that it was."""

    start: int
    end: int
    name: str


@dataclass(slots=True)
class Former:
    """What former runs read: for each file the names of the shards that held it, for a WARC by its parts."""

    _files: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _parts: defaultdict[str, list[_Part]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, notes: Iterable[dict[str, Any]], reading: str) -> "Former":
        """Learn from the notes of finished shards; those that were read otherwise than `reading` says have no say."""
        former = cls()
        for note in notes:
            if note.get("reading") != reading:
                continue
            name = note["name"].partition("-")[0]
            alone = (name,)  # one for all its files: there may be many
            for uri, start, end in note["spans"]:
                if end is not None:
                    former._parts[uri].append(_Part(start, end, name))
                else:
                    names = former._files.get(uri)
                    former._files[uri] = (*names, name) if names else alone
        return former

    def names(self, shard: Shard) -> tuple[str, ...]:
        """Return the names of what was read of shards that held files of this one, each once.

        Of a WARC it is the parts that lie where this one does, and those beside it: records may have moved a little.
        """
        found: dict[str, None] = {}
        for span in shard.spans:
            found |= dict.fromkeys(self._files.get(span.file.uri, ()))
            found |= dict.fromkeys(self._beside(span))
        return tuple(found)

    def _beside(self, span: Span) -> Iterable[str]:
        end = span.file.size if span.end is None else span.end
        reach = end - span.start
        for part in self._parts.get(span.file.uri, ()):
            if part.end > span.start - reach and part.start < end + reach:
                yield part.name
