"""What must not change when a page's mark-up does: the reading of a report, and how two of them differ."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from golden_pages import as_read, folded

from parsers.records import Report


@dataclass(frozen=True, slots=True)
class Reading:
    """A report without its places: outcome, identity, headings, section texts, cells and claims in order, facts."""

    outcome: str
    identity: tuple[object, ...]
    headings: list[str]
    texts: list[str]
    cells: list[tuple[object, ...]]
    claims: list[tuple[object, ...]]
    facts: list[tuple[object, ...]]


def strict(report: Report) -> Reading:
    """Every word as printed, white space apart."""
    return _reading(report, folded)


def loose(report: Report) -> Reading:
    """Words as a reader takes them in: width, quotes and list dots apart."""
    return _reading(report, as_read)


def without_texts(report: Report) -> Reading:
    """As `strict`, but for the texts under the headings."""
    return replace(_reading(report, folded), texts=[])


def figures(report: Report) -> Reading:
    """Facts, claims and headings only, for mutations that move rows or add empty cells."""
    return replace(_reading(report, folded), texts=[], cells=[])


def facts_only(report: Report) -> Reading:
    """Nothing but the facts."""
    reading = _reading(report, folded)
    return Reading(reading.outcome, (), [], [], [], [], reading.facts)


def without_blanks(report: Report) -> Reading:
    """As `strict`, cells that are empty and mean nothing left out."""
    reading = _reading(report, folded)
    cells = [cell for cell in reading.cells if cell[2] != "blank" or cell[4]]
    return replace(reading, texts=[], cells=cells)


def differences(before: Reading, after: Reading) -> list[str]:
    """What changed between two readings, a sentence each; [] where nothing did."""
    found = []
    for field in ("outcome", "identity", "headings", "texts"):
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            found.append(f"{field}: {_first_difference(old, new)}")
    for field in ("cells", "claims", "facts"):
        old, new = getattr(before, field), getattr(after, field)
        lost, gained = Counter(old) - Counter(new), Counter(new) - Counter(old)
        found += [f"{field} lost {len(lost)}, first: {next(iter(lost))}"] if lost else []
        found += [f"{field} gained {len(gained)}, first: {next(iter(gained))}"] if gained else []
        if old != new and not lost and not gained:
            found.append(f"{field}: another order")
    return found


def _reading(report: Report, words: Callable[[str], str]) -> Reading:
    who = report.identity
    return Reading(
        outcome=report.outcome,
        identity=(words(who.title), who.agency_id, who.report_year, who.published_date),
        headings=[words(s.number + s.title) for s in report.sections],
        texts=[words(s.text) for s in report.sections],
        cells=[
            (words(c.row_path), words(c.col_path), c.state, c.value, c.indicator, c.applicant, c.measure, c.unit)
            for c in report.cells
        ],
        claims=[
            (words(c.sentence), words(c.raw), c.value, c.unit, c.approximate, c.indicator, c.kind, c.period)
            for c in report.claims
        ],
        facts=[(f.indicator, f.applicant, f.measure, f.value, f.unit, f.state, f.form_id) for f in report.facts],
    )


def _first_difference(old: object, new: object) -> str:
    if isinstance(old, list) and isinstance(new, list):
        for one, other in zip(old, new, strict=False):
            if one != other:
                return f"{str(one)[:160]!r} became {str(other)[:160]!r}"
        return f"{len(old)} became {len(new)}: {[str(x)[:60] for x in (old[len(new) :] or new[len(old) :])]}"
    return f"{old!r} became {new!r}"
