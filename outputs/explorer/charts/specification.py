"""Rows of a chart → Vega-Lite and Vega. What is fixed is made with Altair; rows are data, never in an expression."""

from functools import cache
from typing import Any

from outputs.explorer.charts.rows import Drawing
from outputs.fonts import FAMILIES

INK, SOFT, LINE, FAILS, BAND, GROUND = "#1d2430", "#55606e", "#0072b2", "#a84300", "#e8ebef", "#ffffff"
"""Colours that readers with the common kinds of colour blindness tell apart; none is the only sign of anything."""

WORDS = "_words"
"""Ends the name of every layer of text."""

LOOKS = ("plain", "other", "fails")
"""How a point looks: a disc; a ring where the form counts more or less; a square where a check fails."""

MARGIN = 6
"""Pixels around a drawing."""

_DATA = "rows"
_DRAWN = ("kind", "year", "to", "y", "below", "run", "look", "says")
FONTS = ", ".join(("DejaVu Sans", *(f"'{family}'" if " " in family else family for family in FAMILIES), "sans-serif"))


def specification(drawing: Drawing) -> dict[str, Any]:
    """Return a drawing in Vega-Lite, with its rows as data."""
    return {**_skeleton(drawing.domain, drawing.width, drawing.height), "datasets": {_DATA: list(drawing.rows)}}


def compiled(drawing: Drawing) -> dict[str, Any]:
    """Return a drawing in Vega without its words, which svg.py sets.

    What is fixed is compiled once, and fitted to the measures of the drawing. Vega measures every text that it is
    given, a Chinese one for some milliseconds, and needs none of the measures; nor does it get any text that may come
    from a page.
    """
    vega = _compiled()
    rows = [{**{name: row[name] for name in _DRAWN if name in row}, "words": "0"} for row in drawing.rows]
    across, down = list(drawing.domain), [0, drawing.height]
    fitted: dict[str, dict[str, Any]] = {"x": {"domain": across}, "y": {"domain": down, "range": down}}
    return {
        **vega,
        "width": drawing.width,
        "height": drawing.height,
        "data": [{**each, "values": rows} if each["name"] == _DATA else each for each in vega["data"]],
        "scales": [{**each, **fitted.get(each["name"], {})} for each in vega["scales"]],
    }


@cache
def _compiled() -> dict[str, Any]:
    import vl_convert  # noqa: PLC0415  loads an engine

    vega: dict[str, Any] = vl_convert.vegalite_to_vega(_skeleton((0, 1), 100, 100))
    return vega


def _skeleton(domain: tuple[float, float], width: int, height: int) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415  takes half a second

    x_scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    y_scale = alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)

    def x(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=x_scale, axis=None)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    def only(kind: str, name: str = "") -> Any:
        return alt.Chart(name=name or kind).transform_filter(alt.FieldEqualPredicate(field="kind", equal=kind))

    def words(kind: str, across: Any, down: str = "y", **how: Any) -> Any:
        chart = only(kind, f"{kind}{WORDS}").mark_text(**{"fontSize": 10, "lineBreak": "\n", "color": SOFT, **how})
        return chart.encode(x=across, y=y(down), text="words:N")

    def look(*of: str) -> Any:
        return alt.Scale(domain=list(LOOKS), range=list(of))

    dashed: dict[str, Any] = {"color": INK, "strokeWidth": 1.2, "strokeDash": [3, 3]}
    upright: dict[str, Any] = {"fontSize": 9, "angle": 270, "align": "left", "baseline": "middle", "dx": 3}
    year = x("year")
    layers = (
        only("band").mark_rect(color=BAND).encode(x=year, x2="to:Q", y=y("y"), y2="below:Q"),
        only("zero").mark_rule(color=SOFT, strokeWidth=0.8).encode(y=y("y")),
        only("break").mark_rule(**dashed).encode(x=year, y=y("y"), y2="below:Q"),
        words("break", year, "below", dy=-7, **upright),
        words("word", year, dy=-5, **upright),
        only("point", "line").mark_line(color=LINE, strokeWidth=2).encode(x=year, y=y("y"), detail="run:N"),
        only("point")
        .mark_point(size=52, strokeWidth=2, opacity=1)
        .encode(
            x=year,
            y=y("y"),
            shape=alt.Shape("look:N", scale=look("circle", "circle", "square"), legend=None),
            fill=alt.Fill("look:N", scale=look(LINE, GROUND, GROUND), legend=None),
            stroke=alt.Stroke("look:N", scale=look(LINE, LINE, FAILS), legend=None),
            description="says:N",
        ),
        words("point", year, dy=-11, fontSize=11, fontWeight=600, color=INK),
        words("title", alt.value(0), fontSize=11, align="left", baseline="top", color=INK),
        words("year", year, baseline="top"),
    )
    chart = (
        alt.layer(*layers, data=alt.NamedData(name=_DATA))
        .properties(width=width, height=height, padding=MARGIN, autosize=alt.AutoSizeParams(type="none"))
        .configure(font=FONTS, background="transparent")
        .configure_view(stroke=None)
    )
    made: dict[str, Any] = chart.to_dict()
    return made
