"""One report as a tree: whose it is, its sections with their tables, its claims, its facts, its findings."""

from collections import defaultdict
from collections.abc import Iterable

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from gongkai.plaintext import safe
from outputs.arrow import plain
from parsers.records import Claim, Fact, Report, Section, TableCell

_EXCERPT = 80
"""Characters of a section's text that are shown: about two lines of a terminal."""

_JOINT = " / "
"""What joins the labels of a path (design: dataset.md)."""

_WIDE, _FLAT = 8, 2
"""More columns than the requests table has, in a row or two: as the fifteen of reviews and lawsuits."""

_LABEL_WIDTH = 30
"""Columns of the terminal that row labels get at least: fifteen characters, as most labels have."""


def report_tree(report: Report, *, tables: bool = True) -> Tree:
    """Return the report for printing; `tables` says whether its data tables are drawn."""
    tree = Tree(_text(report.identity.title or "(no title)", "bold"))
    _add_identity(tree, report)
    _add_sections(tree, report, tables=tables)
    if report.claims:
        _branch(tree, f"Claims ({len(report.claims)})").add(_claims(report))
    if report.facts:
        _branch(tree, f"Facts ({len(report.facts)})").add(_facts(report))
    if report.findings:
        findings = _branch(tree, f"Findings ({len(report.findings)})")
        for finding in report.findings:
            findings.add(_text(f"{finding.code} · {finding.where} · {finding.detail}"))
    return tree


def _add_identity(tree: Tree, report: Report) -> None:
    identity, decoded = report.identity, report.decoded
    period = " to ".join(date for date in (identity.period_start, identity.period_end) if date)
    printed = f" (printed: {identity.agency_as_printed})" if identity.agency_as_printed else ""
    lines = {
        "outcome": " · ".join(part for part in (report.outcome, report.detail, report.next_step) if part),
        "agency": f"{identity.agency or 'unknown'}{printed}",
        "agency id": f"{identity.agency_id or 'unknown'} · {identity.agency_level} · {identity.region_code}",
        "report year": str(identity.report_year or "unknown"),
        "scope": identity.report_scope,
        "published": identity.published_date or "not stated",
        "period": period or "not stated",
        "forms": " ".join(report.form_ids) or "no known form",
        "encoding": f"{decoded.used} (declared: {decoded.declared or 'none'}, replaced: {decoded.replaced})",
        "capture": report.capture_id,
    }
    branch = _branch(tree, "Identity")
    for name, value in lines.items():
        branch.add(_text(f"{name}: {value}"))


def _add_sections(tree: Tree, report: Report, *, tables: bool) -> None:
    by_section: defaultdict[int | None, list[list[TableCell]]] = defaultdict(list)
    for cells in _by_table(report.cells):
        by_section[cells[0].section_no].append(cells)
    branch = _branch(tree, f"Sections ({len(report.sections)})")
    nodes: dict[int | None, Tree] = {None: branch}
    for section in report.sections:
        node = nodes.get(section.parent_no, branch).add(_section(section))
        nodes[section.section_no] = node
    for section_no, found in by_section.items():
        for cells in found:
            node = nodes.get(section_no, branch).add(_text(_caption(cells)))
            if tables:
                node.add(_grid(cells))


def _section(section: Section) -> Text:
    line = _text(f"{section.number}{section.title}", "bold")
    line.append(f"  {section.canonical} · level {section.level}", "cyan")
    if section.status != "ok":
        line.append(safe(f" · {section.status}"), "yellow")
    excerpt = " ".join(section.text.split())
    if excerpt:
        line.append(safe(f"\n{excerpt[:_EXCERPT]}{'…' if len(excerpt) > _EXCERPT else ''}"), "dim not bold")
    return line


def _by_table(cells: Iterable[TableCell]) -> list[list[TableCell]]:
    tables: defaultdict[int, list[TableCell]] = defaultdict(list)
    for cell in cells:
        tables[cell.table_no].append(cell)
    return [tables[number] for number in sorted(tables)]


def _grid(cells: list[TableCell]) -> Table:
    """Draw a table: row labels down, column labels across, cells as printed; turned if it is wide and flat."""
    rows = {cell.row: cell.row_path for cell in reversed(cells)}
    columns = {cell.col: cell.col_path for cell in reversed(cells)}
    places = {(cell.row, cell.col): cell for cell in cells}
    if len(columns) > _WIDE and len(rows) <= _FLAT:
        rows, columns = columns, rows
        places = {(col, row): cell for (row, col), cell in places.items()}
    table = Table()
    table.add_column("", overflow="fold", min_width=_LABEL_WIDTH)
    for col in sorted(columns):
        table.add_column(_text(columns[col].replace(_JOINT, "\n")), justify="right", overflow="fold")
    before: list[str] = []
    for row in sorted(rows):
        path = rows[row].split(_JOINT)
        for depth, label in enumerate(path[:-1]):
            if before[: depth + 1] != path[: depth + 1]:
                table.add_row(_text("  " * depth + label, "dim"))
        label = "  " * (len(path) - 1) + path[-1]
        table.add_row(_text(label), *(_cell(places.get((row, col))) for col in sorted(columns)))
        before = path
    return table


def _caption(cells: list[TableCell]) -> str:
    mapped = sum(bool(cell.indicator) for cell in cells)
    form = cells[0].form_id or "no known form"
    about = f"table {cells[0].table_no} · {form} · {len(cells)} cells, {mapped} mapped"
    return f"{about} · {cells[0].table_title}" if cells[0].table_title else about


def _cell(cell: TableCell | None) -> Text:
    if cell is None:
        return Text("")
    if cell.state == "blank":
        return Text("blank", "dim")
    return _text(cell.raw, "" if cell.indicator else "yellow")


def _claims(report: Report) -> Table:
    """A line for each number of the prose: as printed, what it counts, its indicator, and where it stands."""
    table = Table(box=None, pad_edge=False)
    for name in ("raw", "value", "subject", "indicator", "place"):
        table.add_column(name, justify="right" if name == "value" else "left", overflow="fold")
    for claim in report.claims:
        place = f"block {claim.block_no}, {claim.char_start} to {claim.char_end}"
        raw = f"{claim.raw}{_about(claim)}"
        style = "" if claim.indicator else "dim"
        value = _text(f"{plain(claim.value)}{claim.unit}", style)
        table.add_row(
            _text(raw, style), value, _text(claim.subject, style), _text(claim.indicator), _text(place, style)
        )
    return table


def _about(claim: Claim) -> str:
    """What must be known of a claim to read its number: that it is rough, a rate, of another time."""
    notes = ["about"] if claim.approximate else []
    notes += [claim.kind] if claim.kind in ("share", "growth") else []
    notes += [claim.period.replace("_", " ")] if claim.period != "year" else []
    return f" ({', '.join(notes)})" if notes else ""


def _facts(report: Report) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("indicator", "applicant", "measure", "value", "unit", "place"):
        table.add_column(name, justify="right" if name == "value" else "left")
    for fact in report.facts:
        value = fact.state if fact.value is None else plain(fact.value)
        table.add_row(fact.indicator, fact.applicant, fact.measure, _text(value), _text(fact.unit), _text(_place(fact)))
    return table


def _place(fact: Fact) -> str:
    """Where a fact was read, and how its value came about where it is not printed as it stands."""
    if fact.source == "derived":
        return fact.derivation
    if fact.source == "table":
        place = f"table {fact.table_no}, row {fact.row}, column {fact.col}"
    else:
        place = f"block {fact.block_no}, {fact.char_start} to {fact.char_end}"
    return f"{place} ({fact.derivation})" if fact.derivation else place


def _branch(tree: Tree, name: str) -> Tree:
    return tree.add(Text(name, "bold"))


def _text(text: str, style: str = "") -> Text:
    return Text(safe(text), style)
