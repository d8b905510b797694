"""Rows of the table `checks` → what a page says of them: both sides in words, each number with the way to its place."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from sqlite3 import Row
from typing import Any

from markupsafe import Markup

from corpus.identities import load_identities
from outputs.explorer import paths
from outputs.explorer.records import Desk
from outputs.explorer.shown.evidence import Evident, places_in
from outputs.explorer.wording import both, load_words, pair

_FEW = 4
"""So many numbers of a side are all shown; of more, those that are zero or blank are folded."""

_SIGNS = {"==": ("=", "≠"), "<=": ("≤", ">"), ">=": ("≥", "<")}


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A number that took part: its report, its anchor, what is printed, its label, and the year of another report."""

    capture_id: str
    anchor: str
    printed: str
    label: Markup | str
    other_year: str


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One side: `name` is left or right; `folded` are its zeros and blanks where it has many numbers."""

    name: str
    shown: tuple[ShownPlace, ...]
    folded: tuple[ShownPlace, ...]


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check as the macro `check` shows it; the `_key`s are those of words, '' for none.

    `sign` stands between the values of the sides: what the identity asks for where it holds, else its contrary.
    """

    capture_id: str
    other_capture_id: str
    anchor: str
    agency: str
    report_year: int | None
    check_id: str
    identity_key: str
    applicant_key: str
    verdict: str
    reason_key: str
    strictness: str
    left: Any
    right: Any
    sign: str
    difference: Any
    explanation: str
    sentence: str
    sides: tuple[ShownSide, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a place is about: the indicator, its name in words or as printed, the kind of applicant, the sentence."""

    indicator: str
    name: Markup | str
    applicant: str
    sentence: str = ""


def shown_checks(desk: Desk, rows: Sequence[Row]) -> list[ShownCheck]:
    """Return rows of `checks`, or of `check_list`, for a page, in their order.

    The agency's name and the sentence are taken from the row where it has them, and looked up where it has not.
    """
    evidence = [places_in(row["evidence"]) for row in rows]
    captures = {row["capture_id"] for row in rows} | {each.capture_id for places in evidence for each in places}
    captures.discard("")
    reports = _reports(desk, captures)
    labels = _labels(desk)
    known = {capture: _known(desk, capture, labels) for capture in sorted(captures)}
    return [_shown(row, places, reports, known) for row, places in zip(rows, evidence, strict=True)]


def _reports(desk: Desk, captures: Iterable[str]) -> dict[str, Row]:
    query = (
        "SELECT capture_id, coalesce(agency, agency_as_printed, agency_id, '') AS agency, report_year FROM reports "
        "WHERE capture_id = ?"
    )
    return {row["capture_id"]: row for capture in captures for row in desk.rows(query, capture)}


def _known(desk: Desk, capture: str, labels: Mapping[str, Markup]) -> dict[str, _Known]:
    """Return what is known of each place of a report by its anchor."""
    found = {}
    for row in desk.rows(
        "SELECT table_no, row, col, indicator, applicant, row_path, col_path FROM cells WHERE capture_id = ?", capture
    ):
        printed = (row["row_path"] or row["col_path"] or "").rpartition(" / ")[2]
        name = labels.get(row["indicator"]) or printed
        anchor = paths.cell_anchor(row["table_no"], row["row"], row["col"])
        found[anchor] = _Known(row["indicator"] or printed, name, row["applicant"] or "")
    for row in desk.rows(
        "SELECT block_no, char_start, char_end, subject, sentence FROM claims WHERE capture_id = ?", capture
    ):
        anchor = paths.span_anchor(row["block_no"], row["char_start"], row["char_end"])
        found[anchor] = _Known(anchor, row["subject"] or "", "", row["sentence"])
    return found


def _labels(desk: Desk) -> dict[str, Markup]:
    rows = desk.rows("SELECT indicator, label_en, label_zh FROM indicators")
    return {row["indicator"]: pair(row["label_en"], row["label_zh"]) for row in rows}


def _chinese(text: str) -> Markup:
    return Markup('<span lang="zh-Hans">{}</span>').format(text) if text else Markup("")


def _shown(
    row: Row, places: list[Evident], reports: Mapping[str, Row], known: Mapping[str, Mapping[str, _Known]]
) -> ShownCheck:
    capture, has = row["capture_id"], set(row.keys())
    identity, _, part = row["check_id"].partition(".")
    report = reports.get(capture)
    of_left = [place for place in places if place.side == "left"]
    told = known[capture].get(of_left[0].anchor) if of_left and not of_left[0].capture_id else None
    return ShownCheck(
        capture_id=capture,
        other_capture_id=row["other_capture_id"] or "",
        anchor=paths.check_anchor(capture, row["check_id"], row["applicant"]),
        agency=report["agency"] if report else "",
        report_year=row["report_year"],
        check_id=row["check_id"],
        identity_key=f"identity.{identity}",
        applicant_key="" if row["applicant"] == "total" else f"applicant.{row['applicant']}",
        verdict=row["verdict"],
        reason_key=f"reason.{row['reason']}" if row["reason"] else "",
        strictness=row["strictness"],
        left=row["left"],
        right=row["right"],
        sign=_sign(identity, part.partition(".")[0], row["verdict"]),
        difference=row["difference"],
        explanation=row["explanation"] or "",
        sentence=(row["sentence"] if "sentence" in has else told.sentence if told else "") or "",
        sides=tuple(_side(name, places, capture, reports, known) for name in ("left", "right")),
    )


def _sign(identity: str, part: str, verdict: str) -> str:
    if verdict == "not_assessable":
        return "·"
    relations = _relations()
    holds, broken = _SIGNS[relations.get((identity, part)) or relations[identity, ""]]
    return holds if verdict == "pass" else broken


@cache
def _relations() -> dict[tuple[str, str], str]:
    """Return the relation that an identity's part asks for; that of '' is the one of its first part."""
    found: dict[tuple[str, str], str] = {}
    for rule in load_identities():
        found.setdefault((rule.identity_id, ""), rule.relation)
        found[rule.identity_id, rule.part] = rule.relation
    return found


def _side(
    name: str,
    places: Sequence[Evident],
    capture: str,
    reports: Mapping[str, Row],
    known: Mapping[str, Mapping[str, _Known]],
) -> ShownSide:
    everything = [known.get(place.capture_id or capture, {}).get(place.anchor) for place in places]
    same = Counter(
        about.indicator for about, place in zip(everything, places, strict=True) if about and place.side == name
    )
    only = len({about.indicator for about in everything if about}) == 1
    made = []
    for place, about in zip(places, everything, strict=True):
        if place.side == name:
            report = reports.get(place.capture_id) if place.capture_id else None
            made.append(
                ShownPlace(
                    place.capture_id or capture,
                    place.anchor,
                    place.printed,
                    _label(about, same, only=only),
                    str(report["report_year"]) if report and report["report_year"] else "",
                )
            )
    if len(made) <= _FEW:
        return ShownSide(name, tuple(made), ())
    counted = [place for place in made if _is_counted(place.printed)] or made[:1]
    return ShownSide(name, tuple(counted), tuple(place for place in made if place not in counted))


def _label(about: _Known | None, same: Mapping[str, int], *, only: bool) -> Markup | str:
    """Return what tells a number from the others of its check.

    That is the kind of applicant where the check has one indicator `only`, and besides where several numbers of the
    side have the `same` one.
    """
    key = f"applicant.{about.applicant}" if about else ""
    if about is None:
        return ""
    if only and key in load_words():
        return both(key)
    name = about.name if isinstance(about.name, Markup) else _chinese(about.name)
    return Markup("{} ({})").format(name, both(key)) if key in load_words() and same[about.indicator] > 1 else name


def _is_counted(printed: str) -> bool:
    """Tell whether what is printed has a digit, Chinese ones included, other than zero."""
    return any(unicodedata.numeric(sign, 0) > 0 for sign in printed)
