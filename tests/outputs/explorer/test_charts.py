"""Charts: where lines end, what a blank looks like, that points open their place, and that no name can do anything."""

import csv
import io
import json
import re

import pytest
from lxml import etree

from outputs.explorer.addresses import ServerAddresses, SiteAddresses
from outputs.explorer.charts.csvfile import chart_csv
from outputs.explorer.charts.drawing import file_png, file_svg, page_svg
from outputs.explorer.charts.reading import read_charts
from outputs.explorer.charts.records import Chart, Point, Series
from outputs.explorer.charts.rows import drawn
from outputs.explorer.charts.specification import compiled
from outputs.explorer.kinds import KINDS, answer

SVG = "{http://www.w3.org/2000/svg}"
PINGTAN = "zone-2238cae3-zone_committee"
HOSTILE = "</text><script>alert(1)</script>&amp;\"'{{7*7}} datum.x || sqrt(4) =1+1"
FACT = {"source": "table", "concordance": "exact", "table_no": 0, "row": 1, "col": 2, "derivation": None}


def number(year, value, **more):
    return Point(year, "number", value, "件", "0123456789abcdef", f"c-0-1-{year}", fact=FACT, **more)


def chart_of(*points, name="requests", label="Requests", agency="某机关"):
    series = Series("requests_received", "total", "own", label, "收到申请数", "件", points)
    return Chart("a-1", agency, name, range(points[0].year, points[-1].year + 1), (series,))


@pytest.fixture(scope="module")
def broken():
    """Seven years: the form changes before 2012, 2013 is blank, 2014 has no report, 2016 is of another scope."""
    return chart_of(
        number(2010, 5),
        number(2011, 7, joined=True, status="changed"),
        number(2012, 9, status="not_comparable", reason="form_changed"),
        Point(
            2013, "blank", unit="件", capture_id="0123456789abcdef", anchor="c-0-1-2", reason="blank_after", fact=FACT
        ),
        Point(2014, "no_report"),
        number(2015, 0, status="not_comparable", reason="missing_year", fails=True),
        Point(2016, "other_scope"),
    )


def runs(drawing):
    found = {}
    for row in drawing.rows:
        if row["kind"] == "point":
            found.setdefault(row["run"], []).append(row["year"])
    return sorted(found.values())


def shapes(svg, layer):
    return [shape for group in svg.iter(f"{SVG}g") if group.get("class") == layer for shape in group]


def test_a_line_joins_only_what_may_be_compared(broken):
    drawing = drawn(broken)
    assert runs(drawing) == [[2010, 2011], [2012], [2015]]
    breaks = [row for row in drawing.rows if row["kind"] == "break"]
    assert [(row["year"], row["en"]) for row in breaks] == [(2011.5, ["form changes"])]


def test_no_line_crosses_a_change_of_form_even_where_the_numbers_compare():
    told = {"joined": True, "status": "changed"}
    drawing = drawn(chart_of(number(2010, 5), number(2011, 7, **told), number(2012, 9, form_changes=True, **told)))
    assert runs(drawing) == [[2010, 2011], [2012]]
    breaks = [row for row in drawing.rows if row["kind"] == "break"]
    assert [(row["year"], row["en"]) for row in breaks] == [(2011.5, ["form changes"])]


def test_what_is_no_number_is_said_and_never_drawn_as_zero(broken):
    rows = drawn(broken).rows
    assert {row["year"]: row["en"] for row in rows if row["kind"] == "word"} == {
        2013: ["blank"],
        2014: ["no report"],
        2016: ["other scope"],
    }
    assert [row["year"] for row in rows if row["kind"] == "band"] == [2013.55, 2015.55]
    assert {row["year"]: row["words"] for row in rows if row["kind"] == "point"} == {
        2010: "5",
        2011: "7",
        2012: "9",
        2015: "0 !",
    }


def test_no_line_of_the_picture_crosses_a_break(broken):
    svg = etree.fromstring(page_svg(broken, ServerAddresses()))
    at = [float(re.search(r"translate\(([\d.]+)", rule.get("transform"))[1]) for rule in shapes(svg, "break")]
    lines = [line.get("d") for line in shapes(svg, "line") if "L" in line.get("d")]
    spans = [[float(x) for x in re.findall(r"[ML](-?[\d.]+),", line)] for line in lines]
    assert len(at) == len(spans) == 1
    assert max(spans[0]) < at[0] < drawn(broken).width


def test_negative_numbers_hang_from_a_zero_line_of_their_own():
    drawing = drawn(chart_of(number(2019, -15), number(2020, 30, joined=True), name="disclosure"))
    zero = next(row["y"] for row in drawing.rows if row["kind"] == "zero")
    below, above = (row["y"] for row in drawing.rows if row["kind"] == "point")
    assert below > zero > above
    assert (below - zero) * 2 == pytest.approx(zero - above, abs=0.05)


def test_every_point_opens_its_place_and_says_what_it_is(broken):
    svg = etree.fromstring(page_svg(broken, SiteAddresses("agency/a-1")))
    links = list(svg.iter(f"{SVG}a"))
    assert links[0].get("href") == "../report/0123456789abcdef.html#c-0-1-2010"
    assert links[-1].get("aria-label") == "Requests 收到申请数, 2015: 0 件; does not add up · 不符"
    assert len(links) == 4


def test_names_do_nothing_and_nothing_is_loaded():
    chart = chart_of(number(2019, 1), label=HOSTILE, agency=HOSTILE)
    for text in (page_svg(chart, ServerAddresses()), file_svg(chart, ServerAddresses())):
        svg = etree.fromstring(text)
        names = {etree.QName(each).localname for each in svg.iter()}
        assert names <= {"svg", "g", "path", "line", "text", "tspan", "a", "title", "circle", "rect"}
        attributes = {name for each in svg.iter() for name in each.attrib}
        assert not {name for name in attributes if name.startswith("on") or name in {"style", "id"}}
        assert not re.search(r"url\(|https?:(?!//www\.w3\.org/2000/svg)", text)
        assert "<script>" not in text
    words = "".join(drawn_text(etree.fromstring(file_svg(chart, ServerAddresses()))))
    assert "alert(1)" in words
    assert "alert" not in json.dumps(compiled(drawn(chart)))


def drawn_text(svg):
    return ["".join(text.itertext()).replace(" ", "") for text in svg.iter(f"{SVG}text")]


def test_a_picture_without_a_chinese_font_is_in_english_and_says_why(monkeypatch):
    pictures = []
    monkeypatch.setattr("outputs.explorer.charts.drawing._has_chinese_font", lambda: False)
    monkeypatch.setattr("vl_convert.svg_to_png", lambda svg, **_: pictures.append(svg) or b"")
    file_png(chart_of(number(2019, 1), Point(2020, "no_report")))
    words = " ".join("".join(text.itertext()) for text in etree.fromstring(pictures[0]).iter(f"{SVG}text"))
    assert words.isascii()
    assert words.count("Chinese labels are left out") == 1


def test_the_data_are_fit_for_a_spreadsheet(broken):
    text = chart_csv(chart_of(*broken.series[0].points, agency="=1+1"))
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["report_year"], row["state"], row["value"]) for row in rows] == [
        ("2010", "number", "5"),
        ("2011", "number", "7"),
        ("2012", "number", "9"),
        ("2013", "blank", ""),
        ("2014", "no_report", ""),
        ("2015", "number", "0"),
        ("2016", "other_scope", ""),
    ]
    assert rows[0]["agency"] == "'=1+1"
    assert [row["comparable_with_year_before"] for row in rows[:3]] == ["false", "true", "false"]
    assert (rows[2]["reason"], rows[2]["capture_id"], rows[2]["col"]) == ("form_changed", "0123456789abcdef", "2")


# The pages: what is expected is typed from them.


def points(charts, chart, indicator, applicant="total"):
    series = next(each for each in charts[chart].series if (each.indicator, each.applicant) == (indicator, applicant))
    return {point.year: point for point in series.points}


def test_the_series_of_the_samples(desk):
    charts = read_charts(desk, PINGTAN)
    received = points(charts, "requests", "requests_received")
    assert {year: point.written for year, point in received.items()} == {
        2018: "0",
        2019: "23",
        2020: "21",
        2021: "70",
        2022: "",
        2023: "81",
    }
    assert [year for year, point in received.items() if point.joined] == [2019, 2020, 2021]
    assert received[2022].state == "no_report"
    organisations = points(charts, "requests", "requests_received", "organisations")
    assert [point.written for point in organisations.values()] == ["", "0", "1", "6", "", "1"]
    assert organisations[2021].fact["derivation"] == "sum of table 1, row 3, columns 4, 5, 6, 7, 8"
    assert points(charts, "outcomes", "requests_processed")[2020].fails
    issued = points(charts, "disclosure", "normative_documents_issued")
    assert issued[2021].breaks
    assert issued[2021].other_meaning


def test_cumulative_figures_stand_in_no_series(desk):
    for chart in read_charts(desk, PINGTAN).values():
        for series in chart.series:
            for point in series.points:
                if point.capture_id and point.source == "table":
                    place = (point.capture_id, *(point.fact[name] for name in ("table_no", "row", "col")))
                    cell = desk.row(
                        "SELECT measure FROM cells WHERE capture_id = ? AND table_no = ? AND row = ? AND col = ?",
                        *place,
                    )
                    assert cell["measure"] != "cumulative"


def test_scopes_have_panels_of_their_own(desk):
    chart = read_charts(desk, "place-95a96feb-government")["requests"]
    received = [series for series in chart.series if series.indicator == "requests_received"]
    assert [(series.scope, [point.written for point in series.points]) for series in received] == [
        ("unknown", ["", "71"]),
        ("area", ["64", ""]),
    ]
    assert not any(point.joined for series in received for point in series.points)


def test_charts_are_files(desk):
    assert answer(desk, f"chart/{PINGTAN}/requests.svg").media_type == "image/svg+xml; charset=utf-8"
    assert answer(desk, f"chart/{PINGTAN}/requests.csv").media_type == "text/csv; charset=utf-8"
    assert file_png(chart_of(number(2019, 1))).startswith(b"\x89PNG")
    assert answer(desk, f"chart/{PINGTAN}/nothing.svg").status == 404
    kind = next(kind for kind in KINDS if kind.name == "chart")
    assert set(kind.paths(desk)) >= {f"chart/{PINGTAN}/requests.{ending}" for ending in ("svg", "png", "csv")}
