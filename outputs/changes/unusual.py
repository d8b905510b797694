"""How unusual a change is: a robust z of its log ratio, against the agency's own history and against its peers.

z = (x - median) / (1.4826 * MAD), the usual robust score; where more than half of the changes are alike the MAD is 0,
and 1.2533 times the mean absolute deviation takes its place. Beyond 3.5 a change is called unusual. The factors make
both spreads equal to the standard deviation of a normal distribution; the limit is the one in common use for outliers.

A count is measured as log((after + 1) / (before + 1)), so that a zero has a place; money has none at zero.
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from statistics import median

MIN_OWN = 4
"""Earlier changes that an agency's own history needs: five years before the one in question."""

MIN_PEERS = 8
"""Other agencies of the same level that a comparison with peers needs."""

LIMIT = 3.5
MAD_FACTOR = 1.4826
MEAN_FACTOR = 1.2533

_MONEY = "元"
_ROUNDING = 1e-8
"""Log ratios are held with nine digits after the point."""


def log_ratio(before: Decimal, after: Decimal, unit: str) -> float | None:
    """Return the log ratio of two values; None where they have none (negative numbers, money that is zero)."""
    first = 0 if unit == _MONEY else 1
    if before < 0 or after < 0 or before + first == 0 or after + first == 0:
        return None
    return round(math.log((after + first) / (before + first)), 9)


def middle_and_spread(others: Sequence[float]) -> tuple[float, float]:
    """Return the median and the spread of log ratios; the spread is 0 where all are alike."""
    middle = median(others)
    apart = [abs(other - middle) for other in others]
    return middle, MAD_FACTOR * median(apart) or MEAN_FACTOR * math.fsum(apart) / len(apart)


def robust_z(value: float, middle: float, spread: float) -> float | None:
    """Return how far a value is from the others; None where all others are alike and it is not: no measure.

    >>> robust_z(3.0, 1.0, 0.5), robust_z(1.0, 1.0, 0.0), robust_z(3.0, 1.0, 0.0)
    (4.0, 0.0, None)
    """
    if spread:
        return round((value - middle) / spread, 2)
    return 0.0 if abs(value - middle) < _ROUNDING else None


def is_unusual(score: float | None, n_others: int, minimum: int) -> bool:
    """Say whether a change stands out: beyond the limit, or the first that differs where all others are alike."""
    return n_others >= minimum and (score is None or abs(score) > LIMIT)


def in_words(score: float | None, n_others: int, minimum: int, whose: str) -> str:
    """Say what a score means, or why there is none. `whose` are the others: `own earlier changes`.

    >>> in_words(4.2, 9, 8, "changes of peers"), in_words(None, 2, 4, "own earlier changes")
    ('far above 9 changes of peers', 'too few own earlier changes (2 of 4)')
    """
    if n_others < minimum:
        return f"too few {whose} ({n_others} of {minimum})"
    if score is None:
        return f"unlike {n_others} {whose}, which are all alike"
    if abs(score) <= LIMIT:
        return f"in line with {n_others} {whose}"
    return f"far {'above' if score > 0 else 'below'} {n_others} {whose}"
