"""The dictionary of indicators on a terminal: a list, or one entry with all that is known of it."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.concordance import NATIONAL, load_concordance
from corpus.indicators import Indicator
from outputs.lookup import in_forms


def print_list(console: Console, entries: list[Indicator]) -> None:
    """Print one line per indicator, with how each national form counts it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("indicator", "label", "unit", *NATIONAL):
        table.add_column(name, overflow="fold", no_wrap=name == "indicator")
    for entry in entries:
        kinds = [load_concordance()[entry.indicator, form_id].kind for form_id in NATIONAL]
        table.add_row(entry.indicator, Text(entry.label_zh), entry.unit, *("" if k == "none" else k for k in kinds))
    console.print(table)
    noun = "indicator" if len(entries) == 1 else "indicators"
    console.print(f"({len(entries)} {noun}; name one to see all of it)")


def print_entry(console: Console, entry: Indicator) -> None:
    """Print one indicator: what it counts, what to mind, and how each form that prints or drops it counts it."""
    lines = {
        "group": entry.group,
        "counts": entry.definition,
        "unit": entry.unit if entry.unit == entry.unit_on_form else f"{entry.unit}; forms print {entry.unit_on_form}",
        "to mind": entry.comparability_note,
        "FOIA (US)": entry.foia_gov_analogue,
    }
    console.print(Text.assemble((entry.indicator, "bold"), f"  {entry.label_zh}  {entry.label_en}"), soft_wrap=True)
    grid = Table.grid(padding=(0, 2, 0, 0))
    for name, text in lines.items():
        if text:
            grid.add_row(Text(name, style="bold"), Text(text))
    console.print(grid)
    console.print()
    console.print(_forms(entry))


def _forms(entry: Indicator) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("form", "years", "kind", "printed as", "note"):
        table.add_column(name, overflow="fold", no_wrap=name in ("form", "years"))
    for found in in_forms(entry.indicator):
        form = found.form
        if form.kind == "none" and not form.note:
            continue
        kind = f"{form.kind}: {form.sum_is}" if form.sum_is else form.kind
        note = form.note
        if form.breaks_with:
            note = f"{note} Not to be compared with {', '.join(form.breaks_with)}.".strip()
        table.add_row(form.form_id, found.years, kind, Text("\n".join(found.printed)), Text(note))
    return table
