"""What holds for every report, whatever the page: no number without its source, no blank that counts, one key a row."""

import re
import unicodedata
from collections import Counter
from decimal import Decimal

from html_tokens import plain

from parsers.numbers import chinese_number
from parsers.records import Report, TableCell

_NUMERALS = re.compile("[零○〇一二两三四五六七八九十百千万亿点]+")


def broken(report: Report) -> list[str]:
    """Sentences on what does not hold; [] for every report of a sound parser."""
    return [
        *_sizes(report),
        *_keys(report),
        *(line for cell in report.cells for line in _cell(cell)),
        *_facts(report),
        *_sections(report),
    ]


def states_number(raw: str, value: Decimal) -> bool:
    """Whether a value's digits stand in a raw text, in that order and without a gap, or its numeral does."""
    wide = unicodedata.normalize("NFKC", raw)
    digits = re.sub(r"[^0-9]", "", format(abs(value), "f"))
    printed = re.sub(r"[\s,.]", "", wide)
    numerals = (chinese_number(found.group()) for found in _NUMERALS.finditer(wide))
    return digits in printed or abs(value) in numerals


def _sizes(report: Report) -> list[str]:
    found = []
    if report.outcome != "ok" and (report.cells or report.facts or report.sections or report.n_tables):
        found.append("a page that is no report has cells, facts or sections")
    if report.outcome != "ok" and not report.next_step:
        found.append("an outcome without a next step")
    if [block.no for block in report.blocks] != list(range(len(report.blocks))):
        found.append("blocks are not numbered in reading order")
    tables = [block.table_no for block in report.blocks if block.table_no is not None]
    if report.outcome == "ok" and tables != list(range(report.n_tables)):
        found.append(f"blocks name tables {tables}, the report counts {report.n_tables}")
    return found


def _keys(report: Report) -> list[str]:
    cells = Counter((c.table_no, c.row, c.col) for c in report.cells)
    facts = Counter((f.indicator, f.applicant, f.measure) for f in report.facts)
    return [f"key {key} stands {count} times" for key, count in (cells | facts).items() if count > 1]


def _cell(cell: TableCell) -> list[str]:
    found = []
    if (cell.state == "number") != (cell.value is not None):
        found.append(f"{cell.raw!r} has state {cell.state} and value {cell.value}")
    if cell.value is not None and not states_number(cell.raw, cell.value):
        found.append(f"{cell.raw!r} does not print {cell.value}")
    if not plain(cell.raw) and cell.state != "blank":
        found.append(f"an empty cell has state {cell.state}")
    if cell.base_value is not None and cell.value is None:
        found.append(f"{cell.raw!r} has a base value and no value")
    return found


def _facts(report: Report) -> list[str]:
    cells = {(c.table_no, c.row, c.col): c for c in report.cells}
    found = []
    for fact in report.facts:
        if fact.source != "table":
            continue
        cell = cells.get((fact.table_no or 0, fact.row or 0, fact.col or 0))
        if cell is None:
            found.append(f"{fact.indicator} leads to no cell")
        elif (fact.indicator, fact.applicant, fact.state) != (cell.indicator, cell.applicant, cell.state):
            found.append(f"{fact.indicator} leads to {cell.indicator}, {cell.state}")
        elif fact.value not in (cell.value, cell.base_value):
            found.append(f"{fact.indicator} is {fact.value} where its cell says {cell.value}")
    return found


def _sections(report: Report) -> list[str]:
    found = []
    end = -1
    for no, section in enumerate(report.sections):
        if section.section_no != no or not end < section.first_block <= section.last_block < len(report.blocks):
            found.append(f"section {section.section_no} lies at blocks {section.first_block} to {section.last_block}")
        if section.parent_no is not None and not section.parent_no < no:
            found.append(f"section {no} stands in section {section.parent_no}, which comes later")
        end = section.last_block
    return found
