"""The records that pass between the stages: immutable, without behaviour.

Frozen dataclasses; blocks, cells and facts, of which a page has hundreds, are named tuples (made in a sixth of the
time).

Reading order follows the stages: what the bytes said (`Decoded`), what stands on the page (`Block`), whose report
it is (`Identity`), its headings (`Section`), its tables (`TableCell`), what the prose claims (`Claim`), what all
of it means (`Fact`), and what a careful reader must be told (`Finding`). `Report` holds them all.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from corpus.failures import Outcome

State = Literal["number", "blank", "slash", "dash", "text"]
"""What a value cell shows. Only `number` has a value; a blank is never a zero."""

Mapping = Literal["exact", "alias", "fuzzy", "none"]
"""How a label came to its indicator: letter for letter, by a listed spelling, by likeness, or not at all."""


ClaimKind = Literal["count", "amount", "share", "growth"]
"""A number of things, a sum of money, a share of a whole (占27.2%), or a rate of change (同比增长12.3%)."""

Period = Literal["year", "prior_year", "to_date", "other"]
"""The reporting year, the year before, all time up to a day (截至, 累计), or another time (2011年以来, 上半年)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader must know before citing.

    `code` is stable and snake_case; `where` names block, table, row and column as far as they are known; `detail` is
    one sentence with the printed words.
    """

    code: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a page and how its bytes were read.

    `declared` is the charset that the transport or the page claims ('' when none does), `used` the codec that the
    bytes bear out, `replaced` the number of characters that no codec could read and that stand as U+FFFD.
    """

    text: str
    declared: str
    used: str
    replaced: int
    findings: tuple[Finding, ...] = ()


class Block(NamedTuple):
    """One run of text as a reader sees it: a paragraph, a line, a heading; or a place where a data table stands.

    `no` counts in reading order from 0. `text` has its white space folded; it is '' for a table. `table_no` is the
    table that stands here, or None. `role` says what the block is to the report. `xpath` is '' for body text, which is
    found again by its section and `no`: a path for each paragraph would cost more than reading it.
    """

    no: int
    text: str
    role: Literal["title", "preamble", "heading", "body", "table", "furniture"]
    section_no: int | None
    table_no: int | None
    xpath: str


@dataclass(frozen=True, slots=True)
class Value:
    """What a value cell says.

    `value` is the printed number, before any scaling; `unit_raw` the unit as printed beside it ('' when the cell
    has none); `note` a code for anything else that stood in the cell (`approximate`, `remark`, `double_sign`).
    """

    state: State
    value: Decimal | None
    unit_raw: str
    note: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report of which year a page is.

    `agency_id` is stable across years and spellings; '' when the page does not tell. `agency` is the registry's name,
    `agency_as_printed` the page's. Dates are ISO 8601 or ''. `report_scope` is own, area, system or unknown.
    """

    title: str
    agency_id: str
    agency: str
    agency_as_printed: str
    agency_level: str
    region_code: str
    report_year: int | None
    report_scope: str
    published_date: str
    period_start: str
    period_end: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and the text under it, up to the next heading.

    `number` and `title` stay as printed (`（二）`, `依申请公开方面`); `canonical` is the section's id in
    `corpus/data/sections.csv`; `status` is `ok` or the self-checks that fail, joined by spaces.
    """

    section_no: int
    parent_no: int | None
    level: int
    number: str
    title: str
    canonical: str
    text: str
    status: str
    first_block: int
    last_block: int


class TableCell(NamedTuple):
    """One value cell of a data table.

    `row` and `col` are grid coordinates from 0, spans counted out; paths join labels from the outside in by ' / '.
    `value` is the printed number in `unit`; `base_value` the same quantity in `base_unit` (万元 → 元), None where the
    unit is not known.
    """

    table_no: int
    row: int
    col: int
    section_no: int | None
    table_title: str
    row_path: str
    col_path: str
    raw: str
    state: State
    value: Decimal | None
    unit_raw: str
    unit: str
    base_value: Decimal | None
    base_unit: str
    form_id: str
    indicator: str
    applicant: str
    measure: str
    mapping: Mapping
    concordance: str
    xpath: str


class Claim(NamedTuple):
    """One number that the prose states, or one zero that it says in words (未收到…申请).

    `char_start` and `char_end` count characters of the block's text; no two claims of a block begin at one place: of
    several zeros under one 未收到 each further one stands at its own object. `value` is scaled (39700 for 3.97万条),
    `unit` its counter (元 for all money, % for shares and rates); a fall (回落12.3%) keeps its printed sign.
    `indicator` is '' unless the words settle it for the whole report and the reporting year. `whole_start` is the
    `char_start` of the claim in the same block that this one is a part or a share of. `last_digit` is what one unit of
    the last printed digit is worth (100 for 3.97万): the precision that the sentence claims.
    """

    block_no: int
    char_start: int
    char_end: int
    section_no: int | None
    sentence: str
    subject: str
    raw: str
    value: Decimal
    unit: str
    share_percent: Decimal | None
    approximate: bool
    indicator: str
    mapping: Mapping
    kind: ClaimKind
    period: Period
    zero_in_words: bool
    whole_start: int | None
    last_digit: Decimal


class Fact(NamedTuple):
    """One indicator of a report, with the place it was read from.

    `value` is in `unit`, the indicator's base unit (元, never 万元); it is None unless `state` is `number`. `unit` is
    '' where the page lost it and no rule of the form restores it: such a number must not be compared.
    """

    indicator: str
    applicant: str
    measure: str
    value: Decimal | None
    unit: str
    state: State
    source: Literal["table", "prose", "derived"]
    derivation: str
    concordance: str
    form_id: str
    table_no: int | None
    row: int | None
    col: int | None
    block_no: int | None = None
    char_start: int | None = None
    char_end: int | None = None


class Listed(NamedTuple):
    """One report that a list page names; it may or may not be in the archive.

    `title` and `href` are as the page has them. `agency_id` is '' where neither the title nor the page tells whose
    report it is. `published_date` is the date that the list prints beside the title, ISO 8601 or ''.
    """

    item_no: int
    title: str
    href: str
    agency_id: str
    agency: str
    agency_level: str
    region_code: str
    report_year: int
    published_date: str
    xpath: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that was read from one page.

    Only a page whose `outcome` is `ok` is a report; the others keep what was read (title, blocks) beside the outcome,
    with `detail` (what was seen) and `next_step` (what a person can do about it); `listed` is what a list page names.
    """

    capture_id: str
    outcome: Outcome
    detail: str
    next_step: str
    media_type: str
    decoded: Decoded
    identity: Identity
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    cells: tuple[TableCell, ...]
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    form_ids: tuple[str, ...]
    n_tables: int
    listed: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page as HTML in which places are marked. It is not harmless yet.

    Every id, class, title and address in `html` that is ours begins with the `seal`, the digest of the page's bytes:
    no page can hold its own digest. `texts` says what must stand under each mark, by its anchor, white space left out;
    `unmarked` are the anchors whose places cannot be marked. `title` is that of the page's head.
    """

    html: str
    seal: str
    title: str
    texts: dict[str, str]
    unmarked: frozenset[str]
