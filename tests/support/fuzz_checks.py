"""What must hold for any bytes whatever, stage by stage: what the fuzzers in tests/fuzz look for, and keep for good.

Each check takes the bytes of a page and raises `BrokenError` where something does not hold.
"""

import re
import time
import unicodedata
import zlib
from collections.abc import Callable

from invariants import broken
from visible_text import visible_texts

from parsers.decode import decode
from parsers.grid import Grid
from parsers.lines import Line, Page, read_lines
from parsers.records import Decoded, Report
from parsers.report import parse

# What a transport may declare, true or not.
_CHARSETS = ("", "utf-8", "gb2312", "big5", "utf-16", "iso-8859-1", "no-such-charset")
_GONE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff\uffff]")
_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
# Codecs in which a tag's brackets are no part of any other character.
_NARROW = ("ascii", "utf-8", "gb18030", "big5hkscs", "windows-1252")
# Seconds of processor time for a page, and for each 16 KB of it: ten times what instrumented code takes on a slow core.
_SECONDS, _SECONDS_A_PIECE, _PIECE = 5.0, 5.0, 1 << 14


class BrokenError(AssertionError):
    """Something does not hold for a page: the sentence says what."""


def check_decode(data: bytes) -> None:
    """The text is text: no half characters, no controls, every bracket kept, the same whenever it is asked."""
    started = time.process_time()
    for charset in {"", _drawn_charset(data)}:
        decoded = decode(data, charset=charset)
        _held(decoded == decode(data, charset=charset), "the bytes were read in two ways")
        _check_text(data, decoded)
    _check_time(data, started)


def check_document(data: bytes) -> None:
    """The lines are the whole page: each folded, none empty, no word lost; each grid is one that could be drawn."""
    started = time.process_time()
    decoded = decode(data, charset=_drawn_charset(data))
    page = read_lines(decoded)
    _held(_plain(page) == _plain(read_lines(decoded)), "the page was cut into lines in two ways")
    for line in page.lines:
        _check_line(line)
        if line.grid is not None:
            _check_grid(line.grid)
    _check_kept(decoded.text, page)
    _check_time(data, started)


def check_parse(data: bytes) -> None:
    """The report keeps every promise of `invariants`, and is the same whenever it is asked."""
    started = time.process_time()
    charset = _drawn_charset(data)
    report = parse(data, charset=charset)
    _held(report == parse(data, charset=charset), "one page gave two reports")
    faults = broken(report)
    _held(not faults, "; ".join(faults[:3]))
    _held(not _GONE.search(_all_text(report)), "characters that print nothing were kept")
    _check_time(data, started)


CHECKS: dict[str, Callable[[bytes], None]] = {
    "decode": check_decode,
    "document": check_document,
    "parse": check_parse,
}


def _held(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BrokenError(otherwise)


def _drawn_charset(data: bytes) -> str:
    """A charset by the bytes themselves, so that a file of a finding is a page and nothing else."""
    return _CHARSETS[zlib.crc32(data) % len(_CHARSETS)]


def _check_time(data: bytes, started: float) -> None:
    seconds = time.process_time() - started
    limit = _SECONDS + _SECONDS_A_PIECE * (len(data) // _PIECE)
    _held(seconds < limit, f"{len(data)} bytes took {seconds:.1f} seconds of processor time")


def _check_text(data: bytes, decoded: Decoded) -> None:
    text = decoded.text
    found = _GONE.search(text)
    _held(found is None, f"{found and found.group()!r} stands in the text")
    _held(0 <= decoded.replaced <= text.count("\ufffd"), f"{decoded.replaced} characters stand for lost ones")
    _held(bool(decoded.used) or not text, "text of no codec")
    undecodable = any(finding.code == "undecodable" for finding in decoded.findings)
    _held(undecodable != bool(decoded.used), "a page is either read by a codec or undecodable")
    if decoded.used in _NARROW and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        for bracket in "<>":
            _held(text.count(bracket) == data.count(bracket.encode()), f"a {bracket} came or went")


def _plain(page: Page) -> tuple[object, ...]:
    """What two readings of a page must share: everything but the elements themselves."""
    lines = tuple((line.text, line.tag, line.link, line.bold, line.grid, line.like_form) for line in page.lines)
    links = tuple((link.href, link.words) for link in page.links)
    return lines, links, page.html_title, page.metas, page.n_images, page.was_deep, page.flattened


def _check_line(line: Line) -> None:
    _held(line.text == " ".join(line.text.split()), f"{line.text!r} is not folded")
    _held(bool(line.text) == (line.grid is None), "a line is either text or a table")
    _held(0 <= line.link <= 1 and 0 <= line.bold <= 1, f"shares of {line.link} and {line.bold}")


def _check_grid(grid: Grid) -> None:
    _held(len(grid.rows) == len(grid.hanging), "rows and what hangs into them do not go together")
    for index, row in enumerate(grid.rows):
        for cell in row:
            _held(cell.row == index < cell.row_end <= len(grid.rows), f"{cell} lies outside the rows")
            _held(0 <= cell.col < cell.col_end <= grid.width, f"{cell} lies outside the columns")
    places = [(cell.row, cell.col) for row in grid.rows for cell in row]
    _held(len(places) == len(set(places)), "two cells stand in one place")


def _grid_text(grid: Grid) -> str:
    return grid.caption + "".join(cell.text for row in grid.rows for cell in row)


def _check_kept(text: str, page: Page) -> None:
    """No word that an independent walk over the tree finds is missing in the lines."""
    if page.kind == "text" or page.was_deep or page.flattened or page.unhidden:  # read by rules of its own
        return
    # An end tag that is passed over must not join what stands before and behind it.
    text = _ENDS.sub("<b></b>", text)
    texts = [line.text if line.grid is None else _grid_text(line.grid) for line in page.lines]
    kept = _letters("".join(texts))
    lost = [words for words in visible_texts(text, struck=False) if _letters(words) not in kept]
    _held(not lost, f"lost: {lost[:3]}")


def _letters(text: str) -> str:
    """Letters and digits, taken apart: what is left does not depend on what stands beside it."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if sign.isalnum())


def _all_text(report: Report) -> str:
    parts = [block.text for block in report.blocks]
    parts += [cell.raw + cell.row_path + cell.col_path + cell.table_title for cell in report.cells]
    parts += [claim.sentence + claim.raw for claim in report.claims]
    parts += [section.title + section.text for section in report.sections]
    identity = report.identity
    return "".join((*parts, identity.title, identity.agency, identity.agency_as_printed))
