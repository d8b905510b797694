"""A fetch that kills itself: run as a script, in a process of its own.

Arguments: the archive, a log of what was fetched and recorded, and the number of the call at which SIGKILL comes (0:
never). Calls of Python and of C count alike, so that the kill may come between any two writes.
"""

import os
import signal
import sys
from pathlib import Path

from stored_visits import SITE, page, visit

from scraper.archive import open_archive
from scraper.records import Reading, Target

PAGES = 24
LISTS = 4
PREFIX = f"{SITE}/page/"


def wanted() -> list[Target]:
    """The list pages; each leads to a part of the pages, and neighbours name some of the same."""
    return [Target(f"{SITE}/list/{number}", kind="list") for number in range(LISTS)]


def led_to(url: str) -> list[Target]:
    """The pages that a list names."""
    number = int(url.rpartition("/")[2])
    share = PAGES // LISTS
    names = range(number * share, min((number + 1) * share + 2, PAGES))
    return [Target(f"{PREFIX}{name}", agency=f"示例{name}局") for name in names]


def fetch(folder: Path, log: int) -> None:
    """Fetch all, as the engine does: from the archive what this run has, else from the site."""
    with open_archive(folder, warc_bytes=8000) as archive:
        archive.begin_run("live", "crash")
        archive.add_targets(wanted())
        for target in archive.pending():
            stored = archive.visited(target.url)
            if stored is None:
                os.write(log, f"fetched {target.url}\n".encode())
                stored = archive.record(visit(target.url, body_of(target.url)))
                os.write(log, f"recorded {target.url} {stored.visit_no}\n".encode())
            found = led_to(target.url) if target.kind == "list" else []
            archive.settle(target, Reading("ok"), final_url=target.url, visit_no=stored.visit_no, found=found)
            os.write(log, f"settled {target.url}\n".encode())
        archive.finish_run()
        os.write(log, b"finished\n")


def body_of(url: str) -> bytes:
    """The page at an address, always the same."""
    return page(int(url.rpartition("/")[2]), size=900 if url.startswith(PREFIX) else 300)


def kill_at(call: int) -> None:
    """Kill this process at its so-manyth call from now."""
    left = call

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal left
        left -= event in {"call", "c_call"}
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


if __name__ == "__main__":
    log_file = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    if int(sys.argv[3]):
        kill_at(int(sys.argv[3]))
    fetch(Path(sys.argv[1]), log_file)
