"""From which bodies another took over, by the registries: they name successors, here they are read backwards."""

import re
from functools import cache

from corpus.tables import read_table

# the kind stands at the end of an id, before the mark of a body that no registry lists
_KIND = re.compile(r"(?P<before>.+-)(?P<kind>[a-z_]+)")


def predecessors(agency_id: str) -> tuple[str, ...]:
    """Return the ids of the bodies whose work this one took over, sorted; () where the registries know of none.

    >>> predecessors("320813-market_regulation")
    ('320813-food_drug', '320813-industry_commerce', '320813-quality_supervision')
    """
    found = set(_central().get(agency_id, ()))
    if match := _KIND.fullmatch(agency_id):
        found |= {f"{match['before']}{kind}" for kind in _kinds().get(match["kind"], ())}
    return tuple(sorted(found - {agency_id}))


@cache
def _central() -> dict[str, set[str]]:
    taken_over: dict[str, set[str]] = {}
    for row in read_table("central_bodies.csv"):
        for successor in row["successor"].split():
            taken_over.setdefault(successor, set()).add(row["agency_id"])
    return taken_over


@cache
def _kinds() -> dict[str, set[str]]:
    taken_over: dict[str, set[str]] = {}
    for row in read_table("agency_kinds.csv"):
        for successor in row["successor"].split():
            taken_over.setdefault(successor, set()).add(row["kind"])
    return taken_over
