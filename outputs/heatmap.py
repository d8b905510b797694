"""Agencies by years as a picture: a field for each report, its colour and its sign say what became of it.

The same rows give the same bytes.
"""

import logging
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from outputs.agencyyears import AgencyLine, Coverage
from outputs.errors import CoverageError
from outputs.fonts import FAMILIES, font_for
from outputs.marks import LATE_MARK, LATE_WORDS, MARKS, UNKNOWN_WORDS, Mark, mark_of
from outputs.place import replacing

PICTURE_AGENCIES = 60
"""Agencies in one picture: more would be too small to read. The rest goes to further pictures."""

_DPI = 200
# Inches.
_CELL_WIDTH, _CELL_HEIGHT, _GAP = 0.5, 0.29, 0.035
_GROUP_HEIGHT = 0.3
_MARGIN, _TOP, _KEY_LINE, _GROUND = 0.3, 1.28, 0.27, 0.2
_LEAST_WIDTH = 6.6
_POINT = 1 / 72
_NAME_SIZE, _SIGN_SIZE, _SMALL, _TITLE_SIZE = 9.5, 9.5, 7.5, 14
_INK, _SOFT, _FAINT, _EMPTY = "#1d2730", "#5d6a75", "#c9d1d7", "#f2f4f5"
_LATIN = "DejaVu Sans"
_TITLE = "Reports by agency and year"


@dataclass(frozen=True, slots=True)
class _Page:
    """One picture: its agencies, what part of all they are, and the measures that follow from them."""

    lines: Sequence[AgencyLine]
    part: str
    grouped: bool
    years: range
    names_width: float

    @property
    def width(self) -> float:
        return max(_LEAST_WIDTH, 2 * _MARGIN + self.names_width + len(self.years) * _CELL_WIDTH)

    @property
    def n_groups(self) -> int:
        return len({line.level for line in self.lines}) if self.grouped else 0

    @property
    def grid_height(self) -> float:
        return len(self.lines) * _CELL_HEIGHT + self.n_groups * _GROUP_HEIGHT

    @property
    def height(self) -> float:
        return _TOP + self.grid_height + _MARGIN + _KEY_LINE * (len(MARKS) + 2) + _MARGIN


def draw(coverage: Coverage, target: Path, font: Path | None, *, outside: Path) -> list[Path]:
    """Draw a coverage into a .png or .svg file, or several where there are many agencies; return their paths in order.

    `font` is a file with Chinese characters; without one, a PNG takes the first of the system that has all of them, and
    an SVG leaves it to the viewer. `outside` is the dataset, into which nothing is written. Raises CoverageError
    (`picture_type`, `no_font`, `font_unreadable`) and QueryError (`inside_dataset`, `cannot_write_answer`).
    """
    kind = target.suffix.lower().removeprefix(".")
    if kind not in ("png", "svg"):
        raise CoverageError(
            "picture_type", "a heat map is a .png or a .svg file", str(target), "Name it with one of these endings."
        )
    names = [line.agency for line in coverage.agencies]
    pages = list(_pages(coverage))
    paths = _paths(target, len(pages))
    with _settled(kind):
        face = font_for(names, font) if kind == "png" or font else None
        for page, path in zip(pages, paths, strict=True):
            figure = _figure(page, coverage, _name_font(face, kind))
            with replacing(path, outside=outside) as held:
                figure.savefig(held, format=kind, dpi=_DPI, metadata=_metadata(kind))
    return paths


def _paths(target: Path, n_pages: int) -> list[Path]:
    """The file that was asked for, or numbered ones beside it."""
    if n_pages == 1:
        return [target]
    digits = len(str(n_pages))
    return [target.with_name(f"{target.stem}-{no:0{digits}d}{target.suffix}") for no in range(1, n_pages + 1)]


def _pages(coverage: Coverage) -> Iterator[_Page]:
    agencies = coverage.agencies
    widest = max(_text_width(line.agency) for line in agencies) * _NAME_SIZE * _POINT + 0.15
    grouped = len({line.level for line in agencies}) > 1
    for first in range(0, len(agencies), PICTURE_AGENCIES):
        lines = agencies[first : first + PICTURE_AGENCIES]
        whole = len(lines) == len(agencies)
        part = "" if whole else f"agencies {first + 1} to {first + len(lines)} of {len(agencies):,}"
        yield _Page(lines, part, grouped, coverage.years, widest)


def _text_width(text: str) -> float:
    """Width of a text in ems: a Chinese character is as wide as it is high. No font is asked, so none decides."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.62 for sign in text)


@contextmanager
def _settled(kind: str) -> Iterator[None]:
    """Matplotlib as it comes, whatever a user's settings say, and nothing in the file that changes from run to run."""
    with ExitStack() as stack:
        stack.enter_context(mpl.rc_context())
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.fonttype": "none",
                "svg.hashsalt": "gongkai",
                "hatch.linewidth": 0.5,
                "font.family": [_LATIN, "sans-serif"],
                "font.sans-serif": [_LATIN],
                "text.parse_math": False,
            }
        )
        if kind == "svg":
            # The names are kept as text: that this system lacks a font for them does not matter.
            stack.enter_context(warnings.catch_warnings())
            warnings.filterwarnings("ignore", message=r".*[Gg]lyph.*missing")
            logger = logging.getLogger("matplotlib.font_manager")
            level = logger.level
            stack.callback(logger.setLevel, level)
            logger.setLevel(logging.CRITICAL)
        yield


def _name_font(face: Any, kind: str) -> FontProperties:
    if kind == "png":
        assert isinstance(face, FontProperties)
        return face
    first = [face.get_name()] if face is not None else []
    return FontProperties(family=[*first, *FAMILIES, "sans-serif"])


def _metadata(kind: str) -> dict[str, str | None]:
    return {"Software": "gongkai"} if kind == "png" else {"Creator": "gongkai", "Title": _TITLE, "Date": None}


def _figure(page: _Page, coverage: Coverage, font: FontProperties) -> Figure:
    figure = Figure(figsize=(page.width, page.height), facecolor="white")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, page.width)
    axes.set_ylim(page.height, 0)  # inches from the upper left corner
    axes.axis("off")
    _head(axes, page, coverage)
    left = _MARGIN + page.names_width
    _year_heads(axes, page, left)
    bottom = _grid(axes, page, left, font)
    _key(axes, bottom + _MARGIN)
    return figure


def _head(axes: Any, page: _Page, coverage: Coverage) -> None:
    n, years = coverage.counts, coverage.years
    axes.text(_MARGIN, 0.42, _TITLE, size=_TITLE_SIZE, weight="bold", color=_INK)
    counts = f"{n['known']:,} known, {n['parsed']:,} read, {n['balanced']:,} balance, {n['missing']:,} missing"
    counts += f", {n['late']:,} late"
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
    axes.text(_MARGIN, 0.66, " · ".join(filter(None, (counts, span, page.part))), size=_SMALL + 1, color=_SOFT)


def _year_heads(axes: Any, page: _Page, left: float) -> None:
    for place, year in enumerate(page.years):
        middle = left + (place + 0.5) * _CELL_WIDTH
        rows = [line.years[year] for line in page.lines if year in line.years]
        read = sum(row.status == "parsed" for row in rows)
        axes.text(middle, _TOP - 0.25, str(year), size=_NAME_SIZE, weight="bold", color=_INK, ha="center")
        axes.text(middle, _TOP - 0.09, f"{read}/{len(rows)}" if rows else "", size=_SMALL - 1, color=_SOFT, ha="center")
    axes.text(left - 0.12, _TOP - 0.09, "read/known", size=_SMALL - 1, color=_SOFT, ha="right")


def _grid(axes: Any, page: _Page, left: float, font: FontProperties) -> float:
    """Draw the fields, agency by agency; return where they end."""
    top, level = _TOP, ""
    fields = _Fields()
    for line in page.lines:
        if page.grouped and line.level != level:
            level = line.level
            axes.text(
                _MARGIN,
                top + 0.2,
                "level unknown" if level == "unknown" else level,
                size=_SMALL,
                weight="bold",
                color=_SOFT,
            )
            top += _GROUP_HEIGHT
        base = top + (_CELL_HEIGHT - _GAP) / 2 + _NAME_SIZE * _POINT * 0.36
        name = axes.text(left - 0.12, base, line.agency, color=_INK, ha="right")
        name.set_fontproperties(font)
        name.set_fontsize(_NAME_SIZE)
        for place, year in enumerate(page.years):
            row = line.years.get(year)
            late = row is not None and row.late == "late"
            fields.add(left + place * _CELL_WIDTH, top, mark_of(row) if row is not None else None, late=late)
        top += _CELL_HEIGHT
    fields.draw(axes)
    return top


_Corners = list[tuple[float, float]]


class _Fields:
    """Fields of a picture, drawn together: one by one they would take a minute for a thousand agencies."""

    def __init__(self) -> None:
        self._places: dict[Mark | None, list[tuple[float, float]]] = {}
        self._late: list[tuple[float, float]] = []

    def add(self, left: float, top: float, mark: Mark | None, *, late: bool) -> None:
        """Take one field; without a mark nothing says that there is a report."""
        self._places.setdefault(mark, []).append((left, top))
        if late:
            self._late.append((left + _CELL_WIDTH - _GAP, top))

    def draw(self, axes: Any) -> None:
        """Draw all fields, then the corners of late ones."""
        for mark in (None, *MARKS):
            places = self._places.get(mark, [])
            if places and mark is None:
                _boxes(axes, places, facecolor=_EMPTY)
            elif places and mark is not None:
                _marked(axes, places, mark)
        side = 0.19
        corners = [[(right - side, top), (right, top), (right, top + side)] for right, top in self._late]
        if corners:
            axes.add_collection(PolyCollection(corners, facecolor="#111111", edgecolor="#ffffff", linewidth=0.5))
        for right, top in self._late:
            axes.text(right - 0.055, top + 0.088, LATE_MARK, size=5.2, weight="bold", color="#ffffff", ha="center")


def _marked(axes: Any, places: Sequence[tuple[float, float]], mark: Mark) -> None:
    width, height = _CELL_WIDTH - _GAP, _CELL_HEIGHT - _GAP
    _boxes(axes, places, facecolor=mark.fill)
    if mark.hatch:
        _boxes(axes, places, facecolor="none", edgecolor=mark.ink, hatch=mark.hatch, alpha=0.35)
        # a calm ground for the sign
        inner = [(left + (width - _GROUND) / 2, top + 0.02) for left, top in places]
        _boxes(axes, inner, size=(_GROUND, height - 0.04), facecolor=mark.fill)
    if mark.fill == "#ffffff":
        _boxes(axes, places, facecolor="none", edgecolor=_SOFT, linewidth=0.7)
    base = height / 2 + _SIGN_SIZE * _POINT * 0.36
    for left, top in places:
        axes.text(left + width / 2, top + base, mark.sign, size=_SIGN_SIZE, weight="bold", color=mark.ink, ha="center")


def _boxes(
    axes: Any,
    places: Sequence[tuple[float, float]],
    size: tuple[float, float] = (_CELL_WIDTH - _GAP, _CELL_HEIGHT - _GAP),
    linewidth: float = 0.0,
    **look: Any,
) -> None:
    """Boxes of one size and look, by their upper left corners."""
    width, height = size
    corners: list[_Corners] = [
        [(left, top), (left + width, top), (left + width, top + height), (left, top + height)] for left, top in places
    ]
    axes.add_collection(PolyCollection(corners, linewidth=linewidth, **look))


def _key(axes: Any, top: float) -> None:
    """Explain the marks, each in a field of its own."""
    words = [(mark, False, mark.words) for mark in MARKS]
    words += [(MARKS[0], True, f"corner {LATE_MARK}: {LATE_WORDS.partition(': ')[2]}")]
    entries: list[tuple[Mark | None, bool, str]] = [*words, (None, False, UNKNOWN_WORDS)]
    fields = _Fields()
    for place, (mark, late, text) in enumerate(entries):
        at = top + place * _KEY_LINE
        fields.add(_MARGIN, at, mark, late=late)
        base = at + (_CELL_HEIGHT - _GAP) / 2 + _SMALL * _POINT * 0.36
        axes.text(_MARGIN + _CELL_WIDTH + 0.08, base, text, size=_SMALL + 0.5, color=_INK)
    fields.draw(axes)
