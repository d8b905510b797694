"""The archived pages of a dataset for its explorer: kept beside the index, marked and made harmless when asked for."""

import hashlib
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from corpus.archive import plan_sources
from gongkai.batch.naming import stamp
from gongkai.counting import Count
from gongkai.pagestore import Source, StoredPage, open_pages, run_of, sources_of, stored_page
from outputs.explorer.archived.harmless import make_harmless
from outputs.explorer.records import ArchivedPage, NoPage, Place
from outputs.explorer.wording import plain
from outputs.frames import read_dataset
from parsers.marking import mark

_PAGES_IN_MEMORY = 64


def open_shelf(folder: Path, archives: Sequence[Path] = (), *, watch: Count | None = None) -> "PageShelf":
    """Return the archived pages of the dataset in a folder.

    The first time they are read from the sources that the dataset was built from, or from `archives` in their place;
    `watch` hears of it. A source that is not there any more is no error, but what its pages say of themselves. Raises
    DatasetError where there is no dataset or nothing can be written, SourceError where an archive that was given cannot
    be read.
    """
    read_dataset(folder)
    if archives:
        plan_sources(archives)
    sources = [Source(str(path), path) for path in archives] or sources_of(folder)
    return PageShelf(folder, open_pages(folder, sources, watch), sources)


class PageShelf:
    """Archived pages by the ids of their captures; the last ones asked for stay in memory."""

    def __init__(self, folder: Path, file: Path, sources: Sequence[Source]) -> None:
        """`file` holds the pages (see gongkai.pagestore), `sources` tell why one is not there."""
        versions, now = run_of(folder)["versions"], stamp()
        self._may_mark = (versions.get("parser"), versions.get("forms")) == (now.parser, now.forms)
        self._file = file
        self._sources = sources
        self._made = lru_cache(_PAGES_IN_MEMORY)(self._make)

    def page(self, capture_id: str, places: Sequence[Place]) -> ArchivedPage | NoPage:
        """Return an archived page with the places marked, or why there is none. Raises nothing."""
        return self._made(capture_id, tuple(places))

    def _make(self, capture_id: str, places: tuple[Place, ...]) -> ArchivedPage | NoPage:
        try:
            stored = stored_page(self._file, capture_id)
        except (ValueError, sqlite3.Error):
            return self._changed()
        if stored is None:
            return self._no_page()
        digest = hashlib.sha256(stored.data).hexdigest()
        if digest[: len(capture_id)] != capture_id:
            return self._changed()
        try:
            return self._shown(stored, digest, places)
        except Exception as error:  # noqa: BLE001  a page may be anything, and the others must be shown
            reason = f"{type(error).__name__}: {error}"[:200]
            return NoPage(plain("archived.crashed", reason=reason), plain("archived.crashed_do"))

    def _shown(self, stored: StoredPage, digest: str, places: tuple[Place, ...]) -> ArchivedPage:
        """Mark a page and make it harmless, without the marks that do not come out right."""
        left = list(places) if self._may_mark else []
        page = make_harmless(mark(stored.data, left, media_type=stored.media_type, charset=stored.charset))
        while page.wrong:
            left = [place for place in left if place.anchor in page.anchors]
            page = make_harmless(mark(stored.data, left, media_type=stored.media_type, charset=stored.charset))
        unmarked = frozenset(place.anchor for place in places) - page.anchors
        remark = "" if self._may_mark else plain("archived.other_version")
        return ArchivedPage(page.html, page.anchors, unmarked, digest, len(stored.data), remark)

    def _changed(self) -> NoPage:
        return NoPage(plain("archived.changed"), plain("archived.changed_do", file=self._file))

    def _no_page(self) -> NoPage:
        lost = [source.name for source in self._sources if source.path is None]
        what = "archived.gone" if lost else "archived.lacks"
        named = ", ".join(lost or [source.name for source in self._sources])
        return NoPage(plain(what, path=named), plain("archived.gone_do"))
