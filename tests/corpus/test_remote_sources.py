"""Sources that lie elsewhere than on a disk: in memory, in an S3 store, on the web."""

import functools
import http.server
import threading
import uuid

import pytest
import s3fs
from made_archives import LIMIT, laid_out, mixed, page, warc
from s3_store import bucket, s3_server  # noqa: F401  fixtures
from sharded import read_sharded
from upath import UPath

from corpus import places
from corpus.archive import plan_sources, read_captures, read_plan
from corpus.errors import SourceError
from corpus.places import source_path
from corpus.shards import ShardReader, Sizes, cut_plan

SOME = Sizes(packed=4000, plain=40_000, files=16, small=0)


@pytest.fixture
def memory():
    """The address of an empty folder in memory."""
    folder = UPath(f"memory://{uuid.uuid4()}")
    yield str(folder)
    folder.rmdir(recursive=True)


def copied(local, address):
    """Put the files of a local folder there."""
    for file in sorted(local.rglob("*")):
        if file.is_file():
            there = UPath(address) / file.relative_to(local).as_posix()
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(file.read_bytes())


@pytest.mark.parametrize("kind", ["memory", "bucket"])
def test_a_folder_far_away_gives_what_it_gives_on_a_disk(tmp_path, request, kind):
    address = request.getfixturevalue(kind)
    folder = mixed(tmp_path / "c", n_pages=5, n_records=7)
    copied(folder, f"{address}/deep/c")
    here = list(read_captures([folder], max_page_bytes=LIMIT))
    plan = plan_sources([source_path(f"{address}/deep/c")])
    assert [file.uri for file in plan.files] == [file.uri for file in plan_sources([folder]).files]
    found = read_sharded(plan, Sizes(packed=2000, plain=15_000, small=0), limit=LIMIT)
    assert len(found.parts) > 3
    assert found.captures == here
    assert not any(part.changed for part in found.parts)


def test_a_whole_bucket_and_single_files_are_sources(tmp_path, bucket):  # noqa: F811
    copied(laid_out(tmp_path, {"a/p.html": page(1), "a/manifest.csv": b"file,agency\np.html,\xe7\x94\xb2"}), bucket)
    name = bucket.removeprefix("s3://")
    assert [file.uri for file in plan_sources([source_path(bucket)]).files] == [f"{name}/a/p.html"]
    (capture,) = read_captures([source_path(f"{bucket}/a/p.html")])
    assert (capture.source_uri, capture.data, capture.manifest.agency) == ("p.html", page(1), "甲")


def test_shards_of_an_archive_far_away_ask_for_their_own_bytes(tmp_path, bucket, monkeypatch):  # noqa: F811
    monkeypatch.setattr(places, "_READ_AHEAD", 4096)
    monkeypatch.setattr("corpus.shards._AHEAD", 4096)
    copied(laid_out(tmp_path, {"a.warc.gz": warc(120)}), bucket)
    (*_, last) = cut_plan(plan_sources([source_path(f"{bucket}/a.warc.gz")]), sizes=Sizes(packed=8000, small=0))
    asked, fetch = [], s3fs.core._fetch_range
    monkeypatch.setattr("s3fs.core._fetch_range", lambda *a, **kw: asked.append(a[4:6]) or fetch(*a, **kw))
    with ShardReader(last) as reader:
        n = len(list(reader.captures()))
    assert n > 0
    assert sum(end - start for start, end in asked) < 40_000 < last.spans[0].file.size
    assert min(start for start, _ in asked) > 30_000 or min(start for start, _ in asked) == 0


@pytest.mark.parametrize("kind", ["memory", "bucket"])
@pytest.mark.parametrize("how", ["replace", "remove"])
def test_a_file_far_away_that_changes_is_noticed_and_no_mix(tmp_path, request, kind, how):
    address = request.getfixturevalue(kind)
    copied(laid_out(tmp_path, {"a.warc.gz": warc(20), "p.html": page(1)}), address)
    plan = plan_sources([source_path(address)])
    for shard in list(cut_plan(plan, sizes=Sizes(files=1))):
        with ShardReader(shard) as reader:
            path = shard.spans[0].file.path
            if how == "replace":
                path.write_bytes(path.read_bytes()[::-1])
            else:
                path.unlink()
            assert [one.capture.failure for one in reader.captures()] in ([None], [None] * 20)
            assert reader.changed


@pytest.fixture
def website(tmp_path):
    """The address of a folder on the web."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_single_files_of_the_web_are_sources(tmp_path, website):
    laid_out(tmp_path, {"p.html": page(1), "a.warc.gz": warc(20)})
    plan = plan_sources([source_path(f"{website}/p.html"), source_path(f"{website}/a.warc.gz")])
    assert [file.uri for file in plan.files] == ["a.warc.gz", "p.html"]
    captures = list(read_plan(plan))
    assert [one.data for one in captures] == [one.data for one in read_captures([tmp_path])]
    assert read_sharded(plan, SOME).captures == captures


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("nothing://a/b", "place_unknown", "nothing://"),
        ("http://127.0.0.1:9/p.html", "place_unreachable", "network"),
        ("memory://nowhere/at/all", "source_missing", "nowhere"),
        ("adl://a/b", "place_package", "adlfs"),
    ],
)
def test_what_cannot_be_a_source_is_said(text, code, words):
    with pytest.raises(SourceError) as told:
        plan_sources([source_path(text)])
    assert told.value.code == code
    assert words in str(told.value)


def test_a_store_that_does_not_let_us_in_says_so(bucket, monkeypatch):  # noqa: F811
    with pytest.raises(SourceError) as told:
        plan_sources([source_path(f"{bucket}-of-nobody/pages")])
    assert told.value.code == "source_missing"

    async def refuse(*_, **__):
        raise PermissionError("Access Denied")

    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setattr("s3fs.S3FileSystem._info", refuse)
    with pytest.raises(SourceError, match="credentials") as told:
        plan_sources([source_path(f"{bucket}/pages")])
    assert told.value.code == "place_forbidden"


def test_paths_of_a_disk_stay_as_they_were_typed(tmp_path):
    (tmp_path / "a b.html").write_bytes(page(1))
    for text in (f"file://{tmp_path}/a b.html", f"{tmp_path}/a b.html"):
        assert [one.data for one in read_captures([source_path(text)])] == [page(1)]
    assert str(source_path("./x://y")) == "x:/y"
