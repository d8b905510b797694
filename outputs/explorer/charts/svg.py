"""What Vega drew → the SVG of a page or of a file: only shapes and words, every point a link, nothing that could run.

The drawing is written anew from a short list of elements and attributes. Words, addresses and descriptions come in
here, as text of the tree, whatever they contain.
"""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree

from outputs.explorer.charts import specification as spec
from outputs.explorer.charts.records import Point, Series
from outputs.explorer.charts.rows import LINE_PIXELS, Drawing, Row

_SVG = "http://www.w3.org/2000/svg"
_NAMESPACES: Any = {None: _SVG}  # the stubs know no namespace without a prefix
_NAMES = {
    spec.INK: "ink",
    spec.SOFT: "soft",
    spec.LINE: "line",
    spec.FAILS: "fails",
    spec.BAND: "band",
    spec.GROUND: "ground",
}
"""Colours get classes, so that a page can give them others in the dark."""
_KEPT = ("d", "transform", "x2", "y2", "fill", "stroke", "stroke-width", "stroke-dasharray")
_LAYERS = ("band", "zero", "break", "line", "point")


class _Text(NamedTuple):
    """How words of a kind of row are set: around (x, y) of the row, or below it; `dx` and `dy` turn with the words."""

    size: float
    colour: str
    dx: float = 0
    dy: float = 0
    anchor: str = "middle"
    upright: bool = False
    leading: float = 0
    weight: str = "400"


_TEXTS = {
    "break": _Text(9, spec.SOFT, 3, -4, "start", upright=True, leading=14),
    "word": _Text(9, spec.SOFT, 3, -2, "start", upright=True, leading=11),
    "point": _Text(11, spec.INK, 0, -8, weight="600"),
    "title": _Text(11, spec.INK, 0, 9, "start", leading=LINE_PIXELS),
    "year": _Text(10, spec.SOFT, 0, 8),
}
"""The first of two upright lines stands left of its place, the second right of it: beside the rule of a break."""

_REACH = 12
"""Pixels around a point that open its place."""
_SMALL, _LARGE, _STEP = 9.5, 14, 14
_HAN_EM, _LATIN_EM = 1.04, 0.58


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a drawing that is a file: its title above it, notes below it; pairs of English and Chinese."""

    title: Sequence[tuple[str, str]]
    notes: Sequence[tuple[str, str]]


def dressed(
    vega: str,
    drawing: Drawing,
    link: Callable[[Point], str],
    says: Callable[[Series, Point], str],
    label: str,
    frame: Frame | None = None,
) -> str:
    """Return the SVG of a drawing. `vega` is what Vega made of it; `link` and `says` give a point's address and words.

    With a frame it is a file that stands alone; without one it is part of a page, which styles it by its classes.
    """
    drawn = etree.fromstring(vega.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    around = _Around(drawing.width, frame)
    width, height = drawing.width + 2 * spec.MARGIN, drawing.height + 2 * spec.MARGIN + around.above + around.below
    svg = etree.Element(f"{{{_SVG}}}svg", {"class": "drawing", "viewBox": f"0 0 {width} {height}"}, nsmap=_NAMESPACES)
    svg.attrib.update({"width": str(width), "height": str(height), "role": "group", "aria-label": label})
    if frame is not None:
        _add(svg, "rect", {"width": str(width), "height": str(height), "fill": spec.GROUND})
    body = _add(svg, "g", {"transform": f"translate({spec.MARGIN},{spec.MARGIN + around.above})", "fill": "none"})
    body.set("font-family", spec.FONTS)
    for name in _LAYERS:
        layer = _add(body, "g", {"class": name})
        for shape in (shape for group in drawn.iter(f"{{{_SVG}}}g") if _is_layer(group, name) for shape in group):
            if etree.QName(shape).localname not in {"path", "line"}:
                continue
            if name == "point":
                series, point = drawing.keys[shape.get("aria-label", "")]
                _linked(layer, shape, link(point), says(series, point))
            else:
                _copied(layer, shape)
        if name != "point":
            layer.set("aria-hidden", "true")
    words = _add(body, "g", {"class": "words", "aria-hidden": "true"})
    for row in drawing.rows:
        if row["kind"] in _TEXTS:
            _worded(words, row, _TEXTS[row["kind"]], drawing)
    around.draw(svg, height)
    return etree.tostring(svg, encoding="unicode")


def _is_layer(group: Any, name: str) -> bool:
    return f"{name}_marks" in (group.get("class") or "").split()


def _add(parent: Any, tag: str, attributes: dict[str, str]) -> Any:
    element = etree.SubElement(parent, f"{{{_SVG}}}{tag}", attributes)
    classes = [f"{kind}-{_NAMES[value]}" for kind in ("fill", "stroke") if (value := attributes.get(kind)) in _NAMES]
    if classes:
        element.set("class", " ".join(classes))
    return element


def _copied(parent: Any, shape: Any) -> Any:
    kept = {name: value for name in _KEPT if (value := shape.get(name)) is not None}
    return _add(parent, etree.QName(shape).localname, kept)


def _linked(layer: Any, shape: Any, address: str, says: str) -> None:
    # the same numbers are links in the table below: to step through both with the keyboard would be one too many
    link = _add(layer, "a", {"href": address, "aria-label": says, "tabindex": "-1"})
    _add(link, "title", {}).text = says
    reach = {"r": str(_REACH), "fill": spec.GROUND, "fill-opacity": "0"}
    _add(link, "circle", {**reach, "transform": shape.get("transform", "")})
    _copied(link, shape)


def _worded(parent: Any, row: Row, text: _Text, drawing: Drawing) -> None:
    """Set the words of a row: lines in English, then in Chinese, each marked with its language."""
    x, y = drawing.across(row["year"]) if "year" in row else 0, row.get("below", row["y"])
    turned = " rotate(270)" if text.upright else ""
    look = {"font-size": str(text.size), "font-weight": text.weight, "fill": text.colour, "text-anchor": text.anchor}
    place = f"translate({x:.1f},{y:.1f}){turned} translate({text.dx},{text.dy})"
    element = _add(parent, "text", {"transform": place, **look})
    if "en" not in row:
        element.text = row["words"]
        return
    new_line = {"x": "0", "dy": str(text.leading)}
    for no, line in enumerate(row["en"]):
        _add(element, "tspan", {"class": "t-en", "lang": "en", **(new_line if no else {})}).text = line
    if row["en"] == row["zh"]:
        return
    _add(element, "tspan", {"class": "gap"}).text = "  " if row["one_line"] else ""
    for no, line in enumerate(row["zh"]):
        follows = row["one_line"] and not no
        _add(element, "tspan", {"class": "t-zh", "lang": "zh-Hans", **({} if follows else new_line)}).text = line


class _Around:
    """The title and the notes of a file, and the room that they take."""

    def __init__(self, width: int, frame: Frame | None) -> None:
        self._title = _wrapped(frame.title, width, _LARGE) if frame else []
        self._notes = _wrapped(frame.notes, width, _SMALL) if frame else []
        self.above = round(len(self._title) * _LARGE * 1.3 + 8) if self._title else 0
        self.below = len(self._notes) * _STEP + 8 if self._notes else 0

    def draw(self, svg: Any, height: int) -> None:
        """Write them above and below the drawing."""
        for no, (line, language) in enumerate(self._title):
            look = {"font-size": str(_LARGE), "font-weight": "600", "fill": spec.INK}
            self._write(svg, line, language, spec.MARGIN + _LARGE * (1 + 1.3 * no), look)
        for no, (line, language) in enumerate(self._notes):
            look = {"font-size": str(_SMALL), "fill": spec.SOFT}
            self._write(svg, line, language, height - self.below + _STEP * (no + 1), look)

    def _write(self, svg: Any, line: str, language: str, y: float, look: dict[str, str]) -> None:
        place = {"x": str(spec.MARGIN), "y": f"{y:.1f}", "font-family": spec.FONTS, "lang": language}
        _add(svg, "text", {**place, **look}).text = line


def _wrapped(texts: Sequence[tuple[str, str]], width: int, size: float) -> list[tuple[str, str]]:
    """Lines of texts in both languages, each with its language."""
    lines = []
    for en, zh in texts:
        lines += [(line, "en") for line in textwrap.wrap(en, max(8, int(width / size / _LATIN_EM)))]
        if zh != en:
            lines += [(line, "zh-Hans") for line in textwrap.wrap(zh, max(6, int(width / size / _HAN_EM)))]
    return lines


def without_chinese(texts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Texts in English alone, for a system without a Chinese font; what has no English is left out."""
    return [(en, en) for en, _ in texts if en.isascii()]
