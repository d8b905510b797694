"""A server on loopback that speaks the Wayback CDX API and replays captures, as the Wayback Machine does."""

import base64
import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import unquote

import surt
from webarchive_server import Answer, Captured, WebArchiveServer

_REPLAY = re.compile(r"/web/(\d{14})(id_)?/(.+)")
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
# All that the protocol has for a search; anything else is refused, so that a test shows it.
_PARAMETERS = {
    *("url", "matchType", "limit", "offset", "from", "to", "filter", "collapse", "fastLatest"),
    *("showResumeKey", "resumeKey", "resolveRevisits"),
}


class WaybackServer(WebArchiveServer):
    """`lines_at_once`: the most lines of one answer. `resolves`: revisits are resolved where that is asked for.

    `blocked` and `robots`: hosts that are not shown, by a take-down or by their robots.txt. `extra_lines` stand behind
    the true ones. `missing`: stamps that the index has and replay has not.
    """

    def __init__(self, captures: Iterable[Captured] = (), prefix: str = "", lines_at_once: int = 1000, **more):
        super().__init__(prefix, **more)
        self.captures = list(captures)
        self.lines_at_once = lines_at_once
        self.resolves = True
        self.blocked = set()
        self.robots = set()
        self.missing = set()
        self.extra_lines = []
        self.packs = False

    def answer(self, path, query, headers):
        if path == "/cdx/search/cdx":
            return self._search(query)
        found = _REPLAY.fullmatch(path)
        if found:
            return self._replay(found[1], found[3])
        return Answer(404, [], b"no such place")

    # The index.

    def _search(self, query):
        if set(query) - _PARAMETERS:
            return Answer(400, [], f"unknown: {set(query) - _PARAMETERS}".encode())
        asked = {name: values[-1] for name, values in query.items()}
        for hosts, error in ((self.blocked, "AdministrativeAccessControl"), (self.robots, "RobotAccessControl")):
            if any(host in asked["url"] for host in hosts):
                words = f"org.archive.wayback.exception.{error}Exception: Blocked"
                return Answer(403, [], words.encode())
        lines = [line for line in self._lines(asked) if _passes(line, query.get("filter", []))]
        lines = list(_collapsed(lines, asked.get("collapse")))
        start = int(asked.get("resumeKey", asked.get("offset", 0)))
        limit = int(asked.get("limit", 10**9))
        if limit < 0:
            start, limit = max(0, len(lines) + limit), -limit
        end = start + min(limit, self.lines_at_once)
        printed = [" ".join(line) for line in lines[start:end]]
        if end < len(lines) and asked.get("showResumeKey") == "true":
            printed += ["", str(end)]
        elif end >= len(lines):
            printed += self.extra_lines
        return Answer(200, [("Content-Type", "text/plain")], "".join(f"{line}\n" for line in printed).encode())

    def _lines(self, asked):
        resolved = self.resolves and asked.get("resolveRevisits") == "true"
        first, last = asked.get("from", ""), asked.get("to", "")
        for one in sorted(self.captures, key=lambda one: (one.key, one.stamp)):
            if not _matches(one, asked) or one.stamp[: len(first)] < first or (last and one.stamp[: len(last)] > last):
                continue
            bare = one.repeats and not resolved
            kind, status = ("warc/revisit", "-") if bare else (one.media_type.partition(";")[0], str(one.status))
            yield (one.key, one.stamp, one.url, kind, status, one.digest or sha1(one.body), str(len(one.body) + 300))

    # Replay.

    def _replay(self, stamp, url):
        if re.match(r"https?%3a", url, re.IGNORECASE):
            url = unquote(url)
        of_url = [one for one in self.captures if one.key == surt.surt(url) and one.stamp not in self.missing]
        same = [one for one in of_url if one.stamp == stamp]
        if same:
            return self._memento(next((one for one in same if one.url == url), same[0]))
        if not of_url:
            return Answer(404, [("Content-Type", "text/html")], b"<html>The machine has not archived that URL.")
        near = min(of_url, key=lambda one: abs(int(one.stamp) - int(stamp)))
        return Answer(302, [("Location", f"{self.prefix}/web/{near.stamp}id_/{near.url}")], b"")

    def _memento(self, one):
        moment = datetime.strptime(one.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        printed = moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
        links = (
            f'<{one.url}>; rel="original", <{self.address}/web/timemap/link/{one.url}>; rel="timemap"; '
            f'type="application/link-format", <{self.address}/web/{one.stamp}/{one.url}>; rel="first last memento"; '
            f'datetime="{printed}"'
        )
        headers = [("Memento-Datetime", printed), ("Link", links), ("x-archive-src", "crawl-1/part.warc.gz")]
        for name, value in one.headers:
            if name.lower() == "location":
                headers.append(("Location", f"{self.prefix}/web/{one.stamp}id_/{value}"))
            else:
                headers.append((f"x-archive-orig-{name}", value))
            if name.lower() == "content-encoding":
                headers.append((name, value))
        headers.append(("Content-Type", one.media_type))
        body = one.body
        if self.packs and not one.header("content-encoding"):
            import gzip  # noqa: PLC0415 - of this one trouble

            headers.append(("Content-Encoding", "gzip"))
            body = gzip.compress(body)
        return Answer(one.status, headers, body)


def sha1(body):
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


def _matches(one, asked):
    url, kind = asked["url"], asked.get("matchType")
    if url.startswith("*.") or kind == "domain":
        host = surt.surt("http://" + url.removeprefix("*.")).partition(")")[0]
        return one.key.startswith((f"{host})", f"{host},"))
    if url.endswith("*") or kind == "prefix":
        return one.key.startswith(surt.surt(url.rstrip("*")).rstrip("/"))
    if kind == "host":
        return one.key.startswith(surt.surt(url).partition(")")[0] + ")")
    return one.key == surt.surt(url)


def _passes(line, filters):
    for text in filters:
        marks, name, pattern = re.fullmatch(r"([~!]*)(\w+):(.*)", text).groups()
        loose, negated = "~" in marks, "!" in marks
        value = line[_FIELDS.index(name)]
        found = pattern in value if loose else bool(re.fullmatch(pattern, value))
        if found == negated:
            return False
    return True


def _collapsed(lines, collapse):
    if not collapse:
        yield from lines
        return
    name, _, count = collapse.partition(":")
    before = None
    for line in lines:
        value = line[_FIELDS.index(name)][: int(count) if count else None]
        if value != before:
            yield line
        before = value
