"""Archives for tests of shards: small, and the same bytes each time."""

import gzip
import hashlib
import io
import random
import zipfile
import zlib

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

LIMIT = 30_000
NOISE = random.Random(6).randbytes(9000).hex()


def page(n, size=None):
    return f"<html><p>收到申请{n}件</p>{NOISE[n : n + (size or 300 + n * 37 % 900)]}</html>".encode()


def record(writer, uri, body, *, kind="response", digest=None, **more):
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    name = f"<urn:uuid:00000000-0000-4000-8000-{hashlib.sha256(uri.encode()).hexdigest()[:12]}>"
    fields = {
        "WARC-Record-ID": name,
        "WARC-Date": "2014-03-01T02:03:04Z",
        **({"WARC-Payload-Digest": digest} if digest else {}),
        **more,
    }
    writer.write_record(
        writer.create_warc_record(uri, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=fields)
    )


def warc(count, *, gz=True, first=0):
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gz)
    for n in range(first, first + count):
        if n % 7 == 5:
            record(writer, f"http://x.cn/again{n}", b"", kind="revisit", digest=f"sha1:{n - n % 3}")
        record(writer, f"http://x.cn/{n}", page(n, 17_900 if n % 11 == 10 else None), digest=f"sha1:{n}")
    return out.getvalue()


def in_members(data, size):
    """Compressed in members that do not begin where records do."""
    return b"".join(gzip.compress(data[at : at + size], mtime=0) for at in range(0, len(data), size))


def stored(data):
    """A gzip member that holds these bytes as they are."""
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def inside(inner):
    """A record that holds an archive, in a gzip member in which that archive lies as it is."""
    out = io.BytesIO()
    record(WARCWriter(out, gzip=False), "http://x.cn/in.warc.gz", inner)
    return stored(out.getvalue())


def laid_out(folder, files):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def mixed(folder, n_pages=30, n_records=12):
    """Pages and archives of every kind beside each other, and a manifest that knows some, by name and by address."""
    rows = ["source_uri,file,agency,report_year,captured_at,outcome"]
    rows += [f"http://x.cn/{n},,甲{n}县人民政府,2013,," for n in range(0, 12, 2)]
    rows += [f"http://y.cn/{n},p{n}.html,乙县人民政府,{2008 + n},2014-01-01," for n in range(9)]
    rows += ["http://x.cn/never,,丙县人民政府,2013,,", "http://x.cn/again5,,丁县人民政府,2013,,"]
    rows += ["http://x.cn/3,,戊县人民政府,2013,2014-03-01,unreachable"]
    noted = b"<!-- saved from url=(0019)http://x.cn/2 -->\n" + page(2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as box:
        box.writestr("archive/b.warc.gz", warc(3, first=40))
        box.writestr("archive/a.warc", warc(3, gz=False, first=50))
    files = {f"p{n}.html": page(n) for n in range(n_pages)}
    files |= {
        "a.warc.gz": warc(n_records),
        "z.warc": warc(9, gz=False, first=20),
        "sub/noted.html": noted,
        "sub/w.wacz": packed.getvalue(),
        "sub/packed.html.gz": gzip.compress(page(3)),
        "sub/large.html": b"<p>" * LIMIT,
        "sub/picture.html": b"\x89PNG\r\n\x1a\n",
        "manifest.csv": "\n".join(rows).encode(),
    }
    return laid_out(folder, files)
