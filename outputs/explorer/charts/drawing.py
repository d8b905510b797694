"""Charts → SVG for a page, SVG and PNG as files. Vega draws without a browser and without a network.

Nothing is loaded before the first chart: the libraries take a second, which the command line must not wait for.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup

from outputs.errors import CoverageError
from outputs.explorer import paths
from outputs.explorer.addresses import Addresses
from outputs.explorer.charts.records import Chart, Point, Series
from outputs.explorer.charts.rows import Drawing, drawn, has_own_scales
from outputs.explorer.charts.specification import compiled
from outputs.explorer.charts.svg import Frame, dressed, without_chinese
from outputs.explorer.wording import load_words, plain
from outputs.fonts import font_for

_SCALE = 2
"""Pixels of a PNG for each of the drawing."""
_HELD = 256
"""Drawings that are kept: some 50 kB each."""
_CHINESE_PART = re.compile(r"[ (（【]*[\u2e80-\uffef][^\n]*")


def warm_up() -> None:
    """Load what draws, which takes a second or two: a server does so in a thread before the first page is asked for."""
    nothing = Drawing((0.0, 1.0), 100, 100, (), {})
    _vega_svg(json.dumps(compiled(nothing)))


def page_svg(chart: Chart, addresses: Addresses) -> Markup:
    """Return a chart as a part of a page: its points link to their places, its colours and words follow the page's."""
    return Markup(_dressed(chart, _linking(addresses)))  # noqa: S704  # written element by element in svg.py


def file_svg(chart: Chart, addresses: Addresses) -> str:
    """Return a chart as an SVG that stands alone, with its title and with what its signs mean."""
    return _dressed(chart, _linking(addresses), Frame(_title(chart), notes(chart)))


def file_png(chart: Chart) -> bytes:
    """Return a chart as a PNG of two pixels for each; in English alone where the system has no Chinese font."""
    import vl_convert  # noqa: PLC0415  loads an engine

    frame = Frame(_title(chart), notes(chart))
    if not _has_chinese_font():
        why = load_words()["charts.no_font"].en
        title = [(chart.agency_id, chart.agency_id), *without_chinese(frame.title)]
        frame = Frame(title, [*without_chinese(frame.notes), (why, why)])
    svg = _dressed(chart, lambda _: "", frame, chinese=_has_chinese_font())
    png: bytes = vl_convert.svg_to_png(svg, scale=_SCALE)
    return png


def notes(chart: Chart) -> list[tuple[str, str]]:
    """Return what the signs of a chart mean, of those that it shows, in English and in Chinese."""
    points = [point for series in chart.series for point in series.points]
    states = {point.state for point in points}
    rows = drawn(chart).rows
    looks = {row["look"] for row in rows if row["kind"] == "point"}
    several = len(chart.series) > 1
    shown = {
        "charts.key.fails": "fails" in looks,
        "charts.key.other": "other" in looks,
        "charts.key.break": any(row["kind"] == "break" for row in rows),
        "charts.key.no_report": "no_report" in states,
        "charts.key.other_scope": "other_scope" in states,
        "charts.key.blank": not states.isdisjoint(("blank", "slash", "dash", "text")),
        "charts.key.empty": "absent" in states,
        "charts.key.own_scales": several and has_own_scales(chart),
        "charts.key.one_scale": several and not has_own_scales(chart),
    }
    return [(words.en, words.zh) for key, is_shown in shown.items() if is_shown for words in [load_words()[key]]]


def says(series: Series, point: Point) -> str:
    """Return a point in words, in both languages: what is counted, when, how many, and what to mind."""
    label = " ".join(dict.fromkeys((series.label_en, series.label_zh)))
    said = f"{label}, {point.year}: {point.written} {series.unit}".rstrip()
    minds = [
        plain("verdict.fail") if point.fails else "",
        plain("charts.other_meaning") if point.other_meaning else "",
        plain(f"source.{point.source}") if point.source in {"prose", "derived"} else "",
    ]
    return "; ".join(filter(None, (said, *minds)))


def _title(chart: Chart) -> Sequence[tuple[str, str]]:
    name = load_words()[f"charts.{chart.name}"]
    scopes = [load_words()[f"scope.{scope}"] for scope in chart.scopes]
    of = (", ".join(scope.en for scope in scopes), "、".join(scope.zh for scope in scopes))
    return [(chart.agency, chart.agency), (f"{name.en}: {of[0]}", f"{name.zh}：{of[1]}")]


def _linking(addresses: Addresses) -> Callable[[Point], str]:
    return lambda point: addresses.to(paths.report(point.capture_id), point.anchor)


def _dressed(chart: Chart, link: Callable[[Point], str], frame: Frame | None = None, *, chinese: bool = True) -> str:
    drawing = drawn(chart)
    vega = _vega_svg(json.dumps(compiled(drawing), sort_keys=True))
    if not chinese:
        drawing = _in_english(drawing)
    label = plain(f"charts.{chart.name}")
    return dressed(vega, drawing, link, says, label, frame)


@lru_cache(maxsize=_HELD)
def _vega_svg(vega: str) -> str:
    import vl_convert  # noqa: PLC0415  loads an engine

    drawn_svg: str = vl_convert.vega_to_svg(json.loads(vega), allowed_base_urls=[])
    return drawn_svg


@cache
def _has_chinese_font() -> bool:
    """Whether the system has a font for the words of the charts; makes it known to what draws."""
    import vl_convert  # noqa: PLC0415  loads an engine

    words = [words.zh for key, words in load_words().items() if key.startswith("charts.")]
    try:
        file = font_for(words).get_file()
    except CoverageError:
        return False
    vl_convert.register_font_directory(str(_folder(file)))
    return True


def _folder(file: Any) -> str:
    return str(file).rpartition("/")[0]


def _in_english(drawing: Drawing) -> Drawing:
    rows = tuple({**row, "zh": row["en"]} if "zh" in row else row for row in drawing.rows)
    return Drawing(drawing.domain, drawing.width, drawing.height, rows, drawing.keys)
