"""The search in the words of a dataset: agencies by their names, reports by their titles, sections by their texts.

`passages` has a row for each of them, in the order in which equals are shown: agencies by level and region, then
reports and sections, the newest year first. `search` is an FTS5 table over them. What it is given to index are the
words of each text (see folding.words_of), parted by blanks; what it gives back are the texts as they were printed.
`search_characters` has the Chinese characters of each passage, for what stands in no dictionary: names of places, say.
"""

import sqlite3
from collections.abc import Callable

from outputs.agencyyears import LEVELS
from outputs.explorer.index.folding import characters_of, fold, joined, words_of

_BATCH_ROWS = 1_024
_HASH_BYTES = 64 << 20
"""What FTS5 holds in memory before it writes: fewer, larger parts are sooner put together."""

_LEVEL_ORDER = " ".join(f"WHEN '{level}' THEN {place}" for place, level in enumerate(LEVELS))

_TABLES = (
    """
    CREATE TABLE passages (
        passage_id INTEGER PRIMARY KEY, kind TEXT, agency_id TEXT, capture_id TEXT, section_no INTEGER,
        report_year INTEGER, about TEXT, title TEXT, FOREIGN KEY (capture_id) REFERENCES reports (capture_id))
    """,
    """
    CREATE VIEW passage_texts AS
    SELECT passage_id, kind, agency_id, p.capture_id, p.section_no, report_year, about, p.title, s.text
    FROM passages p LEFT JOIN sections s ON s.capture_id = p.capture_id AND s.section_no = p.section_no
    """,
    # all folding is done before: the tokenizer only parts at blanks, and keeps 33.9 whole
    """
    CREATE VIRTUAL TABLE search USING fts5(
        kind UNINDEXED, agency_id UNINDEXED, capture_id UNINDEXED, section_no UNINDEXED, report_year UNINDEXED,
        about, title, text, content='passage_texts', content_rowid='passage_id', tokenize="ascii tokenchars '.'")
    """,
    """
    CREATE VIRTUAL TABLE search_characters USING fts5(
        characters, content='', columnsize=0, detail=none, tokenize='ascii')
    """,
    "CREATE VIRTUAL TABLE search_words USING fts5vocab('search', 'instance')",
)
_SEARCHED = ("search", "search_characters")
_PASSAGES = (
    f"""
    INSERT INTO passages (kind, agency_id, about, title)
    SELECT 'agency', agency_id, (SELECT group_concat(DISTINCT agency_as_printed) FROM reports r
        WHERE r.agency_id = y.agency_id), coalesce(max(agency), agency_id)
    FROM (SELECT agency_id, agency, agency_level, region_code FROM agency_years
        UNION SELECT agency_id, agency, agency_level, region_code FROM reports WHERE agency_id IS NOT NULL) y
    GROUP BY agency_id ORDER BY CASE max(agency_level) {_LEVEL_ORDER} END, max(region_code), agency_id
    """,
    """
    INSERT INTO passages (kind, agency_id, capture_id, report_year, about, title)
    SELECT 'report', agency_id, capture_id, report_year,
        coalesce(agency, agency_as_printed, '') || ' ' || coalesce(report_year, ''), title
    FROM reports ORDER BY report_year DESC, is_current DESC, agency_id, capture_id
    """,
    """
    INSERT INTO passages (kind, agency_id, capture_id, section_no, report_year, about, title)
    SELECT 'section', agency_id, r.capture_id, section_no, report_year,
        coalesce(agency, agency_as_printed, '') || ' ' || coalesce(report_year, ''),
        nullif(coalesce(number, '') || coalesce(s.title, ''), '')
    FROM reports r JOIN sections s USING (capture_id)
    ORDER BY report_year DESC, is_current DESC, agency_id, r.capture_id, section_no
    """,
)


def load_search(base: sqlite3.Connection, tell: Callable[[int], None]) -> None:
    """Make `passages` and the search over them; `tell` hears of the passages of each batch."""
    for statement in (*_TABLES, *_PASSAGES, "CREATE INDEX passages_by_kind ON passages (kind)"):
        base.execute(statement)
    for name in _SEARCHED:
        base.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))
        base.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('automerge', 0)")
    rows = base.execute("SELECT passage_id, about, title, text FROM passage_texts ORDER BY passage_id")
    while batch := rows.fetchmany(_BATCH_ROWS):
        texts = [(number, *(joined(fold(text or "")) for text in texts)) for number, *texts in batch]
        base.executemany(
            "INSERT INTO search (rowid, about, title, text) VALUES (?, ?, ?, ?)",
            [(number, *(" ".join(words_of(text)) for text in folded)) for number, *folded in texts],
        )
        base.executemany(
            "INSERT INTO search_characters (rowid, characters) VALUES (?, ?)",
            [(number, " ".join(characters_of("".join(folded)))) for number, *folded in texts],
        )
        tell(len(batch))
    for name in _SEARCHED:
        base.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
