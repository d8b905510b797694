"""Whose report of which year a page is: title, agency, year, period, day of publication, scope.

Every answer has an order of places to look: the title first, then what the report says of itself, then what
the site says around it. A lower place never overrules a higher one; that they disagree is a finding.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from corpus.agencies import Resolution, resolve_agency
from corpus.labels import simplify
from corpus.tables import read_table
from parsers.dates import NO_PERIOD, Period, arabic, date_in, period_in
from parsers.records import Finding, Identity
from parsers.scope import DESK_KINDS, read_scope
from parsers.titles import TRADITIONAL, Title, find_titles

_MOST_LEAD_LINES = 400
_SIGNATURE_LINES = 12
_LONGEST_SIGNATURE = 40
_LONGEST_DATE_LINE = 80
# 本站, 本网: two characters name no body (和县 as a region does, and stands in titles).
_SHORTEST_BODY = 3
_HINT_LENGTH = 120
# The period of the figures is stated before them, in the preamble as a rule.
_PERIOD_LINES = 40

_DATE_METAS = ("pubdate", "publishdate", "pubtime", "publishtime", "article:published_time", "dc.date")
_SOURCE_METAS = ("contentsource", "source", "dc.publisher")
_SITE_METAS = ("sitename", "og:site_name", "site_name")

_SITE_PARTS = re.compile(r"[_|｜—–>》→/\s]+|-(?=\D)")
_SITE_TAIL = re.compile(
    r"(?:首页|门户网站|官方网站|网站|门户网|政府网|政务网|信息网|网|政务公开|政府信息公开|信息公开|专栏|专题|平台|欢迎您)+$"
)
_BRACKETS = re.compile(r"[\s\[\]【】|]")
_ADDRESS = re.compile(r"地址[:：]?(?P<place>[^,，。;；)）]{4,40})")
# [2017-01-24 09:30] [大 中 小], 来源：局办公室 2024-01-25: one date, no clause, no 自 and no 至, so no period.
_DATE_ALONE = re.compile(
    r"(?<![自从至到—~\d])\s*(20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?!\d|\s*(?:[至到起止—~]|-\s*\d))"
)
_DATE_IN_TITLE = re.compile(r"\((20\d\d年\d{1,2}月\d{1,2}日)(?:发布|公布|公开)\)")
# A signature is a name alone, no sentence.
_CLAUSE = re.compile("[。；;，,：:！？]")
_SENTENCE = re.compile("[。；，]")
# A desk (办公室, 政府办, 信息科) publishes a page, it is not the body that reports.
_DESK = re.compile(r"(?:办公室|办|科|股|处|中心|室)$")
_PUBLICATION = ("meta", "publication line")


@dataclass(frozen=True)
class HeadMatter:
    """What stands before and around a report, as far as it can tell whose it is.

    `metas` are pairs of lower-cased name and content. `lead` are the lines before the first section
    heading, page furniture included; the flag marks lines set as headings. `body` are the blocks from the
    first heading on. `table_years` are years printed as column headers; the manifest's fields are '' or None where
    it is silent.
    """

    html_title: str
    metas: tuple[tuple[str, str], ...]
    lead: tuple[tuple[str, bool], ...]
    body: tuple[str, ...]
    table_years: tuple[int, ...]
    source_uri: str
    manifest_agency: str
    manifest_year: int | None

    @cached_property
    def plain_lead(self) -> tuple[str, ...]:
        """The lines of the lead that may be a catalogue's, in simplified characters."""
        texts = [text for text, _ in self.lead[:_MOST_LEAD_LINES]]
        return tuple([simplify(text) if TRADITIONAL.search(text) else text for text in texts])


@dataclass(frozen=True, slots=True)
class _Named:
    """A body that the page names, and where."""

    printed: str
    place: str


def identify(head: HeadMatter) -> tuple[Identity, frozenset[int]]:
    """Tell whose report of which year a page is, and which lines of the lead are (parts of) its title."""
    period = period_in((*(text for text, _ in head.lead[:_MOST_LEAD_LINES]), *head.body[:_PERIOD_LINES]))
    years = {*head.table_years, *([period.year] if period.year else [])}
    titles = find_titles(head.lead, head.metas, head.html_title, years)
    title = titles[0] if titles else None
    reported = title.years[0] if title and len(title.years) == 1 else period.year
    published, date_findings = _published(head, titles, reported)
    year, year_findings = _year(head, titles, period, published)
    body, printed, agency_findings = _agency(head, title, year)
    identity = Identity(
        title=title.text if title else "",
        agency_id=body.agency_id,
        agency=body.agency,
        agency_as_printed=printed,
        agency_level=body.level,
        region_code=body.region_code,
        report_year=year,
        report_scope=read_scope(
            f"{title.text}\n{title.remark}" if title else "",
            (text for text, _ in head.lead[:_MOST_LEAD_LINES]),
            head.body,
            body.kind,
        ),
        published_date=published,
        period_start=period.start,
        period_end=period.end,
        findings=(*year_findings, *_period_findings(period), *date_findings, *agency_findings),
    )
    return identity, _title_lines(titles)


def _title_lines(titles: Sequence[Title]) -> frozenset[int]:
    """Lead lines that print the chosen title, whole or in part, once more."""
    chosen = titles[0].years if titles else ()
    return frozenset(line for title in titles if title.years == chosen for line in title.lines)


# The year.


def _year(
    head: HeadMatter, titles: Sequence[Title], period: Period, published: str
) -> tuple[int | None, list[Finding]]:
    findings: list[Finding] = []
    # Plain lines with other years are links to other reports; the title itself and prominent places count.
    believed = [title for title in titles if title is titles[0] or title.prominent]
    evidence = [(f"title ({title.place})", title.years[0], title.text) for title in believed if len(title.years) == 1]
    if period.year:
        evidence.append(("period", period.year, period.printed))
    if len(head.table_years) == 1:
        evidence.append(("table header", head.table_years[0], f"{head.table_years[0]}年度"))
    found = evidence[0][1] if evidence else None
    told: set[int] = set()
    for place, year, words in evidence[1:]:
        if year != found and year not in told:
            told.add(year)
            first = evidence[0]
            detail = f"{first[0]} says {found} ({first[2]}), {place} says {year} ({words})"
            findings.append(Finding("year_conflict", f"{first[0]}; {place}", detail))
    if found is None and published and titles and not period.printed:
        found = int(published[:4]) - 1
        detail = f"no title, period or table names a year; the page was published on {published}"
        findings.append(Finding("year_from_publication", "publication date", detail))
    if head.manifest_year is not None:
        if found not in (None, head.manifest_year):
            detail = f"the manifest says {head.manifest_year}, the page says {found}"
            findings.append(Finding("manifest_disagrees", "report_year", detail))
        found = head.manifest_year
    return found, findings


def _period_findings(period: Period) -> list[Finding]:
    if period is NO_PERIOD or (period.start and period.end):
        return []
    return [Finding("period_unreadable", "period", f"the period is printed as {period.printed}")]


# The day of publication.


def _published(head: HeadMatter, titles: Sequence[Title], reported: int | None) -> tuple[str, list[Finding]]:
    """The day of publication. No report is published before the year that it reports on: such a date is another's."""
    findings: list[Finding] = []
    dates: list[tuple[str, str]] = []
    for place, text in _date_places(head, titles):
        day, printed = date_in(text)
        if day and reported and int(day[:4]) < reported:
            if place.startswith(_PUBLICATION):
                findings.append(Finding("published_too_early", place, f"{day} is before the reported year {reported}"))
        elif day:
            dates.append((place, day))
        elif printed:
            findings.append(Finding("impossible_date", place, f"{printed} is no day of the calendar"))
    if not dates:
        return "", findings
    place, day = dates[0]
    # 成文日期 and the day of the signature may well be earlier: only two places that speak of publication conflict.
    other = next((found for found in dates if found[1] != day and found[0].startswith(_PUBLICATION)), None)
    if place.startswith(_PUBLICATION) and other:
        detail = f"{place} says {day}, {other[0]} says {other[1]}"
        findings.append(Finding("published_conflict", f"{place}; {other[0]}", detail))
    if place == "signature":
        findings.append(Finding("published_from_signature", place, f"only the signature bears a date: {day}"))
    if place == "date line":
        findings.append(Finding("published_from_date_line", place, f"a label that speaks of no publication: {day}"))
    return day, findings


def _date_places(head: HeadMatter, titles: Sequence[Title]) -> Iterable[tuple[str, str]]:
    """Texts that may hold the day of publication, the most explicit first, with the name of their place."""
    yield from ((f"meta {name}", content) for name, content in head.metas if name in _DATE_METAS)
    yield from (("publication line", value) for value in _labelled(head, "published"))
    yield from (("date line", value) for value in _labelled(head, "printed"))
    if titles and (match := _DATE_IN_TITLE.search(arabic(titles[0].text))):
        yield "publication line", match[1]
    title_lines = _title_lines(titles)
    after = {line + step for line in title_lines for step in range(1, 4)} - title_lines
    for line in sorted(after):
        text = head.lead[line][0] if line < len(head.lead) else ""
        if len(text) <= _LONGEST_DATE_LINE and not _SENTENCE.search(text):
            match = _DATE_ALONE.search(arabic(text))
            if match:
                yield "line under the title", match[0]
    for text in reversed(head.body[-_SIGNATURE_LINES:]):
        if len(text) <= _LONGEST_SIGNATURE and date_in(text)[0]:
            yield "signature", text


# The agency.


def _agency(head: HeadMatter, title: Title | None, year: int | None) -> tuple[Resolution, str, list[Finding]]:
    findings: list[Finding] = []
    hints = hints_of(head, title)
    sources = _bodies([_Named(value, "source") for value in _sources(head)], year, hints)
    if title and len(title.agency) > 1:
        named = _Named(title.agency, "title")
        body = resolve_near(named.printed, year, hints)
        findings += _contradiction(body, sources)
    else:
        others = chain(sources, _bodies(chain(_signatures(head), _sites(head, title)), year, hints))
        named, body = next(others, (_Named("", ""), resolve_agency("")))
        if named.printed:
            detail = f"the title names no body; the {named.place} names {named.printed}"
            findings.append(Finding(f"agency_from_{named.place}", named.place, detail))
    if head.manifest_agency:
        given = resolve_near(head.manifest_agency, year, hints)
        if body.agency_id not in ("", given.agency_id):
            detail = f"the manifest says {head.manifest_agency}, the {named.place} says {named.printed}"
            findings.append(Finding("manifest_disagrees", "agency", detail))
        body = given
    return body, named.printed, [*findings, *_open_questions(body)]


def body_of_site(head: HeadMatter) -> Resolution:
    """The body whose page this is, by the manifest, the source line or the site, whatever its titles name."""
    hints = hints_of(head, None)
    if head.manifest_agency:
        return resolve_near(head.manifest_agency, None, hints)
    named = chain((_Named(value, "source") for value in _sources(head)), _sites(head, None))
    _, body = next(_bodies(named, None, hints), (None, resolve_agency("")))
    return body


def resolve_near(name: str, year: int | None, hints: tuple[tuple[str, ...], tuple[str, ...]]) -> Resolution:
    """The body, by the words near the title, or else by the address that the report gives."""
    near, address = hints
    body = resolve_agency(name, year, near)
    if body.ambiguous and address:
        wider = resolve_agency(name, year, (*near, *address))
        body = body if wider.ambiguous else wider
    return body


def _bodies(
    named: Iterable[_Named], year: int | None, hints: tuple[tuple[str, ...], tuple[str, ...]]
) -> Iterator[tuple[_Named, Resolution]]:
    """The names that mean a body, each resolved when it is asked for."""
    for one in named:
        body = resolve_near(one.printed, year, hints)
        if _is_body(one.printed, body):
            yield one, body


def _is_body(printed: str, body: Resolution) -> bool:
    if body.how == "none" or len(printed) < _SHORTEST_BODY:
        return False
    # A desk counts only where it prints its own region: 区政府办 and 办公室 do not.
    return not _DESK.search(printed) or bool(resolve_agency(printed).region_code)


def _contradiction(body: Resolution, sources: Iterable[tuple[_Named, Resolution]]) -> list[Finding]:
    for named, other in sources:
        owner = body.agency_id.removesuffix(body.kind)
        own_desk = body.kind in DESK_KINDS and other.agency_id == f"{owner}general_office"
        # 区教育局 beside 示例区教育局 names the same body from within its region.
        same = other.agency_id == body.agency_id or other.ambiguous or named.printed in body.agency
        if not same and not own_desk:
            detail = f"the title names {body.agency}, the source line {named.printed}"
            return [Finding("agency_conflict", "title; source", detail)]
    return []


def _open_questions(body: Resolution) -> list[Finding]:
    if not body.agency_id:
        return [Finding("agency_unknown", "page", "neither title nor source, signature or site names a body")]
    if body.ambiguous:
        readings = "; ".join(body.candidates) or "a body whose region the page does not name"
        return [Finding("agency_ambiguous", "agency", f"{body.agency} may be {readings}")]
    if body.how == "none":
        return [Finding("agency_unregistered", "agency", f"{body.agency} is no body that the registry can read")]
    return []


def hints_of(head: HeadMatter, title: Title | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts that may name the agency's region: those about the page itself; the addresses that it gives."""
    sites = [content for name, content in head.metas if name in _SITE_METAS]
    near = [title.text if title else "", head.html_title, *sites, *_sources(head), *_place_lines(head)]
    texts = (*(text for text, _ in head.lead[:_MOST_LEAD_LINES]), *head.body[-_SIGNATURE_LINES:])
    address = [match["place"] for text in texts for match in _ADDRESS.finditer(text)]
    return tuple(dict.fromkeys(text[:_HINT_LENGTH] for text in near if text)), tuple(dict.fromkeys(address))


def _sources(head: HeadMatter) -> list[str]:
    found = [content.strip() for name, content in head.metas if name in _SOURCE_METAS]
    found += [_BRACKETS.split(value, maxsplit=1)[0] for value in _labelled(head, "source")]
    return [value for value in dict.fromkeys(found) if 1 < len(value) <= _LONGEST_SIGNATURE]


def _signatures(head: HeadMatter) -> list[_Named]:
    tail = [text.strip() for text in head.body[-_SIGNATURE_LINES:] if 3 < len(text.strip()) <= _LONGEST_SIGNATURE]
    return [_Named(text, "signature") for text in reversed(tail) if not date_in(text)[1] and not _CLAUSE.search(text)]


def _sites(head: HeadMatter, title: Title | None) -> list[_Named]:
    names = [content for name, content in head.metas if name in _SITE_METAS]
    names += _SITE_PARTS.split(head.html_title)
    names += [part for line in _place_lines(head) for part in _SITE_PARTS.split(line)]
    bare = (_SITE_TAIL.sub("", name.strip()) for name in names if not title or name not in title.text)
    return [_Named(name, "site") for name in dict.fromkeys(bare) if 2 < len(name) <= _LONGEST_SIGNATURE]


def _place_lines(head: HeadMatter) -> list[str]:
    return list(_labelled(head, "place"))


# Where the next catalogue label begins, though no blank parts it from the value before.
_NEXT_LABEL = re.compile(r"(?:发布|公布|公开|上传|更新|生成|成文|发文)(?:时间|日期)[:：]")
_WHOLE_LABEL = 4
_DATED = ("published", "printed")


def _labelled(head: HeadMatter, meaning: str) -> Iterable[str]:
    """What follows a label of the catalogue lines above a report, in its line or alone in the next."""
    lines = head.plain_lead
    for at, text in enumerate(lines):
        for match in _labels(meaning).finditer(text):
            value = _NEXT_LABEL.split(text[match.end() : match.end() + _HINT_LENGTH], maxsplit=1)[0].strip()
            if not value and at + 1 < len(lines):
                value = lines[at + 1].strip()[:_HINT_LENGTH]
            if value:
                yield value


@cache
def _labels(meaning: str) -> re.Pattern[str]:
    labels = [row["label"] for row in read_table("head_labels.csv") if row["meaning"] == meaning]
    words = "|".join(r"\s?".join(label) for label in sorted(labels, key=len, reverse=True))
    # A label is a word of its own (统计时间 is none of them): 来源：, [发布日期], 时 间：
    # Before a date it may touch the word before it: 发布机构：区管委会办公室发布时间：2020-01-20.
    touching = "|".join(label for label in labels if len(label) >= _WHOLE_LABEL)
    dated = rf"|(?:{touching})[:：]\s*(?=20\d\d)" if meaning in _DATED and touching else ""
    return re.compile(rf"(?<![一-龥])(?:{words})\s*(?:[:：]|[\]】]\s*[:：]?|$){dated}")
