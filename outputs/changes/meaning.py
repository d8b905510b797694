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
    if old.form_id != new.form_id:
        broken = why_not_comparable(indicator, old.form_id, new.form_id) or _is_broken(indicator, old, new)
        if broken:
            return "form_changed", _forms(indicator, old.form_id, new.form_id)
    kinds = (old.concordance or "exact", new.concordance or "exact")
    one_form = old.form_id == new.form_id != "" and kinds[0] == kinds[1]
    if one_form or _WHOLE.issuperset(kinds):
        return "", said_of_sources(old.source, new.source)
    return "concordance", f"{kinds[0]}, then {kinds[1]}"


def _is_broken(indicator: str, old: Figure, new: Figure) -> bool:
    """Whether a figure of the text, which follows the forms of its own report, breaks with that of a form.

    A form that is known to count its own way under a common name (主动公开文件数 counts documents) is not held against
    the text of a report that does not follow it.
    """
    if old.form_id and new.form_id:
        return False
    pairs = [(one, other) for one in old.forms for other in new.forms]
    if any(other in _breaks(indicator, one) or one in _breaks(indicator, other) for one, other in pairs):
        return True
    form, text = (old, new) if old.form_id else (new, old)
    return bool(_breaks(indicator, form.form_id)) and form.form_id not in text.forms


def _breaks(indicator: str, form_id: str) -> tuple[str, ...]:
    return load_concordance()[indicator, form_id].breaks_with if form_id else ()


def _forms(indicator: str, before: str, after: str) -> str:
    """What each form counts under the indicator, by the concordance."""
    return "; ".join(_form(indicator, form_id) for form_id in (before, after))


def _form(indicator: str, form_id: str) -> str:
    if not form_id:
        return "the text: exact"
    entry = load_concordance()[indicator, form_id]
    return f"{form_id}: {entry.kind}{f' ({entry.note})' if entry.note else ''}"


def said_of_sources(before: str, after: str) -> str:
    """Say what two values were read from; '' where both are from tables."""
    if before == after == "table":
        return ""
    if before == after:
        return f"both from {_WORDS[before]}"
    return f"from {_WORDS[before]}, then from {_WORDS[after]}"
