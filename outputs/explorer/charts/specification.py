"""Rows of a chart → Vega-Lite and Vega. What is fixed is made with Altair; rows are data, never in an expression."""

from functools import cache
from typing import Any

from outputs.explorer.charts.rows import Drawing
from outputs.fonts import FAMILIES

INK, SOFT, LINE, FAILS, BAND, GROUND = "#1d2430", "#55606e", "#0072b2", "#a84300", "#e8ebef", "#ffffff"
"""Colours that readers with the common kinds of colour blindness tell apart; none is the only sign of anything."""

LOOKS = ("plain", "other", "fails")
"""How a point looks: a disc; a ring where the form counts more or less; a square where a check fails."""

MARGIN = 6
"""Pixels around a drawing."""

_DATA = "rows"
_DRAWN = ("kind", "year", "to", "y", "below", "run", "look", "says")
_WORDS = frozenset(("title", "year", "word"))
"""Kinds of rows that have nothing but words."""

FONTS = ", ".join(("DejaVu Sans", *(f"'{family}'" if " " in family else family for family in FAMILIES), "sans-serif"))


def compiled(drawing: Drawing) -> dict[str, Any]:
    """Return a drawing in Vega: the specification compiled once, and fitted to the rows and measures of the drawing.

    Words are not Vega's but svg.py's: Vega measures each of them, for up to some milliseconds, and the measures are not
    needed; nor does it get any text that may come from a page.
    """
    vega = _compiled()
    rows = [{name: row[name] for name in _DRAWN if name in row} for row in drawing.rows if row["kind"] not in _WORDS]
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

    vega: dict[str, Any] = vl_convert.vegalite_to_vega(specification())
    return vega


def specification() -> dict[str, Any]:
    """Return what all charts have in common in Vega-Lite: layers of rows by their kind; the rows are to be filled in.

    Down the page `y` is in pixels from the top, since every panel has its own place; across it is years.
    """
    import altair as alt  # noqa: PLC0415  takes half a second

    x_scale = alt.Scale(domain=[0, 1], nice=False, zero=False)
    y_scale = alt.Scale(domain=[0, 1], range=[0, 1], nice=False, zero=False)

    def x(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=x_scale, axis=None)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    def only(kind: str, name: str = "") -> Any:
        return alt.Chart(name=name or kind).transform_filter(alt.FieldEqualPredicate(field="kind", equal=kind))

    def look(*of: str) -> Any:
        return alt.Scale(domain=list(LOOKS), range=list(of))

    dashed: dict[str, Any] = {"color": INK, "strokeWidth": 1.2, "strokeDash": [3, 3]}
    year = x("year")
    layers = (
        only("band").mark_rect(color=BAND).encode(x=year, x2="to:Q", y=y("y"), y2="below:Q"),
        only("zero").mark_rule(color=SOFT, strokeWidth=0.8).encode(y=y("y")),
        only("break").mark_rule(**dashed).encode(x=year, y=y("y"), y2="below:Q"),
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
    )
    chart = (
        alt.layer(*layers, data=alt.NamedData(name=_DATA))
        .properties(padding=MARGIN, autosize=alt.AutoSizeParams(type="none"))
        .configure(background="transparent")
        .configure_view(stroke=None)
    )
    made: dict[str, Any] = chart.to_dict()
    return made
