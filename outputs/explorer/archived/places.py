"""The places of a report that are marked in its archived page, with what each mark says of itself."""

import sqlite3
from collections.abc import Iterator

from outputs.explorer.paths import cell_anchor, span_anchor
from outputs.explorer.records import Desk, Place
from outputs.explorer.wording import Words, load_words

_LONGEST_VALUE = 80
"""Characters of a printed value in a note: a cell may hold a paragraph."""

_CELLS = (
    "SELECT table_no, row, col, row_path, col_path, raw, label_en, label_zh, applicant "
    "FROM cells LEFT JOIN indicators USING (indicator) WHERE capture_id = ? ORDER BY table_no, row, col"
)
_CLAIMS = (
    "SELECT block_no, char_start, char_end, subject, raw, label_en, label_zh "
    "FROM claims LEFT JOIN indicators USING (indicator) WHERE capture_id = ? ORDER BY block_no, char_start"
)


def places_of(desk: Desk, capture_id: str) -> tuple[Place, ...]:
    """Return all places of a report: every value cell and every claim.

    Facts and checks name no others: their places are those of cells and claims.
    """
    return (*_cells(desk, capture_id), *_claims(desk, capture_id))


def _cells(desk: Desk, capture_id: str) -> Iterator[Place]:
    for row in desk.rows(_CELLS, capture_id):
        place = (row["table_no"], row["row"], row["col"])
        printed = " / ".join(path for path in (row["row_path"], row["col_path"]) if path)
        note = _note(row, printed, row["applicant"] or "")
        yield Place(cell_anchor(*place), note, table_no=place[0], row=place[1], col=place[2])


def _claims(desk: Desk, capture_id: str) -> Iterator[Place]:
    for row in desk.rows(_CLAIMS, capture_id):
        place = (row["block_no"], row["char_start"], row["char_end"])
        note = _note(row, row["subject"] or "", "")
        yield Place(span_anchor(*place), note, block_no=place[0], char_start=place[1], char_end=place[2])


def _note(row: sqlite3.Row, printed: str, applicant: str) -> str:
    """Say in both languages what a place counts, as the indicator is called or else as the page prints it."""
    words = load_words()
    raw = " ".join((row["raw"] or "").split())
    value = Words(raw, raw) if raw else words["state.blank"]
    label = Words(row["label_en"] or printed, row["label_zh"] or printed)
    if applicant not in {"", "total"}:
        kind = words[f"applicant.{applicant}"]
        label = Words(f"{label.en} ({kind.en})", f"{label.zh}（{kind.zh}）")
    texts = (
        form.format(label=name, value=text[:_LONGEST_VALUE]) if name else text[:_LONGEST_VALUE]
        for form, name, text in zip(words["archived.note"], label, value, strict=True)
    )
    return " · ".join(dict.fromkeys(texts))
