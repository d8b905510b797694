"""Figures of a report's tables: what each indicator's cell prints, where, and what makes it doubtful.

Only cells that were read as facts count. What was derived from other cells never takes part: it would prove itself.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from corpus.identities import ANY, Term, Terms, definitions
from outputs.checks.page import Page
from outputs.schema.reports import APPLICANTS

ZERO = Decimal(0)
TOTAL = "total"
KINDS = APPLICANTS[1:]
"""Kinds of applicant, without the total."""

EMPTY = frozenset(("blank", "slash", "dash"))
"""States of a cell that prints nothing, which may stand for a zero."""

SIGNED = "_change"
"""Ending of the indicators that may be negative: items added less items removed."""

_HALF = Decimal("0.5")
_DECIMALS = re.compile(r"[.．]([0-9０-９]+)")
_RECOVERED = "unit recovered"
"""How a fact says that its unit was taken from the prose: that prose cannot be held against it."""

_ROW = re.compile(r"table (\d+), row (\d+)")
_DOUBTFUL = frozenset(
    (
        "aligned_by_order",
        "column_unclear",
        "ragged_row",
        "rowspan_too_long",
        "group_continued",
        "merged_value",
        "digits_run_together",
        "row_incomplete",
        "value_too_large",
    )
)
"""Findings that say that a row's cells may not stand where they were read."""


class Figure(NamedTuple):
    """One quantity of a report.

    `value` is None unless it is known. `state` is `number`, what the cell shows instead (`blank`, `slash`, `dash`,
    `text`), `zero` for a blank that a printed total proves, `sum` or `part_of_sum` for what is added up from all or
    some cells, `absent` where no cell prints it, `stated_twice` where two cells contradict each other, or
    `unit_unknown`. `doubt` is a reason why the number may not be what it
    seems. `half` is half of what the last printed digit is worth, where the print is rounded.
    """

    value: Decimal | None
    state: str
    doubt: str
    half: Decimal
    cells: tuple[Any, ...]
    sums: "tuple[Side, ...]" = ()


class Side(NamedTuple):
    """One side of an identity: the sum of what is known, and the figures of its terms in order."""

    value: Decimal
    half: Decimal
    n_known: int
    missing: tuple[tuple[int, Figure], ...]
    terms: Terms
    figures: tuple[Figure, ...]
    before: "Figures | None" = None

    @property
    def doubt(self) -> str:
        """Return the first reason why a number of this side may not be what it seems."""
        return next((figure.doubt for figure in self.figures if figure.doubt and figure.value is not None), "")


_ABSENT = Figure(None, "absent", "", ZERO, ())


class Figures:
    """The figures of one page, by indicator, applicant and measure."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.forms: set[str] = set()
        self.facts: dict[tuple[str, str, str], Any] = {}
        self.recovered: set[tuple[int, int, int]] = set()
        self._proved: set[tuple[int, int, int]] = set()
        self._held: dict[tuple[str, str, str], Figure] = {}
        for fact in page.facts:
            if fact.source == "table":
                self.facts[fact.indicator, fact.applicant, fact.measure] = fact
                self.forms.add(fact.form_id or "")
                if _RECOVERED in (fact.derivation or ""):
                    self.recovered.add((fact.table_no, fact.row, fact.col))
        self._cells = {(cell.table_no, cell.row, cell.col): cell for cell in page.cells}
        self._doubtful = _doubtful_rows(page.findings)
        self._twice = _stated_twice(page.findings)

    def printed(self, indicator: str) -> bool:
        """Tell whether a table of the page has a cell for the indicator, filled or not."""
        return any((indicator, applicant, "annual") in self.facts for applicant in (TOTAL, *KINDS))

    def get(self, indicator: str, applicant: str = TOTAL, measure: str = "annual") -> Figure:
        """Return what the tables print of a quantity."""
        key = (indicator, applicant, measure)
        figure = self._held.get(key)
        if figure is None:
            figure = self._held[key] = self._read(key)
        return figure

    def known(self, indicator: str, applicant: str = TOTAL) -> Figure:
        """Return a quantity as it is printed, or as the sum of printed cells that the form makes it.

        A total that no cell prints is the sum of its group, or of the kinds of applicant.
        """
        figure = self.get(indicator, applicant)
        if figure.value is not None or figure.state in {"stated_twice", "unit_unknown", "text"}:
            return figure
        sums = []
        if indicator in definitions() and self.forms & definitions()[indicator][1]:
            sums.append(definitions()[indicator][0])
        if applicant == TOTAL and any(self.get(indicator, kind).value is not None for kind in KINDS):
            sums.append(tuple(Term(1, indicator, kind, False, False) for kind in KINDS))
        for terms in sums:
            side = self.sum(terms, applicant, frozenset(), known=True)
            if not side.missing:
                return Figure(side.value, "sum", side.doubt, side.half, (), (side,))
            if side.n_known and all(part.state in EMPTY for _, part in side.missing):
                return Figure(None, "part_of_sum", side.doubt, side.half, (), (side,))
        return figure

    def sum(
        self,
        terms: Terms,
        applicant: str,
        forms: frozenset[str],
        *,
        any_indicator: str = "",
        before: "Figures | None" = None,
        known: bool = False,
    ) -> Side:
        """Add up terms for an applicant; a figure of a form that is not among `forms` (if any) counts as absent."""
        value, half, n_known = ZERO, ZERO, 0
        missing, figures = [], []
        for sign, name, kind, of_before, cumulative in terms:
            indicator = any_indicator if name == ANY else name
            source = before if of_before and before is not None else self
            if known:
                figure = source.known(indicator, kind or applicant)
            else:
                figure = source.get(indicator, kind or applicant, "cumulative" if cumulative else "annual")
            if forms and figure.cells and (figure.cells[0].form_id or "") not in forms:
                figure = _ABSENT
            figures.append(figure)
            if figure.state == "part_of_sum":
                part = figure.sums[0]
                value += sign * part.value
                half += part.half
                n_known += 1
                missing += [(sign * inner, blank) for inner, blank in part.missing]
            elif figure.value is None:
                missing.append((sign, figure))
            else:
                value += sign * figure.value
                half += figure.half
                n_known += 1
        return Side(value, half, n_known, tuple(missing), terms, tuple(figures), before)

    def prove_zeros(self, side: Side) -> None:
        """Take the blank cells of a sum for the zeros that its printed total proves: there is nothing left for them."""
        for sign, figure in side.missing:
            if sign > 0 and figure.state in EMPTY:
                for cell in figure.cells:
                    self._proved.add((cell.table_no, cell.row, cell.col))
                    # columns of the agency's own or its area's figures give facts of the year
                    for measure in (cell.measure, "annual"):
                        self._held.pop((cell.indicator, cell.applicant, measure), None)

    def strangers(self, cells: Sequence[Any]) -> bool:
        """Tell whether a number that means nothing known stands in line with cells: a row that an agency added."""
        tables = {cell.table_no for cell in cells}
        rows = {(cell.table_no, cell.row) for cell in cells}
        cols = {(cell.table_no, cell.col) for cell in cells}
        in_row = len(rows) == len(tables)
        return any(
            cell.value
            and not cell.indicator
            and cell.table_no in tables
            and ((cell.table_no, cell.row) in rows if in_row else (cell.table_no, cell.col) in cols)
            for cell in self.page.cells
        )

    def _read(self, key: tuple[str, str, str]) -> Figure:
        fact = self.facts.get(key)
        if fact is None:
            return Figure(None, "stated_twice", "", ZERO, self._twins(key)) if key[:2] in self._twice else _ABSENT
        place = (fact.table_no, fact.row, fact.col)
        cell = self._cells[place]
        if fact.value is None:
            if place in self._proved and fact.state in EMPTY:
                return Figure(ZERO, "zero", "", ZERO, (cell,))
            return Figure(None, fact.state, "", ZERO, (cell,))
        if not fact.unit:
            return Figure(None, "unit_unknown", "", ZERO, (cell,))
        return Figure(fact.value, "number", self._doubt(fact, cell), _half_digit(fact, cell), (cell,))

    def _twins(self, key: tuple[str, str, str]) -> tuple[Any, ...]:
        return tuple(cell for cell in self.page.cells if (cell.indicator, cell.applicant, cell.measure) == key)

    def _doubt(self, fact: Any, cell: Any) -> str:
        if cell.mapping == "fuzzy":
            return "fuzzy_label"
        if (cell.table_no, cell.row) in self._doubtful:
            return "reading_in_doubt"
        return "approximate" if "approximate" in (fact.derivation or "") else ""


def _half_digit(fact: Any, cell: Any) -> Decimal:
    """Half of what the last printed digit is worth; 0 where whole things are counted one by one."""
    raw = cell.raw or ""
    if raw.isdigit() and fact.value == cell.value:  # almost every cell
        return ZERO
    decimals = _DECIMALS.search(raw)
    if fact.value == cell.value and decimals is None:
        return ZERO
    factor = fact.value / cell.value if cell.value else Decimal(1)
    # counted in the print: a value that went through a file has the digits of its column, not its own
    return _HALF.scaleb(-len(decimals[1]) if decimals else 0) * factor


def _doubtful_rows(findings: Sequence[Any]) -> frozenset[tuple[int, int]]:
    places = (_ROW.search(finding.where or "") for finding in findings if finding.code in _DOUBTFUL)
    return frozenset((int(place[1]), int(place[2])) for place in places if place)


def _stated_twice(findings: Sequence[Any]) -> frozenset[tuple[str, str]]:
    """Indicator and applicant of quantities that two cells state differently, from what the findings say."""
    twice = (f for f in findings if f.code == "stated_twice" and (f.where or "").startswith("table"))
    said = (finding.detail.partition(":")[0].split() for finding in twice)
    return frozenset((words[0], words[1]) for words in said if len(words) == 2)
