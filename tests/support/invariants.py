"""What holds for every report, whatever the page: no number without its source, no blank that counts, one key a row.

A source is a cell that prints the number, a place in a sentence that says it, or cells whose sum it is.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from decimal import Decimal

from html_tokens import plain
from visible_text import letters

from parsers.numbers import chinese_number
from parsers.records import Block, Claim, Fact, Report, TableCell

_NUMERALS = re.compile("[零○〇一二两三四五六七八九十百千万亿点]+")
_PRINTED = re.compile(r"[0-9]+(?:[,.，．\s]*[0-9]+)*")
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_PROSE = ("preamble", "heading", "body")
# How the sum of parts names its cells: those of one column, of one row, or each by itself.
_COLUMN = re.compile(r"table (\d+), rows ([\d, ]+), column (\d+)")
_ROW = re.compile(r"table (\d+), row (\d+), columns ([\d, ]+)")
_CELL = re.compile(r"table (\d+) row (\d+) column (\d+)")


def broken(report: Report) -> list[str]:
    """Sentences on what does not hold; [] for every report of a sound parser."""
    return [
        *_sizes(report),
        *_keys(report),
        *(line for cell in report.cells for line in _cell(cell)),
        *_claims(report),
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
    if report.outcome != "ok" and (report.cells or report.claims or report.facts or report.sections or report.n_tables):
        found.append("a page that is no report has cells, claims, facts or sections")
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
    claims = Counter((c.block_no, c.char_start) for c in report.claims)
    return [f"key {key} stands {count} times" for key, count in (cells | facts | claims).items() if count > 1]


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


def worth(raw: str) -> set[Decimal]:
    """What a number of the prose may be worth by its own words: digits with 万 or 亿 behind them, or a numeral."""
    wide = unicodedata.normalize("NFKC", raw)
    printed = _PRINTED.search(wide)
    if printed is None:
        numerals = {chinese_number(found.group()) for found in _NUMERALS.finditer(wide.replace("百分之", ""))}
        tenths = {number * 10 for number in numerals if number is not None and "成" in wide}
        return {number for number in numerals if number is not None} | tenths
    scale = 1
    for sign in wide[printed.end() :]:
        scale *= _SCALES.get(sign, 1)
    return {Decimal(re.sub(r"[^0-9.]", "", printed.group().replace("．", "."))) * scale}


def _claims(report: Report) -> list[str]:
    blocks = {block.no: block for block in report.blocks}
    starts = {(claim.block_no, claim.char_start) for claim in report.claims}
    places = [(claim.block_no, claim.char_start) for claim in report.claims]
    found = [] if places == sorted(places) else ["claims do not stand in reading order"]
    for claim in report.claims:
        block = blocks.get(claim.block_no)
        if block is None or block.role not in _PROSE:
            found.append(f"{claim.raw!r} stands in no prose")
            continue
        found += _place(claim, block)
        if claim.whole_start is not None and (claim.block_no, claim.whole_start) not in starts:
            found.append(f"{claim.raw!r} is a part of nothing")
        if claim.whole_start == claim.char_start:
            found.append(f"{claim.raw!r} is a part of itself")
    return found


def _place(claim: Claim, block: Block) -> list[str]:
    """What is wrong with a claim at its place: its words must stand there, and be worth what it says."""
    said = block.text[claim.char_start : claim.char_end]
    found = []
    if not 0 <= claim.char_start < claim.char_end <= len(block.text):
        found.append(f"{claim.raw!r} lies at {claim.char_start} to {claim.char_end} of {len(block.text)} characters")
    if claim.section_no != block.section_no:
        found.append(f"{claim.raw!r} is of another section than its block")
    if not plain(claim.sentence) or plain(claim.sentence) not in plain(block.text):
        found.append(f"{claim.raw!r} has a sentence that its block does not have")
    if claim.zero_in_words:
        if claim.value != 0 or plain(claim.raw) not in plain(claim.sentence):
            found.append(f"{claim.raw!r} is no zero in words")
        return found
    if plain(said) != plain(claim.raw):
        found.append(f"{claim.raw!r} is not what stands at its place: {said!r}")
    if abs(claim.value) not in worth(claim.raw):
        found.append(f"{claim.raw!r} is not worth {claim.value}")
    return found


def _facts(report: Report) -> list[str]:
    cells = {(c.table_no, c.row, c.col): c for c in report.cells}
    claims = {(c.block_no, c.char_start, c.char_end): c for c in report.claims}
    found = []
    for fact in report.facts:
        if (fact.state == "number") != (fact.value is not None):
            found.append(f"{fact.indicator} has state {fact.state} and value {fact.value}")
        if fact.source == "table":
            found += _of_table(fact, cells.get((fact.table_no or 0, fact.row or 0, fact.col or 0)), report)
        elif fact.source == "prose":
            found += _of_prose(fact, claims.get((fact.block_no or 0, fact.char_start or 0, fact.char_end or 0)))
        else:
            found += _of_sum(fact, [cells.get(place) for place in places_named(fact.derivation)])
    return found


def _of_table(fact: Fact, cell: TableCell | None, report: Report) -> list[str]:
    if cell is None:
        return [f"{fact.indicator} leads to no cell"]
    if (fact.indicator, fact.applicant, fact.state) != (cell.indicator, cell.applicant, cell.state):
        return [f"{fact.indicator} leads to {cell.indicator}, {cell.state}"]
    recovered = {c.value for c in report.claims if "unit recovered" in fact.derivation and c.raw in fact.derivation}
    if fact.value not in {cell.value, cell.base_value} | recovered:
        return [f"{fact.indicator} is {fact.value} where its cell says {cell.value}"]
    return []


def _of_prose(fact: Fact, claim: Claim | None) -> list[str]:
    if claim is None:
        return [f"{fact.indicator} leads to no claim"]
    names = {fact.indicator, f"{fact.indicator}_{fact.applicant}"}
    if claim.indicator not in names or claim.value != fact.value or not claim.raw:
        return [f"{fact.indicator} is {fact.value} where its sentence says {claim.indicator} {claim.value}"]
    return []


def _of_sum(fact: Fact, cells: list[TableCell | None]) -> list[str]:
    if not cells or None in cells:
        return [f"{fact.indicator} is a sum of cells that are not there: {fact.derivation}"]
    parts = [cell.value if cell.base_value is None else cell.base_value for cell in cells if cell is not None]
    if None in parts:
        return [f"{fact.indicator} is a sum over a cell without a number"]
    if sum(part for part in parts if part is not None) != fact.value:
        return [f"{fact.indicator} is {fact.value}, its cells add up to {sum(p for p in parts if p is not None)}"]
    return []


def places_named(derivation: str) -> list[tuple[int, int, int]]:
    """Table, row and column of the cells that a sum names."""
    words = derivation.split(";", maxsplit=1)[0]
    column, row = _COLUMN.search(words), _ROW.search(words)
    if column:
        return [(int(column[1]), int(no), int(column[3])) for no in column[2].split(",")]
    if row:
        return [(int(row[1]), int(row[2]), int(no)) for no in row[3].split(",")]
    return [(int(table), int(at), int(col)) for table, at, col in _CELL.findall(words)]


def _sections(report: Report) -> list[str]:
    """Sections and what stands before and beside them are the whole page: each block in one place, no word lost."""
    found = []
    end = -1
    words: dict[int | None, list[str]] = defaultdict(list)
    for block in report.blocks:
        words[block.section_no].append(block.text)
        if report.outcome == "ok" and block.section_no is None and block.role in ("heading", "body"):
            found.append(f"block {block.no} stands in no section")
        if block.section_no is not None and block.role in ("title", "preamble", "furniture"):
            found.append(f"block {block.no} is {block.role} and stands in section {block.section_no}")
    for no, section in enumerate(report.sections):
        if section.section_no != no or not end < section.first_block <= section.last_block < len(report.blocks):
            found.append(f"section {section.section_no} lies at blocks {section.first_block} to {section.last_block}")
        if section.parent_no is not None and not section.parent_no < no:
            found.append(f"section {no} stands in section {section.parent_no}, which comes later")
        if letters(section.number + section.title + section.text) != letters("".join(words[no])):
            found.append(f"section {no} has other words than its blocks")
        end = section.last_block
    return found
