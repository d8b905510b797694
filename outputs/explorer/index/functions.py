"""Functions for those who ask the index in SQL.

    SELECT capture_id, section_no, title, text FROM search WHERE search MATCH segmented('复议') ORDER BY rank
    SELECT capture_id, section_no, text FROM sections WHERE printed(text, '开申')

`segmented` gives the words under which the index finds a text; all of them must stand in a row, wherever. `printed`
tells whether a text is printed in another as it stands, in any spelling; it reads every row that it is asked of.
"""

import sqlite3
from functools import lru_cache

from outputs.explorer.index.folding import fold, joined, words_of
from outputs.explorer.index.terms import LONGEST, Term, read_terms


def add_functions(base: sqlite3.Connection) -> None:
    """Make `segmented` and `printed` known to a connection."""
    base.create_function("segmented", 1, _segmented, deterministic=True)
    base.create_function("printed", 2, _printed, deterministic=True)


def _segmented(text: object) -> str | None:
    """The words of a text as a question for FTS5; a word of one character, which the index does not have, is no word.

    >>> _segmented('行政复议"案件'), _segmented("年"), _segmented(None)
    ('"行政" "行政复议" "复议" "案件"', '', None)
    """
    if text is None:
        return None
    return " ".join(f'"{word}"' for word in dict.fromkeys(words_of(joined(fold(str(text)[:LONGEST])))))


def _printed(text: object, wanted: object) -> int | None:
    if text is None or wanted is None:
        return None
    terms = _terms(str(wanted))
    return int(bool(terms) and all(term.pattern.search(str(text)) for term in terms))


@lru_cache(maxsize=64)
def _terms(wanted: str) -> tuple[Term, ...]:
    return read_terms(wanted)
