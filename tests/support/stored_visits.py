"""Visits of a made-up site, for tests of the archive."""

from collections.abc import Sequence
from pathlib import Path

from scraper.archive import Archive
from scraper.records import Stored, Target, Visit

SITE = "http://www.example.gov.cn"
MOMENT = "2026-03-01T02:03:04Z"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def page(number: int, *, size: int = 400) -> bytes:
    """A page of its own words, of about so many bytes."""
    text = f"<p>本机关第{number}次公布信息公开情况。</p>\n"
    return f"<html><title>{number}</title>{text * (size // len(text.encode()) + 1)}</html>".encode()


def visit(
    url: str,
    body: bytes = b"",
    *,
    status: int | None = 200,
    headers: Sequence[tuple[str, str]] = HTML,
    moment: str = MOMENT,
    source: str = "live",
    reason: str = "OK",
    **more: object,
) -> Visit:
    """A visit with a request as a browser sends it."""
    request = f"GET {url} HTTP/1.1\r\nHost: www.example.gov.cn\r\n\r\n".encode() if status else b""
    return Visit(url, moment, source, status, reason, tuple(headers), body, request=request, **more)


def fetch_all(archive: Archive, targets: Sequence[Target]) -> list[Stored]:
    """Add targets and visit each."""
    archive.add_targets(targets)
    return [archive.record(visit(target.url, page(number))) for number, target in enumerate(targets)]


def warc_files(folder: Path) -> list[Path]:
    """The WARC files of an archive, in order."""
    return sorted(folder.glob("*.warc.gz"))
