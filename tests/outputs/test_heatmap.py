"""Agencies by years as pictures: the same bytes each time, names as text, and a clear word where no font has them."""

import re
import xml.etree.ElementTree as ET

import pytest
from matplotlib import font_manager
from matplotlib.image import imread
from small_font import ASCII, make_font

from outputs import heatmap
from outputs.agencyyears import AgencyLine, Coverage
from outputs.errors import CoverageError, QueryError
from outputs.expected import missing_year
from outputs.fonts import font_for
from outputs.heatmap import draw
from outputs.history import row_type

NAMES = ("淮安市洪泽区教育局", "海关总署")
SVG = "{http://www.w3.org/2000/svg}"


def row(agency, level, year, **changes):
    given = missing_year("320813-education", year, "manifest", "", "", "")
    given |= {"agency": agency, "agency_level": level, "region_code": None, **changes}
    kind = row_type("agency_years")
    return kind(**{name: given[name] for name in kind._fields})


@pytest.fixture
def coverage():
    """Make a coverage of agencies, each with a missing report of 2020 and one of 2021 that was read late."""

    def make(*names):
        lines = []
        for no, name in enumerate(names):
            level = "central" if no else "county"
            rows = [row(name, level, 2020), row(name, level, 2021, status="parsed", balanced="no", late="late")]
            lines.append(AgencyLine(f"a{no}", name, level, {one.report_year: one for one in rows}))
        rows = tuple(one for line in lines for one in line.years.values())
        counts = {"known": 2 * len(names), "parsed": len(names), "balanced": 0, "missing": len(names), "late": 1}
        return Coverage(rows, tuple(lines), range(2020, 2022), counts, (), 0)

    return make


@pytest.fixture
def font(tmp_path):
    return make_font(tmp_path / "boxes.ttf", ASCII + "".join(sorted(set("".join(NAMES)))))


@pytest.fixture
def system(monkeypatch):
    """Give the system no fonts but these."""

    def fonts(*paths):
        monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(path) for path in paths])

    return fonts


def test_a_png_is_a_picture_and_the_same_each_time(tmp_path, coverage, font):
    found = [draw(coverage(*NAMES), tmp_path / name, font, outside=tmp_path / "d") for name in ("a.png", "b.png")]
    assert found == [[tmp_path / "a.png"], [tmp_path / "b.png"]]
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    height, width, _ = imread(tmp_path / "a.png").shape
    assert (width, height) == (1320, 1044)


def test_what_became_of_a_report_can_be_told_by_colour(tmp_path, coverage, font):
    draw(coverage(NAMES[1]), tmp_path / "a.png", font, outside=tmp_path / "d")
    pixels = (imread(tmp_path / "a.png")[:, :, :3] * 255).round().astype(int)
    colours = {tuple(map(int, pixel)) for pixel in pixels[256:300].reshape(-1, 3)}
    assert (0xF0, 0xB4, 0x29) in colours  # its figures do not balance
    assert (0x11, 0x11, 0x11) in colours  # the corner of a late one
    assert (0x00, 0x50, 0x7D) not in colours  # nothing balances, but for the key below


def test_an_svg_keeps_the_names_as_text_and_is_the_same_each_time(tmp_path, coverage, system):
    for name in ("a.svg", "b.svg"):
        draw(coverage(*NAMES), tmp_path / name, None, outside=tmp_path / "d")
        system()  # whatever fonts there are
    text = (tmp_path / "a.svg").read_text("utf-8")
    assert text == (tmp_path / "b.svg").read_text("utf-8")
    words = [element.text for element in ET.fromstring(text).iter(f"{SVG}text")]
    assert [word for word in words if word in NAMES] == list(NAMES)
    assert {"2020", "2021", "?", "!", "L", "0/2", "2/2", "central", "county"} <= set(words)
    assert "Noto Sans CJK SC" in text
    assert not re.search(r"<dc:date>|\d{4}-\d{2}-\d{2}T", text)


def test_a_font_that_was_named_comes_first_in_an_svg(tmp_path, coverage, font):
    draw(coverage(*NAMES), tmp_path / "a.svg", font, outside=tmp_path / "d")
    assert "font-family: 'Test Boxes', 'Noto Sans CJK SC'" in (tmp_path / "a.svg").read_text("utf-8")


def test_the_settings_of_a_user_change_nothing(tmp_path, coverage, font):
    import matplotlib as mpl  # noqa: PLC0415

    draw(coverage(*NAMES), tmp_path / "a.png", font, outside=tmp_path / "d")
    with mpl.rc_context({"font.size": 30, "text.color": "red", "savefig.facecolor": "green"}):
        draw(coverage(*NAMES), tmp_path / "b.png", font, outside=tmp_path / "d")
        assert mpl.rcParams["font.size"] == 30
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_many_agencies_are_several_numbered_pictures_that_say_which(tmp_path, coverage, monkeypatch):
    monkeypatch.setattr(heatmap, "PICTURE_AGENCIES", 4)
    names = [f"agency {no}" for no in range(1, 10)]
    found = draw(coverage(*names), tmp_path / "many.svg", None, outside=tmp_path / "d")
    assert [path.name for path in found] == ["many-1.svg", "many-2.svg", "many-3.svg"]
    texts = [path.read_text("utf-8") for path in found]
    parts = ["agencies 1 to 4 of 9", "agencies 5 to 8 of 9", "agencies 9 to 9 of 9"]
    assert all(part in text for part, text in zip(parts, texts, strict=True))
    drawn = [element.text for text in texts for element in ET.fromstring(text).iter(f"{SVG}text")]
    assert [word for word in drawn if word in names] == names


def test_the_first_font_of_the_system_that_has_all_names_is_taken(tmp_path, system):
    lacking = make_font(tmp_path / "simhei.ttf", ASCII + "海关", "SimHei")
    whole = make_font(tmp_path / "other.ttf", ASCII + "海关总署", "Other")
    known = make_font(tmp_path / "NotoSansSC-Regular.ttf", ASCII + "海关总署", "Noto Sans SC")
    broken = tmp_path / "msyh.ttc"
    broken.write_bytes(b"no font")
    system(whole, lacking, known, broken)
    assert font_for(["海关总署"]).get_name() == "Noto Sans SC"
    system(whole, lacking, broken)
    assert font_for(["海关总署"]).get_name() == "Other"


@pytest.mark.parametrize(
    ("characters", "said"), [("海关", "(the best, wqy-zenhei.ttf, lacks 总署)"), ("", "no font is")]
)
def test_without_a_font_it_says_what_to_install(tmp_path, coverage, system, characters, said):
    fonts = [make_font(tmp_path / "wqy-zenhei.ttf", ASCII + characters)] if characters else []
    system(*fonts)
    with pytest.raises(CoverageError) as caught:
        draw(coverage("海关总署"), tmp_path / "a.png", None, outside=tmp_path / "d")
    assert caught.value.code == "no_font"
    assert said in caught.value.what
    assert "fonts-noto-cjk" in caught.value.next_step
    assert "--font" in caught.value.next_step
    assert not (tmp_path / "a.png").exists()


def test_a_font_that_was_named_must_be_one_and_have_the_names(tmp_path, coverage):
    (tmp_path / "no.ttf").write_bytes(b"no font")
    for path, code in (
        (tmp_path / "no.ttf", "font_unreadable"),
        (tmp_path / "nowhere.ttf", "font_unreadable"),
        (make_font(tmp_path / "latin.ttf", ASCII), "no_font"),
    ):
        with pytest.raises(CoverageError) as caught:
            draw(coverage(*NAMES), tmp_path / "a.png", path, outside=tmp_path / "d")
        assert (caught.value.code, caught.value.where) == (code, str(path))


def test_a_picture_is_png_or_svg_and_not_in_the_dataset(tmp_path, coverage):
    with pytest.raises(CoverageError) as caught:
        draw(coverage(*NAMES), tmp_path / "a.pdf", None, outside=tmp_path / "d")
    assert caught.value.code == "picture_type"
    with pytest.raises(QueryError) as refused:
        draw(coverage(*NAMES), tmp_path / "a.svg", None, outside=tmp_path)
    assert refused.value.code == "inside_dataset"
