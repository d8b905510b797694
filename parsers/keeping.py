"""What was read of a page, kept so that other forms can be laid over it: a changed label asks for no second reading.

Kept is what does not depend on the forms (`MAPPING_FILES`): lines and grids, sections, whose report it is, claims; and,
of what does, enough to see whether the answer is still the same. Where it is not (a table that held no data prints
labels that are known now), the page must be read again.
"""

import hashlib
from functools import cache

import msgspec

from corpus.forms import load_forms
from corpus.indicators import load_indicators
from parsers.claims import read_claims
from parsers.grid import Grid, GridSigns, kind_by_signs, kind_of_grid, signs_of_grid
from parsers.linear import LinearTable
from parsers.lines import Line, Page
from parsers.mapping import map_segments
from parsers.numbering import with_linear_tables
from parsers.outcome import Evidence, Judgement, is_report
from parsers.placing import Ground, read_tables, years_of
from parsers.records import Block, Claim, Decoded, Finding, Identity, Listed, Report, Section
from parsers.report import PageReading, assemble, forms_in, missing_tables, with_counts

MAPPING_FILES = frozenset(("aliases.csv", "columns.csv", "concordance.csv", "forms.csv", "indicators.csv"))
"""Files of `corpus/data` that say what the labels of tables mean: where no other file changed, `remap` can do."""

_DATA_KINDS = ("form", "data")


class _KeptLine(msgspec.Struct, frozen=True, array_like=True):
    """A line as far as tables are made of it."""

    text: str
    grid: Grid | None
    like_form: bool
    cells: tuple[str, ...]


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A page: `lines` are those before tables without mark-up became one line, `linear` these tables by their block."""

    capture_id: str
    media_type: str
    declared: str
    used: str
    replaced: int
    decoded_findings: tuple[Finding, ...]
    page_findings: tuple[Finding, ...]
    n_images: int
    identity: Identity
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    lines: tuple[_KeptLine, ...]
    start: int
    end: int
    linear: dict[int, LinearTable]
    passed: tuple[GridSigns, ...]
    years: tuple[int, ...]
    evidence: Evidence
    judgement: Judgement
    form_ids: tuple[str, ...]
    claims: tuple[Claim, ...]
    claims_by: str
    listed: tuple[Listed, ...]


def keep(reading: PageReading) -> bytes:
    """Return what `remap` needs of a page that was read whole, claims included."""
    report, numbered = reading.report, reading.numbered
    kept = _Kept(
        capture_id=report.capture_id,
        media_type=report.media_type,
        declared=report.decoded.declared,
        used=report.decoded.used,
        replaced=report.decoded.replaced,
        decoded_findings=report.decoded.findings,
        page_findings=reading.page_findings,
        n_images=numbered.page.n_images,
        identity=report.identity,
        sections=reading.outline.sections,
        blocks=report.blocks,
        lines=tuple(_KeptLine(line.text, line.grid, line.like_form, line.cells) for line in numbered.whole),
        start=numbered.region.start,
        end=numbered.region.end,
        linear=numbered.linear,
        passed=tuple(map(signs_of_grid, numbered.page.passed)),
        years=reading.years,
        evidence=reading.evidence,
        judgement=reading.judgement,
        form_ids=forms_in(reading.cells),
        claims=reading.claims,
        claims_by=_knowledge_of_claims(),
        listed=report.listed,
    )
    return _encoder().encode(kept)


def remap(kept: bytes) -> Report | None:
    """Return the report of a page that was kept, by the forms as they are now; None where it must be read again.

    It is the report that `parse` gives, but for the page's text in `decoded`. Raises ValueError where the bytes are not
    those of `keep`.
    """
    page = _decoder().decode(kept)
    lines = _lines(page)
    if lines is None:
        return None
    ground = Ground(
        lines,
        page.start,
        page.end,
        {block.no: block.table_no for block in page.blocks if block.table_no is not None},
        page.linear,
        frozenset(block.no for block in page.blocks if block.role == "heading"),
        {block.no: block.section_no for block in page.blocks},
        page.sections,
    )
    placed, table_findings = read_tables(ground, lambda at: page.blocks[at].xpath)
    if years_of(placed) != page.years:
        return None
    cells, form_findings = map_segments(placed, page.identity.report_year)
    judgement = _judged(page, with_counts(page.evidence, cells))
    if judgement is None:
        return None
    form_ids = forms_in(cells)
    claims = page.claims
    if form_ids != page.form_ids or page.claims_by != _knowledge_of_claims():
        claims = read_claims(page.blocks, page.identity, page.sections, form_ids)
    read = Report(
        capture_id=page.capture_id,
        outcome=judgement.outcome,
        detail=judgement.detail,
        next_step=judgement.next_step,
        media_type=page.media_type,
        decoded=Decoded("", page.declared, page.used, page.replaced, page.decoded_findings),
        identity=page.identity,
        blocks=page.blocks,
        sections=page.sections,
        cells=tuple(cells),
        claims=claims,
        facts=(),
        findings=(),
        form_ids=form_ids,
        n_tables=sum(1 for block in page.blocks if block.table_no is not None),
        listed=page.listed,
    )
    missing = missing_tables(page.n_images, page.start, page.end, judgement, cells)
    return assemble(read, [*page.decoded_findings, *page.page_findings], [*table_findings, *missing], form_findings)


def _lines(page: _Kept) -> tuple[Line, ...] | None:
    """The lines with their tables; None where by the forms as they are now others would be tables."""
    if any(kind_by_signs(signs) in _DATA_KINDS for signs in page.passed):
        return None
    for line in page.lines:
        if line.grid is not None:
            kind = kind_of_grid(line.grid)
            if kind not in _DATA_KINDS or (kind == "form") != line.like_form:
                return None
    whole = tuple(Line(line.text, "", 0.0, 0.0, None, line.grid, line.like_form, line.cells) for line in page.lines)
    read, linear = with_linear_tables(Page("", whole, "", (), (), 0, 0, was_deep=False))
    return read.lines if linear == page.linear else None


def _judged(page: _Kept, evidence: Evidence) -> Judgement | None:
    """What the page is, None where only the whole page tells."""
    if evidence == page.evidence or (page.judgement.outcome == "ok" and is_report(evidence)):
        return page.judgement
    return None


@cache
def _knowledge_of_claims() -> str:
    """Digest of what the claims take from the forms: their labels and meanings, and the indicators."""
    book = load_forms()
    known = (book.tables, sorted(book.meanings.items()), sorted(load_indicators().items()))
    return hashlib.sha256(repr(known).encode()).hexdigest()


@cache
def _encoder() -> msgspec.msgpack.Encoder:
    return msgspec.msgpack.Encoder()


@cache
def _decoder() -> msgspec.msgpack.Decoder[_Kept]:
    return msgspec.msgpack.Decoder(_Kept)
