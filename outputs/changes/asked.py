"""What a statutory form asks for: whether a report that keeps silent on a quantity had a place for it."""

from collections.abc import Iterable
from functools import cache

from corpus.concordance import load_concordance
from corpus.forms import load_forms


def asks_for(form_ids: Iterable[str], indicator: str, applicant: str) -> bool:
    """Say whether one of the forms prints the indicator for this kind of applicant, or rows that add up to it."""
    asked = _asked()
    return any((form_id, indicator, applicant) in asked for form_id in form_ids)


@cache
def _asked() -> frozenset[tuple[str, str, str]]:
    columns: dict[str, list[str]] = {}
    for table in load_forms().tables:
        columns.setdefault(table.form_id, []).extend(item.key for item in table.cols)
    found = set()
    for (indicator, form_id), entry in load_concordance().items():
        for _, key in entry.cells:
            found.add((form_id, indicator, "total"))
            group = key.removesuffix("total")
            if group.endswith(".col."):
                # the column of the total stands for all columns of applicants beside it
                applicants = (column.removeprefix(group) for column in columns[form_id] if column.startswith(group))
                found |= {(form_id, indicator, applicant) for applicant in applicants}
    return frozenset(found)
