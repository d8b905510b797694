"""Numbers of a page's prose as typed by hand (claims.csv), and how a report's claims are held against them.

What counts as a claim, and what the notes `open` and `either` mean, is told in corpus/samples/README.md.
"""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from golden_pages import Golden, folded

from parsers.records import Claim, Report

_MONEY = "元"
_EITHER = re.compile(r"\beither\b((?: [a-z_]+)*)")


@dataclass(frozen=True, slots=True)
class TypedClaim:
    """A row of claims.csv."""

    sentence: str
    raw: str
    value: Decimal
    unit: str
    approximate: bool
    zero_in_words: bool
    indicator: str
    note: str

    @property
    def is_open(self) -> bool:
        """Whether the rules do not say if this is a claim: to read it is right, and so is to leave it."""
        return self.note.startswith("open")

    @property
    def indicators(self) -> frozenset[str]:
        """The indicators that the claim may be mapped to; '' stands for none."""
        either = _EITHER.search(self.note)
        if either is None and not self.is_open:
            return frozenset([self.indicator])
        return frozenset([self.indicator, "", *(either.group(1).split() if either else ())])

    def __str__(self) -> str:
        return f"{self.raw} ({self.value:f} {self.unit}, {self.indicator or 'no indicator'}): {self.sentence[:70]}"


@dataclass(slots=True)
class ClaimScore:
    """What a comparison found: rows of the record with their claims, and what has no other half.

    Open rows and the claims that they take are in none of the lists.
    """

    pairs: list[tuple[TypedClaim, Claim]] = field(default_factory=list)
    missing: list[TypedClaim] = field(default_factory=list)
    invented: list[Claim] = field(default_factory=list)

    @property
    def settled(self) -> list[tuple[TypedClaim, Claim]]:
        """Pairs whose indicator is settled by the record."""
        return [(typed, claim) for typed, claim in self.pairs if len(typed.indicators) == 1]

    @property
    def mismapped(self) -> list[tuple[TypedClaim, Claim]]:
        """Pairs whose claim has an indicator that the record denies."""
        return [(t, c) for t, c in self.pairs if c.indicator and c.indicator not in t.indicators]


def has_claims(golden: Golden) -> bool:
    return golden.record("claims.csv").exists()


def typed_claims(golden: Golden) -> list[TypedClaim]:
    """The rows of a page's claims.csv, in reading order."""
    with golden.record("claims.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            TypedClaim(
                row["sentence"],
                row["raw"],
                Decimal(row["value"]),
                row["unit"],
                row["approximate"] == "1",
                row["zero_in_words"] == "1",
                row["indicator"],
                row["note"] or "",
            )
            for row in csv.DictReader(file)
        ]


def score_claims(typed: Sequence[TypedClaim], claims: Sequence[Claim]) -> ClaimScore:
    """Each row of the record with at most one claim of the same number in the same sentence.

    Of several that fit, the one with the right indicator and unit is taken; open rows choose last.
    """
    score, left = ClaimScore(), list(claims)
    for row in sorted(typed, key=lambda row: row.is_open):
        fitting = [claim for claim in left if _same_number(row, claim)]
        best = max(fitting, key=lambda claim: _closeness(row, claim), default=None)
        if best is not None:
            left.remove(best)
        if row.is_open:
            continue
        if best is None:
            score.missing.append(row)
        else:
            score.pairs.append((row, best))
    score.invented = left
    return score


def claim_differences(golden: Golden, report: Report) -> list[str]:
    """Sentences on claims that are missing, invented or read otherwise; [] where the report has the record's claims."""
    score = score_claims(typed_claims(golden), report.claims)
    return [
        *(f"missing: {row}" for row in score.missing),
        *(f"invented: {c.raw} ({c.value:f} {c.unit}): {c.sentence[:70]}" for c in score.invented),
        *(line for row, claim in score.pairs for line in _pair_differences(row, claim)),
    ]


def _pair_differences(row: TypedClaim, claim: Claim) -> list[str]:
    found = []
    if claim.indicator not in row.indicators:
        found.append(f"mapped to {claim.indicator or 'nothing'}: {row}")
    if not _same_unit(row, claim):
        found.append(f"unit read as {claim.unit!r}: {row}")
    if claim.approximate != row.approximate:
        found.append(f"read as {'approximate' if claim.approximate else 'exact'}: {row}")
    return found


def _digits(raw: str) -> str:
    return re.sub(r"[^0-9.]", "", unicodedata.normalize("NFKC", raw))


def _same_number(row: TypedClaim, claim: Claim) -> bool:
    one, other = folded(row.sentence), folded(claim.sentence)
    return (
        claim.value == row.value
        and _digits(claim.raw) == _digits(row.raw)
        and claim.zero_in_words == row.zero_in_words
        and (one in other or other in one)
    )


def _same_unit(row: TypedClaim, claim: Claim) -> bool:
    """Where no counter is printed, only this is asked: money is money, and nothing else is."""
    if row.unit and not row.zero_in_words:
        return folded(claim.unit) == folded(row.unit)
    return not claim.unit or (claim.unit == _MONEY) == (row.unit == _MONEY)


def _closeness(row: TypedClaim, claim: Claim) -> tuple[bool, bool, bool]:
    return claim.indicator == row.indicator, claim.indicator in row.indicators, _same_unit(row, claim)
