"""A server on loopback that is Common Crawl: the list of crawls, an index for each, and ranges of WARC files."""

import io
import json
import re

import surt
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from webarchive_server import Answer, WebArchiveServer
from webarchive_wayback import sha1

_PARAMETERS = {"url", "output", "page", "from", "to", "filter", "limit", "showNumPages", "pageSize", "fl"}


class CommonCrawlServer(WebArchiveServer):
    """`crawls`: captures by the name of the crawl. `lines_at_once`: lines of one page of an index.

    Index and files are one server; `dated` says whether the list of crawls has their dates.
    """

    def __init__(self, crawls, prefix="", lines_at_once=3, *, dated=True):
        super().__init__(prefix)
        self.lines_at_once = lines_at_once
        self.dated = dated
        self.files = {}
        self.rows = {}
        for name, captures in crawls.items():
            self._make(name, captures)

    def _make(self, name, captures):
        path = f"crawl-data/{name}/segments/1/warc/{name}-00000.warc.gz"
        file, rows = io.BytesIO(), []
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path, {"software": "a test"}))
        for one in captures:
            start = file.tell()
            head = StatusAndHeaders(
                f"{one.status} Said", [("Content-Type", one.media_type), *one.headers], protocol="HTTP/1.1"
            )
            more = {"WARC-Date": one.moment, "WARC-IP-Address": "192.0.2.7"}
            record = writer.create_warc_record(
                one.url, "response", payload=io.BytesIO(one.body), http_headers=head, warc_headers_dict=more
            )
            writer.write_record(record)
            row = {
                "urlkey": one.key,
                "timestamp": one.stamp,
                "url": one.url,
                "mime": one.media_type,
                "status": str(one.status),
                "digest": one.digest or sha1(one.body),
                "length": str(file.tell() - start),
                "offset": str(start),
                "filename": path,
            }
            rows.append(row)
        self.files[path] = file.getvalue()
        self.rows[name] = sorted(rows, key=lambda row: (row["urlkey"], row["timestamp"]))

    def answer(self, path, query, headers):
        if path == "/collinfo.json":
            return _json(200, [self._info(name) for name in sorted(self.rows, reverse=True)])
        if path.removesuffix("-index").lstrip("/") in self.rows:
            return self._search(path.removesuffix("-index").lstrip("/"), query)
        if path.lstrip("/") in self.files:
            return self._range(self.files[path.lstrip("/")], headers)
        return Answer(404, [("Content-Type", "text/html")], b"<html>no such place")

    def _info(self, name):
        # As the true one, it names the official place, wherever it is copied to.
        info = {"id": name, "name": name, "cdx-api": f"https://index.example.invalid/{name}-index"}
        stamps = [row["timestamp"] for row in self.rows[name]]
        if self.dated and stamps:
            info |= {"from": f"{min(stamps)[:4]}-01-02T00:00:00", "to": f"{max(stamps)[:4]}-12-30T00:00:00"}
        return info

    def _search(self, name, query):
        if set(query) - _PARAMETERS:
            return _json(400, {"message": f"unknown: {set(query) - _PARAMETERS}"})
        asked = {key: values[-1] for key, values in query.items()}
        first, last = asked.get("from", ""), asked.get("to", "")
        rows = [
            row
            for row in self.rows[name]
            if _matches(row, asked["url"])
            and row["timestamp"][: len(first)] >= first
            and (not last or row["timestamp"][: len(last)] <= last)
            and all(_passes(row, text) for text in query.get("filter", []))
        ]
        pages = -(-len(rows) // self.lines_at_once)
        if asked.get("showNumPages") == "true":
            return _json(200, {"pages": pages, "pageSize": 5, "blocks": pages})
        page = int(asked.get("page", 0))
        if not rows and page == 0:
            return _json(404, {"message": f"No Captures found for: {asked['url']}"})
        if page >= pages:
            return _json(400, {"message": f"Page {page} invalid: First Page is 0, Last Page is {pages - 1}"})
        shown = rows[page * self.lines_at_once : (page + 1) * self.lines_at_once]
        return Answer(
            200, [("Content-Type", "text/x-ndjson")], "".join(json.dumps(row) + "\n" for row in shown).encode()
        )

    def _range(self, data, headers):
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", headers.get("Range", ""))
        if not found:
            return Answer(200, [], data)
        start, end = int(found[1]), int(found[2]) + 1
        return Answer(206, [("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")], data[start:end])


def _json(status, value):
    return Answer(status, [("Content-Type", "application/json")], json.dumps(value).encode())


def _matches(row, url):
    key = row["urlkey"]
    if url.startswith("*."):
        host = surt.surt("http://" + url.removeprefix("*.")).partition(")")[0]
        return key.startswith((f"{host})", f"{host},"))
    if url.endswith("*"):
        return key.startswith(surt.surt(url.rstrip("*")).rstrip("/"))
    return key == surt.surt(url)


def _passes(row, text):
    negated, text = text.startswith("!"), text.removeprefix("!")
    regular, text = text.startswith("~"), text.removeprefix("~")
    name, _, pattern = text.partition(":")
    value = row[name]
    found = bool(re.fullmatch(pattern, value)) if regular else pattern in value
    return found != negated
