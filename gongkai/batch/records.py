"""What travels between the run, its workers and their reading processes: small records, counts instead of data."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # a process that reads single pages is to be there soon, and needs none of it
    from corpus.shards import Shard
    from outputs.rows import Versions


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take: seconds by the clock, and MB (2**20 bytes) of memory of the process that reads it."""

    seconds: float = 60
    memory_mb: int = 1024


@dataclass(frozen=True, slots=True)
class Engine:
    """Who reads: this process (`here`, where limits are not kept), processes of this machine, or a Dask cluster.

    `workers` are the processes to start, 0 for as many as there are cores; `scheduler` is the address of a cluster, ''
    to start one on this machine.
    """

    name: Literal["here", "local", "dask"] = "here"
    workers: int = 0
    scheduler: str = ""
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class ShardSpec:
    """A task: read this shard and put its rows into the store.

    `no` is its number in the run, `run` a token that no other run has; `reading` the digest of all that reads a page
    but the forms, which are in the versions; `store` the folder or address of finished shards; `keeping` whether to
    keep what was read. `former` names finished shards that held the same files, where pages may be found that were read
    before; without `reusing` nothing is looked for.
    """

    no: int
    run: str
    shard: "Shard"
    max_page_bytes: int
    versions: "Versions"
    reading: str
    store: str
    limits: Limits
    keeping: bool
    former: tuple[str, ...] = ()
    reusing: bool = True


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What came of a task, in counts: the rows themselves are in the store, under `name`.

    Of the `n_pages`, failures among them, `n_read` were parsed, `n_reused` had been read before, and `n_remapped` had
    too and were laid under other forms; `n_limited` met a limit; `is_former` says that all of it is a former run's.
    `next_offset` and `changed` are those of corpus.shards.ShardReader.
    """

    no: int
    name: str
    n_pages: int
    n_bytes: int
    n_read: int = 0
    n_reused: int = 0
    n_remapped: int = 0
    n_limited: int = 0
    next_offset: int | None = None
    changed: bool = False
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life: pages and bytes of the shard that are done, and whether a page is being read right now."""

    n_pages: int
    n_bytes: int
    in_page: bool


class Heard(Protocol):
    """Something that is told of every sign of life."""

    def __call__(self, beat: Beat) -> None:
        """Hear it."""
