"""A folder of hostile inputs, built twice from the command line: exit code 0, a line for each input, the same bytes."""

import csv
import gzip
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are those of POSIX")

SECONDS = 120  # of one run: several times what a slow core needs
NOISE = random.Random(5).randbytes(20_000)
TITLE = "清河县财政局2022年政府信息公开工作年度报告"
TABLE = (
    "<table><tr><td>指标名称</td><td>单位</td><td>数量</td></tr><tr><td>主动公开政府信息数</td><td>条</td><td>{}</td></tr>"
    "<tr><td>通过政府网站公开政府信息数</td><td>条</td><td>32</td></tr></table>"
)
LIMIT_MB = 32


def report(value="31", before="", after=""):
    text = "本机关认真落实条例要求，回应社会关切，公开内容不断充实，公开渠道更加多样，公开制度进一步健全。" * 5
    return (
        f'<html><head><meta charset="utf-8"><title>{TITLE}</title></head><body>{before}<h1>{TITLE}</h1>'
        f"<p>一、总体情况</p><p>{text}</p><p>二、主动公开政府信息情况</p>{TABLE.format(value)}{after}"
        "<p>三、存在的主要问题及改进情况</p><p>仍有不足。</p></body></html>"
    ).encode()


def record(uri, body, length=None):
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    size = len(block) if length is None else length
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nWARC-Date: 2014-03-01T02:03:04Z\r\n"
        b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % (uri, size)
    ) + (block + b"\r\n\r\n")


FILES = {
    "empty.html": (b"", "empty"),
    "white.html": (b" \r\n" * 999, "empty"),
    "noise.html": (NOISE, "undecodable"),
    "noise.bin": (b"MZ\x90\0\3" + NOISE, "undecodable"),
    "picture.html": (b"\x89PNG\r\n\x1a\n" + NOISE, "image_only"),
    "packed.html": (b"\x1f\x8b\x08" + NOISE, "crashed"),
    "bomb.html.gz": (gzip.compress(bytes(40 * 2**20), mtime=0), "too_large"),
    "office.html": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "attachment_only"),
    "deep.html": (report("33", before="<div>" * 20_000), "ok"),
    "nul.html": (report("34").replace(b"<p>", b"\0<p>\0"), "ok"),
    "controls.html": (report("35", after="<p>甲&#11;&#0;&#xD800;\x0b\x1b乙\ufffe\uffff</p>"), "ok"),
    "surrogates.html": (("\ufeff" + report("36").decode() + "\ud800").encode("utf-16-le", "surrogatepass"), "ok"),
    "span.html": (report("37").replace(b"<td>", b"<td colspan=100000000 rowspan=0>"), None),
    "formula.html": (report("38", after='<p>=cmd|\' /C calc\'!A0</p><p>"x","y"\r\n</p>'), "ok"),
    "line\nbreak.html": (report("39"), "ok"),
    "copy.html": (report("39"), "duplicate"),
    "n" * 240 + ".html": (report("40"), "ok"),
}
LINKS = {"up": ".", "ring.html": "ring.html", "dangling.html": "nowhere.html"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "pages"
    folder.mkdir()
    for name, (data, _) in FILES.items():
        (folder / name).write_bytes(data)
    with (folder / "large.html").open("wb") as file:
        for _ in range(50):
            file.write("<p>本机关落实条例</p>".encode() * 41_000)
    with open(os.fsencode(folder) + "/年报".encode("gbk") + b".html", "wb") as file:  # noqa: PTH123  a name of bytes
        file.write(report("41"))
    for name, target in LINKS.items():
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.html")
    whole = record(b"http://x.cn/1", report("42"))
    (folder / "cut.warc").write_bytes(whole + record(b"http://x.cn/2", report("43"))[:-300])
    (folder / "length.warc").write_bytes(
        record(b"http://x.cn/3", report("44"), 50) + record(b"http://x.cn/4", report("45"))
    )
    (folder / "cut.warc.gz").write_bytes(
        gzip.compress(record(b"http://x.cn/5", report("46")))
        + gzip.compress(record(b"http://x.cn/6", report("47")))[:-50]
    )
    return folder


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "gongkai", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        cwd=Path(__file__).parents[2],
    )


@pytest.fixture(scope="module")
def built(folder, tmp_path_factory):
    outs = [tmp_path_factory.mktemp("out") / name for name in ("one", "two")]
    return outs, [run("build", folder, "-o", out) for out in outs]


def lines(out, table="coverage"):
    with (out / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_run_ends_well_and_tells_no_traceback(built):
    for done in built[1]:
        assert (done.returncode, "Traceback" in done.stderr, "Traceback" in done.stdout) == (0, False, False)


def test_every_input_has_one_line_with_its_outcome(built, folder):
    rows = lines(built[0][0])
    by_uri = {row["source_uri"]: row["outcome"] for row in rows}
    assert len(by_uri) == len(rows)
    copies = {"line\nbreak.html", "copy.html"}
    expected = {f"pages/{name}": outcome for name, (_, outcome) in FILES.items() if name not in copies}
    expected |= {
        "pages/large.html": "too_large",
        "pages/年报.html": "ok",
        "pages/ring.html": "crashed",
        "pages/dangling.html": "crashed",
        "pages/pipe.html": "crashed",
        "http://x.cn/1": "ok",
        "http://x.cn/2": "crashed",
        "http://x.cn/4": "ok",
        "http://x.cn/5": "ok",
    }
    span = expected.pop("pages/span.html")
    assert span is None
    assert by_uri["pages/span.html"]
    assert expected.items() <= by_uri.items()
    assert {by_uri[f"pages/{name}"] for name in copies} == {"ok", "duplicate"}
    # What is left is damage inside the archives, by address or place.
    rest = by_uri.keys() - expected.keys() - {f"pages/{name}" for name in copies} - {"pages/span.html"}
    assert all(uri.startswith(("http://x.cn/", "pages/cut.warc", "pages/length.warc")) for uri in rest)
    assert {by_uri[uri] for uri in rest} <= {"crashed"}


def test_what_failed_says_what_to_do(built):
    for row in lines(built[0][0]):
        if row["outcome"] not in ("ok", "duplicate"):
            assert row["detail"], row
            assert row["next_step"], row
            assert "Error:" not in row["detail"], "a defect of the reader, not of the page"


def test_no_number_is_invented(built):
    printed = {str(n) for n in range(31, 48)}
    cells = lines(built[0][0], "cells")
    assert len(cells) >= 20
    assert {row["value"] for row in cells} <= printed | {""}
    assert all(row["value"] == row["raw"] for row in cells if row["state"] == "number")


def test_two_runs_give_the_same_bytes(built):
    one, two = built[0]
    names = sorted(path.name for path in one.iterdir() if path.is_file())
    assert names == sorted(path.name for path in two.iterdir() if path.is_file())
    assert [name for name in names if (one / name).read_bytes() != (two / name).read_bytes()] == []


def test_a_number_that_no_table_can_hold_is_no_crash(tmp_path):
    (tmp_path / "pages").mkdir()
    for n, value in enumerate(("一" * 40, "1" * 250, "一" * 5000, "万" * 1000, "9" * 15 + "万亿")):
        (tmp_path / f"pages/{n}.html").write_bytes(report(value))
    done = run("build", tmp_path / "pages", "-o", tmp_path / "out", "--quiet")
    assert done.returncode == 0
    assert [row["outcome"] for row in lines(tmp_path / "out")] == ["ok"] * 5


def test_a_hostile_manifest_is_a_plain_word_and_no_dataset(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/a.html").write_bytes(report())
    (tmp_path / "pages/manifest.csv").write_bytes(b"source_uri,report_year\na.html,\x1b[31m12\n")
    done = run("build", tmp_path / "pages", "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert "manifest.csv, line 2" in done.stderr
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["deep.html", "controls.html", "pipe.html"])
def test_show_of_a_hostile_file_ends_with_words(folder, name):
    done = run("show", folder / name)
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert done.stdout or done.stderr
    assert not set(done.stdout) & {"\x1b", "\x0b", "\x00"}
