"""Bytes of one page → one `Report`: the stages in their order, and what only all of them together can tell."""

import hashlib
import re
from collections import Counter
from dataclasses import replace

from lxml import etree

from parsers.claims import read_claims
from parsers.columns import is_unit_line
from parsers.decode import decode
from parsers.facts import read_facts
from parsers.forms import PlacedSegment
from parsers.identity import HeadMatter, identify
from parsers.lines import Line, Page, read_lines
from parsers.listing import read_listing
from parsers.mapping import map_segments
from parsers.numbering import NumberedPage, number_lines
from parsers.outcome import Evidence, Judgement, judge
from parsers.records import Block, Claim, Decoded, Fact, Finding, Identity, Report, TableCell
from parsers.region import Region
from parsers.sections import Outline, read_sections
from parsers.tables import Header, Segment, read_segments
from parsers.titles import read_title
from parsers.tree import HEADING_TAGS

# Version of the reading itself: it rises when the same bytes may give another report.
PARSER_VERSION = "4"

# A page number, a 续表 or a unit line may stand where a page break cuts a table in two.
_PAGE_BREAK_LINES = 2
_MANY_SIBLINGS = 1000
# A title in running text or in a link is another report's.
_LINKED, _LONGEST_TITLE = 0.5, 60
_CAPTION = re.compile(
    r"(?:附?表\s?[0-9０-９一二三四五六七八九十]{0,3}(?:[-－][0-9０-９])?\s?[:：.．、]?)?.{2,40}(?:情况|统计表|情况表|表|统计)(?:[（(].{1,20}[）)])?"
)


def parse(
    data: bytes,
    *,
    source_uri: str = "",
    media_type: str = "",
    charset: str = "",
    manifest_agency: str = "",
    manifest_year: int | None = None,
    listing: bool = False,
) -> Report:
    """Read one page. Pure: the same arguments give the same report; bad input gives an outcome, not an exception.

    `charset` is what the transport declares; `manifest_agency` and `manifest_year` win over what the page says, and a
    disagreement is a finding. `listing` asks for the reports that the page lists, whatever else it may be.
    """
    decoded = decode(data, charset=charset, media_type=media_type)
    numbered = number_lines(read_lines(decoded))
    page, region, table_lines = numbered.page, numbered.region, numbered.tables
    outline = read_sections(page.lines, region)
    placed, table_findings = _read_tables(numbered, outline)
    head = _head_matter(page, region, outline, placed, source_uri, manifest_agency, manifest_year)
    identity, title_lines = identify(head)
    cells, form_findings = map_segments(placed, identity.report_year)
    blocks = _blocks(page, region, outline, title_lines, table_lines)
    form_ids = tuple(sorted({cell.form_id for cell in cells if cell.form_id}))
    claims = read_claims(blocks, identity, outline.sections, form_ids)
    facts, fact_findings = read_facts(cells, claims, identity.report_scope)
    judgement = _judge(page, region, outline, identity, cells, decoded)
    findings = [
        *decoded.findings,
        *_tree_findings(page),
        *identity.findings,
        *_section_findings(outline),
        *table_findings,
        *_missing_tables(page, region, judgement, cells),
        *form_findings,
        *fact_findings,
    ]
    report = _assemble(
        data,
        media_type,
        decoded,
        page,
        outline,
        identity,
        table_lines,
        judgement,
        blocks,
        cells,
        claims,
        facts,
        findings,
    )
    if judgement.outcome != "list_page" and not listing:
        return report
    return replace(report, listed=read_listing(page, head, with_xpaths=not page.was_deep))


def _read_tables(numbered: NumberedPage, outline: Outline) -> tuple[list[PlacedSegment], list[Finding]]:
    """Segments of all data tables inside the report."""
    page, region, linear = numbered.page, numbered.region, numbered.linear
    placed: list[PlacedSegment] = []
    findings: list[Finding] = []
    paths = _Paths(page)
    header: Header | None = None  # of the table above, as long as no heading and hardly a line stands between
    since = 0
    for at in range(region.start, region.end):
        line = page.lines[at]
        if line.grid is None:
            since += 1
            if at in outline.headings or since > _PAGE_BREAK_LINES:
                header = None
            continue
        table_no = numbered.tables[at]
        reading = read_segments(line.grid, table_no, header)
        header, since = reading.header, 0
        findings += [*reading.findings, *(linear[at].findings if at in linear else ())]
        section_no = outline.section_of.get(at)
        caption, unit_text = _caption(page.lines, at, region, outline)
        path = paths.of(line) if at not in linear else ""
        for segment in reading.segments:
            title = segment.title or caption or _section_title(outline, section_no)
            whole = Segment(segment.title, segment.columns, segment.rows, segment.unit_text or unit_text)
            placed.append(PlacedSegment(table_no, section_no, title, path, whole))
    return placed, findings


class _Paths:
    """XPaths of the lines of a page, '' where it has none that holds for the page as it was captured."""

    def __init__(self, page: Page) -> None:
        element = next((line.element for line in page.lines if line.element is not None), None)
        self.tree = None if element is None or page.was_deep else element.getroottree()
        self.element: etree._Element | None = None  # of the last line, with its path
        self.path = ""
        self.parent: etree._Element | None = None
        self.steps: dict[etree._Element, str] | None = None  # of the parent's children, where they are many

    def of(self, line: Line) -> str:
        element = line.element
        if self.tree is None or element is None:
            return ""
        if element is not self.element:  # lines that <br> parts share their element
            before = self.element
            self.element = element
            if before is not None and before.tag == element.tag and element.getprevious() is before:
                stem, _, number = self.path.rpartition("[")  # p[6] follows p[5]: no need to count all siblings
                self.path = f"{stem}[{int(number[:-1]) + 1}]"
            else:
                self.path = self._path(element)
        return self.path

    def _path(self, element: etree._Element) -> str:
        """`getpath` counts the siblings before an element, each time: under a wide parent all are counted once."""
        assert self.tree is not None
        parent = element.getparent()
        if parent is None:
            return self.tree.getpath(element)
        if parent is not self.parent:
            self.parent = parent
            self.steps = _steps(self.tree, parent) if len(parent) > _MANY_SIBLINGS else None
        return self.tree.getpath(element) if self.steps is None else self.steps[element]


def _steps(tree: etree._ElementTree, parent: etree._Element) -> dict[etree._Element, str]:
    stem = tree.getpath(parent)
    totals = Counter(child.tag for child in parent)
    counts: Counter[str] = Counter()
    paths = {}
    for child in parent:
        counts[child.tag] += 1
        paths[child] = f"{stem}/{child.tag}" + (f"[{counts[child.tag]}]" if totals[child.tag] > 1 else "")
    return paths


def _caption(lines: tuple[Line, ...], at: int, region: Region, outline: Outline) -> tuple[str, str]:
    """The title line and the unit line right above a table, '' where there is none."""
    caption = unit_text = ""
    for i in range(at - 1, max(region.start, at - 4) - 1, -1):
        text = lines[i].text
        if i in outline.headings or lines[i].grid is not None:
            break
        if is_unit_line(text):
            unit_text = text
        elif len(text) <= 50 and _CAPTION.fullmatch(text):
            caption = text
            break
        else:
            break
    return caption, unit_text


def _section_title(outline: Outline, section_no: int | None) -> str:
    return outline.sections[section_no].title if section_no is not None else ""


def _head_matter(
    page: Page,
    region: Region,
    outline: Outline,
    placed: list[PlacedSegment],
    source_uri: str,
    manifest_agency: str,
    manifest_year: int | None,
) -> HeadMatter:
    first = min(outline.headings, default=region.end)
    lead = tuple((line.text, _stands_out(line)) for line in page.lines[:first])
    body = tuple(
        page.lines[i].text for i in range(first, region.end) if page.lines[i].text and i not in region.furniture
    )
    years = tuple(dict.fromkeys(c.year for p in placed for c in p.segment.columns if c.year is not None))
    return HeadMatter(page.html_title, page.metas, lead, body, years, source_uri, manifest_agency, manifest_year)


def _stands_out(line: Line) -> bool:
    return line.tag in HEADING_TAGS or line.bold > 0.9


def _judge(
    page: Page, region: Region, outline: Outline, identity: Identity, cells: list[TableCell], decoded: Decoded
) -> Judgement:
    text = "\n".join(page.lines[i].text for i in range(region.start, region.end) if i not in region.furniture)
    headline = next((line.text for line in page.lines[: region.start] if line.tag in HEADING_TAGS), page.html_title)
    evidence = Evidence(
        title=identity.title,
        headline=headline,
        n_sections=len(outline.sections),
        n_known_sections=sum(1 for section in outline.sections if section.level == 1 and section.canonical),
        n_cells=len(cells),
        n_mapped=sum(1 for cell in cells if cell.indicator),
        n_numbers=sum(1 for cell in cells if cell.indicator and cell.state == "number"),
        n_reports=_count_reports(page, region),
        text_chars=len(text),
        report_text=text,
    )
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


def _missing_tables(page: Page, region: Region, judgement: Judgement, cells: list[TableCell]) -> list[Finding]:
    """A report in prose has no tables; one whose tables are pictures looks the same, and must not look whole."""
    if judgement.outcome != "ok" or cells:
        return []
    lines = f"lines {region.start} to {region.end - 1}"
    return [Finding("no_tables", lines, f"a report without a data table; the page shows {page.n_images} pictures")]


def _section_findings(outline: Outline) -> list[Finding]:
    return [
        Finding(code, f"section {section.section_no}", f"{section.number}{section.title}")
        for section in outline.sections
        for code in section.status.split()
        if code not in ("ok", "empty")
    ]


def _assemble(
    data: bytes,
    media_type: str,
    decoded: Decoded,
    page: Page,
    outline: Outline,
    identity: Identity,
    table_lines: dict[int, int],
    judgement: Judgement,
    blocks: tuple[Block, ...],
    cells: list[TableCell],
    claims: tuple[Claim, ...],
    facts: list[Fact],
    findings: list[Finding],
) -> Report:
    ok = judgement.outcome == "ok"
    return Report(
        capture_id=hashlib.sha256(data).hexdigest()[:16],
        outcome=judgement.outcome,
        detail=judgement.detail,
        next_step=judgement.next_step,
        media_type=media_type or ("text/html" if page.kind == "html" else "text/plain"),
        decoded=decoded,
        identity=identity,
        blocks=blocks,
        sections=outline.sections if ok else (),
        cells=tuple(sorted(cells, key=lambda c: (c.table_no, c.row, c.col))) if ok else (),
        claims=claims if ok else (),
        facts=tuple(facts) if ok else (),
        findings=tuple(findings),
        form_ids=tuple(sorted({cell.form_id for cell in cells if cell.form_id})) if ok else (),
        n_tables=len(table_lines) if ok else 0,
    )


def _blocks(
    page: Page, region: Region, outline: Outline, title_lines: frozenset[int], table_lines: dict[int, int]
) -> tuple[Block, ...]:
    first = min(outline.headings, default=region.end)
    paths = _Paths(page)
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
