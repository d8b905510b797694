"""The batch goes on whatever one page does, and says of every page what became of it."""

import csv
from dataclasses import replace

import pytest

import parsers
from gongkai.build import build
from gongkai.dataset import open_dataset
from gongkai.errors import DatasetError, GongkaiError, SourceError


def coverage(directory):
    with (directory / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return {row["source_uri"].rsplit("/", 1)[-1]: row for row in csv.DictReader(file)}


def test_every_page_has_an_outcome(archive, tmp_path):
    summary = build([archive], tmp_path / "out")
    lines = coverage(tmp_path / "out")
    assert {name: line["outcome"] for name, line in lines.items()} == {
        "2022.html": "ok",
        "copy.html": "duplicate",
        "empty.html": "empty",
        "notice.html": "not_a_report",
    }
    assert lines["empty.html"]["next_step"]
    assert lines["notice.html"]["next_step"]
    assert dict(summary.rows)["reports"] == 1


def test_a_crash_of_one_page_is_its_outcome(archive, tmp_path, monkeypatch):
    parse = parsers.parse

    def crashing(data, **about):
        if about["source_uri"].endswith("notice.html"):
            raise IndexError("list index\nout of range")
        return parse(data, **about)

    monkeypatch.setattr(parsers, "parse", crashing)
    build([archive], tmp_path / "out")
    line = coverage(tmp_path / "out")["notice.html"]
    assert (line["outcome"], line["detail"]) == ("crashed", "IndexError: list index out of range")
    assert line["next_step"].startswith("Report the page")
    assert coverage(tmp_path / "out")["2022.html"]["outcome"] == "ok"


def test_a_report_that_breaks_the_rules_of_the_dataset_is_a_crash_without_rows(archive, tmp_path, monkeypatch):
    parse = parsers.parse

    def doubled(data, **about):
        report = parse(data, **about)
        return replace(report, facts=report.facts * 2)

    monkeypatch.setattr(parsers, "parse", doubled)
    build([archive], tmp_path / "out")
    line = coverage(tmp_path / "out")["2022.html"]
    assert line["outcome"] == "crashed"
    assert line["detail"].startswith("ContractError: facts: the key")
    assert len(open_dataset(tmp_path / "out").cells) == 0


def test_the_manifest_reaches_the_parser(archive, tmp_path, monkeypatch):
    heard = {}
    parse = parsers.parse

    def listening(data, **about):
        heard[about["source_uri"]] = (about["manifest_agency"], about["manifest_year"])
        return parse(data, **about)

    (archive / "manifest.csv").write_text(
        "source_uri,agency,report_year,captured_at\n2022.html,清河县财政局,2022,2023-02-01T00:00:00Z\n",
        "utf-8",
    )
    monkeypatch.setattr(parsers, "parse", listening)
    build([archive], tmp_path / "out")
    assert ("清河县财政局", 2022) in heard.values()
    assert open_dataset(tmp_path / "out").reports["captured_at"][0] == "2023-02-01T00:00:00Z"


def test_two_runs_give_the_same_bytes(archive, tmp_path):
    for name in ("one", "two"):
        build([archive], tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_missing_source_is_an_error_before_anything_is_made(tmp_path):
    with pytest.raises(SourceError, match="nowhere"):
        build([tmp_path / "nowhere"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_output_in_a_source_is_refused(archive):
    with pytest.raises(DatasetError) as caught:
        build([archive], archive / "dataset")
    assert caught.value.code == "inside_source"
    assert isinstance(caught.value, GongkaiError)


def test_a_page_that_was_followed_as_a_list_is_one_unless_it_is_a_report(archive, tmp_path):
    said = ("2022.html", "shell.html", "notice.html", "empty.html")
    (archive / "shell.html").write_text("<html><body><script src=list.js></script></body></html>", encoding="utf-8")
    lines = (f"{name},list_page,6 reports listed\n" for name in said)
    (archive / "manifest.csv").write_text(f"file,outcome,detail\n{''.join(lines)}", encoding="utf-8")
    build([archive], tmp_path / "out")
    found = coverage(tmp_path / "out")
    assert [found[name]["outcome"] for name in said] == ["ok", "list_page", "list_page", "empty"]
    assert found["shell.html"]["detail"].startswith("6 reports listed")
    assert found["shell.html"]["next_step"] == ""


def test_the_watch_hears_of_every_page(archive, tmp_path):
    heard = []

    class Watch:
        def begin(self, n_files, n_bytes):
            heard.append(("begin", n_files, n_bytes))

        def page(self, n_bytes, n_pages=1):
            heard.append(("page", n_bytes))

        def merge(self):
            heard.append(("merge",))

    build([archive], tmp_path / "out", watch=Watch())
    size = sum(path.stat().st_size for path in archive.iterdir())
    assert heard[0] == ("begin", 4, size)
    assert sum(entry[1] for entry in heard if entry[0] == "page") == size
    assert heard[-1] == ("merge",)


def test_an_interrupt_leaves_the_old_dataset_whole(archive, tmp_path, monkeypatch):
    build([archive], tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(parsers, "parse", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build([archive], tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
