"""One mark for what became of a report, the same in the table and in the picture; none needs colour to be read."""

from dataclasses import dataclass
from typing import Any

LATE_MARK = "L"
LATE_WORDS = "behind a mark: published after the legal deadline of that year"
UNKNOWN_WORDS = "nothing says that there is a report"


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign, the words for it, the colour of its field and of the sign on it, and a hatch ('' for none)."""

    sign: str
    words: str
    fill: str
    ink: str
    hatch: str = ""


# Colours that people with any of the common kinds of colour blindness tell apart, in grey by their brightness.
BALANCED = Mark("+", "read, and the sums of its form that could be tested add up", "#00507d", "#ffffff")
PARSED = Mark("o", "read; no check of its balance was possible", "#7fb8de", "#10222e")
UNBALANCED = Mark("!", "read, but a sum of its form does not add up", "#f0b429", "#2b2000", "\\\\\\\\")
DUPLICATE = Mark("=", "the page is another report's, byte for byte", "#c9a6d8", "#2c1637", "....")
FAILED = Mark("x", "a page is there and gave no report", "#c1440e", "#ffffff", "xx")
MISSING = Mark("?", "a report is known or due, and no page is there", "#ffffff", "#5c5c5c", "////")

MARKS = (BALANCED, PARSED, UNBALANCED, DUPLICATE, FAILED, MISSING)
"""All of them, in the order in which they are explained."""

_OF_STATUS = {"duplicate": DUPLICATE, "failed": FAILED, "missing": MISSING}
_OF_BALANCE = {"yes": BALANCED, "no": UNBALANCED, "unknown": PARSED}


def mark_of(row: Any) -> Mark:
    """The mark of a row of agency_years."""
    return _OF_STATUS.get(row.status) or _OF_BALANCE[row.balanced]


def signs_of(row: Any) -> str:
    """The mark's sign, and the one for late publication."""
    return mark_of(row).sign + (LATE_MARK if row.late == "late" else "")
