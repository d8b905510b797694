"""The index of the explorer holds the dataset, all of it and nothing else, and is of this very dataset."""

import shutil
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from outputs import schema
from outputs.checks.listing import COLUMNS, listing
from outputs.errors import DatasetError
from outputs.explorer.index import connect, make, open_index, place
from outputs.explorer.index.load import plain


class Heard:
    """A watch that keeps what it is told."""

    def __init__(self):
        self.total = 0
        self.tables = []
        self.n_rows = 0

    def begin(self, n_rows):
        self.total = n_rows

    def table(self, name):
        self.tables.append(name)

    def rows(self, n_rows):
        self.n_rows += n_rows


@pytest.fixture
def copied(dataset, tmp_path):
    """A dataset of one's own, without an index."""
    folder = tmp_path / "copied"
    shutil.copytree(dataset, folder, ignore=shutil.ignore_patterns(".gongkai-explorer", "*.csv"))
    return folder


def touch(folder):
    """Make a dataset another one, as far as anyone can tell by its files."""
    run = folder / "run.json"
    run.write_bytes(run.read_bytes() + b"\n")


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_a_table_has_its_rows_and_columns_with_every_value(desk, dataset, table):
    written = pq.read_table(dataset / f"{table.name}.parquet").to_pylist()
    found = [dict(row) for row in desk.rows(f'SELECT * FROM "{table.name}" ORDER BY rowid')]
    assert found == [{name: plain(value) for name, value in row.items()} for row in written]


def test_what_is_not_printed_is_null_and_false_is_zero(desk):
    assert desk.row("SELECT count(*), count(value) FROM cells WHERE state <> 'number'")[1] == 0
    assert desk.row("SELECT count(*) FROM cells WHERE state = 'number' AND value IS NULL")[0] == 0
    kinds = {row[0] for row in desk.rows("SELECT DISTINCT typeof(approximate) || approximate FROM claims")}
    assert kinds == {"integer0", "integer1"}
    assert {row[0] for row in desk.rows("SELECT DISTINCT typeof(value) FROM facts")} <= {"integer", "real", "null"}


@pytest.mark.parametrize(
    ("value", "held"),
    [(Decimal("12.0000000000"), 12), (Decimal("59490886.6700000000"), 59490886.67), (Decimal(-(2**80)), -(2.0**80))],
)
def test_a_decimal_is_held_as_it_is(value, held):
    assert plain(value) == held
    assert isinstance(plain(value), type(held))


def test_rows_are_told_apart_by_the_keys_of_the_schema(desk):
    for table in schema.TABLES:
        key = sorted((row["pk"], row["name"]) for row in desk.rows(f"PRAGMA table_info({table.name})") if row["pk"])
        assert tuple(name for _, name in key) in {table.key, ()}, table.name
        found = {(row["from"], row["table"]) for row in desk.rows(f"PRAGMA foreign_key_list({table.name})")}
        assert found == set(table.references)


def test_the_list_of_checks_is_the_one_for_people(desk, dataset):
    with listing(dataset, "", None, ("fail", "uncertain")) as (_, rows):
        wanted = [tuple(map(plain, row)) for row in rows]
    named = ", ".join(f'"{name}"' for name in COLUMNS)
    assert [tuple(row) for row in desk.rows(f"SELECT {named} FROM check_list ORDER BY rank")] == wanted
    assert len(wanted) == desk.row("SELECT count(*) FROM check_list WHERE agency_id IS NOT NULL")[0]


def test_nothing_can_be_written_through_a_connection_for_reading(desk):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        desk.base.execute("DELETE FROM reports")


def test_an_index_is_made_once_and_again_when_the_dataset_is_another(copied):
    first, again, after = Heard(), Heard(), Heard()
    target = open_index(copied, watch=first)
    assert target == copied / ".gongkai-explorer" / "dataset.db"
    assert first.tables[-2:] == ["check_list", "search"]
    assert 0 < first.total <= first.n_rows
    open_index(copied, watch=again)
    assert again.tables == []
    touch(copied)
    open_index(copied, watch=after)
    assert after.tables == first.tables
    assert sorted(path.name for path in target.parent.iterdir()) == ["dataset.db", "lock"]


@pytest.fixture
def quick(monkeypatch):
    """Indexes with the smallest table only: these tests are not about what is in them."""
    monkeypatch.setattr(make, "_fill", lambda base, *_: base.execute("CREATE TABLE small (value)"))


def test_a_folder_that_cannot_be_written_to_has_its_index_in_a_private_one(copied, tmp_path, monkeypatch, quick):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (copied / ".gongkai-explorer").write_text("no folder can be here")
    target = open_index(copied)
    assert target.is_relative_to(tmp_path / "cache" / "gongkai")
    assert stat.S_IMODE(target.parent.stat().st_mode) == stat.S_IMODE(target.parent.parent.stat().st_mode) == 0o700
    assert open_index(copied) == target


def test_a_cache_that_others_can_write_to_is_not_used(copied, tmp_path, monkeypatch, quick):
    (copied / ".gongkai-explorer").write_text("no folder can be here")
    shared = tmp_path / "cache" / "gongkai"
    shared.mkdir(parents=True)
    shared.chmod(0o777)
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared.parent))
    monkeypatch.setattr(place.tempfile, "gettempdir", lambda: str(tmp_path))
    assert not open_index(copied).is_relative_to(shared)


def test_a_run_that_was_stopped_half_way_leaves_nothing_that_is_taken_for_an_index(copied, monkeypatch, quick):
    target = copied / ".gongkai-explorer" / "dataset.db"

    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as within:
        within.setattr(make, "_fill", stopped)
        with pytest.raises(KeyboardInterrupt):
            open_index(copied)
        assert not target.exists()
    target.with_name("dataset.db.part").write_bytes(b"what a killed process left")
    assert open_index(copied) == target
    whole = target.read_bytes()
    target.write_bytes(whole[:-1])
    open_index(copied)
    assert target.read_bytes() == whole


def test_a_full_disk_is_told(copied, monkeypatch):
    def full(base, *_):
        base.execute("PRAGMA max_page_count = 3")
        base.execute("CREATE TABLE large AS SELECT zeroblob(100000) AS value")

    monkeypatch.setattr(make, "_fill", full)
    with pytest.raises(DatasetError, match="full") as told:
        open_index(copied)
    assert told.value.code == "cannot_write"
    assert [path.name for path in (copied / ".gongkai-explorer").iterdir()] == ["lock"]


def test_two_that_begin_at_once_make_one_index(copied, monkeypatch):
    made = []

    def slow(base, *_):
        made.append(base)
        base.execute("CREATE TABLE small (value)")

    monkeypatch.setattr(make, "_fill", slow)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(open_index, [copied] * 4))) == 1
    assert len(made) == 1


def test_a_dataset_of_another_version_is_told(copied):
    path = copied / "facts.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["derivation"]), path)
    with pytest.raises(DatasetError, match="facts has no column derivation") as told:
        open_index(copied)
    assert told.value.code == "other_version"
    path.write_bytes(b"no table")
    with pytest.raises(DatasetError, match=r"facts\.parquet cannot be read"):
        open_index(copied)


def test_what_pages_ask_by_is_found_without_reading_a_whole_table(dataset):
    questions = {
        "SELECT * FROM facts WHERE capture_id = 'a'": "facts",
        "SELECT * FROM facts WHERE agency_id = 'a' AND indicator = 'b'": "facts",
        "SELECT * FROM reports WHERE agency_id = 'a' ORDER BY report_year": "reports",
        "SELECT * FROM check_list WHERE verdict = 'fail' ORDER BY rank LIMIT 50": "check_list",
        "SELECT * FROM check_list WHERE agency_id = 'a'": "check_list",
        "SELECT * FROM rates WHERE report_year = 2020 AND rate = 'b'": "rates",
        "SELECT * FROM near_copies WHERE other_capture_id = 'a'": "near_copies",
    }
    with closing(connect(open_index(dataset))) as base:
        for question, table in questions.items():
            plan = [row["detail"] for row in base.execute(f"EXPLAIN QUERY PLAN {question}")]
            assert plan[0].startswith(f"SEARCH {table}"), plan
            assert not any("TEMP B-TREE" in step for step in plan), plan
