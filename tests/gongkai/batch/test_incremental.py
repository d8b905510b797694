"""A second run reads only what is new, other forms read nothing: and both give what a fresh run gives."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from batch_trouble import digests, finished, page, reused, write_warc
from upath import UPath

import gongkai.batch.pages
import gongkai.batch.worker
import parsers.report
from gongkai.batch.guard import Died
from gongkai.batch.pages import answer_page
from gongkai.batch.readings import Readings, ReadingsWriter
from gongkai.batch.records import Engine
from gongkai.batch.task import run_shard
from gongkai.build import build

ROOT = Path(__file__).parents[3]


@pytest.fixture
def parsed(monkeypatch):
    """Count the pages that are parsed in this process; one says of itself that it cannot be."""
    seen = []
    decode = parsers.report.decode

    def counting(data, **about):
        seen.append(data)
        assert b"no one reads this" not in data
        return decode(data, **about)

    monkeypatch.setattr(parsers.report, "decode", counting)
    return seen


def numbered(report, no):
    """A report of its own bytes, no larger than it must be."""
    return report.replace("总体情况</p>", f"总体情况</p><p>本年第{no}号。</p>")


def test_only_what_is_new_is_parsed(tmp_path, report_text, parsed):
    folder = tmp_path / "crawl"
    folder.mkdir()
    out = tmp_path / "out"
    write_warc(folder / "a.warc", [page(report_text, no) for no in range(4)])
    write_warc(folder / "b.warc", [page(report_text, 100 + no) for no in range(4)])
    (folder / "c.html").write_bytes(page(report_text, 200))
    build([folder], out, keep=True)
    assert (len(parsed), reused(out)) == (9, (0, 0, 9))
    build([folder], out, keep=True)
    assert (len(parsed), reused(out)) == (9, (9, 0, 0))
    write_warc(folder / "a.warc", [page(report_text, 4 + no) for no in range(4)], 4, "ab")  # it grows
    write_warc(folder / "d.warc", [page(report_text, 300 + no) for no in range(4)])
    (folder / "e.html").write_bytes(page(report_text, 400))
    build([folder], out, keep=True)
    assert (len(parsed), reused(out)) == (9 + 4 + 4 + 1, (9, 0, 9))
    build([folder], tmp_path / "fresh")
    assert digests(out) == digests(tmp_path / "fresh")


def test_of_a_folder_only_pages_that_are_new_or_changed_are_parsed(tmp_path, report_text, parsed):
    folder, out, fresh = tmp_path / "crawl", tmp_path / "out", tmp_path / "fresh"
    folder.mkdir()
    for no in range(30):
        (folder / f"{no}.html").write_text(numbered(report_text, no), encoding="utf-8")
    build([folder], out, keep=True)
    assert (len(parsed), len(finished(out)), reused(out)) == (30, 1, (0, 0, 30))
    (folder / "30.html").write_text(numbered(report_text, 30), encoding="utf-8")
    build([folder], out, keep=True)
    assert (len(parsed), reused(out)) == (31, (30, 0, 1))
    (folder / "7.html").write_text(numbered(report_text, 70), encoding="utf-8")
    build([folder], out, keep=True)
    assert (len(parsed), reused(out)) == (32, (30, 0, 1))
    (folder / "8.html").unlink()
    build([folder], out, keep=True)
    assert (len(parsed), reused(out)) == (32, (30, 0, 0))
    (folder / "manifest.csv").write_text("file,agency,report_year\n9.html,平遥县,2022\n", encoding="utf-8")
    build([folder], out, keep=True)
    assert (len(parsed), reused(out)) == (33, (29, 0, 1))
    build([folder], fresh)
    assert (len(parsed), digests(fresh)) == (33 + 30, digests(out))


def test_of_an_archive_that_was_written_anew_the_pages_are_known(tmp_path, report_text, parsed):
    source, out = tmp_path / "a.warc", tmp_path / "out"
    write_warc(source, [page(report_text, no) for no in range(4)])
    build([source], out, keep=True)
    write_warc(source, [page(report_text, no) for no in (0, 1, 20, 3)])
    build([source], out, keep=True)
    assert (len(parsed), reused(out)) == (5, (3, 0, 1))
    build([source], tmp_path / "fresh")
    assert digests(out) == digests(tmp_path / "fresh")


def test_a_page_that_failed_is_read_again_with_its_group(tmp_path, report_text, parsed):
    (tmp_path / "crawl").mkdir()
    for no, text in enumerate((report_text, report_text + "<!-- no one reads this -->", report_text)):
        (tmp_path / "crawl" / f"{no}.html").write_text(numbered(text, no), encoding="utf-8")
    build([tmp_path / "crawl"], tmp_path / "out", keep=True)
    (tmp_path / "crawl" / "0.html").unlink()
    build([tmp_path / "crawl"], tmp_path / "out", keep=True)
    assert (len(parsed), reused(tmp_path / "out")) == (3 + 1, (1, 0, 1))
    assert "crashed" in (tmp_path / "out" / "coverage.csv").read_text("utf-8")


class Aborted(BaseException):
    """What ends a process."""


class Here:
    """A reading process that is none, and dies of what aborts it."""

    def __init__(self, role, limits):
        self.role = role

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Nothing is there that must be ended."""

    def ask(self, spec, heard, looking):
        try:
            return run_shard(spec, answer_page, heard)
        except Aborted:
            raise Died("death", "SIGABRT", in_page=True) from None


def test_what_was_kept_cannot_keep_a_page_from_being_read(tmp_path, report_text, monkeypatch):
    source, out = tmp_path / "a.warc", tmp_path / "out"
    write_warc(source, [page(report_text, no) for no in range(2)])
    build([source], out, keep=True)
    write_warc(source, [page(report_text, no) for no in (0, 3)])

    def aborting(kept):
        raise Aborted

    monkeypatch.setattr(gongkai.batch.pages, "remap", aborting)
    monkeypatch.setattr(gongkai.batch.worker, "Guard", Here)
    build([source], out, engine=Engine("local", workers=1), keep=True)
    assert reused(out) == (0, 0, 2)


@pytest.mark.parametrize(("workers", "hands"), [(1, 1), (2, 2), (99, 4), (0, 4)])
def test_as_many_as_read_write_the_tables_but_no_more_than_there_are_cores(tmp_path, monkeypatch, workers, hands):
    class Asked(Exception):  # noqa: N818  it is no error
        pass

    def asked(*_, **more):
        raise Asked(more)

    (tmp_path / "a.html").write_bytes(b"")
    module = sys.modules[build.__module__]
    monkeypatch.setattr(module, "_cores", lambda: 4)
    monkeypatch.setattr(module, "write_dataset", asked)
    monkeypatch.setattr(gongkai.batch.worker, "Guard", Here)
    with pytest.raises(Asked) as told:
        build([tmp_path / "a.html"], tmp_path / "out", engine=Engine("local", workers))
    assert told.value.args == ({"hands": hands},)


def test_pages_are_found_by_their_keys_and_damaged_ones_are_not(tmp_path):
    kept = {f"{no}".zfill(16).encode(): os.urandom(1000) * 400 for no in range(8)}  # several blocks
    files = [tmp_path / "old", tmp_path / "new"]
    for file, forms in zip(files, ("old", "new"), strict=True):
        with ReadingsWriter(file, forms) as writer:
            for key, page_kept in list(kept.items())[: 8 if forms == "old" else 4]:
                writer.add(key, page_kept)
    keys = sorted(kept, reverse=True)
    readings = Readings(files, "new")
    found = [readings.find(key) for key in keys]
    assert [one.kept for one in found] == [kept[key] for key in keys]
    assert [one.forms for one in found] == ["old"] * 4 + ["new"] * 4
    assert readings.find(b"another") is None
    whole = files[0].read_bytes()
    files[0].write_bytes(b"\x00" * 100 + whole[100:])
    first, *_, last = kept
    damaged = Readings(files[:1], "old")
    assert damaged.find(first) is None
    assert damaged.find(last).kept == kept[last]
    for rest in (b"", whole[:-1], whole[-20:], b"\xff" * 40 + whole[-16:]):
        files[0].write_bytes(rest)
        assert Readings([files[0], tmp_path / "none"], "old").find(first) is None


def test_what_is_used_no_more_is_removed_and_nothing_stays_unless_asked(tmp_path, report_text):
    source = tmp_path / "a.warc"
    out = tmp_path / "out"
    for no in range(2):
        write_warc(source, [page(report_text, no)])
        build([source], out, keep=True)
        assert sorted(path.suffix for path in (out / ".gongkai-shards").iterdir()) == ["", ".kept"]
    build([source], tmp_path / "other")
    assert not (tmp_path / "other" / ".gongkai-shards").exists()


def test_shards_that_were_damaged_or_deleted_are_made_again(crawl, undisturbed, tmp_path):
    out = tmp_path / "out"
    build([crawl], out, keep=True)
    first, second, *_ = sorted((out / ".gongkai-shards").glob("*/note.json"))
    first.write_bytes(first.read_bytes()[:20])  # the machine went down
    shutil.rmtree(second.parent)
    for kept in (out / ".gongkai-shards").glob("*.kept"):
        kept.write_bytes(kept.read_bytes()[:200])
    build([crawl], out, keep=True)
    assert reused(out) == (12, 0, 8)
    assert digests(out) == undisturbed


def test_shards_are_kept_at_an_address_too(crawl, undisturbed, tmp_path):
    out = UPath("memory://kept/out")
    build([crawl], out, keep=True)
    assert reused(out) == (0, 0, 20)
    build([crawl], out, keep=True)
    assert reused(out) == (20, 0, 0)
    assert digests(out) == undisturbed
    build([crawl / "0.warc"], out, keep=True)
    assert len(finished(out)) == 1


COUNTING = """
import sys
from pathlib import Path
from upath import UPath

import parsers.report
from gongkai.build import build
decode, seen = parsers.report.decode, []
parsers.report.decode = lambda data, **about: seen.append(data) or decode(data, **about)
build([Path(sys.argv[1])], Path(sys.argv[2]), keep=sys.argv[3] == "keep")
print(len(seen))
"""


def pages_parsed(corpus, source, out, keep="keep"):
    """Build with a corpus that lies elsewhere; return how many pages were parsed."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTING, str(source), str(out), keep],
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(corpus), str(ROOT)))},
        cwd=corpus,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_a_label_that_was_not_known_is_mapped_without_reading_the_pages_again(tmp_path, report_text):
    corpus = tmp_path / "path" / "corpus"
    shutil.copytree(ROOT / "corpus", corpus, ignore=shutil.ignore_patterns("__pycache__", "samples"))
    source, out = tmp_path / "a.warc", tmp_path / "out"
    write_warc(source, [page(report_text.replace("结果纠正", "结果予以纠正"), no) for no in range(4)])
    assert pages_parsed(corpus.parent, source, out) == 4
    assert "结果予以纠正" in (out / "cells.csv").read_text("utf-8")
    assert "reconsideration_corrected" not in (out / "facts.csv").read_text("utf-8")
    with (corpus / "data" / "aliases.csv").open("a", encoding="utf-8") as file:
        file.write("col,结果予以纠正,结果纠正,a test\n")
    assert pages_parsed(corpus.parent, source, out) == 0
    assert reused(out) == (0, 4, 0)
    assert "reconsideration_corrected" in (out / "facts.csv").read_text("utf-8")
    assert pages_parsed(corpus.parent, source, tmp_path / "fresh", keep="no") == 4
    assert digests(out) == digests(tmp_path / "fresh")
