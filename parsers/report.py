"""Bytes of one page → one `Report`: the stages in their order, and what only all of them together can tell."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parsers.claims import read_claims
from parsers.decode import decode
from parsers.facts import read_facts
from parsers.identity import HeadMatter, identify
from parsers.lines import Line, Page, read_lines
from parsers.listing import read_listing
from parsers.mapping import map_segments
from parsers.numbering import NumberedPage, number_lines
from parsers.outcome import Evidence, Judgement, judge
from parsers.placing import Ground, Paths, read_tables, years_of
from parsers.records import Block, Claim, Decoded, Finding, Identity, Report, Section, TableCell
from parsers.region import Region
from parsers.sections import Outline, read_sections
from parsers.titles import read_title
from parsers.tree import HEADING_TAGS

# Version of the reading itself: it rises when the same bytes may give another report.
PARSER_VERSION = "5"

# A title in running text or in a link is another report's.
_LINKED, _LONGEST_TITLE = 0.5, 60


@dataclass(frozen=True, slots=True)
class PageReading:
    """A report with what the stages saw on the way to it: what a mapping by other forms starts from.

    `outline` are the sections, whatever the outcome; `claims` all that the text states, `cells` all of its tables;
    `years` are years printed as heads of columns, `page_findings` those on the page as a whole.
    """

    report: Report
    numbered: NumberedPage
    outline: Outline
    evidence: Evidence
    judgement: Judgement
    cells: tuple[TableCell, ...]
    claims: tuple[Claim, ...]
    years: tuple[int, ...]
    page_findings: tuple[Finding, ...]


def parse(
    data: bytes,
    *,
    source_uri: str = "",
    media_type: str = "",
    charset: str = "",
    manifest_agency: str = "",
    manifest_year: int | None = None,
    listing: bool = False,
    claims: bool = True,
) -> Report:
    """Read one page. Pure: the same arguments give the same report; bad input gives an outcome, not an exception.

    `charset` is what the transport declares; `manifest_agency` and `manifest_year` win over what the page says, and a
    disagreement is a finding. `listing` asks for the reports that the page lists, whatever else it may be; without
    `claims` the prose is left unread, and all facts are those of tables.
    """
    return read_page(
        data,
        source_uri=source_uri,
        media_type=media_type,
        charset=charset,
        manifest_agency=manifest_agency,
        manifest_year=manifest_year,
        listing=listing,
        claims=claims,
    ).report


def read_page(
    data: bytes,
    *,
    source_uri: str = "",
    media_type: str = "",
    charset: str = "",
    manifest_agency: str = "",
    manifest_year: int | None = None,
    listing: bool = False,
    claims: bool = True,
) -> PageReading:
    """Read one page as `parse` does, and return what was seen on the way beside the report."""
    decoded = decode(data, charset=charset, media_type=media_type)
    numbered = number_lines(read_lines(decoded))
    page, region = numbered.page, numbered.region
    outline = read_sections(page.lines, region)
    table_paths = Paths(page)
    placed, table_findings = read_tables(ground_of(numbered, outline), lambda at: table_paths.of(page.lines[at]))
    years = years_of(placed)
    head = _head_matter(page, region, outline, years, source_uri, manifest_agency, manifest_year)
    identity, title_lines = identify(head)
    cells, form_findings = map_segments(placed, identity.report_year)
    blocks = _blocks(page, region, outline, title_lines, numbered.tables)
    form_ids = forms_in(cells)
    found = read_claims(blocks, identity, outline.sections, form_ids) if claims else ()
    evidence = _evidence(page, region, outline, identity, cells)
    judgement = _judge(page, evidence, decoded)
    page_findings = tuple(_tree_findings(page))
    report = assemble(
        Report(
            capture_id=hashlib.sha256(data).hexdigest()[:16],
            outcome=judgement.outcome,
            detail=judgement.detail,
            next_step=judgement.next_step,
            media_type=media_type or ("text/html" if page.kind == "html" else "text/plain"),
            decoded=decoded,
            identity=identity,
            blocks=blocks,
            sections=outline.sections,
            cells=tuple(cells),
            claims=found,
            facts=(),
            findings=(),
            form_ids=form_ids,
            n_tables=len(numbered.tables),
        ),
        [*decoded.findings, *page_findings],
        [*table_findings, *missing_tables(page.n_images, region.start, region.end, judgement, cells)],
        form_findings,
    )
    if judgement.outcome == "list_page" or listing:
        report = replace(report, listed=read_listing(page, head, with_xpaths=not page.was_deep))
    return PageReading(report, numbered, outline, evidence, judgement, tuple(cells), found, years, page_findings)


def assemble(
    read: Report, page_findings: list[Finding], table_findings: list[Finding], form_findings: list[Finding]
) -> Report:
    """Make facts of all that was read of a page, and leave in the report what its outcome allows."""
    facts, fact_findings = read_facts(list(read.cells), read.claims, read.identity.report_scope)
    findings = (
        *page_findings,
        *read.identity.findings,
        *_section_findings(read.sections),
        *table_findings,
        *form_findings,
        *fact_findings,
    )
    if read.outcome != "ok":
        return replace(read, sections=(), cells=(), claims=(), findings=findings, form_ids=(), n_tables=0)
    cells = tuple(sorted(read.cells, key=lambda c: (c.table_no, c.row, c.col)))
    return replace(read, cells=cells, facts=tuple(facts), findings=findings)


def ground_of(numbered: NumberedPage, outline: Outline) -> Ground:
    """Return what the tables of a page are read with."""
    page, region = numbered.page, numbered.region
    return Ground(
        page.lines,
        region.start,
        region.end,
        numbered.tables,
        numbered.linear,
        outline.headings,
        outline.section_of,
        outline.sections,
    )


def forms_in(cells: Iterable[TableCell]) -> tuple[str, ...]:
    """Return the statutory forms whose tables a report prints, sorted."""
    return tuple(sorted({cell.form_id for cell in cells if cell.form_id}))


def _head_matter(
    page: Page,
    region: Region,
    outline: Outline,
    years: tuple[int, ...],
    source_uri: str,
    manifest_agency: str,
    manifest_year: int | None,
) -> HeadMatter:
    first = min(outline.headings, default=region.end)
    lead = tuple((line.text, _stands_out(line)) for line in page.lines[:first])
    body = tuple(
        page.lines[i].text for i in range(first, region.end) if page.lines[i].text and i not in region.furniture
    )
    return HeadMatter(page.html_title, page.metas, lead, body, years, source_uri, manifest_agency, manifest_year)


def _stands_out(line: Line) -> bool:
    return line.tag in HEADING_TAGS or line.bold > 0.9


def _evidence(page: Page, region: Region, outline: Outline, identity: Identity, cells: list[TableCell]) -> Evidence:
    text = "\n".join(page.lines[i].text for i in range(region.start, region.end) if i not in region.furniture)
    headline = next((line.text for line in page.lines[: region.start] if line.tag in HEADING_TAGS), page.html_title)
    evidence = Evidence(
        title=identity.title,
        headline=headline,
        n_sections=len(outline.sections),
        n_known_sections=sum(1 for section in outline.sections if section.level == 1 and section.canonical),
        n_cells=0,
        n_mapped=0,
        n_numbers=0,
        n_reports=_count_reports(page, region),
        text_chars=len(text),
        report_text=text,
    )
    return with_counts(evidence, cells)


def with_counts(evidence: Evidence, cells: Sequence[TableCell]) -> Evidence:
    """Return the evidence with what it counts of cells."""
    mapped = [cell for cell in cells if cell.indicator]
    n_numbers = sum(1 for cell in mapped if cell.state == "number")
    return replace(evidence, n_cells=len(cells), n_mapped=len(mapped), n_numbers=n_numbers)


def _judge(page: Page, evidence: Evidence, decoded: Decoded) -> Judgement:
    if any(finding.code == "undecodable" for finding in decoded.findings):
        return Judgement("undecodable", "the bytes are no text", "Check that the file is a saved web page.")
    judgement = judge(page, evidence, decoded.text)
    if judgement.outcome != "ok" and page.flattened:
        return replace(judgement, detail=f"{judgement.detail}; {page.flattened} tables stand too deep to be read")
    return judgement


def _count_reports(page: Page, region: Region) -> int:
    """How many reports stand one below the other: titles of different years, each with a first section of its own."""
    years: set[tuple[int, ...]] = set()
    title: tuple[int, ...] = ()
    for i, line in enumerate(page.lines[: region.end]):
        text = line.text
        named = len(text) < _LONGEST_TITLE and ("报" in text or "報" in text) and line.link < _LINKED
        if named and (found := read_title(text)):
            title = found.years
        heading = region.headings.get(i)
        if heading is not None and title and heading.level == 1 and heading.number[:1] in ("一", "第"):
            years.add(title)
            title = ()
    return len(years)


def _tree_findings(page: Page) -> list[Finding]:
    findings = []
    if page.was_deep:
        detail = "elements nested so deep that they were read without their wrappers; no XPaths"
        findings.append(Finding("deep_nesting", "page", detail))
    if page.flattened:
        detail = f"{page.flattened} tables stand so deep in others that they were read as text, not as tables"
        findings.append(Finding("tables_too_deep", "page", detail))
    if page.unhidden:
        detail = "the page hides its text until a script shows it; it was read all the same"
        findings.append(Finding("hidden_text_read", "page", detail))
    if page.cut:
        detail = "the source ends inside a table: its last cell may lack digits, and rows may be missing"
        findings.append(Finding("page_cut", "last table", detail))
    return findings


def missing_tables(
    n_images: int, start: int, end: int, judgement: Judgement, cells: Sequence[TableCell]
) -> list[Finding]:
    """A report in prose has no tables; one whose tables are pictures looks the same, and must not look whole.

    Its lines are `start` to `end`, the end excluded.
    """
    if judgement.outcome != "ok" or cells:
        return []
    lines = f"lines {start} to {end - 1}"
    return [Finding("no_tables", lines, f"a report without a data table; the page shows {n_images} pictures")]


def _section_findings(sections: tuple[Section, ...]) -> list[Finding]:
    return [
        Finding(code, f"section {section.section_no}", f"{section.number}{section.title}")
        for section in sections
        for code in section.status.split()
        if code not in ("ok", "empty")
    ]


def _blocks(
    page: Page, region: Region, outline: Outline, title_lines: frozenset[int], table_lines: dict[int, int]
) -> tuple[Block, ...]:
    first = min(outline.headings, default=region.end)
    paths = Paths(page)
    blocks = []
    for i, line in enumerate(page.lines):
        if i in title_lines and i < first:
            role = "title"
        elif not region.start <= i < region.end or i in region.furniture:
            role = "furniture"
        elif i in table_lines:
            role = "table"
        elif i in outline.headings:
            role = "heading"
        else:
            role = "preamble" if i < first else "body"
        section_no = outline.section_of.get(i) if role in ("heading", "body", "table") else None
        text = line.text
        if line.grid is not None and role == "furniture":
            text = " ".join(cell.text for row in line.grid.rows for cell in row if cell.text)
        place = paths.of(line) if role != "body" else ""
        blocks.append(Block(i, text, role, section_no, table_lines.get(i), place))  # type: ignore[arg-type]
    return tuple(blocks)
