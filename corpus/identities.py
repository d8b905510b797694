"""What must add up: the identities of the forms and of the prose, read from `corpus/data/identities.csv`.

An expression is data, not code: sums of quantities on both sides of `==`, `<=` or `>=`. A quantity is an indicator,
with the kind of applicant in brackets (`x[total]`) and marks behind it: `@before` for the year before, `@cumulative`
for the column of all years. `x` stands for any indicator. Several right sides, parted by `|`, are readings of which one
must fit.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple, cast

from corpus.tables import read_table

Relation = Literal["==", "<=", ">="]

ANY = "x"
"""The name that stands for any indicator."""

_TERM = re.compile(r"\s*([+-]?)\s*([a-z_0-9]+)(?:\[([a-z_]+)\])?((?:@[a-z]+)*)\s*")
_RELATION = re.compile(r"\s(==|<=|>=)\s")
_IN_WORDS = frozenset(("parts", "share", "share_list", "growth"))
"""Identities between numbers of a sentence: their expression is for readers, the test is code."""


class Term(NamedTuple):
    """One quantity of a sum: its sign (1 or -1), indicator, applicant ('' for the one that is tested), and marks."""

    sign: int
    indicator: str
    applicant: str
    before: bool
    cumulative: bool


Terms = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One identity.

    `identity_id` and `part` name it; `span` says between what it holds (`report`, `years`: a report and that of the
    year before, `earlier`: and the last one before a gap); `each` what it is tested for; `forms` the forms that it
    holds on (empty: all); `printed` and `not_printed` indicators that the page must, and must not, print. `left` and
    `rights` are empty where the expression is for readers only. `defines` is an indicator that the identity defines
    where no cell prints it. `on_mismatch` is `fail`, or the code of what may explain a mismatch. `tolerance` is in
    units of the compared number; `local_rows` tells that rows which only some agencies add would break the sum.
    """

    identity_id: str
    part: str
    span: str
    each: str
    forms: frozenset[str]
    printed: str
    not_printed: str
    expression: str
    left: Terms
    relation: Relation
    rights: tuple[Terms, ...]
    defines: str
    strictness: str
    on_mismatch: str
    tolerance: str
    local_rows: bool
    source: str


@cache
def load_identities() -> tuple[Rule, ...]:
    """All identities in the order of the file."""
    return tuple(_rule(row) for row in read_table("identities.csv"))


@cache
def definitions() -> dict[str, tuple[Terms, frozenset[str]]]:
    """Indicators that a sum defines where no cell prints them: indicator → (the sum, the forms it holds on)."""
    return {rule.defines: (rule.left, rule.forms) for rule in load_identities() if rule.defines}


def parse_sum(text: str) -> Terms:
    """Return the terms of a sum; raises ValueError where the text is none.

    >>> [(term.sign, term.indicator, term.applicant, term.before) for term in parse_sum("x[total] - y@before")]
    [(1, 'x', 'total', False), (-1, 'y', '', True)]
    """
    terms: list[Term] = []
    at = 0
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None or (bool(terms) != bool(found[1])):
            raise ValueError(f"not a sum of indicators: {text!r}")
        marks = set(found[4].split("@")[1:])
        if marks - {"before", "cumulative"}:
            raise ValueError(f"unknown mark: {text!r}")
        sign = -1 if found[1] == "-" else 1
        terms.append(Term(sign, found[2], found[3] or "", "before" in marks, "cumulative" in marks))
        at = found.end()
    if not terms:
        raise ValueError("an empty sum")
    return tuple(terms)


def _rule(row: dict[str, str]) -> Rule:
    left: Terms = ()
    relation, rights = "==", cast("tuple[Terms, ...]", ())
    if row["each"] == "cell":
        relation = ">="
    elif row["each"] not in _IN_WORDS:
        one, relation, other = _RELATION.split(row["expression"], maxsplit=1)
        left = parse_sum(one)
        rights = tuple(parse_sum(part) for part in other.split("|"))
    when = row["when"]
    return Rule(
        identity_id=row["identity_id"],
        part=row["part"],
        span=row["span"],
        each=row["each"],
        forms=frozenset(row["forms"].split()) - {"*"},
        printed="" if when.startswith("!") else when,
        not_printed=when[1:] if when.startswith("!") else "",
        expression=row["expression"],
        left=left,
        relation=cast("Relation", relation),
        rights=rights,
        defines=row["defines"],
        strictness=row["strictness"],
        on_mismatch=row["on_mismatch"],
        tolerance=row["tolerance"],
        local_rows=row["local_rows"] == "yes",
        source=row["source"],
    )
