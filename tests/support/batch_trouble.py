"""Trouble for runs: archives of a few shards, pages that end the process that reads them, and a way to start runs.

A page is trouble only where `spoiled` says so: it puts a `sitecustomize` before the modules of a process, which every
Python loads, and which looks into the bytes of pages for `trouble:NAME`. The code that is tested knows nothing of it.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import psutil
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGE_BYTES = 70_000
"""Of a page: four of them are a WARC that is large enough to be a shard of its own."""

SPOILING = """
import ctypes, os, time
from pathlib import Path
import parsers.report
decode = parsers.report.decode
library = ctypes.PyDLL(None)  # it holds the interpreter while it is at work, so that no signal of Python gets through
def spoiled(data, **about):
    at = data.find(b"trouble:")
    if at >= 0:
        name, _, argument = data[at + 8 : data.find(b";", at)].decode().partition("=")
        {"abort": os.abort, "hang": lambda: library.sleep(600), "eat": eat, "exit": lambda: os._exit(3),
         "wait": lambda: wait(argument)}[name]()
    return decode(data, **about)
def eat():
    held = []
    while True:
        held.append(bytearray(os.urandom(1 << 20) * 16))
def wait(argument):
    while Path(argument).exists():
        time.sleep(0.01)
parsers.report.decode = spoiled
"""


def spoiled(folder):
    """Make a folder that, put before all others on sys.path, makes trouble of pages that ask for it."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SPOILING, encoding="utf-8")
    return folder


def page(report, no, trouble=""):
    """A report of its own bytes, of the usual size, with trouble or without."""
    mark = f"trouble:{trouble};" if trouble else ""
    body = report.replace("总体情况</p>", f"总体情况</p><p>本年第{no}号。</p>").encode()
    return body + f"<!-- {no} {mark}".encode().ljust(PAGE_BYTES) + b"-->"


def write_warc(path, pages, first=0, mode="wb"):
    """Write pages into a WARC, or add them to one; their addresses count from `first`."""
    with path.open(mode) as file:
        writer = WARCWriter(file, gzip=False)
        for no, body in enumerate(pages, first):
            uri = f"http://www.example.gov.cn/{path.stem}/{no}.html"
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                uri,
                "response",
                payload=BytesIO(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2023-02-01T00:00:00Z"},
            )
            writer.write_record(record)


def digests(dataset):
    """Every file of a dataset by its digest, with `run.json` without what it says of earlier runs and of itself."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in dataset.iterdir() if path.is_file()}
    run = json.loads((dataset / "run.json").read_text(encoding="utf-8"))
    del run["reused"]
    found.pop(".gongkai-sources.json", None)
    return found | {"run.json": run}


def reused(dataset):
    """What `run.json` says of earlier runs: pages taken over, pages mapped anew, pages read."""
    said = json.loads((dataset / "run.json").read_text(encoding="utf-8"))["reused"]
    return said["pages"], said["remapped"], said["read"]


def start(source, out, *options, path=None, **more):
    """Start `gongkai build` as a user does, with a folder of trouble or without."""
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    return subprocess.Popen(
        [sys.executable, "-m", "gongkai", "build", str(source), "-o", str(out), "--quiet", *options],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        **more,
    )


def wait_for(condition, seconds=60):
    """Wait until something is so; an error if it never is."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)
    return found


def finished(out):
    """The shards that are finished."""
    return list(out.glob(".gongkai-shards/*/note.json"))


def readers(process):
    """The processes that read, however deep they are below a process."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it may just have ended
            if "gongkai.batch.child" in child.cmdline():
                found.append(child)
    return found


def gone(processes):
    """Whether none of them runs any more."""
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)
