"""All checks of one report."""

from outputs.checks.figures import Figures
from outputs.checks.page import Page
from outputs.checks.parts import check_parts
from outputs.checks.prose import check_claims
from outputs.checks.shares import check_shares
from outputs.checks.tables import check_tables
from outputs.checks.verdicts import Check


def check_report(page: Page) -> list[Check]:
    """Test everything that one report lets be tested, in order of the identities."""
    return checked(page)[0]


def checked(page: Page) -> tuple[list[Check], Figures]:
    """Return the checks of a report with its figures, in which blanks that a total proves are zeros."""
    figures = Figures(page)
    checks = list(check_tables(page, figures))
    # after the tables: prose may be held against sums in which only a printed total proves what blanks are
    checks += check_claims(page, figures)
    checks += check_parts(page)
    checks += check_shares(page, figures)
    return checks, figures
