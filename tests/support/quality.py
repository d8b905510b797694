"""Recall and precision of every page with a golden record, as counts that can be pinned.

A figure is three counts: `right` of those `wanted` by the record, among all that were `built`. It has fallen when the
record wants fewer, when more of it is missed, when less is right, or when more is built that the record does not want.
"""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from golden_claims import has_claims, score_claims, typed_claims
from golden_pages import ROOT, Golden, cell_differences, folded, golden_pages, report_of, same_fact

from parsers.records import Report

PINNED = ROOT / "tests" / "quality" / "pinned.csv"
MEASURES = ("outcome", "cells", "headings", "facts", "claims", "indicators")
_PARTS = ("right", "wanted", "built")


@dataclass(frozen=True, slots=True)
class Figure:
    """How much of a record was read: `right` of `wanted`, among `built`."""

    right: int = 0
    wanted: int = 0
    built: int = 0

    def fell(self, pinned: "Figure") -> bool:
        """Whether this is worse than what was pinned, in recall, in precision, or in what the record asks."""
        return (
            self.wanted < pinned.wanted
            or self.right < pinned.right
            or self.wanted - self.right > pinned.wanted - pinned.right
            or self.built - self.right > pinned.built - pinned.right
        )

    def __str__(self) -> str:
        return f"{self.right} right of {self.wanted} wanted, {self.built} built"


@dataclass(frozen=True, slots=True)
class Quality:
    """One page: the SHA-256 of its bytes and its figure for each of `MEASURES`."""

    digest: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since the pins were set, by page, a sentence each."""

    unpinned: Mapping[str, str]
    changed: Mapping[str, str]
    fallen: Mapping[str, str]
    risen: Mapping[str, str]


def bundled() -> tuple[Golden, ...]:
    """The pages that stand in the checkout; the published ones beside it may be absent, so they are not pinned."""
    return tuple(golden for golden in golden_pages() if golden.page.is_relative_to(ROOT))


def quality_of(golden: Golden, report: Report | None = None) -> Quality:
    """The page's figures now; of `report` where one is given."""
    report = report or report_of(golden)
    outcome = golden.meta().get("expected_outcome", "ok")
    figures = {"outcome": Figure(int(report.outcome == outcome), 1, 1)}
    if not golden.is_other:
        figures["cells"] = _cells(golden, report)
        figures["headings"] = _headings(golden, report)
    if golden.record("facts.csv").exists():
        figures["facts"] = _facts(golden, report)
    if has_claims(golden):
        figures |= _claims(golden, report)
    return Quality(
        hashlib.sha256(golden.page.read_bytes()).hexdigest(), {name: figures.get(name, Figure()) for name in MEASURES}
    )


def compare(now: Mapping[str, Quality], pinned: Mapping[str, Quality]) -> Comparison:
    """Pages without a pin, with other bytes than pinned, with figures below their pins, and above them."""
    both = sorted(now.keys() & pinned.keys())
    fallen = dict.fromkeys(sorted(pinned.keys() - now.keys()), "the page or its record is gone")
    risen = {}
    for name in both:
        pairs = [(m, now[name].figures[m], pinned[name].figures[m]) for m in MEASURES]
        worse = [f"{m}: {new}; pinned {old}" for m, new, old in pairs if new.fell(old)]
        better = [f"{m}: {new}; pinned {old}" for m, new, old in pairs if new != old and not new.fell(old)]
        if worse:
            fallen[name] = " / ".join(worse)
        elif better:
            risen[name] = " / ".join(better)
    return Comparison(
        dict.fromkeys(sorted(now.keys() - pinned.keys()), "no pin"),
        {name: "other bytes than pinned" for name in both if now[name].digest != pinned[name].digest},
        fallen,
        risen,
    )


def read_pins(path: Path = PINNED) -> dict[str, Quality]:
    """Pinned figures by page; {} where nothing is pinned."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["page"]: Quality(
                row["sha256"], {m: Figure(*(int(row[f"{m}_{part}"]) for part in _PARTS)) for m in MEASURES}
            )
            for row in csv.DictReader(file)
        }


def write_pins(pins: Mapping[str, Quality], path: Path = PINNED) -> None:
    """Pins as a table, a line a page, sorted by name."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["page", "sha256", *(f"{m}_{part}" for m in MEASURES for part in _PARTS)])
        for name, quality in sorted(pins.items()):
            counts = [getattr(quality.figures[m], part) for m in MEASURES for part in _PARTS]
            writer.writerow([name, quality.digest, *counts])


def pin(now: Mapping[str, Quality], path: Path = PINNED, lower: Iterable[str] = ()) -> Comparison:
    """Pin the figures as they are, unless one falls on a page that is not named in `lower`: then nothing is written.

    The comparison with the old pins tells which fell (without those that were allowed to) and which rose.
    """
    found = compare(now, read_pins(path))
    fallen = {name: why for name, why in found.fallen.items() if name not in set(lower)}
    if not fallen:
        write_pins(now, path)
    return Comparison(found.unpinned, found.changed, fallen, found.risen)


def _cells(golden: Golden, report: Report) -> Figure:
    """A cell that is no number is built only where the record has it: an empty place beside a label may be listed."""
    kinds = [line.split(":", 1)[0] for line in cell_differences(golden, report)]
    wanted = len(golden.cells())
    right = wanted - kinds.count("missing") - kinds.count("wrong")
    return Figure(right, wanted, right + kinds.count("wrong") + kinds.count("invented"))


def _headings(golden: Golden, report: Report) -> Figure:
    """Headings in common, each as often as both have it."""
    left = [folded(section["text"]) for section in golden.sections()]
    wanted = len(left)
    for section in report.sections:
        heading = folded(section.number + section.title)
        if heading in left:
            left.remove(heading)
    return Figure(wanted - len(left), wanted, len(report.sections))


def _facts(golden: Golden, report: Report) -> Figure:
    """Facts of the tables: those of the prose are counted as claims, and derived ones are sums of these.

    A cell without a number that gives way to a number from elsewhere is read right.
    """
    typed = golden.facts()
    read = {(f.indicator, f.applicant, f.measure): f for f in report.facts}
    given_way = {key for key in typed if key in read and read[key].source != "table" and typed[key][2] != "number"}
    of_tables = {key: (f.value, f.unit, f.state) for key, f in read.items() if f.source == "table"}
    right = sum(same_fact(typed[key], of_tables[key]) for key in typed.keys() & of_tables.keys()) + len(given_way)
    return Figure(right, len(typed), len(of_tables) + len(given_way))


def _claims(golden: Golden, report: Report) -> dict[str, Figure]:
    """Claims found, and those that the record maps to one indicator: mapped to it, among all that are mapped."""
    score = score_claims(typed_claims(golden), report.claims)
    mappable = [(typed, claim) for typed, claim in score.settled if typed.indicator]
    right = sum(claim.indicator == typed.indicator for typed, claim in mappable)
    unfound = sum(len(typed.indicators) == 1 and bool(typed.indicator) for typed in score.missing)
    wrong = len(score.mismapped) + sum(bool(claim.indicator) for claim in score.invented)
    found = len(score.pairs)
    return {
        "claims": Figure(found, found + len(score.missing), found + len(score.invented)),
        "indicators": Figure(right, len(mappable) + unfound, right + wrong),
    }
