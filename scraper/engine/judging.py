"""What an answer is to the target it was asked for: its outcome, and the further targets that it leads to.

No network and no archive: an answer and a target go in, a reading and targets come out. Pages are read by the
`Reader`; what refuses, is cut or is a file is told from the answer alone, in the words that `gongkai build` uses.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from corpus.failures import RAISE_LIMIT, failure_of_bytes, failure_of_document
from corpus.sniff import HEAD_BYTES, media_role, sniff
from corpus.warc import BLOCKED_STATUS
from corpus.zips import failure_of_zip
from scraper.discover import (
    Column,
    Courses,
    ListPage,
    find_attachments,
    find_inner,
    find_parts,
    is_column_name,
    read_list,
    read_sitemap,
    same_site,
    site_of,
)
from scraper.engine.answers import PAGE_STATUS
from scraper.engine.failures import SLOW
from scraper.engine.options import LiveOptions
from scraper.records import Reader, Reading, Target

_HAS_MORE = frozenset({"ok", "attachment_only", "image_only"})
"""Outcomes of a page that is a report: its parts and files belong to it."""

_HOLLOW = frozenset({"empty", "script_shell", "image_only"})
"""Outcomes of a page that has no text: a frame, or a file that it shows, may have it."""

_MAYBE_LIST = frozenset({"list_page", "empty", "not_a_report"})
"""Outcomes of a page that a list calls by a year or a body, and that may be a list itself."""

_UNREAD = frozenset({"script_shell", "blocked", "crashed", "too_large", "undecodable"})
"""Outcomes by which nobody knows what a list page lists: they are said, also of a page in the middle of a list."""

_MOST_DEPTH = 3
"""So many lists may lie below one another (a portal's years, its departments, a department's years)."""

_SAVE = "Open the address in a browser and save the page."
_OTHER = "Look for another capture of the address."
_AGAIN = "Fetch again later."
_NO_LIST = "Give the address of the page that lists the reports; or fetch the reports from a list of their addresses."
_IN_FRAMES = "what it shows in place of a text is fetched ({})"
_FETCH_LIST = "Fetch it as a list of its own if it is wanted."
_BY_HAND = "Open the list in a browser and give the addresses of these reports, or save them."
_GIVE_PAGES = "Open the list in a browser and give the addresses of its further pages, or save them."
_NO_SITEMAP = "Look whether it is a sitemap, and whole; give the addresses that are lacking."
_MATCH = "Look at the pattern of --match: none of these addresses has it."
_FRONT = re.compile(r"/?(?:index\.\w{2,6})?")
_OFF_SITE = "Fetch these addresses on their own if they belong to it."


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer that a target ended with, unpacked. `url` is the address after redirects, `cut` `Visit.truncated`."""

    url: str
    status: int
    media_type: str
    charset: str
    body: bytes
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is, and the targets it leads to."""

    reading: Reading
    found: tuple[Target, ...] = ()


@dataclass(slots=True)
class Judge:
    """Judges the answers of one run; remembers the lists that are being followed, so that none is without end."""

    reader: Reader
    options: LiveOptions
    courses: Courses = field(default_factory=Courses)
    _columns: set[str] = field(default_factory=set)
    _framed: set[str] = field(default_factory=set)
    _depths: dict[str, int] = field(default_factory=dict)

    def judge(self, answer: Answer, target: Target) -> Verdict:
        """Say what an answer is."""
        if reading := _refusal(answer) or (_no_page(answer, target) if target.kind != "sitemap" else None):
            return Verdict(reading)
        if target.kind == "list":
            return self._list(answer, target, _list_page(answer, target))
        if target.kind == "sitemap":
            return self._sitemap(answer, target)
        return self._page(answer, target)

    def _read(self, answer: Answer, target: Target) -> Reading:
        return self.reader.read(
            answer.body, url=answer.url, media_type=answer.media_type, charset=answer.charset, target=target
        )

    def _page(self, answer: Answer, target: Target) -> Verdict:
        """A report, one of its parts, a list where a list named a report, or a file that turned out to be a page."""
        reading = self._read(answer, target)
        named = target.kind == "page" and target.via and target.title  # by a list: sitemaps give no titles
        if named and reading.outcome in _MAYBE_LIST:
            page = _list_page(answer, target)
            if reading.outcome == "list_page" or page.columns or is_column_name(target.title):
                verdict = self._list(answer, target, page)
                if verdict.found or verdict.reading.next_step == _FETCH_LIST:
                    return verdict
        return self._report(reading, answer, target)

    def _report(self, reading: Reading, answer: Answer, target: Target) -> Verdict:
        """A report with what belongs to it; of a page without text, the frames and files that have it."""
        hollow = reading.outcome in _HOLLOW
        if reading.outcome not in _HAS_MORE and target.kind != "part" and not hollow:
            return Verdict(_gone(reading, answer, target))
        about = {"url": answer.url, "media_type": answer.media_type, "charset": answer.charset}
        whole = replace(target, title="", via=answer.url, part_of=target.part_of or answer.url)
        inner = find_inner(answer.body, **about) if hollow else find_parts(answer.body, **about)
        parts = (replace(whole, url=url, kind="part") for url in inner)
        linked = find_attachments(answer.body, **about)
        files = (replace(whole, url=file.url, kind="attachment", title=file.words) for file in linked)
        known = {target.url, answer.url, target.part_of}
        found = tuple(one for one in (*parts, *files) if one.url not in known)
        if hollow and found:
            words = f"{reading.detail}; {_IN_FRAMES.format(len(found))}"
            return Verdict(replace(reading, detail=words, next_step=""), found)
        return Verdict(_gone(reading, answer, target), found)

    def _list(self, answer: Answer, target: Target, page: ListPage) -> Verdict:
        """A page of a list: the reports it names, its columns, and further pages; or the report it proves to be."""
        depth = self._depth(answer, target)
        if depth > _MOST_DEPTH:
            return Verdict(Reading("list_page", f"a list below {_MOST_DEPTH} lists is not followed", _FETCH_LIST))
        shown = replace(answer, body=page.document, media_type=page.media_type, charset=page.charset)
        reading = self._read(shown, replace(target, kind="list"))
        named = [(page.address(item.href), item) for item in reading.listed]
        own = [(url, item) for url, item in named if url and same_site(url, answer.url) and url != answer.url]
        if target.via and reading.outcome in _HAS_MORE and (target.url in self._columns or not own):
            # What a report lists are those of other years beside it.
            return self._report(reading, answer, replace(target, kind="page"))
        reports = [
            Target(url, agency=_agency(target, item.agency), title=item.title, via=answer.url) for url, item in own
        ]
        known = {url for url, _ in own}
        columns = [one for one in page.columns if one.url not in known | self._columns]
        left = columns if depth == _MOST_DEPTH else []
        lists = self._columns_of([] if left else columns, answer, target)
        if target.kind == "page":
            self.courses.begin(target.url)
        following = self.courses.follow(page, url=target.url, via=target.via, reports=known)
        pages = [Target(url, "list", target.agency, title=page.title, via=answer.url) for url in following]
        self._depths.update(dict.fromkeys(following, depth))
        if page.family == "frames":
            self._framed.update(following)
        off_site = Counter(site_of(url) for url, _ in named if url and not same_site(url, answer.url))
        hidden = sum(not url for url, item in named if item.href)
        lacks = self._lacks(off_site, hidden, len(left), page, target)
        words = [*_list_words(len(reports), len(lists), page), *(what for what, _step in lacks)]
        if target.url in self.courses.idled:
            words.append(self.courses.idled[target.url])
        leads = bool(hidden or reports or off_site or lists or (page.family == "frames" and following))
        inside = bool(target.via) and target.url not in self._framed
        said = _list_reading(reading, words, page, leads=leads, inside=inside)
        step = next((step for _what, step in lacks), said.next_step)
        return Verdict(replace(said, next_step=step), (*reports, *lists, *pages))

    def _lacks(
        self, off_site: Counter[str], hidden: int, left: int, page: ListPage, target: Target
    ) -> list[tuple[str, str]]:
        """What of a list is not followed, each with what to do about it."""
        lacks = []
        if off_site:
            sites = ", ".join(f"{site} ({n})" for site, n in sorted(off_site.items())[:5])
            lacks.append((f"{off_site.total()} reports on other sites are not followed: {sites}", _OFF_SITE))
        if hidden:
            lacks.append((f"{hidden} reports have no address that can be read: only a script knows it", _BY_HAND))
        if left:
            lacks.append((f"{left} columns lie below {_MOST_DEPTH} lists and are not followed", _FETCH_LIST))
        if page.unfollowed:
            lacks.append((page.unfollowed, _GIVE_PAGES))
        if ended := self.courses.stopped.get(target.url):
            lacks.append((ended, _GIVE_PAGES))
        return lacks

    def _columns_of(self, columns: Iterable[Column], answer: Answer, target: Target) -> list[Target]:
        """The columns of a list, each to be followed as a list of its own."""
        lists = [Target(one.url, "list", _agency(target, one.body), title=one.words, via=answer.url) for one in columns]
        for one in lists:
            self._columns.add(one.url)
            self._depths[one.url] = self._depths[answer.url] + 1
            self.courses.begin(one.url)
        return lists

    def _depth(self, answer: Answer, target: Target) -> int:
        """How many lists lie above a list. After a stop, lists that were waiting count as the first."""
        above = self._depths.get(target.via, 0)
        depth = self._depths.setdefault(target.url, above + (target.kind == "page"))
        self._depths[answer.url] = depth
        return depth

    def _sitemap(self, answer: Answer, target: Target) -> Verdict:
        """A sitemap: its pages as far as they are wanted, and further sitemaps."""
        sitemap = read_sitemap(answer.body, url=answer.url)
        wanted = re.compile(self.options.match)
        pages = [url for url in sitemap.pages if wanted.search(url)]
        own = [Target(url, agency=target.agency, via=answer.url) for url in _of_site(pages, answer.url)]
        more = [Target(url, "sitemap", target.agency, via=answer.url) for url in _of_site(sitemap.sitemaps, answer.url)]
        words = f"sitemap of {len(sitemap.pages)} pages and {len(sitemap.sitemaps)} sitemaps, {len(own)} pages wanted"
        if foreign := len(pages) - len(own) + len(sitemap.sitemaps) - len(more):
            words += f"; {foreign} addresses on other sites are not followed"
        if not sitemap.pages and not sitemap.sitemaps:
            return Verdict(Reading("not_a_report", f"the sitemap names no address: {sitemap.problem}", _NO_SITEMAP))
        if sitemap.problem:
            return Verdict(Reading("list_page", f"{words}; {sitemap.problem}", _NO_SITEMAP), (*own, *more))
        step = _MATCH if not target.via and not pages and not more else ""
        return Verdict(Reading("list_page", words, step), (*own, *more))


def _refusal(answer: Answer) -> Reading | None:
    """The reading of an answer that is no page, or not all of one."""
    if answer.status not in PAGE_STATUS:
        blocked = answer.status in BLOCKED_STATUS
        return Reading("blocked" if blocked else "empty", f"HTTP {answer.status}", _SAVE if blocked else _OTHER)
    if answer.cut == "length":
        return Reading("too_large", "the page has more bytes than one page may have", RAISE_LIMIT)
    if answer.cut == "time":
        words = f"the page took longer than one page may; {len(answer.body)} bytes had come"
        return Reading("timeout", words, SLOW)
    if answer.cut:
        return Reading("crashed", f"the connection broke after {len(answer.body)} bytes", _AGAIN)
    return None


def _no_page(answer: Answer, target: Target) -> Reading | None:
    """The reading of a file that is no page, as `corpus` tells it; the items of a list are the list."""
    found, role = sniff(answer.body[:HEAD_BYTES]), media_role(answer.media_type)
    if target.kind == "list" and found.kind == "data":
        return None
    if role == "document":
        return Reading(*failure_of_document(answer.media_type))
    if found.kind == "zip":
        return Reading(*failure_of_zip(answer.body))
    failure = failure_of_bytes(found, named_page=role == "page")
    return Reading(*failure) if failure else None


def _agency(target: Target, printed: str) -> str:
    """Whose report a list names: what the user said of the list holds where the title names nobody else."""
    same = not printed or printed in target.agency or target.agency in printed
    return target.agency if same else ""


def _list_page(answer: Answer, target: Target) -> ListPage:
    return read_list(
        answer.body,
        url=answer.url,
        media_type=answer.media_type,
        charset=answer.charset,
        title=target.title,
        via=target.via,
    )


def _list_words(n_reports: int, n_columns: int, page: ListPage) -> Iterator[str]:
    """What is to be said of a list page beside its outcome."""
    yield f"{n_reports} reports listed" if n_reports else "no report is listed"
    if page.family == "frames" and page.next:
        yield f"the list stands in {len(page.next)} pages that this one shows or hands on to"
    if n_columns:
        yield f"{n_columns} columns are followed"


def _list_reading(reading: Reading, words: list[str], page: ListPage, *, leads: bool, inside: bool) -> Reading:
    """The reading of a list page, in the words of a fetch: one that could not be read is what the reader says it is.

    `inside` are pages in the middle of a list, of which the last may have no report, and columns, which may be none.
    """
    if leads:
        return replace(reading, outcome="list_page", detail="; ".join(words), next_step="")
    if reading.outcome in _UNREAD or (reading.outcome == "empty" and inside and not page.links):
        return replace(reading, detail="; ".join(filter(None, (*words, reading.detail))))
    if inside:
        return replace(reading, outcome="list_page", detail="; ".join(words), next_step="")
    return replace(reading, detail="; ".join(words), next_step=_NO_LIST)


def _gone(reading: Reading, answer: Answer, target: Target) -> Reading:
    """Say of a page without text that the site sent to its front page instead: it answers so for pages it lost."""
    lost = reading.outcome in ("empty", "not_a_report", "list_page") and _is_front(answer.url)
    if not lost or _is_front(target.url) or not same_site(answer.url, target.url):
        return reading
    return Reading("empty", "the site sends to its front page instead: the page is not there any more", _OTHER)


def _is_front(url: str) -> bool:
    return bool(_FRONT.fullmatch(urlsplit(url).path))


def _of_site(urls: Iterable[str], url: str) -> list[str]:
    return [one for one in urls if same_site(one, url)]
