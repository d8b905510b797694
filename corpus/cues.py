"""Words by which the prose of a report says what its numbers are to each other, from `corpus/data/check_cues.csv`."""

import re
from functools import cache

from corpus.tables import read_table


@cache
def check_cue(use: str) -> re.Pattern[str]:
    """Return the pattern for a use; raises KeyError where the file has none."""
    return {row["use"]: re.compile(row["pattern"]) for row in read_table("check_cues.csv")}[use]
