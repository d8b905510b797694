"""Blank cells that the form's own arithmetic proves to be zero.

Counts are never negative. Where the printed parts of a printed total reach it, the parts that are blank are zero
(`parts_reach_total`); a zero so proven proves further ones, and where all parts are zero so is a blank total
(`all_parts_zero`). Nothing else is filled: a blank total of known parts is no zero, a dash or a slash is no blank.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from corpus.identities import ANY, Rule, load_identities
from outputs.schema import APPLICANTS

Key = tuple[str, str]
"""Indicator and applicant."""

_TOTAL = "total"


class Proof(NamedTuple):
    """Why a blank is zero: the rule, the identity of the form, the total, and all numbers that prove it."""

    rule: str
    identity_id: str
    total: str
    evidence: str


class _Equation(NamedTuple):
    """What the form says: the parts make the whole."""

    identity_id: str
    parts: tuple[Key, ...]
    whole: Key


def prove_zeros(facts: Iterable[Any]) -> dict[Key, Proof]:
    """Return the blank annual facts of one report that are proven zero; `facts` are rows of the table `facts`."""
    known = {(fact.indicator, fact.applicant): fact for fact in facts if fact.measure == "annual"}
    sheet = _Sheet(known)
    equations = _equations(known)
    before = -1
    while len(sheet.proofs) > before:
        before = len(sheet.proofs)
        for equation in equations:
            sheet.prove(equation)
    return sheet.proofs


class _Sheet:
    """The facts of one report and what is proven of them so far."""

    def __init__(self, facts: dict[Key, Any]) -> None:
        self._facts = facts
        self.proofs: dict[Key, Proof] = {}

    def prove(self, equation: _Equation) -> None:
        """Fill what the equation proves, if anything."""
        values = {key: self._value(key) for key in equation.parts}
        blank = [key for key in equation.parts if values[key] is None]
        numbers = [value for value in values.values() if value is not None]
        if not all(map(self._is_blank, blank)) or any(value < 0 for value in numbers):
            return
        whole = self._value(equation.whole)
        if whole is None:
            proven = any(key in self.proofs for key in equation.parts)
            if proven and not blank and not any(numbers) and self._is_blank(equation.whole):
                self._fill([equation.whole], "all_parts_zero", equation)
        elif blank and self._may_prove(equation.whole) and sum(numbers) == whole:
            self._fill(blank, "parts_reach_total", equation)

    def _fill(self, keys: list[Key], rule: str, equation: _Equation) -> None:
        total = self._said(equation.whole)
        parts = [self._said(key) for key in equation.parts if self._value(key) is not None]
        evidence = f"total {total}; parts {', '.join(parts) or 'none printed'}"
        proof = Proof(rule, equation.identity_id, total, evidence)
        self.proofs.update(dict.fromkeys(keys, proof))

    def _value(self, key: Key) -> Decimal | None:
        if key in self.proofs:
            return Decimal(0)
        fact = self._facts[key]
        value: Decimal | None = fact.value if fact.state == "number" and fact.unit else None
        return value

    def _may_prove(self, key: Key) -> bool:
        """Only a total that a table prints proves anything, or one that is itself proven."""
        return key in self.proofs or self._facts[key].source == "table"

    def _is_blank(self, key: Key) -> bool:
        return bool(self._facts[key].state == "blank")

    def _said(self, key: Key) -> str:
        name = key[0] if key[1] == _TOTAL else f"{key[0]}[{key[1]}]"
        if key in self.proofs:
            proof = self.proofs[key]
            return f"{name} 0 (by {proof.identity_id} from {proof.total})"
        fact = self._facts[key]
        value = "blank" if fact.value is None else f"{fact.value.normalize():f}"
        return f"{name} {value} ({place_of(fact)})"


def place_of(fact: Any) -> str:
    """Return where a fact was read: its cell, its sentence, or the sum that it is."""
    if fact.source == "derived":
        return fact.derivation or ""
    if fact.source == "prose":
        return f"block {fact.block_no}, characters {fact.char_start} to {fact.char_end}"
    return f"table {fact.table_no}, row {fact.row}, column {fact.col}"


def _equations(facts: dict[Key, Any]) -> list[_Equation]:
    """The identities of the forms of these facts, each for every applicant or row that has all its cells."""
    found = []
    indicators = sorted({indicator for indicator, _ in facts})
    printed = {indicator for (indicator, _), fact in facts.items() if fact.source == "table"}
    for rule in _rules():
        if (rule.printed and rule.printed not in printed) or rule.not_printed in printed:
            continue
        for applicant in APPLICANTS if rule.each == "applicant" else (_TOTAL,):
            for row in indicators if rule.each == "applicant_row" else ("",):
                found += _equation(rule, applicant, row, facts)
    return found


def _equation(rule: Rule, applicant: str, row: str, facts: dict[Key, Any]) -> list[_Equation]:
    def key(indicator: str, own: str) -> Key:
        return (row if indicator == ANY else indicator, own or applicant)

    parts = tuple(key(term.indicator, term.applicant) for term in rule.left)
    whole = key(rule.rights[0][0].indicator, rule.rights[0][0].applicant)
    keys = (*parts, whole)
    if not all(key in facts for key in keys):
        return []
    forms = {facts[key].form_id for key in keys if facts[key].form_id}
    if rule.forms and not forms <= rule.forms:
        return []
    return [_Equation(rule.identity_id, parts, whole)]


@cache
def _rules() -> tuple[Rule, ...]:
    """Strict identities in which all terms of one side are parts of the single one on the other."""
    return tuple(
        rule
        for rule in load_identities()
        if rule.span == "report"
        and rule.each in ("once", "applicant", "applicant_row")
        and rule.relation == "=="
        and rule.strictness == "strict"
        and rule.on_mismatch == "fail"
        and len(rule.rights) == 1
        and len(rule.rights[0]) == 1
        and all(term.sign == 1 and not term.before and not term.cumulative for term in (*rule.left, *rule.rights[0]))
    )
