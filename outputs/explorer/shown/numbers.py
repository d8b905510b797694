"""All numbers of one report, each with its place: facts, cells that mean nothing known, sentences that give no fact."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any
from unicodedata import normalize

from outputs.explorer.paths import cell_anchor, fact_anchor, span_anchor
from outputs.explorer.records import Desk, number
from outputs.explorer.shown.mentions import anchors_of
from outputs.explorer.wording import Words

_CellKey = tuple[int, int, int]
_ClaimKey = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a report states, or one that is derived from several of them.

    `id` names it on the pages of its report: the anchor of its place, or an id of its own where it has none or shares
    it. `anchors` are its places: one for what is printed, those of the parts for a sum. `fact`, `cell` and `claim` are
    its rows in those tables, None where there is none; `section_no` is None outside the sections. `indicator` is ''
    and `label` that of the page where the labels mean nothing known.
    """

    id: str
    anchors: tuple[str, ...]
    indicator: str
    label: Words
    section_no: int | None
    fact: Row | None = None
    cell: Row | None = None
    claim: Row | None = None

    @property
    def applicant(self) -> str:
        """Kind of applicant that is counted; 'total' where nothing says it."""
        return str(self._of("applicant") or "total")

    @property
    def measure(self) -> str:
        """Whether it counts the year or all years."""
        return str(self._of("measure") or "annual")

    @property
    def state(self) -> str:
        """What the place shows; only `number` has a value."""
        row = self.fact or self.cell
        return str(row["state"]) if row else "number"

    @property
    def value(self) -> Any:
        """The number in `unit`; None where there is none."""
        return _row(self)["value"]

    @property
    def unit(self) -> str:
        """Unit of the value; '' where it is not known."""
        return _row(self)["unit"] or ""

    @property
    def source(self) -> str:
        """What it was read from: table, prose, derived."""
        return str(self.fact["source"]) if self.fact else "table" if self.cell else "prose"

    @property
    def derivation(self) -> str:
        """How a fact came about where it is not printed as it stands, in English."""
        return str(self._of("derivation") or "")

    @property
    def concordance(self) -> str:
        """How what the form counts stands to the indicator; '' for exactly so."""
        kind = self._of("concordance") or "exact"
        return "" if kind == "exact" else str(kind)

    @property
    def raw(self) -> str:
        """What stands at the place, as printed, with the unit of its cell; '' for an empty cell and for a sum."""
        if self.claim:
            return str(self.claim["raw"])
        if not self.cell:
            return ""
        raw, unit = self.cell["raw"] or "", self.cell["unit_raw"] or ""
        return f"{raw} {unit}" if unit and raw and unit not in raw else raw

    @property
    def printed_otherwise(self) -> str:
        """What is printed where that is not the value as it stands: 5949.088667 万元, 3.97万条, 1,204."""
        if self.state != "number" or not self.raw:
            return ""
        value = number(self.value)
        plain = {value, value + self.unit, f"{value} {self.unit}"}
        bare = normalize("NFKC", (self.cell["raw"] or "") if self.cell else self.raw)
        scaled = self.cell and self.cell["value"] != self.value
        return self.raw if scaled or bare not in plain else ""

    def _of(self, column: str) -> Any:
        """The value of a column in the first row that has it."""
        rows = (row for row in (self.fact, self.cell, self.claim) if row is not None)
        return next((row[column] for row in rows if column in row.keys()), None)  # noqa: SIM118  a Row holds values


def numbers_of(desk: Desk, capture_id: str) -> list[Number]:
    """Return all numbers of a report: facts by indicator, then the cells and sentences that gave none, as printed.

    Every value cell, every claim and every fact is in one of them, and no id stands twice.
    """
    return list(_numbered(desk, capture_id))


def _numbered(desk: Desk, capture_id: str) -> Iterator[Number]:
    labels = load_labels(desk)
    cells: dict[_CellKey, Row] = {
        (row["table_no"], row["row"], row["col"]): row
        for row in desk.rows("SELECT * FROM cells WHERE capture_id = ? ORDER BY table_no, row, col", capture_id)
    }
    claims: dict[_ClaimKey, Row] = {
        (row["block_no"], row["char_start"]): row
        for row in desk.rows("SELECT * FROM claims WHERE capture_id = ? ORDER BY block_no, char_start", capture_id)
    }
    tables = {table_no: cell["section_no"] for (table_no, _, _), cell in cells.items()}
    taken: set[str] = set()
    for fact in desk.rows(
        "SELECT * FROM facts WHERE capture_id = ? ORDER BY indicator, applicant, measure", capture_id
    ):
        made = _of_fact(fact, cells, claims, tables, labels)
        # two facts of one place share its anchor: the first of them bears it
        own = made if made.id not in taken else _named(made, fact)
        taken.add(own.id)
        yield own
    for key, cell in cells.items():
        anchor = cell_anchor(*key)
        if anchor not in taken:
            label = labels.get(cell["indicator"]) or _printed(cell["row_path"], cell["col_path"])
            yield Number(anchor, (anchor,), cell["indicator"] or "", label, cell["section_no"], cell=cell)
    for claim in claims.values():
        anchor = _span(claim)
        if anchor not in taken:
            label = labels.get(claim["indicator"]) or _printed(claim["subject"])
            yield Number(anchor, (anchor,), claim["indicator"] or "", label, claim["section_no"], claim=claim)


def load_labels(desk: Desk) -> dict[str, Words]:
    """Return the labels of all indicators by their ids; a Chinese one that several share is followed by the id."""
    rows = desk.rows("SELECT indicator, label_en, label_zh FROM indicators")
    shared = Counter(row["label_zh"] for row in rows)
    return {
        row["indicator"]: Words(
            row["label_en"],
            row["label_zh"] if shared[row["label_zh"]] == 1 else f"{row['label_zh']}（{row['indicator']}）",
        )
        for row in rows
    }


def _of_fact(
    fact: Row,
    cells: Mapping[_CellKey, Row],
    claims: Mapping[_ClaimKey, Row],
    tables: Mapping[int, int | None],
    labels: Mapping[str, Words],
) -> Number:
    indicator = fact["indicator"]
    label = labels.get(indicator) or Words(indicator, indicator)
    if fact["table_no"] is not None:
        cell = cells.get((fact["table_no"], fact["row"], fact["col"]))
        anchor = cell_anchor(fact["table_no"], fact["row"], fact["col"])
        section_no = cell["section_no"] if cell else None
        return Number(anchor, (anchor,), indicator, label, section_no, fact=fact, cell=cell)
    if fact["block_no"] is not None:
        claim = claims.get((fact["block_no"], fact["char_start"]))
        anchor = _span(fact)
        section_no = claim["section_no"] if claim else None
        return Number(anchor, (anchor,), indicator, label, section_no, fact=fact, claim=claim)
    anchors = anchors_of(fact)
    first = anchors[0].split("-") if anchors else []
    section_no = tables.get(int(first[1])) if first and first[0] == "c" else None
    return Number(_fact_id(fact), anchors, indicator, label, section_no, fact=fact)


def _named(made: Number, fact: Row) -> Number:
    return Number(
        _fact_id(fact), made.anchors, made.indicator, made.label, made.section_no, made.fact, made.cell, made.claim
    )


def _fact_id(fact: Row) -> str:
    return fact_anchor(fact["indicator"], fact["applicant"], fact["measure"])


def _span(row: Row) -> str:
    return span_anchor(row["block_no"], row["char_start"], row["char_end"])


def _printed(*paths: str | None) -> Words:
    text = " × ".join(path for path in paths if path)
    return Words(text, text)


def _row(of: Number) -> Row:
    row = of.fact or of.cell or of.claim
    assert row is not None, "a number has a row in at least one table"
    return row
