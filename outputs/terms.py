"""Telling terms of the reports, and which of them came, went, rose and fell from one year to the next.

Two passes, of which the first alone reads text: it cuts every current report into terms and writes their counts to
disk; DuckDB then weighs, ranks and compares them there. In memory are one agency's reports and the dictionary of
jieba; a million reports of 2,000 characters take 1 to 3 GB of counts on disk.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from outputs.collect import write_query
from outputs.database import database
from outputs.history import Agency
from outputs.prose import Part, parts
from outputs.scratch import ScratchTable, quoted, stretch_name, view
from outputs.step import Step
from outputs.telling import own_places, terms

TERMS_PER_SECTION = 20
"""Terms that are kept of a section, those with the largest weight; of the whole report twice as many."""

COMMON_SHARE = 0.5
"""A term that more than this share of the reports have tells nothing of any of them; such terms make trends alone."""

CHANGED_COUNT = 2
"""A term is new in an agency's report when it stands in it so often, and not once in the year before."""

RISING_COUNT = 3
RISING_RATIO = 2
"""A term rises when it stands in the report so much more often, and its share of the report's terms is so many times
what it was; it falls when the same holds the other way round."""

TREND_REPORTS = 3
TREND_SHARE = 0.05
"""Among agencies of one level a term rises or falls when so many more or fewer of their reports have it, and this share
of all of them; it is new or has vanished when it came to, or went from, so many reports."""

WHOLE = "all"
UNLISTED = "unlisted"
"""What stands for the whole report, and for sections whose subject is in no list."""

_COUNTS = pa.schema(
    [
        ("capture_id", pa.string()),
        ("report_year", pa.int32()),
        ("agency_level", pa.string()),
        ("section", pa.string()),
        ("term", pa.string()),
        ("n", pa.int32()),
    ]
)
_PAIRS = pa.schema(
    [
        ("agency_id", pa.string()),
        ("report_scope", pa.string()),
        ("agency_level", pa.string()),
        ("year", pa.int32()),
        ("before", pa.string()),
        ("after", pa.string()),
    ]
)


@contextmanager
def _read(scratch: Path, stretch: int) -> Iterator[Callable[[Agency], None]]:
    counts, pairs = _folders(scratch)
    with (
        ScratchTable(counts, _COUNTS, stretch_name(stretch)) as counted,
        ScratchTable(pairs, _PAIRS, stretch_name(stretch)) as paired,
    ):

        def read(agency: Agency) -> None:
            for report in agency.current:
                level = report.agency_level or "unknown"
                found = _counted(agency.parts(report.capture_id), report.agency or "")
                for section, terms_of in found.items():
                    for term, n in terms_of.items():
                        counted.add((report.capture_id, report.report_year, level, section, term, n))
            for row in _pair_rows(agency):
                paired.add(row)

        yield read


def _write(folder: Path, scratch: Path) -> None:
    counts, pairs = _folders(scratch)
    with database(scratch / "spill-terms", memory_mb=_megabytes(len(list(counts.iterdir())))) as base:
        view(base, "all_counts", counts)
        view(base, "pairs", pairs)
        base.execute(_DOCUMENTS)
        # a report is in one stretch, and so is the one of the year before: there they can be ranked and compared
        by_stretch = [quoted(path) for path in sorted(counts.iterdir())]
        for table, query in (("terms", _TERMS), ("term_changes", _CHANGES)):
            queries = (query.format(counts=f"read_parquet({path})") for path in by_stretch)
            write_query(base, queries, table, folder, scratch)
        write_query(base, [_TRENDS.format(counts="all_counts")], "term_trends", folder, scratch)


def _megabytes(n_stretches: int) -> int:
    """What the database may hold: the joins of all reports at once spill, but cannot do with less than a share of them.

    160 MB did for 24 stretches, and not for 314.
    """
    return 160 + 2 * max(n_stretches - 64, 0)


TERMS = Step("terms", tables=("sections",), read=_read, write=(_write,))
"""Write `terms`, `term_changes` and `term_trends`, of current reports only."""


def count_terms(sections: list[Any], agency: str) -> dict[str, Counter[str]]:
    """How often each term stands in each section of a report, and in the whole of it (`all`)."""
    return _counted(parts(sections), agency)


def _counted(found_parts: list[Part], agency: str) -> dict[str, Counter[str]]:
    places = own_places(agency)
    found: dict[str, Counter[str]] = {WHOLE: Counter()}
    for part in found_parts:
        counted = Counter(terms(part.text, places))
        found[WHOLE].update(counted)
        found.setdefault(part.canonical or UNLISTED, Counter()).update(counted)
    return found


def _folders(scratch: Path) -> tuple[Path, Path]:
    return scratch / "term-counts", scratch / "term-pairs"


def _pair_rows(agency: Agency) -> Iterator[tuple[Any, ...]]:
    for before, after in agency.pairs():
        level = after.agency_level or "unknown"
        yield agency.agency_id, after.report_scope, level, after.report_year, before.capture_id, after.capture_id


# How many reports have a section, and a term in it: of all reports, and of those of one year and level.
_DOCUMENTS = """
CREATE TABLE sized AS
    SELECT section, report_year, agency_level, count(DISTINCT capture_id) AS n FROM all_counts GROUP BY ALL;
CREATE TABLE held AS
    SELECT section, term, report_year, agency_level, count(*) AS n, sum(n) AS times FROM all_counts GROUP BY ALL;
CREATE TABLE sized_all AS SELECT section, sum(n)::BIGINT AS n FROM sized GROUP BY ALL;
CREATE TABLE held_all AS
    SELECT section, term, sum(n)::BIGINT AS n, sum(times)::BIGINT AS times FROM held GROUP BY ALL;
"""

# A term that stands once in the whole dataset is as likely a name or a slip.
_TERMS = f"""
WITH weighed AS (
    SELECT c.*, h.n AS document_frequency, s.n AS n_documents,
        round((1 + ln(c.n)) * ln(s.n / h.n), 4) AS weight
    FROM {{counts}} c
    JOIN held_all h USING (section, term)
    JOIN sized_all s USING (section)
    JOIN held_all w ON w.section = '{WHOLE}' AND w.term = c.term
    WHERE w.times > 1 AND h.n <= {COMMON_SHARE} * s.n
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY capture_id, section ORDER BY weight DESC, n DESC, length(term) DESC, term
    ) AS place
    FROM weighed
)
SELECT r.capture_id, r.section, r.term, r.place, r.n, r.weight::DECIMAL(18, 4),
    r.report_year, r.agency_level, r.document_frequency, r.n_documents, h.n, s.n
FROM ranked r
JOIN held h ON h.section = r.section AND h.term = r.term
    AND h.report_year IS NOT DISTINCT FROM r.report_year AND h.agency_level = r.agency_level
JOIN sized s ON s.section = r.section
    AND s.report_year IS NOT DISTINCT FROM r.report_year AND s.agency_level = r.agency_level
WHERE r.place <= CASE r.section WHEN '{WHOLE}' THEN {2 * TERMS_PER_SECTION} ELSE {TERMS_PER_SECTION} END
"""

# Every term of either report of a pair, with its count in both.
_PAIRED = f"""
    SELECT agency_id, report_scope, agency_level, year, before, after, term,
        coalesce(max(n) FILTER (WHERE NOT later), 0) AS n_before, coalesce(max(n) FILTER (WHERE later), 0) AS n_after
    FROM (
        SELECT p.*, c.term, c.n, false AS later FROM pairs p JOIN {{counts}} c ON c.capture_id = p.before
        WHERE c.section = '{WHOLE}'
        UNION ALL
        SELECT p.*, c.term, c.n, true AS later FROM pairs p JOIN {{counts}} c ON c.capture_id = p.after
        WHERE c.section = '{WHOLE}'
    )
    GROUP BY ALL
"""

_CHANGES = f"""
WITH paired AS ({_PAIRED}),
lengths AS (SELECT capture_id, sum(n) AS total FROM {{counts}} WHERE section = '{WHOLE}' GROUP BY ALL),
shares AS (
    SELECT p.*, 1000 * n_before / b.total AS share_before, 1000 * n_after / a.total AS share_after
    FROM paired p JOIN lengths b ON b.capture_id = p.before JOIN lengths a ON a.capture_id = p.after
    JOIN held_all h ON h.section = '{WHOLE}' AND h.term = p.term
    JOIN sized_all s ON s.section = '{WHOLE}'
    WHERE h.n <= {COMMON_SHARE} * s.n
),
judged AS (
    SELECT *, CASE
        WHEN n_before = 0 AND n_after >= {CHANGED_COUNT} THEN 'new'
        WHEN n_after = 0 AND n_before >= {CHANGED_COUNT} THEN 'vanished'
        WHEN n_before > 0 AND n_after - n_before >= {RISING_COUNT}
            AND share_after >= {RISING_RATIO} * share_before THEN 'rising'
        WHEN n_after > 0 AND n_before - n_after >= {RISING_COUNT}
            AND share_before >= {RISING_RATIO} * share_after THEN 'falling'
        END AS status
    FROM shares
)
SELECT j.agency_id, j.report_scope, j.year, j.term, j.status, j.n_before, j.n_after,
    round(j.share_before, 2)::DECIMAL(18, 2), round(j.share_after, 2)::DECIMAL(18, 2),
    j.agency_level, coalesce(hb.n, 0), sb.n, coalesce(ha.n, 0), sa.n, j.before, j.after
FROM judged j
JOIN sized sb ON sb.section = '{WHOLE}' AND sb.report_year = j.year - 1 AND sb.agency_level = j.agency_level
JOIN sized sa ON sa.section = '{WHOLE}' AND sa.report_year = j.year AND sa.agency_level = j.agency_level
LEFT JOIN held hb ON hb.section = '{WHOLE}' AND hb.term = j.term
    AND hb.report_year = j.year - 1 AND hb.agency_level = j.agency_level
LEFT JOIN held ha ON ha.section = '{WHOLE}' AND ha.term = j.term
    AND ha.report_year = j.year AND ha.agency_level = j.agency_level
WHERE j.status IS NOT NULL
"""

_TRENDS = f"""
WITH paired AS ({_PAIRED}),
levels AS (SELECT * FROM paired UNION ALL SELECT * REPLACE ('{WHOLE}' AS agency_level) FROM paired),
sizes AS (SELECT agency_level, year, count(DISTINCT (before, after)) AS n_pairs FROM levels GROUP BY ALL),
summed AS (
    SELECT agency_level, year, term,
        count(*) FILTER (WHERE n_before > 0) AS with_before, count(*) FILTER (WHERE n_after > 0) AS with_after
    FROM levels GROUP BY ALL
),
judged AS (
    SELECT *, CASE
        WHEN abs(with_after - with_before) < {TREND_REPORTS} THEN NULL
        WHEN with_before = 0 THEN 'new'
        WHEN with_after = 0 THEN 'vanished'
        WHEN abs(with_after - with_before) < {TREND_SHARE} * n_pairs THEN NULL
        WHEN with_after > with_before THEN 'rising'
        ELSE 'falling' END AS status
    FROM summed JOIN sizes USING (agency_level, year)
)
SELECT agency_level, year, term, status, with_before, with_after, n_pairs FROM judged WHERE status IS NOT NULL
"""
