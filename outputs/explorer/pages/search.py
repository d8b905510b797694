"""Search in agencies, titles and the text of reports; on a static site a script searches files that are made here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from outputs.explorer import paths, searchfiles
from outputs.explorer.index.search import KINDS, SECONDS, WEIGHED_MOST, Found, Kind, search
from outputs.explorer.index.snippets import Marked, marked, snippet
from outputs.explorer.index.terms import LONGEST, Term
from outputs.explorer.paging import Part, part_of
from outputs.explorer.records import Answer, Asked, Desk
from outputs.explorer.records import Kind as PageKind
from outputs.explorer.rendering import page

PAGE_HITS = 20
"""Hits on a page."""

FIRST_HITS = 6
"""Agencies and reports that stand before the sections; a link leads to all of them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage as it is shown: where it leads, its name with what was found, and the words around."""

    path: str
    anchor: str
    name: Marked
    agency: str
    agency_id: str
    report_year: int | None
    words: Marked
    level: str = ""
    first_year: int | None = None
    last_year: int | None = None
    n_reports: int = 0
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class Hits:
    """The part of what was found of one kind that a page shows."""

    kind: Kind
    part: Part
    rows: Sequence[Hit]


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return what was found; how to search, where nothing was asked for."""
    if name := asked.parts.get("file"):
        return searchfiles.file(desk, name)
    if desk.addresses.is_site:
        return page(desk, "search.html.jinja", question="", found=None, hits=(), only="", longest=LONGEST)
    question = asked.first("q").encode(errors="replace").decode().strip()
    only = asked.first("in")
    if only not in KINDS:
        only = ""
    found = search(desk.base, question) if question else None
    return page(
        desk,
        "search.html.jinja",
        question=question[:LONGEST],
        found=found,
        hits=_hits(desk, found, only, asked.first("page", "1")) if found else (),
        only=only,
        longest=LONGEST,
        weighed_most=WEIGHED_MOST,
        seconds=SECONDS,
    )


def _hits(desk: Desk, found: Found, only: str, number: str) -> list[Hits]:
    """What a page shows: of one kind a page, else the first agencies and reports before a page of sections."""
    shown: list[Hits] = []
    for kind in KINDS:
        if only not in {"", kind}:
            continue
        is_paged = kind in {only, "section"}
        total = len(found.places[kind])
        wanted = number if is_paged and number.isascii() and number.isdigit() and len(number) < len("1000000") else 1
        part = part_of(wanted, PAGE_HITS if is_paged else FIRST_HITS, total)
        numbers = found.places[kind][part.skipped : part.skipped + part.size]
        shown.append(Hits(kind, part, [_SHOWN[kind](desk, each, found.terms) for each in numbers]))
    return shown


def _agency(desk: Desk, number: int, terms: Sequence[Term]) -> Hit:
    row = desk.row(
        "SELECT p.agency_id, p.title, p.about, max(y.agency_level) AS level, min(y.report_year) AS first_year, "
        "max(y.report_year) AS last_year, sum(y.status = 'parsed') AS n_reports "
        "FROM passages p LEFT JOIN agency_years y USING (agency_id) WHERE passage_id = ?",
        number,
    )
    assert row is not None
    others = [name for name in (row["about"] or "").split(",") if name and name != row["title"]]
    return Hit(
        paths.agency(row["agency_id"]),
        "",
        marked(row["title"], terms),
        row["title"],
        row["agency_id"],
        None,
        marked("、".join(others), terms),
        row["level"] or "",
        row["first_year"],
        row["last_year"],
        row["n_reports"] or 0,
    )


def _report(desk: Desk, number: int, terms: Sequence[Term]) -> Hit:
    row = desk.row(
        "SELECT r.*, coalesce(agency, agency_as_printed) AS name FROM passages p JOIN reports r USING (capture_id) "
        "WHERE passage_id = ?",
        number,
    )
    assert row is not None
    return Hit(
        paths.report(row["capture_id"]),
        "",
        marked(row["title"] or row["source_uri"], terms),
        row["name"] or "",
        row["agency_id"] or "",
        row["report_year"],
        (),
        is_current=bool(row["is_current"]),
    )


def _section(desk: Desk, number: int, terms: Sequence[Term]) -> Hit:
    row = desk.row(
        "SELECT p.title, p.text, p.section_no, r.capture_id, r.agency_id, r.report_year, r.is_current, "
        "coalesce(r.agency, agency_as_printed) AS name FROM passage_texts p JOIN reports r USING (capture_id) "
        "WHERE passage_id = ?",
        number,
    )
    assert row is not None
    return Hit(
        paths.report(row["capture_id"]),
        paths.section_anchor(row["section_no"]),
        marked(row["title"] or "", terms),
        row["name"] or "",
        row["agency_id"] or "",
        row["report_year"],
        snippet(row["text"] or "", terms),
        is_current=bool(row["is_current"]),
    )


_SHOWN = {"agency": _agency, "report": _report, "section": _section}


def _paths(desk: Desk) -> Iterator[str]:
    yield paths.SEARCH
    yield from map(paths.search_file, searchfiles.file_names(desk))


KIND = PageKind("search", r"search(?:/(?P<file>index|words/[0-9a-f]{1,6}|report/[0-9a-f]+)\.json)?", answer, _paths)
