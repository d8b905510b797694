"""Whether two facts of one indicator count the same quantity."""

from functools import cache

from corpus.tables import read_table
from outputs.changes.records import Figure

_WHOLE = frozenset(("exact", "sum_of"))
"""A form's row that is the indicator, or rows that add up to it: the same quantity, printed or added up."""


def why_another_quantity(indicator: str, old: Figure, new: Figure) -> tuple[str, str]:
    """Return the reason and a note why two figures are not of one quantity; the reason is '' when they are.

    Where they are, the note says what else a reader must know: that one of them is not from a table.
    """
    if old.form_id == new.form_id and old.concordance == new.concordance:
        return "", _sources(old, new)
    if old.form_id and new.form_id and old.form_id != new.form_id:
        broken = _why(indicator, old.form_id, new.form_id)
        if broken:
            return "form_changed", broken
    kinds = {old.concordance or "exact", new.concordance or "exact"}
    if kinds <= _WHOLE:
        return "", _sources(old, new)
    return "concordance", f"{old.concordance or 'exact'}, then {new.concordance or 'exact'}"


def _sources(old: Figure, new: Figure) -> str:
    if old.source == new.source == "table":
        return ""
    words = {"table": "a table", "prose": "the text", "derived": "a sum of cells"}
    return f"from {words[old.source]}, then from {words[new.source]}"


def _why(indicator: str, before: str, after: str) -> str:
    """Why two forms do not count one quantity under an indicator; '' when they do."""
    kinds = _kinds()
    for form_id in (before, after):
        found = kinds.get((form_id, indicator), frozenset())
        if not found & _WHOLE:
            return f"{form_id}: {' '.join(sorted(found)) or 'none'}"
    return ""


@cache
def _kinds() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for row in read_table("concordance.csv"):
        found.setdefault((row["form_id"], row["indicator"]), set()).add(row["kind"])
    return {key: frozenset(kinds) for key, kinds in found.items()}
