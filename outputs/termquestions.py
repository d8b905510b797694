"""What `gongkai terms` asks of a dataset: terms of reports, or those that came and went, as SQL for outputs.query."""

from dataclasses import dataclass

from outputs.schema.text import TERM_STATES
from outputs.terms import WHOLE

_TERMS = """
SELECT r.agency, t.report_year, t.section, t.place, t.term, t.count, t.tf_idf, t.document_frequency, t.n_documents
FROM terms t JOIN reports r USING (capture_id)
{where}
ORDER BY r.agency, t.report_year, t.capture_id, t.section, t.place
"""

# `with` of `of` reports of that year and level have the term
_CHANGES = """
SELECT r.agency, t.report_scope, t.year, t.status, t.term, t.count_before, t.count_after,
    t.peer_frequency_before AS with_before, t.n_peers_before AS of_before,
    t.peer_frequency_after AS with_after, t.n_peers_after AS of_after
FROM term_changes t JOIN reports r ON r.capture_id = t.capture_id_after
{where}
ORDER BY r.agency, t.report_scope, t.year, list_position({states}, t.status),
    abs(t.count_after - t.count_before) DESC, t.term
"""

_TRENDS = """
SELECT t.agency_level, t.year, t.status, t.term, t.reports_before, t.reports_after, t.n_pairs
FROM term_trends t
{where}
ORDER BY t.agency_level, t.year, list_position({states}, t.status), abs(t.reports_after - t.reports_before) DESC, t.term
"""

_QUESTIONS = {"terms": _TERMS, "term_changes": _CHANGES, "term_trends": _TRENDS}


@dataclass(frozen=True, slots=True)
class TermsWanted:
    """Which terms: `states` are those of a change; without any, the telling terms of reports are meant.

    `agency` is part of a name, or an id, '' for all; with states and no agency the trends among all agencies are
    meant. `level` is an agency level ('' for all of them), `section` the section of a report (`all` for the whole).
    """

    states: tuple[str, ...] = ()
    agency: str = ""
    year: int | None = None
    level: str = ""
    section: str = WHOLE

    @property
    def table(self) -> str:
        """Name of the table that answers."""
        return "terms" if not self.states else "term_changes" if self.agency else "term_trends"


def terms_question(wanted: TermsWanted) -> str:
    """Return the SQL; text that a user gave stands in it as literals only."""
    level = wanted.level or (WHOLE if wanted.table == "term_trends" else "")
    year = "report_year" if wanted.table == "terms" else "year"
    conditions = (
        ("t.section = {}", wanted.section if wanted.table == "terms" else ""),
        ("t.agency_level = {}", level),
        ("list_contains({}, t.status)", list(wanted.states)),
        (f"t.{year} = {{}}", wanted.year),
    )
    clauses = [clause.format(_literal(value)) for clause, value in conditions if value]
    if wanted.agency:
        text = _literal(wanted.agency)
        named = [f"contains(coalesce(r.{name}, ''), {text})" for name in ("agency", "agency_as_printed")]
        clauses.append(f"(r.agency_id = {text} OR {' OR '.join(named)})")
    where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
    return _QUESTIONS[wanted.table].format(where=where, states=_literal(list(TERM_STATES)))


def _literal(value: str | int | list[str]) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "[" + ", ".join(_literal(entry) for entry in value) + "]"
