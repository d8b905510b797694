"""What a page is, where it is no report: every page gets one outcome, with what was seen and what to do next."""

import re
from dataclasses import dataclass
from functools import cache

from corpus.failures import Outcome
from corpus.labels import fold, simplify
from corpus.tables import read_table
from parsers.lines import Page
from parsers.listedtitles import CUT
from parsers.region import states_basis
from parsers.tree import Link

# A report names itself so: …信息公开…报告, …年报; a notice about reports or the blank form does not.
_REPORT_TITLE = re.compile(r"(?:信息|政务|院务|校务|警务|税务|关务|海关)公开.{0,12}(?:报告|年报)")
_NOT_REPORT_TITLE = re.compile(
    r"(?:通知|通告|函|批复|意见|办法|规定|制度|规范|指南|模板|格式|样式|填报说明|解读|方案|要点|培训班?|座谈会|会议|新闻|通报|公示名单|"
    r"列表|目录|汇总表?)[》”\"）)]?(?:\(.{0,12}\)|（.{0,12}）)?$|^关于.{0,40}(?:报送|编制|编写|做好|公布|发布).{0,60}(?:的通知|的函)",
)
_YEARLY = re.compile(r"(?:20[0-3][0-9]|二[○〇零][一二○〇零][○〇零一二三四五六七八九])\s?年")
_ATTACHMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|ceb)(?:$|[?#])", re.IGNORECASE)
_LIST_ITEM = re.compile(r"(?:年度?报告?|年报)")

# Fewer characters of prose than this are no report: the shortest seen with all six sections has about 900.
_MIN_TEXT = 150
_LIST_LINKS = 4
# The last page of a list may name two. Under a title with a year they are the reports before and after this one.
_FEW_LINKS = 2
_NEXT_STEPS = {
    "not_a_report": "If it is one, name it in manifest.csv (agency, report_year) and report the page.",
    "list_page": "Fetch the reports that it lists.",
    "script_shell": "Save the page from a browser, or fetch it with a browser that runs its scripts.",
    "attachment_only": "Fetch the attachment and save it as HTML or text.",
    "image_only": "The report is a picture: have it typed or recognised, and add the text to the archive.",
    "blocked": "Fetch the page again later or from elsewhere; what was captured is a block page.",
    "empty": "Capture the page again.",
    "undecodable": "Check that the file is a saved web page.",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the stages saw of a page: enough to say whether it is a report.

    `title` is the report's title, '' if none was found; `headline` whatever the page itself is headed by;
    `n_reports` how many reports of different years follow each other on the page.
    """

    title: str
    headline: str
    n_sections: int
    n_known_sections: int
    n_cells: int
    n_mapped: int
    n_numbers: int
    n_reports: int
    text_chars: int
    report_text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of a page with the words for `coverage`."""

    outcome: Outcome
    detail: str
    next_step: str


def judge(page: Page, evidence: Evidence, source: str) -> Judgement:
    """Say what a page is. `source` is its decoded text, for signs of a script challenge."""
    if not page.lines:
        return _bare(page, source)
    if evidence.n_reports > 1:
        detail = f"{evidence.n_reports} reports of different years on one page"
        return Judgement("list_page", detail, "Save each report as a page of its own.")
    if is_report(evidence):
        return Judgement("ok", "", "")
    outcome, detail = _why_not(page, evidence, source)
    return Judgement(outcome, detail, _NEXT_STEPS[outcome])


def is_report(evidence: Evidence) -> bool:
    """Whether a page is a report: it is called one and has sections or tables, or has the form's own tables."""
    title = simplify(evidence.title)
    if _NOT_REPORT_TITLE.search(title or simplify(evidence.headline)):
        return False
    called = bool(_REPORT_TITLE.search(fold(title)))
    enough = evidence.n_known_sections >= 2 or evidence.n_mapped >= 4
    if called and enough and (evidence.text_chars >= _MIN_TEXT or evidence.n_cells):
        return True
    if called and evidence.text_chars >= 4 * _MIN_TEXT and states_basis(evidence.report_text):
        return True
    # No title at all: sections and a statutory table that was filled in speak for themselves.
    return evidence.n_numbers >= 12 and evidence.n_known_sections >= 1 and not evidence.title


def _bare(page: Page, source: str) -> Judgement:
    if _signs("html", source):
        return Judgement("blocked", "a script challenge and no text", _NEXT_STEPS["blocked"])
    if page.n_scripts:
        return Judgement("script_shell", f"no text, {page.n_scripts} scripts", _NEXT_STEPS["script_shell"])
    if page.n_images:
        return Judgement("image_only", f"no text, {page.n_images} images", _NEXT_STEPS["image_only"])
    return Judgement("empty", "no text", _NEXT_STEPS["empty"])


def _why_not(page: Page, evidence: Evidence, source: str) -> tuple[Outcome, str]:
    text = " ".join((page.html_title, *(line.text for line in page.lines)))
    plain = sum(len(line.text) for line in page.lines if line.link < 0.5)
    if plain < 4 * _MIN_TEXT:
        sign = _signs("text", text) or _signs("html", source)
        if sign and not _REPORT_TITLE.search(evidence.title):
            return "blocked", sign
        gone = _signs("gone", text)
        if gone and not evidence.title:
            return "empty", gone
    headline = simplify(evidence.title or evidence.headline)
    if _NOT_REPORT_TITLE.search(headline):
        return "not_a_report", f"it is headed {headline[:80]}"
    listed = [title for title in map(_title, page.links) if _LIST_ITEM.search(title) and _YEARLY.search(title)]
    enough = _LIST_LINKS if _YEARLY.search(simplify(evidence.title)) else _FEW_LINKS
    if len(listed) >= enough and evidence.text_chars < 4 * _MIN_TEXT:
        return "list_page", f"{len(listed)} links to reports, the first {listed[0][:60]}"
    files = [words or href for href, words, _ in page.links if _ATTACHMENT.search(href)]
    if evidence.text_chars < 4 * _MIN_TEXT:
        if files:
            return "attachment_only", f"{len(files)} attachments, the first {files[0][:60]}"
        if page.n_images and _REPORT_TITLE.search(evidence.title):
            return "image_only", f"a title, {page.n_images} images and hardly any text"
        if page.n_scripts and _REPORT_TITLE.search(evidence.title + text[:200]):
            return "script_shell", "the title of a report and a script where its text should be"
        if plain < _MIN_TEXT:
            return (
                ("script_shell", f"hardly any text, {page.n_scripts} scripts")
                if page.n_scripts
                else ("empty", "hardly any text")
            )
    return "not_a_report", "no title, sections or tables of an annual report on information disclosure"


def _title(link: Link) -> str:
    """What a link is called; where a list cuts its titles, the tip behind the link has the whole one."""
    return (link.element.get("title") or link.words) if CUT.search(link.words) else link.words


def _signs(where: str, text: str) -> str:
    for pattern, meaning in _patterns(where):
        match = pattern.search(text)
        if match:
            return f"{meaning}: {match.group()[:40]}"
    return ""


@cache
def _patterns(where: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(row["pattern"], re.IGNORECASE | re.DOTALL), row["meaning"])
        for row in read_table("outcomes.csv")
        if row["where"] == where
    )
