"""Near-copies: sections that two agencies have in common, or that came back in an agency's report after a pause.

Shingles of every agency are put aside and counted, to know boilerplate. Then each section that is long enough gets a
MinHash signature (datasketch), whose bands go to disk; sections that share a band are candidates. Each pair of
candidates is held together by its true shingles, and only what is alike in fact is written.

In memory are one agency's reports and the 64 MB of the count; signatures and shingles are on disk, and DuckDB joins
them there. A million reports of 2,000 characters take up to 40 GB of shingles and 1 GB of bands. Not bounded on disk
is the number of pairs that are alike: a text that a thousand agencies copied, each with a word changed, makes half a
million. Texts that are the same but for figures make one row each, beside the earliest.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from outputs.collect import write_query
from outputs.database import database
from outputs.history import Agency
from outputs.scratch import stretch_name, view
from outputs.shingles import Boilerplate, Hashes, hashes, slots_of
from outputs.shinglestore import ArrayTable, array_rows
from outputs.step import Step

if TYPE_CHECKING:
    from datasketch import MinHash

MIN_SHINGLES = 50
"""A section is looked at when so many of its shingles are no boilerplate: about 60 characters of its own."""

NEAR = 0.5
"""Two sections are near-copies when so large a share of the shingles of both together stands in both."""

BANDS, ROWS = 32, 4
"""Of a signature of 128 values. Pairs with a likeness of 0.5 become candidates with a probability of 0.87, of 0.6 with
0.99, of 0.7 with 0.9998."""

_SEED = 1
_SECTION = (
    ("capture_id", pa.string()),
    ("section_no", pa.int32()),
    ("body", pa.string()),
    ("report_scope", pa.string()),
    ("year", pa.int32()),
)
_LIST = ("shingles", pa.list_(pa.uint64()))
_SECTIONS = pa.schema([*_SECTION, _LIST])
_SLOTS = pa.schema([("slots", pa.list_(pa.uint32()))])
_TEXTS = pa.schema(
    [("text_no", pa.int64()), *_SECTION, ("last_year", pa.int32()), ("digest", pa.string()), _LIST],
)
_BANDS = pa.schema([("text_no", pa.int64()), ("bands", pa.list_(pa.uint64()))])
_BOILERPLATE = "copy-boilerplate.npy"


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


@contextmanager
def _read(scratch: Path, stretch: int) -> Iterator[Callable[[Agency], None]]:
    """Put aside the shingles of each section, and what each agency counts for in the count of boilerplate."""
    with (
        ArrayTable(scratch / "copy-sections", _SECTIONS, stretch_name(stretch)) as sections,
        ArrayTable(scratch / "copy-slots", _SLOTS, stretch_name(stretch)) as slots,
    ):

        def read(agency: Agency) -> None:
            found = [np.empty(0, dtype=np.uint64)]
            for report in agency.current:
                body = agency.agency_id or report.capture_id
                for section in agency.rows("sections", report.capture_id):
                    shingles = hashes(section.text or "")
                    found.append(shingles)
                    if len(shingles) >= MIN_SHINGLES:
                        about = (report.capture_id, section.section_no, body, report.report_scope, report.report_year)
                        sections.add((*about, shingles))
            if agency.current:
                slots.add((slots_of(np.concatenate(found)),))

        yield read


def _join(scratch: Path) -> None:
    boilerplate = Boilerplate()
    for (slots,) in array_rows(scratch / "copy-slots"):
        boilerplate.add(slots)
    boilerplate.save(scratch / _BOILERPLATE)


def _again(scratch: Path, stretch: int) -> None:
    """Write the texts of a stretch without boilerplate, and the bands of their signatures."""
    from datasketch import MinHash  # noqa: PLC0415  brings all of scipy along, half a second for every command

    boilerplate = Boilerplate(scratch / _BOILERPLATE)
    blank = MinHash(num_perm=BANDS * ROWS, seed=_SEED, hashfunc=int, scheme="affine32")
    sections = array_rows(scratch / "copy-sections", stretch_name(stretch))
    with (
        ArrayTable(scratch / "copy-texts", _TEXTS, stretch_name(stretch)) as texts,
        ArrayTable(scratch / "copy-bands", _BANDS, stretch_name(stretch)) as bands,
    ):
        for _, of_body in groupby(sections, key=lambda row: row[2]):
            for text in _texts(of_body, boilerplate):
                # the order of the agencies, whatever stretches there are
                text_no = (stretch << 32) + texts.n_rows
                texts.add((text_no, *_row(text)))
                bands.add((text_no, _bands(blank, text.shingles)))


def _conclude(folder: Path, scratch: Path) -> None:
    with database(scratch / "spill-copies") as base:
        view(base, "texts", scratch / "copy-texts")
        for table in ("reports", "sections"):
            view(base, table, folder / f"{table}.parquet")
        view(base, "signatures", scratch / "copy-bands")
        base.execute(_FIRSTS)
        base.execute(_PAIRS.format(near=NEAR))
        write_query(base, [_ROWS], "near_copies", folder, scratch)


NEAR_COPIES = Step("near_copies", tables=("sections",), read=_read, join=_join, again=_again, conclude=_conclude)
"""Write `near_copies`, of current reports only."""


def _texts(sections: Iterable[tuple[Any, ...]], boilerplate: Boilerplate) -> list[_Text]:
    """Texts of an agency that are long enough, each in a run of years once."""
    latest: dict[tuple[str, str], _Text] = {}
    made: list[_Text] = []
    for capture_id, section_no, body, scope, year, all_shingles in sections:
        shingles = boilerplate.without(all_shingles)
        if len(shingles) < MIN_SHINGLES:
            continue
        digest = blake2b(shingles.tobytes(), digest_size=16).hexdigest()
        before = latest.get((scope, digest))
        if before and before.last_year and year in {before.last_year, before.last_year + 1}:
            before.last_year = year
            continue
        text = _Text(capture_id, section_no, body, scope, year, year, digest, shingles)
        latest[scope, digest] = text
        made.append(text)
    return made


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


def _bands(blank: "MinHash", shingles: Hashes) -> npt.NDArray[np.uint64]:
    """One number per band of a signature, different for different bands."""
    signature = blank.copy()
    signature.update_batch((shingles & np.uint64(0xFFFFFFFF)).tolist())
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
CREATE TABLE bands AS SELECT text_no, unnest(bands) AS band FROM signatures SEMI JOIN firsts USING (text_no);
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
