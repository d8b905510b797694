"""A chart → the rows that are drawn: what stands at which year, in which panel, and which points a line may join."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from outputs.explorer.charts.records import Chart, Point, Series
from outputs.explorer.wording import load_words

LINE_PIXELS = 13
_PITCH = 52
"""Pixels from year to year: room for words on either side of a break."""
_DIGIT, _LETTER, _HAN = 6.6, 6.1, 11.5
"""Pixels of a digit, a Latin letter and a Chinese character as they are drawn: rather too many than too few."""
_SIDE = 0.55
"""Years of room before the first and after the last."""
_LEAST = 5 * _PITCH
_PLOT, _ROOM, _FOOT, _GAP = 46, 20, 16, 14
"""Pixels of a panel from top to bottom: the room for numbers above points, the plot, its years, and what parts it from
the next."""
_OWN_SCALES = frozenset(("disclosure",))
"""Charts whose panels count different things: each has a scale of its own. The others have one scale for all."""
_BANDS = frozenset(("no_report", "other_scope"))
_IN_WORDS = _BANDS | {"blank", "slash", "dash", "text"}
"""States that are said in words where the point would be. Where a report does not print a figure the place is empty."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Rows of a drawing with its measures: the years at its edges, and pixels.

    `keys` has the point of every key that stands in the rows as `says`.
    """

    domain: tuple[float, float]
    width: int
    height: int
    rows: tuple[Row, ...]
    keys: dict[str, tuple[Series, Point]]

    def across(self, year: float) -> float:
        """Pixels from the left edge to a year."""
        first, last = self.domain
        return (year - first) / (last - first) * self.width


def has_own_scales(chart: Chart) -> bool:
    """Whether every panel of a chart has a scale of its own."""
    return chart.name in _OWN_SCALES


def drawn(chart: Chart) -> Drawing:
    """Return the rows of a chart. A run is what one line may join: it ends wherever the dataset does not compare."""
    domain = (chart.years[0] - _SIDE, chart.years[-1] + _SIDE)
    longest = max((len(p.written) + 2 for s in chart.series for p in s.points if p.is_number), default=1)
    width = round(max((domain[1] - domain[0]) * max(_PITCH, longest * _DIGIT + 6), _LEAST))
    rows: list[Row] = []
    keys: dict[str, tuple[Series, Point]] = {}
    top = 0
    for panel, (series, scale) in enumerate(zip(chart.series, _scales(chart), strict=True)):
        title = _title(chart, series, width)
        rows.append({"kind": "title", "y": top, **_both(title[0], title[1], one_line=title[2])})
        top += (len(title[0]) + len(title[1]) - title[2]) * LINE_PIXELS + 2
        foot = top + _ROOM + _PLOT
        rows.append({"kind": "zero", "y": foot - scale.above_foot(0)})
        rows.extend({"kind": "year", "year": year, "y": foot + 5, "words": str(year)} for year in chart.years)
        for row in _panel(series, panel, (top, foot), scale):
            rows.append(row)
            if "says" in row:
                keys[row["says"]] = (series, series.points[row["year"] - chart.years[0]])
        top = foot + _FOOT + _GAP
    return Drawing(domain, width, top - _GAP, tuple(rows), keys)


@dataclass(frozen=True, slots=True)
class _Scale:
    """What a panel shows from its foot to its top, in the unit of its series."""

    low: float
    high: float

    def above_foot(self, value: float) -> float:
        """Pixels of a value above the foot of its panel."""
        return round((value - self.low) / (self.high - self.low) * _PLOT, 2)


def _scales(chart: Chart) -> list[_Scale]:
    """The scale of each panel, or the same for all of them; zero is always on it."""
    values = [[point.value or 0 for point in series.points if point.is_number] for series in chart.series]
    scales = [_Scale(min([0, *own]), max([0, *own]) or 1) for own in values]
    if has_own_scales(chart):
        return scales
    common = _Scale(min(scale.low for scale in scales), max(scale.high for scale in scales))
    return [common] * len(scales)


def _panel(series: Series, panel: int, ends: tuple[float, float], scale: _Scale) -> Iterator[Row]:
    top, foot = ends
    run, before = 0, None
    for point in series.points:
        if before is not None and not (
            point.joined and not point.form_changes and point.is_number and before.is_number
        ):
            run += 1
        if before is not None and point.breaks and _BANDS.isdisjoint((point.state, before.state)):
            words = _words(f"charts.short.{point.why_break}")
            yield {"kind": "break", "year": point.year - 0.5, "y": top, "below": foot, **words}
        if point.is_number:
            yield {
                "kind": "point",
                "year": point.year,
                "y": round(foot - scale.above_foot(point.value or 0), 2),
                "value": point.value,
                "words": point.written + (" !" if point.fails else ""),
                "run": f"{panel}:{run}",
                "look": "fails" if point.fails else "other" if point.other_meaning else "plain",
                "says": f"{panel}:{point.year}",
            }
        elif point.state in _IN_WORDS:
            if point.state in _BANDS:
                yield {"kind": "band", "year": point.year - 0.45, "to": point.year + 0.45, "y": top, "below": foot}
            yield {"kind": "word", "year": point.year, "y": foot, **_words(f"charts.short.{point.state}")}
        before = point


def _both(en: Sequence[str], zh: Sequence[str], *, one_line: bool = False) -> Row:
    """Lines of text in both languages; `one_line`: the Chinese follows the English on its last line."""
    words = ("  " if one_line else "\n").join(("\n".join(en), "\n".join(zh)))
    return {"words": words, "en": list(en), "zh": list(zh), "one_line": one_line}


def _words(key: str) -> Row:
    words = load_words()[key]
    return _both([words.en], [words.zh])


def _title(chart: Chart, series: Series, width: int) -> tuple[list[str], list[str], bool]:
    """Name a panel: lines in English and in Chinese, and whether the Chinese follows on the same line."""
    en, zh = series.label_en, f"{series.label_zh} ({series.unit})" if series.unit else series.label_zh
    if len(chart.scopes) > 1:
        scope = load_words()[f"scope.{series.scope}"]
        en, zh = f"{en} [{scope.en}]", f"{zh}【{scope.zh}】"
    lines = textwrap.wrap(en, max(12, int(width / _LETTER))) or [""]
    if len(lines[-1]) * _LETTER + (len(zh) + 1) * _HAN <= width:
        return lines, [zh], True
    return lines, textwrap.wrap(zh, max(6, int(width / _HAN))), False
