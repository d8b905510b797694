"""What an answer is to the target it was asked for: its outcome, and the further targets that it leads to.

No network and no archive: an answer and a target go in, a reading and targets come out. Pages are read by the
`Reader`; what refuses, is cut or is a file is told from the answer alone, in the words that `gongkai build` uses.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from corpus.failures import RAISE_LIMIT, failure_of_bytes, failure_of_document
from corpus.sniff import HEAD_BYTES, media_role, sniff
from corpus.warc import BLOCKED_STATUS
from scraper.discover import (
    Courses,
    ListPage,
    find_attachments,
    find_parts,
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

_SAVE = "Open the address in a browser and save the page."
_OTHER = "Look for another capture of the address."
_AGAIN = "Fetch again later."
_NO_LIST = "Give the address of the page that lists the reports; or fetch the reports from a list of their addresses."
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

    def judge(self, answer: Answer, target: Target) -> Verdict:
        """Say what an answer is."""
        if reading := _refusal(answer) or (_no_page(answer, target) if target.kind != "sitemap" else None):
            return Verdict(reading)
        if target.kind == "list":
            return self._list(answer, target)
        if target.kind == "sitemap":
            return self._sitemap(answer, target)
        return self._page(answer, target)

    def _read(self, answer: Answer, target: Target) -> Reading:
        return self.reader.read(
            answer.body, url=answer.url, media_type=answer.media_type, charset=answer.charset, target=target
        )

    def _page(self, answer: Answer, target: Target) -> Verdict:
        """A report, one of its parts, or a file that turned out to be a page."""
        reading = self._read(answer, target)
        if reading.outcome not in _HAS_MORE and target.kind != "part":
            return Verdict(reading)
        about = {"url": answer.url, "media_type": answer.media_type, "charset": answer.charset}
        whole = replace(target, title="", via=answer.url, part_of=target.part_of or answer.url)
        parts = (replace(whole, url=url, kind="part") for url in find_parts(answer.body, **about))
        linked = find_attachments(answer.body, **about)
        files = (replace(whole, url=file.url, kind="attachment", title=file.words) for file in linked)
        known = {target.url, answer.url, target.part_of}
        return Verdict(reading, tuple(one for one in (*parts, *files) if one.url not in known))

    def _list(self, answer: Answer, target: Target) -> Verdict:
        """A page of a list: the reports it names, and further pages of the list."""
        page = read_list(
            answer.body,
            url=answer.url,
            media_type=answer.media_type,
            charset=answer.charset,
            title=target.title,
            via=target.via,
        )
        shown = replace(answer, body=page.document, media_type=page.media_type, charset=page.charset)
        reading = self._read(shown, target)
        named = [(page.address(item.href), item) for item in reading.listed]
        own = [(url, item) for url, item in named if url and same_site(url, answer.url)]
        reports = [
            Target(url, agency=_agency(target, item.agency), title=item.title, via=answer.url) for url, item in own
        ]
        following = self.courses.follow(page, url=target.url, via=target.via)
        pages = [Target(url, "list", target.agency, title=page.title, via=answer.url) for url in following]
        off_site = Counter(site_of(url) for url, _ in named if url and not same_site(url, answer.url))
        words = self._list_words(len(reports), off_site, page, target)
        own_words = _list_reading(reading, words, reports=bool(reports), off_site=bool(off_site), target=target)
        return Verdict(own_words, (*reports, *pages))

    def _list_words(self, n_reports: int, off_site: Counter[str], page: ListPage, target: Target) -> list[str]:
        """What is to be said of a list page beside its outcome."""
        words = [f"{n_reports} reports listed"] if n_reports else ["no report is listed"]
        if off_site:
            sites = ", ".join(f"{site} ({n})" for site, n in sorted(off_site.items())[:5])
            words.append(f"{off_site.total()} reports on other sites are not followed: {sites}")
        if page.unfollowed:
            words.append(page.unfollowed)
        if ended := self.courses.stopped.get(target.url):
            words.append(ended)
        return words

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
            return Verdict(Reading("not_a_report", "the sitemap names no address", "Look whether it is a sitemap."))
        return Verdict(Reading("list_page", words), (*own, *more))


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
    failure = failure_of_bytes(found, named_page=role == "page")
    return Reading(*failure) if failure else None


def _agency(target: Target, printed: str) -> str:
    """Whose report a list names: what the user said of the list holds where the title names nobody else."""
    same = not printed or printed in target.agency or target.agency in printed
    return target.agency if same else ""


def _list_reading(reading: Reading, words: list[str], *, reports: bool, off_site: bool, target: Target) -> Reading:
    """The reading of a list page, in the words of a fetch."""
    next_step = _OFF_SITE if off_site else ""
    if not reports and not target.via and not off_site:
        next_step = reading.next_step if reading.outcome == "script_shell" else _NO_LIST
    outcome = "list_page" if reports or target.via or off_site else reading.outcome
    return replace(reading, outcome=outcome, detail="; ".join(words), next_step=next_step)


def _of_site(urls: Iterable[str], url: str) -> list[str]:
    return [one for one in urls if same_site(one, url)]
