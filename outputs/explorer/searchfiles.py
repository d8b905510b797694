"""What the search of a static site reads: an index in small files, which a script looks words up in.

- `index`: all agencies, the ids of all reports in order, which first characters there are words of, and which
  characters are spelled alike;
- `words/<code point>`: the words that begin with a character, each with the reports that have it;
- `report/<capture_id>`: the texts of a report, in which the script looks for what was asked and shows it.

Reports have numbers, from 0, in the order of the search: the newest year first.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from outputs.explorer import paths
from outputs.explorer.index.folding import spellings
from outputs.explorer.records import Answer, Desk, NotHereError

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_JSON = "application/json; charset=utf-8"
_OLD_FORMS = range(0x2E80, 0xFAFF)


def file_names(desk: Desk) -> Iterator[str]:
    """Yield the names of all files, without their ending."""
    yield "index"
    for code in _first_characters(desk.base):
        yield f"words/{code:x}"
    for row in desk.rows("SELECT capture_id FROM reports ORDER BY capture_id"):
        yield f"report/{row['capture_id']}"


def file(desk: Desk, name: str) -> Answer:
    """Return a file as JSON; raises NotHereError where there is none of that name."""
    kind, _, rest = name.partition("/")
    made = {"index": _index, "words": _words, "report": _report}.get(kind, _nothing)(desk, rest)
    if made is None:
        raise NotHereError(f"There is no file {paths.search_file(name)}.", "Search from the page of the search.")
    return Answer(json.dumps(made, ensure_ascii=False, separators=(",", ":")), _JSON)


def runs(numbers: Iterable[int]) -> str:
    """Write numbers, which rise, in few characters: gaps in base 36, with `.` and how many more follow without a gap.

    >>> runs([0, 1, 2, 7, 100])
    '0.2 4 2k'
    """
    parts: list[list[int]] = []
    last = -1
    for number in numbers:
        if parts and number == last + 1:
            parts[-1][1] += 1
        else:
            parts.append([number - last - 1, 0])
        last = number
    return " ".join(_base36(gap) + (f".{_base36(more)}" if more else "") for gap, more in parts)


def _base36(number: int) -> str:
    written = ""
    while number or not written:
        number, digit = divmod(number, len(_DIGITS))
        written = _DIGITS[digit] + written
    return written


def _nothing(_: Desk, __: str) -> None:
    return None


def _index(desk: Desk, _: str) -> dict[str, Any]:
    agencies = desk.rows(
        "SELECT p.agency_id, p.title, p.about, max(y.agency_level), min(y.report_year), max(y.report_year), "
        "sum(y.status = 'parsed') FROM passages p LEFT JOIN agency_years y USING (agency_id) WHERE kind = 'agency' "
        "GROUP BY passage_id ORDER BY passage_id"
    )
    reports = desk.rows("SELECT capture_id FROM passages WHERE kind = 'report' ORDER BY passage_id")
    return {
        "agencies": [list(row) for row in agencies],
        "reports": "".join(row["capture_id"] for row in reports),
        "first": "".join(map(chr, _first_characters(desk.base))),
        "same": [
            folded + "".join(char for char in chars if char != folded)
            for folded, chars in sorted(spellings().items())
            if ord(folded) in _OLD_FORMS
        ],
    }


def _words(desk: Desk, code: str) -> dict[str, str] | None:
    first = chr(int(code, 16))
    rows = desk.base.execute(
        "SELECT term, doc FROM search_words WHERE term >= ? AND term < ?", (first, chr(ord(first) + 1))
    )
    numbers = _report_numbers(desk.base)
    found: defaultdict[str, set[int]] = defaultdict(set)
    for term, passage in rows:
        found[term].add(numbers[passage])
    made = {term: runs(sorted(places - {-1})) for term, places in sorted(found.items())}
    return {term: places for term, places in made.items() if places} or None


def _report(desk: Desk, capture_id: str) -> dict[str, Any] | None:
    row = desk.row(
        "SELECT agency_id, coalesce(agency, agency_as_printed, '') AS agency, report_year, "
        "coalesce(title, '') AS title, is_current FROM reports WHERE capture_id = ?",
        capture_id,
    )
    if row is None:
        return None
    sections = desk.rows(
        "SELECT section_no, coalesce(number, '') || coalesce(title, ''), coalesce(text, '') FROM sections "
        "WHERE capture_id = ? ORDER BY section_no",
        capture_id,
    )
    return {**dict(row), "sections": [list(section) for section in sections]}


@lru_cache(maxsize=1)
def _report_numbers(base: sqlite3.Connection) -> Any:
    """The number of its report for each passage id, -1 for agencies."""
    rows = base.execute("SELECT passage_id, capture_id, kind FROM passages ORDER BY passage_id").fetchall()
    numbers = np.full(len(rows) + 1, -1, dtype=np.int32)
    of_capture: dict[str, int] = {}
    for passage, capture_id, kind in rows:
        if kind == "report":
            of_capture[capture_id] = len(of_capture)
        if kind != "agency":
            numbers[passage] = of_capture[capture_id]
    return numbers.tolist()


def _first_characters(base: sqlite3.Connection) -> Iterator[int]:
    """The code points that words begin with, in order: from each, the next one is looked up."""
    last = ""
    while True:
        row = base.execute(
            "SELECT term FROM search_words WHERE term >= ? ORDER BY term LIMIT 1", (_after(last),)
        ).fetchone()
        if row is None:
            return
        last = row[0]
        yield ord(last[0])


def _after(word: str) -> str:
    return chr(ord(word[0]) + 1) if word else ""
