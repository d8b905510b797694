"""Mutations of tables: wrappers, sections, header cells, empty rows and columns, headers repeated, groups unmerged."""

import re
from random import Random

from html_tokens import Token, insert, with_source
from mutation import Source, mutation
from reading import figures, without_blanks
from token_tables import Cell, Table, cell_source, data_tables

_SPANS = re.compile(r"\s*\b(?:colspan|rowspan)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_GROUP_MARKS = re.compile(r"^(?:其中|[（(]|[一二三四五六七八九十]+、|\d+[.、．])")


def _renamed(token: Token, name: str) -> Token:
    return with_source(token, re.sub(r"^(</?)\w+", rf"\1{name}", token.source))


def _spliced(source: Source, changes: dict[int, str]) -> list[Token] | None:
    """The page with something written before the tokens of these numbers; None where there is nothing."""
    found = []
    for i, token in enumerate(source.tokens):
        if i in changes:
            found.append(insert(changes[i]))
        found.append(token)
    return found if changes else None


def _replaced(source: Source, changes: list[tuple[int, int, str]]) -> list[Token] | None:
    """The page with ranges of tokens (start, end, new source) written anew; None where there are none."""
    found: list[Token] = []
    at = 0
    for start, end, new in sorted(changes):
        found += [*source.tokens[at:start], insert(new)]
        at = end
    return [*found, *source.tokens[at:]] if changes else None


@mutation()
def some_cells_are_headers(source: Source, rng: Random):
    found = list(source.tokens)
    for table in data_tables(source):
        for cell in (cell for row in table.rows for cell in row.cells if rng.random() < 0.3):
            for at in (cell.start, cell.end - 1):
                found[at] = _renamed(found[at], "th")
    return found if found != source.tokens else None


@mutation()
def headers_are_cells(source: Source, rng: Random):
    found = [_renamed(t, "td") if t.name == "th" and t.kind in ("open", "close") else t for t in source.tokens]
    return found if found != source.tokens else None


@mutation()
def no_table_sections(source: Source, rng: Random):
    found = [t for t in source.tokens if t.name not in ("tbody", "thead", "tfoot")]
    return found if len(found) < len(source.tokens) else None


def _without_sections(source: Source) -> list[Table]:
    return [
        t
        for t in data_tables(source)
        if not any(x.name in ("tbody", "thead", "tfoot") for x in source.tokens[t.start : t.end])
    ]


@mutation()
def one_body_a_table(source: Source, rng: Random):
    changes = {}
    for table in _without_sections(source):
        changes[table.rows[0].start] = "<tbody>"
        changes[table.rows[-1].end] = "</tbody>"
    return _spliced(source, changes)


@mutation()
def head_and_bodies(source: Source, rng: Random):
    """A head and several bodies, parted where no cell reaches from one into the next."""
    changes = {}
    for table in _without_sections(source):
        gaps = [no for no in table.gaps() if no < len(table.rows) - 1]
        if not gaps or gaps[0] > table.n_headers:
            continue
        changes[table.rows[0].start] = "<thead>"
        changes[table.rows[gaps[0] + 1].start] = "</thead><tbody>"
        for no in gaps[1:]:
            if rng.random() < 0.3:
                changes[table.rows[no + 1].start] = "</tbody><tbody>"
        changes[table.rows[-1].end] = "</tbody>"
    return _spliced(source, changes)


@mutation()
def column_widths(source: Source, rng: Random):
    changes = {}
    for table in data_tables(source):
        before = source.tokens[table.start + 1 : table.rows[0].start]
        if not any(t.name in ("colgroup", "col", "caption") for t in before):
            changes[table.start + 1] = "<colgroup>" + "<col width=80>" * table.width + "</colgroup>"
    return _spliced(source, changes)


@mutation()
def explicit_spans(source: Source, rng: Random):
    """`colspan=1`, and spans with units, as editors write them."""
    found = list(source.tokens)
    for i, token in source.body():
        if token.kind == "open" and token.name in ("td", "th"):
            spelt = re.sub(r"(colspan|rowspan)=[\"']?(\d+)[\"']?", r'\1="\2px"', token.source, flags=re.IGNORECASE)
            if "colspan" not in spelt.lower():
                spelt = re.sub(r"^<\w+", r"\g<0> colspan=1", spelt)
            found[i] = with_source(token, spelt)
    return found


@mutation()
def tables_in_wrappers(source: Source, rng: Random):
    pairs = (
        ("<div>", "</div>"),
        ("<center>", "</center>"),
        ('<form action="#">', "</form>"),
        ("<div style='overflow:auto'><div align=center>", "</div></div>"),
    )
    changes: dict[int, str] = {}
    for table in data_tables(source):
        before, after = rng.choice(pairs)
        changes[table.start] = changes.get(table.start, "") + before
        changes[table.end] = after
    return _spliced(source, changes)


@mutation()
def tables_in_layout_cells(source: Source, rng: Random):
    changes: dict[int, str] = {}
    for table in data_tables(source):
        changes[table.start] = changes.get(table.start, "") + "<table width=100%><tr><td>"
        changes[table.end] = "</td></tr></table>"
    return _spliced(source, changes)


@mutation(without_blanks)
def empty_rows(source: Source, rng: Random):
    changes: dict[int, str] = {}
    for table in data_tables(source):
        for no in table.gaps() if table.layout() is not None else ():
            if rng.random() < 0.25:
                row = table.rows[no]
                shapes = (
                    f"<tr><td colspan={table.width}>&nbsp;</td></tr>",
                    "<tr>" + "<td></td>" * table.width + "</tr>",
                    "<tr></tr>",
                )
                changes[row.end] = rng.choice(shapes)
    return _spliced(source, changes)


@mutation()
def row_of_column_widths(source: Source, rng: Random):
    """Word writes a row of height 0 at the end of a table."""
    changes = {}
    for table in data_tables(source):
        changes[table.rows[-1].end] = "<tr height=0>" + "<td width=80 style='border:none'></td>" * table.width + "</tr>"
    return _spliced(source, changes)


_COVERS = (
    ("<!--", "-->"),
    ('<div style="display:none">', "</div>"),
    ("<div hidden>", "</div>"),
    ("<template>", "</template>"),
    ("<noscript>", "</noscript>"),
    ('<script type="text/template">', "</script>"),
    ("<textarea style='display:none'>", "</textarea>"),
)


@mutation()
def hidden_copies_of_tables(source: Source, rng: Random):
    """A draft with other figures that no browser shows."""
    changes = {}
    for table in data_tables(source):
        draft = "".join(t.source for t in source.tokens[table.start : table.end] if not t.source.startswith("<!"))
        draft = re.sub(r">(\s*)(\d+)(\s*)<", lambda m: f">{m[1]}{int(m[2]) + 7}{m[3]}<", draft)
        before, after = rng.choice(_COVERS)
        changes[table.start] = before + draft + after
    return None if source.hides_itself else _spliced(source, changes)


@mutation()
def hidden_rows(source: Source, rng: Random):
    return _with_hidden_rows(source, rng, ' style="display:none"')


@mutation()
def rows_hidden_by_attribute(source: Source, rng: Random):
    return _with_hidden_rows(source, rng, " hidden")


def _with_hidden_rows(source: Source, rng: Random, how: str) -> list[Token] | None:
    changes = {}
    for table in data_tables(source):
        for no in table.gaps():
            if rng.random() < 0.2:
                changes[table.rows[no].end] = f"<tr{how}>" + "<td>9</td>" * table.width + "</tr>"
    return None if source.hides_itself else _spliced(source, changes)


@mutation()
def hidden_column(source: Source, rng: Random):
    """Excel writes hidden columns so."""
    return _with_hidden_column(source, rng, ' style="display:none"')


@mutation()
def column_hidden_by_attribute(source: Source, rng: Random):
    return _with_hidden_column(source, rng, " hidden")


def _with_hidden_column(source: Source, rng: Random, how: str) -> list[Token] | None:
    changes = {}
    for table in data_tables(source):
        if table.layout() is not None:
            changes |= {row.end - 1: f"<td{how}>{rng.randrange(90)}</td>" for row in table.rows}
    return None if source.hides_itself else _spliced(source, changes)


@mutation(without_blanks)
def empty_column_at_the_right(source: Source, rng: Random):
    changes = {}
    for table in data_tables(source):
        if table.layout() is None:
            continue
        for row in table.rows:
            changes[row.end - 1] = "<td>&nbsp;</td>"
    return _spliced(source, changes)


@mutation(without_blanks)
def tall_empty_column_at_the_right(source: Source, rng: Random):
    changes = {}
    for table in data_tables(source):
        if table.layout() is not None:
            changes[table.rows[0].end - 1] = f"<td rowspan={len(table.rows)}></td>"
    return _spliced(source, changes)


@mutation(without_blanks)
def header_repeated(source: Source, rng: Random):
    """After a page break the header is printed again."""
    changes = {}
    for table in data_tables(source):
        gaps = [no for no in table.gaps() if table.n_headers < no + 1 < len(table.rows)]
        if not gaps or not table.n_headers or not table.headed_once or table.layout() is None:
            continue
        first, last = table.rows[0], table.rows[table.n_headers - 1]
        header = "".join(t.source for t in source.tokens[first.start : last.end])
        changes[table.rows[rng.choice(gaps)].end] = header
    return _spliced(source, changes)


def _unmerged(source: Source, table: Table) -> list[str] | None:
    """The body's rows with every cell that spans rows printed in each of them; None where no cell does."""
    grid = table.layout()
    head, body = table.rows[: table.n_headers], table.rows[table.n_headers :]
    reaches_down = any(no + cell.rowspan > len(head) for no, row in enumerate(head) for cell in row.cells)
    if grid is None or reaches_down or all(cell.rowspan == 1 for row in body for cell in row.cells):
        return None
    rows = []
    for line in grid[len(head) :]:
        cells = [_without_spans(source, cell) for cell in dict.fromkeys(line)]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return rows


def _without_spans(source: Source, cell: Cell) -> str:
    """The source of a cell that covers one row."""
    bare = _SPANS.sub("", cell_source(source, cell), count=2)
    return re.sub(r"^<t[dh]\b", rf"\g<0> colspan={cell.colspan}", bare, flags=re.IGNORECASE)


@mutation()
def groups_repeated_in_every_row(source: Source, rng: Random):
    changes = []
    for table in data_tables(source):
        rows = _unmerged(source, table) if table.headed_once else None
        if rows:
            changes.append((table.rows[table.n_headers].start, table.rows[-1].end, "".join(rows)))
    return _replaced(source, changes)


@mutation(figures)
def rows_shuffled(source: Source, rng: Random):
    """Rows of tables in which no row leans on the one above: no groups, or groups printed in every row."""
    changes = []
    for table in data_tables(source):
        body = table.rows[table.n_headers :]
        if not table.n_headers or len(body) < 3 or not table.headed_once or table.layout() is None:
            continue
        rows = _unmerged(source, table)
        if rows is None:
            leaning = any(_GROUP_MARKS.match(row.cells[0].text) for row in body)
            spanning = any(len(row.cells) != len(body[0].cells) for row in body)
            if leaning or spanning or any(cell.rowspan > 1 for row in body for cell in row.cells):
                continue
            rows = ["".join(t.source for t in source.tokens[row.start : row.end]) for row in body]
        rng.shuffle(rows)
        changes.append((body[0].start, body[-1].end, "".join(rows)))
    return _replaced(source, changes)
