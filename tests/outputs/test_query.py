"""One question in SQL: what it gives, that it can only read, and what is said of a wrong one."""

from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.build import build
from outputs import schema
from outputs.answers import field_text, written
from outputs.errors import DatasetError, QueryError
from outputs.query import asking

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("query") / "data set's"  # a blank and a quote in its name
    build([SAMPLES / name for name in ("pingtan-2020", "pingtan-2021", "shanghai-general-office-2019")], folder)
    return folder


def ask(dataset, question):
    with asking(dataset, question) as answer:
        return answer.columns, answer.numeric, list(answer.rows)


def error_of(dataset, question):
    with pytest.raises(QueryError) as caught:
        ask(dataset, question)
    return caught.value


def state_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# What it gives.


def test_every_table_is_a_view_by_its_name(dataset):
    for table in schema.TABLES:
        columns, _, _ = ask(dataset, f"SELECT * FROM {table.name} LIMIT 0")
        assert columns == tuple(column.name for column in table.columns)


def test_numbers_are_exact_decimals(dataset):
    question = (
        "SELECT report_year, value, value * 2 AS twice, count(*) OVER () AS n FROM facts "
        "WHERE indicator = 'requests_received' AND applicant = 'total' AND report_year > 2019 "
        "ORDER BY report_year; -- to the end"
    )
    assert ask(dataset, question) == (
        ("report_year", "value", "twice", "n"),
        (True, True, True, True),
        [(2020, Decimal(21), Decimal(42), 2), (2021, Decimal(70), Decimal(140), 2)],
    )


def test_what_is_not_printed_is_none(dataset):
    _, _, rows = ask(dataset, "SELECT DISTINCT value FROM cells WHERE state <> 'number'")
    assert rows == [(None,)]


def test_two_columns_of_one_name_are_told_apart(dataset):
    columns, _, rows = ask(dataset, "SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a")
    assert columns == ("a", "a_2", "a_2_2", "a_3")
    assert rows == [(1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("FROM facts SELECT count(*) > 0", (True,)),
        ("VALUES (1)", (1,)),
        ("WITH x AS (SELECT 1 AS a) SELECT a FROM x", (1,)),
        ("PIVOT (SELECT 1 AS a, 'x' AS b) ON b IN ('x', 'y') USING count(*)", (1, 1, 0)),
        ("SELECT ';' /* ; */ ;; -- ;", (";",)),
        ("(SELECT '平' ORDER BY 1) ; /* 潭 */", ("平",)),
    ],
)
def test_every_way_to_ask_is_open(dataset, question, first):
    assert ask(dataset, question)[2][0] == first


def test_tables_can_be_described_in_sql(dataset):
    assert ask(dataset, "DESCRIBE reports")[2][0][:2] == ("capture_id", "VARCHAR")
    assert ("facts",) in ask(dataset, "SHOW TABLES")[2]


def test_rows_stream(dataset):
    with asking(dataset, "SELECT i FROM range(1000000000) t(i)") as answer:
        assert next(answer.rows) == (0,)  # a billion rows do not fit into memory


def test_the_same_question_gives_the_same_rows_in_the_same_order(dataset):
    question = "SELECT indicator, count(*), avg(value) FROM facts GROUP BY indicator"
    assert ask(dataset, question) == ask(dataset, question)


# It can only read.


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('{dataset}/run.json')",
        "SELECT * FROM read_parquet('{dataset}/../other.parquet')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM read_json('https://example.invalid/a.json')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
    ],
)
def test_nothing_but_the_dataset_is_reached(dataset, question):
    error = error_of(dataset, question.format(dataset=str(dataset).replace("'", "''")))
    assert error.code == "no_access"
    assert error.what == "gongkai query reaches the tables of the dataset and nothing else"


@pytest.mark.parametrize(
    "question",
    [
        "COPY (SELECT 1) TO '{target}'",
        "COPY facts TO '{facts}'",
        "WITH x AS (COPY (SELECT 1) TO '{target}') SELECT 1",
        "WITH x AS (COPY (SELECT 1) TO '{facts}') SELECT 1",
        "WITH x AS (SELECT 1), y AS (COPY (SELECT 1) TO '{facts}') FROM x",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{target}'",
        "EXPORT DATABASE '{target}'",
        "ATTACH '{target}' AS other",
        "CREATE TABLE t AS SELECT 1",
        "INSERT INTO facts SELECT * FROM facts",
        "WITH x AS (INSERT INTO facts SELECT * FROM facts RETURNING *) SELECT 1",
        "UPDATE facts SET value = 1",
        "DELETE FROM facts",
        "DROP VIEW facts",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 4",
        "SET enable_external_access = true",
        "RESET allowed_paths",
        "PRAGMA version",
        "CALL pragma_version()",
        "CHECKPOINT",
        "USE memory",
        "PREPARE p AS SELECT 1",
        "BEGIN",
    ],
)
def test_nothing_is_changed(dataset, tmp_path, question):
    before = state_of(dataset)
    quoted = str(dataset).replace("'", "''")
    error = error_of(dataset, question.format(target=tmp_path / "out", facts=f"{quoted}/facts.parquet"))
    assert error.code == "not_a_question"
    assert error.what.startswith("gongkai query only reads; ")
    assert state_of(dataset) == before
    assert list(tmp_path.iterdir()) == []


def test_a_bracket_that_closes_too_early_is_no_way_out(dataset, tmp_path):
    target = tmp_path / "out"
    error = error_of(dataset, f"SELECT 1) LIMIT 0; COPY (SELECT 1) TO '{target}'; SELECT * FROM (SELECT 1")
    assert error.code in {"several_queries", "syntax"}
    assert not target.exists()


def test_variables_of_the_program_are_not_tables(dataset):
    rows = [1]
    assert error_of(dataset, "SELECT * FROM rows").code == "unknown_table", rows


def test_one_question_at_a_time(dataset):
    assert error_of(dataset, "SELECT 1; SELECT 2").code == "several_queries"
    assert error_of(dataset, " -- nothing").code == "no_query"


# What is said of a wrong question.


@pytest.mark.parametrize(
    ("question", "code", "where", "next_step"),
    [
        ("SELECT valeu FROM facts", "unknown_column", "line 1, column 8 of the SQL", "Did you mean value? "),
        ("SELECT '平潭',\n  agencyid FROM facts", "unknown_column", "line 2, column 3 of the SQL", "mean agency_id? "),
        ("SELECT '平潭', agency FROM facts", "unknown_column", "line 1, column 14 of the SQL", "a column of reports"),
        ("SELECT f.agency FROM facts f", "unknown_column", "line 1, column 8 of the SQL", "It is a column of reports"),
        ("SELECT * FROM fatcs", "unknown_table", "line 1, column 15 of the SQL", "Did you mean facts? The tables are"),
        ("SELECT left, right FROM checks", "syntax", "line 1, column 12 of the SQL", 'write "left" in double quotes'),
        ("SELECT code, where FROM findings", "syntax", "line 1, column 20 of the SQL", 'write "where" in double'),
        ("SELEC 1", "syntax", "line 1, column 1 of the SQL", "Change the SQL"),
        ("SELECT nope(1)", "wrong_query", "line 1, column 8 of the SQL", "Change the SQL"),
        ("SELECT indicator::INT FROM facts", "wrong_query", "line 1, column 17 of the SQL", "Change the SQL"),
        ("SELECT now()", "wrong_query", "the SQL", "CAST(… AS VARCHAR)"),
        ("PIVOT facts ON state USING count(*)", "not_a_question", "the SQL", "Name the values"),
    ],
)
def test_a_wrong_question_is_told_where_and_what_was_meant(dataset, question, code, where, next_step):
    error = error_of(dataset, question)
    assert (error.code, error.where) == (code, where)
    assert next_step in error.next_step
    assert "\n" not in str(error)


def test_an_indicator_without_quotes_is_told_as_such(dataset):
    error = error_of(dataset, "SELECT * FROM facts WHERE indicator = requests_received")
    assert error.code == "unknown_column"
    assert error.next_step.endswith("As a value of `indicator`, write it in single quotes.")


def test_an_error_that_comes_late_is_told_too(dataset):
    with asking(dataset, "SELECT CAST(if(i < 300000, '1', 'x') AS INT) FROM range(310000) t(i)") as answer:
        assert next(answer.rows) == (1,)
        with pytest.raises(QueryError) as caught:
            list(answer.rows)
    assert caught.value.code == "wrong_query"


def test_a_folder_without_a_dataset_is_told(tmp_path):
    with pytest.raises(DatasetError) as caught:
        ask(tmp_path, "SELECT 1")
    assert caught.value.code == "not_a_dataset"


# How it is written.

ROWS = [(None, "a|b", Decimal("45.6500")), (True, '他说"好"\n走了', Decimal("-0.10")), ("", "=1+1", None)]
COLUMNS, NUMERIC = ("flag", "text", "number"), (False, False, True)


def test_csv():
    assert "".join(written("csv", COLUMNS, NUMERIC, ROWS)) == (
        'flag,text,number\n,a|b,45.65\ntrue,"他说""好""\n走了",-0.1\n,=1+1,\n'
    )


def test_csv_for_spreadsheets():
    assert "".join(written("csv", COLUMNS, NUMERIC, ROWS, excel=True)) == (
        '\ufeffflag,text,number\n,a|b,45.65\ntrue,"他说""好""\n走了",-0.1\n,\'=1+1,\n'
    )


def test_json():
    assert "".join(written("json", COLUMNS, NUMERIC, ROWS)) == (
        '[\n{"flag": null, "text": "a|b", "number": 45.65},\n'
        '{"flag": true, "text": "他说\\"好\\"\\n走了", "number": -0.1},\n'
        '{"flag": "", "text": "=1+1", "number": null}\n]\n'
    )
    assert "".join(written("json", COLUMNS, NUMERIC, [])) == "[]\n"


def test_markdown():
    assert "".join(written("md", ("requests_received", "_x_"), (True, False), ROWS[1:2])) == (
        '| requests_received | \\_x\\_ |\n|---:|---|\n| true | 他说"好"<br>走了 | -0.1 |\n'
    )
    assert "".join(written("md", ("a",), (False,), [("a|b",)])) == "| a |\n|---|\n| a\\|b |\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (False, "false"),
        (0, "0"),
        (10**30, "1" + "0" * 30),
        (Decimal("100.0000000000"), "100"),
        (Decimal("1E-10"), "0.0000000001"),
        (0.1 + 0.2, "0.3"),
        (float("nan"), "nan"),
        (b"\x00\xff", "00ff"),
        ({"a": [Decimal("1.50"), None, "中"]}, '{"a": [1.5, null, "中"]}'),
    ],
)
def test_values_as_text(value, text):
    assert field_text(value) == text
