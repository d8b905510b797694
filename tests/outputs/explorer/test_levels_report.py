"""A report whose table has a column for each level of government: cells that count more widely, without a fact."""

from pathlib import Path

from gongkai.build import build
from gongkai.shelf import open_shelf
from outputs.explorer.addresses import ServerAddresses
from outputs.explorer.index import connect, open_index
from outputs.explorer.kinds import answer
from outputs.explorer.records import Desk

PAGES = Path(__file__).parents[2] / "pages" / "b-city-2015-levels"


def test_cells_of_another_kind_without_a_fact_are_shown_with_their_warning(tmp_path):
    build([PAGES], tmp_path / "d")
    base = connect(open_index(tmp_path / "d"))
    desk = Desk(tmp_path / "d", base, open_shelf(tmp_path / "d", [PAGES]), ServerAddresses())
    (row,) = base.execute("SELECT capture_id FROM reports").fetchall()
    page = answer(desk, f"report/{row['capture_id']}")
    text = page.body if isinstance(page.body, str) else page.body.decode()
    assert "The form counts more than this indicator" in text
    assert 'id="c-0-4-3"' in text
