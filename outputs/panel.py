"""The panel: one row per agency, year and scope, from the current capture.

A value stands in it where the report's fact is a number, its unit is known, and the form counts what the indicator
means; what is left out is named in the row. `panel_filled` adds the zeros that printed totals prove, and `panel_fills`
says of each by which rule and from which numbers.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from corpus.indicators import load_indicators
from outputs.collect import Portions, write_portions
from outputs.fills import Proof, prove_zeros
from outputs.history import Agency
from outputs.step import Step

_SPLIT = "requests_received"
"""The row of the form whose columns by kind of applicant are indicators of their own."""


_TABLES = ("panel", "panel_filled", "panel_fills")


@contextmanager
def _read(scratch: Path, stretch: int) -> Iterator[Callable[[Agency], None]]:
    with (
        Portions(scratch, "panel", stretch) as panel,
        Portions(scratch, "panel_filled", stretch) as filled,
        Portions(scratch, "panel_fills", stretch) as fills,
    ):

        def read(agency: Agency) -> None:
            for report in agency.current:
                if not report.agency_id or report.report_year is None:
                    continue
                facts = agency.rows("facts", report.capture_id)
                values, left_out, sources = _values(facts)
                proofs = _proofs(facts)
                panel.add(_row(report, values, left_out, sources))
                filled.add(_row(report, {**dict.fromkeys(proofs, Decimal(0)), **values}, left_out, sources))
                for indicator, proof in sorted(proofs.items()):
                    fills.add(_fill(report, indicator, proof))

        yield read


PANEL = Step("panel", tables=("facts",), read=_read, write=tuple(partial(write_portions, table) for table in _TABLES))
"""Write panel, panel_filled, panel_fills.

Reports that name no agency or no year have no row: nothing tells where it would stand.
"""


def _values(facts: Iterable[Any]) -> tuple[dict[str, Decimal], dict[str, str], dict[str, str]]:
    """Values by indicator, what is left out and why, and which values come from prose or from a sum."""
    values: dict[str, Decimal] = {}
    left_out: dict[str, str] = {}
    sources: dict[str, str] = {}
    for fact in facts:
        indicator = _column(fact)
        if not indicator or fact.state != "number":
            continue
        reason = _why_left_out(fact)
        if reason:
            left_out[indicator] = reason
            continue
        values[indicator] = fact.value
        if fact.source != "table":
            sources[indicator] = fact.source
    return values, left_out, sources


def _proofs(facts: Iterable[Any]) -> dict[str, Proof]:
    facts = tuple(facts)
    columns = {(fact.indicator, fact.applicant): _column(fact) for fact in facts if fact.measure == "annual"}
    exact = {(fact.indicator, fact.applicant) for fact in facts if fact.concordance == "exact"}
    return {columns[key]: proof for key, proof in prove_zeros(facts).items() if columns[key] and key in exact}


def _column(fact: Any) -> str:
    """Return the indicator that a fact is in the panel; '' for one that has no place there."""
    if fact.measure != "annual":
        return ""
    if fact.applicant == "total":
        return str(fact.indicator)
    split = f"{fact.indicator}_{fact.applicant}"
    return split if fact.indicator == _SPLIT and split in load_indicators() else ""


def _why_left_out(fact: Any) -> str:
    if fact.unit != load_indicators()[fact.indicator].unit:
        return "unit_unknown"
    return "" if fact.concordance == "exact" else fact.concordance or "unknown"


def _row(report: Any, values: dict[str, Decimal], left_out: dict[str, str], sources: dict[str, str]) -> list[Any]:
    return [
        report.agency_id,
        report.report_year,
        report.report_scope,
        report.agency,
        report.agency_level,
        report.region_code,
        report.form_ids,
        report.capture_id,
        " ".join(f"{indicator}={reason}" for indicator, reason in sorted(left_out.items())) or None,
        " ".join(sorted(name for name, source in sources.items() if source == "prose")) or None,
        " ".join(sorted(name for name, source in sources.items() if source == "derived")) or None,
        *(values.get(indicator) for indicator in load_indicators()),
    ]


def _fill(report: Any, indicator: str, proof: Proof) -> list[Any]:
    return [
        report.agency_id,
        report.report_year,
        report.report_scope,
        indicator,
        Decimal(0),
        proof.rule,
        proof.identity_id,
        proof.evidence,
        report.capture_id,
    ]
