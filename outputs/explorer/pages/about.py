"""How to read these pages, and what they were made from."""

from functools import cache

from corpus.identities import load_identities
from outputs.explorer import paths
from outputs.explorer.pages.home import run_of
from outputs.explorer.records import Answer, Asked, Desk, Kind
from outputs.explorer.rendering import page
from outputs.explorer.shown.marknames import MARK_NAMES
from outputs.marks import LATE_MARK
from outputs.schema.checks import VERDICTS

_SEARCH = """SELECT kind, report_year, about, title, capture_id
FROM search WHERE search MATCH '{word}'
ORDER BY rank LIMIT 100"""
_COUNT = """SELECT f.report_year, count(*) AS reports, sum(f.value) AS requests_received
FROM facts f JOIN reports r USING (capture_id)
WHERE r.is_current AND f.indicator = 'requests_received' AND f.applicant = 'total'
  AND f.measure = 'annual' AND f.state = 'number'
GROUP BY f.report_year ORDER BY f.report_year"""

_STATES = ("blank", "slash", "dash", "text", "absent")


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return the page."""
    del asked
    return page(
        desk,
        "about.html.jinja",
        states=_STATES,
        legend=[(name, mark.sign) for mark, name in MARK_NAMES.items()],
        late_sign=LATE_MARK,
        verdicts=VERDICTS,
        identities=_identities(),
        search=_SEARCH,
        count=_COUNT,
        run=run_of(desk),
    )


@cache
def _identities() -> tuple[tuple[str, str], ...]:
    """Return each identity once, with how strictly it holds."""
    found: dict[str, str] = {}
    for rule in load_identities():
        found.setdefault(rule.identity_id, rule.strictness)
    return tuple(found.items())


KIND = Kind("about", r"about", answer, lambda _: (paths.ABOUT,))
