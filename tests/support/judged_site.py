"""A fetch without a network: pages by their addresses, judged one after another until nothing more is found."""

from collections import deque
from dataclasses import dataclass, field

from gongkai.pagereader import PageReader
from scraper.engine import LiveOptions
from scraper.engine.judging import Answer, Judge
from scraper.records import Target

HOST = "http://www.example.gov.cn"
TITLE = "政府信息公开工作年度报告"


@dataclass
class JudgedSite:
    """`pages` maps paths to bytes, or to the path that the site redirects to. After `fetch`, see `settled`, `asked`."""

    pages: dict
    settled: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def fetch(self, path, kind="list", **about):
        judge = Judge(PageReader(), LiveOptions("gongkai/0"))
        waiting = deque([Target(HOST + path, kind, **about)])
        known = {HOST + path}
        while waiting:
            target = waiting.popleft()
            verdict = judge.judge(self._answer(target), target)
            self.settled[target.url.removeprefix(HOST)] = (target, verdict.reading)
            new = [one for one in verdict.found if one.url not in known]
            known.update(one.url for one in new)
            waiting.extend(new)
        return self

    def outcome(self, path):
        return self.settled[path][1].outcome

    def reading(self, path):
        return self.settled[path][1]

    def target(self, path):
        return self.settled[path][0]

    def reports(self):
        """The paths that gave a report."""
        return {path for path, (_target, reading) in self.settled.items() if reading.outcome == "ok"}

    def _answer(self, target):
        path = target.url.removeprefix(HOST)
        self.asked.append(path)
        found = self.pages.get(path)
        if isinstance(found, str):
            path, found = found, self.pages[found]
        if callable(found):
            found = found()
        status = 404 if found is None else 200
        return Answer(HOST + path, status, "text/html", "utf-8", found or b"")


def page(title, body, head=""):
    """A page with the furniture that every page of a site has."""
    bar = '<div class="nav"><a href="/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/hdjl/">互动交流</a></div>'
    text = f"<html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{bar}{body}</body></html>"
    return text.encode()


def column(*items, title="政府信息公开年报", more=""):
    """A page of a list; an item is the address and the words of a link."""
    rows = "".join(f'<li><a href="{href}">{words}</a></li>' for href, words in items)
    return page(title, f"<h2>{title}</h2><ul>{rows}</ul>{more}")
