"""A small government site on loopback, for tests and demonstrations of `gongkai fetch`.

    with GovernmentSite() as site:
        site.url("/xxgk/nb/")                  # 'http://127.0.0.1:PORT/xxgk/nb/'
        site.url("/many/", host=SLOW_HOST)     # another host of the same site, same port
        site.url("/xxgk/nb/", tls=True)        # 'https://localhost:PORT2/xxgk/nb/'; certificate: see `ca_file`
        …fetch…
        site.requests                          # every request: host, path, headers, status, started, ended
        site.asked("/xxgk/nb/")                # those for one path (and one host)
        site.most_at_once(), site.gaps()       # of one host
        site.edit()                            # one report (EDITED) is corrected by its agency
        site.forget()                          # empties `requests`
        site.reset()                           # as new, at the same address: for a second, equal run

Hosts: `MAIN_HOST` 127.0.0.1 forbids /forbidden/ in robots.txt and names the sitemap; `SLOW_HOST` 127.0.0.2 asks for
a Crawl-delay of one second; `CLOSED_HOST` 127.0.0.3 answers robots.txt with 503; `localhost` has none (404). 127.0.0.4
to 127.0.0.8 are further hosts; `INSIDE_HOST` 127.0.0.9 is where /trouble/redirect-inside leads. All show the same
pages. HTTPS is served for localhost and 127.0.0.1; the others show a certificate that does not name them.

What to fetch (paths are constants of `site_pages`): `TRS_COLUMN` (`REPORTS`, that is every bundled sample, in five
pages), `HANWEB_COLUMN` (six, in two) and `PLAIN_COLUMN` (seven, in three), which share some; `MANY_COLUMN` (sixty small
reports in six pages); /sitemap.xml (`REPORTS`, half of them in a packed sitemap); `PARTED` (a report in three pages);
`WITH_ATTACHMENTS`, `EDITED`, `SCRIPT_SHELL`, `FORBIDDEN`; /empty-list; and /trouble/NAME for every name in
`site_trouble.TROUBLES`. Pages have ETag and Last-Modified, every third only one of them; lists that a program makes
(`PLAIN_COLUMN`, `MANY_COLUMN`, the proxy of hanweb) have neither. HEAD is refused.

Run by a person: `python tests/support/site_server.py` prints the address and what can be fetched, until Ctrl-C.
"""

import argparse
import contextlib
import tempfile
import threading
from pathlib import Path
from typing import Self

import site_files
import site_pages as pages
from site_http import Answer, Asked, Exchange, LoopbackServer, RequestLog, etag_of, gaps, most_at_once
from site_tls import make_certificates
from site_trouble import TROUBLES

MAIN_HOST, SLOW_HOST, CLOSED_HOST = "127.0.0.1", "127.0.0.2", "127.0.0.3"
INSIDE_HOST = "127.0.0.9"
HOSTS = (MAIN_HOST, SLOW_HOST, CLOSED_HOST, *(f"127.0.0.{n}" for n in range(4, 9)), INSIDE_HOST)
CRAWL_DELAY_SECONDS = 1
REPORTS = pages.sample_reports()

_TRS = REPORTS  # columns overlap, as those of a site do
_HANWEB = (*REPORTS[5:10], pages.PDF_REPORT)
_PLAIN = REPORTS[8:]
_MANY = pages.many_reports()
_CHANGED = "Tue, 15 Feb 2022 08:00:00 GMT"
_CHANGED_AGAIN = "Wed, 15 Mar 2023 08:00:00 GMT"


class GovernmentSite:
    """The site; see the module. `think_seconds` is how long each answer takes at least."""

    def __init__(self, *, think_seconds: float = 0.005, port: int = 0) -> None:
        self._log = RequestLog()
        self._folder = tempfile.TemporaryDirectory(prefix="gongkai-site-")
        self._port = port
        self._plain = LoopbackServer(self._answer, self._log)
        context, self.ca_file = make_certificates(Path(self._folder.name), ("localhost", MAIN_HOST))
        self._secure = LoopbackServer(self._answer, self._log, tls=context)
        self._plain.think_seconds = self._secure.think_seconds = think_seconds
        self._edited = threading.Event()
        self._pages = self._all_pages()

    def __enter__(self) -> Self:
        self._plain.start(HOSTS, self._port)
        self._secure.start(HOSTS)
        return self

    def __exit__(self, *_: object) -> None:
        self._plain.stop()
        self._secure.stop()
        self._folder.cleanup()

    def url(self, path: str = "/", *, host: str = "", tls: bool = False) -> str:
        """The address of a path; on `MAIN_HOST`, over TLS on localhost, where no host is named."""
        if tls:
            return f"https://{host or 'localhost'}:{self._secure.port}{path}"
        return f"http://{host or MAIN_HOST}:{self._plain.port}{path}"

    @property
    def requests(self) -> list[Asked]:
        """Every request since the start, or since `forget`."""
        return self._log.all()

    def asked(self, path: str, *, host: str = "") -> list[Asked]:
        """The requests for a path, with whatever query; of one host where it is named."""
        return [one for one in self.requests if one.path == path and host in ("", one.host)]

    def most_at_once(self, host: str = MAIN_HOST) -> int:
        """How many requests of a host were being answered at one time, at most."""
        return most_at_once(one for one in self.requests if one.host == host)

    def gaps(self, host: str = MAIN_HOST) -> list[float]:
        """Seconds between the beginnings of the requests to a host."""
        return gaps(one for one in self.requests if one.host == host)

    def forget(self) -> None:
        """Empty the list of requests; what passes after a first time has passed."""
        self._log.forget(counts=False)

    def edit(self) -> None:
        """Let the agency correct its report `EDITED`."""
        self._edited.set()

    def reset(self) -> None:
        """Be as new: no request was ever made, nothing is corrected."""
        self._log.forget(counts=True)
        self._edited.clear()

    # Answers.

    def _answer(self, exchange: Exchange) -> Answer | None:
        asked = exchange.asked
        if asked.method not in ("GET", "POST"):
            return Answer(b"", 405, headers=(("Allow", "GET, POST"),))
        if asked.path == "/robots.txt":
            return self._robots(asked.host)
        if asked.path.startswith("/trouble/"):
            return self._trouble(exchange)
        if asked.path == pages.EDITED:
            edited = self._edited.is_set()
            body = pages.edited_report(edited=edited).body
            return Answer(body, etag=etag_of(body), last_modified=_CHANGED_AGAIN if edited else _CHANGED)
        return self._made(asked) or self._sitemap(asked.path) or self._pages.get(asked.path) or _not_found()

    def _robots(self, host: str) -> Answer:
        if host == CLOSED_HOST:
            return Answer(b"", 503, media_type="text/plain")
        if host == "localhost":
            return _not_found()
        delay = f"Crawl-delay: {CRAWL_DELAY_SECONDS}\n" if host == SLOW_HOST else ""
        text = f"User-agent: *\nDisallow: /forbidden/\n{delay}\nSitemap: {self.url('/sitemap.xml')}\n"
        return Answer(text.encode(), media_type="text/plain")

    def _trouble(self, exchange: Exchange) -> Answer | None:
        handler = TROUBLES.get(exchange.asked.path.removeprefix("/trouble/"))
        answer = handler(exchange) if handler else _not_found()
        if answer is None:
            return None
        places = {"{here}": MAIN_HOST, "{other}": SLOW_HOST, "{inside}": INSIDE_HOST}
        headers = answer.headers
        for word, host in places.items():
            headers = tuple((name, value.replace(word, self.url("", host=host))) for name, value in headers)
        return Answer(answer.body, answer.status, answer.media_type, headers=headers)

    def _made(self, asked: Asked) -> Answer | None:
        """What a program makes anew for each request, and gives no validator for; None where that is not the path."""
        query = asked.query
        if asked.path == pages.PLAIN_COLUMN:
            return _found(pages.plain_list(_PLAIN, _number(query, "page", 1)))
        if asked.path == pages.MANY_COLUMN:
            return _found(pages.many_list(_MANY, _number(query, "page", 1)))
        if asked.path == pages.HANWEB_PROXY:
            size = pages.HANWEB_ROWS
            start = _number(query, "startrecord", size * (_number(query, "page", 1) - 1) + 1)
            end = _number(query, "endrecord", start + size - 1)
            return _found(pages.hanweb_store(_HANWEB, start, end).encode(), media_type="text/xml;charset=utf-8")
        if f"{asked.path}?i_ID={query.get('i_ID')}" == pages.DOWNLOAD:
            media_type, body = pages.ATTACHMENTS[pages.DOWNLOAD]
            name = f'attachment; filename="{pages.HOSTILE_NAME}"'
            return Answer(body, media_type=media_type, headers=(("Content-Disposition", name),))
        return None

    def _all_pages(self) -> dict[str, Answer]:
        """What lies on the disk of a web server, with ETag and Last-Modified or with one of them."""
        bodies: dict[str, tuple[bytes, str]] = {
            report.path: (report.body, report.media_type)
            for report in (*REPORTS, *_MANY, pages.PDF_REPORT, *pages.parted_report(), pages.attachments_report())
        }
        html = {
            **pages.trs_list(_TRS),
            pages.HANWEB_COLUMN: pages.hanweb_list(_HANWEB),
            "/": pages.no_list(),
            "/empty-list": pages.no_list(),
            pages.SCRIPT_SHELL: pages.script_shell(),
            pages.FORBIDDEN: pages.made_report("", "样本市保密局", 2021, disclosed=1, requests=1).body,
            "/inside/report.html": pages.made_report("", "样本市机要局", 2021, disclosed=2, requests=2).body,
        }
        bodies |= {path: (body, "text/html") for path, body in html.items()}
        bodies |= {path: (body, kind) for path, (kind, body) in pages.ATTACHMENTS.items() if "?" not in path}
        bodies["/pingtan/zfxxgk/nb/202202/nb2021.docx"] = (site_files.docx_file("年报"), "application/msword")
        bodies["/help/manual.doc"] = (site_files.doc_file("使用手册"), "application/msword")
        return {path: _kept(number, *page) for number, (path, page) in enumerate(bodies.items())}

    def _sitemap(self, path: str) -> Answer | None:
        """A sitemap of two others, one of them packed; None where that is not the path."""
        half = len(REPORTS) // 2
        of_pages, packed = REPORTS[:half], REPORTS[half:]
        if path == "/sitemap.xml":
            body = pages.sitemap_index((self.url("/sitemap-1.xml"), self.url("/sitemap-2.xml.gz")))
        elif path == "/sitemap-1.xml":
            body = pages.sitemap_of(tuple(self.url(report.path) for report in of_pages))
        elif path == "/sitemap-2.xml.gz":
            body = pages.sitemap_of(tuple(self.url(report.path) for report in packed), packed=True)
        else:
            return None
        media_type = "application/gzip" if path.endswith(".gz") else "application/xml"
        return Answer(body, media_type=media_type, etag=etag_of(body))


def _kept(number: int, body: bytes, media_type: str) -> Answer:
    etag = "" if number % 3 == 1 else etag_of(body)
    weak = f"W/{etag}" if etag and number % 5 == 0 else etag
    return Answer(body, media_type=media_type, etag=weak, last_modified="" if number % 3 == 2 else _CHANGED)


def _found(body: bytes, *, media_type: str = "text/html") -> Answer:
    return Answer(body, media_type=media_type) if body else _not_found()


def _not_found() -> Answer:
    return Answer("<html><head><title>404</title></head><body><h1>页面不存在</h1></body></html>".encode(), 404)


def _number(query: dict[str, str], name: str, otherwise: int) -> int:
    value = query.get(name, "")
    return int(value) if value.isdecimal() else otherwise


def main() -> None:
    """Serve until Ctrl-C. The first line of the output is the address alone, for scripts."""
    parser = argparse.ArgumentParser(description="A small government site on loopback, to fetch from.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; a free one otherwise")
    with GovernmentSite(port=parser.parse_args().port) as site:
        print(site.url(""))
        print(f"\nHTTPS: {site.url('', tls=True)} with the authority {site.ca_file}")
        options = "-o archive --contact you@example.org --allow-private --delay 0.1"
        print("\nColumns, each of several pages:")
        for path in (pages.TRS_COLUMN, pages.HANWEB_COLUMN, pages.PLAIN_COLUMN, pages.MANY_COLUMN):
            print(f"  gongkai fetch {site.url(path)} --as list {options}")
        print("\nPages:")
        for path in (pages.PARTED, pages.WITH_ATTACHMENTS, pages.EDITED, pages.SCRIPT_SHELL, "/sitemap.xml"):
            print(f"  {site.url(path)}")
        print(f"\nTrouble: {site.url('/trouble/')}NAME, where NAME is one of\n  {' '.join(TROUBLES)}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
