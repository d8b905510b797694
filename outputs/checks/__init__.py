"""What must add up: the identities of the forms and of the prose, tested on one report and between two.

Nothing is repaired and no number is guessed: each identity gets a verdict, the numbers of both sides and their places.
"""

from outputs.checks.page import Page, page_of_report
from outputs.checks.report import check_report
from outputs.checks.verdicts import Check
from outputs.checks.write import CHECKS

__all__ = ["CHECKS", "Check", "Page", "check_report", "page_of_report"]
