"""Near-copies: sections that two agencies have in common, or that came back in an agency's report after a pause.

Three steps. Shingles of every agency are counted, to know boilerplate. Then each section that is long enough gets a
MinHash signature (datasketch), whose bands go to disk; sections that share a band are candidates. Each pair of
candidates is held together by its true shingles, and only what is alike in fact is written.

In memory are one agency's reports and the 64 MB of the count; signatures and shingles are on disk, and DuckDB joins
them there. A million reports of 2,000 characters take up to 20 GB of shingles and 1 GB of bands. What is not
bounded is the number of pairs that are alike: a text that a thousand agencies copied, each with a word changed, makes
half a million. Texts that are the same but for figures make one row each, beside the earliest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from outputs.collect import Collector
from outputs.history import Agency, agencies
from outputs.scratch import ScratchTable, view
from outputs.shingles import Boilerplate, Hashes, hashes

if TYPE_CHECKING:
    from datasketch import MinHash

MIN_SHINGLES = 50
"""A section is looked at when so many of its shingles are no boilerplate: about 60 characters of its own."""

NEAR = 0.5
"""Two sections are near-copies when so large a share of the shingles of both together stands in both."""

BANDS, ROWS = 32, 4
"""Of a signature of 128 values. Pairs with a likeness of 0.5 become candidates with a probability of 0.87, of 0.6 with
0.99, of 0.7 with 0.9998."""

_FETCH_ROWS = 512
_SEED = 1
_TEXTS = pa.schema(
    [
        ("text_no", pa.int64()),
        ("capture_id", pa.string()),
        ("section_no", pa.int32()),
        ("body", pa.string()),
        ("report_scope", pa.string()),
        ("year", pa.int32()),
        ("last_year", pa.int32()),
        ("digest", pa.string()),
        ("shingles", pa.list_(pa.uint64())),
    ]
)
_BANDS = pa.schema([("text_no", pa.int64()), ("band", pa.uint64())])


@dataclass(slots=True)
class _Text:
    """A section's text in the years in a row in which an agency printed it: the first section, and the last year."""

    capture_id: str
    section_no: int
    body: str
    scope: str
    year: int | None
    last_year: int | None
    digest: str
    shingles: Hashes


def write_near_copies(folder: Path, scratch: Path) -> None:
    """Write `near_copies` from `reports` and `sections`, current reports only."""
    boilerplate = Boilerplate()
    for agency in agencies(folder, ["sections"], current_only=True):
        found = [hashes(section.text) for section in _sections(agency)]
        boilerplate.add(np.concatenate(found) if found else np.empty(0, dtype=np.uint64))
    with ScratchTable(scratch / "copy-texts", _TEXTS) as texts:
        for agency in agencies(folder, ["sections"], current_only=True):
            for text in _texts(agency, boilerplate):
                texts.add((texts.n_rows, *_row(text)))
    with duckdb.connect() as base:
        base.execute("SET temp_directory = ?", [str(scratch / "copy-spill")])
        view(base, "texts", scratch / "copy-texts")
        for table in ("reports", "sections"):
            view(base, table, folder / f"{table}.parquet")
        base.execute(_FIRSTS)
        with ScratchTable(scratch / "copy-bands", _BANDS) as bands:
            _write_bands(base, bands)
        view(base, "bands", scratch / "copy-bands")
        base.execute(_PAIRS.format(near=NEAR))
        with Collector(folder, scratch, "near_copies") as collector:
            result = base.execute(_ROWS)
            while batch := result.fetchmany(_FETCH_ROWS):
                for row in batch:
                    collector.add(row)


def _sections(agency: Agency) -> Iterator[Any]:
    for report in agency.reports:
        yield from (section for section in agency.rows("sections", report.capture_id) if section.text)


def _texts(agency: Agency, boilerplate: Boilerplate) -> Iterator[_Text]:
    """Texts of an agency that are long enough, each in a run of years once."""
    latest: dict[tuple[str, str], _Text] = {}
    made: list[_Text] = []
    for report in agency.reports:
        for section in agency.rows("sections", report.capture_id):
            shingles = boilerplate.without(hashes(section.text or ""))
            if len(shingles) < MIN_SHINGLES:
                continue
            digest = blake2b(shingles.tobytes(), digest_size=16).hexdigest()
            before = latest.get((report.report_scope, digest))
            if before and before.last_year and report.report_year in {before.last_year, before.last_year + 1}:
                before.last_year = report.report_year
                continue
            text = _Text(
                capture_id=report.capture_id,
                section_no=section.section_no,
                body=agency.agency_id or report.capture_id,
                scope=report.report_scope,
                year=report.report_year,
                last_year=report.report_year,
                digest=digest,
                shingles=shingles,
            )
            latest[report.report_scope, digest] = text
            made.append(text)
    yield from made


def _row(text: _Text) -> tuple[Any, ...]:
    return (
        text.capture_id,
        text.section_no,
        text.body,
        text.scope,
        text.year,
        text.last_year,
        text.digest,
        text.shingles,
    )


def _write_bands(base: duckdb.DuckDBPyConnection, bands: ScratchTable) -> None:
    from datasketch import MinHash  # noqa: PLC0415  brings all of scipy along, half a second for every command

    blank = MinHash(num_perm=BANDS * ROWS, seed=_SEED, hashfunc=int, scheme="affine32")
    result = base.cursor().execute("SELECT text_no, shingles FROM texts SEMI JOIN firsts USING (text_no) ORDER BY 1")
    while batch := result.fetchmany(_FETCH_ROWS):
        for text_no, shingles in batch:
            for band in _bands(blank, shingles):
                bands.add((text_no, band))


def _bands(blank: "MinHash", shingles: list[int]) -> npt.NDArray[np.uint64]:
    """One number per band of a signature, different for different bands."""
    signature = blank.copy()
    signature.update_batch([shingle & 0xFFFFFFFF for shingle in shingles])
    values = signature.hashvalues.astype(np.uint64).reshape(BANDS, ROWS)
    total = np.arange(1, BANDS + 1, dtype=np.uint64)
    for column in range(ROWS):
        total = (total ^ values[:, column]) * np.uint64(0x100000001B3)
        total ^= total >> np.uint64(29)
    return total


# Of texts that are the same but for figures the earliest stands for all.
_FIRSTS = """
CREATE TABLE firsts AS
    SELECT digest, arg_min(text_no, (coalesce(year, 9999), text_no)) AS text_no FROM texts GROUP BY digest
"""

# Texts by number, and how many shingles they share: the same ones, and candidates that are alike in fact.
_PAIRS = """
CREATE TABLE pairs AS
    SELECT t.text_no AS one, f.text_no AS other, len(t.shingles) AS shared
    FROM texts t JOIN firsts f USING (digest) WHERE t.text_no <> f.text_no
    UNION ALL
    SELECT * FROM (
        SELECT one, other, len(list_intersect(a.shingles, b.shingles)) AS shared
        FROM (
            SELECT DISTINCT x.text_no AS one, y.text_no AS other
            FROM bands x JOIN bands y ON x.band = y.band AND x.text_no < y.text_no
        ) JOIN texts a ON a.text_no = one JOIN texts b ON b.text_no = other
        WHERE shared >= {near} * (len(a.shingles) + len(b.shingles) - shared)
    )
"""

# The later text of each pair first; in one year, the one that comes later in the order of agencies. Within an agency
# a pair counts when the text was away for a year: what was like a text of the year before is in text_changes.
_ROWS = """
WITH numbered AS (SELECT * EXCLUDE shingles, len(shingles) AS n FROM texts),
placed AS (
    SELECT
        CASE WHEN (coalesce(a.year, 9999), one) > (coalesce(b.year, 9999), other) THEN one ELSE other END AS later,
        CASE WHEN (coalesce(a.year, 9999), one) > (coalesce(b.year, 9999), other) THEN other ELSE one END AS earlier,
        shared
    FROM pairs JOIN numbered a ON a.text_no = one JOIN numbered b ON b.text_no = other
),
alike AS (
    SELECT one, other FROM pairs UNION ALL SELECT other, one FROM pairs UNION ALL SELECT text_no, text_no FROM firsts
),
kept_up AS (
    SELECT DISTINCT t.text_no
    FROM numbered t JOIN numbered u ON u.body = t.body AND u.year < t.year AND u.last_year >= t.year - 1
    JOIN firsts ft ON ft.digest = t.digest JOIN firsts fu ON fu.digest = u.digest
    SEMI JOIN alike ON alike.one = ft.text_no AND alike.other = fu.text_no
)
SELECT l.capture_id, l.section_no, e.capture_id, e.section_no,
    round(shared / (l.n + e.n - shared), 4)::DECIMAL(18, 4), round(shared / l.n, 4)::DECIMAL(18, 4),
    round(shared / e.n, 4)::DECIMAL(18, 4), shared,
    l.body = e.body, r.agency_id, o.agency_id, l.year, e.year, s.canonical, p.canonical
FROM placed JOIN numbered l ON l.text_no = later JOIN numbered e ON e.text_no = earlier
JOIN reports r ON r.capture_id = l.capture_id
JOIN reports o ON o.capture_id = e.capture_id
JOIN sections s ON s.capture_id = l.capture_id AND s.section_no = l.section_no
JOIN sections p ON p.capture_id = e.capture_id AND p.section_no = e.section_no
WHERE l.body <> e.body OR (l.year > e.last_year + 1 AND l.text_no NOT IN (SELECT text_no FROM kept_up))
"""
