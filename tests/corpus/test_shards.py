"""An archive read in shards gives what it gives when it is read at once: whatever its damage, wherever it is cut."""

import gzip
import pickle
import random
from functools import partial

import pytest
from made_archives import LIMIT, in_members, inside, laid_out, mixed, page, stored, warc
from sharded import read_shard, read_sharded

from corpus.archive import plan_sources, read_plan
from corpus.shards import ShardReader, Sizes, Span, cut_plan

ALL_CUT = Sizes(packed=1, plain=1, small=0)


def damaged(data, rng):
    out, at, length = bytearray(data), rng.randrange(len(data)), rng.choice([1, 2, 10, 100, 1000, 4000])
    how = rng.choice(["change", "drop", "double", "blank", "add", "cut"])
    if how == "change":
        out[at] ^= rng.randrange(1, 256)
    elif how == "drop":
        del out[at : at + length]
    elif how == "double":
        out[at:at] = out[at : at + length]
    elif how == "blank":
        out[at : at + length] = bytes(len(out[at : at + length]))
    elif how == "add":
        out[at:at] = rng.choice([rng.randbytes(length), b"\r\n" * length, bytes(length)])
    else:
        del out[-rng.randrange(1, 1500) :]
    return bytes(out)


def archives():
    plain, packed = warc(24, gz=False), warc(24)
    return [
        (packed, "a.warc.gz"),
        (plain, "a.warc"),
        (gzip.compress(plain, mtime=0), "a.warc.gz"),
        (in_members(plain, 700), "a.warc.gz"),
        (warc(4) + inside(warc(7)) + warc(9, first=4), "a.warc.gz"),
        (warc(3) + stored(warc(4, gz=False) + inside(warc(3))) + warc(4, first=9), "a.warc.gz"),
        (warc(5, gz=False) + inside(warc(3)) + warc(9, gz=False, first=5), "a.warc"),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_any_damage_and_any_cuts_give_what_reading_at_once_gives(tmp_path, seed):
    rng, n_shards = random.Random(seed), 0
    kinds = archives()
    for turn in range(25):
        data, name = rng.choice(kinds)
        for _ in range(turn % 4):
            data = damaged(data, rng)
        path = tmp_path / str(turn) / name
        path.parent.mkdir()
        path.write_bytes(data)
        plan = plan_sources([path])
        step = rng.choice([1, 500, 2000, 9000])
        found = read_sharded(plan, Sizes(packed=step, plain=step, small=0), limit=LIMIT)
        assert found.captures == list(read_plan(plan, max_page_bytes=LIMIT)), (seed, turn)
        n_shards += len(found.parts)
    assert n_shards > 80


def test_a_thousand_damaged_places_in_a_row_end_the_reading_in_shards_too(tmp_path):
    data = warc(6, gz=False) + b"WARC/1.0\r\nContent-Length: x\r\n\r\n" * 1100 + warc(5, gz=False, first=6)
    (tmp_path / "a.warc").write_bytes(data)
    plan = plan_sources([tmp_path])
    captures = list(read_plan(plan))
    assert sum(capture.failure is not None for capture in captures) > 1000
    assert read_sharded(plan, ALL_CUT).captures == captures


def test_an_archive_that_lies_in_a_record_is_no_archive_of_its_own(tmp_path):
    """The cutter sees records in it, for they lie there as they are; only who reads the record before sees that not."""
    front, middle = warc(3), inside(warc(8))
    begin, end = len(front), len(front) + len(middle)
    (tmp_path / "a.warc.gz").write_bytes(front + middle + warc(3, first=3))
    plan = plan_sources([tmp_path])
    (file,) = plan.files
    starts = [shard.spans[0].start for shard in cut_plan(plan, sizes=ALL_CUT)]
    assert any(begin < start < end for start in starts), "the cutter was not misled: the test tests nothing"
    found = read_sharded(plan, ALL_CUT)
    assert found.captures == list(read_plan(plan))
    held = [part.shard.spans[0] for part in found.parts]
    assert Span(file, begin, end, warc=True, packed=True) in held
    assert "http://x.cn/in.warc.gz" in {capture.source_uri for capture in found.captures}


@pytest.mark.parametrize("sizes", [None, ALL_CUT, Sizes(packed=1500, plain=3000, files=3, small=0)])
def test_a_folder_of_all_kinds_gives_the_same_in_shards(tmp_path, sizes):
    plan = plan_sources([mixed(tmp_path / "c")])
    captures = list(read_plan(plan, max_page_bytes=LIMIT))
    found = read_sharded(plan, sizes, limit=LIMIT)
    assert found.captures == captures
    assert sum(capture.manifest is not None for capture in captures) > 15
    again = read_sharded(plan_sources([tmp_path / "c"]), sizes, found.known, limit=LIMIT)
    assert (again.captures, again.digests) == (captures, found.digests)


def test_a_shard_is_small_whatever_the_manifest_is(tmp_path):
    rows = "".join(f"http://x.cn/{n},甲县人民政府{n}\n" for n in range(3000))
    laid_out(
        tmp_path, {"manifest.csv": b"source_uri,agency\n" + rows.encode(), "a.warc.gz": warc(9), "p.html": page(1)}
    )
    shards = list(cut_plan(plan_sources([tmp_path]), sizes=Sizes(packed=2000, small=0)))
    assert len(shards) > 3
    assert max(len(pickle.dumps(shard)) for shard in shards) < 1500


def digests_after(folder, change, sizes):
    """The digests that a changed folder has in common with what it was before, and those that are new."""
    before = read_sharded(plan_sources([folder]), sizes)
    change()
    plan = plan_sources([folder])
    after = read_sharded(plan, sizes, before.known)
    assert after.captures == list(read_plan(plan))
    return before.digests & after.digests, after.digests - before.digests


SOME = Sizes(packed=4000, plain=40_000, files=16, small=0)


def test_files_that_come_leave_all_others_in_their_shards(tmp_path):
    laid_out(tmp_path, {f"p{n}.html": page(n) for n in range(100)})
    many = {f"p{n}x.html": page(n) for n in range(0, 100, 7)} | {"a.html": page(1)}
    old, new = digests_after(tmp_path, lambda: laid_out(tmp_path, many), SOME)
    n_shards = len(list(cut_plan(plan_sources([tmp_path]), sizes=SOME)))
    assert len(old) >= 7
    assert 1 <= len(new) <= 4 < n_shards


def test_a_file_that_changes_or_goes_costs_its_own_shard_only(tmp_path):
    laid_out(tmp_path, {f"p{n}.html": page(n) for n in range(100)})
    _, new = digests_after(tmp_path, lambda: (tmp_path / "p50.html").write_bytes(page(1)), SOME)
    assert len(new) == 1
    _, new = digests_after(tmp_path, (tmp_path / "p50.html").unlink, SOME)
    assert len(new) <= 1


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_records_that_are_appended_are_all_that_is_new(tmp_path, name):
    gz = name.endswith("gz")
    path = tmp_path / name
    data = warc(20, gz=gz)
    path.write_bytes(data)
    more = warc(4, gz=gz, first=20)
    before = read_sharded(plan_sources([tmp_path]), SOME).digests
    old, new = digests_after(tmp_path, lambda: path.write_bytes(data + more), SOME)
    assert old == before
    assert 1 <= len(new) <= 2


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_a_record_that_was_half_written_is_read_again_with_its_other_half(tmp_path, name):
    gz = name.endswith("gz")
    data, path = warc(20, gz=gz), tmp_path / name
    for cut in (1, 3, 40, 300):
        for then in (data, data[:-cut] + warc(3, gz=gz)):
            path.write_bytes(data[:-cut])
            digests_after(tmp_path, partial(path.write_bytes, then), SOME)


def test_an_archive_that_is_another_one_is_read_anew(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc(20))
    old, _ = digests_after(tmp_path, lambda: path.write_bytes(warc(20, first=30)), SOME)
    assert not old


def test_a_line_of_a_manifest_costs_only_the_shard_of_its_page(tmp_path):
    laid_out(tmp_path, {"a.warc.gz": warc(20), **{f"p{n}.html": page(n) for n in range(40)}})
    lines = "source_uri,file,agency\n,p3.html,甲县人民政府\n"
    (tmp_path / "manifest.csv").write_text(lines, encoding="utf-8")

    def more(line):
        return lambda: (tmp_path / "manifest.csv").write_text(lines + line, encoding="utf-8")

    for line in ("http://x.cn/1,,甲县人民政府\n", ",p9.html,甲县人民政府\n"):
        more("")()
        _, new = digests_after(tmp_path, more(line), SOME)
        assert len(new) == 1, line
    more("http://z.cn/never,,甲县人民政府\n")()
    _, new = digests_after(tmp_path, more("http://z.cn/nowhere,,甲县人民政府\n"), SOME)
    assert not new


@pytest.mark.parametrize("how", ["append", "truncate", "replace", "remove"])
@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "p.html"])
def test_what_changes_while_it_is_read_is_no_mix_and_is_noticed(tmp_path, name, how):
    data = page(1) if name == "p.html" else warc(20, gz=name.endswith("gz"))
    path = tmp_path / name
    path.write_bytes(data)
    shard = next(cut_plan(plan_sources([tmp_path]), sizes=SOME))
    undisturbed = read_shard(shard)
    assert not undisturbed.changed
    with ShardReader(shard) as reader:
        digest = reader.digest
        if how == "append":
            path.write_bytes(data + data)
        elif how == "truncate":
            path.write_bytes(data[: len(data) // 3])
        elif how == "replace":
            path.write_bytes(data.replace(b"1", b"2") + b" ")
        else:
            path.unlink()
        assert [one.capture for one in reader.captures()] == [one.capture for one in undisturbed.placed]
        assert digest == undisturbed.digest == reader.digest
        assert reader.changed


def test_what_is_not_in_memory_lies_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("corpus.shards._IN_MEMORY", 1000)
    monkeypatch.setattr("corpus.windows._IN_MEMORY", 1000)
    monkeypatch.setattr("corpus.shards._AHEAD", 100)
    plan = plan_sources([mixed(tmp_path / "c")])
    assert read_sharded(plan, SOME, limit=LIMIT).captures == list(read_plan(plan, max_page_bytes=LIMIT))
