"""Two years as a page."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from outputs.changes.unusual import MIN_OWN, MIN_PEERS
from outputs.compare.page import (
    Block,
    Cell,
    Column,
    Grid,
    Page,
    about_report,
    counted,
    number,
    place,
    section_blocks,
    sections_said,
    signed,
)
from outputs.compare.records import FigureChange, YearsDiff
from outputs.schema.changes import REASONS

_EXAMPLES = 3
_WHOLE_RATIO = 100
"""From here on a ratio is written without digits after the point, below with three that count."""


def years_page(diff: YearsDiff) -> Page:
    """Return what a watchdog wants to see of two years, the most notable first."""
    by_status = {status: [f for f in diff.figures if f.row.status == status] for status in _STATUSES}
    before, after = diff.before, diff.after
    years = f"{before.report_year} → {after.report_year}"
    return Page(
        title=f"{after.agency} {years}",
        headline=_headline(diff, {status: len(found) for status, found in by_status.items()}),
        about=((str(before.report_year), about_report(before)), (str(after.report_year), about_report(after))),
        warnings=diff.warnings,
        blocks=(
            *_block("Figures that changed", _figures(diff, by_status["changed"])),
            *_block("Does not add up", _failing(diff)),
            *_block("Not comparable", _reasons(by_status["not_comparable"]), _WHY),
            *section_blocks(diff.sections),
            *_block("Asked for by the later form only", _figures(diff, by_status["new"]), folded=True),
            *_block("Asked for by the earlier form only", _figures(diff, by_status["removed"]), folded=True),
            *_side_by_side(diff, by_status["not_comparable"]),
            *_block("Figures that are the same", _figures(diff, by_status["same"]), folded=True),
            *_cautions(diff.figures),
        ),
    )


_STATUSES = ("changed", "same", "new", "removed", "not_comparable")
_WHY = "No difference is given for these: the two values do not mean the same, or one of them is not there."


def _headline(diff: YearsDiff, counts: dict[str, int]) -> str:
    if diff.figures and len(diff.figures) == counts["not_comparable"]:
        reasons = " ".join(sorted({figure.row.reason for figure in diff.figures}))
        figures = [f"none of {counted(len(diff.figures), 'figure', 'figures')} may be compared ({reasons})"]
    else:
        figures = _counted(counts)
    unusual = sum(figure.stands_out for figure in diff.figures if figure.row.status == "changed")
    failing = len(diff.failing)
    parts = [
        ", ".join(filter(None, figures)),
        f"{counted(unusual, 'change is', 'changes are')} unusual" if unusual else "",
        f"{counted(failing, 'check fails', 'checks fail')}" if failing else "no check fails",
        sections_said(diff.sections),
    ]
    return "; ".join(filter(None, parts)) + "."


def _counted(counts: dict[str, int]) -> list[str]:
    return [
        f"{counted(counts['changed'], 'figure', 'figures')} changed",
        f"{counts['same']} the same",
        f"{counts['new']} new with the form" if counts["new"] else "",
        f"{counts['removed']} gone with it" if counts["removed"] else "",
        f"{counts['not_comparable']} not comparable",
    ]


def _block(title: str, grid: Grid | None, *lines: str, folded: bool = False) -> list[Block]:
    if grid is None:
        return []
    return [Block(f"{title} ({len(grid.rows)})", lines, grid, folded=folded)]


def _figures(diff: YearsDiff, figures: Sequence[FigureChange], *, why: bool = False) -> Grid | None:
    if not figures:
        return None
    years = (diff.before.report_year, diff.after.report_year)
    columns = (
        Column("figure"),
        Column("applicant"),
        *(Column(str(year), is_number=True) for year in years),
        *(() if why else (Column("difference", is_number=True), Column("ratio", is_number=True))),
        Column("unit"),
        Column("why not" if why else "how unusual"),
        Column("note"),
    )
    rows = tuple(_figure(diff, figure, why=why) for figure in figures)
    marked = frozenset(no for no, figure in enumerate(figures) if figure.stands_out)
    return Grid(columns, rows, marked)


def _figure(diff: YearsDiff, figure: FigureChange, *, why: bool) -> tuple[Cell, ...]:
    row = figure.row
    moved = () if why else (Cell(signed(row.difference)), Cell(_ratio(figure)))
    return (
        Cell(figure.label, small=row.indicator),
        Cell(row.applicant.replace("_", " ")),
        Cell(number(row.value_before), *place(diff.before, row.place_before)),
        Cell(number(row.value_after), *place(diff.after, row.place_after)),
        *moved,
        Cell(row.unit),
        Cell(row.reason) if why else Cell(_judged(figure), hint=figure.unusual),
        Cell(row.note),
    )


def _judged(figure: FigureChange) -> str:
    """What is known of how unusual a change is; in two words where there is nothing to hold it against."""
    own = (figure.n_own or 0) >= MIN_OWN
    peers = (figure.n_peers or 0) >= MIN_PEERS
    said = figure.unusual.split("; ")
    if len(said) < 2:
        return figure.unusual
    return "; ".join(part for part, known in zip(said, (own, peers), strict=True) if known) or "too little history"


def _ratio(figure: FigureChange) -> str:
    ratio = figure.row.ratio
    if ratio is None:
        return ""
    return f"× {ratio:,.0f}" if ratio >= _WHOLE_RATIO else f"× {float(ratio):.3g}"


def _reasons(figures: Iterable[FigureChange]) -> Grid | None:
    """One line a reason: how many figures, and some of them with both values."""
    groups = [(reason, list(found)) for reason, found in groupby(figures, key=lambda figure: figure.row.reason)]
    if not groups:
        return None
    columns = (Column("why not"), Column("figures", is_number=True), Column("meaning"), Column("such as"))
    rows = tuple(
        (
            Cell(reason),
            Cell(str(len(found))),
            Cell(REASONS[reason]),
            Cell("; ".join(_example(figure) for figure in found[:_EXAMPLES])),
        )
        for reason, found in groups
    )
    return Grid(columns, rows)


def _example(figure: FigureChange) -> str:
    row = figure.row
    values = f"{number(row.value_before) or '–'} | {number(row.value_after) or '–'}"
    whose = "" if row.applicant == "total" else f" {row.applicant}"
    return f"{figure.label}{whose}: {values} {row.unit}".rstrip()


def _side_by_side(diff: YearsDiff, figures: Sequence[FigureChange]) -> list[Block]:
    """Both values of what may not be compared; where nothing may, it is all there is to see."""
    return _block(
        "Not comparable, side by side", _figures(diff, figures, why=True), folded=len(figures) < len(diff.figures)
    )


def _failing(diff: YearsDiff) -> Grid | None:
    if not diff.failing:
        return None
    names = ("year", "check", "applicant", "what the page prints")
    columns = (*map(Column, names), Column("difference", is_number=True))
    sources = {report.capture_id: report for report in (diff.before, diff.after)}
    rows = tuple(
        (
            Cell(str(check.report_year)),
            Cell(check.check_id),
            Cell(check.applicant.replace("_", " ")),
            Cell(check.explanation or check.expression, *place(sources[check.capture_id], check.evidence)),
            Cell(signed(check.difference)),
        )
        for check in diff.failing
    )
    return Grid(columns, rows)


def _cautions(figures: Iterable[FigureChange]) -> list[Block]:
    """What the dictionary says of comparing the figures that changed, where the forms differ."""
    said = {figure.row.indicator: figure for figure in figures if figure.caution}
    if not said:
        return []
    rows = tuple((Cell(f.label, small=name), Cell(f.caution)) for name, f in sorted(said.items()))
    grid = Grid((Column("figure"), Column("what to mind across forms")), rows)
    return _block("What to mind: the two reports follow different forms", grid, folded=True)
