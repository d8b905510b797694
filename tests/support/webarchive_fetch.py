"""A fetch from a web archive on loopback into an archive, as short as a test can say it.

Run as a program it fetches until it is killed: `webarchive_fetch.py FOLDER wayback|common_crawl ADDRESS URL`.
"""

import sys
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from wayback import RateLimit

from scraper.archive import open_archive, read_archive
from scraper.records import Reading, Target
from scraper.webarchives import WebArchiveOptions, fetch_common_crawl, fetch_wayback
from scraper.webarchives.options import Pace

AT_ONCE = Pace(RateLimit(0), RateLimit(0))
FETCH = {"wayback": fetch_wayback, "common_crawl": fetch_common_crawl}


class Watch:
    """Remembers what it was told."""

    def __init__(self):
        self.visits = []
        self.waits = []
        self.n_added = 0

    def visited(self, url, outcome, n_bytes):
        self.visits.append((url, outcome, n_bytes))

    def waiting(self, host, seconds, reason):
        self.waits.append((host, seconds, reason))

    def added(self, n):
        self.n_added += n


class FirstLine:
    """A reader to which every page is a report; its title is the first line of it."""

    def read(self, data, *, url, media_type, charset, target):
        return Reading("ok", title=data.partition(b"\n")[0].decode(charset or "utf-8", "replace"))


def options(server, **given):
    given = {"pace": AT_ONCE, "backoff": 0.001, "timeout": 5.0, "allow_private": True, **given}
    return WebArchiveOptions("gongkai/0 (+test@example.invalid)", address=server.address, **given)


def fetch(folder, server, *urls, origin="wayback", watch=None, plan="p", finish=True, **given):
    """Fetch in one run, left unfinished without `finish`; return what the watch was told."""
    watch = watch or Watch()
    asked = [url if isinstance(url, Target) else Target(url) for url in urls]
    with open_archive(Path(folder)) as archive:
        archive.begin_run(origin, plan)
        FETCH[origin](archive, asked, options(server, **given), FirstLine(), watch)
        if finish:
            archive.finish_run()
    return watch


class Held:
    """What an archive holds after a fetch: outcomes by address and moment, visits, and their metadata."""

    def __init__(self, folder):
        with read_archive(folder) as view:
            rows = list(view.targets())
            self.readings = {(row.target.url, row.target.captured_at): row.reading for row in rows}
            self.finals = {(row.target.url, row.target.captured_at): row.final_url for row in rows}
            self.targets = [row.target for row in rows]
            self.visits = list(view.visits())
            self.bodies = {(one.url, one.moment): view.read(one).body for one in self.visits}
            self.headers = {(one.url, one.moment): dict(view.read(one).headers) for one in self.visits}
        self.fields = {}
        for path in sorted(folder.glob("*.warc.gz")):
            with path.open("rb") as file:
                for record in ArchiveIterator(file):
                    if record.rec_type == "metadata":
                        about = record.rec_headers.get_header
                        lines = record.content_stream().read().decode().splitlines()
                        fields = dict(line.split(": ", 1) for line in lines if line)
                        self.fields[about("WARC-Target-URI"), about("WARC-Date")] = fields

    def outcome(self, url, moment=""):
        reading = self.readings[url, moment]
        return reading and reading.outcome


class _There:
    """A server of another process."""

    def __init__(self, address):
        self.address = address


if __name__ == "__main__":
    fetch(sys.argv[1], _There(sys.argv[3]), sys.argv[4], origin=sys.argv[2])
