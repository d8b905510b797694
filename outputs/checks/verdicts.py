"""Two sides of an identity → a verdict with its reason, a sentence, and the places of all numbers."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from corpus.identities import Rule, Term
from corpus.indicators import load_indicators
from outputs.arrow import plain
from outputs.checks.figures import EMPTY, KINDS, SIGNED, TOTAL, Figure, Side
from outputs.checks.page import Page


class Check(NamedTuple):
    """One row of the table `checks`, column by column."""

    capture_id: str
    check_id: str
    applicant: str
    identity_id: str
    agency_id: str
    report_year: int | None
    strictness: str
    expression: str
    left: Decimal | None
    right: Decimal | None
    difference: Decimal | None
    tolerance: Decimal | None
    verdict: str
    reason: str
    explanation: str
    evidence: str
    other_capture_id: str


class Judgement(NamedTuple):
    """What came of a comparison: verdict, reason, difference (None where there is none), tolerance."""

    verdict: str
    reason: str
    difference: Decimal | None
    tolerance: Decimal | None


_WHYEMPTY = (
    ("stated_twice", frozenset(("stated_twice",))),
    ("unit_unknown", frozenset(("unit_unknown",))),
    ("text_in_cell", frozenset(("text",))),
    ("blank_cells", EMPTY),
    ("not_printed", frozenset(("absent",))),
)


def judge(rule: Rule, left: Side, right: Side, extra_doubt: str = "", *, local_row: bool = False) -> Judgement:
    """Compare two sides.

    What is missing may hold any number from 0 up: where the identity can be true with such numbers, it is not called
    false. `extra_doubt` is a reason from outside of the figures, `local_row` that an agency's own row is in line.
    """
    if not _any_known(rule, left, right):
        return Judgement("not_assessable", why_empty((*left.missing, *right.missing)), None, None)
    difference = left.value - right.value
    slack = left.half + right.half
    if _holds(rule, difference, slack):
        return Judgement("pass", _why_passed(rule, left, right, difference), difference, slack)
    reason = _doubt(rule, left, right, difference, slack)
    reason = reason or extra_doubt or ("local_row" if local_row else "")
    if reason:
        return Judgement("uncertain", reason, difference, slack)
    if rule.on_mismatch != "fail":
        return Judgement("uncertain", rule.on_mismatch, difference, slack)
    return Judgement("fail", "", difference, slack)


def _any_known(rule: Rule, left: Side, right: Side) -> bool:
    """Tell whether there is something to compare: blank parts of a total of 0 can only be zeros."""
    if left.n_known and right.n_known:
        return True
    states = {figure.state for sign, figure in left.missing if sign > 0}
    blank = states & EMPTY and not states - EMPTY - {"absent"} and all(sign > 0 for sign, _ in left.missing)
    return bool(rule.relation == "==" and blank and not left.n_known and not right.missing and not right.value)


def why_empty(missing: Iterable[tuple[int, Figure]]) -> str:
    """Return the reason that names best why figures are missing."""
    states = {figure.state for _, figure in missing}
    return next((reason for reason, kinds in _WHYEMPTY if states & kinds), "not_printed")


def _holds(rule: Rule, difference: Decimal, slack: Decimal) -> bool:
    if rule.relation == "==":
        return abs(difference) <= slack
    return difference <= slack if rule.relation == "<=" else difference >= -slack


def _why_passed(rule: Rule, left: Side, right: Side, difference: Decimal) -> str:
    if rule.relation == "==" and difference:
        return "rounding"
    missing = (*left.missing, *right.missing)
    if any(figure.state in EMPTY for _, figure in missing):
        return "blanks_as_zero"
    return "rows_as_zero" if missing else ""


def _doubt(rule: Rule, left: Side, right: Side, difference: Decimal, slack: Decimal) -> str:
    """Return the reason why an identity that does not hold with the known numbers may hold all the same; or ''."""
    missing = (*left.missing, *right.missing)
    states = {figure.state for _, figure in missing}
    for reason in ("stated_twice", "unit_unknown", "text"):
        if reason in states:
            return "text_in_cell" if reason == "text" else reason
    doubt = left.doubt or right.doubt
    if doubt:
        return doubt
    if not missing:
        return ""
    # what is missing adds to its own side only: it can close a gap of one sign, not of the other
    signs = [*left.missing, *((-sign, figure) for sign, figure in right.missing)]
    signed = any(_may_be_negative(figure) for _, figure in signs)
    raises = signed or any(sign > 0 for sign, _ in signs)
    lowers = signed or any(sign < 0 for sign, _ in signs)
    can_close = (difference < -slack and raises) or (difference > slack and lowers)
    if rule.relation != "==":
        can_close = raises if rule.relation == ">=" else lowers
    if can_close:
        return why_empty(missing)
    lone_zero = any(len(side.terms) == 1 and side.value == 0 for side in (left, right))
    return "zero_total" if lone_zero else ""


def _may_be_negative(figure: Figure) -> bool:
    return any((cell.indicator or "").endswith(SIGNED) for cell in figure.cells)


def row(
    page: Page, rule: Rule, suffix: str, applicant: str, left: Side, right: Side, judgement: Judgement, other: str = ""
) -> Check:
    """Return the row of a check between sums of figures."""
    return made(
        page,
        rule,
        suffix,
        applicant,
        (left.value if left.n_known else None, right.value if right.n_known else None),
        judgement,
        _headed(applicant, sentence(rule, left, right, judgement)),
        f"left: {places(left, other)} | right: {places(right, other)}",
        other,
    )


def _headed(applicant: str, text: str) -> str:
    """Name the column that a sentence is about, unless it is the total's."""
    return text if applicant in {"", TOTAL} else f"{applicant_label(applicant)}: {text}"


def made(
    page: Page,
    rule: Rule,
    suffix: str,
    applicant: str,
    values: tuple[Decimal | None, Decimal | None],
    judgement: Judgement,
    explanation: str,
    evidence: str,
    other: str = "",
) -> Check:
    """Return a row of the table from its parts."""
    check_id = ".".join(filter(None, (rule.identity_id, rule.part, suffix)))
    return Check(
        page.capture_id,
        check_id,
        applicant or TOTAL,
        rule.identity_id,
        page.agency_id,
        page.report_year,
        rule.strictness,
        rule.expression,
        values[0],
        values[1],
        judgement.difference,
        judgement.tolerance,
        judgement.verdict,
        judgement.reason,
        explanation,
        evidence,
        other,
    )


def sentence(rule: Rule, left: Side, right: Side, judgement: Judgement) -> str:
    """Say both sides in the printed numbers: `予以公开 3 + 部分公开 2 = 5 ≠ 办理结果总计 6`."""
    if judgement.difference is None:
        return f"{terms_text(left)} against {terms_text(right)}: nothing to compare"
    sign = {"pass": rule.relation, "not_assessable": "of"}.get(judgement.verdict, "≠")
    if sign == "≠" and rule.relation != "==":
        sign = f"not {rule.relation}"
    return f"{terms_text(left)} {sign.replace('==', '=')} {terms_text(right)}"


def terms_text(side: Side) -> str:
    """Write a sum with its labels; terms that are zero are left out where others are not."""
    known = [(term, figure, _value(figure)) for term, figure in zip(side.terms, side.figures, strict=True)]
    filled = [(term, figure, value) for term, figure, value in known if value is not None]
    shown = [entry for entry in filled if entry[2]] or filled[:1]
    if not shown:
        return f"{label(side.terms[-1], side.figures[-1])} (not filled)"
    parts: list[str] = []
    for term, figure, value in shown:
        sign = "− " if term.sign < 0 else ("+ " if parts else "")
        rest = " + blanks" if figure.state == "part_of_sum" else ""
        parts.append(f"{sign}{label(term, figure)} {plain(value)}{rest}")
    text = " ".join(parts)
    return f"{text} = {plain(side.value)}" if len(parts) > 1 else text


def _value(figure: Figure) -> Decimal | None:
    """Return what is known of a figure: of a sum that has blanks, its filled part; None where nothing is."""
    return figure.sums[0].value if figure.state == "part_of_sum" else figure.value


def label(term: Term, figure: Figure) -> str:
    """Return the Chinese name of a quantity."""
    if figure.cells and hasattr(figure.cells[0], "char_start"):
        return f"“{figure.cells[0].subject or ''}”"
    name = term.indicator if term.indicator in load_indicators() else _indicator(figure)
    known = load_indicators().get(name)
    text = known.label_zh.partition(" / ")[0] if known else name
    if term.applicant and term.applicant != TOTAL:
        text = applicant_label(term.applicant)
    if term.cumulative:
        text += "（累计）"
    return text + "（此前报告）" if term.before else text


def _indicator(figure: Figure) -> str:
    return figure.cells[0].indicator if figure.cells else ""


@cache
def applicant_label(applicant: str) -> str:
    """Return the Chinese name of a kind of applicant."""
    if applicant not in KINDS:
        return "总计"
    return load_indicators()[f"requests_received_{applicant}"].label_zh


def places(side: Side, other: str = "") -> str:
    """Write the places of all numbers of a side, those of another report behind its id."""
    texts = []
    for term, figure in zip(side.terms, side.figures, strict=True):
        before = f"{other} " if term.before and other else ""
        texts += [before + place(cell) for cell in cells_of(figure)]
    return "; ".join(texts) or "not printed"


def cells_of(figure: Figure) -> tuple[Any, ...]:
    """Return the cells behind a figure, those of the sum that it stands for included."""
    return figure.cells or tuple(cell for side in figure.sums for part in side.figures for cell in cells_of(part))


def place(cell: Any) -> str:
    """Write where a cell or a claim stands and what it prints: `table 2 row 4 col 3: 26`, `block 9 chars 4-8: 26件`."""
    if hasattr(cell, "char_start"):
        return f"block {cell.block_no} chars {cell.char_start}-{cell.char_end}: {cell.raw}"
    return f"table {cell.table_no} row {cell.row} col {cell.col}: {cell.raw or 'blank'}"
