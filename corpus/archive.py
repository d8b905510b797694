"""Read archives: files, folders, WARC, WACZ, MHTML and gzip files become one stream of captures.

`read_captures` is the entry; corpus.shards reads the same in parts. Everything that is asked for gives a capture: a
page, or a failure that says why there is none. Only what serves a page (pictures, styles, scripts, data beside it) is
passed over. One page is in memory at a time, and none that is larger than the limit.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from corpus import filereading
from corpus.captures import Capture
from corpus.filereading import read_one
from corpus.places import Place, opened
from corpus.rest import RestStore, resolve_rest
from corpus.sources import SourceFile, SourcePlan, plan_sources
from corpus.visits import Visits

__all__ = [
    "MAX_PAGE_BYTES",
    "SourceFile",
    "SourcePlan",
    "is_container",
    "plan_sources",
    "read_captures",
    "read_file",
    "read_plan",
    "read_plan_files",
]

MAX_PAGE_BYTES = 32 * 2**20
"""The most bytes of one page. Reports exported from Word, with one span a character, reach about 350 KB."""


def read_captures(sources: Sequence[Place], *, max_page_bytes: int = MAX_PAGE_BYTES) -> Iterator[Capture]:
    """Yield every capture of the sources, ordered by file name and by place in the file.

    SourceError is raised at the call, before anything is read (see `plan_sources`); after that nothing is
    raised: what cannot be read is a capture with a failure.
    """
    return read_plan(plan_sources(sources), max_page_bytes=max_page_bytes)


def read_plan(plan: SourcePlan, *, max_page_bytes: int = MAX_PAGE_BYTES) -> Iterator[Capture]:
    """Yield the captures of a plan: those of the files in order, then the failures."""
    return (capture for _, capture in read_plan_files(plan, max_page_bytes=max_page_bytes))


def read_plan_files(
    plan: SourcePlan, *, max_page_bytes: int = MAX_PAGE_BYTES
) -> Iterator[tuple[SourceFile | None, Capture]]:
    """Yield the same captures, each with the file that it was read from; None where it is of no one file."""
    visits = Visits()
    with RestStore() as rests:
        for file in plan.files:
            for placed in read_one(file, partial(opened, file.path), limit=max_page_bytes, visits=visits):
                yield file, placed.capture
                if visits.is_full:
                    rests.add(visits.take())
        rests.add(visits.take())
        yield from ((None, capture) for capture in resolve_rest(plan, rests))


def read_file(file: SourceFile, *, max_page_bytes: int = MAX_PAGE_BYTES) -> Iterator[Capture]:
    """Yield the captures of one file: one, many for an archive, none for a picture that lies beside pages."""
    return read_plan(SourcePlan((file,), (), (), file.size), max_page_bytes=max_page_bytes)


def is_container(file: SourceFile) -> bool:
    """Tell whether a file is a web archive (WARC, WACZ) rather than a page; one that cannot be opened is none."""
    return filereading.is_container(file, partial(opened, file.path))
