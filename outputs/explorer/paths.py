"""Canonical paths of the explorer's pages, and the anchors of places within them: written here and nowhere else."""

HOME = ""
SEARCH = "search"
ABOUT = "about"
EVERY = "every"
"""In the place of a level: agencies of all levels."""
ANY_SCOPE = "any"
"""In the place of a scope: each year's only report, whatever its scope."""


def coverage(level: str = EVERY, page: int = 1) -> str:
    """Agencies of a level by years; `level` is one of outputs.agencyyears.LEVELS or EVERY."""
    return HOME if level == EVERY and page == 1 else f"coverage/{level}/{page}"


def agency(agency_id: str) -> str:
    """One agency through its years."""
    return f"agency/{agency_id}"


def chart(agency_id: str, name: str, ending: str) -> str:
    """A chart of an agency as a file: svg, png, or csv for its data."""
    return f"chart/{agency_id}/{name}.{ending}"


def years(agency_id: str, before: int, after: int, scope: str) -> str:
    """Two years of one agency beside one another."""
    return f"compare/{agency_id}/{before}-{after}-{scope}"


def captures(agency_id: str, before: str, after: str) -> str:
    """Two captures of one report beside one another, by their ids: what was edited after it was published."""
    return f"compare/{agency_id}/captures-{before}-{after}"


def year(report_year: int, level: str = EVERY, page: int = 1) -> str:
    """Several agencies in one year."""
    return f"year/{report_year}/{level}/{page}"


def report(capture_id: str) -> str:
    """One report: its facts and the archived page. The anchor is that of a place: cell_anchor or span_anchor."""
    return f"report/{capture_id}"


def archived(capture_id: str) -> str:
    """The archived page itself, made harmless, for the frame on the page of its report."""
    return f"archived/{capture_id}"


def citations(capture_id: str) -> str:
    """How each number of a report is cited. The anchor is the number's id on the page of its report."""
    return f"cite/{capture_id}"


def citation(capture_id: str, number_id: str) -> str:
    """How one number is cited, as one text; on a server only."""
    return f"cite/{capture_id}/{number_id}"


def checks(verdict: str = "fail", page: int = 1) -> str:
    """What does not add up, worst first; `verdict` is fail or uncertain."""
    return f"checks/{verdict}/{page}"


def search_file(name: str) -> str:
    """What the search of a static site reads: `index`, `words/…` or `report/…`."""
    return f"search/{name}.json"


def asset(name: str) -> str:
    """A file that ships with the explorer: its style, its script."""
    return f"assets/{name}"


def cell_anchor(table_no: int, row: int, col: int) -> str:
    """The place of a value cell, in the archived page and on the page of its report."""
    return f"c-{table_no}-{row}-{col}"


def section_anchor(section_no: int) -> str:
    """A section of a report, on the page of the report."""
    return f"s-{section_no}"


def span_anchor(block_no: int, char_start: int, char_end: int) -> str:
    """The place of a number in the prose."""
    return f"b-{block_no}-{char_start}-{char_end}"


def check_anchor(capture_id: str, check_id: str, applicant: str) -> str:
    """One check of a report, on any page that lists it."""
    return f"check-{capture_id}-{check_id}-{applicant}"


def fact_anchor(indicator: str, applicant: str, measure: str) -> str:
    """A fact on the page of its report that has no place of its own: one that is derived from several places."""
    return f"f-{indicator}-{applicant}-{measure}"
