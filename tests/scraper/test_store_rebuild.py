"""A catalogue that is lost is made anew from the WARC files; files put in by hand are entered."""

import gzip as packer
import io
import shutil
from dataclasses import replace

import pytest
from stored_visits import HTML, SITE, page, visit, warc_files
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.archive import open_archive, read_archive, verify
from scraper.errors import FetchError
from scraper.records import Reading, Target

URL = f"{SITE}/a.html"


def fill(folder, runs=2, plan="plan"):
    for run in range(runs):
        with open_archive(folder) as archive:
            archive.begin_run("live", plan)
            archive.add_targets([Target(URL, agency="示例局")])
            archive.record(visit(URL, page(0), headers=(*HTML, ("ETag", '"1"'), ("Last-Modified", "x"))))
            archive.record(visit(f"{SITE}/b.html", page(run + 1), moment=f"2026-05-0{run + 1}T00:00:00Z"))
            archive.record(visit(URL, status=304, headers=(("ETag", '"2"'),), moment=f"2026-06-0{run + 1}T00:00:00Z"))
            archive.record(visit(f"{SITE}/moved", status=302, headers=(("Location", "/a.html"),)))
            archive.record(visit(f"{SITE}/cut", page(5), truncated="length"))
            archive.record(visit(URL, page(7), source="wayback", moment=f"201{run}-01-01T00:00:00Z"))
            archive.record(visit(URL, page(8 + run), status=None, source="rendered", media_type="text/html"))
            archive.settle(Target(URL), Reading("ok"), final_url=URL)
            archive.finish_run()


def all_visits(folder):
    with read_archive(folder) as view:
        return [(stored, view.read(stored).body) for stored in view.visits()]


@pytest.mark.parametrize("write", [False, True])
def test_nothing_of_the_visits_is_lost_with_the_catalogue(tmp_path, write):
    fill(tmp_path)
    before = all_visits(tmp_path)
    assert len(before) == 14
    shutil.rmtree(tmp_path / ".fetch")
    if write:
        with open_archive(tmp_path) as archive:
            assert archive.begin_run("live", "plan").resumed is False
            assert archive.visited(URL) is None
            assert archive.earlier(URL) == before[0][0]
            assert archive.visited(URL, "2010-01-01T00:00:00Z").source == "wayback"
    assert all_visits(tmp_path) == before
    assert list(verify(tmp_path)) == []
    assert (tmp_path / ".fetch").exists() is write


def test_the_words_of_the_manifest_outlive_the_catalogue(tmp_path):
    fill(tmp_path)
    before = (tmp_path / "manifest.csv").read_bytes()
    assert "示例局" in before.decode("utf-8-sig")
    shutil.rmtree(tmp_path / ".fetch")
    fill(tmp_path, runs=1, plan="other")
    assert (tmp_path / "manifest.csv").read_bytes() == before


@pytest.mark.parametrize("lost", [1, 30, 200, 500, 900, 1300, 2000])
def test_what_a_kill_left_half_written_is_cut_off_without_a_catalogue_too(tmp_path, lost):
    fill(tmp_path, runs=1)
    whole = all_visits(tmp_path)
    path = warc_files(tmp_path)[0]
    data = path.read_bytes()
    path.write_bytes(data[:-lost])
    shutil.rmtree(tmp_path / ".fetch")
    kept = [one for one in whole if one[0].offset < len(data) - lost]
    seen = all_visits(tmp_path)
    assert seen in (kept, kept[:-1])
    assert path.stat().st_size == len(data) - lost
    with open_archive(tmp_path):
        pass
    assert all_visits(tmp_path) == seen
    assert list(verify(tmp_path)) == []


def test_a_damaged_file_is_named_and_not_cut(tmp_path):
    fill(tmp_path, runs=1)
    path = warc_files(tmp_path)[0]
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 50] = bytes(50)
    path.write_bytes(data)
    shutil.rmtree(tmp_path / ".fetch")
    with pytest.raises(FetchError, match=path.name) as caught, open_archive(tmp_path):
        pass
    assert caught.value.code == "archive_damaged"
    assert path.read_bytes() == data


def test_files_of_another_archive_are_entered_as_runs_of_their_own(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    fill(one, runs=1)
    fill(other, runs=2, plan="another plan")
    for path in warc_files(other):
        shutil.copy(path, one / f"gongkai-20990101000000-{path.name[23:]}")
    with open_archive(one) as archive:
        assert archive.begin_run("live", "new").run_no == 4
    with read_archive(one) as view:
        assert sorted(run.plan for run in view.runs()) == ["another plan", "another plan", "new", "plan"]
        assert [run.run_no for run in view.runs()] == [1, 2, 3, 4]
        assert len(list(view.visits())) == 21
    assert list(verify(one)) == []


def foreign(path, *, gzip=True, joined=False):
    """A file as another crawler writes it: SHA-1 in base 32, chunks kept, a revisit before its page."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip and not joined)
    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "another"}))

    def answer(url, body, *fields, kind="response", **head):
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *fields], protocol="HTTP/1.1")
        more = {"warc_headers_dict": {"WARC-Date": "2019-01-01T00:00:00Z", **head}}
        writer.write_record(
            writer.create_warc_record(url, kind, io.BytesIO(body), len(body), http_headers=http, **more)
        )

    answer(f"{SITE}/f.html", page(1), ("ETag", '"f"'))
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page(2)), page(2))
    answer(f"{SITE}/g.html", chunked, ("Transfer-Encoding", "chunked"))
    answer("dns:www.example.gov.cn", b"192.0.2.1")
    refers = {"WARC-Refers-To-Target-URI": f"{SITE}/f.html", "WARC-Refers-To-Date": "2019-01-01T00:00:00Z"}
    answer(f"{SITE}/f.html", b"", kind="revisit", **{**refers, "WARC-Date": "2019-02-01T00:00:00Z"})
    data = out.getvalue()
    if joined:
        data = packer.compress(data)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("x.warc.gz", {}), ("x.warc", {"gzip": False}), ("x.warc.gz", {"joined": True})],
    ids=["packed", "plain", "packed as one"],
)
def test_files_of_other_programs_are_visits_of_the_site(tmp_path, name, shape):
    tmp_path.joinpath("a").mkdir()
    foreign(tmp_path / "a" / name, **shape)
    before = (tmp_path / "a" / name).read_bytes()
    with open_archive(tmp_path / "a") as archive:
        archive.begin_run("live", "plan")
        stored = archive.earlier(f"{SITE}/f.html")
        assert (stored.run_no, stored.source, stored.etag) == (0, "live", '"f"')
        assert archive.read(stored).body == page(1)
        other = archive.read(archive.earlier(f"{SITE}/g.html"))
        assert other.body == page(2)
        assert "Transfer-Encoding" not in dict(other.headers)
        again = archive.record(visit(f"{SITE}/f.html", page(1)))
        assert (again.record, again.refers_to) == ("revisit", stored.visit_no)
        archive.finish_run()
    assert [(one.record, body) for one, body in all_visits(tmp_path / "a")] == [
        ("response", page(1)),
        ("response", page(2)),
        ("revisit", page(1)),
        ("revisit", page(1)),
    ]
    assert (tmp_path / "a" / name).read_bytes() == before
    assert list(verify(tmp_path / "a")) == []


@pytest.mark.parametrize("gzip", [True, False])
def test_damage_in_a_file_of_another_program_is_found(tmp_path, gzip):
    path = tmp_path / ("x.warc.gz" if gzip else "x.warc")
    foreign(path, gzip=gzip)
    with open_archive(tmp_path):
        pass
    assert list(verify(tmp_path)) == []
    data = path.read_bytes()
    with read_archive(tmp_path) as view:
        first = next(view.visits())
    middle = first.offset + first.length * 3 // 4
    path.write_bytes(data[:middle] + bytes(20) + data[middle + 20 :])
    found = list(verify(tmp_path))
    assert found
    assert all(path.name in problem.where for problem in found)


def test_a_file_of_another_program_that_grew_is_told(tmp_path):
    foreign(tmp_path / "x.warc.gz")
    with open_archive(tmp_path):
        pass
    with (tmp_path / "x.warc.gz").open("ab") as file:
        file.write(b"more")
    with pytest.raises(FetchError, match=r"x\.warc\.gz") as caught, open_archive(tmp_path):
        pass
    assert caught.value.code == "archive_damaged"


def test_a_rebuilt_row_differs_in_nothing(tmp_path):
    fill(tmp_path, runs=1)
    before = [replace(stored) for stored, _ in all_visits(tmp_path)]
    (tmp_path / ".fetch" / "catalogue.sqlite").unlink()
    assert [stored for stored, _ in all_visits(tmp_path)] == before
