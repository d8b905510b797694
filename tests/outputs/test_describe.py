"""The dataset describes itself: to programs, to people, and truly."""

import csv
import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from frictionless import Package

from outputs import schema
from outputs.describe import page_text
from outputs.run import Run
from outputs.writer import dataset_writer

PAGE = Path(__file__).parents[2] / "docs" / "dataset.md"


@pytest.fixture
def dataset(tmp_path, run, page, cell):
    blank = cell._replace(row=2, raw="", state="blank", value=None, base_value=None, indicator="", mapping="none")
    share = cell._replace(row=3, raw="27.2", value=Decimal("27.2"), section_no=None)
    with dataset_writer(tmp_path, run) as writer:
        writer.add(*page("a", cells=(cell, blank, share)))
        writer.add(*page("b", captured_at="2021-01-01T00:00:00Z", identity={"report_year": None}))
        writer.add(*page("b", uri="copy.html"))
        writer.add(*page("c", uri="c.html", outcome="script_shell", detail="no text", next_step="render it"))
        writer.finish()
    return tmp_path


def test_frictionless_finds_schema_and_data_valid(dataset):
    report = Package(str(dataset / "datapackage.json")).validate()
    assert report.flatten(["resourceName", "rowNumber", "fieldName", "type", "note"]) == []
    assert report.valid
    assert report.stats["tasks"] == len(schema.TABLES)


@pytest.mark.parametrize(
    ("name", "column", "wrong"),
    [("facts", "indicator", "wishes_granted"), ("cells", "state", "zero"), ("facts", "capture_id", "0" * 16)],
)
def test_frictionless_would_find_data_that_break_the_description(dataset, name, column, wrong):
    with (dataset / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = wrong
    with (dataset / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    package = json.loads((dataset / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        # so that the digest is not what betrays the change
        del resource["hash"], resource["bytes"]
    (dataset / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    types = {row[0] for row in Package(str(dataset / "datapackage.json")).validate().flatten(["type"])}
    assert types & {"foreign-key", "constraint-error"}


def test_every_field_is_described(dataset):
    package = json.loads((dataset / "datapackage.json").read_text("utf-8"))
    fields = [field for resource in package["resources"] for field in resource["schema"]["fields"]]
    assert all(field["description"].endswith(".") for field in fields)
    assert {entry["path"] for entry in package["gongkai:parquet"]} == {
        f"{table.name}.parquet" for table in schema.TABLES
    }


def test_the_run_record_names_every_file_with_its_digest(dataset):
    record = json.loads((dataset / "run.json").read_text("utf-8"))
    present = {path.name for path in dataset.iterdir()} - {"run.json"}
    assert set(record["files"]) == present
    for name, file in record["files"].items():
        content = (dataset / name).read_bytes()
        assert file == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_the_run_record_counts(dataset):
    record = json.loads((dataset / "run.json").read_text("utf-8"))
    assert record["made_by"] == "gongkai"
    assert record["versions"] == {"gongkai": "0.0.0", "parser": "1", "forms": "f0", "lxml": "6.0"}
    assert record["outcomes"] == {"ok": 2, "duplicate": 1, "script_shell": 1}
    assert record["reports"] == [
        {"report_year": 2020, "form_id": "C1_2019_60", "reports": 1},
        {"report_year": None, "form_id": "C1_2019_60", "reports": 1},
    ]
    assert record["findings"] == [{"code": "published_late", "count": 2, "reports": 2}]
    assert record["cells_mapped"] == 3


def test_the_run_record_holds_no_absolute_path(tmp_path, run):
    given = Run(run.versions, run.libraries, (str(tmp_path / "archive"), "pages/2020"), 1)
    with dataset_writer(tmp_path / "out", given) as writer:
        writer.finish()
    text = (tmp_path / "out" / "run.json").read_text("utf-8")
    assert json.loads(text)["sources"] == ["archive", "pages/2020"]
    assert str(tmp_path) not in text


def test_the_page_on_the_dataset_is_that_of_the_schema():
    assert PAGE.read_text("utf-8") == page_text(), "run: python -m outputs.describe > docs/dataset.md"


def test_every_column_is_on_the_page():
    page = PAGE.read_text("utf-8")
    for table in schema.TABLES:
        part = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} |" in part


def test_keys_and_references_name_columns():
    for table in schema.TABLES:
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        assert set(table.key) <= set(names)
        for column, other in table.references:
            assert column in names
            assert len(schema.table(other).key) == 1  # capture_id_before refers to reports.capture_id
