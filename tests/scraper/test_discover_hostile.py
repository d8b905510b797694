"""Pages made to break what looks for links: no exception escapes, and the time is linear.

Each function reads every bomb in one process with a limit on its processor time: many times what a slow core needs, a
small part of what a quadratic step would.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover import find_attachments, find_parts, read_list, read_sitemap

URL = "http://www.example.gov.cn/xxgk/nb/t20220120_456.html"
READERS = (read_list, find_parts, find_attachments, read_sitemap)

# `%d` is a number that grows; everything is repeated to 300 kB.
UNITS = (
    *(
        "a",
        "<",
        "<a>",
        "<b>",
        "<div>",
        "<a href='",
        "<a href=x>2</a>",
        "<a href=%d>%d</a>",
        "<a href=index_%d.html>2</a>",
    ),
    *(
        "<a href=?page=%d&x=%d>第%d页</a>",
        "<a href=//[>2</a>",
        "<a onclick=location.href='x%d'>下一页</a>",
        "<option value=",
    ),
    *(
        "<a href=%d.pdf>附件</a>",
        "<p>本机关</p><a href=%d.pdf>x</a>",
        "<iframe src=%d?file=b.pdf>",
        "<a b%d c%d ",
        "<base href=",
    ),
    *(
        "createPageHTML(",
        'createPageHTML(1,0,"index","html")',
        "countPage=1;currentPage=0;_'+",
        "var a%d=1;",
        "_'+",
        "_1",
        "-2",
    ),
    *(
        "<datastore>",
        "<datastore><record><![CDATA[",
        "<record>",
        "<record><![CDATA[<li>]]></record>",
        "<nextgroup>",
        "href='",
    ),
    *(".jpage({", ".jpage({totalRecord:9,ajaxParam:{a:1},", "ajaxParam:x%d", "location.href='", "window.open("),
    *(
        "共",
        "共<b>",
        "共 ",
        "&",
        "&amp;",
        "&#",
        "?page=1&",
        "<!--",
        "<script>",
        "<title>",
        "\0",
        "\x80",
        " ",
        "\n",
        "'",
        '"',
        "年",
    ),
    *('{"a":', "[", '{"title":"年报","url":"%d"},', "<script url=a queryData=", "queryData='{", 'url="x" '),
    *("<urlset>", "<loc>", "<url><loc>/%d</loc></url>", "http://a.cn/%d\n", "<!ENTITY a '&a;'>", "<?xml "),
)
BOMB = 300_000
SECONDS = 3
CHILD = """
import resource, sys, time
import scraper.discover
from test_discover_hostile import UNITS, URL, bomb
read = getattr(scraper.discover, sys.argv[1])
for unit in UNITS:
    for head in ("", "<title>年报</title><datastore>") if sys.argv[1] == "read_list" else ("",):
        print(repr(head + unit), flush=True)
        used = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + int(sys.argv[2]), resource.RLIM_INFINITY))
        read(head.encode() + bomb(unit), url=URL)
"""


def bomb(unit):
    if "%d" in unit:
        return "".join(unit.replace("%d", str(n)) for n in range(BOMB // (len(unit) + 4))).encode()
    return unit.encode("utf-8", "surrogatepass") * (BOMB // len(unit.encode()))


@pytest.mark.skipif(sys.platform == "win32", reason="limits are set by the system calls of POSIX")
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_a_page_of_one_thing_takes_seconds(reader):
    here = Path(__file__)
    paths = f"import sys; sys.path[:0] = [{str(here.parent)!r}, {str(here.parents[2])!r}]\n"
    command = [sys.executable, "-c", paths + CHILD, reader.__name__, str(SECONDS)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert ended.returncode == 0, f"{ended.stdout.splitlines()[-1:]}: {ended.stderr[-600:]}"


# One piece a line.
PIECES = """\
<a href=
'
"
>
</a>
2
下一页
附件
年报
.pdf
_2.html
-1
<option value=
<base href=
<iframe src=
<meta http-equiv=refresh content='0;url=
//
[
]
%
&#
&amp;
?page=
startrecord=0&endrecord=
http://
::
@
xn--
javascript:
data:
000000000000000000000000000000
createPageHTML(
1,0,
'index','html')
<script>
</script>
<datastore>
</datastore>
<nextgroup>
</nextgroup>
<record>
</record>
<![CDATA[
]]>
.jpage({
totalRecord:5,
ajaxParam:{a:'b'}
{"title":"
","url":"
"}
<script url='/u' queryData="{'a':'b'}">
rows='1' count='9'
<urlset>
<url><loc>
</loc></url>
\u202e
\ud800
\0"""


@given(
    st.lists(st.sampled_from(PIECES.split("\n")) | st.text(max_size=6), max_size=30).map("".join),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    st.sampled_from(
        [URL, "http://a.cn/?startrecord=1&endrecord=0&page=9999999", "http://a.cn", "http://[::1]:1/a_b_1.x"]
    ),
)
def test_no_exception_escapes(text, codec, url):
    data = text.encode(codec, "replace")
    for reader in READERS:
        reader(data, url=url)
    found = read_list(
        data, url=url, media_type="text/html; charset=" + text[:8], charset=text[:5], title=text, via=text
    )
    assert all(one.startswith(("http://", "https://")) for one in found.next)
    assert all(one.url.startswith(("http://", "https://")) for one in find_attachments(data, url=url))
    found.address(text)


@given(st.binary(max_size=400))
def test_bytes_that_are_no_page_lead_nowhere(data):
    for reader in READERS:
        reader(data, url=URL)
