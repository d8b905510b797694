"""A second run reads only what is new, other forms read nothing: and both give what a fresh run gives."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from batch_trouble import digests, finished, page, reused, write_warc
from upath import UPath

import parsers.report
from gongkai.build import build

ROOT = Path(__file__).parents[3]


@pytest.fixture
def parsed(monkeypatch):
    """Count the pages that are parsed in this process."""
    seen = []
    decode = parsers.report.decode

    def counting(data, **about):
        seen.append(data)
        return decode(data, **about)

    monkeypatch.setattr(parsers.report, "decode", counting)
    return seen


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
