"""Pages with their golden records: where they lie, how they are read, and how a report is held against a record."""

import csv
import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from corpus.mhtml import read_mhtml
from parsers.records import Report
from parsers.report import parse

ROOT = Path(__file__).resolve().parents[2]
# The published pages stand beside the checkout, not in it: tests do without them where they are absent.
PUBLISHED = ROOT.parent / "shared" / "corpus-dev"
COLLECTIONS = (ROOT / "tests" / "pages", ROOT / "corpus" / "samples", PUBLISHED)

_PAGE_NAMES = ("page.html", "page.txt", "page.mhtml")
_WHITE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\u3000\ufeff]+")
_QUOTES = str.maketrans("“”„‟«»「」『』‘’`´", '""""""""""""""')
_DOTS = str.maketrans("、．。·", "....")


@dataclass(frozen=True, slots=True)
class Golden:
    """A folder with a page: its id, the page file, and what the record beside it says (None where it is missing)."""

    name: str
    page: Path

    def record(self, file: str) -> Path:
        return self.page.parent / file

    def missing(self) -> list[str]:
        """Files of the record that are not there; a page that is no report needs no cells and sections."""
        needed = ["meta.json"] if self.is_other else ["meta.json", "cells.csv", "sections.json"]
        return [file for file in needed if not self.record(file).exists()]

    def meta(self) -> dict:
        return json.loads(self.record("meta.json").read_text(encoding="utf-8"))

    @property
    def is_other(self) -> bool:
        """Whether the record says that the page is no report."""
        return self.record("meta.json").exists() and self.meta().get("expected_outcome", "ok") != "ok"

    def cells(self) -> list[dict]:
        with self.record("cells.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def facts(self) -> dict[tuple[str, str, str], tuple[Decimal | None, str, str]]:
        """Value, unit and state by indicator, applicant and measure."""
        with self.record("facts.csv").open(encoding="utf-8-sig", newline="") as file:
            return {
                (row["indicator"], row["applicant"], row["measure"]): (
                    Decimal(row["value"]) if row["value"] else None,
                    row["unit"],
                    row["state"],
                )
                for row in csv.DictReader(file)
            }

    def sections(self) -> list[dict]:
        return json.loads(self.record("sections.json").read_text(encoding="utf-8"))

    def source(self) -> tuple[bytes, str, str]:
        """The page's bytes, charset and media type as its transport declares them."""
        data = self.page.read_bytes()
        if self.page.suffix != ".mhtml":
            return data, "", ""
        root = read_mhtml(data)
        return root.data, root.charset, root.media_type


def same_fact(typed: tuple[Decimal | None, str, str], read: tuple[Decimal | None, str, str]) -> bool:
    """Whether a fact says what was typed; the unit of an empty cell says nothing."""
    return typed[0] == read[0] and (typed[0] is None or typed[1] == read[1]) and typed[2] == read[2]


@cache
def golden_pages() -> tuple[Golden, ...]:
    """Every page of every collection that is there, PDF files apart: no stage reads them."""
    found = []
    for folder in (f for collection in COLLECTIONS if collection.is_dir() for f in sorted(collection.iterdir())):
        page = next((folder / name for name in _PAGE_NAMES if (folder / name).exists()), None)
        if page is not None:
            found.append(Golden(f"{folder.parent.name}-{folder.name}", page))
    return tuple(found)


@cache
def report_of(golden: Golden) -> Report:
    """The page's report, read once for all tests."""
    data, charset, media_type = golden.source()
    return parse(data, charset=charset, media_type=media_type)


def folded(text: str) -> str:
    """A label in one width and without white space: what every comparison forgives."""
    return _WHITE.sub("", unicodedata.normalize("NFKC", text))


def as_read(text: str) -> str:
    """A label as a reader takes it in: width, quotes and the form of list dots do not matter."""
    return folded(text.translate(_DOTS)).translate(_QUOTES).replace('"', "").replace(".", "").replace(":", "")


def number(text: str) -> Decimal | None:
    """A printed number of a golden record; None for an empty cell."""
    try:
        return Decimal(folded(text).replace(",", ""))
    except InvalidOperation:
        return None


def parents(levels: list[int]) -> list[int | None]:
    """The section that each section stands in, from the levels of a record; the levels themselves may skip."""
    found: list[int | None] = []
    for no, level in enumerate(levels):
        found.append(next((above for above in range(no - 1, -1, -1) if levels[above] < level), None))
    return found


def cell_differences(golden: Golden, report: Report) -> list[str]:
    """Sentences on cells that are missing, invented or wrong; [] where the report has the record's cells.

    A cell beyond the record is only invented if it holds a number: an empty place beside a label may be listed as the
    blank that it is.
    """
    built = defaultdict(list)
    for cell in report.cells:
        built[as_read(cell.row_path), as_read(cell.col_path)].append(cell)
    differences = []
    for truth in golden.cells():
        key = as_read(truth["row_label"]), as_read(truth["column_label"])
        if not built[key]:
            differences.append(f"missing: {key} {truth['raw_value']!r}")
            continue
        cell = built[key].pop(0)
        if cell.value != number(truth["value"]) or (cell.state == "number") != (cell.value is not None):
            differences.append(f"wrong: {key} is {truth['raw_value']!r}, read {cell.state} {cell.value}")
    left = [cell for cells in built.values() for cell in cells if cell.state == "number"]
    return differences + [f"invented: {c.row_path} / {c.col_path} {c.raw!r}" for c in left]
