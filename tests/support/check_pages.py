"""Pages as the checks read them, made by hand: cells with their facts, claims, findings."""

from decimal import Decimal

from outputs.checks import Page
from parsers.records import Claim, Fact, TableCell

C1, C2, B, FUJIAN = "C1_2019_60", "C2_2021_30", "B_2014_32", "A_FJ_2014"
KINDS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_org",
    "legal_service_org",
    "other_org",
)
COLUMNS = {**{kind: col for col, kind in enumerate(KINDS, 3)}, "total": 9}
STATES = {"": "blank", "/": "slash", "-": "dash"}


def cell(indicator, printed, row, col=9, *, table=1, form=C2, applicant="total", measure="annual", **changes):
    """A cell that prints a text; '' is blank, a text that is no number has no value."""
    number = printed.lstrip("-").replace(".", "").isdigit()
    made = TableCell(
        table_no=table,
        row=row,
        col=col,
        section_no=None,
        table_title="",
        row_path="",
        col_path="",
        raw=printed,
        state="number" if number else STATES.get(printed, "text"),
        value=Decimal(printed) if number else None,
        unit_raw="",
        unit="件",
        base_value=Decimal(printed) if number else None,
        base_unit="件",
        form_id=form,
        indicator=indicator,
        applicant=applicant,
        measure=measure,
        mapping="exact",
        concordance="exact",
        xpath="",
    )
    return made._replace(**changes)


def fact_of(one, **changes):
    """The fact that a cell gives."""
    made = Fact(
        indicator=one.indicator,
        applicant=one.applicant,
        measure=one.measure,
        value=one.base_value,
        unit=one.base_unit,
        state=one.state,
        source="table",
        derivation="",
        concordance=one.concordance,
        form_id=one.form_id,
        table_no=one.table_no,
        row=one.row,
        col=one.col,
    )
    return made._replace(**changes)


def page(cells=(), claims=(), findings=(), facts=None, **about):
    """A report; each cell with an indicator is a fact unless `facts` are given."""
    known = [fact_of(one) for one in cells if one.indicator] if facts is None else facts
    settings = {"capture_id": "c1", "agency_id": "a1", "agency": "某区人民政府", "report_year": 2022}
    settings = {**settings, "report_scope": "area", **about}
    return Page(cells=cells, claims=claims, facts=known, findings=findings, **settings)


def rows(printed, **settings):
    """Cells of one column: indicator → what it prints, a row each, from row 3 on."""
    return [cell(name, text, row, **settings) for row, (name, text) in enumerate(printed.items(), 3)]


def claim(raw, value, start, indicator="", *, block=5, subject="", sentence="", **changes):
    """A count that the prose states."""
    made = Claim(
        block_no=block,
        char_start=start,
        char_end=start + len(raw),
        section_no=0,
        sentence=sentence or f"{subject}{raw}。",
        subject=subject,
        raw=raw,
        value=Decimal(value),
        unit="件",
        share_percent=None,
        approximate=False,
        indicator=indicator,
        mapping="exact" if indicator else "none",
        kind="count",
        period="year",
        zero_in_words=False,
        whole_start=None,
        last_digit=Decimal(1),
    )
    return made._replace(**changes)


def share(raw, value, start, digit, **changes):
    """A share that the prose prints beside a count."""
    return claim(raw, value, start, kind="share", unit="%", last_digit=Decimal(digit), **changes)


def told(checks):
    """Checks in short: (check id, applicant, verdict, reason)."""
    return [(one.check_id, one.applicant, one.verdict, one.reason) for one in checks]


def about(checks, identity_id):
    """The checks of one identity, in short without the applicant of totals."""
    return [entry for entry in told(checks) if entry[0].split(".")[0] == identity_id]
