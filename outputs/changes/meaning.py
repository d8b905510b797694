"""Whether two facts of one indicator count the same quantity."""

from corpus.concordance import load_concordance, why_not_comparable
from outputs.changes.records import Figure

_WHOLE = frozenset(("exact", "sum_of"))
"""A form's row that is the indicator, or rows that add up to it: the same quantity, printed or added up."""

_WORDS = {"table": "a table", "prose": "the text", "derived": "a sum of cells"}


def why_another_quantity(indicator: str, old: Figure, new: Figure) -> tuple[str, str]:
    """Return the reason and a note why two figures are not of one quantity; the reason is '' when they are.

    Where they are, the note says what else a reader must know: that one of them is not from a table.
    """
    if old.form_id != new.form_id and why_not_comparable(indicator, old.form_id, new.form_id):
        return "form_changed", _forms(indicator, old.form_id, new.form_id)
    kinds = (old.concordance or "exact", new.concordance or "exact")
    one_form = old.form_id == new.form_id != "" and kinds[0] == kinds[1]
    if one_form or _WHOLE.issuperset(kinds):
        return "", _sources(old, new)
    return "concordance", f"{kinds[0]}, then {kinds[1]}"


def _forms(indicator: str, before: str, after: str) -> str:
    """What each form counts under the indicator, by the concordance."""
    return "; ".join(_form(indicator, form_id) for form_id in (before, after))


def _form(indicator: str, form_id: str) -> str:
    if not form_id:
        return "no form: exact"
    entry = load_concordance()[indicator, form_id]
    return f"{form_id}: {entry.kind}{f' ({entry.note})' if entry.note else ''}"


def _sources(old: Figure, new: Figure) -> str:
    if old.source == new.source == "table":
        return ""
    if old.source == new.source:
        return f"both from {_WORDS[old.source]}"
    return f"from {_WORDS[old.source]}, then from {_WORDS[new.source]}"
